"""Attention, over a tracker: scripts of ten readings a second, and when a look begins and ends."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Optional

import pytest
from behavior_readings import face, first_setting, script, somebody

from mlsensor import Faces
from mlsensor.behavior import Attention, AttentionEvent, Direction, Look, Outcome, Tracker

Readings = Iterable[tuple[int, Optional[Faces]]]


def events(attention: Attention, readings: Readings) -> list[tuple[float, str]]:
    """When something happens, and what."""
    tracker, found = Tracker(), list[tuple[float, str]]()
    for tenth, faces in readings:
        tracker.update(tenth / 10, faces)
        event = attention.update(tenth / 10, tracker)
        if event is not None:
            found.append((tenth / 10, type(event).__name__))
    return found


def test_a_look_begins_after_the_hold_time_and_ends_when_it_was_not_faced_for_long_enough() -> None:
    assert events(Attention(), script((10, "+"), (30, "~"))) == [(0.6, "Began"), (2.9, "Ended")]


def test_a_face_that_does_not_face_it_does_nothing() -> None:
    assert events(Attention(), script((100, "~"))) == []


def test_a_false_face_of_three_inferences_is_no_look() -> None:
    bursts = script((4, "+"), (20, "-"), (4, "+"), (20, "-"), (4, "+"), (20, "-"))
    assert events(Attention(), bursts) == []


def test_no_reading_is_not_nobody() -> None:
    short = script((8, "+"), (9, "x"), (20, "+"))
    assert events(Attention(stale_after=1.0), short) == [(0.6, "Began")]
    silent = script((8, "+"), (30, "x"))
    assert events(Attention(stale_after=1.0), silent) == [(0.6, "Began"), (1.7, "Lost")]


def test_after_a_blind_time_it_takes_a_whole_look() -> None:
    blind = script((8, "+"), (12, "x"), (8, "+"))
    assert events(Attention(stale_after=1.0), blind)[-1] == (2.6, "Began")


def test_the_outcome_is_one_of_three() -> None:
    attention, tracker, found = Attention(), Tracker(), list[Outcome]()
    for tenth, faces in script((20, "~"), (10, "+"), (30, "x")):
        tracker.update(tenth / 10, faces)
        attention.update(tenth / 10, tracker)
        if not found or found[-1] is not attention.outcome:
            found.append(attention.outcome)
    assert found == [Outcome.UNKNOWN, Outcome.ABSENT, Outcome.PRESENT, Outcome.UNKNOWN]


def test_a_look_says_who_looks_and_from_where() -> None:
    attention, tracker = Attention(), Tracker()
    for tenth in range(12):
        # It stands 50 view units right of the middle, and is known as 3.
        faces = Faces([face(163 + tenth % 2, 30, known_as=3), face(20, 20, is_facing=False)])
        tracker.update(5 + tenth / 10, faces)
        event = attention.update(5 + tenth / 10, tracker)
        if event is not None:
            assert isinstance(event, AttentionEvent.Began)
            assert event.outcome is Outcome.PRESENT
    look = attention.look
    assert isinstance(look, Look)
    assert (look.since, look.last_faced, look.identity) == (5.0, 6.1, 3)
    assert look.lasted == pytest.approx(1.1)
    assert look.direction.pan_deg == pytest.approx(55 * 51 / 127.5, abs=0.5)
    assert isinstance(look.direction, Direction)
    assert look.bounds.left in (163, 164)
    assert look.distance_m == pytest.approx(20 / 30, abs=0.05)
    track = tracker.get(look.track)
    assert track is not None
    assert track.identity == 3


AWAY_THEN_MISSED = [(10, "~"), (3, "+"), (4, "-"), (20, "+")]
AGAIN = [(10, "+"), (30, "~"), (60, "+")]


@pytest.mark.parametrize(
    ("changes", "parts", "by_default", "then"),
    [
        ({"hold": 1.0}, [(20, "+")], [(0.6, "Began")], [(1.0, "Began")]),
        ({"flicker": 0.7}, AWAY_THEN_MISSED, [(2.3, "Began")], [(1.7, "Began")]),
        (
            {"release": 0.5},
            [(10, "+"), (30, "~")],
            [(0.6, "Began"), (2.9, "Ended")],
            [(0.6, "Began"), (1.4, "Ended")],
        ),
        (
            {"rearm": 5.0},
            AGAIN,
            [(0.6, "Began"), (2.9, "Ended"), (4.6, "Began")],
            [(0.6, "Began"), (2.9, "Ended"), (7.9, "Began")],
        ),
        (
            {"stale_after": 3.0},
            [(10, "+"), (40, "x")],
            [(0.6, "Began"), (2.4, "Lost")],
            [(0.6, "Began"), (3.9, "Lost")],
        ),
    ],
    ids=first_setting,
)
def test_each_setting_has_its_effect(
    changes: dict[str, Any],
    parts: list[tuple[int, str]],
    by_default: list[tuple[float, str]],
    then: list[tuple[float, str]],
) -> None:
    assert events(Attention(), script(*parts)) == by_default
    assert events(Attention(**changes), script(*parts)) == then


def test_with_recognition_it_takes_longer() -> None:
    assert events(Attention.with_recognition(), script((20, "+"))) == [(1.0, "Began")]
    assert events(Attention.with_recognition(hold=1.5), script((20, "+"))) == [(1.5, "Began")]


def test_a_clock_that_is_set_back_takes_the_past_along() -> None:
    attention, tracker = Attention(), Tracker()
    looks = list[float]()
    for tenth in range(12):
        # 1000.3 and 500.3 are one moment.
        now = 1000 + tenth / 10 if tenth < 4 else 500 + (tenth - 1) / 10
        tracker.update(now, somebody(tenth))
        if attention.update(now, tracker) is not None:
            looks.append(now)
    assert looks == [500.6]
    assert attention.look is not None
    assert attention.look.since == 500.0
