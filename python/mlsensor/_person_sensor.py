"""The Person Sensor, as a program holds it."""

# The parts of a sensor know each other, and nobody else knows them.
# pyright: reportPrivateUsage=false

from __future__ import annotations

import os
import threading
import warnings
import weakref
from collections.abc import Iterator, Mapping
from types import MappingProxyType, TracebackType
from typing import TYPE_CHECKING, Any, Optional, Union

from mlsensor._callbacks import Callback, Slot
from mlsensor._conclusions import Conclusions
from mlsensor._enums import State
from mlsensor._iteration import FreshFaces, Updates
from mlsensor._native import Config, Faces, Update
from mlsensor._opening import Bus, Opened, open_session
from mlsensor._people import People
from mlsensor._pin_line import PinSource
from mlsensor._presence_pin import PresencePin
from mlsensor._reader import Reader
from mlsensor._requests import Requests
from mlsensor._sources import Source

if TYPE_CHECKING:
    from mlsensor._asyncio import PersonSensorAsync

__all__ = ["PersonSensor"]

_NOTHING: Mapping[str, Any] = MappingProxyType({})


def _recognises(config: Optional[Config]) -> bool:
    """Whether inferences take longer, and behaviours have to be more patient."""
    return config is not None and config.id_enabled


class PersonSensor(Requests, People):
    """A Person Sensor that is found, set, and read for as long as the program runs.

    ::

        with PersonSensor() as sensor:
            for faces in sensor:
                print(faces.count)

    Times are seconds of the source: of this world for a bus of the system, of the scene or recording
    otherwise.

    Args:
        bus: a path or a number (``"/dev/i2c-1"`` or ``1``), ``"sim:walk_up"`` or ``"sim:FILE.toml"`` for a
            simulated scene, ``"replay:FILE"`` for a recording, a `SimSensor` or a `SimBus`, or the `Channel`
            of a multiplexer. ``None``: what the environment variable ``MLSENSOR_BUS`` names, else
            ``/dev/i2c-1``. A scene or a recording passes ``MLSENSOR_SPEED`` times as fast as this world,
            ``inf``: at once, as far as the program waits.
        address: the address of the sensor, 0x62.
        config: what the sensor is set to, whenever it is found: now, and after it lost its power.
        every: read each so many seconds, 0.01 to 0.5, instead of just after each inference.
        wait: do not fail if there is no sensor on the bus, or no such bus yet, but wait for it.
        pin: the GPIO line that the presence pin is wired to, such as ``"GPIO17"``: see `pin`.
        presence: settings of `presence`: the arguments of `mlsensor.behavior.Presence`.
        attention: settings of `facing`: the arguments of `mlsensor.behavior.Attention`.

    Raises:
        NotFoundError: there is no such bus, or no sensor on it.
        BusError: the bus cannot be used.
        ConfigError: an argument, or a value in the environment, means nothing.

    Threads: it may be used from any, and be closed from any. A thread that reads is there from the first
    callback that is set, the first wait and the first look at what holds now (`facing`, `latest`) until
    `close`; another one calls the callbacks. Where time is virtual (``MLSENSOR_SPEED=inf``, or a `SimSensor`)
    there are none: it passes, and callbacks are called, in whoever waits or calls `SimSensor.advance`. It
    does not survive a fork: in the child it is closed. One that nobody holds any more is closed with a
    ResourceWarning, and the end of the program closes all.

    """

    __slots__ = ("__weakref__", "_async", "_lock", "_pin", "_reader", "_slots", "_sources")

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
        conclusions = Conclusions(presence, attention, recognises=_recognises(config))
        opened = open_session(bus, address=address, config=config, every=every, wait=wait)
        self._begin(opened, conclusions)
        if pin is not None:
            self._open_pin(pin)

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
    ) -> PersonSensor:
        """A simulated sensor before a scene: the name of one, or a file.

        `speed` is how many of its seconds pass in one of this world, ``math.inf``: at once, as far as the
        program waits; ``None``: what ``MLSENSOR_SPEED`` says, else 1. `seed` lets chance fall otherwise than
        the scene says.
        """
        sensor = cls.__new__(cls)
        conclusions = Conclusions(presence, attention, recognises=_recognises(config))
        opened = open_session(
            f"sim:{os.fspath(scenario)}",
            address=0x62,
            config=config,
            every=every,
            wait=False,
            speed=speed,
            seed=seed,
        )
        sensor._begin(opened, conclusions)
        return sensor

    def _begin(self, opened: Opened, conclusions: Conclusions) -> None:
        self._reader = Reader(opened.session, conclusions, speed=opened.speed)
        if opened.bus is not None:
            self._reader.share_time(opened.bus)
        # Not a plain one: a handler of a signal, or the end of a callback's owner, may close it in here.
        self._lock = threading.RLock()
        self._slots: dict[str, Slot] = {}
        self._sources: weakref.WeakValueDictionary[str, Source] = weakref.WeakValueDictionary()
        self._pin: Optional[PresencePin] = None
        self._async: Optional[PersonSensorAsync] = None

    def _open_pin(self, pin: PinSource) -> None:
        try:
            self._pin = PresencePin(pin)
        except BaseException:
            self.close()
            raise

    # ---- the life of it

    @property
    def name(self) -> str:
        """The name of its source: ``/dev/i2c-1``, ``sim:walk_up``."""
        return self._reader.session.name

    @property
    def about(self) -> str:
        """What its source is, in words."""
        return self._reader.session.about

    @property
    def remarks(self) -> list[str]:
        """What there is to know of a bus that is used all the same."""
        return self._reader.session.remarks

    @property
    def is_closed(self) -> bool:
        """Whether it was closed."""
        return self._reader.is_closed

    def close(self) -> None:
        """Ends its threads, and frees the bus. Waits elsewhere raise ClosedError, iterations elsewhere end.

        It may be called from anywhere, also from a callback, and twice. A callback that is running is waited
        for, for 2 seconds at most; none begins any more.
        """
        self._reader.close()
        with self._lock:
            self._slots = {}
        if self._pin is not None:
            self._pin.close()

    @property
    def pin(self) -> Optional[PresencePin]:
        """The presence pin, if one was named: it is closed with the sensor."""
        return self._pin

    def __enter__(self) -> PersonSensor:
        self._reader.check()
        return self

    def __exit__(
        self,
        kind: Optional[type[BaseException]],
        error: Optional[BaseException],
        trace: Optional[TracebackType],
    ) -> None:
        self.close()

    async def __aenter__(self) -> PersonSensorAsync:
        """The same sensor for `asyncio`."""
        from mlsensor._asyncio import PersonSensorAsync

        self._async = PersonSensorAsync._of(self)
        return await self._async.__aenter__()

    async def __aexit__(
        self,
        kind: Optional[type[BaseException]],
        error: Optional[BaseException],
        trace: Optional[TracebackType],
    ) -> None:
        opened, self._async = self._async, None
        if opened is not None:
            await opened.close()

    def __del__(self) -> None:
        reader = getattr(self, "_reader", None)
        if reader is not None and not reader.is_closed:
            warnings.warn(f"{self!r} was not closed", ResourceWarning, source=self, stacklevel=2)
            # Not `close`: this may be any thread, at any time, also one that would have to wait for itself.
            reader.stop()

    def __repr__(self) -> str:
        state = "closed" if self.is_closed else self._known().state.value
        return f"<{type(self).__name__} on {self.name}: {state}>"

    # ---- readings

    def __iter__(self) -> Iterator[Faces]:
        """One fresh reading each: never the same inference twice, and none that waited for a slow program.

        It raises BusError, NotFoundError or PacketError when the sensor is lost (short failures are not told
        of), and may be iterated again. It ends with the scene or the recording, and when the sensor is
        closed.
        """
        self._reader.check()
        return FreshFaces(self, self._reader)

    def updates(self) -> Iterator[Update]:
        """All that there is to say from now on, also that the sensor fails: it does not raise for that."""
        self._reader.check()
        return Updates(self, self._reader)

    @property
    def latest(self) -> Update:
        """What is known now. Its `faces` are ``None`` if the latest reading does not hold any more."""
        self._reader.start()
        return self._known()

    @property
    def state(self) -> State:
        """Whether the sensor is live, stale or absent."""
        return self.latest.state

    def _known(self) -> Update:
        return self._reader.session.latest()

    def counters(self) -> dict[str, Any]:
        """What was done and met with so far: counts by name, such as ``reads``, ``fresh``, ``outages``."""
        return self._ask().counters()

    # ---- what is concluded

    def _source(self, name: str) -> Source:
        # It refers to the sensor, so the sensor must not hold it, or it would live until the garbage is
        # collected.
        with self._lock:
            source = self._sources.get(name)
            if source is None:
                source = self._sources[name] = Source(self, self._reader, name)
            return source

    def wait_for_end(self, timeout: Optional[float] = None) -> bool:
        """Lets the callbacks work until the scene or the recording ends: for ever, with a real sensor.

        False after `timeout` seconds. Unlike `signal.pause` it also lets virtual time pass. Raises
        ClosedError if the sensor is closed meanwhile.
        """
        self._reader.pass_time(timeout)
        return self._reader.has_ended

    def _callback(self, event: str) -> Optional[Callback]:
        slot = self._slots.get(event)
        return None if slot is None else slot.function

    def _set_callback(self, event: str, function: Optional[Callback]) -> None:
        with self._lock:
            slots = {name: slot for name, slot in self._slots.items() if name != event}
            if function is not None:
                self._reader.check()
                slots[event] = Slot(event, function)
            self._slots = slots
            self._reader.callbacks.set(self, slots)
        if slots:
            self._reader.start()
