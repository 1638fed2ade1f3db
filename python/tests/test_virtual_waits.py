"""Waits in virtual time end, whatever their deadlines are as floats."""

from __future__ import annotations

import asyncio
import math

import pytest

from mlsensor import ConfigError, PersonSensor, PersonSensorAsync
from mlsensor.sim import SimSensor


@pytest.mark.parametrize("step", [0.02, 0.1, 1 / 3, 1e-9])
def test_a_program_may_wait_in_small_steps(step: float) -> None:
    # 0.1 + 0.02 is a little more than 0.12, which is as far as the time of a source gets.
    with PersonSensor.simulated("walk_up", speed=math.inf) as sensor:
        assert [sensor.wait_for_end(step) for _ in range(60)] == [False] * 60


def test_a_wait_for_what_nobody_lets_happen_does_not_hang_a_test() -> None:
    sim = SimSensor()
    with PersonSensor(sim) as sensor:
        for wait in (sensor.wait_for_facing, sensor.wait_for_person, sensor.wait_for_end):
            with pytest.raises(ConfigError, match="an hour of virtual time"):
                wait()
        begin = sim.now
        assert not sensor.wait_for_facing(2 * 3600.0)
        assert sim.now == pytest.approx(begin + 2 * 3600.0)


def test_nor_does_one_that_is_awaited() -> None:
    async def program() -> None:
        async with PersonSensorAsync(SimSensor()) as sensor:
            with pytest.raises(ConfigError, match="an hour of virtual time"):
                await sensor.wait_for_person()

    asyncio.run(program())
