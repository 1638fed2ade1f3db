"""A pytest plugin: a simulated sensor for the tests of a program that has a real one.

It is there as soon as the package is installed::

    from mlsensor import PersonSensor
    from mlsensor.sim import Person

    def test_somebody_is_seen(sim_sensor):
        sim_sensor.scene = [Person(0.8, -10)]
        sim_sensor.advance(1.0)
        with PersonSensor() as sensor:
            assert sensor.read().count == 1

Nothing sleeps: time passes in `SimSensor.advance`, and while the program waits for its sensor.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from mlsensor import _default_bus
from mlsensor.sim import Scenario, SimSensor

__all__ = ["sim_sensor"]

_MARKER = (
    "sim_sensor(scenario=None, **options): what the fixture sim_sensor is: in front of a scenario (a name or "
    "a mlsensor.sim.Scenario), or with the keyword arguments of mlsensor.sim.SimSensor."
)


def pytest_configure(config: pytest.Config) -> None:
    """Names the marker."""
    config.addinivalue_line("markers", _MARKER)


@pytest.fixture
def sim_sensor(request: pytest.FixtureRequest) -> Iterator[SimSensor]:
    """A simulated sensor, which every ``PersonSensor()`` that names no bus opens during this test.

    It goes before the environment's ``MLSENSOR_BUS``. ``@pytest.mark.sim_sensor("walk_up")`` puts it in front
    of a scripted scene; ``@pytest.mark.sim_sensor(seed=3, detection=Detection())`` gives it other
    properties.
    """
    sensor = _made(request.node.get_closest_marker("sim_sensor"))
    with _default_bus.used_by_default(sensor):
        yield sensor


def _made(marker: pytest.Mark | None) -> SimSensor:
    return SimSensor() if marker is None else _described(*marker.args, **marker.kwargs)


def _described(scenario: object = None, **options: Any) -> SimSensor:
    if scenario is None:
        return SimSensor(**options)
    if isinstance(scenario, str):
        scenario = Scenario.named(scenario)
    if not isinstance(scenario, Scenario):
        raise TypeError(f"the marker sim_sensor: scenario is a name or a Scenario, not {scenario!r}")
    return scenario.sensor(**options)
