"""The presence pin, TP1 of the sensor: high while its latest result holds a face."""

from __future__ import annotations

import asyncio
import math
import os
import select
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import TracebackType
from typing import Callable, Optional, TypeVar

from mlsensor._enums import Pull
from mlsensor._pin_line import PinLine, PinSource, SimulatedPin, check_timeout, open_pin

__all__ = ["PresencePin", "PresencePinAsync"]

LONGEST_POLL = 3600.0
"""How many seconds one `poll` waits at most: its own limit is 24 days."""

Pin = TypeVar("Pin", bound="_Pin")


class _Pin:
    """What can be asked of a presence pin at once."""

    def __init__(self, line: PinSource, *, pull: Pull = Pull.AS_IS) -> None:
        self._line = open_pin(line, pull)

    @property
    def is_present(self) -> bool:
        """Whether the latest result of the sensor holds a face.

        Raises :class:`BusError` or :class:`ClosedError`.
        """
        return self._line.is_high()

    @property
    def is_active(self) -> bool:
        """The same, as gpiozero calls it."""
        return self.is_present

    @property
    def value(self) -> int:
        """The same as 1 or 0."""
        return int(self.is_present)

    @property
    def is_closed(self) -> bool:
        """Whether it was closed."""
        return self._line.is_closed

    def fileno(self) -> int:
        """The descriptor of the kernel's request: readable while there is a change that was not taken.

        While somebody waits here, changes are taken by that wait. A simulated sensor's pin has none:
        :class:`ConfigError`.
        """
        return self._line.fileno()

    def close(self) -> None:
        """Gives the line back to the system. Whoever waits gets a :class:`ClosedError`."""
        self._line.close()

    def __repr__(self) -> str:
        state = ", closed" if self.is_closed else ""
        return f"<mlsensor.{type(self).__name__} on {self._line.name}{state}>"


class PresencePin(_Pin):
    """The presence pin of a sensor, on a GPIO line: whether there is a face, without the bus.

    ``line`` is the name of a line (``"GPIO17"``), or the label of a chip and a place on it
    (``"pinctrl-rp1:17"``); never the number of a chip, which changes. A simulated sensor does as well: then a
    wait lets virtual time pass. It is a level, not a pulse, and it follows each single result, with its
    misses and false faces. What it does in standby nobody has established.

    Raises :class:`ConfigError` for a name that is none, :class:`NotFoundError` if there is no such line, and
    :class:`BusError` if it cannot be had.

    Threads: may be used from several; several may wait at once. Ctrl-C ends a wait of the main thread.
    """

    def wait_for_presence(self, timeout: Optional[float] = None) -> bool:
        """Waits until there is a face, at most ``timeout`` seconds.

        Says whether there is one, or was one since it was called. Returns at once if there is one now. Raises
        :class:`BusError` or :class:`ClosedError`.
        """
        return self._wait(True, timeout)

    def wait_for_absence(self, timeout: Optional[float] = None) -> bool:
        """Waits until there is no face, at most ``timeout`` seconds.

        Says whether there is none, or was none since it was called. Returns at once if there is none now.
        Raises :class:`BusError` or :class:`ClosedError`.
        """
        return self._wait(False, timeout)

    def _wait(self, wanted: bool, timeout: Optional[float]) -> bool:
        check_timeout(timeout)
        line = self._line
        if isinstance(line, SimulatedPin):
            return any(line.steps(wanted, timeout))
        end = math.inf if timeout is None else time.monotonic() + timeout
        with _woken_by_pipe(line) as poll:
            before = line.changes()
            while True:
                # First the level, then the changes: what comes after this look is counted, so none is missed.
                if line.is_high() is wanted or _came(line, before, wanted):
                    return True
                left = end - time.monotonic()
                if left <= 0:
                    return False
                poll(left)

    def __enter__(self: Pin) -> Pin:
        return self

    def __exit__(
        self,
        kind: Optional[type[BaseException]],
        error: Optional[BaseException],
        trace: Optional[TracebackType],
    ) -> None:
        self.close()


