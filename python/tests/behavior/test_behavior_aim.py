"""Aim: where a head turns, and how fast."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Optional

import pytest
from behavior_readings import NOBODY, face

from mlsensor import Face, Faces
from mlsensor.behavior import (
    Aim,
    AimState,
    AxisConfig,
    Choice,
    Direction,
    Mount,
    Sense,
    Servo,
    Tracker,
    View,
    WhenLost,
)


class Head:
    """A sensor that stands beside a head, at 50 calls and 10 readings a second."""

    def __init__(self, **settings: Any) -> None:
        settings.setdefault("mount", Mount.FIXED)
        self.aim = Aim(**settings)
        self.tracker = Tracker()
        self.now = 0
        self.steps: list[float] = []

    def go_on(self, seconds: float, faces: Optional[Sequence[Face]]) -> AimState:
        """Lets time pass with the same people in view; `None`: reads fail."""
        for _ in range(round(seconds * 50)):
            now, before = self.now / 50, self.aim.direction.pan_deg
            if self.now % 5 == 0:
                self.tracker.update_from(now, self.aim.view(now), None if faces is None else Faces(faces))
            angles = self.aim.update(now, self.tracker)
            assert angles == self.aim.angles
            self.steps.append(abs(self.aim.direction.pan_deg - before))
            self.now += 1
        return self.aim.state


# The middle of a face 30 wide at 183 is 70.5 view units right of the axis: 30.4 degrees.
RIGHT, RIGHT_DEG = face(183), 70.5 * 110 / 255
LEFT = face(27)


def test_it_turns_to_somebody_and_rests_within_the_dead_band() -> None:
    head = Head()
    state = head.go_on(3, [RIGHT])
    assert isinstance(state, AimState.Following)
    assert head.tracker.get(state.track) is not None
    assert head.aim.direction.pan_deg == pytest.approx(RIGHT_DEG, abs=2.5)
    assert max(head.steps) <= 120 / 50 + 0.001
    rested = head.aim.direction
    head.go_on(1, [RIGHT])
    assert head.aim.direction == rested


def test_blind_it_does_not_move() -> None:
    head = Head()
    head.go_on(3, [RIGHT])
    before = head.aim.angles
    assert head.go_on(10, None) == AimState.Blind()
    assert head.aim.angles == before


def test_before_any_reading_it_is_blind_and_points_to_its_rest() -> None:
    aim = Aim(rest=Direction(10, -5))
    assert aim.direction == Direction(10, -5)
    assert aim.state == AimState.Holding()
    assert aim.update(0, Tracker()) == Direction(10, -5)
    assert aim.state == AimState.Blind()


@pytest.mark.parametrize(
    ("pan", "direction", "angle"),
    [
        (AxisConfig(), 20, 20),
        (AxisConfig(min_deg=-5, max_deg=5), 5, 5),
        (AxisConfig(min_deg=25), 25, 25),
        (AxisConfig(sense=Sense.REVERSED), 20, -20),
        (AxisConfig(bias_deg=3.5), 20, 23.5),
    ],
)
def test_an_axis_has_limits_a_sense_and_a_bias(pan: AxisConfig, direction: float, angle: float) -> None:
    aim = Aim(pan=pan, rest=Direction(20, 0))
    assert (aim.direction, aim.angles) == (Direction(direction, 0), Direction(angle, 0))


def test_the_tilt_goes_from_30_below_to_45_above_unless_changed() -> None:
    for up, far in [(80, 45), (-80, -30)]:
        assert Aim(rest=Direction(0, up)).direction == Direction(0, far)
        assert Aim(rest=Direction(0, up), tilt=AxisConfig()).direction == Direction(0, up)


def test_it_turns_no_faster_than_the_slew_limit() -> None:
    head = Head(pan=AxisConfig(slew_deg_per_s=10))
    head.go_on(3, [RIGHT])
    assert max(head.steps) == pytest.approx(0.2, abs=0.001)


def test_who_is_within_the_dead_band_is_not_turned_to() -> None:
    # 4.5 view units off the axis: 1.9 degrees.
    near = face(117)
    still, head = Head(), Head(pan=AxisConfig(dead_band_deg=0.5))
    still.go_on(3, [near])
    head.go_on(3, [near])
    assert still.aim.direction.pan_deg == 0
    assert head.aim.direction.pan_deg == pytest.approx(1.94, abs=0.5)


def test_a_sensor_on_the_head_looks_where_the_head_pointed_when_the_picture_was_taken() -> None:
    beside = Head()
    beside.go_on(3, [RIGHT])
    assert beside.aim.view(3.0) == View()
    views = dict[str, View]()
    cases: dict[str, dict[str, float]] = {
        "default": {},
        "at_once": {"latency": 0, "latency_uncertainty": 0},
        "unsure": {"latency_uncertainty": 0.2},
    }
    for name, settings in cases.items():
        head = Head(mount=Mount.ON_THE_HEAD, **settings)
        head.tracker = beside.tracker
        # It begins to turn, by 2.4 degrees each 0.02 s.
        for tick in range(10):
            head.aim.update(3 + tick / 50, beside.tracker)
        views[name] = head.aim.view(3 + 9 / 50)
        assert head.aim.direction.pan_deg > 15
        if name == "at_once":
            assert views[name] == View(head.aim.direction)
    # 0.27 s before it had not begun.
    assert views["default"].direction == Direction()
    assert views["unsure"].uncertainty_deg > views["default"].uncertainty_deg


TWO = [face(170, 40), face(110, 20, known_as=6)]


@pytest.mark.parametrize(
    ("choice", "width"), [(Choice.Largest(), 40), (Choice.Nearest(), 20), (Choice.Person(6), 20)]
)
def test_of_several_it_follows_whom_it_is_told_to(choice: Choice, width: int) -> None:
    head = Head(choice=choice)
    state = head.go_on(2, TWO)
    assert isinstance(state, AimState.Following)
    track = head.tracker.get(state.track)
    assert track is not None
    assert track.bounds.width == width


@pytest.mark.parametrize(("keep_for", "width"), [(None, 20), (1.0, 40)])
def test_it_keeps_to_somebody_for_a_while_though_another_is_larger(
    keep_for: Optional[float], width: int
) -> None:
    head = Head(**({} if keep_for is None else {"keep_for": keep_for}))
    head.go_on(1, TWO[1:])
    state = head.go_on(2, TWO)
    assert isinstance(state, AimState.Following)
    track = head.tracker.get(state.track)
    assert track is not None
    assert track.bounds.width == width


@pytest.mark.parametrize(
    ("when_lost", "after_9_s", "after_20_s", "where"),
    [
        (None, AimState.Holding(), AimState.Returning(), 0.0),
        (WhenLost.Hold(), AimState.Holding(), AimState.Holding(), None),
        (WhenLost.Return(3), AimState.Returning(), AimState.Returning(), 0.0),
        (WhenLost.Search(3), AimState.Returning(), AimState.Returning(), 0.0),
    ],
)
def test_when_nobody_is_there_any_more(
    when_lost: Optional[WhenLost], after_9_s: AimState, after_20_s: AimState, where: Optional[float]
) -> None:
    head = Head(**({} if when_lost is None else {"when_lost": when_lost}))
    head.go_on(3, [RIGHT])
    turned = head.aim.direction.pan_deg
    assert head.go_on(9, NOBODY) == after_9_s
    assert head.go_on(11, NOBODY) == after_20_s
    assert head.aim.direction.pan_deg == (turned if where is None else where)


def test_a_sensor_on_the_head_searches() -> None:
    head = Head(mount=Mount.ON_THE_HEAD, when_lost=WhenLost.Search(1))
    assert head.go_on(1, NOBODY) == AimState.Holding()
    assert head.go_on(4, NOBODY) == AimState.Searching()
    assert head.aim.direction.pan_deg > 45


def test_with_a_cadence_the_pictures_are_younger() -> None:
    aim = Aim.with_cadence(choice=Choice.Nearest())
    changed = {"latency": 0.23, "latency_uncertainty": 0.03, "choice": Choice.Nearest()}
    assert dict(aim.config) == {**Aim.DEFAULTS, **changed}


def test_a_servo_never_gets_a_pulse_past_its_stops() -> None:
    servo = Servo()
    assert [servo.pulse_us(angle) for angle in (0, 45, -90, 1000, -1000)] == [1500, 2000, 500, 2500, 500]
    assert Servo(center_us=1600).pulse_us(0) == 1600
    assert Servo(us_per_90_deg=900).pulse_us(45) == 1950
    assert Servo(min_us=1000).pulse_us(-90) == 1000
    assert Servo(max_us=2000).pulse_us(90) == 2000


def test_left_is_negative() -> None:
    head = Head()
    head.go_on(3, [LEFT])
    assert head.aim.direction.pan_deg < -30
