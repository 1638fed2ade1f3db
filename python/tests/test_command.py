"""Is the command of the package the program of the crate: its words, exit codes, signals and streams?"""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, Union

import pytest

Words = list[str]
SCRIPT = Path(sysconfig.get_path("scripts")) / "mlsensor"
MODULE = [sys.executable, "-m", "mlsensor"]
LONG = 60.0
"""How many seconds a test waits for what should come at once: only a broken command takes them."""


CRATE = os.environ.get("MLSENSOR_PROGRAM")
"""The program of the crate: with its path here, it is held to the same."""


@pytest.fixture(params=["script", "module", *(["crate"] if CRATE else [])])
def command(request: pytest.FixtureRequest) -> Words:
    """The two ways in which a user calls it."""
    if request.param == "module":
        return MODULE
    if request.param == "crate":
        assert CRATE is not None
        return [CRATE]
    if not SCRIPT.exists():
        pytest.skip(f"the package is not installed here: there is no {SCRIPT}")
    return [str(SCRIPT)]


@pytest.fixture(autouse=True)
def _ctrl_c_is_heard() -> Iterator[None]:
    """What runs the tests may ignore it, as a shell's `&` does, and programs inherit that."""
    before = {one: signal.signal(one, signal.default_int_handler) for one in (signal.SIGINT, signal.SIGQUIT)}
    yield
    for one, handler in before.items():
        signal.signal(one, handler)


def run(
    words: Words, stdout: Union[int, IO[Any]] = subprocess.PIPE, **options: Any
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        words, stdout=stdout, stderr=subprocess.PIPE, text=True, timeout=LONG, check=False, **options
    )


def start(words: Words) -> subprocess.Popen[str]:
    return subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def line(child: subprocess.Popen[str]) -> str:
    assert child.stdout is not None
    return child.stdout.readline()


def test_help_and_version_go_to_standard_output(command: Words) -> None:
    shown = run([*command, "--help"])
    assert (shown.returncode, shown.stderr) == (0, "")
    assert "Usage: mlsensor" in shown.stdout
    assert "Exit codes:" in shown.stdout
    assert run([*command, "--version"]).stdout.startswith("mlsensor ")


def test_wrong_words_are_told_in_four_parts_and_leave_with_2(command: Words) -> None:
    told = run([*command, "read", "walkup"])
    assert (told.returncode, told.stdout) == (2, "")
    assert told.stderr.splitlines() == [
        "error: there is no source called walkup",
        "likely: sim:walk_up was meant",
        "run: mlsensor read sim:walk_up",
        "code: MLSENSOR-SOURCE",
    ]
    nothing = run(command)
    assert (nothing.returncode, nothing.stdout) == (2, "")


def test_what_cannot_be_opened_leaves_with_1(command: Words) -> None:
    told = run([*command, "read", "/dev/i2c-4000000000"])
    assert (told.returncode, told.stdout) == (1, "")
    assert told.stderr.endswith("\ncode: MLSENSOR-BUS-2\n")


def test_readings_are_printed_as_json(command: Words) -> None:
    printed = run([*command, "read", "sim:walk_up", "--json", "--count", "3"])
    assert (printed.returncode, printed.stderr) == (0, "")
    events = [json.loads(text) for text in printed.stdout.splitlines()]
    assert [event["event"] for event in events] == ["source", "reading", "reading", "reading", "end"]


def test_a_word_that_is_no_text_reaches_a_program_as_it_is(command: Words) -> None:
    words = [*command, "sim", "run", "--quiet", "--", "printf", "%s", "\udcff\udcfe"]
    assert subprocess.run(words, stdout=subprocess.PIPE, timeout=LONG, check=True).stdout == b"\xff\xfe"


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_a_signal_ends_it_in_good_order_with_130(command: Words, name: str) -> None:
    with start([*command, "read", "sim:walk_up", "--realtime"]) as child:
        assert "scenario walk_up" in line(child)
        # It came through a pipe, while the command goes on.
        child.send_signal(signal.Signals[name])
        rest, said = child.communicate(timeout=LONG)
    assert (child.returncode, said) == (130, "")
    assert "interrupted" in rest.splitlines()[-1]


def test_a_reader_that_leaves_is_no_error(command: Words) -> None:
    with start([*command, "read", "sim:walk_up", "--realtime"]) as child:
        assert line(child)
        assert child.stdout is not None
        child.stdout.close()
        assert child.stderr is not None
        assert child.stderr.read() == ""
        assert child.wait(timeout=LONG) == 0


def test_a_full_disk_is_told(command: Words) -> None:
    with open("/dev/full", "w") as full:
        told = run([*command, "read", "sim:walk_up"], stdout=full)
    assert told.returncode == 1
    assert told.stderr.endswith("\ncode: MLSENSOR-OUTPUT\n")


