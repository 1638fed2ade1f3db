"""Does the presence pin of a simulated sensor let virtual time pass, and no more of it than is asked for?"""

from __future__ import annotations

import asyncio
import math
import pickle
from typing import Callable

import pytest

from mlsensor import ClosedError, ConfigError, NotFoundError, PresencePin, PresencePinAsync
from mlsensor.sim import Person, Scenario, SimSensor

SOON = 0.5
"""In so many seconds a sensor that runs has seen what is in front of it."""


@pytest.fixture
def sensor() -> SimSensor:
    sensor = SimSensor()
    sensor.advance(1.0)
    return sensor


def test_the_level_is_that_of_the_latest_result(sensor: SimSensor) -> None:
    pin = PresencePin(sensor)
    assert (pin.is_present, pin.is_active, pin.value) == (False, False, 0)
    sensor.scene = [Person(1.0, 0)]
    assert not pin.is_present, "it has not looked yet"
    sensor.advance(SOON)
    assert (pin.is_present, pin.is_active, pin.value) == (True, True, 1)


def test_a_wait_lets_time_pass_until_the_sensor_has_seen_somebody_and_no_longer(sensor: SimSensor) -> None:
    pin = PresencePin(sensor)
    sensor.scene = [Person(1.0, 0)]
    begin = sensor.now
    assert pin.wait_for_presence()
    assert 0 < sensor.now - begin < SOON
    assert sensor.published_at == sensor.now
    begin = sensor.now
    assert pin.wait_for_presence()
    assert sensor.now == begin, "somebody is there already"
    sensor.scene = []
    assert pin.wait_for_absence()
    assert 0 < sensor.now - begin < SOON


def test_a_wait_lets_its_own_time_pass_and_says_no(sensor: SimSensor) -> None:
    begin = sensor.now
    assert not PresencePin(sensor).wait_for_presence(2.5)
    assert math.isclose(sensor.now - begin, 2.5)
    assert not PresencePin(sensor).wait_for_presence(0)
    assert math.isclose(sensor.now - begin, 2.5)


def test_a_scene_that_goes_on_is_waited_through() -> None:
    sensor = Scenario.named("walk_up").sensor()
    with PresencePin(sensor) as pin:
        assert pin.wait_for_presence()
        came = sensor.now
        assert pin.wait_for_absence()
        assert came < sensor.now < 60


def test_a_wait_for_what_nothing_will_change_does_not_go_on_for_ever(sensor: SimSensor) -> None:
    with pytest.raises(ConfigError, match="nothing has changed it") as refused:
        PresencePin(sensor).wait_for_presence()
    assert refused.value.code == "MLSENSOR-CONFIG"
    sensor.power_off()
    begin = sensor.now
    assert not PresencePin(sensor).wait_for_presence(3)
    assert math.isclose(sensor.now - begin, 3)


def test_it_is_closed_by_its_with(sensor: SimSensor) -> None:
    with PresencePin(sensor) as pin:
        assert repr(pin) == "<mlsensor.PresencePin on TP1 of a simulated sensor>"
    assert pin.is_closed
    uses: list[Callable[[], object]] = [lambda: pin.value, lambda: pin.wait_for_presence(1), pin.fileno]
    for use in uses:
        with pytest.raises(ClosedError) as closed:
            use()
        assert closed.value.code == "MLSENSOR-CLOSED"


@pytest.mark.parametrize("timeout", [-1, -0.001, math.nan])
def test_a_time_below_0_is_none(sensor: SimSensor, timeout: float) -> None:
    with pytest.raises(ConfigError, match="no time to wait"):
        PresencePin(sensor).wait_for_presence(timeout)


def test_there_is_no_descriptor_of_what_is_not_there(sensor: SimSensor) -> None:
    with pytest.raises(ConfigError, match="has no descriptor"):
        PresencePin(sensor).fileno()


def test_awaited_it_lets_the_same_time_pass_and_other_tasks_run(sensor: SimSensor) -> None:
    async def main() -> tuple[bool, bool, int]:
        turns = 0

        async def other() -> None:
            nonlocal turns
            while True:
                turns += 1
                await asyncio.sleep(0)

        async with PresencePinAsync(sensor) as pin:
            running = asyncio.create_task(other())
            sensor.scene = [Person(1.0, 0)]
            came = await pin.wait_for_presence()
            late = await pin.wait_for_absence(1.5)
            running.cancel()
        assert pin.is_closed
        return came, late, turns

    begin = sensor.now
    came, late, turns = asyncio.run(main())
    assert (came, late) == (True, False)
    assert 1.5 < sensor.now - begin < 1.5 + SOON
    assert turns > 1


def test_what_a_line_is_called_is_looked_at_before_any_chip() -> None:
    for name in ("17", "gpiochip4:17", ""):
        with pytest.raises(ConfigError) as refused:
            PresencePin(name)
        assert refused.value.code == "MLSENSOR-GPIO"
        assert pickle.loads(pickle.dumps(refused.value)).args == refused.value.args
    with pytest.raises(NotFoundError, match="no GPIO"):
        PresencePin("no line has this name")


def test_a_number_is_no_line_and_the_name_that_was_meant_is_said() -> None:
    with pytest.raises(ConfigError, match="17 names no GPIO line") as refused:
        PresencePin(17)  # type: ignore[arg-type]
    assert '"GPIO17"' in refused.value.likely
    with pytest.raises(ConfigError, match="None names no GPIO line"):
        PresencePin(None)  # type: ignore[arg-type]
