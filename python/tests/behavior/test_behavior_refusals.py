"""What the behaviours refuse, and how."""

from __future__ import annotations

import sys
from typing import Any

import pytest

from mlsensor import ConfigError, behavior
from mlsensor.behavior import (
    AxisConfig,
    Choice,
    Command,
    CurrentFigures,
    Direction,
    Gate,
    Presence,
    Servo,
    Tracker,
    View,
    WhenLost,
)

UNCHECKED: Any = behavior
"""What a type checker would refuse."""


@pytest.mark.parametrize(
    ("make", "text"),
    [
        (lambda: Gate(101), "101 is outside 0 to 100"),
        (lambda: Gate(min_width=256), "256 is outside 0 to 255"),
        (lambda: Gate(-1), "-1 is outside 0 to 255"),
        (lambda: Gate(10**5000), "a number of 2**63 or more is outside 0 to 255"),
        (lambda: Gate(-(10**5000)), "a number below -2**63 is outside 0 to 255"),
        (lambda: Choice.Person(8), "8 is outside 0 to 7"),
        (lambda: Choice.Person(-1), "-1 is outside 0 to 7"),
        (lambda: behavior.Enroll(8), "8 is outside 0 to 7"),
        (lambda: behavior.Enroll(1, attempts=256), "256 is outside 0 to 255"),
        (lambda: behavior.Enroll(1, settle=-0.1), "-0.1 is no span of time"),
        (lambda: WhenLost.Return(float("nan")), "NaN is no span of time"),
        (lambda: Presence(stale_after=float("inf")), "inf is no span of time"),
        (lambda: Presence().update(-1, None), "-1 is no span of time"),
        (lambda: Tracker().get(65_536), "65536 is outside 0 to 65535"),
        (lambda: Direction(float("nan")), "NaN is no angle"),
        (lambda: Direction(0, 1e7), "is no angle"),
        (lambda: View(Direction(), -1), "-1 degrees are below 0"),
        (lambda: AxisConfig(dead_band_deg=-1), "-1 degrees are below 0"),
        (lambda: AxisConfig(slew_deg_per_s=-1), "-1 degrees are below 0"),
        (lambda: AxisConfig(min_deg=-181), "from -181 to 90"),
        (lambda: AxisConfig(max_deg=180.5), "from -90 to 180.5"),
        (lambda: AxisConfig(10, 5), "from 10 to 5"),
        (lambda: Servo(center_us=65_536), "65536 is outside 0 to 65535"),
        (lambda: Servo(min_us=2000, max_us=1000), "from 2000 to 1000"),
        (lambda: CurrentFigures(active_ua=2**32), "is outside 0 to 4294967295"),
        (lambda: Command.from_bytes(b"\x09\x00"), "no register 0x09"),
        (lambda: Command.from_bytes(b"\x01\x02"), "no value 0x02"),
        (lambda: Command.from_bytes(b"\x01"), "1 bytes"),
    ],
)
def test_what_is_out_of_its_range_is_refused_in_four_parts(make: Any, text: str) -> None:
    with pytest.raises(ConfigError) as caught:
        make()
    assert text in caught.value.what
    assert caught.value.code == "MLSENSOR-CONFIG"
    assert caught.value.likely
    assert caught.value.run


@pytest.mark.parametrize(
    "make",
    [
        lambda: UNCHECKED.Presence(arrive_after="1"),
        lambda: UNCHECKED.Presence(arrive_after=None),
        lambda: UNCHECKED.Presence(0.5),
        lambda: UNCHECKED.Presence(leave=1),
        lambda: Presence.with_recognition(leave=1),
        lambda: UNCHECKED.Gate(1.5),
        lambda: UNCHECKED.Aim(choice=Choice.Largest),
        lambda: UNCHECKED.Aim(mount="fixed"),
        lambda: UNCHECKED.Enroll(),
    ],
)
def test_what_is_of_another_kind_is_a_type_error(make: Any) -> None:
    with pytest.raises(TypeError):
        make()


@pytest.mark.skipif(sys.version_info < (3, 11), reason="exceptions have notes since Python 3.11")
def test_a_refusal_names_the_keyword() -> None:
    with pytest.raises(ConfigError) as caught:
        behavior.Enroll(3, label_wait=-1)
    assert any("'label_wait'" in note for note in vars(caught.value)["__notes__"])


def test_a_refused_time_changes_nothing() -> None:
    presence = Presence()
    presence.update(5, None)
    with pytest.raises(ConfigError):
        presence.update(float("nan"), None)
    assert presence.since == 5.0
