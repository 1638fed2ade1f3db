"""Power: single shots while nobody is there."""

from __future__ import annotations

from typing import Any, Callable, Optional

import pytest
from behavior_readings import NOBODY, face, first_setting, somebody

from mlsensor import Faces, Mode
from mlsensor.behavior import Command, CurrentFigures, Gate, Power, Step

STANDBY, CONTINUOUS = Command.Mode(Mode.STANDBY), Command.Mode(Mode.CONTINUOUS)
SHOT = Command.SingleShot()


Sensor = Callable[[float], Optional[Faces]]


def empty_room(now: float) -> Optional[Faces]:
    return NOBODY


def run(power: Power, until: float, faces: Sensor = empty_room) -> list[tuple[float, str]]:
    """Does what it asks for; gives what was done when, the time in seconds."""
    now, done = 0.0, list[tuple[float, str]]()
    while now < until:
        step = power.step(now)
        assert power.step(now) == step
        if isinstance(step, Step.Send):
            done.append((round(now, 6), str(step.command)))
            power.sent(now, True)
        elif isinstance(step, Step.Read):
            done.append((round(now, 6), "read"))
            power.update(now, faces(now))
        else:
            assert isinstance(step, Step.Wait)
            assert step.seconds > 0
            now = now + step.seconds
    return done


def test_in_an_empty_room_it_takes_one_shot_a_period() -> None:
    power = Power()
    assert (power.is_awake, power.mode, power.shots) == (False, Mode.STANDBY, 0)
    assert run(power, 4) == [
        (0.0, "mode = standby"),
        (0.0, "single shot"),
        (0.5, "read"),
        (2.0, "mode = standby"),
        (2.0, "single shot"),
        (2.5, "read"),
    ]
    assert (power.is_awake, power.shots) == (False, 2)


def test_a_face_wakes_it_and_it_sleeps_again_when_nobody_was_seen_for_a_while() -> None:
    power = Power()
    done = run(power, 30, lambda now: somebody() if 1 < now < 10 else NOBODY)
    modes = [(now, what) for now, what in done if what.startswith("mode")]
    assert modes[:4] == [
        (0.0, "mode = standby"),
        (2.0, "mode = standby"),
        (2.5, "mode = continuous"),
        # Last seen at 9.9; the first reading 10 s later.
        (19.9, "mode = standby"),
    ]


def test_no_reading_neither_wakes_it_nor_sends_it_to_sleep() -> None:
    power = Power()
    run(power, 10, lambda now: None)
    assert not power.is_awake
    power = Power()
    run(power, 60, lambda now: somebody() if now < 2 else None)
    assert power.is_awake
    assert power.mode is Mode.CONTINUOUS


def shots(power: Power) -> Any:
    return [now for now, what in run(power, 12) if what == "single shot"][1]


def first_read(power: Power) -> Any:
    return next(now for now, what in run(power, 5) if what == "read")


def second_read_awake(power: Power) -> Any:
    reads = [now for now, what in run(power, 5, lambda now: somebody()) if what == "read"]
    return round(reads[2] - reads[1], 6)


def asleep_after(power: Power, seen_until: float) -> Any:
    done = run(power, 40, lambda now: somebody() if now < seen_until else NOBODY)
    return next(now for now, what in done[2:] if what == "mode = standby")


def after_a_stay(power: Power) -> Any:
    return asleep_after(power, 5)


def after_a_glance(power: Power) -> Any:
    return asleep_after(power, 1.2)


def is_woken(power: Power) -> Any:
    run(power, 3, lambda now: Faces([face(width=20)]))
    return power.is_awake


@pytest.mark.parametrize(
    ("changes", "what", "by_default", "then"),
    [
        ({"period": 5.0}, shots, 2.0, 5.0),
        ({"capture_wait": 1.0}, first_read, 0.5, 1.0),
        ({"read_every": 0.1}, second_read_awake, 0.2, 0.1),
        # Seen from 0.5 to 4.9.
        ({"stay_awake": 3.0}, after_a_stay, 14.9, 7.9),
        # Seen at 0.5, 0.7, 0.9 and 1.1: for less than 1.2 s.
        ({"glance": 2.0}, after_a_glance, 2.1, 3.1),
        ({"confirm": 0.5}, after_a_glance, 2.1, 11.1),
        ({"gate": Gate(min_width=21)}, is_woken, True, False),
    ],
    ids=first_setting,
)
def test_each_setting_has_its_effect(
    changes: dict[str, Any], what: Callable[[Power], Any], by_default: Any, then: Any
) -> None:
    assert what(Power()) == by_default
    assert what(Power(**changes)) == then


def test_a_command_that_failed_is_sent_again_with_the_next_cycle() -> None:
    power = Power()
    assert power.step(0) == Step.Send(STANDBY)
    power.sent(0, False)
    assert power.step(0) == Step.Wait(2.0)
    assert power.step(2) == Step.Send(STANDBY)
    power.sent(2, True)
    assert power.step(2) == Step.Send(SHOT)
    assert bytes(SHOT) == b"\x03\x00"


@pytest.mark.parametrize(
    ("figures", "average_ua", "text"),
    [
        # One inference of 0.14 s in 2 s, at 40 mA.
        (None, 2800, "at least 2.8 mA (an estimate: awake 7.0 % of the time)"),
        (CurrentFigures(active_ua=50_000), 3500, "at least 3.5 mA (an estimate: awake 7.0 % of the time)"),
        (CurrentFigures(standby_ua=1000), 3730, "about 3.7 mA (an estimate: awake 7.0 % of the time)"),
        (CurrentFigures(shot=0.2), 4000, "at least 4.0 mA (an estimate: awake 10.0 % of the time)"),
    ],
)
def test_the_current_is_an_estimate_and_says_so(
    figures: Optional[CurrentFigures], average_ua: int, text: str
) -> None:
    power = Power()
    given = () if figures is None else (figures,)
    assert power.estimate_empty_room(*given).average_ua == average_ua
    assert str(power.estimate_empty_room(*given)) == text
    run(power, 200)
    # It runs to its last step, 200 s or some tenths more.
    assert power.estimate(*given).average_ua == pytest.approx(average_ua, rel=0.02)
    assert power.estimate(*given).is_lower_bound is (figures is None or figures.standby_ua is None)
