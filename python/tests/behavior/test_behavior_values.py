"""What the behaviours give: frozen values."""

from __future__ import annotations

import copy
import doctest
import json
import pickle
import subprocess
import sys
from enum import Enum
from typing import Any, Optional, cast

import pytest
from behavior_readings import face

from mlsensor import Bounds, Faces, Mode, behavior
from mlsensor.behavior import (
    AimState,
    AttentionEvent,
    AxisConfig,
    Choice,
    Command,
    CurrentEstimate,
    CurrentFigures,
    Direction,
    Enrolled,
    EnrollProgress,
    Erased,
    EraseProgress,
    Freshness,
    Gate,
    GaveUp,
    GaveUpReason,
    Lock,
    Look,
    Mount,
    NotErased,
    Outcome,
    Power,
    Presence,
    PresenceEvent,
    Sense,
    Servo,
    Step,
    Track,
    Tracker,
    Velocity,
    View,
    WhenLost,
)

LOOK = Look(7, 1.5, 2.5, Bounds(1, 2, 3, 4), Direction(10.5, -3), 5)
TRACK = Track(
    7, face(), Bounds(1, 2, 3, 4), Direction(1, 2), Velocity(3, -4.5), 0.5, 1.25, is_seen=False, identity=2
)

SAMPLES: list[tuple[Any, Optional[str]]] = [
    (Gate(60, 14), '{"min_confidence": 60, "min_width": 14}'),
    (Direction(12.5, -3), '{"pan_millideg": 12500, "tilt_millideg": -3000}'),
    (Velocity(12.5, -3), '{"pan_millideg_per_s": 12500, "tilt_millideg_per_s": -3000}'),
    (
        View(Direction(1, 2), 0.5),
        '{"direction": {"pan_millideg": 1000, "tilt_millideg": 2000}, "uncertainty_millideg": 500}',
    ),
    (
        LOOK,
        '{"track": 7, "since": 1.5, "last_faced": 2.5, '
        '"bounds": {"left": 1, "top": 2, "right": 3, "bottom": 4}, '
        '"direction": {"pan_millideg": 10500, "tilt_millideg": -3000}, "identity": 5}',
    ),
    (
        TRACK,
        '{"id": 7, "face": {"bounds": {"left": 100, "top": 100, "right": 130, "bottom": 140}, '
        '"confidence": 90, "identity": null, "is_facing": true}, '
        '"bounds": {"left": 1, "top": 2, "right": 3, "bottom": 4}, '
        '"direction": {"pan_millideg": 1000, "tilt_millideg": 2000}, '
        '"velocity": {"pan_millideg_per_s": 3000, "tilt_millideg_per_s": -4500}, '
        '"first_seen": 0.5, "last_seen": 1.25, "is_seen": false, "identity": 2}',
    ),
    (
        PresenceEvent.Arrived(1.5, Outcome.ABSENT),
        '{"arrived": {"first_seen": 1.5, "was": "absent"}}',
    ),
    (PresenceEvent.Left(None, Outcome.UNKNOWN), '{"left": {"last_seen": null, "was": "unknown"}}'),
    (PresenceEvent.Lost(Outcome.PRESENT), '{"lost": {"was": "present"}}'),
    (AttentionEvent.Began(LOOK), None),
    (AttentionEvent.Ended(LOOK), None),
    (AttentionEvent.Lost(LOOK), None),
    (AxisConfig(-10, 20, Sense.REVERSED, 1.5, 0.5, 60), None),
    (
        Servo(1600, 900, 600, 2400),
        '{"center_us": 1600, "us_per_90_deg": 900, "min_us": 600, "max_us": 2400}',
    ),
    (AimState.Following(3), '{"following": 3}'),
    (AimState.Holding(), '{"holding": {}}'),
    (AimState.Returning(), '{"returning": {}}'),
    (AimState.Searching(), '{"searching": {}}'),
    (AimState.Blind(), '{"blind": {}}'),
    (Choice.Largest(), '{"largest": {}}'),
    (Choice.Nearest(), '{"nearest": {}}'),
    (Choice.Person(7), '{"person": 7}'),
    (WhenLost.Hold(), '{"hold": {}}'),
    (WhenLost.Return(2.5), '{"return": 2.5}'),
    (WhenLost.Search(2.5), '{"search": 2.5}'),
    (Command.Mode(Mode.STANDBY), '{"mode": "standby"}'),
    (Command.EnableId(True), '{"enable_id": true}'),
    (Command.SingleShot(), '{"single_shot": {}}'),
    (Command.LabelNextId(2), '{"label_next_id": 2}'),
    (Command.PersistIds(False), '{"persist_ids": false}'),
    (Command.EraseIds(), '{"erase_ids": {}}'),
    (Command.DebugMode(False), '{"debug_mode": false}'),
    (Step.Send(Command.EraseIds()), '{"send": {"erase_ids": {}}}'),
    (Step.Wait(0.5), '{"wait": 0.5}'),
    (Step.Read(), '{"read": {}}'),
    (
        Step.Over(Enrolled(3, 95, 6, 6, 1)),
        '{"over": {"id": 3, "confidence": 95, "recognised": 6, "of": 6, "labels_sent": 1}}',
    ),
    *[
        (progress, None)
        for progress in (
            EnrollProgress.Preparing(),
            EnrollProgress.NoReading(),
            EnrollProgress.NobodyInView(),
            EnrollProgress.SeveralPeople(2),
            EnrollProgress.TooFar(),
            EnrollProgress.Unclear(),
            EnrollProgress.NotFacing(),
            EnrollProgress.HoldStill(),
            EnrollProgress.Undecided(),
            EnrollProgress.Labelling(2),
        )
    ],
    (EnrollProgress.Verifying(2, 6), '{"verifying": {"recognised": 2, "of": 6}}'),
    (GaveUpReason.NoReading(), '{"no_reading": {}}'),
    (GaveUpReason.TimedOut(EnrollProgress.SeveralPeople(2)), '{"timed_out": {"several_people": 2}}'),
    (GaveUpReason.KnownAs(5), '{"known_as": 5}'),
    (GaveUpReason.Left(), '{"left": {}}'),
    (GaveUpReason.NotRecognised(2, 6), '{"not_recognised": {"recognised": 2, "of": 6}}'),
    (
        Enrolled(3, 95, 5, 6, 1),
        '{"id": 3, "confidence": 95, "recognised": 5, "of": 6, "labels_sent": 1}',
    ),
    (
        GaveUp(3, GaveUpReason.Left(), 1),
        '{"id": 3, "reason": {"left": {}}, "labels_sent": 1}',
    ),
    (EraseProgress.NoReading(), None),
    (EraseProgress.Preparing(), None),
    (EraseProgress.Erasing(), None),
    (EraseProgress.NobodyInView(), None),
    (EraseProgress.Checking(2, 6), '{"checking": {"checked": 2, "of": 6}}'),
    (
        Erased(True, 6, False, 1),
        '{"is_verified": true, "checked": 6, "was_recognised": false, "commands_sent": 1}',
    ),
    (NotErased.NoReading(2), '{"no_reading": {"commands_sent": 2}}'),
    (NotErased.StillKnown(4), '{"still_known": 4}'),
    (CurrentFigures(40_000, 500, 0.2), '{"active_ua": 40000, "standby_ua": 500, "shot": 0.2}'),
    (
        CurrentEstimate(2800, True, 70),
        '{"average_ua": 2800, "is_lower_bound": true, "active_permille": 70}',
    ),
]
VALUES = [value for value, _ in SAMPLES]
NAMES: dict[str, Any] = {name: getattr(behavior, name) for name in behavior.__all__}


