"""The examples of examples/python: what they print, that it is what those in Rust print, and how they end.

`EXPECT=write` writes the transcripts anew; look at what has changed.
"""

from __future__ import annotations

import importlib
import itertools
import os
import re
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

PROJECT = Path(__file__).resolve().parents[2]
FOLDER = PROJECT / "examples" / "python"
IN_RUST = PROJECT / "examples" / "host" / "tests" / "expected"
NAMES = ["fan", "follow", "kiosk", "light_switch", "screen_lock", "watch", "who_is_it"]
LOOSE_WIRE = f"replay:{IN_RUST / 'loose_wire.recording'}"

# What is printed: the transcript's name, the program, its arguments.
TRANSCRIPTS = {
    "fan_walk_up": ["fan"],
    "fan_crowd": ["fan", "sim:crowd"],
    "fan_turn_away": ["fan", "sim:turn_away"],
    "fan_loose_wire": ["fan", LOOSE_WIRE],
    "follow_walk_up": ["follow"],
    "follow_loose_wire": ["follow", LOOSE_WIRE],
    "kiosk_desk": ["kiosk"],
    "light_switch_turn_away": ["light_switch"],
    "screen_lock_desk": ["screen_lock"],
    "screen_lock_loose_wire": ["screen_lock", LOOSE_WIRE],
    "watch_two_people": ["watch", "sim:two_people"],
    "watch_json": ["watch", "--json", LOOSE_WIRE],
    "who_is_it_label_and_return": ["who_is_it"],
    "who_is_it_enrol": ["who_is_it", "--enrol", "Ada"],
}


def environment(**more: str) -> dict[str, str]:
    """That of this process, without what would choose a source, and with what is named."""
    return {name: value for name, value in os.environ.items() if not name.startswith("MLSENSOR_")} | more


def run(name: str, *args: str, **more: str) -> subprocess.CompletedProcess[str]:
    program = [sys.executable, "-W", "error", str(FOLDER / f"{name}.py"), *args]
    return subprocess.run(
        program,
        capture_output=True,
        text=True,
        env=environment(**more),
        timeout=120,
        stdin=subprocess.DEVNULL,
    )


def transcript(name: str) -> list[str]:
    done = run(*TRANSCRIPTS[name])
    assert (done.stderr, done.returncode) == ("", 0)
    return done.stdout.splitlines()


def test_every_example_in_rust_has_a_twin_of_the_same_name() -> None:
    twins = sorted(path.stem for path in (PROJECT / "examples" / "host" / "src" / "bin").glob("*.rs"))
    assert sorted(path.stem for path in FOLDER.glob("*.py") if path.stem != "running") == NAMES == twins


@pytest.mark.parametrize("name", NAMES)
def test_an_example_fits_on_a_screen(name: str) -> None:
    lines = (FOLDER / f"{name}.py").read_text().splitlines()
    assert len(lines) <= 40
    assert max(len(line) for line in lines) <= 110


@pytest.mark.parametrize("name", sorted(TRANSCRIPTS))
def test_an_example_prints_what_it_is_known_to_print(name: str) -> None:
    printed = "".join(f"{line}\n" for line in transcript(name))
    file = FOLDER / "expected" / f"{name}.txt"
    if os.environ.get("EXPECT") == "write":
        file.write_text(printed)
    assert printed == file.read_text(), "what an example prints has changed; EXPECT=write accepts it"


def test_no_transcript_is_left_of_what_is_not_printed_any_more() -> None:
    assert sorted(path.stem for path in (FOLDER / "expected").glob("*.txt")) == sorted(TRANSCRIPTS)


# What both say, and how many seconds apart. Those in Rust read at once, and these when the sensor has proved
# to be one and is set: so the same look of the sensor is read some milliseconds sooner or later.
SAME = {
    "fan_walk_up": 0.03,
    # Here somebody faces the sensor in the first half second, in which the sensor is set.
    "fan_turn_away": 0.3,
    "fan_loose_wire": 0.0,
    "kiosk_desk": 0.03,
    # Words are heard each 20 ms.
    "light_switch_turn_away": 0.03,
    "screen_lock_desk": 0.03,
    "screen_lock_loose_wire": 0.0,
    # A stranger is greeted with a reading that faces, and single readings flicker.
    "who_is_it_label_and_return": 0.3,
}
# The same, but for the speed, of a face whose width jumps by a unit or two of twelve.
BUT_FOR_NUMBERS = {"fan_crowd": 0.03}
# What those in Rust remark on besides.
REMARKS = {"start", "seen", "facing", "left", "unknown"}


def events(name: str, folder: Path) -> list[tuple[float, str, str]]:
    """The time, the event and the reason of each line of a transcript; further right is a reading."""
    lines = (folder / f"{name}.txt").read_text().splitlines()
    cells = [(float(line[:8]), line[12:20].strip(), line[22:].split("  ")[0]) for line in lines]
    if name in BUT_FOR_NUMBERS:
        cells = [(at, event, re.sub("[0-9]+ %", "N %", why)) for at, event, why in cells]
    return [(at, event, "" if event == "end" else why) for at, event, why in cells if event not in REMARKS]


