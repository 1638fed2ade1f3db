"""What a sensor says of the people before it, as gpiozero's sources say what they say."""

# The parts of a sensor know each other, and nobody else knows them.
# pyright: reportPrivateUsage=false

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Optional

from mlsensor._enums import Outcome

if TYPE_CHECKING:
    from mlsensor._asyncio import PersonSensorAsync
    from mlsensor._callbacks import Callback
    from mlsensor._person_sensor import PersonSensor
    from mlsensor._reader import Reader

__all__ = ["Source", "SourceAsync"]


class _Values(Iterator[int]):
    """What a source says each time it is asked, and what is safe once the sensor is closed; then it ends."""

    def __init__(self, source: _Said) -> None:
        self._source = source
        self._is_over = False

    def __next__(self) -> int:
        if self._is_over:
            raise StopIteration
        self._is_over = self._source._reader.is_closed
        value = self._source.value
        return self._source.fallback if value is None else value


class _Said:
    """What both kinds of sources have."""

    __slots__ = ("__weakref__", "_name", "_reader")

    def __init__(self, reader: Reader, name: str) -> None:
        self._reader = reader
        self._name = name

    @property
    def fallback(self) -> int:
        """What `values` gives while nothing is known. 0 turns off what must not run unattended."""
        return self._reader.fallbacks.get(self._name, 0)

    @fallback.setter
    def fallback(self, value: int) -> None:
        self._reader.fallbacks[self._name] = value

    @property
    def value(self) -> Optional[int]:
        """1 or 0, of `face_count` the count; ``None`` while that is not known, which is not 0. It never
        waits.
        """
        self._reader.start()
        if self._name == "face_count":
            return self._reader.count()
        outcome = self._reader.outcome(self._name)
        return None if outcome is Outcome.UNKNOWN else int(outcome is Outcome.PRESENT)

    @property
    def values(self) -> Iterator[int]:
        """`value` again and again, for ``source`` of gpiozero's outputs; `fallback` while nothing is known.

        After the sensor was closed it gives `fallback` once more, so that what it drives does not stay on,
        and ends.
        """
        return _Values(self)

    def __iter__(self) -> Iterator[int]:
        """The same as `values`: gpiozero takes a source by itself, too."""
        return self.values

    @property
    def outcome(self) -> Outcome:
        """Whether it is so, or is not so, or nothing is known."""
        self._reader.start()
        return self._reader.outcome(self._name)

    @property
    def is_active(self) -> bool:
        """Whether it is certainly so. False while nothing is known."""
        return self.outcome is Outcome.PRESENT

    @property
    def is_known(self) -> bool:
        """Whether anything is known."""
        return self.outcome is not Outcome.UNKNOWN

    def __bool__(self) -> bool:
        """Raises TypeError: ``if sensor.facing:`` would always be so, also while nobody faces the sensor."""
        raise TypeError(
            f"sensor.{self._name} is a source and neither true nor false: ask its is_active, or its value"
        )

    def __repr__(self) -> str:
        outcome = self._reader.outcome(self._name).value
        return f"<{type(self).__name__} {self._name}: {outcome}>"


class Source(_Said):
    """What a `PersonSensor` says: presence, facing, or the count of faces.

    It is a source for gpiozero: ``LED(17).source = sensor.facing``. It has no truth of its own: ``if
    sensor.facing:`` raises TypeError, ``if sensor.facing.is_active:`` is what is meant.

    Threads: it may be used from any. Asking starts the thread that reads, unless time is virtual.
    """

    __slots__ = ("_sensor",)

    def __init__(self, sensor: PersonSensor, reader: Reader, name: str) -> None:
        super().__init__(reader, name)
        self._sensor = sensor

    def wait_for_active(self, timeout: Optional[float] = None) -> bool:
        """Waits until it is so, for at most `timeout` seconds. False if that has not come, also at the end of
        a scene.

        Raises ClosedError if the sensor is closed meanwhile. On a `SimSensor`, one without `timeout` raises
        ConfigError after an hour of virtual time: a program that runs alone would hang.
        """
        return self._wait(Outcome.PRESENT, timeout)

    def wait_for_inactive(self, timeout: Optional[float] = None) -> bool:
        """Waits until it is known not to be so, for at most `timeout` seconds; otherwise as
        `wait_for_active`.
        """
        return self._wait(Outcome.ABSENT, timeout)

    def _wait(self, outcome: Outcome, timeout: Optional[float]) -> bool:
        self._reader.start()
        return bool(self._reader.wait(lambda: self._reader.known.is_now(self._name, outcome), timeout))

    @property
    def when_activated(self) -> Optional[Callback]:
        """Called when it becomes so. It takes the sensor, or nothing; ``None`` calls nothing.

        It is called also where nothing was known in between, and for who is there from the start.
        """
        return self._sensor._callback(f"{self._name}.activated")

    @when_activated.setter
    def when_activated(self, function: Optional[Callback]) -> None:
        self._sensor._set_callback(f"{self._name}.activated", function)

    @property
    def when_deactivated(self) -> Optional[Callback]:
        """Called when it is known not to be so any more, if it was so when something was known last."""
        return self._sensor._callback(f"{self._name}.deactivated")

    @when_deactivated.setter
    def when_deactivated(self, function: Optional[Callback]) -> None:
        self._sensor._set_callback(f"{self._name}.deactivated", function)

    @property
    def when_unknown(self) -> Optional[Callback]:
        """Called when it is not known any more: turn off here what must not run unattended."""
        return self._sensor._callback(f"{self._name}.unknown")

    @when_unknown.setter
    def when_unknown(self, function: Optional[Callback]) -> None:
        self._sensor._set_callback(f"{self._name}.unknown", function)


class SourceAsync(_Said):
    """The same of a `PersonSensorAsync`: its waits are awaited, and it has no callbacks.

    Threads: as `Source`. It may be awaited in any event loop.
    """

    __slots__ = ("_sensor",)

    def __init__(self, sensor: PersonSensorAsync, reader: Reader, name: str) -> None:
        super().__init__(reader, name)
        self._sensor = sensor

    async def wait_for_active(self, timeout: Optional[float] = None) -> bool:
        """As `Source.wait_for_active`."""
        return await self._wait(Outcome.PRESENT, timeout)

    async def wait_for_inactive(self, timeout: Optional[float] = None) -> bool:
        """As `Source.wait_for_inactive`."""
        return await self._wait(Outcome.ABSENT, timeout)

    async def _wait(self, outcome: Outcome, timeout: Optional[float]) -> bool:
        return bool(await self._sensor._wait(lambda: self._reader.known.is_now(self._name, outcome), timeout))
