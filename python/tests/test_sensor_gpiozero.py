"""A sensor drives outputs of the real gpiozero, on its mock pins."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from mlsensor import Bounds, Face, Faces, PersonSensor
from mlsensor.sim import Person, SimSensor

gpiozero = pytest.importorskip("gpiozero")
tools: Any = pytest.importorskip("gpiozero.tools")
mock: Any = pytest.importorskip("gpiozero.pins.mock")

FACING = Person(1.0, 0.0)


@pytest.fixture(autouse=True)
def _pins() -> Iterator[None]:
    before = gpiozero.Device.pin_factory
    gpiozero.Device.pin_factory = mock.MockFactory(pin_class=mock.MockPWMPin)
    yield
    gpiozero.Device.pin_factory.reset()
    gpiozero.Device.pin_factory = before


@pytest.fixture
def sim() -> SimSensor:
    return SimSensor(seed=3)


def until_it_is(output: Any, value: float) -> None:
    """Its source is copied to it by a thread of gpiozero."""
    pause = threading.Event()
    for _ in range(3000):
        if output.value == value:
            return
        pause.wait(0.01)
    pytest.fail(f"it is {output.value} and not {value}")


def test_one_line_is_the_whole_program(sim: SimSensor) -> None:
    with PersonSensor(sim) as sensor, gpiozero.LED(17) as led:
        led.source = sensor.facing
        until_it_is(led, 0)
        sim.scene = [FACING]
        sim.advance(5.0)
        until_it_is(led, 1)
        sim.scene = []
        sim.advance(5.0)
        until_it_is(led, 0)


def test_what_is_driven_goes_off_when_the_sensor_is_lost_and_when_it_is_closed(sim: SimSensor) -> None:
    sim.scene = [FACING]
    sensor = PersonSensor(sim)
    with gpiozero.LED(17) as led:
        led.source = sensor.presence
        sim.advance(5.0)
        until_it_is(led, 1)
        sim.power_off()
        sim.advance(5.0)
        until_it_is(led, 0)
        sim.power_on()
        sim.advance(20.0)
        until_it_is(led, 1)
        sensor.close()
        until_it_is(led, 0)


def test_its_tools_take_a_source(sim: SimSensor) -> None:
    with PersonSensor(sim) as sensor, ExitStack() as outputs:
        away, several, both = (outputs.enter_context(gpiozero.LED(line)) for line in (17, 19, 20))
        bright = outputs.enter_context(gpiozero.PWMLED(18))
        away.source = tools.negated(sensor.presence)
        bright.source = tools.scaled(sensor.face_count.values, 0, 1, 0, 4)
        several.source = tools.booleanized(sensor.face_count, 2, 4)
        both.source = tools.all_values(sensor.presence, sensor.facing)
        sim.show_faces(faces(2))
        sim.advance(5.0)
        until_it_is(away, 0)
        until_it_is(bright, 0.5)
        until_it_is(several, 1)
        until_it_is(both, 1)
        sim.show_faces(faces(1))
        sim.advance(5.0)
        until_it_is(several, 0)
        until_it_is(bright, 0.25)
        sim.show_faces(faces(0))
        sim.advance(5.0)
        until_it_is(away, 1)
        until_it_is(both, 0)


def faces(count: int) -> Faces:
    return Faces([Face(Bounds(60 * at, 100, 60 * at + 40, 150), 90, is_facing=True) for at in range(count)])


def test_the_delay_of_a_source_is_gpiozeros(sim: SimSensor) -> None:
    sim.scene = [FACING]
    with PersonSensor(sim) as sensor, gpiozero.PWMLED(17) as led:
        sim.advance(5.0)
        led.source_delay = 0.001
        led.source = sensor.face_count
        until_it_is(led, 1)
        led.source = None
        sim.scene = []
        sim.advance(5.0)
        assert led.value == 1


def test_its_outputs_are_callbacks(sim: SimSensor) -> None:
    with PersonSensor(sim) as sensor, gpiozero.LED(17) as led, gpiozero.PWMLED(18) as fan:
        sensor.when_person_arrives = led.on
        sensor.when_person_leaves = led.off
        sensor.presence.when_unknown = led.off
        sensor.when_facing = fan.pulse
        sim.scene = [FACING]
        sim.advance(5.0)
        assert led.is_lit
        sim.power_off()
        sim.advance(5.0)
        assert not led.is_lit


def test_it_is_read_in_the_background_at_the_speed_of_life() -> None:
    with PersonSensor.simulated("walk_up", speed=100.0) as sensor, gpiozero.LED(17) as led:
        led.source = sensor.facing
        until_it_is(led, 1)
        assert sensor.wait_for_end(100.0)
        until_it_is(led, 0)
