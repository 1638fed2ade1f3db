"""The choices and outcomes that are one of a few. The native module knows them by their names."""

from __future__ import annotations

import enum

__all__ = ["Mode", "Pull", "State"]


class Mode(enum.Enum):
    """Whether the sensor looks by itself (Guide, Mode)."""

    STANDBY = "standby"
    """It looks only when it is told to, once."""
    CONTINUOUS = "continuous"
    """It looks all the time. Power-on state."""


class Pull(enum.Enum):
    """What a GPIO line that nothing drives is pulled to."""

    AS_IS = "as_is"
    """As it is set: what every chip can do."""
    DOWN = "down"
    """Down: an unplugged sensor sees nobody."""
    UP = "up"
    """Up."""
    NONE = "none"
    """To nothing."""


class State(enum.Enum):
    """What is known of a sensor now."""

    LIVE = "live"
    """There is a reading, and it is young."""
    STALE = "stale"
    """There is no such reading, but the sensor has proved itself since the bus was opened, not long ago: reads fail, or it
    was just set, or it is in standby."""
    ABSENT = "absent"
    """Nothing has proved to be a Person Sensor since the bus was opened last."""
