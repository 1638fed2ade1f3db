"""Presence: the driver's own scripts, with the times at which it says what."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest
from behavior_readings import at, first_setting, steadily

from mlsensor import Faces
from mlsensor.behavior import Gate, Outcome, Presence, PresenceEvent

Arrived, Left, Lost = PresenceEvent.Arrived, PresenceEvent.Left, PresenceEvent.Lost
PRESENT, ABSENT, UNKNOWN = Outcome.PRESENT, Outcome.ABSENT, Outcome.UNKNOWN


def events(presence: Presence, history: Iterable[tuple[int, str]]) -> list[tuple[float, PresenceEvent]]:
    given = ((now, presence.update(now, faces)) for now, faces in at(history))
    return [(now, event) for now, event in given if event is not None]


def test_somebody_comes_and_goes_and_the_sensor_falls_silent() -> None:
    presence = Presence()
    day = [
        *steadily(5000, 9000, 100, "-"),
        *steadily(9100, 12_000, 100, "+"),
        *steadily(12_100, 15_000, 100, "-"),
        *steadily(15_100, 20_000, 100, "x"),
    ]
    assert (presence.outcome, presence.since, presence.last_seen) == (UNKNOWN, 0.0, None)
    assert events(presence, day[:1]) == []
    assert (presence.outcome, presence.since) == (UNKNOWN, 5.0)
    assert events(presence, day[1:]) == [
        (7.0, Left(last_seen=None, was=UNKNOWN)),
        (9.7, Arrived(first_seen=9.1, was=ABSENT)),
        (14.1, Left(last_seen=12.0, was=PRESENT)),
        (16.5, Lost(was=ABSENT)),
    ]
    assert (presence.outcome, presence.since, presence.last_seen) == (UNKNOWN, 16.5, 12.0)


def test_each_event_says_the_outcome_from_then_on() -> None:
    assert Arrived(1.0, ABSENT).outcome is PRESENT
    assert Left(None, PRESENT).outcome is ABSENT
    assert Lost(PRESENT).outcome is UNKNOWN


def test_one_miss_is_bridged_and_two_are_not() -> None:
    one = [(0, "+"), (140, "-"), (280, "+"), (420, "+"), (560, "-"), (700, "+")]
    assert events(Presence(), one) == [(0.7, Arrived(0.0, UNKNOWN))]
    two = [(0, "+"), (140, "+"), (280, "-"), (420, "-"), (560, "+"), (700, "+"), (840, "+"), (1000, "+")]
    assert events(Presence(), two) == []


def test_a_slow_reader_needs_three_sightings_and_eight_readings_without_one() -> None:
    presence = Presence()
    assert events(presence, steadily(0, 2000, 500, "+")) == [(1.0, Arrived(0.0, UNKNOWN))]
    assert events(presence, steadily(2500, 9000, 500, "-")) == [(6.0, Left(2.0, PRESENT))]


def test_reads_that_fail_are_no_evidence_that_somebody_left() -> None:
    history = [
        *steadily(0, 1000, 100, "-"),
        *steadily(1050, 1850, 100, "x"),
        *steadily(1900, 5000, 100, "-"),
    ]
    assert events(Presence(), history) == [(2.6, Left(None, UNKNOWN))]


def test_a_reading_after_silence_is_lost_first() -> None:
    presence = Presence()
    events(presence, steadily(0, 1000, 100, "+"))
    back = events(presence, steadily(9000, 10_000, 100, "+"))
    assert back == [(9.0, Lost(PRESENT)), (9.6, Arrived(9.0, UNKNOWN))]


def test_a_clock_that_is_set_back_neither_holds_nor_hastens() -> None:
    presence = Presence()
    assert events(presence, steadily(1_000_000, 1_000_300, 100, "+")) == []
    after = [*steadily(0, 2000, 100, "+"), *steadily(2100, 9000, 100, "x")]
    assert events(presence, after) == [(0.3, Arrived(1000.0, UNKNOWN)), (3.5, Lost(PRESENT))]


def test_without_any_reading_it_stays_unknown_and_never_says_that_nobody_is_here() -> None:
    presence = Presence()
    assert events(presence, steadily(0, 60_000, 100, "x")) == []
    assert presence.outcome is UNKNOWN


COMING = steadily(0, 2000, 100, "+")
EMPTY = steadily(0, 3000, 100, "-")
MISSED = [(ms, "-" if ms in (140, 280) else "+") for ms in range(0, 1500, 140)]
SILENT = [*steadily(0, 1000, 100, "+"), *steadily(1100, 5000, 100, "x")]


@pytest.mark.parametrize(
    ("changes", "history", "by_default", "then"),
    [
        ({"arrive_after": 0.2}, COMING, [(0.6, Arrived(0.0, UNKNOWN))], [(0.2, Arrived(0.0, UNKNOWN))]),
        ({"leave_after": 0.5}, EMPTY, [(2.0, Left(None, UNKNOWN))], [(0.5, Left(None, UNKNOWN))]),
        ({"tolerated_gap": 0.5}, MISSED, [(1.12, Arrived(0.42, UNKNOWN))], [(0.7, Arrived(0.0, UNKNOWN))]),
        (
            {"stale_after": 3.0},
            SILENT,
            [(0.6, Arrived(0.0, UNKNOWN)), (2.5, Lost(PRESENT))],
            [(0.6, Arrived(0.0, UNKNOWN)), (4.0, Lost(PRESENT))],
        ),
        ({"gate": Gate(min_width=31)}, COMING, [(0.6, Arrived(0.0, UNKNOWN))], [(2.0, Left(None, UNKNOWN))]),
        ({"gate": Gate(91)}, COMING, [(0.6, Arrived(0.0, UNKNOWN))], [(2.0, Left(None, UNKNOWN))]),
    ],
    ids=first_setting,
)
def test_each_setting_has_its_effect(
    changes: dict[str, Any],
    history: list[tuple[int, str]],
    by_default: list[tuple[float, PresenceEvent]],
    then: list[tuple[float, PresenceEvent]],
) -> None:
    assert events(Presence(), history) == by_default
    assert events(Presence(**changes), history) == then


def test_with_recognition_everything_takes_as_long_as_the_inferences_do() -> None:
    day = [*steadily(0, 3000, 100, "+"), *steadily(3100, 9000, 100, "-")]
    known = [(1.0, Arrived(0.0, UNKNOWN)), (7.1, Left(3.0, PRESENT))]
    assert events(Presence.with_recognition(), day) == known
    assert events(Presence.with_recognition(leave_after=1), day)[1][0] == 4.1


def test_a_reading_is_handed_in_as_it_is_or_none() -> None:
    presence: Any = Presence()
    with pytest.raises(TypeError):
        presence.update(0.0)
    with pytest.raises(TypeError):
        presence.update(0.0, [])
    assert presence.update(0, Faces()) is None
