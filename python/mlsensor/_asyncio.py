"""The Person Sensor for `asyncio`."""

# The parts of a sensor know each other, and nobody else knows them.
# pyright: reportPrivateUsage=false

from __future__ import annotations

import asyncio
import functools
import math
import os
import threading
from collections.abc import AsyncIterator, Mapping
from types import MappingProxyType, TracebackType
from typing import Any, Callable, Optional, TypeVar, Union

from mlsensor._enums import State
from mlsensor._errors import ClosedError
from mlsensor._iteration import FreshFacesAsync, UpdatesAsync
from mlsensor._native import Config, Faces, Update
from mlsensor._opening import Bus
from mlsensor._people import PeopleAsync
from mlsensor._person_sensor import PersonSensor
from mlsensor._pin_line import PinSource
from mlsensor._presence_pin import PresencePin
from mlsensor._reader import Reader
from mlsensor._requests import RequestsAsync
from mlsensor._sources import SourceAsync

__all__ = ["PersonSensorAsync"]

T = TypeVar("T")

_NOTHING: Mapping[str, Any] = MappingProxyType({})


class PersonSensorAsync(RequestsAsync, PeopleAsync):
    """A `PersonSensor` that is awaited. It takes the same arguments, and opens the bus in ``async with``, or
    by `open`.

    ::

        async with PersonSensorAsync() as sensor:
            async for faces in sensor.stream():
                print(faces.count)

    Any await may be cancelled: it leaves no task, and the sensor as it was; if that was `open`, closed.

    Threads: one reads, from the first wait on (none where time is virtual: it passes in who waits). It may be
    used in any event loop, in several too. There are no callbacks here: await, or use `PersonSensor`.
    """

    __slots__ = ("__weakref__", "_lock", "_opening", "_sensor", "_was_closed")

    def __init__(
        self,
        bus: Bus = None,
        *,
        address: int = 0x62,
        config: Optional[Config] = None,
        every: Optional[float] = None,
        wait: bool = False,
        pin: Optional[PinSource] = None,
        presence: Mapping[str, Any] = _NOTHING,
        attention: Mapping[str, Any] = _NOTHING,
    ) -> None:
        self._begin(
            functools.partial(
                PersonSensor,
                bus,
                address=address,
                config=config,
                every=every,
                wait=wait,
                pin=pin,
                presence=presence,
                attention=attention,
            )
        )

    @classmethod
    def simulated(
        cls,
        scenario: Union[str, os.PathLike[str]] = "walk_up",
        *,
        speed: Optional[float] = None,
        seed: Optional[int] = None,
        config: Optional[Config] = None,
        every: Optional[float] = None,
        presence: Mapping[str, Any] = _NOTHING,
        attention: Mapping[str, Any] = _NOTHING,
    ) -> PersonSensorAsync:
        """As `PersonSensor.simulated`."""
        sensor = cls.__new__(cls)
        sensor._begin(
            functools.partial(
                PersonSensor.simulated,
                scenario,
                speed=speed,
                seed=seed,
                config=config,
                every=every,
                presence=presence,
                attention=attention,
            )
        )
        return sensor

    @classmethod
    def _of(cls, opened: PersonSensor) -> PersonSensorAsync:
        sensor = cls.__new__(cls)
        sensor._begin(lambda: opened)
        sensor._sensor = opened
        return sensor

    def _begin(self, opening: Callable[[], PersonSensor]) -> None:
        self._opening = opening
        self._lock = threading.Lock()
        self._sensor: Optional[PersonSensor] = None
        self._was_closed = False

    # ---- the life of it

    async def open(self) -> PersonSensorAsync:
        """Finds the sensor, and sets it. Raises what `PersonSensor` raises."""
        if self._sensor is None and not self._was_closed:
            try:
                await asyncio.to_thread(self._open)
            except asyncio.CancelledError:
                # The thread goes on: what it opens is closed by whoever of the two comes last.
                self._close()
                raise
        self._opened()
        return self

    def _open(self) -> None:
        sensor = self._opening()
        with self._lock:
            if not self._was_closed and self._sensor is None:
                self._sensor = sensor
                return
        sensor.close()

    def _close(self) -> None:
        with self._lock:
            self._was_closed = True
            sensor = self._sensor
        if sensor is not None:
            sensor.close()

    async def close(self) -> None:
        """As `PersonSensor.close`. If this is cancelled it is closed all the same."""
        sensor = self._sensor
        if sensor is None or sensor._reader.is_virtual:
            self._close()
        else:
            await asyncio.to_thread(self._close)

    async def __aenter__(self) -> PersonSensorAsync:
        return await self.open()

    async def __aexit__(
        self,
        kind: Optional[type[BaseException]],
        error: Optional[BaseException],
        trace: Optional[TracebackType],
    ) -> None:
        await self.close()

    def _here(self) -> PersonSensor:
        sensor = self._sensor
        if sensor is None:
            raise ClosedError(
                "the sensor is not open",
                "it is used without `async with`, before open(), or after close()",
                "python3 -c 'import mlsensor; help(mlsensor.PersonSensorAsync)'",
                "MLSENSOR-CLOSED",
            )
        return sensor

    def _opened(self) -> Reader:
        reader = self._here()._reader
        reader.check()
        return reader

    @property
    def pin(self) -> Optional[PresencePin]:
        """As `PersonSensor.pin`. To await it, give its line to a `PresencePinAsync` instead."""
        return self._here().pin

    @property
    def name(self) -> str:
        """As `PersonSensor.name`. Raises ClosedError before it is open."""
        return self._here().name

    @property
    def about(self) -> str:
        """As `PersonSensor.about`. Raises ClosedError before it is open."""
        return self._here().about

    @property
    def remarks(self) -> list[str]:
        """As `PersonSensor.remarks`. Raises ClosedError before it is open."""
        return self._here().remarks

    @property
    def is_closed(self) -> bool:
        """Whether it was closed."""
        return self._was_closed or (self._sensor is not None and self._sensor.is_closed)

    def __repr__(self) -> str:
        if self._sensor is None:
            return f"<PersonSensorAsync: {'closed' if self._was_closed else 'not open yet'}>"
        return repr(self._sensor).replace("PersonSensor", "PersonSensorAsync", 1)

    # ---- readings

    def stream(self) -> AsyncIterator[Faces]:
        """``async for`` one fresh reading each: see `PersonSensor.__iter__`."""
        return FreshFacesAsync(self, self._opened())

    def __aiter__(self) -> AsyncIterator[Faces]:
        return self.stream()

    def updates(self) -> AsyncIterator[Update]:
        """As `PersonSensor.updates`."""
        return UpdatesAsync(self, self._opened())

    @property
    def latest(self) -> Update:
        """As `PersonSensor.latest`."""
        return self._here().latest

    @property
    def state(self) -> State:
        """As `PersonSensor.state`."""
        return self._here().state

    def counters(self) -> dict[str, Any]:
        """As `PersonSensor.counters`."""
        return self._here().counters()

    # ---- what is concluded

    def _source(self, name: str) -> SourceAsync:
        return SourceAsync(self, self._here()._reader, name)

    async def wait_for_end(self, timeout: Optional[float] = None) -> bool:
        """As `PersonSensor.wait_for_end`."""
        await self._pass_time(timeout)
        return self._here()._reader.has_ended

    async def _pass_time(self, seconds: Optional[float]) -> None:
        await self._wait(lambda: None, seconds)

    async def _wait(self, ready: Callable[[], Optional[T]], timeout: Optional[float] = None) -> Optional[T]:
        """Waits until `ready` gives something; ``None`` after `timeout` seconds of the source, and at its
        end.
        """
        reader = self._opened()
        deadline, begin = reader.deadline(timeout), reader.now()
        if not reader.is_virtual:
            return await _told(reader, ready, deadline)
        while True:
            await asyncio.sleep(0)
            result, left = reader.poll(ready, deadline)
            if result is not None or left <= 0:
                return result
            reader.step(deadline)
            reader.check_patience(begin, deadline)


async def _told(reader: Reader, ready: Callable[[], Optional[T]], deadline: float) -> Optional[T]:
    """Waits for what the thread that reads tells."""
    loop = asyncio.get_running_loop()
    news = asyncio.Event()

    def wake() -> None:
        try:
            loop.call_soon_threadsafe(news.set)
        except RuntimeError:
            # The loop was closed with this wait in it: nobody is there to be told.
            reader.off_update(wake)

    reader.on_update(wake)
    try:
        reader.start()
        while True:
            news.clear()
            result, left = reader.poll(ready, deadline)
            if result is not None or left <= 0:
                return result
            timer = None if math.isinf(left) else loop.call_later(left, news.set)
            try:
                await news.wait()
            finally:
                if timer is not None:
                    timer.cancel()
    finally:
        reader.off_update(wake)
