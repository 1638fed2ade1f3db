"""The simulated sensor that a `PersonSensor` opens if its program names no bus, during a test."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Optional

if TYPE_CHECKING:
    from mlsensor.sim import SimSensor

__all__ = ["current", "used_by_default"]

# One for all threads: a program under test may open its sensor in a thread of its own.
_sensors: list[SimSensor] = []


def current() -> Optional[SimSensor]:
    """The simulated sensor in the place of the bus that nobody named; ``None``: the environment names it."""
    return _sensors[-1] if _sensors else None


@contextmanager
def used_by_default(sensor: SimSensor) -> Generator[SimSensor, None, None]:
    """Makes this sensor what a program opens that names no bus; inside another one, this one."""
    _sensors.append(sensor)
    try:
        yield sensor
    finally:
        _sensors.remove(sensor)
