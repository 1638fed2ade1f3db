"""The thread that reads, the one that calls back, and all who wait: a test holds the session in its hand."""

# A test looks behind the curtain.
# pyright: reportPrivateUsage=false

from __future__ import annotations

import functools
import logging
import sys
import threading
from collections.abc import Iterator
from typing import ClassVar

import pytest
from fake_session import LONG, NOBODY, SOMEBODY, FakeSession, FakeUpdate, in_thread, on, threads, until

from mlsensor import BusError, ClosedError, PersonSensor, State
from mlsensor._conclusions import Conclusions
from mlsensor._enums import Outcome
from mlsensor._reader import Reader
from mlsensor.behavior import Presence


@pytest.fixture
def session() -> FakeSession:
    return FakeSession()


@pytest.fixture(autouse=True)
def _no_thread_is_left() -> Iterator[None]:
    assert threads() == set()
    yield
    assert threads() == set()


def test_there_is_no_thread_until_one_is_needed(session: FakeSession) -> None:
    with on(session) as sensor:
        session.give(FakeUpdate(0.1, SOMEBODY))
        assert next(iter(sensor)) == SOMEBODY
        assert session.readers == {"MainThread"}
        assert threads() == set()
        assert sensor.presence.value == 1
        assert threads() == {"mlsensor reader"}
        sensor.when_lost = lambda: None
        assert threads() == {"mlsensor reader", "mlsensor callbacks"}
        # What is there reads for everybody.
        session.readers.clear()
        session.give(FakeUpdate(0.2, NOBODY))
        assert sensor.wait_for_no_person(LONG)
        assert session.readers <= {"mlsensor reader"}


def test_who_takes_over_from_who_iterates_does_not_read_beside_it(session: FakeSession) -> None:
    with on(session) as sensor:
        thread, outcome = in_thread(lambda: next(iter(sensor)))
        assert session.is_waiting.wait(LONG)
        assert sensor.presence.value is None
        assert threads() == {"mlsensor reader"}
        session.give(FakeUpdate(0.1, SOMEBODY))
        thread.join(LONG)
        assert outcome == [SOMEBODY]
        session.give(FakeUpdate(0.2, NOBODY))
        assert sensor.wait_for_no_person(LONG)


def test_a_callback_that_takes_its_time_loses_nothing_and_holds_up_nobody(session: FakeSession) -> None:
    begun, go_on = threading.Event(), threading.Event()
    told: list[str] = []

    def slow() -> None:
        told.append("arrives")
        begun.set()
        assert go_on.wait(LONG)

    with on(session) as sensor:
        sensor.when_person_arrives = slow
        sensor.when_person_leaves = lambda: told.append("leaves")
        session.give(FakeUpdate(0.1, SOMEBODY))
        assert begun.wait(LONG)
        for second in range(1, 41):
            session.give(FakeUpdate(second, NOBODY if second % 2 else SOMEBODY))
        session.give(FakeUpdate(41, NOBODY))
        until(lambda: sensor.presence.value == 0 and session.now() == 41)
        assert told == ["arrives"]
        go_on.set()
        until(lambda: len(told) == 42)
        assert told == ["arrives", "leaves"] * 21


def test_what_waits_for_a_callback_is_bounded_and_the_last_is_kept(
    session: FakeSession, caplog: pytest.LogCaptureFixture
) -> None:
    begun, go_on = threading.Event(), threading.Event()
    told: list[str] = []

    def arrives() -> None:
        told.append("arrives")
        begun.set()
        assert go_on.wait(LONG)

    with on(session) as sensor, caplog.at_level(logging.WARNING, logger="mlsensor"):
        sensor.when_person_arrives = arrives
        sensor.when_person_leaves = lambda: told.append("leaves")
        session.give(FakeUpdate(0.5, SOMEBODY))
        assert begun.wait(LONG)
        for second in range(1, 1000):
            session.give(FakeUpdate(second, NOBODY if second % 2 else SOMEBODY))
        until(lambda: sensor.presence.value == 0 and session.now() == 999)
        go_on.set()
        until(lambda: len(told) == 1 + 256)
        assert told[-1] == "leaves"
    assert [record.getMessage() for record in caplog.records].count(
        "a callback takes so long that older events are dropped"
    ) == 1


