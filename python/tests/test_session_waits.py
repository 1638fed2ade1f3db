"""What waits in the native module, or is on the bus, lets the other threads of the program run.

The waits here are so long that a test which waited for them would fail by what it finds, not by its time.
"""

from __future__ import annotations

import gc
import sys
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
    # The scene goes on before the wait, by 4 s at a time; who asks for its time does not wait for the bus.
    until(lambda: session.now() >= 4.0)
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
            begun.set()
            session.next()

    thread, outcome = in_thread(read)
    assert begun.wait(LONG)
    session.close()
    thread.join(LONG)
    assert [type(of) for of in outcome] == [ClosedError]


def test_a_wait_for_a_reading_does_not_run_between_other_threads() -> None:
    # Were the interpreter held until the next look for signals, 0.1 s each time, they would not come so far.
    session = Session.open("sim:empty_room", speed=0.001)
    while session.next(session.now()) is not None:
        pass
    begun, is_over, rounds = threading.Event(), threading.Event(), 0
    ping, pong = threading.Semaphore(0), threading.Semaphore(0)

    def wait() -> None:
        begun.set()
        session.next(session.now() + TOO_LONG / 1000)
        is_over.set()

    def answer() -> None:
        while ping.acquire(timeout=LONG) and not is_over.is_set():
            pong.release()

    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        waits, outcome = in_thread(wait)
        answers, _ = in_thread(answer)
        assert begun.wait(LONG)
        while rounds < 2000 and not is_over.is_set():
            ping.release()
            assert pong.acquire(timeout=LONG)
            rounds += 1
    finally:
        sys.setswitchinterval(before)
    was_over = is_over.is_set()
    session.close()
    waits.join(LONG)
    is_over.set()
    ping.release()
    answers.join(LONG)
    assert (rounds, was_over) == (2000, False)
    assert [type(of) for of in outcome] in ([ClosedError], [type(None)])


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
