"""Readings and updates, one after another."""

# The parts of a sensor know each other, and nobody else knows them.
# pyright: reportPrivateUsage=false

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import TYPE_CHECKING, Generic, Optional, TypeVar, Union

from mlsensor._errors import ClosedError
from mlsensor._native import Faces, Update

if TYPE_CHECKING:
    from mlsensor._asyncio import PersonSensorAsync
    from mlsensor._person_sensor import PersonSensor
    from mlsensor._reader import Reader

__all__ = ["FreshFaces", "FreshFacesAsync", "Updates", "UpdatesAsync"]

T = TypeVar("T")


class _Place(Generic[T]):
    """How far an iteration has come."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.seen = reader.number

    def look(self) -> Optional[tuple[int, Union[T, Exception]]]:
        """What comes next, if it is there, and its number. The reader's lock is held."""
        raise NotImplementedError

    def take(self, found: Optional[tuple[int, Union[T, Exception]]]) -> Optional[T]:
        """Goes on behind what was found, and gives or raises it; ``None`` at the end."""
        if found is None:
            return None
        self.seen, result = found
        if isinstance(result, Exception):
            raise result
        return result


class _FreshPlace(_Place[Faces]):
    def look(self) -> Optional[tuple[int, Union[Faces, Exception]]]:
        known = self.reader.known
        return known.fresh_after(self.seen) or known.trouble_after(self.seen)


class _UpdatePlace(_Place[Update]):
    def look(self) -> Optional[tuple[int, Union[Update, Exception]]]:
        return self.reader.known.update_after(self.seen)


class _Iteration(Iterator[T]):
    """The blocking way through. It holds the sensor, which would be closed without it."""

    def __init__(self, sensor: PersonSensor, place: _Place[T]) -> None:
        self._sensor = sensor
        self._place = place

    def __next__(self) -> T:
        try:
            result = self._place.take(self._place.reader.wait(self._place.look))
        except ClosedError:
            raise StopIteration from None
        if result is None:
            raise StopIteration
        return result


class _IterationAsync(AsyncIterator[T]):
    """The way through for `asyncio`."""

    def __init__(self, sensor: PersonSensorAsync, place: _Place[T]) -> None:
        self._sensor = sensor
        self._place = place

    async def __anext__(self) -> T:
        try:
            result = self._place.take(await self._sensor._wait(self._place.look))
        except ClosedError:
            raise StopAsyncIteration from None
        if result is None:
            raise StopAsyncIteration
        return result


class FreshFaces(_Iteration[Faces]):
    """See `PersonSensor.__iter__`.

    Threads: one iterator is for one thread; several threads take one each, and each gets every reading.
    """

    def __init__(self, sensor: PersonSensor, reader: Reader) -> None:
        super().__init__(sensor, _FreshPlace(reader))


class Updates(_Iteration[Update]):
    """See `PersonSensor.updates`.

    Threads: as `FreshFaces`.
    """

    def __init__(self, sensor: PersonSensor, reader: Reader) -> None:
        super().__init__(sensor, _UpdatePlace(reader))


class FreshFacesAsync(_IterationAsync[Faces]):
    """See `PersonSensorAsync.stream`.

    Threads: one iterator is for one task.
    """

    def __init__(self, sensor: PersonSensorAsync, reader: Reader) -> None:
        super().__init__(sensor, _FreshPlace(reader))


class UpdatesAsync(_IterationAsync[Update]):
    """See `PersonSensorAsync.updates`.

    Threads: as `FreshFacesAsync`.
    """

    def __init__(self, sensor: PersonSensorAsync, reader: Reader) -> None:
        super().__init__(sensor, _UpdatePlace(reader))
