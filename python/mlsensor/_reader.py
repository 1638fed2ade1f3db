"""The reading of a sensor: by whoever waits for it, or by a thread."""

from __future__ import annotations

import contextlib
import logging
import math
import threading
import time
from typing import Callable, Optional, TypeVar

from mlsensor import _lifetime
from mlsensor._callbacks import Callbacks
from mlsensor._conclusions import Conclusions
from mlsensor._enums import Outcome
from mlsensor._errors import ClosedError, ConfigError
from mlsensor._knowledge import MOMENT, SILENCE, Knowledge
from mlsensor._native import Session, SimBus
from mlsensor._pin_line import LONGEST_VIRTUAL_WAIT

__all__ = ["Reader"]

T = TypeVar("T")

_LOGGER = logging.getLogger("mlsensor")

_PATIENCE = 2.0
"""How many seconds closing waits for the bus or a user's function: neither can be stopped."""


class Reader:
    """Reads one session, and knows what came of it.

    One thread at a time reads; the others wait for what it tells. If there is no reading thread, the first
    that waits reads.

    Threads: it may be used from any. It has one of its own from `start` to `close`, unless time is virtual.
    No lock is held while anything is waited for, or called.
    """

    def __init__(self, session: Session, conclusions: Conclusions, *, speed: float = 1.0) -> None:
        self.session = session
        self.is_virtual: bool = session.is_virtual
        self.callbacks: Callbacks = Callbacks(in_thread=not self.is_virtual)
        self.fallbacks: dict[str, int] = {}
        self.known: Knowledge = Knowledge(session, conclusions)
        self._speed = speed
        self._let_pass: Optional[Callable[[float], None]] = None
        self._changed = threading.Condition()
        self._driver: Optional[int] = None
        self._thread: Optional[threading.Thread] = None
        self._wakers: list[Callable[[], None]] = []
        self._is_closed = False
        self._is_forked = False
        _lifetime.watch(self)

    # ---- what is known

    @property
    def is_closed(self) -> bool:
        """Whether it was closed."""
        return self._is_closed

    @property
    def has_ended(self) -> bool:
        """Whether the scene or the recording has ended."""
        return self.known.has_ended

    @property
    def number(self) -> int:
        """The number of the latest update, from 1."""
        with self._changed:
            return self.known.number

    def outcome(self, source: str) -> Outcome:
        """What a source says now, as far as the latest reading still tells."""
        self._notice_silence()
        with self._changed:
            return self.known.conclusions.outcome(source)

    def count(self) -> Optional[int]:
        """How many faces there are now; `None` if that is not known."""
        self._notice_silence()
        with self._changed:
            return self.known.conclusions.count

    def open_session(self) -> Session:
        """The session, to ask the sensor something. Raises ClosedError if it is closed."""
        self.check()
        return self.session

    # ---- waiting

    def wait(self, ready: Callable[[], Optional[T]], timeout: Optional[float] = None) -> Optional[T]:
        """Waits until `ready` gives something; `None` after `timeout` seconds of the source, and at its end.

        `ready` is called with the lock held. Raises ClosedError if this is closed, or was by the time.
        """
        try:
            deadline, begin = self.deadline(timeout), self._clock()
            while True:
                with self._changed:
                    result, left = self.look(ready, deadline)
                    if result is not None or left <= 0:
                        return result
                    if self._thread is not None or not self._may_drive():
                        self._changed.wait(min(left, threading.TIMEOUT_MAX))
                        continue
                self.step(deadline)
                self.check_patience(begin, deadline)
        except ClosedError:
            _lifetime.park_at_the_end()
            raise

    def pass_time(self, seconds: Optional[float]) -> None:
        """Lets so much time pass, or all that there is, with readings and callbacks."""
        self.start()
        self.wait(_nothing, seconds)

    def deadline(self, timeout: Optional[float]) -> float:
        """When a wait that begins now is over, by the clock of `look`."""
        self.check()
        if timeout is None:
            return math.inf
        if math.isnan(timeout):
            raise ConfigError(
                f"{timeout} s is no time to wait",
                "it comes of a calculation that has no result, such as inf - inf",
                "python3 -c 'import mlsensor; help(mlsensor.PersonSensor)'",
                "MLSENSOR-CONFIG",
            )
        return self._clock() + max(timeout, 0.0) / (1.0 if self.is_virtual else self._speed)

    def now(self) -> float:
        """The time by the clock of `deadline`."""
        return self._clock()

    def check_patience(self, begin: float, deadline: float) -> None:
        """Raises ConfigError if a wait without a time-out lets virtual time pass that has no end.

        A program that runs alone would hang there: nobody else lets anything happen.
        """
        has_no_end = self._let_pass is not None and deadline == math.inf
        if has_no_end and self._clock() - begin > LONGEST_VIRTUAL_WAIT:
            raise ConfigError(
                "the simulated sensor is waited for, and it has not come in an hour of virtual time",
                "the scene stays as it is, or there is no power: give a timeout, or change the scene first",
                "python3 -c 'import mlsensor.sim; help(mlsensor.sim.SimSensor)'",
                "MLSENSOR-CONFIG",
            )

    def look(self, ready: Callable[[], Optional[T]], deadline: float) -> tuple[Optional[T], float]:
        """What `ready` gives, and for how many seconds to go on waiting if that is nothing.

        The lock is held.
        """
        self.check()
        result = ready()
        if result is not None or self.known.has_ended:
            return result, 0.0
        left = deadline - self._clock()
        return None, left if left > MOMENT else 0.0

    def poll(self, ready: Callable[[], Optional[T]], deadline: float) -> tuple[Optional[T], float]:
        """The same without the lock."""
        with self._changed:
            return self.look(ready, deadline)

    def step(self, deadline: float) -> None:
        """Reads once, or lets virtual time pass up to the deadline; nothing while another thread reads."""
        let_pass = self._let_pass
        if let_pass is None:
            self._drive(lambda: self._read(deadline), is_patient=False)
        else:
            self._drive(lambda: self._read_in_turn(deadline, let_pass), is_patient=False)

    def share_time(self, bus: SimBus) -> None:
        """Lets this read when somebody else lets time pass on the bus, and the others when this does."""
        self._let_pass = bus.advance
        bus._attach_reader(self)

    def _next_due(self) -> Optional[float]:
        """When there is something to do, for a simulator that is told to let time pass."""
        with self._changed:
            if self._is_closed or self.known.has_ended:
                return None
            try:
                due = self.session.due()
            except ClosedError:
                return None
            return None if due is None else min(due, self.known.conclusions.heard + SILENCE - MOMENT)

    def _drive_until(self, at: float) -> None:
        """Does all that is due until this time, at that moment too."""
        while not self._is_closed:
            due = self._next_due()
            # A nanosecond is the least that time passes; what is less is the last digit of a sum.
            if due is None or due > at + 1e-10:
                return
            # Another thread may close it meanwhile, and who lets time pass has nothing to do with that.
            with contextlib.suppress(ClosedError):
                self._drive(lambda: self._read(at), is_patient=True)

    def on_update(self, waker: Callable[[], None]) -> None:
        """Has this called after each update, by the thread that reads."""
        with self._changed:
            self._wakers = [*self._wakers, waker]

    def off_update(self, waker: Callable[[], None]) -> None:
        """No more."""
        with self._changed:
            self._wakers = [other for other in self._wakers if other is not waker]

    # ---- the thread

    def start(self) -> None:
        """From now on there is a thread that reads, unless time is virtual."""
        with self._changed:
            if self.is_virtual or self._thread is not None or self._is_closed or self.known.has_ended:
                return
            self._thread = threading.Thread(target=self._run, name="mlsensor reader", daemon=True)
            self._thread.start()

    def close(self) -> None:
        """Ends every wait, and the threads."""
        self.stop()
        self.join()

    def stop(self) -> None:
        """The same, without waiting for the threads to end."""
        with self._changed:
            if self._is_closed:
                return
            self._is_closed = True
            self.known.conclusions.end()
            self._changed.notify_all()
        self.callbacks.close()
        self.session.close()
        self._wake()

    def join(self, patience: float = _PATIENCE) -> None:
        """Waits until no thread is busy with this, but not for ever: it may be one of them that asks."""
        if self._is_forked:
            return
        me = threading.get_ident()
        with self._changed:
            self._changed.wait_for(lambda: self._driver in (None, me), patience)
            thread = self._thread
        if thread is not None and thread is not threading.current_thread():
            thread.join(patience)
        self.callbacks.join(patience)

    def forget(self) -> None:
        """In a child of a fork: its threads are not there, and its locks may be held for ever."""
        self._changed = threading.Condition()
        self._driver = self._thread = None
        self._is_closed = self._is_forked = True
        self.known.conclusions.end()
        self.callbacks.forget()

    def _run(self) -> None:
        try:
            while True:
                with self._changed:
                    self._changed.wait_for(lambda: self._is_closed or self._may_drive())
                    if self._is_closed or self.known.has_ended:
                        return
                self.step(math.inf)
        except ClosedError:
            pass
        except Exception:
            _LOGGER.exception("the sensor is not read any more")
            self.stop()

    # ---- reading

    def _clock(self) -> float:
        """The time by which waits end: this world's, unless it is virtual."""
        return self.session.now() if self.is_virtual else time.monotonic()

    def _may_drive(self) -> bool:
        """Whether no other thread reads. The lock is held."""
        return self._driver is None or self._driver == threading.get_ident()

    def _drive(self, read: Callable[[], None], *, is_patient: bool) -> None:
        """Reads, as the only thread that does so, and tells everybody."""
        with self._changed:
            if is_patient:
                self._changed.wait_for(lambda: self._is_closed or self._may_drive())
            if self._is_closed or self.known.has_ended or not self._may_drive():
                return
            driver, self._driver = self._driver, threading.get_ident()
        try:
            read()
        finally:
            with self._changed:
                self._driver = driver
                self._changed.notify_all()
        self._wake()
        self.callbacks.run_here()

    def _read(self, deadline: float) -> None:
        """Waits for the next update, but no longer than the behaviours may go without hearing anything."""
        until = self.session.now() + SILENCE
        update = self.session.next(min(deadline, until) if self.is_virtual else until)
        is_news = False
        with self._changed:
            if not self._is_closed:
                is_news = self.callbacks.post(self.known.take(update))
        if is_news:
            self.callbacks.warn()

    def _read_in_turn(self, deadline: float, let_pass: Callable[[float], None]) -> None:
        """The same on a simulated bus that has more readers: time passes for all of them."""
        due, now, number = self._next_due(), self.session.now(), self.known.number
        target = deadline if due is None else min(due, deadline)
        let_pass(max(target - now, 0.0))
        if self.known.number == number:
            # Within a callback that was called while time passed, it passes for nobody else.
            self._drive_until(self.session.now())

    def _notice_silence(self) -> None:
        """A thread that reads may be held by a bus that hangs: what it said last must not look like now."""
        is_news = False
        with self._changed:
            is_over = self._is_closed or self.known.has_ended or self.known.number == 0
            if is_over or time.monotonic() - self.known.told < SILENCE / self._speed:
                return
            with contextlib.suppress(ClosedError):
                is_news = self.callbacks.post(self.known.silence())
        if is_news:
            self.callbacks.warn()

    def _wake(self) -> None:
        with self._changed:
            wakers = self._wakers
        for waker in wakers:
            waker()

    def check(self) -> None:
        """Raises ClosedError if it is closed."""
        if self._is_closed:
            raise _closed(self._is_forked)


def _nothing() -> None:
    """What is waited for where only time is to pass."""


def _closed(is_forked: bool) -> ClosedError:
    likely = "it is used after close(), or after the `with` in which it was opened"
    if is_forked:
        likely = "it was opened before this process was forked: open one here"
    run = "python3 -c 'import mlsensor; help(mlsensor.PersonSensor)'"
    return ClosedError("the sensor is closed", likely, run, "MLSENSOR-CLOSED")
