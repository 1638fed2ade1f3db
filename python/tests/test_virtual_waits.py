"""Waits in virtual time end, whatever their deadlines are as floats."""

from __future__ import annotations

import math

import pytest

from mlsensor import PersonSensor


@pytest.mark.parametrize("step", [0.02, 0.1, 1 / 3, 1e-9])
def test_a_program_may_wait_in_small_steps(step: float) -> None:
    # 0.1 + 0.02 is a little more than 0.12, which is as far as the time of a source gets.
    with PersonSensor.simulated("walk_up", speed=math.inf) as sensor:
        assert [sensor.wait_for_end(step) for _ in range(60)] == [False] * 60
