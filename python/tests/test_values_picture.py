"""The picture that a notebook shows."""

from __future__ import annotations

import re
from typing import Optional
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlsensor import Bounds, Face, Faces, Identity

SVG = "{http://www.w3.org/2000/svg}"
KNOWN = Face(Bounds(20, 60, 90, 190), 97, Identity(3, 88), True)
AWAY = Face(Bounds(110, 80, 150, 140), 84)

edges = st.tuples(st.integers(0, 255), st.integers(0, 255)).map(sorted)


def drawn(faces: Faces) -> ElementTree.Element:
    root = ElementTree.fromstring(faces._repr_svg_())
    assert root.tag == f"{SVG}svg"
    return root


def shapes(faces: Faces) -> list[ElementTree.Element]:
    return [path for path in drawn(faces).iter(f"{SVG}path") if "data-bounds" in path.attrib]


def words(faces: Faces) -> list[str]:
    return [text.text or "" for text in drawn(faces).iter(f"{SVG}text") if "aria-hidden" not in text.attrib]


def test_nobody_is_an_empty_view_that_says_so() -> None:
    assert shapes(Faces()) == []
    assert "nobody" in words(Faces())
    assert "nobody" not in words(Faces([KNOWN]))


@given(edges, edges, st.booleans())
def test_a_face_is_drawn_to_scale_wherever_it_is(across: list[int], down: list[int], is_facing: bool) -> None:
    (left, right), (top, bottom) = across, down
    (shape,) = shapes(Faces([Face(Bounds(left, top, right, bottom), 80, None, is_facing)]))
    found = re.fullmatch(r"M(\S+) (\S+)h(\S+)v(\S+)h-(\S+)Z", shape.attrib["d"])
    assert found
    x, y, width, height, back = map(float, found.groups())
    # The 4:3 picture is laid over as many units down as across.
    assert (x, width, back) == (left, right - left, right - left)
    assert (y, height) == (top * 0.75, (bottom - top) * 0.75)
    assert shape.attrib["data-bounds"] == f"{left} {top} {right} {bottom}"


@given(st.lists(st.tuples(edges, edges, st.booleans(), st.none() | st.integers(0, 7)), max_size=4))
def test_everything_is_inside_of_the_drawing(
    faces: list[tuple[list[int], list[int], bool, Optional[int]]],
) -> None:
    sequence = Faces(
        Face(
            Bounds(left, top, right, bottom),
            100,
            None if person is None else Identity(person, 100),
            is_facing,
        )
        for (left, right), (top, bottom), is_facing, person in faces
    )
    root = drawn(sequence)
    x0, y0, width, height = map(float, root.attrib["viewBox"].split())
    assert (x0, y0) < (0, 0)
    assert x0 + width > 255
    for text in root.iter(f"{SVG}text"):
        x, y, length = float(text.attrib["x"]), float(text.attrib["y"]), len(text.text or "") * 4.5
        start = {"start": x, "middle": x - length / 2, "end": x - length}[text.attrib["text-anchor"]]
        assert x0 <= start
        assert start + length <= x0 + width
        assert y0 + 6 <= y <= y0 + height
    assert len(shapes(sequence)) == len(sequence)


def test_who_faces_the_sensor_differs_by_more_than_colour() -> None:
    facing, away = Faces([Face(AWAY.bounds, 84, None, True)]), Faces([AWAY])
    assert facing._repr_svg_() != away._repr_svg_()
    (bright,), (dashed,) = shapes(facing), shapes(away)
    assert bright.attrib["stroke"] != dashed.attrib["stroke"]
    assert "stroke-dasharray" in dashed.attrib
    assert "stroke-dasharray" not in bright.attrib
    assert float(bright.attrib["fill-opacity"]) > 2 * float(dashed.attrib["fill-opacity"])
    assert [len(list(drawn(faces).iter(f"{SVG}circle"))) for faces in (facing, away)] == [2, 0]


def test_the_labels_say_how_sure_it_is_and_who() -> None:
    labels = words(Faces([KNOWN, AWAY]))
    assert "97 % · id 3 (88 %)" in labels
    assert "84 %" in labels


def test_the_smaller_face_is_in_front() -> None:
    large, small = Face(Bounds(0, 0, 200, 200), 70), Face(Bounds(50, 50, 60, 60), 70)
    for faces in (Faces([large, small]), Faces([small, large])):
        assert [shape.attrib["data-bounds"] for shape in shapes(faces)] == ["0 0 200 200", "50 50 60 60"]


@pytest.mark.parametrize("faces", [Faces(), Faces([KNOWN, AWAY])])
def test_the_picture_says_in_words_what_it_shows(faces: Faces) -> None:
    root = drawn(faces)
    assert root.attrib["role"] == "img"
    title = root.find(f"{SVG}title")
    assert title is not None
    assert title.text == str(faces)
    assert [shape.findtext(f"{SVG}title") for shape in shapes(faces)] == [str(face) for face in faces]


def test_it_has_a_background_of_its_own_and_asks_nothing_of_the_page() -> None:
    root = drawn(Faces([KNOWN]))
    paper = next(element for element in root if element.tag == f"{SVG}rect")
    box = root.attrib["viewBox"].split()
    assert [paper.attrib[name] for name in ("x", "y", "width", "height")] == box
    assert re.fullmatch("#[0-9a-f]{6}", paper.attrib["fill"])
    for element in root.iter():
        assert not {"id", "class", "href", "style"} & set(element.attrib)
        assert element.tag not in {f"{SVG}script", f"{SVG}style", f"{SVG}use", f"{SVG}image"}
    for name in ("fill", "stroke"):
        colours = {element.attrib[name] for element in root.iter() if name in element.attrib}
        assert all(re.fullmatch("#[0-9a-f]{6}|none", colour) for colour in colours)


def test_the_scale_of_bearings_is_the_field_of_view() -> None:
    scale = [text for text in words(Faces()) if "°" in text]
    assert scale == ["\N{MINUS SIGN}55° (sensor's left)", "0°", "55° (right)"]
    assert Bounds(0, 0, 0, 0).bearing_deg == -55
    assert Bounds(255, 0, 255, 0).bearing_deg == 55
