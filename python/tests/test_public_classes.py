"""What help() says of each public class, and how what a sensor gives is matched."""

from __future__ import annotations

import enum
import inspect
from types import ModuleType
from typing import Any

import pytest

import mlsensor
from mlsensor import NotFoundError, PersonSensor, State, behavior, sim
from mlsensor.sim import Person, SimSensor

# Frozen mappings and sequences, which cannot say what they are: the text of their class does.
CONSTANTS = {"DEFAULTS", "SHIPPED", "WITH_CADENCE", "WITH_RECOGNITION"}


def classes(module: ModuleType) -> list[Any]:
    # The fields of `Detection` are rates, and only their names say of what.
    found = [getattr(module, name) for name in module.__all__]
    return [
        one
        for one in found
        if inspect.isclass(one)
        and not issubclass(one, (enum.Enum, BaseException))
        and one is not sim.Detection
    ]


@pytest.mark.parametrize("module", [mlsensor, behavior, sim], ids=lambda module: module.__name__)
def test_every_public_class_says_what_it_is_and_what_threads_may_do(module: ModuleType) -> None:
    assert len(classes(module)) > 10
    for one in classes(module):
        assert "Threads:" in (inspect.getdoc(one) or ""), one
        for name in dir(one):
            if not name.startswith("_") and name not in CONSTANTS:
                assert inspect.getdoc(getattr(one, name)), (one, name)


def test_updates_and_readings_have_parts_to_match_in_order() -> None:
    simulated = SimSensor(seed=1)
    simulated.scene = [Person(0.8)]
    with PersonSensor(simulated) as sensor:
        faces = next(iter(sensor))
        seen = sensor.latest
        assert [getattr(seen, name) for name in type(seen).__match_args__] == [State.LIVE, faces]
        reading = seen.reading
        assert reading is not None
        assert [getattr(reading, name) for name in type(reading).__match_args__] == [faces, seen.at]
        simulated.power_off()
        simulated.advance(10.0)
        lost = sensor.latest
        assert [getattr(lost, name) for name in type(lost).__match_args__] == [State.ABSENT, None]
        assert isinstance(lost.error, NotFoundError)
