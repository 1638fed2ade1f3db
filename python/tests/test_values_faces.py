"""Faces as a sequence, and the questions to ask them."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from typing import Any, Optional, Union
from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlsensor import Bounds, ConfigError, Face, Faces, Identity

NEAR = Face(Bounds(0, 10, 60, 90), 70)
SURE = Face(Bounds(90, 10, 100, 50), 99, Identity(3, 80))
RIGHT = Face(Bounds(230, 10, 250, 50), 80, None, True)
FAR = Face(Bounds(120, 10, 125, 15), 63, None, True)
STRANGER = Face(Bounds(1, 1, 2, 2), 64)
ALL = [SURE, RIGHT, NEAR, FAR]

lists = st.lists(st.sampled_from(ALL), max_size=4)
indices = st.integers(-6, 6)
bound_or_none = st.none() | st.integers(-7, 7)


@given(lists)
def test_faces_hold_what_a_list_holds(faces: list[Face]) -> None:
    sequence = Faces(faces)
    assert isinstance(sequence, Sequence)
    assert list(sequence) == faces
    assert len(sequence) == sequence.count == len(faces)
    assert bool(sequence) == bool(faces) == (not sequence.is_empty)
    assert list(reversed(sequence)) == list(reversed(faces))
    assert [*sequence] == faces
    assert tuple(sequence) == tuple(faces)
    assert Faces(sequence) == Faces(iter(faces)) == Faces(tuple(faces)) == sequence


def outcome(call: Any) -> Any:
    try:
        return call()
    except Exception as error:
        return type(error)


@given(lists, st.one_of(indices, st.sampled_from([2**63, -(2**63) - 1, 10**30, True])))
def test_an_index_gives_what_it_gives_of_a_list(faces: list[Face], index: int) -> None:
    assert outcome(lambda: Faces(faces)[index]) == outcome(lambda: faces[index])


@given(lists, st.builds(slice, bound_or_none, bound_or_none, bound_or_none))
def test_a_slice_is_the_faces_that_it_is_of_a_list(faces: list[Face], part: slice) -> None:
    of_faces, of_list = outcome(lambda: Faces(faces)[part]), outcome(lambda: faces[part])
    assert of_faces == (of_list if of_list is ValueError else Faces(of_list))


@pytest.mark.parametrize(
    "part", [slice(None, None, 0), slice("a"), slice(1.0), slice(-(10**30), 10**30, 2**80)]
)
def test_a_strange_slice_is_what_it_is_of_a_list(part: slice) -> None:
    of_faces, of_list = outcome(lambda: Faces(ALL)[part]), outcome(lambda: ALL[part])
    assert of_faces == (of_list if isinstance(of_list, type) else Faces(of_list))


@pytest.mark.parametrize("index", ["0", 0.0, None, (0,), NEAR])
def test_what_is_no_index_is_a_type_error(index: Any) -> None:
    with pytest.raises(TypeError):
        Faces(ALL)[index]


@given(lists, st.sampled_from([*ALL, STRANGER, None, 0, "face", mock.ANY]))
def test_a_face_is_in_them_if_it_is_in_the_list(faces: list[Face], value: Any) -> None:
    assert (value in Faces(faces)) == (value in faces)


@given(lists, st.sampled_from([*ALL, STRANGER]), st.none() | indices, st.none() | indices)
def test_a_face_has_the_place_that_it_has_in_the_list(
    faces: list[Face], value: Face, start: Optional[int], stop: Optional[int]
) -> None:
    first = 0 if start is None else start
    arguments: Union[tuple[int], tuple[int, int]] = (first,) if stop is None else (first, stop)
    expected = outcome(lambda: faces.index(value, *arguments))
    assert outcome(lambda: Faces(faces).index(value, *arguments)) == expected
    assert outcome(lambda: Faces(faces).index(value, start=first, stop=stop)) == expected
    if start is None and stop is None:
        assert outcome(lambda: Faces(faces).index(value)) == expected


def test_bounds_of_a_search_may_be_as_large_as_one_likes() -> None:
    assert Faces(ALL).index(FAR, -(10**30), 10**30) == 3


def test_what_is_no_face_is_not_found() -> None:
    with pytest.raises(ValueError, match="not in"):
        Faces(ALL).index("face")


def test_an_iterator_goes_once_and_each_for_itself() -> None:
    faces = Faces(ALL)
    one, other = iter(faces), iter(faces)
    assert isinstance(one, Iterator)
    assert (next(one), next(one), next(other)) == (SURE, RIGHT, SURE)
    assert list(one) == [NEAR, FAR]
    assert list(one) == []


def test_faces_are_no_list_and_no_tuple() -> None:
    # As for any two kinds of sequences: equal in content is not equal.
    assert Faces(ALL) != ALL
    assert Faces(ALL) != tuple(ALL)


def test_faces_cannot_be_changed_in_place() -> None:
    faces: Any = Faces(ALL)
    with pytest.raises(TypeError):
        faces[0] = NEAR
    with pytest.raises(TypeError):
        del faces[0]
    assert list(faces) == ALL


def test_an_endless_iterator_is_refused_at_the_fifth_face() -> None:
    taken = 0

    def endless() -> Iterator[Face]:
        nonlocal taken
        while True:
            taken += 1
            yield NEAR

    with pytest.raises(ConfigError):
        Faces(endless())
    assert taken == 5


def test_what_an_iterator_raises_comes_through() -> None:
    def failing() -> Iterator[Face]:
        yield NEAR
        raise LookupError("lost")

    with pytest.raises(LookupError, match="lost"):
        Faces(failing())


@given(st.permutations(ALL))
def test_each_choice_is_by_its_own_measure_and_not_by_the_order(faces: list[Face]) -> None:
    sequence = Faces(faces)
    assert sequence.largest == NEAR
    assert sequence.most_confident == SURE
    assert sequence.nearest_to(50) == RIGHT
    assert sequence.nearest_to(-50.5) == NEAR
    assert sequence.nearest_to(0.0) == FAR
    assert sequence.facing == Faces(face for face in faces if face.is_facing)
    assert sequence.facing.count == 2


def test_nobody_is_nearest_and_nobody_the_largest_where_nobody_is() -> None:
    nobody = Faces()
    assert nobody.is_empty
    assert nobody.largest is None
    assert nobody.most_confident is None
    assert nobody.nearest_to(0) is None
    assert nobody.facing == nobody
    assert not nobody


def test_the_nearest_is_told_by_less_than_a_degree() -> None:
    # A quarter of a degree apart: both are at 3 degrees, rounded.
    left, right = Face(Bounds(124, 10, 144, 50), 70), Face(Bounds(124, 10, 145, 50), 70)
    assert 0 < right.bounds.bearing_deg - left.bounds.bearing_deg < 0.25
    assert round(left.bounds.bearing_deg) == round(right.bounds.bearing_deg)
    for face in (left, right):
        assert Faces([left, right]).nearest_to(face.bounds.bearing_deg) == face
        assert Faces([right, left]).nearest_to(face.bounds.bearing_deg) == face


@given(lists, st.floats(-360, 360))
def test_nobody_is_nearer_than_the_nearest(faces: list[Face], bearing: float) -> None:
    nearest = Faces(faces).nearest_to(bearing)
    if nearest is None:
        assert faces == []
    else:
        off = min(abs(face.bounds.bearing_deg - bearing) for face in faces)
        assert abs(nearest.bounds.bearing_deg - bearing) <= off + 0.001


@pytest.mark.parametrize("bearing", [math.nan, math.inf, -math.inf])
def test_what_is_no_bearing_is_refused(bearing: float) -> None:
    with pytest.raises(ConfigError):
        Faces(ALL).nearest_to(bearing)


def test_a_bearing_beyond_all_measure_is_beside_everybody() -> None:
    assert Faces(ALL).nearest_to(1e300) in ALL


def test_all_sequences_of_up_to_four_can_be_made() -> None:
    for count in range(5):
        for faces in itertools.product(ALL, repeat=count):
            assert tuple(Faces(faces)) == faces
