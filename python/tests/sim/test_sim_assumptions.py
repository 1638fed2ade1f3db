"""Does each answer to an open question show on the wire, on the pin or in time?

Each is tried both ways, with what must be seen typed here.
"""

from __future__ import annotations

import ast
import copy
import enum
import pickle
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Callable

import pytest

import mlsensor
from mlsensor import BusError, ConfigError, Faces
from mlsensor.sim import (
    Assumptions,
    FirstResult,
    Kept,
    Latch,
    Lens,
    NextRead,
    PastTheEnd,
    Person,
    PinOutsideContinuous,
    Question,
    SimBus,
    SimSensor,
)

ADDRESS = 0x62
NOBODY = bytes.fromhex("0000 2100 00" + "00" * 32 + "2537")
ALICE = Person(0.8, -10, known_as=1)


def seeing(assumptions: Assumptions, *people: Person) -> SimSensor:
    sim = SimSensor(assumptions=assumptions)
    sim.scene = people or [ALICE]
    sim.advance(1.0)
    return sim


def write(sim: SimSensor, *pairs: int) -> None:
    sim.bus.write(ADDRESS, bytes(pairs))


def read(sim: SimSensor, length: int = 39) -> bytes:
    return sim.bus.read(ADDRESS, length)


def answers(sim: SimSensor, address: int = ADDRESS) -> bool:
    try:
        sim.bus.read(address, 1)
    except BusError:
        return False
    return True


def milliseconds(seconds: float | None) -> int:
    assert seconds is not None
    return round(seconds * 1000)


def periods(sim: SimSensor, count: int = 40) -> Iterator[int]:
    """The milliseconds between results."""
    before = None
    while count:
        sim.advance(0.005)
        if sim.published_at != before:
            if before is not None:
                yield milliseconds(sim.published_at) - milliseconds(before)
                count -= 1
            before = sim.published_at


def lens(a: Assumptions) -> int:
    packet = seeing(a, Person(2.0, 27.5)).result
    return round((packet[6] + packet[8]) / 2)


def detection(a: Assumptions) -> set[int]:
    return set(periods(seeing(a)))


def recognition(a: Assumptions) -> int:
    return next(periods(labelled(a)))


def recognition_without_faces(a: Assumptions) -> int:
    sim = labelled(a)
    sim.scene = []
    sim.advance(2.0)
    return next(periods(sim))


def varies(a: Assumptions) -> bool:
    sim = seeing(a)
    begin = set(periods(sim))
    sim.advance(150.0)
    return len(begin | set(periods(sim))) > 1


def latency(a: Assumptions) -> int:
    sim = seeing(a)
    return milliseconds(sim.published_at) - milliseconds(sim.exposed_at)


def in_standby(a: Assumptions) -> SimSensor:
    sim = seeing(a)
    write(sim, 1, 0)
    return sim


def single_shot(a: Assumptions) -> int:
    sim = in_standby(a)
    before, begin = sim.results, sim.now
    write(sim, 3, 1)
    while sim.results == before:
        sim.advance(0.005)
    return round((sim.now - begin) * 100) * 10


def single_shot_in_continuous_mode(a: Assumptions) -> int:
    sim = seeing(a)
    before = sim.results
    write(sim, 3, 1)
    sim.advance(1.4)
    return sim.results - before


def second_single_shot(a: Assumptions) -> int:
    sim = in_standby(a)
    before, begin = sim.results, sim.now
    write(sim, 3, 1)
    sim.advance(0.1)
    write(sim, 3, 1)
    while sim.results == before:
        sim.advance(0.005)
    return round((sim.now - begin) * 100) * 10


def before_first_result(a: Assumptions) -> bytes:
    return read(SimSensor(assumptions=a))


def standby_forgets(a: Assumptions) -> bool:
    return read(in_standby(a)) == NOBODY


def mode_write_restarts(a: Assumptions) -> set[int]:
    sim = seeing(a)
    next(periods(sim))
    write(sim, 1, 1)
    return set(periods(sim, 5))


def mode_change_drops(a: Assumptions) -> int:
    sim = SimSensor(assumptions=a)
    sim.advance(0.1)
    write(sim, 1, 0)
    sim.advance(1.0)
    return sim.results


