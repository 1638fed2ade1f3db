"""Settings."""

from __future__ import annotations

import copy
import inspect
import sys
from typing import Any

import pytest

from mlsensor import Config, Mode


def settings(config: Config) -> dict[str, Any]:
    return {
        "mode": config.mode,
        "id_enabled": config.id_enabled,
        "persist_ids": config.persist_ids,
        "led": config.led,
    }


POWER_ON = {"mode": Mode.CONTINUOUS, "id_enabled": False, "persist_ids": True, "led": True}
AWAY: dict[str, Any] = {"mode": Mode.STANDBY, "id_enabled": True, "persist_ids": False, "led": False}


def test_without_arguments_they_are_how_a_sensor_powers_on() -> None:
    # docs/protocol.md, Registers: 0x01 is 1, 0x02 is 0, 0x05 is 1, 0x07 is 1.
    assert settings(Config()) == POWER_ON


@pytest.mark.parametrize("name", POWER_ON)
def test_each_argument_changes_itself_alone(name: str) -> None:
    away: dict[str, Any] = {name: AWAY[name]}
    assert settings(Config(**away)) == {**POWER_ON, **away}
    assert settings(Config().replace(**away)) == {**POWER_ON, **away}
    back: dict[str, Any] = {name: POWER_ON[name]}
    assert settings(Config(**AWAY).replace(**back)) == {**AWAY, **back}


def test_replacing_leaves_the_first_as_it_was() -> None:
    first = Config(led=False)
    assert first.replace() == first
    assert first.replace(led=True, id_enabled=True) == Config(id_enabled=True)
    assert first == Config(led=False)


@pytest.mark.parametrize(
    "change", [{"colour": 1}, {"led": None}, {"led": 1}, {"mode": "standby"}, {"mode": None}]
)
def test_no_other_change_is_taken(change: dict[str, Any]) -> None:
    with pytest.raises(TypeError):
        Config().replace(**change)


@pytest.mark.skipif(sys.version_info < (3, 13), reason="copy.replace is new in Python 3.13")
def test_copy_replace_is_replace() -> None:
    replace = getattr(copy, "replace")  # noqa: B009
    assert replace(Config(), led=False) == Config(led=False)


@pytest.mark.skipif(sys.version_info < (3, 10), reason="Python 3.9 keeps no signatures of native classes")
def test_what_help_shows_is_what_the_driver_has() -> None:
    shown = inspect.signature(Config).parameters
    assert list(shown) == list(POWER_ON)
    assert {parameter.kind for parameter in shown.values()} == {inspect.Parameter.KEYWORD_ONLY}
    assert {name: shown[name].default for name in POWER_ON if name != "mode"} == {
        name: value for name, value in POWER_ON.items() if name != "mode"
    }
