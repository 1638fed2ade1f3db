"""What presence pins share: the line, who waits for it, and the simulated sensor's pin."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Callable, Optional, Union

from mlsensor import _native
from mlsensor._enums import Pull
from mlsensor._errors import ClosedError, ConfigError, SensorError

LONGEST_VIRTUAL_WAIT = 60 * 60.0
"""How many seconds of virtual time a wait without a time-out lets pass at most."""

HELP = "python3 -c 'import mlsensor; help(mlsensor.PresencePin)'"

PinSource = Union[str, _native.SimSensor]
"""What a presence pin is on: a GPIO line, or a simulated sensor."""


def no_level_comes() -> SensorError:
    """The virtual wait that will not end."""
    return ConfigError(
        "the simulated presence pin is waited for, and nothing has changed it for an hour of virtual time",
        "the scene stays as it is, or the sensor has no power: give a timeout, or let something happen first",
        "python3 -c 'import mlsensor.sim; help(mlsensor.sim.SimSensor)'",
        "MLSENSOR-CONFIG",
    )


def closed() -> ClosedError:
    """The pin is closed."""
    return ClosedError(
        "the presence pin is closed",
        "it is used after close(), or after the `with` in which it was opened",
        HELP,
        "MLSENSOR-CLOSED",
    )


class PinLine:
    """A GPIO line, and who waits for it. A change is taken from the kernel once, and all who wait are told.

    Threads: may be used from several.
    """

    def __init__(self, name: str, pull: Pull) -> None:
        self._native = _native.Line(name, pull)
        # A handler of a signal may close the pin while its thread is in here.
        self._lock = threading.RLock()
        self._waiters: list[Callable[[], object]] = []
        self._counts = (0, 0)
        self.is_closed = False

    @property
    def name(self) -> str:
        return self._native.name

    def fileno(self) -> int:
        self.check()
        return self._native.fileno()

    def check(self) -> None:
        """Raises ClosedError if it is closed."""
        if self.is_closed:
            raise closed()

    def is_high(self) -> bool:
        self.check()
        return self._native.is_high()

    def changes(self) -> tuple[int, int]:
        """How often it rose and fell. Whoever waits is told if that is news."""
        self.check()
        with self._lock:
            counts = self._native.changes()
            if counts != self._counts:
                self._counts = counts
                self._wake()
            return counts

    def take(self) -> None:
        """Takes what the kernel has, for those who wait. If that fails they are woken to see it."""
        try:
            self.changes()
        except SensorError:
            with self._lock:
                self._wake()

    def _wake(self) -> None:
        for wake in self._waiters:
            # One whose event loop was closed waits no more.
            with suppress(OSError, RuntimeError):
                wake()

    @contextmanager
    def waiting(self, wake: Callable[[], object]) -> Iterator[None]:
        """Who is told of changes, and of the end. The line stays open until the last one has left."""
        with self._lock:
            self.check()
            self._waiters.append(wake)
        try:
            yield
        finally:
            with self._lock:
                self._waiters.remove(wake)
                if self.is_closed and not self._waiters:
                    self._native.close()

    def close(self) -> None:
        with self._lock:
            self.is_closed = True
            self._wake()
            if not self._waiters:
                self._native.close()


class SimulatedPin:
    """The presence pin of a simulated sensor. Waiting lets virtual time pass.

    Threads: as its sensor.
    """

    def __init__(self, sensor: _native.SimSensor) -> None:
        self.sensor = sensor
        self.is_closed = False

    @property
    def name(self) -> str:
        return "TP1 of a simulated sensor"

    def check(self) -> None:
        """Raises ClosedError if it is closed."""
        if self.is_closed:
            raise closed()

    def is_high(self) -> bool:
        self.check()
        return self.sensor.presence

    def fileno(self) -> int:
        self.check()
        raise ConfigError(
            "the presence pin of a simulated sensor has no descriptor",
            "it lives in virtual time: wait_for_presence() lets that pass",
            HELP,
            "MLSENSOR-CONFIG",
        )

    def close(self) -> None:
        self.is_closed = True

    def steps(self, wanted: bool, timeout: Optional[float]) -> Iterator[Optional[bool]]:
        """Lets time pass, event by event; gives None after each, and in the end what came of it."""
        begin = self.sensor.now
        end = begin + (LONGEST_VIRTUAL_WAIT if timeout is None else timeout)
        while True:
            if self.is_high() is wanted:
                yield True
                return
            # Virtual time has nanoseconds: less is nothing, and would never pass.
            left = round(end - self.sensor.now, 9)
            step = _native.next_event(self.sensor)
            if timeout is None and (step is None or left <= 0):
                raise no_level_comes()
            if left <= 0:
                yield False
                return
            self.sensor.advance(left if step is None else min(max(step, 1e-9), left))
            yield None


def open_pin(line: PinSource, pull: Pull) -> Union[PinLine, SimulatedPin]:
    """The pin by the name of its line, or that of a simulated sensor."""
    if isinstance(line, _native.SimSensor):
        return SimulatedPin(line)
    return PinLine(_line_name(line), pull)


def _line_name(line: object) -> str:
    """The name, if it is one: many take a number for one, as gpiozero does, where LED(17) is GPIO17."""
    if isinstance(line, str):
        return line
    meant = f'"GPIO{line}"' if isinstance(line, int) else 'such as "GPIO17"'
    raise ConfigError(
        f"{line!r} names no GPIO line",
        f"a line is found by its name, which is a text: {meant}",
        "gpioinfo    (from the package gpiod)",
        "MLSENSOR-GPIO",
    )


def check_timeout(timeout: Optional[float]) -> None:
    """Raises ConfigError if it is none."""
    if timeout is not None and not timeout >= 0:
        raise ConfigError(
            f"{timeout} s is no time to wait",
            "a timeout is a number of seconds that is not below 0, or None: without end",
            HELP,
            "MLSENSOR-CONFIG",
        )
