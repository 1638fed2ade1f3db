"""What the edges of a face say about the room."""

from __future__ import annotations

from typing import Optional

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlsensor import Bounds

edges = st.tuples(st.integers(0, 255), st.integers(0, 255)).map(sorted)


@given(edges, edges)
def test_what_is_derived_is_what_the_page_of_the_protocol_has_it(across: list[int], down: list[int]) -> None:
    (left, right), (top, bottom) = across, down
    bounds = Bounds(left, top, right, bottom)
    assert (bounds.left, bounds.top, bounds.right, bounds.bottom) == (left, top, right, bottom)
    assert (bounds.width, bounds.height) == (right - left, bottom - top)
    assert bounds.area == (right - left) * (bottom - top)
    assert bounds.center == ((left + right) // 2, (top + bottom) // 2)
    # 110 degrees over 0 to 255, and three quarters of that downward; thousandths of a degree.
    assert bounds.bearing_deg == pytest.approx(((left + right) / 2 / 255 - 0.5) * 110, abs=0.001)
    assert bounds.elevation_deg == pytest.approx((0.5 - (top + bottom) / 2 / 255) * 82.5, abs=0.001)


@pytest.mark.parametrize(
    ("bounds", "bearing", "elevation"),
    [
        (Bounds(0, 0, 0, 0), -55.0, 41.25),
        (Bounds(255, 255, 255, 255), 55.0, -41.25),
        (Bounds(0, 0, 255, 255), 0.0, 0.0),
        (Bounds(124, 128, 149, 170), 3.882, -6.955),
    ],
)
def test_directions_are_in_degrees_and_fractions(bounds: Bounds, bearing: float, elevation: float) -> None:
    assert (bounds.bearing_deg, bounds.elevation_deg) == (bearing, elevation)
    assert isinstance(bounds.bearing_deg, float)
    assert isinstance(bounds.elevation_deg, float)


@pytest.mark.parametrize(
    ("width", "metres"), [(0, None), (1, 20.0), (20, 1.0), (33, 0.606), (40, 0.5), (255, 0.078)]
)
def test_the_distance_is_in_metres_and_unknown_without_a_width(width: int, metres: Optional[float]) -> None:
    assert Bounds(0, 0, width, 9).distance_m == metres
