"""Tracker: who is who from packet to packet."""

from __future__ import annotations

from typing import Any, Callable, Optional

import pytest
from behavior_readings import NOBODY, face, first_setting, script, somebody

from mlsensor import Faces
from mlsensor.behavior import Direction, Gate, Outcome, Track, Tracker, View


def first(tracker: Tracker, parts: list[tuple[int, str]], what: Callable[[Tracker], bool]) -> Optional[float]:
    """When something is so for the first time, in seconds."""
    for tenth, faces in script(*parts):
        tracker.update(tenth / 10, faces)
        if what(tracker):
            return tenth / 10
    return None


def is_present(tracker: Tracker) -> bool:
    return tracker.outcome is Outcome.PRESENT


def has_ended(tracker: Tracker) -> bool:
    return tracker.last_heard is not None and tracker.last_heard > 0.9 and not tracker.tracks


def is_unknown_again(tracker: Tracker) -> bool:
    return tracker.last_heard == 0.9 and tracker.outcome is Outcome.UNKNOWN


SEEN_TWICE = [(2, "+"), (4, "-"), (20, "+")]
LEAVES = [(10, "+"), (30, "-")]
FAILS = [(10, "+"), (40, "x")]


@pytest.mark.parametrize(
    ("changes", "parts", "what", "by_default", "then"),
    [
        ({"birth_after": 1.0}, [(20, "+")], is_present, 0.4, 1.0),
        ({"tolerated_gap": 0.7}, SEEN_TWICE, is_present, 1.0, 0.7),
        ({"death_after": 0.5}, LEAVES, has_ended, 2.4, 1.4),
        ({"stale_after": 3.0}, FAILS, is_unknown_again, 2.4, 3.9),
        ({"gate": Gate(min_width=31)}, [(20, "+")], is_present, 0.4, None),
    ],
    ids=first_setting,
)
def test_each_setting_has_its_effect(
    changes: dict[str, Any],
    parts: list[tuple[int, str]],
    what: Callable[[Tracker], bool],
    by_default: float,
    then: Optional[float],
) -> None:
    assert first(Tracker(), parts, what) == by_default
    assert first(Tracker(**changes), parts, what) == then


def test_with_recognition_a_gap_may_be_longer() -> None:
    assert first(Tracker.with_recognition(), SEEN_TWICE, is_present) == 0.7
    assert first(Tracker.with_recognition(birth_after=1), SEEN_TWICE, is_present) == 1.0


def test_two_people_keep_their_numbers_in_any_order() -> None:
    tracker, first_numbers = Tracker(), list[int]()
    for tenth in range(20):
        two = [face(40 + tenth % 2), face(180 + tenth % 2, 20)]
        tracker.update(tenth / 10, Faces(two if tenth % 3 else reversed(two)))
        left_to_right = sorted(tracker.tracks, key=lambda track: track.direction.pan_deg)
        if tenth > 4:
            assert [track.bounds.width for track in left_to_right] == [30, 20]
            assert len({track.id for track in left_to_right}) == 2
            numbers = [track.id for track in left_to_right]
            assert numbers == first_numbers or not first_numbers
            first_numbers = numbers
    assert tracker.tracks[0].is_seen
    assert tracker.get(tracker.tracks[0].id) == tracker.tracks[0]
    assert tracker.get(60_000) is None


def test_a_track_says_since_when_how_fast_and_who() -> None:
    tracker = Tracker()
    for tenth in range(16):
        # 4 view units a tenth of a second to the right: 17.25 degrees a second.
        tracker.update(2 + tenth / 10, Faces([face(60 + 4 * tenth, known_as=5)]))
    (track,) = tracker.tracks
    assert isinstance(track, Track)
    assert (track.first_seen, track.last_seen, track.identity, track.is_facing) == (2.0, 3.5, 5, True)
    assert track.age(4.0) == 2.0
    assert track.age(1.0) == 0.0
    assert track.face == face(120, known_as=5)
    assert track.velocity.pan_deg_per_s == pytest.approx(40 * 110 / 255, rel=0.1)
    assert track.velocity.tilt_deg_per_s == pytest.approx(0, abs=0.5)
    ahead = tracker.direction_at(track.id, 3.7)
    assert ahead is not None
    moved = ahead.pan_deg - track.direction.pan_deg
    assert moved == pytest.approx(0.2 * track.velocity.pan_deg_per_s, abs=0.01)
    # For half a second at most.
    assert tracker.direction_at(track.id, 4.0) == tracker.direction_at(track.id, 99.0)
    assert tracker.direction_at(60_000, 3.7) is None


def test_a_sensor_on_a_pan_tilt_sees_people_in_directions_of_the_room() -> None:
    tracker = Tracker()
    for tenth in range(10):
        tracker.update_from(tenth / 10, View(Direction(20, 5)), somebody(tenth, left=112))
    (track,) = tracker.tracks
    still = Tracker()
    for tenth in range(10):
        still.update(tenth / 10, somebody(tenth, left=112))
    (as_seen,) = still.tracks
    assert track.direction.pan_deg == pytest.approx(as_seen.direction.pan_deg + 20, abs=0.1)
    assert track.direction.tilt_deg == pytest.approx(as_seen.direction.tilt_deg + 5, abs=0.1)


def test_no_reading_is_not_nobody() -> None:
    tracker = Tracker()
    assert (tracker.outcome, tracker.last_reading, tracker.last_heard) == (Outcome.UNKNOWN, None, None)
    outcomes = list[Outcome]()
    for tenth in range(40):
        tracker.update(tenth / 10, None if tenth < 30 else NOBODY)
        outcomes.append(tracker.outcome)
    # Absent after 0.4 s in which there were readings.
    assert outcomes == [Outcome.UNKNOWN] * 34 + [Outcome.ABSENT] * 6
    # A packet that stays the same is a new one after 0.3 s.
    assert (tracker.last_reading, tracker.last_heard) == (3.9, 3.9)


def test_a_clock_that_is_set_back_takes_the_past_along() -> None:
    tracker = Tracker()
    for tenth in range(4):
        tracker.update(1000 + tenth / 10, somebody(tenth))
    tracker.update(500.3, somebody(4))
    assert tracker.outcome is Outcome.UNKNOWN
    tracker.update(500.4, somebody(5))
    (track,) = tracker.tracks
    assert (track.first_seen, track.last_seen) == (500.0, 500.4)
