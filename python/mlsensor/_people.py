"""What a sensor says of the people before it, under the names that programs use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Optional

from mlsensor._callbacks import Callback

if TYPE_CHECKING:
    from mlsensor._sources import Source, SourceAsync

__all__ = ["People", "PeopleAsync"]


class People:
    """Sources, and short names for their waits and callbacks.

    Threads: as `PersonSensor`.
    """

    __slots__ = ()

    def _source(self, name: str) -> Source:
        raise NotImplementedError

    def _callback(self, event: str) -> Optional[Callback]:
        raise NotImplementedError

    def _set_callback(self, event: str, function: Optional[Callback]) -> None:
        raise NotImplementedError

    @property
    def presence(self) -> Source:
        """A `Source`: whether somebody is here, with misses and false faces taken into account."""
        return self._source("presence")

    @property
    def facing(self) -> Source:
        """A `Source`: whether somebody has faced the sensor for a while."""
        return self._source("facing")

    @property
    def face_count(self) -> Source:
        """A `Source`: how many faces there are in the latest reading, 0 to 4."""
        return self._source("face_count")

    @property
    def when_facing(self) -> Optional[Callback]:
        """As ``facing.when_activated``: somebody has faced the sensor for a while."""
        return self.facing.when_activated

    @when_facing.setter
    def when_facing(self, function: Optional[Callback]) -> None:
        self.facing.when_activated = function

    @property
    def when_not_facing(self) -> Optional[Callback]:
        """As ``facing.when_deactivated``: nobody faces it any more."""
        return self.facing.when_deactivated

    @when_not_facing.setter
    def when_not_facing(self, function: Optional[Callback]) -> None:
        self.facing.when_deactivated = function

    @property
    def when_person_arrives(self) -> Optional[Callback]:
        """As ``presence.when_activated``."""
        return self.presence.when_activated

    @when_person_arrives.setter
    def when_person_arrives(self, function: Optional[Callback]) -> None:
        self.presence.when_activated = function

    @property
    def when_person_leaves(self) -> Optional[Callback]:
        """As ``presence.when_deactivated``: the last one has left."""
        return self.presence.when_deactivated

    @when_person_leaves.setter
    def when_person_leaves(self, function: Optional[Callback]) -> None:
        self.presence.when_deactivated = function

    @property
    def when_lost(self) -> Optional[Callback]:
        """Called when the sensor was live and is not any more, because something goes wrong."""
        return self._callback("lost")

    @when_lost.setter
    def when_lost(self, function: Optional[Callback]) -> None:
        self._set_callback("lost", function)

    @property
    def when_found(self) -> Optional[Callback]:
        """Called when the sensor is live after it was lost, or was not there."""
        return self._callback("found")

    @when_found.setter
    def when_found(self, function: Optional[Callback]) -> None:
        self._set_callback("found", function)

    def wait_for_facing(self, timeout: Optional[float] = None) -> bool:
        """Whether somebody faces the sensor within `timeout` seconds: as ``facing.wait_for_active``."""
        return self.facing.wait_for_active(timeout)

    def wait_for_not_facing(self, timeout: Optional[float] = None) -> bool:
        """Whether nobody faces the sensor within `timeout` seconds: as ``facing.wait_for_inactive``."""
        return self.facing.wait_for_inactive(timeout)

    def wait_for_person(self, timeout: Optional[float] = None) -> bool:
        """Whether somebody is here within `timeout` seconds: as ``presence.wait_for_active``."""
        return self.presence.wait_for_active(timeout)

    def wait_for_no_person(self, timeout: Optional[float] = None) -> bool:
        """Whether nobody is here within `timeout` seconds: as ``presence.wait_for_inactive``."""
        return self.presence.wait_for_inactive(timeout)


class PeopleAsync:
    """The same, awaited.

    Threads: as `PersonSensorAsync`.
    """

    __slots__ = ()

    def _source(self, name: str) -> SourceAsync:
        raise NotImplementedError

    @property
    def presence(self) -> SourceAsync:
        """As `PersonSensor.presence`."""
        return self._source("presence")

    @property
    def facing(self) -> SourceAsync:
        """As `PersonSensor.facing`."""
        return self._source("facing")

    @property
    def face_count(self) -> SourceAsync:
        """As `PersonSensor.face_count`."""
        return self._source("face_count")

    async def wait_for_facing(self, timeout: Optional[float] = None) -> bool:
        """As `PersonSensor.wait_for_facing`."""
        return await self.facing.wait_for_active(timeout)

    async def wait_for_not_facing(self, timeout: Optional[float] = None) -> bool:
        """As `PersonSensor.wait_for_not_facing`."""
        return await self.facing.wait_for_inactive(timeout)

    async def wait_for_person(self, timeout: Optional[float] = None) -> bool:
        """As `PersonSensor.wait_for_person`."""
        return await self.presence.wait_for_active(timeout)

    async def wait_for_no_person(self, timeout: Optional[float] = None) -> bool:
        """As `PersonSensor.wait_for_no_person`."""
        return await self.presence.wait_for_inactive(timeout)
