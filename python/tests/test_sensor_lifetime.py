"""How sensors come to their end, and many threads at once."""

# A test looks behind the curtain.
# pyright: reportPrivateUsage=false

from __future__ import annotations

import gc
import signal
import threading
import weakref
from collections.abc import Iterator

import pytest
from fake_session import LONG, SOMEBODY, FakeSession, FakeUpdate, in_thread, on, threads, until

from mlsensor import ClosedError, PersonSensor


@pytest.fixture
def session() -> FakeSession:
    return FakeSession()


@pytest.fixture(autouse=True)
def _no_thread_is_left() -> Iterator[None]:
    assert threads() == set()
    yield
    assert threads() == set()


def forget(kept: list[PersonSensor]) -> None:
    kept.clear()
    gc.collect()


def test_a_sensor_that_nobody_holds_is_closed_with_a_warning(session: FakeSession) -> None:
    sensor = on(session)
    assert sensor.presence.value is None
    sensor.presence.when_activated = lambda: None
    gone = weakref.ref(sensor)
    kept = [sensor]
    del sensor
    with pytest.warns(ResourceWarning, match="was not closed"):
        forget(kept)
    assert gone() is None
    assert session.is_closed
    until(lambda: threads() == set())


def test_a_callback_that_refers_to_its_sensor_does_not_keep_it_alive(session: FakeSession) -> None:
    sensor = on(session)
    sensor.when_facing = sensor.close
    sensor.when_not_facing = lambda sensor=sensor: None
    gone = weakref.ref(sensor)
    kept = [sensor]
    del sensor
    with pytest.warns(ResourceWarning, match="was not closed"):
        forget(kept)
    assert gone() is None
    until(lambda: threads() == set())


def test_a_source_and_an_iterator_keep_their_sensor(session: FakeSession) -> None:
    facing = on(session).facing
    assert facing.value is None
    updates = facing._sensor.updates()
    sensor = facing._sensor
    del facing
    session.give(FakeUpdate(0.1, SOMEBODY))
    assert next(updates).at == 0.1
    sensor.close()


def test_a_source_is_the_same_for_as_long_as_somebody_holds_it(session: FakeSession) -> None:
    with on(session) as sensor:
        facing = sensor.facing
        assert facing is sensor.facing
        assert facing is not sensor.presence


def test_a_signal_handler_may_close_while_somebody_waits() -> None:
    sensor = PersonSensor.simulated("empty_room", speed=1.0)
    before = signal.signal(signal.SIGUSR1, lambda _signal, _frame: sensor.close())
    try:
        main = threading.main_thread().ident
        assert main is not None
        timer = threading.Timer(0.2, signal.pthread_kill, (main, signal.SIGUSR1))
        timer.start()
        with pytest.raises(ClosedError):
            sensor.wait_for_person()
        timer.join()
        assert sensor.is_closed
    finally:
        signal.signal(signal.SIGUSR1, before)


def test_control_c_ends_a_loop_that_reads_by_itself() -> None:
    def interrupt() -> None:
        main = threading.main_thread().ident
        assert main is not None
        signal.pthread_kill(main, signal.SIGINT)

    timer = threading.Timer(0.2, interrupt)
    with PersonSensor.simulated("empty_room", speed=0.01) as sensor:
        timer.start()
        with pytest.raises(KeyboardInterrupt):
            list(sensor)
    timer.join()


def test_many_threads_do_everything_at_once() -> None:
    sensor = PersonSensor.simulated("crowd", speed=50.0)
    called: list[int] = []

    def look() -> None:
        for _ in range(200):
            assert sensor.presence.value in (None, 0, 1)
            assert sensor.face_count.value in (None, 0, 1, 2, 3, 4)

    def ask() -> None:
        for _ in range(50):
            sensor.read()
            sensor.counters()

    def iterate() -> None:
        for _ in zip(range(20), sensor):
            pass

    def wait() -> None:
        for _ in range(20):
            sensor.wait_for_person(1.0)
            sensor.wait_for_no_person(1.0)

    def listen() -> None:
        for _ in range(100):
            sensor.when_person_arrives = lambda: called.append(1)
            sensor.when_person_arrives = None

    waits = [in_thread(do) for do in (look, ask, iterate, wait, listen) * 3]
    for thread, _ in waits:
        thread.join(LONG)
        assert not thread.is_alive()
    assert [outcome for _, outcome in waits] == [[None]] * 15
    closes = [in_thread(sensor.close) for _ in range(8)]
    for thread, _ in closes:
        thread.join(LONG)
    assert [outcome for _, outcome in closes] == [[None]] * 8


class Owner:
    """Who has the sensor closed when nobody holds it any more."""

    def __init__(self, sensor: PersonSensor) -> None:
        self._sensor = sensor

    def on(self) -> None:
        pass

    def __del__(self) -> None:
        self._sensor.close()


@pytest.mark.parametrize("replaced", [True, False])
def test_the_owner_of_a_callback_may_close_the_sensor_at_its_end(
    session: FakeSession, replaced: bool
) -> None:
    sensor = on(session)
    sensor.when_facing = Owner(sensor).on

    def end() -> None:
        if replaced:
            sensor.when_facing = None
        else:
            sensor.close()

    # In a thread: it would wait for itself for ever.
    thread, outcome = in_thread(end)
    thread.join(LONG)
    assert outcome == [None]
    assert sensor.is_closed


def test_a_handler_of_a_signal_may_close_while_a_callback_is_set() -> None:
    sensor = PersonSensor.simulated("empty_room", speed=1.0)
    thread, outcome = in_thread(lambda: _close_within_its_lock(sensor))
    thread.join(LONG)
    assert outcome == [None]
    assert sensor.is_closed


def _close_within_its_lock(sensor: PersonSensor) -> None:
    with sensor._lock:
        sensor.close()
