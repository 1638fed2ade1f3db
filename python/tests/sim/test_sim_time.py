"""Does time pass when it is let pass alone, and do readers read at their times on the way?"""

from __future__ import annotations

import gc
import math
import sys
import threading
import weakref
from typing import Callable, Optional

import pytest

from mlsensor import BusError, ConfigError, PersonSensor
from mlsensor.sim import FaultKind, Person, SimBus, SimSensor


class Reader:
    """Reads each `every` seconds, and tells when."""

    def __init__(self, bus: SimBus, name: str, every: float, log: list[tuple[str, float]]) -> None:
        self.bus, self.name, self.every, self.log = bus, name, every, log
        self.due: Optional[float] = every
        self.then: Callable[[], None] = lambda: None

    def _next_due(self) -> Optional[float]:
        return self.due

    def _drive_until(self, at: float) -> None:
        self.bus.advance(max(at - self.bus.now, 0.0))
        self.log.append((self.name, at))
        assert self.due is not None
        self.due += self.every
        self.then()


def test_no_time_passes_by_itself() -> None:
    sim = SimSensor()
    assert sim.now == 0.0
    sim.scene = [Person(1.0)]
    assert (sim.now, sim.results, sim.presence) == (0.0, 0, False)
    sim.advance(0.2)
    assert (sim.now, sim.results, sim.presence) == (0.2, 1, True)
    sim.advance(0)
    assert sim.now == sim.bus.now == 0.2


def test_a_sensor_that_comes_later_has_the_time_of_its_bus() -> None:
    bus = SimBus()
    bus.advance(5.0)
    sim = SimSensor(bus)
    bus.advance(0.25)
    assert (sim.now, sim.exposed_at, sim.published_at) == (5.25, 5.0, 5.2)


def test_a_transfer_takes_the_time_of_its_bits() -> None:
    bus = SimBus()
    SimSensor(bus)
    bus.read(0x62, 39)
    # An address and 39 bytes, nine clock pulses each, START and STOP, at 100 kHz.
    assert bus.now == pytest.approx(40 * 9e-5, abs=3e-5)


def test_days_pass_at_once() -> None:
    sim = SimSensor()
    sim.advance(2 * 24 * 3600)
    assert sim.now == 172_800.0
    assert sim.results == math.floor((172_800 - 0.2) / 0.14) + 1


@pytest.mark.parametrize("seconds", [-0.1, math.nan, math.inf, -math.inf])
def test_what_is_no_span_of_time_is_refused(seconds: float) -> None:
    sim = SimSensor()
    with pytest.raises(ConfigError):
        sim.advance(seconds)
    with pytest.raises(ConfigError):
        sim.bus.advance(seconds)
    assert sim.now == 0.0


def test_readers_read_in_the_order_of_their_times_and_of_their_coming() -> None:
    bus, log = SimBus(), list[tuple[str, float]]()
    late, slow, quick = (
        Reader(bus, "late", 0.5, log),
        Reader(bus, "slow", 0.5, log),
        Reader(bus, "quick", 0.25, log),
    )
    for reader in (late, slow, quick):
        bus._attach_reader(reader)
    late.due = None
    bus.advance(0.75)
    assert log == [("quick", 0.25), ("slow", 0.5), ("quick", 0.5), ("quick", 0.75)]
    late.due = 1.0
    bus._detach_reader(quick)
    bus.advance(0.25)
    assert log[4:] == [("late", 1.0), ("slow", 1.0)]
    assert bus.now == 1.0


def test_a_reader_is_held_by_its_program_alone() -> None:
    bus, log = SimBus(), list[tuple[str, float]]()
    reader = Reader(bus, "gone", 0.1, log)
    bus._attach_reader(reader)
    bus._attach_reader(reader)
    bus.advance(0.15)
    assert log == [("gone", 0.1)], "once, however often it was attached"
    alive = weakref.ref(reader)
    del reader
    gc.collect()
    assert alive() is None
    bus.advance(1.0)
    assert len(log) == 1


def test_time_that_a_callback_lets_pass_is_caught_up_with() -> None:
    bus, log = SimBus(), list[tuple[str, float]]()
    one, other = Reader(bus, "one", 1.0, log), Reader(bus, "other", 0.5, log)
    bus._attach_reader(one)
    bus._attach_reader(other)

    def pause() -> None:
        one.then = lambda: None
        bus.advance(2.0)
        assert len(log) == 2, "nobody reads within a callback"

    one.then = pause
    bus.advance(1.0)
    assert bus.now == 3.0
    assert log == [
        ("other", 0.5),
        ("one", 1.0),
        ("other", 1.0),
        ("other", 1.5),
        ("one", 2.0),
        ("other", 2.0),
        ("other", 2.5),
        ("one", 3.0),
        ("other", 3.0),
    ]


