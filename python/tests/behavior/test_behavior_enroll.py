"""Enroll: the procedure that gives an id to somebody, against sensors that are played."""

from __future__ import annotations

from typing import Any, Callable, Optional

import pytest
from behavior_readings import NOBODY, face, first_setting
from behavior_rehearsal import Run, Sensor, rehearse

from mlsensor import Faces
from mlsensor.behavior import Enroll, Enrolled, EnrollProgress, Gate, GaveUp, GaveUpReason, Step

LABEL = "label next ID = 3"


def person(now: float, run: Run) -> Optional[Faces]:
    """Somebody who does as told; known as 3 from half a second after the label on."""
    labels = run.when(LABEL)
    known_as = 3 if labels and now > labels[0] + 0.5 else None
    return Faces([face(known_as=known_as)])


def stranger(now: float, run: Run) -> Optional[Faces]:
    """The sensor never knows this one."""
    return Faces([face()])


def known_as_3(now: float, run: Run) -> Optional[Faces]:
    return Faces([face(known_as=3)])


def known_as_5(now: float, run: Run) -> Optional[Faces]:
    return Faces([face(known_as=5)]) if not run.when(LABEL) else person(now, run)


def after_the_label(*ids: Optional[int]) -> Sensor:
    """What the counted readings say after a label, which is read for a second before any counts."""

    def sensor(now: float, run: Run) -> Optional[Faces]:
        labels = run.when(LABEL)
        counted = int((now - labels[-1] - 1) / 0.3 + 1e-6) if labels else -1
        return Faces([face(known_as=ids[counted % len(ids)] if counted >= 0 else None)])

    return sensor


def leaves(now: float, run: Run) -> Optional[Faces]:
    return NOBODY if run.when(LABEL) else Faces([face()])


def fails_for_a_while(now: float, run: Run) -> Optional[Faces]:
    """Counted are 1.0, 1.3, and from 2.2 on each 0.3 s."""
    return None if 1.5 <= now < 2.2 else person(now, run)


def sways(now: float, run: Run) -> Optional[Faces]:
    """By a quarter of the width of the face, each second reading."""
    labels = run.when(LABEL)
    known_as = 3 if labels and now > labels[0] + 0.5 else None
    return Faces([face(100 + 8 * (len(run.reads) % 2), known_as=known_as)])


def nobody(now: float, run: Run) -> Optional[Faces]:
    return NOBODY


def silence(now: float, run: Run) -> Optional[Faces]:
    return None


def test_who_does_as_told_is_enrolled_in_five_seconds() -> None:
    run = rehearse(Enroll(3), person)
    assert run.outcome == Enrolled(id=3, confidence=95, recognised=6, of=6, labels_sent=1)
    # One second until the settings show, six readings to see that nobody is recognised, the label,
    # one second until it shows, six readings to see that it is.
    assert run.sent == [
        (0.0, "mode = continuous"),
        (0.0, "enable ID = on"),
        (2.5, "enable ID = on"),
        (2.5, LABEL),
    ]
    assert run.ended == 5.0
    assert run.told == [
        "getting ready",
        "hold still",
        "hold still: labelling, attempt 1",
        *[f"hold still: recognised {count} of {count} times" for count in range(1, 7)],
    ]


def test_whoever_is_known_as_that_id_needs_no_label() -> None:
    run = rehearse(Enroll(3), known_as_3)
    assert run.outcome == Enrolled(3, 95, 6, 6, labels_sent=0)


def test_whoever_is_known_as_another_id_is_refused() -> None:
    run = rehearse(Enroll(3), known_as_5)
    assert run.outcome == GaveUp(3, GaveUpReason.KnownAs(5), 0)
    assert str(run.outcome) == "id 3 was not enrolled: this person is known already, as id 5"
    assert run.when(LABEL) == []


@pytest.mark.parametrize(
    ("faces", "progress", "text"),
    [
        (NOBODY, EnrollProgress.NobodyInView(), "nobody in view: step in front of the sensor"),
        (Faces([face(), face(180)]), EnrollProgress.SeveralPeople(2), "2 people in view: one at a time"),
        (Faces([face(width=13)]), EnrollProgress.TooFar(), "too far away: come nearer"),
        (Faces([face(is_facing=False)]), EnrollProgress.NotFacing(), "face the sensor"),
    ],
)
def test_it_says_what_is_in_the_way(faces: Faces, progress: EnrollProgress, text: str) -> None:
    run = rehearse(Enroll(3), lambda _now, _run: faces)
    assert run.outcome == GaveUp(3, GaveUpReason.TimedOut(progress), 0)
    assert run.told == ["getting ready", text]
    assert str(progress) == text
    assert run.ended == pytest.approx(30, abs=0.11)


