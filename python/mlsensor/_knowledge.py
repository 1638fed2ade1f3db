"""What came of reading a sensor: for who wants the next of it, and for the behaviours."""

from __future__ import annotations

import time
from collections import deque
from typing import Optional

from mlsensor._conclusions import Conclusions
from mlsensor._enums import Outcome, State
from mlsensor._native import Faces, Session, Update

__all__ = ["MOMENT", "SILENCE", "Knowledge"]

SILENCE = 0.5
"""How many seconds without an update the behaviours are told of: no cadence of a sensor is longer."""

MOMENT = 1e-6
"""Seconds that are no time: two sums of the same spans may differ in their last digits."""

_KEPT = 256
"""How many updates are kept for who wants each of them: half a minute at least."""


class Knowledge:
    """The updates of a session, and what follows from them.

    Threads: none of its own, and no lock: its reader calls it with the lock held.
    """

    def __init__(self, session: Session, conclusions: Conclusions) -> None:
        self._session = session
        self.conclusions = conclusions
        self._updates: deque[tuple[int, Update]] = deque(maxlen=_KEPT)
        self._fresh: tuple[int, Optional[Faces]] = (0, None)
        self._trouble: tuple[int, Optional[Update]] = (0, None)
        self.number: int = 0
        """The number of the latest update, from 1."""
        self.told: float = 0.0
        """When that was, by the clock of this world."""
        self.has_ended: bool = False

    def fresh_after(self, number: int) -> Optional[tuple[int, Faces]]:
        """Faces that came behind this update, and were not followed by trouble."""
        at, faces = self._fresh
        return None if faces is None or at <= number or self._trouble[0] > at else (at, faces)

    def trouble_after(self, number: int) -> Optional[tuple[int, Exception]]:
        """Why there are no faces now, if that was said behind this update."""
        at, update = self._trouble
        # Each that is raised is one of its own: who raises it adds to its traceback.
        error = None if update is None or at <= number else update.error
        return None if error is None else (at, error)

    def update_after(self, number: int) -> Optional[tuple[int, Update]]:
        """The first update behind this one that is still kept."""
        return next(((at, update) for at, update in self._updates if at > number), None)

    def is_now(self, source: str, outcome: Outcome) -> Optional[bool]:
        """True if it is so, and otherwise `None`."""
        return True if self.conclusions.outcome(source) is outcome else None

    def take(self, update: Optional[Update]) -> list[str]:
        """Keeps an update, or that there was none; gives the events."""
        self.told = time.monotonic()
        if update is None:
            if self._session.has_ended:
                self.has_ended = True
                return self.conclusions.end()
            return self.silence()
        self.number += 1
        self._updates.append((self.number, update))
        reading, error = update.reading, update.error
        if reading is not None and reading.is_fresh:
            self._fresh = (self.number, reading.faces)
        is_trouble = update.state is not State.LIVE and error is not None
        if is_trouble:
            self._trouble = (self.number, update)
        told = self.conclusions.tell(update.state, is_trouble)
        return told + self.conclusions.feed(update.at, update.faces, update.state)

    def silence(self) -> list[str]:
        """Tells the behaviours that there was nothing for too long, if so."""
        now = self._session.now()
        if now - self.conclusions.heard < SILENCE - 2 * MOMENT:
            return []
        return self.conclusions.feed(now, None, self._session.latest().state)