def after_stop(a: Assumptions) -> bool:
    sim = in_standby(a)
    assert read(sim, 32) == sim.result[:32]
    rest = read(sim, 7)
    assert rest in (sim.result[:7], sim.result[32:])
    return rest == sim.result[32:]


def latch(a: Assumptions) -> tuple[bool, bool]:
    """Whether the packet is of one result: when it is read in two pieces, and when the bus is slow."""
    sim = seeing(a.replace(after_stop=NextRead.CONTINUES))
    first = read(sim, 5)
    sim.scene = []
    sim.advance(1.0)
    pieces = first + read(sim, 34)
    sim = SimSensor(SimBus(bit_rate_hz=500), assumptions=a)
    sim.scene = [ALICE]
    sim.advance(1.0)
    sim.scene = []
    slow = read(sim)
    assert sim.result == NOBODY
    return tuple(packet[5:] != bytes(34) and is_whole(packet) for packet in (pieces, slow))  # type: ignore[return-value]


def is_whole(packet: bytes) -> bool:
    try:
        Faces.from_bytes(packet)
    except ValueError:
        return False
    return True


def past_the_end(a: Assumptions) -> bytes:
    return read(seeing(a), 43)[39:]


def several_pairs(a: Assumptions) -> tuple[bool, bool]:
    sim = seeing(a)
    write(sim, 7, 0, 2, 1)
    return not sim.config.led, sim.config.id_enabled


def undocumented_value(a: Assumptions) -> bool:
    sim = seeing(a)
    write(sim, 2, 5)
    return sim.config.id_enabled


def pin_outside_continuous(a: Assumptions) -> tuple[bool, bool]:
    sim = in_standby(a)
    before = sim.presence
    sim.scene = []
    write(sim, 3, 1)
    sim.advance(1.0)
    return before, sim.presence


def pin_shows_old_result(a: Assumptions) -> bool:
    sim = in_standby(a)
    write(sim, 1, 1)
    return sim.presence


def led(a: Assumptions) -> tuple[bool, bool]:
    return SimSensor(assumptions=a).led, seeing(a).led


def power_up_silence(a: Assumptions) -> int:
    sim = seeing(a)
    sim.power_off()
    sim.power_on()
    begin = sim.now
    while not answers(sim):
        sim.advance(0.01)
    return round((sim.now - begin) * 10) * 100


def probing_while_booting(a: Assumptions) -> tuple[bool, bool]:
    sim = seeing(a)
    sim.power_off()
    sim.power_on()
    assert not answers(sim)
    sim.advance(5.0)
    before = answers(sim)
    sim.bus.recover()
    return before, answers(sim)


def extra_addresses(a: Assumptions) -> tuple[bool, ...]:
    return tuple(answers(seeing(a), address) for address in (0x39, 0x4F, 0x3A))


def labelled(a: Assumptions) -> SimSensor:
    """Alice has label 0."""
    sim = seeing(a)
    write(sim, 2, 1)
    write(sim, 4, 0)
    sim.advance(2.0)
    assert sim.labelled(0) == 1
    return sim


def recognises(a: Assumptions) -> bool:
    sim = labelled(a)
    sim.scene = [Person(2.0, 20, known_as=1), Person(0.8, -20, known_as=2)]
    sim.advance(2.0)
    assert [who for _, who in sim.truth] == [2, 1]
    return sim.result[18] > 0 and sim.result[19] == 0


def label_needs_id_enabled(a: Assumptions) -> int | None:
    sim = seeing(a)
    write(sim, 4, 0)
    sim.advance(2.0)
    return sim.labelled(0)


def relabelling_moves(a: Assumptions) -> tuple[int | None, int | None]:
    sim = labelled(a)
    write(sim, 4, 1)
    sim.advance(2.0)
    return sim.labelled(0), sim.labelled(1)


def erasing_cancels_label(a: Assumptions) -> int | None:
    sim = SimSensor(assumptions=a)
    write(sim, 2, 1)
    write(sim, 4, 3)
    write(sim, 6, 1)
    sim.scene = [ALICE]
    sim.advance(2.0)
    return sim.labelled(3)


def not_recognised(a: Assumptions) -> bytes:
    sim = seeing(a)
    write(sim, 2, 1)
    sim.advance(2.0)
    return sim.result[10:12]