def test_a_handler_of_the_log_may_ask_the_sensor_from_another_thread(session: FakeSession) -> None:
    class Asks(logging.Handler):
        answers: ClassVar[list[object]] = []

        def emit(self, record: logging.LogRecord) -> None:
            # As a handler does that hands over to a thread of its own, and waits for it.
            thread, outcome = in_thread(lambda: sensor.face_count.value)
            thread.join(LONG / 10)
            self.answers.append(outcome)

    begun, go_on = threading.Event(), threading.Event()

    def arrives() -> None:
        begun.set()
        assert go_on.wait(LONG)

    handler = Asks()
    logging.getLogger("mlsensor").addHandler(handler)
    try:
        with on(session) as sensor:
            sensor.when_person_arrives = arrives
            sensor.when_person_leaves = lambda: None
            session.give(FakeUpdate(0.5, SOMEBODY))
            assert begun.wait(LONG)
            for second in range(1, 400):
                session.give(FakeUpdate(second, NOBODY if second % 2 else SOMEBODY))
            until(lambda: bool(handler.answers))
            go_on.set()
    finally:
        logging.getLogger("mlsensor").removeHandler(handler)
    assert len(handler.answers) == 1
    assert handler.answers != [[]], "the sensor was locked"


def test_a_callback_that_ends_the_program_ends_nothing(
    session: FakeSession, caplog: pytest.LogCaptureFixture
) -> None:
    told: list[str] = []
    with on(session) as sensor:
        sensor.when_person_arrives = lambda: sys.exit(3)
        sensor.when_person_leaves = lambda: told.append("leaves")
        session.give(FakeUpdate(0.1, SOMEBODY), FakeUpdate(1.0, NOBODY))
        until(lambda: told == ["leaves"])
    assert "when_person_arrives raised" in caplog.text
    assert "SystemExit" in caplog.text


def test_a_callback_may_close_its_sensor(session: FakeSession) -> None:
    done = threading.Event()
    sensor = on(session)

    def leave() -> None:
        sensor.close()
        sensor.close()
        done.set()

    sensor.when_person_arrives = leave
    session.give(FakeUpdate(0.1, SOMEBODY))
    assert done.wait(LONG)
    assert sensor.is_closed
    until(lambda: threads() == set())


def test_closing_ends_waits_and_iterations_elsewhere(session: FakeSession) -> None:
    sensor = on(session)
    faces = iter(sensor)
    waits = [
        in_thread(sensor.wait_for_person),
        in_thread(lambda: sensor.wait_for_facing(1e15)),
        in_thread(lambda: next(faces, "the end")),
        in_thread(lambda: list(sensor.updates())),
        in_thread(sensor.wait_for_end),
    ]
    assert session.is_waiting.wait(LONG)
    sensor.close()
    for thread, _ in waits:
        thread.join(LONG)
    outcomes = [outcome for _, (outcome,) in waits]
    # A thread that came too late is told the same.
    assert isinstance(outcomes[0], ClosedError)
    assert isinstance(outcomes[1], ClosedError)
    assert outcomes[2] == "the end"
    assert outcomes[3] == [] or isinstance(outcomes[3], ClosedError)
    assert isinstance(outcomes[4], ClosedError)
    assert threads() == set()


def test_a_callback_that_waits_when_the_sensor_is_closed_is_no_error_to_log(
    session: FakeSession, caplog: pytest.LogCaptureFixture
) -> None:
    begun = threading.Event()

    def waits(sensor: PersonSensor) -> None:
        begun.set()
        sensor.wait_for_facing()

    sensor = on(session)
    sensor.when_person_arrives = waits
    session.give(FakeUpdate(0.1, SOMEBODY))
    assert begun.wait(LONG)
    sensor.close()
    assert caplog.records == []


def test_closing_does_not_wait_for_ever_for_a_callback(
    session: FakeSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Reader.join, "__defaults__", (0.01,))
    begun, go_on = threading.Event(), threading.Event()

    def blocks() -> None:
        begun.set()
        go_on.wait(LONG)

    sensor = on(session)
    sensor.when_person_arrives = blocks
    session.give(FakeUpdate(0.1, SOMEBODY))
    assert begun.wait(LONG)
    sensor.close()
    assert threads() == {"mlsensor callbacks"}
    go_on.set()
    until(lambda: threads() == set())


