"""Answers to the open questions about the sensor: see `mlsensor.sim.Assumptions`."""

from __future__ import annotations

import enum

__all__ = [
    "FirstResult",
    "Kept",
    "Latch",
    "Led",
    "Lens",
    "NextRead",
    "NotRecognised",
    "Order",
    "PastTheEnd",
    "PinOutsideContinuous",
    "ProbingWhileBooting",
    "Recognises",
    "SecondSingleShot",
    "SeveralPairs",
    "UndocumentedValue",
]


class FirstResult(enum.Enum):
    """See `Assumptions.before_first_result`."""

    NOBODY = "nobody"
    """A valid packet without faces."""
    ALL_ZERO = "all_zero"
    """39 bytes 0x00, which is no valid packet."""
    ALL_ONES = "all_ones"
    """39 bytes 0xFF, which is no valid packet."""


class Kept(enum.Enum):
    """See `Assumptions.kept`."""

    LARGEST = "largest"
    """The largest."""
    FIRST = "first"
    """Those that came first, whatever their size."""


class Latch(enum.Enum):
    """See `Assumptions.latch`."""

    AT_FIRST_BYTE = "at_first_byte"
    """A packet is of one piece, however it is read."""
    AT_START = "at_start"
    """Each START takes up the latest result, so a packet that is read in two pieces can be of two results."""
    NEVER = "never"
    """Each byte is of the latest result, so any packet can be of two results."""


class Led(enum.Enum):
    """See `Assumptions.led`."""

    SHOWS_FACES = "shows_faces"
    """Lit while the latest result has a face."""
    IS_LIT = "is_lit"
    """Always lit."""


class Lens(enum.Enum):
    """How the lens maps angles to the picture. See `Assumptions.lens`."""

    EQUIDISTANT = "equidistant"
    """Equal angles are equal lengths in the picture."""
    RECTILINEAR = "rectilinear"
    """Straight lines stay straight, as in a pinhole camera."""


class NextRead(enum.Enum):
    """See `Assumptions.after_stop` and `Assumptions.after_repeated_start`."""

    RESTARTS = "restarts"
    """At the first byte of a packet."""
    CONTINUES = "continues"
    """Behind the last byte that was read."""


class NotRecognised(enum.Enum):
    """See `Assumptions.not_recognised`."""

    MINUS_ONE = "minus_one"
    """Confidence 0, id -1."""
    ZERO = "zero"
    """Confidence 0, id 0."""
    BOTH_MINUS_ONE = "both_minus_one"
    """Confidence -1, id -1."""


class Order(enum.Enum):
    """See `Assumptions.order`."""

    LARGEST_FIRST = "largest_first"
    """The largest first."""
    AS_THEY_CAME = "as_they_came"
    """In no order that a program may rely on."""


class PastTheEnd(enum.Enum):
    """See `Assumptions.past_the_end`."""

    ONES = "ones"
    """0xFF: nothing drives the bus."""
    ZEROS = "zeros"
    """0x00."""
    REPEATS = "repeats"
    """The packet again, from its first byte."""


class PinOutsideContinuous(enum.Enum):
    """See `Assumptions.pin_outside_continuous`."""

    LOW = "low"
    """Low."""
    HOLDS = "holds"
    """As it was when continuous mode ended."""
    FOLLOWS = "follows"
    """As in continuous mode: high while the latest result has a face."""


class ProbingWhileBooting(enum.Enum):
    """See `Assumptions.probing_while_booting`."""

    HARMLESS = "harmless"
    """Nothing."""
    HOLDS_DATA_LOW = "holds_data_low"
    """The data line stays low: no transfer on this bus works until it is recovered."""


class Recognises(enum.Enum):
    """See `Assumptions.recognises`."""

    LARGEST_FACE = "largest_face"
    """The largest."""
    EVERY_FACE = "every_face"
    """All."""


class SecondSingleShot(enum.Enum):
    """See `Assumptions.second_single_shot`."""

    IGNORED = "ignored"
    """Nothing: the first one goes on."""
    RESTARTS = "restarts"
    """The first one is dropped."""


class SeveralPairs(enum.Enum):
    """See `Assumptions.several_pairs`."""

    FIRST_ONLY = "first_only"
    """The first."""
    LAST_ONLY = "last_only"
    """The last."""
    ALL = "all"
    """Each, in order."""


class UndocumentedValue(enum.Enum):
    """See `Assumptions.undocumented_value`."""

    IGNORED = "ignored"
    """Nothing."""
    IS_ON = "is_on"
    """The same as 1."""