@pytest.mark.parametrize("name", sorted(SAME | BUT_FOR_NUMBERS))
def test_an_example_says_what_its_twin_in_rust_says_and_when(name: str) -> None:
    twin, here = events(name, IN_RUST), events(name, FOLDER / "expected")
    assert [what for _, *what in here] == [what for _, *what in twin]
    assert [at for at, *_ in here] == pytest.approx(
        [at for at, *_ in twin], abs=(SAME | BUT_FOR_NUMBERS)[name] + 1e-9
    )


def test_watch_reports_what_its_twin_in_rust_reports() -> None:
    twin, here = (
        [
            line[22:].strip()
            for line in (folder / "watch_two_people.txt").read_text().splitlines()
            if "report" in line
        ]
        for folder in (IN_RUST, FOLDER / "expected")
    )
    first = here.index(twin[0])
    assert len(twin) > 20
    assert here[first : first + len(twin)] == twin


@pytest.mark.parametrize("name", NAMES)
def test_an_example_says_how_it_is_used(name: str) -> None:
    done = run(name, "--help")
    assert done.returncode == 0
    assert f"{name}.py 1" in done.stdout.replace("\n", " ")


def test_an_example_on_a_bus_that_is_not_there_says_so_in_four_lines() -> None:
    done = run("fan", "/dev/i2c-98765")
    assert done.returncode == 1
    assert [line.split(":")[0] for line in done.stderr.splitlines()] == ["error", "likely", "run", "code"]


def test_the_environment_names_the_source_of_an_example_that_is_told_none() -> None:
    there = run("fan", MLSENSOR_BUS="sim:turn_away")
    assert there.stdout == (FOLDER / "expected" / "fan_turn_away.txt").read_text()
    assert run("fan", "sim:turn_away", MLSENSOR_BUS="sim:crowd").stdout == there.stdout


def test_an_example_without_gpiozero_says_so_in_four_lines(tmp_path: Path) -> None:
    (tmp_path / "gpiozero.py").write_text("raise ImportError('hidden')")
    done = run("fan", "--gpio", "GPIO17", PYTHONPATH=str(tmp_path))
    assert done.returncode == 1
    assert [line.split(":")[0] for line in done.stderr.splitlines()] == ["error", "likely", "run", "code"]
    assert "gpiozero" in done.stderr


def test_a_file_of_names_may_have_empty_lines(tmp_path: Path) -> None:
    names = tmp_path / "names.txt"
    names.write_text("0 Ada\n\n")
    assert "hello     Ada" in run("who_is_it", "--names", str(names)).stdout


def test_a_reader_that_leaves_is_no_error() -> None:
    with subprocess.Popen(
        [sys.executable, str(FOLDER / "watch.py"), "sim:crowd"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(),
    ) as program:
        assert program.stdout is not None
        assert program.stderr is not None
        program.stdout.readline()
        program.stdout.close()
        assert program.stderr.read() == ""
        assert program.wait(60) == 0


def test_ctrl_c_ends_an_example_on_a_bus_of_the_system() -> None:
    machine = [sys.executable, "-m", "mlsensor", "sim", "run", "--quiet", "--scenario", "two_people", "--"]
    with subprocess.Popen(
        [*machine, sys.executable, str(FOLDER / "fan.py"), "1"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(),
    ) as program:
        assert program.stdout is not None
        assert program.stderr is not None
        patience = threading.Timer(60, program.kill)
        patience.start()
        assert "fan on" in program.stdout.readline()
        program.send_signal(signal.SIGINT)
        assert program.stderr.read() == ""
        assert program.wait() == 130
        patience.cancel()


@pytest.fixture
def pins(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Gpiozero's mock of the pins of a Pi, and the examples as modules."""
    gpiozero = pytest.importorskip("gpiozero")
    mock = importlib.import_module("gpiozero.pins.mock")
    factory = mock.MockFactory(pin_class=mock.MockPWMPin)
    monkeypatch.setattr(gpiozero.Device, "pin_factory", factory)
    monkeypatch.setattr(sys, "path", [str(FOLDER), *sys.path])
    for name in ["running", *NAMES]:
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


def test_words_that_are_typed_switch_a_light_that_is_looked_at() -> None:
    # A real sensor's program takes words of standard input; the scene is as fast as they can be read.
    program = [sys.executable, str(FOLDER / "light_switch.py"), "sim:two_people"]
    words = "what\noff\n\n"
    more = {"MLSENSOR_SPEED": "50"}
    done = subprocess.run(
        program, capture_output=True, text=True, env=environment(**more), timeout=60, input=words, check=True
    )
    assert [line[12:22].strip() for line in done.stdout.splitlines()][:1] == ["ignored"]
    assert "what" in done.stdout


def test_names_are_kept_and_read_again(tmp_path: Path) -> None:
    names = tmp_path / "names.txt"
    names.write_text("3 Grace Hopper\n")
    done = run("who_is_it", "--names", str(names), "--enrol", "Ada Lovelace")
    assert "hello     Ada Lovelace\n" in done.stdout
    assert names.read_text() == "0 Ada Lovelace\n3 Grace Hopper\n"
    # In another run the simulated sensor knows nobody yet; its scene labels somebody as 0.
    assert "hello     Ada Lovelace\n" in run("who_is_it", "--names", str(names)).stdout