def test_no_file_that_it_opens_takes_the_place_of_a_stream_that_is_closed(
    command: Words, tmp_path: Path
) -> None:
    recording = tmp_path / "a.recording"
    words = [*command, "record", "sim:walk_up", "-o", str(recording), "--json"]
    closed = run(["sh", "-c", 'exec "$@" <&- >&-', "sh", *words])
    assert closed.returncode == 0, closed.stderr
    lines = recording.read_text().splitlines()
    assert lines[0] == "# mlsensor recording 1"
    assert not [text for text in lines if text.startswith("{")]


@pytest.mark.parametrize("code", [0, 7, 255])
def test_the_exit_code_of_a_program_on_the_simulated_bus_is_passed_on(command: Words, code: int) -> None:
    program = [sys.executable, "-c", f"import os; os.stat('/dev/i2c-1'); raise SystemExit({code})"]
    ended = run([*command, "sim", "run", "--", *program])
    assert (ended.returncode, ended.stdout) == (code, "")
    assert ended.stderr == "mlsensor: simulated here: /dev/i2c-1, /dev/gpiochip0\n"


@pytest.mark.parametrize("name", ["SIGTERM", "SIGKILL", "SIGINT", "SIGSEGV"])
def test_a_program_that_a_signal_kills_looks_like_one(command: Words, name: str) -> None:
    ended = run([*command, "sim", "run", "--quiet", "--", "sh", "-c", f"kill -{name[3:]} $$"])
    assert (ended.returncode, ended.stderr) == (-signal.Signals[name], "")


@pytest.mark.parametrize(("program", "code"), [("/nonexistent/program", 127), ("/etc/passwd", 126)])
def test_a_program_that_cannot_be_started_is_told(command: Words, program: str, code: int) -> None:
    told = run([*command, "sim", "run", "--quiet", "--", program])
    assert told.returncode == code
    assert told.stderr.endswith("\ncode: MLSENSOR-SIM-PROGRAM\n")


WAITS = """
import signal, sys
signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
print("ready", flush=True)
print("got", signal.Signals(signal.sigwait({signal.SIGINT, signal.SIGTERM})).name, flush=True)
print("again", len(signal.sigpending()), flush=True)
sys.exit(5)
"""


@pytest.mark.parametrize("route", ["seccomp", "preload"])
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_a_signal_to_the_command_reaches_the_program_which_ends_as_it_likes(
    command: Words, name: str, route: str
) -> None:
    words = [*command, "sim", "run", "--quiet", "--route", route, "--", sys.executable, "-c", WAITS]
    with start(words) as child:
        assert line(child) == "ready\n"
        child.send_signal(signal.Signals[name])
        rest, said = child.communicate(timeout=LONG)
    assert (rest, said, child.returncode) == (f"got {name}\nagain 0\n", "", 5)


def test_ctrl_c_in_a_terminal_reaches_the_program_once(command: Words) -> None:
    process, terminal = pty.fork()
    if process == 0:
        words = [*command, "sim", "run", "--quiet", "--", sys.executable, "-c", WAITS]
        os.execv(words[0], words)
    seen = b""
    while b"ready" not in seen:
        seen += os.read(terminal, 1000)
    os.write(terminal, b"\x03")
    # Linux says that a terminal is gone by an error.
    with suppress(OSError):
        while more := os.read(terminal, 1000):
            seen += more
    _, status = os.waitpid(process, 0)
    os.close(terminal)
    assert (seen.count(b"got SIGINT"), seen.count(b"again 0"), os.waitstatus_to_exitcode(status)) == (1, 1, 5)


def signals(words: Words) -> tuple[int, int]:
    """The signals that a program begins with blocked, and ignored, but for the two of the C library itself.

    How those are left depends on how a program was started, and no program can use them.
    """
    said = run([*words, "grep", "-E", "^Sig(Blk|Ign)", "/proc/self/status"]).stdout
    blocked, ignored = (int(line.split()[1], 16) & ~(0b11 << 31) for line in said.splitlines())
    return blocked, ignored


def test_a_program_inherits_nothing_of_python(command: Words) -> None:
    alone = signals(["env"])
    # Python ignores these two, and gives them to none of its children. What else is ignored was so before.
    assert not alone[1] & (1 << (signal.SIGPIPE - 1) | 1 << (signal.SIGXFSZ - 1))
    assert signals([*command, "sim", "run", "--quiet", "--"]) == alone


def test_who_ignores_ctrl_c_goes_on_ignoring_it(command: Words) -> None:
    program = "import signal; print(signal.getsignal(signal.SIGINT) is signal.SIG_IGN)"
    words = [*command, "sim", "run", "--quiet", "--", sys.executable, "-c", program]
    ignored = run(["sh", "-c", 'trap "" INT; exec "$@"', "sh", *words])
    assert (ignored.stdout, ignored.stderr) == ("True\n", "")