class PresencePinAsync(_Pin):
    """The same for asyncio: its waits are awaited, and the loop watches the line only while somebody waits.

    Threads: may be used from the loops of several threads; several tasks may wait at once. A wait that is
    cancelled leaves nothing behind.
    """

    def __init__(self, line: PinSource, *, pull: Pull = Pull.AS_IS) -> None:
        super().__init__(line, pull=pull)
        self._watching: dict[asyncio.AbstractEventLoop, int] = {}

    async def wait_for_presence(self, timeout: Optional[float] = None) -> bool:
        """As :meth:`PresencePin.wait_for_presence`."""
        return await self._wait(True, timeout)

    async def wait_for_absence(self, timeout: Optional[float] = None) -> bool:
        """As :meth:`PresencePin.wait_for_absence`."""
        return await self._wait(False, timeout)

    async def _wait(self, wanted: bool, timeout: Optional[float]) -> bool:
        check_timeout(timeout)
        line = self._line
        if isinstance(line, SimulatedPin):
            return await _driven(line, wanted, timeout)
        loop = asyncio.get_running_loop()
        news = asyncio.Event()
        is_over = False

        def end() -> None:
            nonlocal is_over
            is_over = True
            news.set()

        timer = None if timeout is None else loop.call_later(timeout, end)
        try:
            with line.waiting(lambda: loop.call_soon_threadsafe(news.set)), self._watched(line, loop):
                before = line.changes()
                while True:
                    news.clear()
                    if line.is_high() is wanted or _came(line, before, wanted):
                        return True
                    if is_over or timeout == 0:
                        return False
                    await news.wait()
        finally:
            if timer is not None:
                timer.cancel()

    @contextmanager
    def _watched(self, line: PinLine, loop: asyncio.AbstractEventLoop) -> Iterator[None]:
        """The loop watches the line while any of its tasks waits: a descriptor has one reader."""
        descriptor = line.fileno()
        self._watching[loop] = self._watching.get(loop, 0) + 1
        if self._watching[loop] == 1:
            loop.add_reader(descriptor, line.take)
        try:
            yield
        finally:
            self._watching[loop] -= 1
            if not self._watching[loop]:
                del self._watching[loop]
                loop.remove_reader(descriptor)

    async def __aenter__(self: Pin) -> Pin:
        return self

    async def __aexit__(
        self,
        kind: Optional[type[BaseException]],
        error: Optional[BaseException],
        trace: Optional[TracebackType],
    ) -> None:
        self.close()


def _came(line: PinLine, before: tuple[int, int], wanted: bool) -> bool:
    """Whether the line changed to this level since then."""
    (rises, falls), (rises_before, falls_before) = line.changes(), before
    return rises > rises_before if wanted else falls > falls_before


async def _driven(line: SimulatedPin, wanted: bool, timeout: Optional[float]) -> bool:
    """A wait that lets virtual time pass, in which the other tasks live as well."""
    for outcome in line.steps(wanted, timeout):
        if outcome is not None:
            return outcome
        await asyncio.sleep(0)
    return False


@contextmanager
def _woken_by_pipe(line: PinLine) -> Iterator[Callable[[float], None]]:
    """What waits, so many seconds at most, for a change that nobody has taken, or for the word of who has."""
    read_end, write_end = os.pipe()
    try:
        os.set_blocking(read_end, False)
        os.set_blocking(write_end, False)
        with line.waiting(lambda: os.write(write_end, b"!")):
            poll = select.poll()
            poll.register(read_end, select.POLLIN)
            poll.register(line.fileno(), select.POLLIN)

            def wait(seconds: float) -> None:
                poll.poll(math.ceil(min(seconds, LONGEST_POLL) * 1000))
                with suppress(BlockingIOError):
                    os.read(read_end, 1024)

            yield wait
    finally:
        os.close(read_end)
        os.close(write_end)