def classes() -> set[type]:
    """Every class of values: of an enumeration its variants."""
    found = set[type]()
    for offered in NAMES.values():
        inside = cast("dict[str, object]", vars(offered)).values()
        variants = [inner for inner in inside if isinstance(inner, type)]
        if hasattr(offered, "as_dict") and not issubclass(offered, Enum):
            found |= {inner for inner in variants if issubclass(inner, offered)} or {offered}
    return found


def test_every_class_of_values_is_looked_at_here() -> None:
    assert {type(value) for value in VALUES} == classes()


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_a_value_is_written_as_python_reads_it(value: Any) -> None:
    names = {**NAMES, "Bounds": Bounds, "Face": type(face()), "Mode": Mode}
    assert eval(repr(value), names) == value


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_a_value_can_be_pickled_and_copied(value: Any) -> None:
    for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
        again = pickle.loads(pickle.dumps(value, protocol))
        assert (again, hash(again), type(again)) == (value, hash(value), type(value))
    assert copy.copy(value) == value
    assert copy.deepcopy(value) == value


def test_values_differ_from_each_other_and_from_anything_else() -> None:
    assert len(set(VALUES)) == len(VALUES)
    for value in VALUES:
        assert value != "something else"
        assert value != tuple(getattr(value, name) for name in value.__match_args__)
    assert PresenceEvent.Lost(Outcome.PRESENT) != PresenceEvent.Lost(Outcome.ABSENT)
    assert GaveUpReason.NoReading() != EnrollProgress.NoReading()


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_a_value_is_frozen(value: Any) -> None:
    for name in [*value.__match_args__, "another"]:
        with pytest.raises((AttributeError, TypeError)):
            setattr(value, name, getattr(value, name, 1))


@pytest.mark.parametrize(("value", "text"), SAMPLES, ids=lambda part: None)
def test_a_value_is_plain_data_too(value: Any, text: Optional[str]) -> None:
    written = json.dumps(value.as_dict())
    assert text is None or written == text


def test_a_look_is_what_its_event_holds() -> None:
    assert AttentionEvent.Ended(LOOK).as_dict() == {"ended": LOOK.as_dict()}


