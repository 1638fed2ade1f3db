"""What is known of the people before a sensor, and when that changes, by the driver's behaviours."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Optional

from mlsensor._enums import Outcome, State
from mlsensor._native import Faces
from mlsensor.behavior import Attention, Presence, Tracker

__all__ = ["SOURCES", "Conclusions"]

SOURCES = ("presence", "facing", "face_count")


class _Edge:
    """What a source said last, and which change of that is an event."""

    def __init__(self) -> None:
        self.outcome = Outcome.UNKNOWN
        self._known = Outcome.UNKNOWN

    def goes(self, outcome: Outcome) -> Optional[str]:
        """Takes what it says now; gives the event."""
        if outcome is self.outcome:
            return None
        self.outcome = outcome
        if outcome is Outcome.UNKNOWN:
            return "unknown"
        known, self._known = self._known, outcome
        if outcome is Outcome.PRESENT:
            return "activated"
        # Who was not here when something was known last has not left.
        return "deactivated" if known is Outcome.PRESENT else None


class Conclusions:
    """Presence, attention and the count of a sensor, with what was told of changes.

    Threads: none of its own, and no lock: its reader calls it with the lock held.
    """

    def __init__(
        self, presence: Mapping[str, Any], attention: Mapping[str, Any], *, recognises: bool
    ) -> None:
        if recognises:
            self._presence = Presence.with_recognition(**presence)
            self._tracker = Tracker.with_recognition()
            self._attention = Attention.with_recognition(**attention)
        else:
            self._presence = Presence(**presence)
            self._tracker = Tracker()
            self._attention = Attention(**attention)
        self._edges = {name: _Edge() for name in SOURCES}
        self._state: Optional[State] = None
        self.count: Optional[int] = None
        """How many faces there are; `None` while that is not known."""
        self.heard: float = 0.0
        """When they were fed last, in the time of the source."""

    def outcome(self, source: str) -> Outcome:
        """What a source says."""
        return self._edges[source].outcome

    def feed(self, at: float, faces: Optional[Faces], state: State) -> list[str]:
        """Takes a reading, or that there was none; gives the events, such as ``"presence.activated"``."""
        # A reading carries the time at which it began, which may lie before the one at which silence was
        # noticed.
        at = self.heard = max(at, self.heard)
        self._presence.update(at, faces)
        self._tracker.update(at, faces)
        if self._attention.update(at, self._tracker) is not None:
            # Where one look ends and somebody else is ready to follow, that look begins with the next update.
            self._attention.update(at, self._tracker)
        if faces is not None:
            self.count = faces.count
        elif state is not State.LIVE:
            self.count = None
        counted = Outcome.PRESENT if self.count else Outcome.ABSENT
        events = self._goes("face_count", Outcome.UNKNOWN if self.count is None else counted)
        events += self._goes("presence", self._presence.outcome)
        events += self._goes("facing", self._attention.outcome)
        return events

    def end(self) -> list[str]:
        """Nothing more will be read, so nothing is known."""
        self.count = None
        return [event for name in SOURCES for event in self._goes(name, Outcome.UNKNOWN)]

    def tell(self, state: State, is_trouble: bool) -> list[str]:
        """Takes the state of the sensor; gives the event of a loss or a return. Standby is no loss."""
        if state is not State.LIVE and not is_trouble:
            return []
        before, self._state = self._state, state
        if state is State.LIVE:
            return ["found"] if before not in (None, State.LIVE) else []
        return ["lost"] if before is State.LIVE else []

    def _goes(self, source: str, outcome: Outcome) -> list[str]:
        event = self._edges[source].goes(outcome)
        return [] if event is None else [f"{source}.{event}"]
