"""The choices and outcomes that are one of a few. The native module knows them by their names."""

from __future__ import annotations

import enum

__all__ = [
    "FaultKind",
    "LookalikeKind",
    "Mode",
    "Pull",
    "State",
]


class Mode(enum.Enum):
    """Whether the sensor looks by itself (Guide, Mode)."""

    STANDBY = "standby"
    """It looks only when it is told to, once."""
    CONTINUOUS = "continuous"
    """It looks all the time. Power-on state."""


class FaultKind(enum.Enum):
    """The kinds of fault that a simulated bus knows."""

    NACK_ADDRESS = "nack_address"
    NACK_DATA = "nack_data"
    ARBITRATION_LOSS = "arbitration_loss"
    BUS_ERROR = "bus_error"
    STRETCH_TIMEOUT = "stretch_timeout"
    ALL_ONES = "all_ones"
    ALL_ZERO = "all_zero"
    BIT_FLIPS = "bit_flips"
    BURST = "burst"
    TAIL = "tail"
    SLIP = "slip"
    TORN = "torn"
    FROZEN = "frozen"
    GONE = "gone"
    RESET = "reset"
    NONSENSE = "nonsense"
    LOOKALIKE = "lookalike"


class LookalikeKind(enum.Enum):
    """Other parts that answer at the sensor's address."""

    CO2_SENSOR = "co2_sensor"
    """An SCD4x CO2 sensor: words of two bytes, each with its own checksum."""
    HAND_FIRMWARE = "hand_firmware"
    """The same board with the hand-gesture firmware."""
    ANSWERS_ALL = "answers_all"
    """A bus that acknowledges every address and drives nothing, such as a display's."""
    OTHER_PART = "other_part"
    """A part that sends bytes of its own."""


class State(enum.Enum):
    """What is known of a sensor now."""

    LIVE = "live"
    """There is a reading, and it is young."""
    STALE = "stale"
    """There is no such reading, but the sensor has proved itself since the bus was opened, not long ago: reads fail, or it
    was just set, or it is in standby."""
    ABSENT = "absent"
    """Nothing has proved to be a Person Sensor since the bus was opened last."""
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
