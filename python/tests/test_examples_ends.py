"""How the examples end: by signals, by errors, and when nobody reads what they print."""

from __future__ import annotations

import itertools
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from example_programs import FOLDER, FOUR_PARTS, NAMES, environment, parts, run, started

# Stands in for gpiozero: says what becomes of a pin. Before it is off, another signal may come.
PIN = """
import os, signal
class PWMOutputDevice:
    def __init__(self, pin): self._value = 0
    def off(self):
        signal.raise_signal(int(os.environ.get("SECOND_SIGNAL", "0")) or signal.SIGCHLD)
        self.value = 0
    value = property(lambda self: self._value)
    @value.setter
    def value(self, value):
        self._value = value
        print("pin", round(value, 2), flush=True)
LED = PWMOutputDevice
"""


@pytest.fixture
def pin(tmp_path: Path) -> dict[str, str]:
    """The environment of a program that has such a pin, and a scene that is as fast as life."""
    (tmp_path / "gpiozero.py").write_text(PIN)
    return {"PYTHONPATH": str(tmp_path), "MLSENSOR_SPEED": "1"}


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_fan_that_runs_is_off_after_a_signal(pin: dict[str, str], number: signal.Signals) -> None:
    fan = [sys.executable, "-W", "error", str(FOLDER / "fan.py"), "sim:two_people", "--gpio", "GPIO17"]
    with started(fan, **pin) as program:
        assert program.stdout is not None
        assert program.stderr is not None
        while "fan on" not in program.stdout.readline():
            assert program.poll() is None
        program.send_signal(number)
        assert program.stdout.read().splitlines()[-1] == "pin 0"
        assert program.stderr.read() == ""
        assert program.wait() == 130


ENDINGS = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]


@pytest.mark.parametrize(("first", "second"), list(itertools.product(ENDINGS, repeat=2)))
def test_a_lamp_that_shines_is_off_after_two_signals_that_come_one_after_the_other(
    pin: dict[str, str], first: signal.Signals, second: signal.Signals
) -> None:
    # A terminal that closes and its shell both send one, and who waits in vain presses Ctrl-C.
    # The demonstration, somewhat faster than life.
    more = {**pin, "MLSENSOR_SPEED": "5", "SECOND_SIGNAL": str(int(second))}
    with started([sys.executable, str(FOLDER / "light_switch.py"), "--gpio", "GPIO17"], **more) as light:
        assert light.stdout is not None
        while "pin 1" not in light.stdout.readline():
            assert light.poll() is None
        light.send_signal(first)
        assert light.stdout.read().splitlines()[-1] == "pin 0"
        assert light.wait() == 130


def test_a_program_that_nohup_started_goes_on_when_its_terminal_closes() -> None:
    watch_by_nohup = f"""
import runpy, signal, sys
signal.signal(signal.SIGHUP, signal.SIG_IGN)
sys.path.insert(0, {str(FOLDER)!r})
sys.argv = ["watch.py", "sim:two_people"]
runpy.run_path({str(FOLDER / "watch.py")!r}, run_name="__main__")
"""
    with started([sys.executable, "-c", watch_by_nohup], MLSENSOR_SPEED="20") as watch:
        assert watch.stdout is not None
        assert "report" in watch.stdout.readline()
        watch.send_signal(signal.SIGHUP)
        assert watch.stdout.read().splitlines()[-1].endswith("end")
        assert watch.wait() == 0


def test_ctrl_c_ends_an_example_on_a_bus_of_the_system() -> None:
    machine = [sys.executable, "-m", "mlsensor", "sim", "run", "--quiet", "--scenario", "two_people", "--"]
    with started([*machine, sys.executable, str(FOLDER / "fan.py"), "1"]) as program:
        assert program.stdout is not None
        assert program.stderr is not None
        assert "fan on" in program.stdout.readline()
        program.send_signal(signal.SIGINT)
        assert program.stderr.read() == ""
        assert program.wait() == 130


def test_a_reader_that_leaves_is_no_error() -> None:
    with started([sys.executable, str(FOLDER / "watch.py"), "sim:crowd"]) as program:
        assert program.stdout is not None
        assert program.stderr is not None
        program.stdout.readline()
        program.stdout.close()
        assert program.stderr.read() == ""
        assert program.wait() == 0


@pytest.mark.parametrize("name", NAMES)
def test_a_disk_that_is_full_is_said_in_four_lines(name: str) -> None:
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, str(FOLDER / f"{name}.py")],
            stdout=full,
            stderr=subprocess.PIPE,
            stdin=subprocess.DEVNULL,
            text=True,
            env=environment(),
            timeout=120,
            check=False,
        )
    assert done.returncode == 1
    assert parts(done.stderr) == FOUR_PARTS
    assert done.stderr.endswith("code: MLSENSOR-OUTPUT\n")


def test_an_example_on_a_bus_that_is_not_there_says_so_in_four_lines() -> None:
    done = run("fan", "/dev/i2c-98765")
    assert done.returncode == 1
    assert parts(done.stderr) == FOUR_PARTS


def test_an_example_without_gpiozero_says_so_in_four_lines(tmp_path: Path) -> None:
    (tmp_path / "gpiozero.py").write_text("raise ImportError('hidden')")
    done = run("fan", "--gpio", "GPIO17", PYTHONPATH=str(tmp_path))
    assert done.returncode == 1
    assert parts(done.stderr) == FOUR_PARTS
    assert "gpiozero" in done.stderr


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("fan", ["--no-such-option"]),
        ("fan", ["\udcff"]),
        ("fan", [""]),
        ("fan", ["--gpio", ""]),
        ("follow", ["--pan", ""]),
        ("screen_lock", ["--command-lock", ""]),
        ("screen_lock", ["--command-shoulder", "true"]),
        ("kiosk", ["--really", "--command-wake", " "]),
        ("who_is_it", ["--enrol", ""]),
        ("who_is_it", ["--enrol", "A\n5 B"]),
        ("who_is_it", ["--enrol", "Ada\x1b[2J"]),
        ("who_is_it", ["--enrol", "Ada", "--erase"]),
        ("who_is_it", ["--names", ""]),
    ],
)
def test_an_option_that_makes_no_sense_is_refused_in_four_lines(name: str, args: list[str]) -> None:
    done = run(name, *args)
    assert done.returncode == 2
    assert parts(done.stderr) == FOUR_PARTS
    assert done.stderr.endswith("code: MLSENSOR-OPTION\n")
    assert done.stdout == ""
