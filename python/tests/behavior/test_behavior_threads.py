"""Behaviours are whole whoever uses them at once."""

from __future__ import annotations

import itertools
import threading
from collections import Counter
from typing import Any, Callable

from behavior_readings import NOBODY, face, somebody

from mlsensor import Faces
from mlsensor.behavior import (
    Aim,
    Attention,
    Cadence,
    Enroll,
    Erase,
    Outcome,
    Power,
    Presence,
    Step,
    Tracker,
)

THREADS = 8
# A deadlock is one in a minute as well.
LONG = 60.0


def at_once(work: Callable[[int], None]) -> None:
    """The same work in several threads that begin together; what one of them raises is raised here."""
    begin, troubles = threading.Barrier(THREADS), list[BaseException]()

    def run(number: int) -> None:
        try:
            begin.wait(LONG)
            work(number)
        except BaseException as trouble:
            troubles.append(trouble)

    threads = [threading.Thread(target=run, args=(number,), daemon=True) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(LONG)
    assert not any(thread.is_alive() for thread in threads), "a deadlock"
    if troubles:
        raise troubles[0]


def test_no_event_is_lost_and_none_comes_twice() -> None:
    presence, clock = Presence(arrive_after=0.05, leave_after=0.05), itertools.count()
    into, out_of = Counter[Outcome](), Counter[Outcome]()
    noting = threading.Lock()

    def work(number: int) -> None:
        for _ in range(2000):
            tick = next(clock)
            event = presence.update(tick / 1000, somebody() if tick // 400 % 2 else NOBODY)
            if event is not None:
                with noting:
                    into[event.outcome] += 1
                    out_of[event.was] += 1

    at_once(work)
    # Whatever the order: each outcome was left as often as it was come to, but for the first and the last.
    for outcome in Outcome:
        begins, ends = outcome is Outcome.UNKNOWN, outcome is presence.outcome
        assert into[outcome] - out_of[outcome] == ends - begins
    assert sum(into.values()) > 10


def test_behaviours_that_share_a_tracker_neither_wait_for_ever_nor_disturb_it() -> None:
    tracker, attention, aim, clock = Tracker(), Attention(), Aim(), itertools.count()

    def work(number: int) -> None:
        for _ in range(500):
            now = next(clock) / 100
            if number % 4 == 0:
                tracker.update_from(now, aim.view(now), somebody(int(now * 10), left=180))
            elif number % 4 == 1:
                attention.update(now, tracker)
                assert attention.look is None or attention.look.track >= 1
            elif number % 4 == 2:
                angles = aim.update(now, tracker)
                assert -90 <= angles.pan_deg <= 90
            else:
                for track in tracker.tracks:
                    again = tracker.get(track.id)
                    assert again is None or again.id == track.id
                    tracker.direction_at(track.id, now)
                repr((tracker, attention, aim, tracker.config, aim.state, attention.outcome))

    at_once(work)
    assert len(tracker.tracks) <= 8


def test_procedures_can_be_asked_while_they_are_run() -> None:
    enroll, erase, power, cadence = Enroll(3), Erase(), Power(), Cadence()
    clock = itertools.count()
    faces = Faces([face(known_as=3)])

    def go_on(procedure: Any, now: float) -> None:
        step = procedure.step(now)
        if isinstance(step, Step.Send):
            procedure.sent(now, True)
        elif isinstance(step, Step.Read):
            procedure.update(now, faces)

    def work(number: int) -> None:
        for _ in range(500):
            now = next(clock) / 100
            for procedure in (enroll, erase, power):
                go_on(procedure, now)
            cadence.read_done(now, faces)
            repr((enroll.progress, erase.progress, power.mode, cadence.next_read, cadence.lock))

    at_once(work)
    assert isinstance(enroll.step(1000), Step.Over)
    assert isinstance(erase.step(1000), Step.Over)
    assert power.is_awake
