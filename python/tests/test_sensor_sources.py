"""What a sensor says of the people before it, and the callbacks, in virtual time."""

from __future__ import annotations

import functools
import logging
import math
from itertools import islice

import pytest

from mlsensor import Bounds, ConfigError, Face, Faces, Mode, PersonSensor
from mlsensor.behavior import Outcome
from mlsensor.sim import Person, SimSensor

AWAY = Person(1.0, 0.0, heading_deg=70.0)
FACING = Person(1.0, 0.0)


def face(left: int, *, is_facing: bool) -> Face:
    return Face(Bounds(left, 100, left + 30, 140), 90, is_facing=is_facing)


@pytest.fixture
def sim() -> SimSensor:
    return SimSensor(seed=3)


def test_nothing_is_known_at_first_and_that_is_not_nobody(sim: SimSensor) -> None:
    with PersonSensor(sim) as sensor:
        for source in (sensor.presence, sensor.facing, sensor.face_count):
            assert source.value is None
            assert source.outcome is Outcome.UNKNOWN
            assert not source.is_known
            assert not source.is_active
            assert next(source.values) == 0


def test_a_source_is_neither_true_nor_false_for_it_would_always_be_true(sim: SimSensor) -> None:
    with PersonSensor(sim) as sensor:
        for source in (sensor.presence, sensor.facing, sensor.face_count):
            with pytest.raises(TypeError, match="ask its is_active"):
                bool(source)


def test_values_follow_who_is_there(sim: SimSensor) -> None:
    with PersonSensor(sim) as sensor:
        sim.advance(5.0)
        assert (sensor.presence.value, sensor.facing.value, sensor.face_count.value) == (0, 0, 0)
        sim.show_faces(Faces([face(100, is_facing=False), face(20, is_facing=False)]))
        sim.advance(5.0)
        assert (sensor.presence.value, sensor.facing.value, sensor.face_count.value) == (1, 0, 2)
        sim.show_faces(Faces([face(100, is_facing=True)]))
        sim.advance(5.0)
        assert (sensor.presence.value, sensor.facing.value, sensor.face_count.value) == (1, 1, 1)
        assert sensor.facing.is_active


def test_a_bus_error_is_unknown_and_the_fallback_is_safe(sim: SimSensor) -> None:
    sim.scene = [FACING]
    with PersonSensor(sim) as sensor:
        facing = sensor.facing
        assert facing.wait_for_active(10.0)
        values = facing.values
        assert list(islice(values, 3)) == [1, 1, 1]
        sim.power_off()
        sim.advance(3.0)
        assert facing.value is None
        assert sensor.face_count.value is None
        assert not facing.is_active
        assert next(values) == 0
        facing.fallback = 1
        assert next(values) == 1
        del facing
        assert sensor.facing.fallback == 1
        assert next(sensor.presence.values) == 0


def test_values_give_the_fallback_once_more_after_closing_and_end(sim: SimSensor) -> None:
    sim.scene = [FACING]
    sensor = PersonSensor(sim)
    assert sensor.wait_for_facing(10.0)
    values = iter(sensor.facing)
    assert next(values) == 1
    sensor.close()
    assert list(values) == [0]


def test_waits_end_with_what_is_waited_for_or_in_time(sim: SimSensor) -> None:
    with PersonSensor(sim) as sensor:
        assert not sensor.wait_for_person(2.5)
        assert sim.now == pytest.approx(2.5, abs=0.01)
        sim.scene = [FACING]
        assert sensor.wait_for_person(10.0)
        assert sensor.wait_for_facing(10.0)
        came = sim.now
        assert came < 6.0
        # What is so already is not waited for.
        assert sensor.wait_for_facing(10.0)
        assert sim.now == came
        sim.scene = []
        assert sensor.wait_for_not_facing(10.0)
        assert sensor.wait_for_no_person(10.0)
        assert not sensor.wait_for_end(1.0)
        assert not sensor.wait_for_facing(0)


