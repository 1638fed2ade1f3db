"""What is asked of a sensor directly: the driver's methods, by their names."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Optional, TypeVar, cast

from mlsensor._enums import Mode
from mlsensor._native import Config, Enrolled, Erased, Faces, Session
from mlsensor._procedures import EnrollTeller, EraseTeller, Run, run, run_async
from mlsensor.behavior import Enroll, Erase

if TYPE_CHECKING:
    from mlsensor._asyncio import PersonSensorAsync
    from mlsensor._reader import Reader

__all__ = ["Requests", "RequestsAsync"]

T = TypeVar("T")


class Requests:
    """Each is one attempt on the bus, between two readings. They raise BusError, PacketError and ClosedError.

    Threads: they may be used from any, and wait for each other.
    """

    __slots__ = ()

    _reader: Reader

    def _ask(self) -> Session:
        return self._reader.open_session()

    def read(self) -> Faces:
        """Reads the latest result, which may have been read before: iterate for fresh ones."""
        return self._ask().read()

    def read_packet(self) -> bytes:
        """The 39 bytes of a read, unchecked."""
        return self._ask().read_packet()

    def read_split(self) -> Faces:
        """The same as `read` in two transfers, for adapters that stop at 32 bytes.

        It works only if the sensor goes on where the first transfer stopped, which nobody has established:
        otherwise it raises PacketError.
        """
        return self._ask().read_split()

    def probe(self) -> Faces:
        """Makes sure, without writing, that a Person Sensor answers. Raises NotFoundError otherwise."""
        return self._ask().probe()

    def configure(self, config: Config) -> None:
        """Sets everything, now and whenever the sensor comes back."""
        self._ask().configure(config)

    def set_mode(self, mode: Mode) -> None:
        """Lets the sensor look all the time, or, in standby, only when it is told to: see `capture`."""
        self._ask().set_mode(mode)

    def set_id_enabled(self, enabled: bool) -> None:
        """Turns recognition on or off. An inference takes almost twice as long with it."""
        self._ask().set_id_enabled(enabled)

    def trigger_single_shot(self) -> None:
        """In standby: one inference. See `capture`."""
        self._ask().trigger_single_shot()

    def capture(self, wait: float = 0.5) -> Faces:
        """In standby: one inference, and its result after `wait` seconds."""
        return self._ask().capture(wait)

    def label_next_id(self, id: int) -> None:
        """Gives this id, 0 to 7, to who is alone before the sensor next. `enroll` makes sure of it."""
        self._ask().label_next_id(id)

    def set_persist_ids(self, persist: bool) -> None:
        """Whether ids outlive a loss of power."""
        self._ask().set_persist_ids(persist)

    def erase_ids(self) -> None:
        """Forgets all ids. `erase_and_verify` makes sure of it."""
        self._ask().erase_ids()

    def set_led(self, on: bool) -> None:
        """Whether the light of the sensor shows that a face is seen."""
        self._ask().set_led(on)

    def enroll(self, id: int, *, progress: Optional[EnrollTeller] = None, **config: Any) -> Enrolled:
        """Gives an id, 0 to 7, to the one person before the sensor, and makes sure of it: 5 seconds if they
        do as told.

        `progress` is called with what to tell them, whenever that changes; the rest are arguments of
        `mlsensor.behavior.Enroll`. The sensor is left in continuous mode with recognition on. Raises
        ProcedureError.
        """
        return cast(Enrolled, run(Run(Enroll(id, **config), self._ask(), progress), self._reader))

    def erase_and_verify(self, *, progress: Optional[EraseTeller] = None, **config: Any) -> Erased:
        """Forgets all ids, and makes sure of it as far as somebody is there to check with: 4 to 7 seconds.

        `progress` is called with what to tell them; the rest are arguments of `mlsensor.behavior.Erase`. The
        sensor is left in continuous mode with recognition on. Raises ProcedureError.
        """
        return cast(Erased, run(Run(Erase(**config), self._ask(), progress), self._reader))


class RequestsAsync:
    """The same, awaited. A request that is cancelled is still made; its result is dropped.

    Threads: each is made in a thread of `asyncio.to_thread`, and at once where time is virtual.
    """

    __slots__ = ()

    def _opened(self) -> Reader:
        raise NotImplementedError

    async def _ask(self, ask: Callable[..., T], *arguments: Any) -> T:
        return await self._call(ask, self._opened().session, *arguments)

    async def _call(self, call: Callable[..., T], *arguments: Any) -> T:
        if not self._opened().is_virtual:
            return await asyncio.to_thread(call, *arguments)
        await asyncio.sleep(0)
        return call(*arguments)

    async def read(self) -> Faces:
        """As `PersonSensor.read`."""
        return await self._ask(Session.read)

    async def read_packet(self) -> bytes:
        """As `PersonSensor.read_packet`."""
        return await self._ask(Session.read_packet)

    async def read_split(self) -> Faces:
        """As `PersonSensor.read_split`."""
        return await self._ask(Session.read_split)

    async def probe(self) -> Faces:
        """As `PersonSensor.probe`."""
        return await self._ask(Session.probe)

    async def configure(self, config: Config) -> None:
        """As `PersonSensor.configure`."""
        await self._ask(Session.configure, config)

    async def set_mode(self, mode: Mode) -> None:
        """As `PersonSensor.set_mode`."""
        await self._ask(Session.set_mode, mode)

    async def set_id_enabled(self, enabled: bool) -> None:
        """As `PersonSensor.set_id_enabled`."""
        await self._ask(Session.set_id_enabled, enabled)

    async def trigger_single_shot(self) -> None:
        """As `PersonSensor.trigger_single_shot`."""
        await self._ask(Session.trigger_single_shot)

    async def capture(self, wait: float = 0.5) -> Faces:
        """As `PersonSensor.capture`."""
        return await self._ask(Session.capture, wait)

    async def label_next_id(self, id: int) -> None:
        """As `PersonSensor.label_next_id`."""
        await self._ask(Session.label_next_id, id)

    async def set_persist_ids(self, persist: bool) -> None:
        """As `PersonSensor.set_persist_ids`."""
        await self._ask(Session.set_persist_ids, persist)

    async def erase_ids(self) -> None:
        """As `PersonSensor.erase_ids`."""
        await self._ask(Session.erase_ids)

    async def set_led(self, on: bool) -> None:
        """As `PersonSensor.set_led`."""
        await self._ask(Session.set_led, on)

    async def enroll(self, id: int, *, progress: Optional[EnrollTeller] = None, **config: Any) -> Enrolled:
        """As `PersonSensor.enroll`. If it is cancelled nothing more is sent: somebody may hold the id."""
        procedure = Run(Enroll(id, **config), self._opened().session, progress)
        return cast(Enrolled, await run_async(procedure, cast("PersonSensorAsync", self)))

    async def erase_and_verify(self, *, progress: Optional[EraseTeller] = None, **config: Any) -> Erased:
        """As `PersonSensor.erase_and_verify`."""
        procedure = Run(Erase(**config), self._opened().session, progress)
        return cast(Erased, await run_async(procedure, cast("PersonSensorAsync", self)))