def labels_survive(a: Assumptions) -> int | None:
    sim = labelled(a)
    write(sim, 5, 1)
    sim.power_off()
    return sim.labelled(0)


def erasing(a: Assumptions) -> bool:
    sim = labelled(a)
    write(sim, 6, 1)
    return answers(sim)


CROWD = [Person(3.0 - at / 2, -40 + 20 * at, known_as=at + 1) for at in range(5)]


def who(a: Assumptions, *people: Person) -> list[int | None]:
    return [who for _, who in seeing(a, *people).truth]


def kept(a: Assumptions) -> set[int | None]:
    return set(who(a, *CROWD))


def order(a: Assumptions) -> list[int | None]:
    return who(a, *CROWD[:3])


Shown = Callable[[Assumptions], Any]

# What is seen with the default, and with each of the other answers.
SHOWN: dict[str, tuple[Shown, list[Any]]] = {
    # 27.5 of 55 degrees are half of 127.5 off the middle; tan 27.5 / tan 55 is 0.3645.
    "lens": (lens, [191, 174]),
    "detection": (detection, [{140}, {60}]),
    "recognition": (recognition, [265, 200]),
    "recognition_without_faces": (recognition_without_faces, [140, 265]),
    "inference_jitter": (varies, [False, True]),
    "inference_drift_permille": (varies, [False, True]),
    "latency": (latency, [200, 140]),
    "single_shot": (single_shot, [200, 290, 490]),
    "single_shot_only_in_standby": (single_shot_in_continuous_mode, [10, 11]),
    "second_single_shot": (second_single_shot, [200, 300]),
    "before_first_result": (before_first_result, [NOBODY, bytes(39), b"\xff" * 39]),
    "standby_forgets": (standby_forgets, [False, True]),
    "mode_write_restarts": (mode_write_restarts, [{140}, {140, 200}]),
    "mode_change_drops": (mode_change_drops, [0, 1]),
    "after_stop": (after_stop, [False, True]),
    "latch": (latch, [(True, True), (False, True), (False, False)]),
    "past_the_end": (past_the_end, [b"\xff\xff\xff\xff", bytes(4), b"\x00\x00\x21\x00"]),
    "several_pairs": (several_pairs, [(True, False), (False, True), (True, True)]),
    "undocumented_value": (undocumented_value, [False, True]),
    "pin_outside_continuous": (pin_outside_continuous, [(False, False), (True, True), (True, False)]),
    "pin_shows_old_result": (pin_shows_old_result, [False, True]),
    "led": (led, [(False, True), (True, True)]),
    "power_up_silence": (power_up_silence, [2500, 3000, 500]),
    "probing_while_booting": (probing_while_booting, [(True, True), (False, True)]),
    "extra_addresses": (extra_addresses, [(False, False, False), (True, True, False)]),
    "recognises": (recognises, [False, True]),
    "label_needs_id_enabled": (label_needs_id_enabled, [None, 1]),
    "relabelling_moves": (relabelling_moves, [(None, 1), (1, 1)]),
    "erasing_cancels_label": (erasing_cancels_label, [None, 1]),
    "not_recognised": (not_recognised, [b"\x00\xff", b"\x00\x00", b"\xff\xff"]),
    "labels_survive": (labels_survive, [1, None]),
    "erasing": (erasing, [True, False]),
    "kept": (kept, [{2, 3, 4, 5}, {1, 2, 3, 4}]),
    "order": (order, [[3, 2, 1], [1, 2, 3]]),
}

# A program cannot say this to a bus: reads that follow each other are one.
NOT_SHOWN = {"after_repeated_start"}


def test_every_question_is_tried_here() -> None:
    assert {question.field for question in Assumptions.QUESTIONS} == SHOWN.keys() | NOT_SHOWN


@pytest.mark.parametrize(
    "question",
    [q for q in Assumptions.QUESTIONS if q.field not in NOT_SHOWN],
    ids=lambda question: question.field,
)
def test_each_answer_shows(question: Question) -> None:
    shown, expected = SHOWN[question.field]
    given = [question.default, *question.others]
    found = [shown(Assumptions(**{question.field: answer})) for answer in given]
    assert found == expected
    assert shown(Assumptions()) == expected[0]


