"""What can go wrong.

Each message has four parts: what happened, the likeliest cause, one command to run, and the code to search
for.
"""

from __future__ import annotations

from typing import Any, Optional

__all__ = [
    "BusError",
    "ClosedError",
    "ConfigError",
    "NotFoundError",
    "PacketError",
    "ProcedureError",
    "SensorError",
]


class SensorError(Exception):
    """The root of all errors of this package."""

    what: str
    """What happened."""
    likely: str
    """The likeliest cause."""
    run: str
    """One command to run."""
    code: str
    """The code to search for, in docs/errors.md."""

    def __init__(self, what: str, likely: str, run: str, code: str) -> None:
        Exception.__init__(self, what, likely, run, code)
        self.what = what
        self.likely = likely
        self.run = run
        self.code = code

    def __str__(self) -> str:
        return f"{self.what}\nlikely: {self.likely}\nrun: {self.run}\ncode: {self.code}"

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), self.args


class BusError(SensorError, OSError):
    """A transfer failed, or the bus cannot be opened. Never "nobody"."""

    errno: Optional[int]
    """What the operating system calls it, if it was the operating system: 121 where nothing answers."""

    def __init__(self, what: str, likely: str, run: str, code: str, errno: Optional[int] = None) -> None:
        SensorError.__init__(self, what, likely, run, code)
        self.args: tuple[Any, ...] = (what, likely, run, code, errno)
        self.errno = errno


class NotFoundError(BusError):
    """There is no such bus, nothing answers on it, or what answers is no Person Sensor."""


class PacketError(SensorError, ValueError):
    """A packet was refused: it says nothing, and not "nobody"."""

    rule: str
    """Which rule it breaks: that of its place in the packet's layout."""
    place: int
    """The first byte of the field that breaks it, 0 to 37; if the length does, where the packet ends, up to
    39."""
    value: int
    """What stands there."""

    def __init__(
        self, what: str, likely: str, run: str, code: str, rule: str, place: int, value: int
    ) -> None:
        SensorError.__init__(self, what, likely, run, code)
        self.args: tuple[Any, ...] = (what, likely, run, code, rule, place, value)
        self.rule = rule
        self.place = place
        self.value = value


class ConfigError(SensorError, ValueError):
    """Something was asked for that does not exist, or that is out of its range."""


class ClosedError(SensorError):
    """The sensor is closed."""


class ProcedureError(SensorError):
    """Somebody was not enrolled, or not everybody was forgotten. Its cause is the latest failure of the bus,
    if there was one.
    """

    gave_up: Any
    """What the procedure said: a `GaveUp` or a `NotErased` of `mlsensor.behavior`; ``None`` if the source
    ended."""

    def __init__(self, what: str, likely: str, run: str, code: str, gave_up: Any = None) -> None:
        SensorError.__init__(self, what, likely, run, code)
        self.args: tuple[Any, ...] = (what, likely, run, code, gave_up)
        self.gave_up = gave_up


def _name_as_imported() -> None:
    """A traceback names them as a program imports them."""
    for name in __all__:
        globals()[name].__module__ = "mlsensor"


_name_as_imported()
