"""Readings, made by hand, for the tests of the behaviours."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Optional, cast

from mlsensor import Bounds, Face, Faces, Identity

NOBODY = Faces()


def face(
    left: int = 100,
    width: int = 30,
    *,
    is_facing: bool = True,
    confidence: int = 90,
    known_as: Optional[int] = None,
) -> Face:
    """One face, 40 view units high."""
    identity = None if known_as is None else Identity(known_as, 95)
    return Face(Bounds(left, 100, left + width, 140), confidence, identity, is_facing)


def somebody(tenth: int = 0, *, left: int = 100, width: int = 30, is_facing: bool = True) -> Faces:
    """One person; no two packets are alike, as with a living one."""
    return Faces([face(left + tenth % 2, width, is_facing=is_facing)])


def script(*parts: tuple[int, str]) -> Iterator[tuple[int, Optional[Faces]]]:
    """So many readings of each kind, one each 0.1 s: the tenth of a second, and the reading.

    '+' faces the sensor, '~' is turned away, '-' is nobody, 'x' is no reading.
    """
    tenth = 0
    for count, kind in parts:
        for _ in range(count):
            yield tenth, {"+": somebody(tenth), "~": somebody(tenth, is_facing=False), "-": NOBODY}.get(kind)
            tenth += 1


def at(history: Iterable[tuple[int, str]]) -> Iterator[tuple[float, Optional[Faces]]]:
    """Readings at these milliseconds, in seconds: '+' a face, '-' nobody, 'x' no reading."""
    for ms, kind in history:
        yield ms / 1000, {"+": Faces([face()]), "-": NOBODY}.get(kind)


def steadily(start: int, end: int, period: int, kind: str) -> list[tuple[int, str]]:
    """The same kind of reading, time and again, in milliseconds."""
    return [(ms, kind) for ms in range(start, end + 1, period)]


def first_setting(value: object) -> Optional[str]:
    """Names a case by the setting that it changes."""
    return next(iter(cast("dict[str, object]", value))) if isinstance(value, dict) else None