def test_a_time_to_wait_that_is_no_number_is_refused(sim: SimSensor) -> None:
    with PersonSensor(sim) as sensor:
        for wait in (sensor.wait_for_facing, sensor.presence.wait_for_inactive, sensor.wait_for_end):
            with pytest.raises(ConfigError, match="nan s is no time to wait"):
                wait(math.nan)
        assert sim.now == 0
        assert not sensor.wait_for_person(-1)


def test_unknown_ends_no_wait_for_nobody(sim: SimSensor) -> None:
    sim.power_off()
    with PersonSensor(sim) as sensor:
        assert not sensor.wait_for_no_person(5.0)
        assert not sensor.wait_for_not_facing(5.0)


def test_a_wait_ends_with_the_scene() -> None:
    with PersonSensor.simulated("empty_room", speed=math.inf) as sensor:
        assert not sensor.wait_for_person()
        assert sensor.wait_for_end()


def test_settings_of_the_behaviours_are_taken(sim: SimSensor) -> None:
    sim.scene = [FACING]
    with PersonSensor(sim, attention={"hold": 5.0}, presence={"arrive_after": 3.0}) as sensor:
        assert not sensor.wait_for_person(2.9)
        assert sensor.wait_for_person(1.0)
        assert not sensor.wait_for_facing(1.0)
        assert sensor.wait_for_facing(3.0)
    with pytest.raises(TypeError):
        PersonSensor(sim, attention={"hodl": 5.0})
    with pytest.raises(ConfigError):
        PersonSensor(sim, presence={"arrive_after": -1.0})


def test_callbacks_are_called_at_each_change_in_order(sim: SimSensor) -> None:
    told: list[str] = []
    with PersonSensor(sim) as sensor:
        sensor.when_person_arrives = lambda: told.append("arrives")
        sensor.when_facing = lambda: told.append("facing")
        sensor.when_not_facing = lambda: told.append("not facing")
        sensor.when_person_leaves = lambda: told.append("leaves")
        sim.advance(5.0)
        # Nobody was there from the start, so nobody has left.
        assert told == []
        for _ in range(2):
            sim.scene = [AWAY]
            sim.advance(5.0)
            sim.scene = [FACING]
            sim.advance(5.0)
            sim.scene = [AWAY]
            sim.advance(5.0)
            sim.scene = []
            sim.advance(5.0)
        assert told == ["arrives", "facing", "not facing", "leaves"] * 2


def test_what_becomes_unknown_is_told_and_what_it_was_is_told_again(sim: SimSensor) -> None:
    told: list[str] = []
    with PersonSensor(sim) as sensor:
        sensor.presence.when_activated = lambda: told.append("here")
        sensor.presence.when_deactivated = lambda: told.append("not here")
        sensor.presence.when_unknown = lambda: told.append("unknown")
        sensor.when_lost = lambda: told.append("lost")
        sensor.when_found = lambda: told.append("found")
        sim.scene = [FACING]
        sim.advance(5.0)
        sim.power_off()
        sim.advance(10.0)
        assert told == ["here", "lost", "unknown"]
        sim.power_on()
        sim.advance(20.0)
        assert told[3:] == ["found", "here"]
        sim.power_off()
        sim.advance(10.0)
        sim.scene = []
        sim.power_on()
        sim.advance(20.0)
        # They were here when something was known last, and are not now.
        assert told[5:] == ["lost", "unknown", "found", "not here"]


def test_standby_is_no_loss(sim: SimSensor) -> None:
    sim.scene = [FACING]
    lost: list[int] = []
    with PersonSensor(sim) as sensor:
        sensor.when_lost = lambda: lost.append(1)
        assert sensor.wait_for_person(10.0)
        sensor.set_mode(Mode.STANDBY)
        assert not sensor.wait_for_end(10.0)
        assert lost == []
        assert sensor.presence.value is None
        sensor.set_mode(Mode.CONTINUOUS)
        assert sensor.wait_for_person(20.0)


