"""Who is a stranger to the examples: who faced the sensor for 3 s, and is not known."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterator
from typing import Any, Optional

import pytest
from example_programs import FOLDER, SHARED

from mlsensor import Bounds, Face, Faces, Identity
from mlsensor.behavior import Gate, Track, Tracker

FACES, TURNED, NOBODY = "faces", "turned", "nobody"


@pytest.fixture
def examples(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], Any]]:
    """What the examples share, as modules."""
    monkeypatch.setattr(sys, "path", [str(FOLDER), *sys.path])
    yield importlib.import_module
    for name in SHARED:
        sys.modules.pop(name, None)


def face(tenth: int, is_facing: bool, who: Optional[int] = None, left: int = 100, width: int = 30) -> Face:
    """A face in another place each time, as living people's are."""
    left += tenth % 2
    identity = None if who is None else Identity(who, 90)
    return Face(Bounds(left, 100, left + width, 140), 90, identity, is_facing)


def greeted(
    examples: Callable[[str], Any], *parts: tuple[int, Optional[str]], who: Optional[int] = None
) -> list[int]:
    """In which tenths of a second there is a stranger; None is no reading."""
    tracker, strangers = Tracker.with_recognition(), examples("strangers").Strangers()
    kinds = [kind for count, kind in parts for _ in range(count)]
    found: list[int] = []
    for tenth, kind in enumerate(kinds):
        faces = None if kind is None else Faces([] if kind == NOBODY else [face(tenth, kind == FACES, who)])
        tracker.update(tenth / 10, faces)
        if strangers.update(tracker):
            found.append(tenth)
    return found


def test_who_faces_it_for_3_s_is_a_stranger_and_not_before(examples: Callable[[str], Any]) -> None:
    assert greeted(examples, (100, FACES))[0] == 30


def test_who_is_known_is_none(examples: Callable[[str], Any]) -> None:
    assert greeted(examples, (100, FACES), who=3) == []


def test_who_faced_it_for_a_single_packet_after_they_were_there_for_long_is_none(
    examples: Callable[[str], Any],
) -> None:
    assert greeted(examples, (50, TURNED), (1, FACES), (50, TURNED)) == []
    assert greeted(examples, (50, TURNED), (100, FACES))[0] == 80
    assert greeted(examples, (6, TURNED), (100, FACES))[0] == 36
    assert 40 not in greeted(examples, (40, FACES), (1, TURNED), (20, FACES))


def test_a_gap_of_more_than_0_6_s_begins_anew_and_a_shorter_one_does_not(
    examples: Callable[[str], Any],
) -> None:
    for gap in (NOBODY, None, TURNED):
        assert greeted(examples, (20, FACES), (4, gap), (100, FACES))[0] == 30
        assert greeted(examples, (20, FACES), (7, gap), (100, FACES))[0] == 27 + 30


def test_who_turns_to_it_now_and_then_is_none(examples: Callable[[str], Any]) -> None:
    glances = [part for _ in range(40) for part in ((1, FACES), (1, TURNED))]
    assert greeted(examples, *glances) == []
    flicker = [part for _ in range(40) for part in ((3, FACES), (1, TURNED))]
    assert greeted(examples, *flicker) != []


def test_without_readings_nobody_is_greeted(examples: Callable[[str], Any]) -> None:
    assert greeted(examples, (30, FACES), (100, None)) == []


def test_a_stranger_beside_who_is_known_is_one(examples: Callable[[str], Any]) -> None:
    tracker, strangers = Tracker.with_recognition(), examples("strangers").Strangers()
    found: set[int] = set()
    for tenth in range(60):
        faces = Faces([face(tenth, True, 2, left=30), face(tenth, True, left=180)])
        tracker.update(tenth / 10, faces)
        found = strangers.update(tracker)
    tracks: list[Track] = [track for track in tracker.tracks if track.id in found]
    assert [track.bounds.left > 150 for track in tracks] == [True]


def test_the_nearest_has_the_seat_and_a_guest_after_they_were_the_nearest_for_3_s(
    examples: Callable[[str], Any],
) -> None:
    seat = examples("seat").Seat(Gate())
    news: list[tuple[int, str]] = []
    for tenth in range(300):
        near = face(tenth, True, 4, left=30, width=36 if tenth < 100 or tenth >= 200 else 18)
        faces = Faces([near, face(tenth, True, left=180, width=25)])
        seat.update(tenth / 10, faces)
        if seat.is_taken_anew():
            news.append((tenth, str(seat)))
    assert [who for _, who in news] == ["id 4", "a guest", "id 4"]
    # A stranger for long, but the nearest only since the other one moved back, which smoothing delays.
    assert 130 <= news[1][0] <= 140
    # Who takes it back is asked the same.
    assert 230 <= news[2][0] <= 240
