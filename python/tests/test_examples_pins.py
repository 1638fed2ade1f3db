"""What the examples drive: the pins of a Pi, which gpiozero plays."""

from __future__ import annotations

import importlib
import itertools
import sys
from pathlib import Path
from typing import Any

import pytest
from example_programs import FOLDER, LOOSE_WIRE, NAMES, SHARED, face, recording


@pytest.fixture
def pins(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Gpiozero's mock of the pins of a Pi, and the examples as modules."""
    gpiozero = pytest.importorskip("gpiozero")
    mock = importlib.import_module("gpiozero.pins.mock")
    factory = mock.MockFactory(pin_class=mock.MockPWMPin)
    monkeypatch.setattr(gpiozero.Device, "pin_factory", factory)
    monkeypatch.setattr(sys, "path", [str(FOLDER), *sys.path])
    for name in NAMES + SHARED:
        monkeypatch.delitem(sys.modules, name, raising=False)
    for name in ("MLSENSOR_BUS", "MLSENSOR_SPEED"):
        # Set first, so that it is as it was again: the examples set what is not set.
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    yield factory
    factory.reset()


def values(pin: Any) -> list[float]:
    """What a pin was set to, one after the other."""
    return [state.state for state in pin.states]


def play(monkeypatch: pytest.MonkeyPatch, name: str, *args: str) -> None:
    """Runs an example in this process."""
    monkeypatch.setattr(sys, "argv", [name, *args])
    importlib.import_module(name).main()


def test_a_real_fan_goes_as_fast_as_the_fan_rule_says_and_off_at_the_end(
    pins: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    play(monkeypatch, "fan", "sim:turn_away", "--gpio", "GPIO17")
    speeds = values(pins.pin(17))
    # What it says when it turns on, and then what the distance asks for.
    assert {0.5, 0.53} <= set(speeds)
    assert len(set(speeds)) > 4
    assert speeds[-1] == 0


def test_a_fan_that_runs_is_off_after_ctrl_c(pins: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(importlib.import_module("fan"), "say", interrupted)
    with pytest.raises(SystemExit) as end:
        play(monkeypatch, "fan", "sim:walk_up", "--gpio", "GPIO17")
    assert end.value.code == 130
    speeds = values(pins.pin(17))
    assert max(speeds) > 0
    assert speeds[-1] == 0


def test_a_fan_that_runs_is_off_after_an_error(pins: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(importlib.import_module("fan"), "say", broken)
    with pytest.raises(ZeroDivisionError):
        play(monkeypatch, "fan", "sim:walk_up", "--gpio", "GPIO17")
    assert values(pins.pin(17))[-1] == 0


def test_a_fan_is_off_while_nothing_is_read(pins: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    play(monkeypatch, "fan", LOOSE_WIRE, "--gpio", "GPIO17")
    runs = [on for on, _ in itertools.groupby(value > 0 for value in values(pins.pin(17)))]
    assert runs == [False, True, False, True, False]


def test_a_real_light_is_switched_by_words_and_off_at_the_end(
    pins: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    play(monkeypatch, "light_switch", "--gpio", "GPIO17")
    assert values(pins.pin(17)) == [False, True, False, True, False]


def test_servos_follow_and_are_let_go_at_the_end(pins: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    play(monkeypatch, "follow", "--pan", "GPIO12", "--tilt", "GPIO13")
    for number in (12, 13):
        pulses = values(pins.pin(number))
        assert len(set(pulses)) > 10
        assert pulses[-1] == 0


def test_a_fan_is_off_while_a_sensor_that_hangs_gives_the_same_face_for_ever(
    pins: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lives = [face(100 + at % 2) for at in range(20)]
    source = recording(tmp_path / "hangs.recording", [*lives, *[face(100)] * 100, *lives])
    play(monkeypatch, "fan", source, "--gpio", "GPIO17")
    # The face that stays comes at 2.94 s, and is believed until 12.88 s; another one comes at 17.08 s.
    assert capsys.readouterr().out.splitlines() == [
        "   0.840 s  fan on    faced for 0.6 s: speed 30 %",
        "  14.000 s  fan off   the same faces for 10 s: speed 0 %",
        "  17.780 s  fan on    faced for 0.6 s: speed 30 %",
        "  19.600 s  fan off   the end",
        "  19.600 s  end",
    ]
    runs = [on for on, _ in itertools.groupby(value > 0 for value in values(pins.pin(17)))]
    assert runs == [False, True, False, True, False]


def test_a_head_stays_where_it_is_while_a_sensor_hangs(
    pins: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lives = [face(100 + at % 2) for at in range(20)]
    play(monkeypatch, "follow", recording(tmp_path / "hangs.recording", [*lives, *[face(100)] * 100]))
    assert [line[12:20].strip() for line in capsys.readouterr().out.splitlines()] == [
        "follow",
        "hold",
        "blind",
        "end",
    ]


@pytest.mark.parametrize(
    ("name", "option"),
    [("fan", "--gpio"), ("light_switch", "--gpio"), ("follow", "--pan"), ("follow", "--tilt")],
)
def test_a_pin_that_there_is_not_is_said_in_four_lines(
    pins: Any, monkeypatch: pytest.MonkeyPatch, name: str, option: str
) -> None:
    with pytest.raises(SystemExit) as end:
        play(monkeypatch, name, option, "FOO")
    said = str(end.value.code).splitlines()
    assert said[0].startswith("error: gpiozero cannot drive FOO: ")
    assert said[3] == "code: MLSENSOR-GPIO"
    assert len(said) == 4