def test_an_error_of_a_reader_comes_out_and_time_can_go_on() -> None:
    bus = SimBus()
    reader = Reader(bus, "bad", 0.5, [])

    def fail() -> None:
        raise ZeroDivisionError

    reader.then = fail
    bus._attach_reader(reader)
    with pytest.raises(ZeroDivisionError):
        bus.advance(1.0)
    reader.then = lambda: None
    bus.advance(1.0)
    assert [at for _, at in reader.log] == [0.5, 1.0, 1.5]


def test_a_reader_that_never_goes_on_is_named_instead_of_waited_for() -> None:
    class Stuck:
        def _next_due(self) -> float:
            return 0.5

        def _drive_until(self, at: float) -> None:
            pass

        def __repr__(self) -> str:
            return "<stuck>"

    bus, reader = SimBus(), Stuck()
    bus._attach_reader(reader)
    with pytest.raises(RuntimeError, match=r"<stuck> wants to read at 0\.5 s for ever"):
        bus.advance(1.0)


def test_callbacks_come_at_the_times_of_the_scene_each_time_the_same() -> None:
    def story() -> list[tuple[str, float]]:
        sim, log = SimSensor(), list[tuple[str, float]]()
        with PersonSensor(bus=sim) as sensor:
            sensor.when_facing = lambda: log.append(("facing", sim.now))
            sensor.when_person_arrives = lambda: log.append(("arrives", sim.now))
            sensor.when_person_leaves = lambda: log.append(("leaves", sim.now))
            sim.advance(2.0)
            assert log == []
            sim.scene = [Person(0.8)]
            sim.advance(5.0)
            sim.scene = []
            sim.advance(20.0)
        return log

    log = story()
    assert [name for name, _ in log] == ["arrives", "facing", "leaves"]
    assert all(2.0 < at < 7.0 for name, at in log if name != "leaves")
    assert log == story()


def test_nothing_of_it_needs_a_thread() -> None:
    before = threading.active_count()
    sim = SimSensor()
    with PersonSensor(bus=sim) as sensor:
        sensor.when_facing = print
        sim.advance(3.0)
        assert threading.active_count() == before


def test_many_threads_use_one_bus() -> None:
    """Each transfer is a whole: every packet is one of the sensor's, or an error that was asked for."""
    sim = SimSensor()
    sim.scene = [Person(1.0)]
    sim.set_fault_rate(FaultKind.NACK_ADDRESS, 100_000)
    good, bad, wrong = [0] * 8, [0] * 8, list[bytes]()
    start = threading.Barrier(9)

    def read(number: int) -> None:
        start.wait(30)
        for _ in range(300):
            try:
                packet = sim.bus.read(0x62, 39)
            except BusError:
                bad[number] += 1
                continue
            good[number] += 1
            if packet[:4] != b"\x00\x00\x21\x00" or packet[4] > 1:
                wrong.append(packet)
            assert sim.results >= 0
            assert len(sim.scene) == 1

    threads = [threading.Thread(target=read, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    start.wait(30)
    for _ in range(200):
        sim.advance(0.05)
        sim.scene = [Person(1.0)]
    for thread in threads:
        thread.join(60)
        assert not thread.is_alive()
    assert wrong == []
    assert sum(good) + sum(bad) == 2400
    counts = sim.fault_counts()
    assert (counts.transactions, counts.of(FaultKind.NACK_ADDRESS)) == (2400, sum(bad))
    assert sim.now >= 10.0


@pytest.mark.parametrize("value", [-1, 0x80, 300, 2**70])
def test_what_is_no_address_is_refused(value: int) -> None:
    bus = SimBus()
    for call in (
        lambda: bus.read(value, 1),
        lambda: bus.write(value, b""),
        lambda: bus.write_read(value, b"", 1),
    ):
        with pytest.raises(ConfigError, match="address"):
            call()


@pytest.mark.parametrize("value", [-1, 8193, 2**62, sys.maxsize, 2**70])
def test_what_is_no_length_is_refused(value: int) -> None:
    with pytest.raises(ConfigError, match="length"):
        SimBus().read(0x62, value)


@pytest.mark.parametrize("value", [0, -1, 2**40])
def test_what_is_no_bit_rate_is_refused(value: int) -> None:
    with pytest.raises(ConfigError, match="bit_rate_hz"):
        SimBus(value)