def test_every_thread_that_iterates_gets_every_reading(session: FakeSession) -> None:
    sensor = on(session)
    seen: list[list[float]] = [[] for _ in range(4)]
    ready = threading.Barrier(5)

    def iterate(mine: list[float]) -> None:
        updates = sensor.updates()
        ready.wait(LONG)
        for update in updates:
            mine.append(update.at)

    waits = [in_thread(functools.partial(iterate, mine)) for mine in seen]
    ready.wait(LONG)
    for second in range(1, 101):
        session.give(FakeUpdate(second, SOMEBODY))
    until(lambda: all(len(mine) == 100 for mine in seen))
    sensor.close()
    for thread, _ in waits:
        thread.join(LONG)
    assert seen == [list(range(1, 101))] * 4


def test_an_iterator_sees_trouble_once_and_then_what_is_fresh(session: FakeSession) -> None:
    with on(session) as sensor:
        faces = iter(sensor)
        trouble = BusError("it broke", "", "", "MLSENSOR-BUS", 121)
        session.give(
            FakeUpdate(0.1, SOMEBODY),
            # It had failed once, and nothing is known that was not known before.
            FakeUpdate(0.2, None, State.LIVE, trouble),
            # Read before.
            FakeUpdate(0.3, SOMEBODY, is_fresh=False),
            # Just set: no trouble.
            FakeUpdate(0.4, None, State.STALE, None),
            FakeUpdate(0.5, None, State.STALE, trouble),
            FakeUpdate(0.6, None, State.ABSENT, trouble),
            FakeUpdate(0.7, NOBODY),
        )
        assert next(faces) == SOMEBODY
        for _ in range(2):
            with pytest.raises(BusError) as raised:
                next(faces)
            assert raised.value.errno == 121
        assert next(faces) == NOBODY


def test_a_slow_program_is_not_given_what_it_saw_before_the_sensor_was_lost(session: FakeSession) -> None:
    lost = BusError("lost", "", "", "MLSENSOR-BUS", 121)
    with on(session) as sensor:
        faces = iter(sensor)
        assert sensor.presence.value is None
        session.give(FakeUpdate(1.0, SOMEBODY), FakeUpdate(2.0, None, State.STALE, lost))
        until(lambda: sensor._reader.number == 2)
        with pytest.raises(BusError) as raised:
            next(faces)
        assert raised.value is lost


def test_a_reading_that_began_before_silence_was_noticed_does_not_turn_time_back() -> None:
    conclusions = Conclusions({}, {}, recognises=False)
    conclusions.feed(2.0, None, State.STALE)
    conclusions.feed(1.9, SOMEBODY, State.LIVE)
    assert conclusions.heard == 2.0
    assert conclusions.count == 1


@pytest.mark.parametrize("recognises", [True, False])
def test_a_sensor_that_recognises_is_given_more_patience(recognises: bool) -> None:
    usual, patient = Presence.DEFAULTS["leave_after"], Presence.WITH_RECOGNITION["leave_after"]
    conclusions = Conclusions({"arrive_after": 0.0}, {}, recognises=recognises)
    conclusions.feed(1.0, SOMEBODY, State.LIVE)
    between = 1.0 + (usual + patient) / 2
    at = 1.0
    while at < between:
        at = min(at + 0.25, between)
        conclusions.feed(at, NOBODY, State.LIVE)
    assert conclusions.outcome("presence") is (Outcome.PRESENT if recognises else Outcome.ABSENT)


def test_a_bus_that_hangs_does_not_make_the_past_look_like_now(session: FakeSession) -> None:
    # At this speed half a second of the source has passed at once.
    with on(session, speed=1e6) as sensor:
        session.give(FakeUpdate(1.0, SOMEBODY))
        assert sensor.wait_for_person(LONG * 1e6)
        assert sensor.presence.value == 1
        # The reader is held in a read from here on: `next` looks at the time, so the fake is told to be deaf.
        session.hang(3.0)
        until(lambda: sensor.presence.value is None)
        assert sensor.face_count.value is None
