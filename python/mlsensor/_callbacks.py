"""The callbacks of a sensor: run one after another, in a thread of their own, while reading goes on."""

# The parts of a sensor know each other, and nobody else knows them.
# pyright: reportPrivateUsage=false

from __future__ import annotations

import inspect
import logging
import threading
import weakref
from collections import deque
from typing import TYPE_CHECKING, Any, Callable, Optional, Union

from mlsensor._errors import ClosedError, ConfigError

if TYPE_CHECKING:
    from mlsensor._person_sensor import PersonSensor

__all__ = ["Callback", "Callbacks", "Slot"]

Callback = Union[Callable[[], object], Callable[["PersonSensor"], object]]

_LOGGER = logging.getLogger("mlsensor")

_WAITING = 256
"""How many events wait for a callback that does not end. Of more, the oldest are dropped."""

_NAMES = {
    "presence.activated": "when_person_arrives",
    "presence.deactivated": "when_person_leaves",
    "facing.activated": "when_facing",
    "facing.deactivated": "when_not_facing",
}


class Slot:
    """A callback, and whether it takes the sensor."""

    def __init__(self, event: str, function: Callback) -> None:
        source, _, change = event.rpartition(".")
        self.name = _NAMES.get(event, f"{source}.when_{change}" if source else f"when_{change}")
        self.function = function
        self._takes_sensor = _takes_sensor(self.name, function)
        self._reported: set[type[BaseException]] = set()

    def call(self, sensor: PersonSensor) -> None:
        """Calls it."""
        function: Callable[..., object] = self.function
        if self._takes_sensor:
            function(sensor)
        else:
            function()

    def report(self, error: BaseException) -> None:
        """Logs what it raised, each kind of exception once: one that always fails would fill the log."""
        if type(error) not in self._reported:
            self._reported.add(type(error))
            _LOGGER.error("the callback %s raised; this is not said again", self.name, exc_info=error)


def _takes_sensor(name: str, function: Any) -> bool:
    if not callable(function):
        likely = "it was called where it was to be set: write f, not f()"
        raise _refused(f"{name} is no function: {function!r}", likely)
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):
        # Some functions of C do not tell what they take. None of them was made for a sensor.
        return False
    for arguments in ((), (None,)):
        try:
            signature.bind(*arguments)
        except TypeError:
            continue
        return bool(arguments)
    likely = "functools.partial can give it the rest"
    raise _refused(f"{name} takes more than the sensor: {function!r}", likely)


def _refused(what: str, likely: str) -> ConfigError:
    run = "python3 -c 'import mlsensor; help(mlsensor.PersonSensor)'"
    return ConfigError(what, likely, run, "MLSENSOR-CALLBACK")


class Callbacks:
    """What is to be called, in order.

    Threads: one, from the first callback that is set, unless time is virtual: then whoever lets time pass
    calls them. It holds the sensor weakly.
    """

    def __init__(self, *, in_thread: bool) -> None:
        self._in_thread = in_thread
        self._changed = threading.Condition()
        self._events: deque[str] = deque(maxlen=_WAITING)
        self._sensor: Optional[weakref.ref[PersonSensor]] = None
        self._slots: dict[str, Slot] = {}
        self._wanted: frozenset[str] = frozenset()
        self._thread: Optional[threading.Thread] = None
        self._is_running = False
        self._was_full = False
        self._is_closed = False

    def set(self, sensor: PersonSensor, slots: dict[str, Slot]) -> None:
        """From now on these are called. The sensor owns them: what they refer to does not keep it alive."""
        with self._changed:
            if self._is_closed:
                return
            self._sensor = weakref.ref(sensor)
            self._wanted = frozenset(slots)
            if self._in_thread and self._thread is None and slots:
                self._thread = threading.Thread(target=self._run, name="mlsensor callbacks", daemon=True)
                self._thread.start()

    def post(self, events: list[str]) -> bool:
        """Has called what waits for these events. Says whether older ones begin to be dropped.

        That is to be logged by who holds no lock: a handler of the log may ask the sensor.
        """
        if not events:
            return False
        with self._changed:
            wanted = [event for event in events if event in self._wanted]
            if not wanted or self._is_closed:
                return False
            is_full = len(self._events) + len(wanted) > _WAITING
            is_news, self._was_full = is_full and not self._was_full, is_full
            self._events.extend(wanted)
            self._changed.notify_all()
        return is_news

    @staticmethod
    def warn() -> None:
        """Says that events were dropped."""
        _LOGGER.warning("a callback takes so long that older events are dropped")

    def run_here(self) -> None:
        """Calls what is due in this thread, where time is virtual. Not within another callback."""
        if self._in_thread:
            return
        while True:
            with self._changed:
                if self._is_running or not self._events:
                    return
                self._is_running = True
                event = self._events.popleft()
            try:
                self._call(event, Exception)
            finally:
                self._is_running = False

    def close(self) -> None:
        """Calls nothing more."""
        with self._changed:
            self._is_closed = True
            self._events.clear()
            self._wanted = frozenset()
            self._changed.notify_all()

    def join(self, patience: float) -> None:
        """Waits for what is running, but not for ever."""
        thread = self._thread
        if thread is not None and thread is not threading.current_thread():
            thread.join(patience)

    def forget(self) -> None:
        """In a child of a fork: the thread is not there, and the lock may be held for ever."""
        self._changed = threading.Condition()
        self._events.clear()
        self._wanted = frozenset()
        self._thread = None
        self._is_closed = True

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._events or self._is_closed)
                if self._is_closed:
                    return
                event = self._events.popleft()
            # Also what ends a program, such as `sys.exit`: it would end this thread alone, unnoticed.
            self._call(event, BaseException)

    def _call(self, event: str, caught: type[BaseException]) -> None:
        sensor = self._sensor() if self._sensor is not None else None
        slot: Any = None if sensor is None else sensor._slots.get(event)
        if sensor is None or slot is None:
            return
        try:
            slot.call(sensor)
        except caught as error:
            # Whoever waits for something in a callback is told by an exception that the sensor was closed.
            if not (self._is_closed and isinstance(error, ClosedError)):
                slot.report(error)