def test_an_unclear_face_is_what_the_gate_asks_for() -> None:
    run = rehearse(Enroll(3, gate=Gate(min_confidence=91)), person)
    assert run.outcome == GaveUp(3, GaveUpReason.TimedOut(EnrollProgress.Unclear()), 0)


def test_a_bus_that_fails_is_given_up_and_never_nobody() -> None:
    run = rehearse(Enroll(3), silence)
    assert run.outcome == GaveUp(3, GaveUpReason.NoReading(), 0)
    assert run.told == ["getting ready", "the sensor does not answer"]
    unsent = rehearse(Enroll(3), person, is_sent=False)
    assert unsent.outcome == GaveUp(3, GaveUpReason.NoReading(), 0)


def test_over_it_stays_over() -> None:
    enroll = Enroll(3)
    rehearse(enroll, person)
    over = enroll.step(100)
    assert isinstance(over, Step.Over)
    enroll.update(101, NOBODY)
    enroll.sent(101, False)
    assert enroll.step(102) == over
    assert enroll.id == 3


def labelled_at(run: Run) -> Any:
    return run.when(LABEL)


def labels(run: Run) -> Any:
    return len(run.when(LABEL))


def ended(run: Run) -> Any:
    return run.ended


def outcome(run: Run) -> Any:
    return run.outcome


def reads(run: Run) -> Any:
    return round(run.reads[1] - run.reads[0], 6)


THREE_OF_SIX = after_the_label(3, None, 3, None, 3, None)
TWO_OTHERS = after_the_label(3, 3, 5, 3, 5, 3)
UNDECIDED = GaveUp(3, GaveUpReason.TimedOut(EnrollProgress.Undecided()), 1)
NOT_RECOGNISED = GaveUp(3, GaveUpReason.NotRecognised(3, 6), 3)
TOO_FAR = GaveUp(3, GaveUpReason.TimedOut(EnrollProgress.TooFar()), 0)


@pytest.mark.parametrize(
    ("changes", "sensor", "what", "by_default", "then"),
    [
        ({"settle": 3.0}, person, labelled_at, [2.5], [4.0]),
        ({"label_wait": 2.0}, person, labelled_at, [2.5], [3.5]),
        ({"read_every": 0.2}, person, reads, 0.1, 0.2),
        ({"count_every": 0.5}, person, labelled_at, [2.5], [3.5]),
        ({"verify_packets": 10}, person, ended, 5.0, 7.4),
        ({"verify_needed": 3}, THREE_OF_SIX, outcome, NOT_RECOGNISED, Enrolled(3, 95, 3, 6, 1)),
        ({"verify_others": 2}, TWO_OTHERS, outcome, UNDECIDED, Enrolled(3, 95, 4, 6, 1)),
        ({"attempts": 1}, stranger, labels, 3, 1),
        ({"guide_timeout": 5.0}, nobody, ended, 30.0, 5.0),
        ({"away": 0.5}, leaves, ended, 4.6, 3.5),
        ({"longest_pause": 1.0}, fails_for_a_while, labelled_at, [3.7], [3.1]),
        ({"longest_silence": 5.0}, silence, ended, 2.0, 5.0),
        ({"stillness_percent": 10}, sways, labelled_at, [2.5], []),
        ({"gate": Gate(min_width=31)}, person, outcome, Enrolled(3, 95, 6, 6, 1), TOO_FAR),
        ({"relabel": True}, known_as_5, labelled_at, [], [2.5]),
    ],
    ids=first_setting,
)
def test_each_setting_has_its_effect(
    changes: dict[str, Any], sensor: Sensor, what: Callable[[Run], Any], by_default: Any, then: Any
) -> None:
    assert what(rehearse(Enroll(3), sensor)) == by_default
    assert what(rehearse(Enroll(3, **changes), sensor)) == then


def test_it_says_how_long_it_can_take() -> None:
    # 3 min 32 s, as the driver says of its defaults.
    assert Enroll(0).longest == pytest.approx(212, abs=1)
    assert Enroll(0, attempts=1).longest < Enroll(0).longest
