"""What waits in the native module, or is on the bus, lets the other threads of the program run.

The waits here are so long that a test which waited for them would fail by what it finds, not by its time.
"""

from __future__ import annotations

import gc
import threading
import weakref

from fake_session import LONG, in_thread, until

from mlsensor import ClosedError
from mlsensor._native import Session, SimBus

TOO_LONG = 20.0
"""Seconds of a wait that another thread is to end."""


def live() -> Session:
    session = Session.open("sim:empty_room", speed=1.0)
    session.go_on_past_the_end()
    return session


def test_a_request_that_holds_the_bus_lets_other_threads_run() -> None:
    # Every access to the bus goes this way; this is the one that takes as long as one likes.
    session = live()
    thread, outcome = in_thread(lambda: session.capture(TOO_LONG))
    # What asks without waiting for the bus is answered meanwhile: virtual time was let pass before the wait.
    until(lambda: session.now() >= TOO_LONG)
    session.close()
    thread.join(LONG)
    assert [type(of) for of in outcome] == [ClosedError]


def test_a_wait_for_a_time_lets_other_threads_run_and_is_ended_by_one() -> None:
    session = live()
    at = session.now() + TOO_LONG
    begun = threading.Event()

    def wait() -> None:
        begun.set()
        session.wait_until(at)

    thread, outcome = in_thread(wait)
    assert begun.wait(LONG)
    session.interrupt()
    thread.join(LONG)
    assert outcome == [None]
    assert session.now() < at
    session.close()


def test_a_wait_for_a_reading_lets_other_threads_run_and_is_ended_by_closing() -> None:
    # Five readings in a thousand seconds: it waits nearly all the time.
    session = Session.open("sim:empty_room", speed=0.001)

    begun = threading.Event()

    def read() -> None:
        while True:
            session.next()
            begun.set()

    thread, outcome = in_thread(read)
    assert begun.wait(LONG)
    session.close()
    thread.join(LONG)
    assert [type(of) for of in outcome] == [ClosedError]


class Reader:
    def _next_due(self) -> None:
        return None


def test_a_bus_forgets_readers_that_are_gone_though_no_time_passes() -> None:
    # Of a weak reference that the bus holds, its target tells nobody: the collector does.
    def references() -> int:
        gc.collect()
        return sum(type(of) is weakref.ReferenceType for of in gc.get_objects())

    bus = SimBus()
    bus._attach_reader(Reader())
    before = references()
    for _ in range(100):
        bus._attach_reader(Reader())
    assert references() <= before + 1