def test_variants_are_of_their_class() -> None:
    assert isinstance(PresenceEvent.Lost(Outcome.PRESENT), PresenceEvent)
    assert issubclass(Step.Over, Step)
    for offered in (PresenceEvent, AttentionEvent, AimState, Step, Command):
        with pytest.raises(TypeError):
            offered()


@pytest.mark.parametrize(
    ("command", "written"),
    [
        (Command.Mode(Mode.STANDBY), b"\x01\x00"),
        (Command.Mode(Mode.CONTINUOUS), b"\x01\x01"),
        (Command.EnableId(True), b"\x02\x01"),
        (Command.SingleShot(), b"\x03\x00"),
        (Command.LabelNextId(6), b"\x04\x06"),
        (Command.PersistIds(False), b"\x05\x00"),
        (Command.EraseIds(), b"\x06\x01"),
        (Command.DebugMode(False), b"\x07\x00"),
    ],
)
def test_a_command_is_two_bytes(command: Any, written: bytes) -> None:
    assert bytes(command) == written
    assert Command.from_bytes(written) == command
    assert Command.from_bytes(bytearray(written)) == command


def test_an_outcome_is_no_truth_value() -> None:
    for outcome in Outcome:
        with pytest.raises(TypeError, match="is_present"):
            bool(outcome)
    answers = [(outcome.is_present, outcome.is_absent, outcome.is_unknown) for outcome in Outcome]
    assert answers == [(True, False, False), (False, True, False), (False, False, True)]


def test_enumerations_without_data_are_enums() -> None:
    names = {kind: [member.name for member in kind] for kind in (Mount, Sense, Freshness, Lock, Outcome)}
    assert names == {
        Mount: ["ON_THE_HEAD", "FIXED"],
        Sense: ["NORMAL", "REVERSED"],
        Freshness: ["NEW", "PRESUMED", "REPEATED", "NO_READING"],
        Lock: ["SEARCHING", "LOCKED", "COASTING"],
        Outcome: ["PRESENT", "ABSENT", "UNKNOWN"],
    }


def test_a_gate_tells_which_faces_count() -> None:
    gate, faces = Gate(80, 20), Faces([face(width=19), face(width=20), face(confidence=79)])
    assert [gate.admits(one) for one in faces] == [False, True, False]
    assert gate.admitted(faces) == [face(width=20)]
    assert Gate().admitted(faces) == list(faces)


def test_a_direction_keeps_thousandths_of_a_degree() -> None:
    assert Direction(0.0004).pan_deg == 0
    assert Direction(-12.3456).pan_deg == -12.346
    assert str(Direction(-12.5, 3)) == "pan -12.5, tilt 3.0 degrees"


def test_a_behaviour_says_what_it_is_and_cannot_be_pickled() -> None:
    assert repr(Presence(leave_after=5)).startswith("<Presence(arrive_after=0.6, leave_after=5.0,")
    assert repr(Presence()).endswith("): unknown>")
    assert repr(Power()).endswith("): asleep>")
    for thing in (Presence(), Tracker(), Power()):
        with pytest.raises(TypeError):
            pickle.dumps(thing)


MATCH = """
from mlsensor.behavior import *

def said(event):
    match event:
        case PresenceEvent.Arrived(first_seen, was=Outcome.ABSENT):
            return f"hello, seen since {first_seen}"
        case PresenceEvent.Arrived():
            return "still here"
        case PresenceEvent.Left(None):
            return "never anybody"
        case PresenceEvent.Left() | PresenceEvent.Lost():
            return "off"
        case Step.Over(GaveUp(id, GaveUpReason.TimedOut(EnrollProgress.TooFar()))):
            return f"{id} was too far"
        case AimState.Following(track):
            return track
        case Direction(pan, tilt):
            return pan + tilt

assert said(PresenceEvent.Arrived(1.5, Outcome.ABSENT)) == "hello, seen since 1.5"
assert said(PresenceEvent.Arrived(1.5, Outcome.UNKNOWN)) == "still here"
assert said(PresenceEvent.Left(None, Outcome.UNKNOWN)) == "never anybody"
assert said(PresenceEvent.Left(2.0, Outcome.PRESENT)) == "off"
assert said(PresenceEvent.Lost(Outcome.PRESENT)) == "off"
assert said(Step.Over(GaveUp(3, GaveUpReason.TimedOut(EnrollProgress.TooFar()), 0))) == "3 was too far"
assert said(Step.Over(GaveUp(3, GaveUpReason.Left(), 0))) is None
assert said(AimState.Following(9)) == 9
assert said(Direction(1, 2)) == 3
"""


@pytest.mark.skipif(sys.version_info < (3, 10), reason="Python 3.9 has no match")
def test_values_are_matched_by_class_and_field() -> None:
    done = subprocess.run([sys.executable, "-c", MATCH], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_example_of_the_module_is_true() -> None:
    done = doctest.testmod(behavior)
    assert (done.failed, done.attempted > 4) == (0, True)
