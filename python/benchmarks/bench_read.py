"""A reading of the simulated bus: the package beside the usual way over the same bus, in one run.

The bus costs both the same; what differs is what is made of the bytes. Time is virtual: nobody waits for it.
See docs/performance.md.
"""

from __future__ import annotations

from typing import Any

import pytest
from pytest_benchmark.fixture import BenchmarkFixture
from usual_way import checked_faces_of, faces_of

from mlsensor import ADDRESS, PACKET_LEN, Bounds, Face, Faces, PersonSensor
from mlsensor.sim import SimBus, SimSensor

SHOWN = Faces([Face(Bounds(124, 128, 149, 170), 99, None, True), *[Face(Bounds(20, 60, 90, 190), 97)] * 3])


@pytest.fixture
def bus() -> SimBus:
    """A bus with a sensor that shows four faces, and has for long enough."""
    bus = SimBus()
    sensor = SimSensor(bus)
    sensor.show_faces(SHOWN)
    bus.advance(10)
    return bus


def bench_read(benchmark: BenchmarkFixture, bus: SimBus) -> None:
    benchmark.group = "a reading of the simulated bus, 4 faces"
    with PersonSensor(bus) as sensor:
        assert benchmark(sensor.read) == SHOWN


def bench_read_the_usual_way(benchmark: BenchmarkFixture, bus: SimBus) -> None:
    benchmark.group = "a reading of the simulated bus, 4 faces"
    result: list[Any] = benchmark(lambda: faces_of(bus.read(ADDRESS, PACKET_LEN)))
    assert len(result) == 4


def bench_read_the_usual_way_checked(benchmark: BenchmarkFixture, bus: SimBus) -> None:
    benchmark.group = "a reading of the simulated bus, 4 faces"
    result: list[Any] = benchmark(lambda: checked_faces_of(bus.read(ADDRESS, PACKET_LEN)))
    assert len(result) == 4


def bench_bytes_of_the_simulated_bus(benchmark: BenchmarkFixture, bus: SimBus) -> None:
    """What the bus alone costs."""
    benchmark.group = "a reading of the simulated bus, 4 faces"
    result: bytes = benchmark(bus.read, ADDRESS, PACKET_LEN)
    assert len(result) == 39
