"""The figures that a reader sees, in help() and in an editor, are those of the driver."""

from __future__ import annotations

import ast
import inspect
import pydoc
import sys
from pathlib import Path
from typing import Any

import pytest

import mlsensor
from mlsensor import behavior

STUB = ast.parse((Path(mlsensor.__file__).parent / "_native.pyi").read_text(encoding="utf-8"))
STUBS = {node.name: node for node in STUB.body if isinstance(node, ast.ClassDef)}
OFFERED: dict[str, Any] = {name: getattr(behavior, name) for name in behavior.__all__}
CONFIGURED = {name: offered for name, offered in OFFERED.items() if hasattr(offered, "DEFAULTS")}
FIRST = {"Enroll": (3,)}


def stub_defaults(name: str) -> dict[str, Any]:
    """The defaults as the stub has them."""
    (made,) = (
        node for node in STUBS[name].body if isinstance(node, ast.FunctionDef) and node.name == "__new__"
    )
    arguments = made.args
    positional = dict(zip([a.arg for a in arguments.args][-len(arguments.defaults) :], arguments.defaults))
    keywords = {a.arg: d for a, d in zip(arguments.kwonlyargs, arguments.kw_defaults) if d is not None}
    written = positional if arguments.defaults else {}
    return {
        keyword: eval(compile(ast.Expression(default), name, "eval"), dict(OFFERED))
        for keyword, default in {**written, **keywords}.items()
    }


def test_everything_that_has_settings_is_looked_at_here() -> None:
    assert set(CONFIGURED) == {
        "Aim",
        "Attention",
        "AxisConfig",
        "Cadence",
        "CurrentFigures",
        "Enroll",
        "Erase",
        "Power",
        "Presence",
        "Servo",
        "Tracker",
    }


@pytest.mark.parametrize("name", CONFIGURED)
def test_the_stub_has_the_drivers_defaults(name: str) -> None:
    assert stub_defaults(name) == dict(CONFIGURED[name].DEFAULTS)


@pytest.mark.parametrize("name", CONFIGURED)
def test_help_has_the_drivers_defaults(name: str) -> None:
    text = pydoc.plain(pydoc.render_doc(CONFIGURED[name]))
    for keyword, value in CONFIGURED[name].DEFAULTS.items():
        figure = f"{value:g}" if isinstance(value, float) else str(value)
        is_plain = value is None or isinstance(value, (int, float))
        # What is no number is said in words.
        assert (f"`{keyword}` ({figure})" if is_plain else f"`{keyword}`: ") in text


@pytest.mark.skipif(sys.version_info < (3, 10), reason="Python 3.9 shows no signature of such a class")
@pytest.mark.parametrize("name", CONFIGURED)
def test_the_signature_has_the_drivers_defaults(name: str) -> None:
    parameters = inspect.signature(CONFIGURED[name]).parameters
    shown = {parameter.name: parameter.default for parameter in parameters.values()}
    defaults = CONFIGURED[name].DEFAULTS
    assert [keyword for keyword in shown if keyword != "id"] == list(defaults)
    for keyword, value in defaults.items():
        # What is no number is shown as "...".
        assert shown[keyword] == (value if isinstance(value, (int, float, type(None))) else ...)


@pytest.mark.parametrize("name", CONFIGURED)
def test_without_changes_it_has_the_defaults(name: str) -> None:
    made = CONFIGURED[name](*FIRST.get(name, ()))
    for keyword, value in CONFIGURED[name].DEFAULTS.items():
        has = made.config[keyword] if hasattr(made, "config") else getattr(made, keyword)
        assert (has, type(has)) == (value, type(value))


@pytest.mark.parametrize("name", CONFIGURED)
def test_the_defaults_can_be_handed_back_and_not_be_changed(name: str) -> None:
    defaults = CONFIGURED[name].DEFAULTS
    again = CONFIGURED[name](*FIRST.get(name, ()), **defaults)
    if hasattr(again, "config"):
        assert dict(again.config) == dict(defaults)
    with pytest.raises(TypeError):
        defaults["stale_after"] = 1


PRESETS = [
    ("Presence", "WITH_RECOGNITION", {"arrive_after": 1.0, "leave_after": 4.0, "tolerated_gap": 0.6}),
    ("Attention", "WITH_RECOGNITION", {"hold": 1.0, "flicker": 0.6}),
    ("Tracker", "WITH_RECOGNITION", {"tolerated_gap": 0.6}),
    ("Aim", "WITH_CADENCE", {"latency": 0.23, "latency_uncertainty": 0.03}),
    ("Aim", "WITH_RECOGNITION", {"latency": 0.395, "latency_uncertainty": 0.05}),
]


@pytest.mark.parametrize(("name", "preset", "changes"), PRESETS)
def test_a_preset_is_the_defaults_but_for_some(name: str, preset: str, changes: dict[str, float]) -> None:
    offered = CONFIGURED[name]
    assert dict(getattr(offered, preset)) == {**offered.DEFAULTS, **changes}
    make = getattr(offered, preset.lower())
    assert dict(make().config) == dict(getattr(offered, preset))
    keyword = next(iter(changes))
    assert dict(make(**{keyword: 9}).config) == {**getattr(offered, preset), keyword: 9.0}


def test_the_servo_and_the_figures_have_the_published_values() -> None:
    assert dict(behavior.Servo.DEFAULTS) == {
        "center_us": 1500,
        "us_per_90_deg": 1000,
        "min_us": 500,
        "max_us": 2500,
    }
    assert dict(behavior.CurrentFigures.DEFAULTS) == {"active_ua": 40_000, "standby_ua": None, "shot": 0.14}


def documented(stub: ast.ClassDef, offered: Any, name: str) -> list[tuple[str, str, str]]:
    """Each text of the stub, with that of the module: of the class, of what it has, and of its variants."""
    found = [(name, ast.get_docstring(stub) or "", inspect.getdoc(offered) or "")]
    for node in stub.body:
        if isinstance(node, ast.ClassDef):
            found += documented(node, vars(offered)[node.name], f"{name}.{node.name}")
        elif isinstance(node, ast.FunctionDef) and not node.name.startswith("__"):
            text = inspect.getdoc(getattr(offered, node.name)) or ""
            found.append((f"{name}.{node.name}", ast.get_docstring(node) or "", text))
    return found


@pytest.mark.parametrize("name", [name for name in OFFERED if name in STUBS])
def test_the_stub_says_what_help_says(name: str) -> None:
    for place, in_stub, in_help in documented(STUBS[name], OFFERED[name], name):
        assert in_stub == in_help, place
        assert in_help, place


def test_each_class_says_what_threads_may_do() -> None:
    for name in STUBS.keys() & OFFERED.keys():
        assert "Threads: " in (inspect.getdoc(OFFERED[name]) or ""), name
