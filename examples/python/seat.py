"""Who sits nearest to a display, and whose settings are to be loaded for them."""

from __future__ import annotations

from typing import Optional

from strangers import LONG_ENOUGH, Strangers

from mlsensor import Faces
from mlsensor.behavior import Gate, Track, Tracker

GUEST = "guest"


class Seat:
    """A seat. Settings are loaded once a visit, and again when somebody else takes the seat, for long enough.

    Who is not known is a guest, and no guest is left with somebody's settings.
    """

    def __init__(self, gate: Gate) -> None:
        self.tracker = Tracker.with_recognition(gate=gate)
        self.strangers = Strangers()
        self.nearest: Optional[int] = None
        self.since = 0.0
        self.who: Optional[str] = None
        """The id of who sits there, "guest" for a stranger, None as long as that is not sure."""
        self.told: Optional[str] = None
        self.loaded: Optional[str] = None

    def update(self, at: float, faces: Optional[Faces]) -> None:
        """Takes a reading; no faces are no reading."""
        self.tracker.update(at, faces)
        strangers = self.strangers.update(self.tracker)
        nearest = max(self.tracker.tracks, key=self._area, default=None)
        heard = self.tracker.last_heard or 0.0
        if nearest is None or nearest.id != self.nearest:
            self.nearest, self.since = nearest and nearest.id, heard
        has_sat = heard - self.since >= LONG_ENOUGH  # not who looks over a shoulder, or sits beside
        self.who = None
        if nearest is not None and nearest.identity is not None:
            who = str(nearest.identity)
            self.who = who if has_sat or self.told in (None, who) else None
        elif nearest is not None and nearest.id in strangers and has_sat:
            self.who = GUEST

    def _area(self, track: Track) -> int:
        # Of two who sit side by side, a packet shows the one nearer, the next one the other.
        return track.bounds.area * (5 if track.id == self.nearest else 4)

    def is_taken_anew(self) -> bool:
        """Whether settings are to be loaded now. It says so once."""
        if self.who is None or self.who == self.told or (self.who == GUEST and self.loaded in (None, GUEST)):
            return False
        self.told = self.loaded = self.who
        return True

    def leave(self) -> None:
        """A visit is over. Whose settings are loaded stays as it is."""
        self.told = None

    def __str__(self) -> str:
        """Who sits there, in words."""
        return "a guest" if self.who == GUEST else f"id {self.who}"
