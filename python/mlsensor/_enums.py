"""The choices and outcomes that are one of a few. The native module knows them by their names."""

from __future__ import annotations

import enum

__all__ = [
    "FaultKind",
    "Freshness",
    "Lock",
    "LookalikeKind",
    "Mode",
    "Mount",
    "Outcome",
    "Pull",
    "Sense",
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
    """There is no such reading, but the sensor has proved itself since the bus was opened, not long ago:
    reads fail, or it was just set, or it is in standby."""
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


# ---- behaviors


class Outcome(enum.Enum):
    """What a behaviour concludes of what it watches for: it is there, it is not, or nothing is known.

    Unknown is never absent: ask `is_present`, which takes "unknown" for no, or `not outcome.is_absent`, which
    takes it for yes. An outcome has no truth value: `if presence.outcome:` raises TypeError.
    """

    PRESENT = "present"
    """It is so."""
    ABSENT = "absent"
    """It is not so."""
    UNKNOWN = "unknown"
    """Nothing is known: there was no reading for too long, or not enough of them yet."""

    @property
    def is_present(self) -> bool:
        """Whether it is certainly so. Unknown is not."""
        return self is Outcome.PRESENT

    @property
    def is_absent(self) -> bool:
        """Whether it is certainly not so. Unknown is not."""
        return self is Outcome.ABSENT

    @property
    def is_unknown(self) -> bool:
        """Whether nothing is known."""
        return self is Outcome.UNKNOWN

    def __bool__(self) -> bool:
        raise TypeError("an Outcome is one of three, and no truth value: ask is_present or is_absent")


class Mount(enum.Enum):
    """Where the sensor of a pan/tilt sits."""

    ON_THE_HEAD = "on_the_head"
    """On the head: it turns with it."""
    FIXED = "fixed"
    """Beside the head: it stands still and looks straight ahead of the mount."""


class Sense(enum.Enum):
    """Which way an axis turns for a positive angle."""

    NORMAL = "normal"
    """To the sensor's right, or up."""
    REVERSED = "reversed"
    """The other way round, as the servo happens to be mounted."""


class Freshness(enum.Enum):
    """Whether a reading is of an inference that was not read before."""

    NEW = "new"
    """It is: the faces differ from those of the reading before, or there was none before."""
    PRESUMED = "presumed"
    """Most likely it is: the faces are the same, but a new result was due."""
    REPEATED = "repeated"
    """Most likely it is not: the faces are the same, and the next result was not due yet or is waited for."""
    NO_READING = "no_reading"
    """There was no reading."""

    @property
    def is_fresh(self) -> bool:
        """Whether the reading stands for an inference that was not read before, surely or most likely."""
        return self in (Freshness.NEW, Freshness.PRESUMED)


class Lock(enum.Enum):
    """How well the cadence of a sensor is known."""

    SEARCHING = "searching"
    """The period or the phase is looked for, or nothing has changed yet from which it could be learned."""
    LOCKED = "locked"
    """Reads come just after the results, and show it by changes."""
    COASTING = "coasting"
    """Reads come where the results should be, but nothing has changed for three inferences and more."""
