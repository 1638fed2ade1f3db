"""Who is not known, though they faced the sensor for long enough to be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional

from mlsensor.behavior import Attention, Track, Tracker

LONG_ENOUGH = 3.0
"""For how many seconds somebody faces the sensor before they are a stranger. One is mostly enough."""
FLICKER: float = Attention.WITH_RECOGNITION["flicker"]


@dataclass
class Gaze:
    """For how long somebody has faced the sensor. Single packets that say otherwise do not matter."""

    began: float
    last: float
    faced: int = 0
    turned: int = 0

    def add(self, now: float, is_facing: bool) -> None:
        """Takes a packet in which they are seen."""
        if not is_facing:
            self.turned += 1
            return
        was_turned = self.faced == 0 and self.turned > 1
        if was_turned or now - self.last > FLICKER:
            self.began, self.faced, self.turned = now, 0, 0
        self.last, self.faced = now, self.faced + 1


class Strangers:
    """A clock for each of those who are followed: a friend in front must not hide a stranger."""

    def __init__(self) -> None:
        self.packet: Optional[float] = None
        self.gazes: dict[int, Gaze] = {}

    def update(self, tracker: Tracker) -> set[int]:
        """Takes what the tracker has concluded; gives the tracks of strangers who face the sensor now."""
        if tracker.last_reading != self.packet:  # a reading, and no repetition of the one before
            self.packet = tracker.last_reading
            old = self.gazes
            self.gazes = {track.id: old.get(track.id) or begun(track) for track in tracker.tracks}
            for track in tracker.tracks:
                if track.is_seen and track.id in old:
                    self.gazes[track.id].add(track.last_seen, track.is_facing)
        return {track.id for track in tracker.tracks if self._is_stranger(track)}

    def _is_stranger(self, track: Track) -> bool:
        gaze = self.gazes[track.id]
        is_long = gaze.last == self.packet and gaze.last - gaze.began >= LONG_ENOUGH
        return is_long and gaze.faced >= 3 * gaze.turned and track.is_seen and track.identity is None


def begun(track: Track) -> Gaze:
    """Of somebody whom the tracker has made out by a few packets, whose word of the head is not known any more."""
    return Gaze(track.first_seen, track.last_seen, int(track.is_facing), int(not track.is_facing))
