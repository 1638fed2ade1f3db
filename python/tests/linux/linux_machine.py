"""Programs of Python on a machine that is not there: a simulated one, or a kernel that a script plays."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest

SIM_RUN = [sys.executable, "-m", "mlsensor", "sim", "run", "--quiet"]
SCENES = str(Path(__file__).resolve().parents[3] / "sensor-host" / "peers" / "scenarios") + "/"
"""Where scenes are that go on for an hour: ``steady.toml`` and ``come_and_go.toml``."""
LONG = 100.0
"""How many seconds a program may take that should take one or two: only a broken one takes them."""

TELL = """
import json
from mlsensor import *

def told(error):
    parts = {"what": error.what, "likely": error.likely, "run": error.run, "code": error.code}
    errno = error.errno if isinstance(error, BusError) else None
    is_os = isinstance(error, OSError)
    return dict(parts, type=type(error).__name__, errno=errno, text=str(error), is_os=is_os)

def raised(function, *arguments, **more):
    try:
        result = function(*arguments, **more)
    except SensorError as error:
        return told(error)
    return {"type": None, "result": repr(result)}
"""
"""What each program begins with."""


def output(words: list[str], **options: Any) -> Any:
    """What a program prints: one line of JSON at the end."""
    options.setdefault("env", clean())
    done = subprocess.run(words, capture_output=True, text=True, timeout=LONG, check=False, **options)
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def clean() -> dict[str, str]:
    """The environment, with nothing that a program of this package heeds."""
    return {name: value for name, value in os.environ.items() if not name.startswith("MLSENSOR_")}


def python(program: str) -> list[str]:
    return [sys.executable, "-W", "error", "-c", TELL + textwrap.dedent(program)]


def on_machine(program: str, *options: str) -> Any:
    """What an unchanged program prints on the simulated machine of `mlsensor sim run` with these options."""
    return output([*SIM_RUN, *options, "--", *python(program)])


def assert_four_parts(error: dict[str, Any]) -> None:
    parts = [error[part] for part in ("what", "likely", "run", "code")]
    assert all(part.strip() and "\n" not in part for part in parts), error
    assert error["text"] == "{}\nlikely: {}\nrun: {}\ncode: {}".format(*parts)


class ScriptedKernel:
    """A bus whose kernel does what a script says.

    It is `sensor-host/tests/fake_bus/fake_bus.c`, which is loaded into a program.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.bus = folder / "i2c"
        self.bus.touch()
        source = Path(__file__).resolve().parents[3] / "sensor-host" / "tests" / "fake_bus" / "fake_bus.c"
        if not source.exists():
            pytest.skip("these tests are not in the repository of the package")
        library = folder / "libfake_bus.so"
        try:
            subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", str(library), str(source)], check=True)
        except FileNotFoundError:
            pytest.skip("there is no C compiler: cc")

    def run(self, script: str, program: str) -> Any:
        """What a program prints; `BUS` is the path of its bus."""
        (self.folder / "script").write_text(script)
        (self.folder / "log").write_text("")
        environment = {
            **clean(),
            "LD_PRELOAD": "./libfake_bus.so",
            "FAKE_BUS": str(self.bus),
            "FAKE_BUS_SCRIPT": str(self.folder / "script"),
            "FAKE_BUS_LOG": str(self.folder / "log"),
        }
        words = python(f"BUS = {str(self.bus)!r}\n" + textwrap.dedent(program))
        return output(words, cwd=self.folder, env=environment)

    def written(self) -> list[str]:
        """What was written to the bus."""
        return [line for line in (self.folder / "log").read_text().splitlines() if " w " in line]


@pytest.fixture
def kernel(tmp_path: Path) -> ScriptedKernel:
    return ScriptedKernel(tmp_path)
