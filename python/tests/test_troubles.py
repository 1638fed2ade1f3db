"""The troubles of docs/raspberry-pi.md: each message there is what is printed when that happens.

`EXPECT=write` writes the messages into the page anew; look at what has changed.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Callable

import pytest
from test_pages import blocks, hold

PAGE = "docs/raspberry-pi.md"
READ = "from mlsensor import PersonSensor; PersonSensor({}).read()"
SIMULATED = [sys.executable, "-m", "mlsensor", "sim", "run", "--quiet"]


def output(command: list[str], **more: str) -> str:
    """What a command that fails says on standard error."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("MLSENSOR_", "GPIOZERO_"))
    }
    done = subprocess.run(command, capture_output=True, text=True, env=kept | more, timeout=120, check=False)
    assert done.returncode != 0, done.stdout
    return done.stderr


def raised(program: str, *options: str, **more: str) -> str:
    """The last lines of the traceback of a program, on a simulated bus if there are options for one."""
    machine = [*SIMULATED, *options, "--"] if options else []
    words = output([*machine, sys.executable, "-c", program], **more)
    # Behind the last line of the last traceback.
    found = re.match(r"[\w.]+(Error|Factory): ", last := re.split(r"^ .*\n", words, flags=re.MULTILINE)[-1])
    assert found, words
    return last


def no_bus(_: Path) -> str:
    if any(Path("/dev").glob("i2c-*")):
        pytest.skip("this computer has an I2C bus")
    # A number that no computer has; what is said of it is said of bus 1.
    return raised(READ.format(""), MLSENSOR_BUS="98765").replace("98765", "1")


def no_permission(folder: Path) -> str:
    bus = folder / "i2c-1"
    bus.touch(mode=0o000)
    if os.geteuid() != 0:
        return raised(READ.format(repr(str(bus)))).replace(str(bus), "/dev/i2c-1")
    # Root may open everything, so this is done as nobody: once Python has read all that it needs.
    folder.chmod(0o755)
    os.chown(bus, 0, 0)
    program = f"import os, mlsensor._native; os.seteuid(65534); {READ.format(repr(str(bus)))}"
    return raised(program).replace(str(bus), "/dev/i2c-1")


def nothing_answers(_: Path) -> str:
    return raised(READ.format(1), "--scenario", "nothing")


def bus_fault(_: Path) -> str:
    return raised(READ.format(1), "--fault", "stretch-timeout*1000")


def another_part(_: Path) -> str:
    words = raised(READ.format(1), "--scenario", "lookalike:co2-sensor")
    # It measures, so its bytes are others each time.
    words, times = re.subn(
        "checksum 0x[0-9a-f]{4}, computed 0x[0-9a-f]{4}", "checksum 0x4b4f, computed 0x3278", words
    )
    assert times == 1, words
    return words


def answers_all(_: Path) -> str:
    return raised(READ.format(20), "--bus", "20", "--scenario", "lookalike:answers-all")


def line_in_use(_: Path) -> str:
    program = "from mlsensor import PresencePin; pin = PresencePin('GPIO27'); PresencePin('GPIO27')"
    return raised(program, "--pin", "27")


def no_pin_factory(_: Path) -> str:
    pytest.importorskip("gpiozero")
    # Without the packages of a Pi, and on a Pi too: they are hidden.
    hidden = "import sys; sys.modules.update(dict.fromkeys(['lgpio', 'RPi', 'RPi.GPIO', 'pigpio']))"
    native = "import gpiozero.pins.native as n; n.NativeFactory.__init__ = lambda self: 1 / 0"
    program = f"{hidden}; {native}; import gpiozero; gpiozero.LED(17)"
    return raised(program, PYTHONWARNINGS="ignore")


def no_module(_: Path) -> str:
    # -S: without what is installed, as another Python is.
    return output([sys.executable, "-I", "-S", "-c", "import mlsensor"]).splitlines()[-1] + "\n"


def externally_managed(folder: Path) -> str:
    pytest.importorskip("pip")
    # The file by which Debian and Raspberry Pi OS say so; pip says the rest.
    (folder / "EXTERNALLY-MANAGED").write_text(
        textwrap.dedent(
            """\
            [externally-managed]
            Error=To install Python packages system-wide, try apt install
             python3-xyz, where xyz is the package you are trying to
             install.
            """
        )
    )
    program = f"""
import runpy, sys, sysconfig
from pip._internal.utils import misc
misc.running_under_virtualenv = lambda: False
sysconfig.get_path = lambda name, *more, get=sysconfig.get_path, **rest: (
    {str(folder)!r} if name == "stdlib" else get(name, *more, **rest))
sys.argv = ["pip", "install", "./python"]
runpy.run_module("pip", run_name="__main__")
"""
    words = output([sys.executable, "-c", program], NO_COLOR="1")
    return words.split("\n\n")[0] + "\n\n" + words.split("\n\n")[1] + "\n"


def wrong_wheel(folder: Path) -> str:
    pytest.importorskip("pip")
    wheel = folder / "mlsensor-0.1.0-cp39-abi3-linux_armv5l.whl"
    wheel.touch()
    command = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--no-index",
        "--disable-pip-version-check",
        str(wheel),
    ]
    return output(command, NO_COLOR="1").replace("armv5l", "armv6l")


def no_rust(folder: Path) -> str:
    builds = "import mlsensor_build; mlsensor_build.get_requires_for_build_wheel()"
    backend = str(Path(__file__).parents[1] / "build_backend")
    nothing = {name: str(folder) for name in ("PATH", "HOME", "CARGO_HOME")}
    words = output([sys.executable, "-c", builds], PYTHONPATH=backend, CARGO="", RUSTC="", **nothing)
    machine = "Python 3.13 on Linux aarch64"
    words, times = re.subn(r"Python [0-9.]+ on \w+ \w+", machine, words)
    assert times == 1, words
    return words


TROUBLES: dict[str, Callable[[Path], str]] = {
    "another-part": another_part,
    "answers-all": answers_all,
    "bus-fault": bus_fault,
    "externally-managed": externally_managed,
    "line-in-use": line_in_use,
    "no-bus": no_bus,
    "no-module": no_module,
    "no-permission": no_permission,
    "no-pin-factory": no_pin_factory,
    "no-rust": no_rust,
    "nothing-answers": nothing_answers,
    "wrong-wheel": wrong_wheel,
}


@pytest.mark.parametrize("name", sorted(TROUBLES))
def test_a_message_on_the_page_is_what_is_printed(name: str, tmp_path: Path) -> None:
    hold(PAGE, "message", name, TROUBLES[name](tmp_path))


def test_every_message_on_the_page_can_be_met_with() -> None:
    assert sorted(name for name, _ in blocks(PAGE, "message")) == sorted(TROUBLES)


def test_every_code_on_the_page_is_explained() -> None:
    errors = (Path(__file__).parents[2] / "docs" / "errors.md").read_text()
    codes = re.findall(r"^code: (\S+)$", "\n".join(text for _, text in blocks(PAGE, "message")), re.MULTILINE)
    assert codes
    for code in codes:
        assert f"`{code}`" in errors
