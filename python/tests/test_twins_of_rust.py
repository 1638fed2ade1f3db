"""What is public in Rust is there in Python: these tests read the sources of the crate."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import mlsensor
from mlsensor import behavior

DRIVER = Path(__file__).parents[2] / "sensor-driver" / "src"

pytestmark = pytest.mark.skipif(not DRIVER.is_dir(), reason="the crates are not beside these tests")

# What a class of Python has in another way: each is a decision, typed by hand.
MADE = {"new", "with_address"}
"""By its arguments."""
NAMES: dict[str, tuple[str, dict[str, str]]] = {
    "blocking": ("PersonSensor", {"release": "close", "send": "configure", "capture_after": "capture"}),
    "procedures_blocking": ("PersonSensor", {}),
    "face": ("Face", {}),
    "faces": (
        "Faces",
        {
            "with": "__new__",
            "as_slice": "__getitem__",
            "iter": "__iter__",
            "nearest_to_millideg": "nearest_to",
        },
    ),
    "bounds": ("Bounds", {}),
    "identity": ("Identity", {"get": "id"}),
    "presence_pin": ("PresencePin", {"release": "close", "wait_for_change": "fileno"}),
}
"""Of each file: the class, and what some of it is called."""
UNITS = {"millideg": "deg", "mm": "m"}
"""Whole numbers of small units are for processors without a floating point."""

BEHAVIORS: dict[str, tuple[str, dict[str, str]]] = {
    "attention": ("Attention", {}),
    "presence": ("Presence", {}),
    "tracker": ("Tracker", {}),
    "aim": ("Aim", {}),
    "cadence": ("Cadence", {}),
    "erase/machine": ("Erase", {}),
    "enroll/machine": ("Enroll", {"with_config": "__new__"}),
    "power/cycle": ("Power", {}),
    # The outcome is that of its events.
    "attention/look": ("Look", {"outcome": "AttentionEvent.outcome"}),
    # Where somebody will be is asked of the tracker, which goes on: a track is a value.
    "tracker/track": ("Track", {"get": "id", "direction_at": "Tracker.direction_at"}),
    "aim/servo": ("Servo", {"with_pulses": "__new__", "with_stops": "__new__"}),
}
SETTINGS = {
    "attention/config": "Attention",
    "presence/config": "Presence",
    "tracker/config": "Tracker",
    "aim/config": "Aim",
    "aim/axis": "AxisConfig",
    "cadence/config": "Cadence",
    "erase/mod": "Erase",
    "enroll/config": "Enroll",
    "power/mod": "Power",
    "power/current": "CurrentFigures",
}


def functions(path: str) -> list[str]:
    file = DRIVER / f"{path}.rs"
    text = (file if file.is_file() else DRIVER / path / "mod.rs").read_text(encoding="utf-8")
    found = re.findall(r"^\s*pub (?:const )?fn (\w+)", text.split("#[cfg(test)]")[0], re.MULTILINE)
    assert found, path
    return found


def missing(of: type, path: str, names: dict[str, str]) -> set[str]:
    """What Python lacks of it, by the names of Rust."""
    lacks: set[str] = set()
    for name in set(functions(path)) - MADE:
        stem, _, unit = name.rpartition("_")
        known = names.get(name, f"{stem}_{UNITS[unit]}" if unit in UNITS else name)
        holder, _, known = known.rpartition(".")
        if not hasattr(getattr(behavior, holder) if holder else of, known):
            lacks.add(name)
    return lacks


@pytest.mark.parametrize("file", NAMES)
def test_what_a_class_of_the_driver_has_is_there(file: str) -> None:
    name, names = NAMES[file]
    assert missing(getattr(mlsensor, name), f"person_sensor/{file}", names) == set()


@pytest.mark.parametrize("file", BEHAVIORS)
def test_what_a_behaviour_has_is_there(file: str) -> None:
    name, names = BEHAVIORS[file]
    assert missing(getattr(behavior, name), f"behavior/{file}", names) == set()


@pytest.mark.parametrize("file", SETTINGS)
def test_each_setting_of_a_behaviour_is_a_keyword(file: str) -> None:
    text = (DRIVER / "behavior" / f"{file}.rs").read_text(encoding="utf-8")
    (fields,) = re.findall(
        r"^pub struct \w*(?:Config|CurrentFigures) \{\n(.*?)^\}", text, re.MULTILINE | re.DOTALL
    )
    named = re.findall(r"^    pub (\w+):", fields, re.MULTILINE)
    settings = {name.replace("millideg", "deg") for name in named}
    assert settings
    assert settings == set(getattr(behavior, SETTINGS[file]).DEFAULTS)


def test_every_public_type_of_the_behaviours_has_a_twin() -> None:
    text = (DRIVER / "behavior" / "mod.rs").read_text(encoding="utf-8")
    types: set[str] = set()
    for names in re.findall(r"^pub use [a-z_]+::\{?([^;}]+)\}?;", text, re.MULTILINE):
        types |= set(re.findall(r"[A-Z][A-Za-z]+", re.sub(r"\b[A-Z_]+\b", "", names)))
    assert len(types) > 30
    # Settings are keywords; errors are exceptions; the id of a track is a number.
    types = {
        name for name in types if not re.fullmatch(r"\w+(?<!Axis)Config|\w+Error|TrackId|PowerStep", name)
    }
    assert types <= set(behavior.__all__)