def test_alternatives_are_the_default_but_for_one_answer() -> None:
    alternatives = Assumptions.alternatives()
    assert len(alternatives) == sum(len(question.others) for question in Assumptions.QUESTIONS) > 40
    for question, assumptions in alternatives:
        different = [q.field for q in Assumptions.QUESTIONS if getattr(assumptions, q.field) != q.default]
        assert different == [question.field]
        assert getattr(assumptions, question.field) in question.others


@pytest.mark.parametrize(
    "assumptions", [Assumptions(), *(a for _, a in Assumptions.alternatives())], ids=repr
)
def test_assumptions_are_a_value(assumptions: Assumptions) -> None:
    from mlsensor import sim

    assert eval(repr(assumptions), vars(sim).copy()) == assumptions
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        again = pickle.loads(pickle.dumps(assumptions, protocol))
        assert again == assumptions
        assert hash(again) == hash(assumptions)
    assert copy.copy(assumptions) == assumptions
    assert (assumptions == Assumptions()) is (repr(assumptions) == "Assumptions()")


def test_an_answer_that_is_no_default_and_no_alternative_is_taken() -> None:
    slow = Assumptions(latency=0.35).replace(detection=0.25, latch=Latch.NEVER)
    assert (slow.latency, slow.detection, slow.latch) == (0.35, 0.25, Latch.NEVER)
    assert SimSensor(assumptions=slow).assumptions == slow
    assert latency(slow) == 350
    assert detection(slow) == {250}


@pytest.mark.parametrize(
    ("answers", "error", "text"),
    [
        ({"colour": True}, TypeError, "Assumptions has no field 'colour'"),
        ({"lens": Latch.NEVER}, TypeError, "lens: a member of mlsensor.sim.Lens is wanted"),
        ({"kept": "largest"}, TypeError, "kept: a member of mlsensor.sim.Kept is wanted"),
        ({"labels_survive": 1}, TypeError, "labels_survive: True or False is wanted"),
        ({"latency": "long"}, TypeError, "latency: a number of seconds is wanted"),
        ({"latency": -0.1}, ConfigError, "-0.1 is no span of time"),
        ({"latency": float("nan")}, ConfigError, "NaN is no span of time"),
        ({"inference_drift_permille": -1}, ConfigError, "number -1 is outside 0 to 4294967295"),
        ({"inference_drift_permille": 2**70}, ConfigError, "number above 2"),
    ],
)
def test_what_is_no_answer_is_refused(answers: dict[str, Any], error: type[Exception], text: str) -> None:
    with pytest.raises(error) as caught:
        Assumptions(**answers)
    assert str(caught.value).startswith(text)
    with pytest.raises(error):
        Assumptions().replace(**answers)


def test_questions_name_all_members_of_their_enumerations() -> None:
    for question in Assumptions.QUESTIONS:
        if isinstance(question.default, enum.Enum):
            assert {question.default, *question.others} == set(type(question.default)), question
    assert Assumptions().lens is Lens.EQUIDISTANT
    assert Assumptions().before_first_result is FirstResult.NOBODY
    assert Assumptions().past_the_end is PastTheEnd.ONES
    assert Assumptions().pin_outside_continuous is PinOutsideContinuous.LOW
    assert Assumptions().kept is Kept.LARGEST


def test_a_question_says_what_is_open_and_where_its_default_is_from() -> None:
    question = Assumptions.QUESTIONS[0]
    assert question.field == "lens"
    assert question.text == "How the lens maps angles to the picture."
    assert "published" in question.source
    assert question.text in str(Assumptions.lens.__doc__)


def test_the_stub_has_the_fields_and_the_defaults_of_the_table() -> None:
    stub = Path(mlsensor.__file__).with_name("_native.pyi").read_text(encoding="utf-8")
    classes = {node.name: node for node in ast.parse(stub).body if isinstance(node, ast.ClassDef)}
    new = next(node for node in classes["Assumptions"].body if getattr(node, "name", "") == "__new__")
    assert isinstance(new, ast.FunctionDef)
    said = {}
    for argument, default in zip(new.args.kwonlyargs, new.args.kw_defaults):
        assert default is not None
        said[argument.arg] = ast.unparse(default).replace("answers.", "")
    shown = {q.field: str(q.default) for q in Assumptions.QUESTIONS}
    assert said == shown
