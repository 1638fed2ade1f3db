"""Erase: the procedure that forgets all ids, against sensors that are played."""

from __future__ import annotations

from typing import Any, Callable, Optional

import pytest
from behavior_readings import NOBODY, face, first_setting
from behavior_rehearsal import Run, Sensor, rehearse

from mlsensor import Faces
from mlsensor.behavior import Erase, Erased, NotErased

ERASE = "erase IDs"


def person(now: float, run: Run) -> Optional[Faces]:
    """Somebody who is known as 4 until the ids are erased."""
    return Faces([face(known_as=None if run.when(ERASE) else 4)])


def still_known(now: float, run: Run) -> Optional[Faces]:
    return Faces([face(known_as=4)])


def known_once_more(now: float, run: Run) -> Optional[Faces]:
    """Known in one reading, the first that is checked."""
    erased = run.when(ERASE)
    is_known = not erased or (len(erased) == 1 and now < erased[0] + 1.2)
    return Faces([face(known_as=4 if is_known else None)])


def nobody(now: float, run: Run) -> Optional[Faces]:
    return NOBODY


def silence(now: float, run: Run) -> Optional[Faces]:
    return None


def test_what_is_known_of_somebody_in_view_is_checked() -> None:
    run = rehearse(Erase(), person)
    assert run.outcome == Erased(is_verified=True, checked=6, was_recognised=True, commands_sent=1)
    assert [sent for _, sent in run.sent] == ["mode = continuous", "enable ID = on", ERASE]
    assert run.told[:2] == ["looking who is known", "erasing"]
    assert run.told[-1] == "checked 6 of 6 times"


def test_if_nobody_is_there_it_is_not_verified() -> None:
    run = rehearse(Erase(), nobody)
    assert run.outcome == Erased(is_verified=False, checked=0, was_recognised=False, commands_sent=1)
    assert run.told[-1] == "nobody in view to check with"


def test_who_is_still_recognised_is_named() -> None:
    run = rehearse(Erase(), still_known)
    assert run.outcome == NotErased.StillKnown(4)
    assert str(run.outcome) == "not erased: somebody is still recognised, as id 4"
    assert len(run.when(ERASE)) == 3


def test_a_bus_that_fails_is_given_up() -> None:
    run = rehearse(Erase(), silence)
    assert run.outcome == NotErased.NoReading(0)
    assert str(run.outcome) == "nothing was erased: the sensor gave no readings"
    assert run.told[-1] == "the sensor does not answer"


def first_check(run: Run) -> Any:
    return round(next(now for now in run.reads if now > run.when(ERASE)[0]) - run.when(ERASE)[0], 6)


def interval(run: Run) -> Any:
    return round(run.reads[1] - run.reads[0], 6)


def erased_at(run: Run) -> Any:
    return run.when(ERASE)


def ended(run: Run) -> Any:
    return round(run.ended)


def commands(run: Run) -> Any:
    return len(run.when(ERASE))


def checked(run: Run) -> Any:
    return run.outcome.checked


@pytest.mark.parametrize(
    ("changes", "sensor", "what", "by_default", "then"),
    [
        # The first reading that is not before that.
        ({"before": 2.0}, person, erased_at, [1.2], [2.1]),
        ({"after": 2.5}, person, first_check, 1.0, 2.5),
        ({"read_every": 0.5}, person, interval, 0.3, 0.5),
        ({"verify_packets": 3}, person, checked, 6, 3),
        ({"verify_recognised": 1}, known_once_more, commands, 2, 1),
        ({"look_for": 10.0}, nobody, ended, 7, 12),
        ({"attempts": 1}, still_known, commands, 3, 1),
        ({"longest_silence": 4.0}, silence, ended, 2, 4),
    ],
    ids=first_setting,
)
def test_each_setting_has_its_effect(
    changes: dict[str, Any], sensor: Sensor, what: Callable[[Run], Any], by_default: Any, then: Any
) -> None:
    assert what(rehearse(Erase(), sensor)) == by_default
    assert what(rehearse(Erase(**changes), sensor)) == then


def test_it_says_how_long_it_can_take() -> None:
    # 34 s, as the driver says of its defaults.
    assert Erase().longest == pytest.approx(34, abs=1)