def test_a_callback_takes_the_sensor_or_nothing(sim: SimSensor) -> None:
    told: list[object] = []
    with PersonSensor(sim) as sensor:
        sensor.when_person_arrives = told.append
        sensor.when_facing = functools.partial(told.append, "partial")
        sim.scene = [FACING]
        sim.advance(5.0)
        assert told == [sensor, "partial"]
        assert sensor.facing.when_activated == sensor.when_facing
        sensor.when_facing = None
        assert sensor.when_facing is None
        with pytest.raises(ConfigError, match="when_facing is no function"):
            sensor.when_facing = 5  # type: ignore[assignment]
        with pytest.raises(ConfigError, match="takes more than the sensor"):
            sensor.when_facing = lambda a, b: None  # type: ignore[assignment]
        with pytest.raises(AttributeError):
            sensor.when_facng = told.append  # type: ignore[attr-defined]
        with pytest.raises(AttributeError):
            sensor.facing.when_activatd = told.append  # type: ignore[attr-defined]


def test_a_callback_that_is_taken_away_is_not_called(sim: SimSensor) -> None:
    told: list[int] = []
    with PersonSensor(sim) as sensor:
        sensor.when_person_arrives = lambda: told.append(1)
        sensor.when_person_arrives = None
        sim.scene = [FACING]
        sim.advance(5.0)
        assert told == []


def test_a_callback_that_raises_is_logged_once_a_kind_and_stops_nothing(
    sim: SimSensor, caplog: pytest.LogCaptureFixture
) -> None:
    told: list[int] = []

    def fails() -> None:
        told.append(1)
        raise ValueError(f"{len(told)} calls") if len(told) < 7 else KeyError("another kind")

    with PersonSensor(sim) as sensor, caplog.at_level(logging.ERROR, logger="mlsensor"):
        sensor.when_person_arrives = fails
        sensor.when_person_leaves = lambda: told.append(-1)
        for _ in range(4):
            sim.scene = [FACING]
            sim.advance(5.0)
            sim.scene = []
            sim.advance(5.0)
    assert told == [1, -1] * 4
    kinds = [record.exc_info[0] for record in caplog.records if record.exc_info]
    assert kinds == [ValueError, KeyError]
    assert all("when_person_arrives" in record.getMessage() for record in caplog.records)


def test_a_callback_may_wait_let_time_pass_and_close(sim: SimSensor) -> None:
    told: list[tuple[str, float]] = []
    sensor = PersonSensor(sim)

    def greet() -> None:
        told.append(("hello", sim.now))
        assert sensor.wait_for_facing(10.0)
        told.append(("they look", sim.now))
        sim.scene = []
        assert sensor.wait_for_no_person(10.0)
        sim.advance(1.0)
        told.append(("good-bye", sim.now))

    sensor.when_person_arrives = greet
    sensor.when_person_leaves = sensor.close
    sim.scene = [FACING]
    sim.advance(3.0)
    assert [what for what, _ in told] == ["hello", "they look", "good-bye"]
    assert told[0][1] < told[1][1] < told[2][1] - 1.0
    # They run one after another: the leave was noticed in the first one, and called after it.
    assert sensor.is_closed


def test_the_end_of_a_scene_leaves_nothing_on() -> None:
    told: list[str] = []
    with PersonSensor.simulated("desk", speed=math.inf) as sensor:
        sensor.presence.when_activated = lambda: told.append("on")
        sensor.presence.when_deactivated = lambda: told.append("off")
        sensor.presence.when_unknown = lambda: told.append("safe")
        assert sensor.wait_for_end()
        assert told[-1] == "safe"
        assert sensor.presence.value is None


def test_who_looks_may_change_and_somebody_still_does(sim: SimSensor) -> None:
    told: list[str] = []
    with PersonSensor(sim) as sensor:
        sensor.when_facing = lambda: told.append("facing")
        sensor.when_not_facing = lambda: told.append("not facing")
        for first, second, seconds in ((True, None, 3.0), (True, True, 2.0), (False, True, 6.0)):
            faces = [face(20, is_facing=first)]
            faces += [] if second is None else [face(180, is_facing=second)]
            for _ in range(int(seconds * 10)):
                # No two pictures of a living person are alike.
                faces.reverse()
                sim.show_faces(Faces(faces))
                sim.advance(0.1)
        assert told == ["facing"]
        sim.show_faces(Faces([face(20, is_facing=False)]))
        sim.advance(5.0)
        assert told == ["facing", "not facing"]
