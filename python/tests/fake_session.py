"""A session that does what a test tells it, at the moment that the test wants: for what threads do, and
nothing else.
"""

# A test looks behind the curtain.
# pyright: reportPrivateUsage=false

from __future__ import annotations

import threading
from collections import deque
from typing import Any, Callable, Optional, cast

import pytest

from mlsensor import Bounds, ClosedError, Face, Faces, PersonSensor
from mlsensor._conclusions import Conclusions
from mlsensor._enums import State
from mlsensor._opening import Opened

FACE = Face(Bounds(100, 100, 140, 140), 90, is_facing=True)
SOMEBODY = Faces([FACE])
NOBODY = Faces()


class FakeReading:
    def __init__(self, faces: Faces, *, is_fresh: bool = True) -> None:
        self.faces = faces
        self.is_fresh = is_fresh


class FakeUpdate:
    """As the native one."""

    def __init__(
        self,
        at: float,
        faces: Optional[Faces] = None,
        state: State = State.LIVE,
        error: Optional[Exception] = None,
        *,
        is_fresh: bool = True,
    ) -> None:
        self.at = at
        self.faces = faces
        self.state = state
        self.error = error
        self.reading = None if faces is None else FakeReading(faces, is_fresh=is_fresh)


class FakeSession:
    """Its time stands still but for the updates that it is given, which `next` waits for."""

    name = "fake"
    about = "a fake"
    is_virtual = False

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._updates: deque[FakeUpdate] = deque()
        self._latest = FakeUpdate(0.0, state=State.ABSENT)
        self._now = 0.0
        self.is_closed = False
        self.has_ended = False
        self.is_waiting = threading.Event()
        self.readers: set[str] = set()

    def give(self, *updates: FakeUpdate) -> None:
        with self._changed:
            self._updates.extend(updates)
            self._changed.notify_all()

    def end(self) -> None:
        with self._changed:
            self.has_ended = True
            self._changed.notify_all()

    def let_pass(self, seconds: float) -> None:
        with self._changed:
            self._now += seconds
            self._changed.notify_all()

    def hang(self, until: float) -> None:
        """Time passes, and whoever reads does not come back to say so."""
        self._latest = FakeUpdate(self._now, None, State.STALE)
        self._now = until

    def now(self) -> float:
        return self._now

    def latest(self) -> FakeUpdate:
        return self._latest

    def next(self, until: Optional[float] = None) -> Optional[FakeUpdate]:
        with self._changed:
            self.readers.add(threading.current_thread().name)
            self.is_waiting.set()
            self._changed.wait_for(
                lambda: (
                    self._updates
                    or self.is_closed
                    or self.has_ended
                    or (until is not None and self._now >= until)
                )
            )
            if self.is_closed:
                raise ClosedError("closed", "", "", "")
            if not self._updates:
                return None
            update = self._updates.popleft()
            self._now = max(self._now, update.at)
            self._latest = update
            return update

    def close(self) -> None:
        with self._changed:
            self.is_closed = True
            self._changed.notify_all()

    def __getattr__(self, name: str) -> Any:
        raise AssertionError(f"nobody told the fake what {name} is")


LONG = 30.0
"""Seconds that no test needs: what has not come by then does not come."""

AT_ONCE = {"arrive_after": 0.0, "leave_after": 0.0}


def threads() -> set[str]:
    return {thread.name for thread in threading.enumerate() if thread.name.startswith("mlsensor")}


def on(session: FakeSession, speed: float = 1.0) -> PersonSensor:
    sensor = PersonSensor.__new__(PersonSensor)
    sensor._begin(Opened(cast(Any, session), speed, None), Conclusions(AT_ONCE, {}, recognises=False))
    return sensor


def in_thread(do: Callable[[], object]) -> tuple[threading.Thread, list[object]]:
    """Runs it; what it gives, or raises, is in the list."""
    outcome: list[object] = []

    def run() -> None:
        try:
            outcome.append(do())
        except Exception as error:
            outcome.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    return thread, outcome


def until(is_so: Callable[[], bool]) -> None:
    """Waits for what another thread is about to do."""
    pause = threading.Event()
    for _ in range(int(LONG * 1000)):
        if is_so():
            return
        pause.wait(0.001)
    pytest.fail("it did not come")
