"""One fresh reading each: from a simulated sensor, in virtual time."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator

import pytest

from mlsensor import BusError, ClosedError, Faces, NotFoundError, PersonSensor, SensorError, State
from mlsensor.sim import Fault, FaultKind, Person, SimSensor


@pytest.fixture
def sim() -> SimSensor:
    sim = SimSensor(seed=7)
    sim.scene = [Person(1.0, 0.0)]
    return sim


def read(faces: Iterator[Faces], count: int) -> None:
    for _ in range(count):
        next(faces)


def test_the_same_inference_is_never_given_twice(sim: SimSensor) -> None:
    with PersonSensor(sim) as sensor:
        results = [sim.results for _, _faces in zip(range(40), sensor)]
    assert all(before < after for before, after in zip(results, results[1:]))
    # And none is left out, where the program is fast.
    assert results[-1] - results[0] == 39


def test_a_slow_program_gets_the_newest_reading_and_no_backlog(sim: SimSensor) -> None:
    with PersonSensor(sim) as sensor:
        ages: list[float] = []
        for _faces in sensor:
            reading = sensor.latest.reading
            assert reading is not None
            ages.append(sim.now - reading.at)
            sim.advance(3.0)
            if len(ages) == 5:
                break
    assert max(ages) < 0.2


def test_a_loop_that_is_left_and_begun_again_does_not_give_a_reading_again(sim: SimSensor) -> None:
    with PersonSensor(sim) as sensor:
        results: list[int] = []
        for _ in range(10):
            next(iter(sensor))
            results.append(sim.results)
    assert len(set(results)) == 10


def test_nobody_is_a_reading_too(sim: SimSensor) -> None:
    sim.scene = []
    with PersonSensor(sim) as sensor:
        assert next(iter(sensor)).count == 0


def test_a_lost_sensor_raises_and_iterating_again_goes_on(sim: SimSensor) -> None:
    with PersonSensor(sim) as sensor:
        faces = iter(sensor)
        assert next(faces).count == 1
        sim.power_off()
        with pytest.raises(BusError) as raised:
            read(faces, 20)
        assert raised.value.code == "MLSENSOR-BUS"
        # It is still lost: each attempt to find it says so, to the same iterator and to a new one.
        with pytest.raises(BusError):
            next(faces)
        with pytest.raises(BusError):
            next(iter(sensor))
        sim.power_on()
        for _ in range(100):
            try:
                assert next(faces).count in (0, 1)
                break
            except SensorError:
                assert sim.now < 60
        else:
            pytest.fail("it did not come back")
        assert sensor.state is State.LIVE


def test_short_failures_are_tried_again_inside(sim: SimSensor) -> None:
    with PersonSensor(sim) as sensor:
        faces = iter(sensor)
        next(faces)
        sim.inject(Fault.nack(), Fault.all_ones())
        assert next(faces).count == 1
        assert sensor.counters()["retries"] + sensor.counters()["missed"] >= 1


def test_packets_that_are_refused_for_long_raise_and_are_not_nobody(sim: SimSensor) -> None:
    with PersonSensor(sim) as sensor:
        faces = iter(sensor)
        next(faces)
        sim.set_fault_rate(FaultKind.ALL_ZERO, 1_000_000)
        with pytest.raises(SensorError):
            read(faces, 20)


def test_the_end_of_a_scene_ends_the_loop_for_good() -> None:
    with PersonSensor.simulated("walk_up", speed=math.inf) as sensor:
        faces = iter(sensor)
        counts = [face.count for face in faces]
        assert len(counts) > 100
        assert max(counts) == 1
        assert next(faces, None) is None
        assert list(sensor) == []
        assert sensor.facing.value is None


def test_updates_tell_of_outages_and_never_raise(sim: SimSensor) -> None:
    with PersonSensor(sim) as sensor:
        updates = sensor.updates()
        assert [next(updates).state for _ in range(5)].count(State.LIVE) >= 3
        sim.power_off()
        outage = next(update for update in updates if update.state is not State.LIVE)
        assert outage.faces is None
        assert isinstance(outage.error, SensorError)


def test_updates_that_came_meanwhile_are_all_given(sim: SimSensor) -> None:
    with PersonSensor(sim) as sensor:
        updates = sensor.updates()
        sim.advance(5.0)
        now = sim.now
        times: list[float] = []
        for update in updates:
            if update.at > now:
                break
            times.append(update.at)
        assert len(times) > 20
        assert times == sorted(times)


def test_latest_grows_old_and_does_not_look_fresh(sim: SimSensor) -> None:
    with PersonSensor(sim) as sensor:
        next(iter(sensor))
        before = sensor.latest
        sim.power_off()
        sim.advance(1.0)
        after = sensor.latest
        assert (before.state, before.faces is None) == (State.LIVE, False)
        assert (after.state is State.LIVE, after.faces) == (False, None)


def test_every_sets_the_pace(sim: SimSensor) -> None:
    with PersonSensor(sim, every=0.5) as sensor:
        sim.advance(10.0)
        assert 18 <= sensor.counters()["reads"] <= 24


def test_two_sensors_on_one_bus_are_both_read_while_one_is_waited_for() -> None:
    sim = SimSensor(seed=1)
    with PersonSensor(sim) as first, PersonSensor(sim) as second:
        assert not first.wait_for_person(10.0)
        assert second.counters()["fresh"] > 40
        assert second.presence.value == 0


def test_a_closed_sensor_says_so(sim: SimSensor) -> None:
    sensor = PersonSensor(sim)
    faces = iter(sensor)
    sensor.close()
    sensor.close()
    assert sensor.is_closed
    assert next(faces, None) is None
    assert "closed" in repr(sensor)
    for use in (sensor.read, sensor.probe, sensor.wait_for_facing, sensor.__iter__, sensor.updates):
        with pytest.raises(ClosedError):
            use()
    with pytest.raises(ClosedError):
        sensor.__enter__()
    # What is asked of memory does not raise: nothing is known.
    assert (sensor.facing.value, sensor.facing.is_active, sensor.facing.is_known) == (None, False, False)


def test_without_a_bus_a_plain_machine_is_told_of_the_simulator(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MLSENSOR_BUS", raising=False)
    with pytest.raises(NotFoundError, match=r"mlsensor sim run -- python3") as raised:
        PersonSensor("/dev/i2c-no-such-bus")
    assert raised.value.errno == 2


def test_a_sensor_that_is_not_there_yet_is_waited_for() -> None:
    sim = SimSensor(seed=7)
    sim.scene = [Person(1.0, 0.0)]
    sim.power_off()
    with PersonSensor(sim, wait=True) as sensor:
        found: list[str] = []
        sensor.when_lost = lambda: found.append("lost")
        sensor.when_found = lambda: found.append("found")
        assert next(sensor.updates()).state is State.ABSENT
        with pytest.raises(BusError):
            next(iter(sensor))
        assert not sensor.wait_for_person(1.0)
        assert sensor.presence.value is None
        sim.power_on()
        assert sensor.wait_for_person(30.0)
        # What was not there was not lost.
        assert found == ["found"]


def test_a_first_simulated_reading_is_there_at_once_even_at_the_speed_of_life() -> None:
    begin = time.monotonic()
    with PersonSensor.simulated("walk_up") as sensor:
        next(iter(sensor))
    # Two seconds are promised; a machine that is busy has ten.
    assert time.monotonic() - begin < 10
