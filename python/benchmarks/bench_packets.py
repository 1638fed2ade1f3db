"""From 39 bytes to faces: the package beside the usual way, in one run. See docs/performance.md.

Run by ``python3 -m pytest python/benchmarks``.
"""

from __future__ import annotations

from typing import Any, Callable

import pytest
from pytest_benchmark.fixture import BenchmarkFixture
from usual_way import checked_faces_of, faces_of

from mlsensor import Bounds, Face, Faces, Identity

FACES = [
    Face(Bounds(124, 128, 149, 170), 99, Identity(0, 67), True),
    Face(Bounds(20, 60, 90, 190), 97, Identity(3, 88), True),
    Face(Bounds(200, 20, 240, 90), 84),
    Face(Bounds(100, 100, 110, 115), 63, None, True),
]
PACKETS = {count: bytes(Faces(FACES[:count])) for count in (0, 1, 4)}

WAYS: dict[str, Callable[[bytes], Any]] = {
    "mlsensor, all checks": Faces.from_bytes,
    "struct and dict, no check": faces_of,
    "struct and dict, checksum": checked_faces_of,
}


def facing_with_mlsensor(packet: bytes) -> bool:
    return any(face.is_facing for face in Faces.from_bytes(packet))


def facing_the_usual_way(packet: bytes) -> bool:
    return any(face["is_facing"] for face in faces_of(packet))


def all_with_mlsensor(packet: bytes) -> list[Any]:
    said: list[Any] = []
    for face in Faces.from_bytes(packet):
        bounds, identity = face.bounds, face.identity
        person = None if identity is None else (identity.id, identity.confidence)
        edges = (bounds.left, bounds.top, bounds.right, bounds.bottom)
        said.append((face.confidence, edges, person, face.is_facing))
    return said


def all_the_usual_way(packet: bytes) -> list[Any]:
    said: list[Any] = []
    for face in faces_of(packet):
        person = (face["id"], face["id_confidence"]) if face["id_confidence"] > 0 else None
        edges = (face["left"], face["top"], face["right"], face["bottom"])
        said.append((face["confidence"], edges, person, face["is_facing"]))
    return said


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("count", PACKETS)
def bench_from_bytes(benchmark: BenchmarkFixture, count: int, way: str) -> None:
    benchmark.group = f"from bytes, {count} faces"
    faces: list[Any] = benchmark(WAYS[way], PACKETS[count])
    assert len(faces) == count


@pytest.mark.parametrize("way", [facing_with_mlsensor, facing_the_usual_way])
def bench_is_anybody_facing(benchmark: BenchmarkFixture, way: Callable[[bytes], bool]) -> None:
    benchmark.group = "from bytes to whether anybody of 4 is facing"
    assert benchmark(way, PACKETS[4])


@pytest.mark.parametrize("way", [all_with_mlsensor, all_the_usual_way])
def bench_everything(benchmark: BenchmarkFixture, way: Callable[[bytes], list[Any]]) -> None:
    benchmark.group = "from bytes to every number of 4 faces"
    assert benchmark(way, PACKETS[4]) == all_the_usual_way(PACKETS[4])
