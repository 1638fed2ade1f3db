"""The commands that examples run: beside them, and what comes of one that fails."""

from __future__ import annotations

import argparse
import importlib
import os
import re
import signal
import sys
from pathlib import Path
from typing import Any

import pytest
from example_programs import FOLDER, FOUR_PARTS, parts, run, started

WARN, LOCK, PERSON = "warn      nobody is seen", "lock      nobody is here", "person    settings of"


def said(printed: str) -> list[str]:
    """What is said, without when."""
    return [line[12:] for line in printed.splitlines()]


def seconds(printed: str, event: str) -> list[float]:
    """When this is said."""
    return [float(line[:8]) for line in printed.splitlines() if line[12:20].strip() == event]


def test_without_really_nothing_is_run_and_with_it_each_command_once(tmp_path: Path) -> None:
    ran = tmp_path / "ran"
    ways = ["--command-warn", f"echo warn >> {ran}", "--command-lock", f"echo lock >> {ran}"]
    done = run("screen_lock", *ways)
    assert said(done.stdout)[:2] == [f"{WARN}: would run {ways[1]}", f"{LOCK}: would run {ways[3]}"]
    assert not ran.exists()
    done = run("screen_lock", "--really", *ways)
    assert said(done.stdout) == [f"{WARN}: runs {ways[1]}", f"{LOCK}: runs {ways[3]}", "end"]
    assert ran.read_text() == "warn\nlock\n"
    assert (done.returncode, done.stderr) == (0, "")


def test_a_lock_that_fails_is_said_and_tried_again_while_nobody_is_here() -> None:
    done = run("screen_lock", "--really", "--command-lock", "exit 7")
    failed = "failed    the command exit 7 failed: it ended with exit code 7"
    again = ["lock      the last try failed: runs exit 7", failed]
    # Somebody is back at 98 s, so the third try is the last one.
    assert said(done.stdout) == [WARN, f"{LOCK}: runs exit 7", failed, *again, *again, "end"]
    first, second, third = seconds(done.stdout, "lock")
    assert 15.0 <= second - first <= 15.3
    assert 15.0 <= third - second <= 15.3
    assert done.returncode == 1
    assert parts(done.stderr) == FOUR_PARTS * 3
    assert done.stderr.endswith("code: MLSENSOR-COMMAND\n")


@pytest.fixture
def commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Those of a program in which time passes; a lock fails as soon as somebody writes to `ends`."""
    os.mkfifo(tmp_path / "ends")
    lock = f"read -r word < {tmp_path / 'ends'}; exit 1"
    monkeypatch.setattr(sys, "path", [str(FOLDER), *sys.path])
    monkeypatch.setattr(sys, "argv", ["program", "1", "--really", "--command-lock", lock])
    parser = argparse.ArgumentParser()
    parser.add_argument("source")
    return importlib.import_module("commands").Commands(parser, lock=None)


def test_a_lock_that_runs_for_long_and_fails_is_tried_again_so_long_after_that(
    tmp_path: Path, commands: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    def fails() -> None:
        (tmp_path / "ends").write_text("now\n")
        commands.running[0][0].wait(60.0)

    commands.run(100.0, "lock", "nobody is here")
    assert not commands.failed_before("lock", 140.0, 15.0)
    fails()
    moments = [140.125, 140.25, 155.0, 155.125]
    assert [commands.failed_before("lock", at, 15.0) for at in moments] == [False, False, False, True]
    assert seconds(capsys.readouterr().out, "failed") == [140.125]
    commands.run(156.0, "lock", "the last try failed")
    assert not commands.failed_before("lock", 300.0, 15.0)
    fails()


def test_a_command_that_cannot_be_started_is_one_that_failed() -> None:
    failed = "failed    the command true failed: No such file or directory (os error 2)"
    done = run("screen_lock", "--really", "--command-lock", "true", PATH="/nonexistent")
    again = ["lock      the last try failed: runs true", failed]
    assert said(done.stdout) == [WARN, f"{LOCK}: runs true", failed, *again, *again, "end"]
    assert done.returncode == 1
    assert parts(done.stderr) == FOUR_PARTS * 3
    assert done.stderr.endswith("code: MLSENSOR-COMMAND\n")


def test_a_command_that_cannot_be_started_is_said_at_once_where_time_passes(
    commands: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    commands.run(7.0, "lock", "nobody is here")
    assert seconds(capsys.readouterr().out, "failed") == [7.0]


def test_a_lock_that_failed_once_is_not_tried_again_after_it_succeeded(tmp_path: Path) -> None:
    ran = tmp_path / "ran"
    lock = f"test -e {ran} || {{ touch {ran}; exit 1; }}"
    done = run("screen_lock", "--really", "--command-lock", lock)
    assert [line.split()[0] for line in said(done.stdout)] == ["warn", "lock", "failed", "lock", "end"]
    assert done.returncode == 1


def test_a_warning_that_fails_is_said_and_keeps_nothing_from_being_locked() -> None:
    done = run("screen_lock", "--really", "--command-warn", "kill -9 $$", "--command-lock", "true")
    assert [line.split()[0] for line in said(done.stdout)] == ["warn", "failed", "lock", "end"]
    assert "it was ended by a signal" in done.stdout
    assert done.returncode == 1


def test_a_second_person_is_told_of_if_asked_for(tmp_path: Path) -> None:
    ran = tmp_path / "ran"
    hide = ["--really", "--command-shoulder", f"echo hidden >> {ran}"]
    assert "shoulder" not in run("screen_lock", "sim:two_people", "--really").stdout
    assert run("screen_lock", "sim:two_people", "--shoulder", *hide).stdout.count("  shoulder  ") == 1
    assert ran.read_text() == "hidden\n"


def test_a_command_is_out_of_the_reach_of_ctrl_c(tmp_path: Path) -> None:
    group = tmp_path / "group"
    lock = f"echo $$ $(cut -d' ' -f5 /proc/$$/stat) > {group}"
    assert run("screen_lock", "--really", "--command-lock", lock).returncode == 0
    process, its_group = group.read_text().split()
    assert process == its_group


def test_what_locks_prints_is_no_line_of_the_program() -> None:
    done = run("screen_lock", "--really", "--command-lock", "echo locked")
    assert "locked" not in said(done.stdout)
    assert done.stderr == "locked\n"


def scene(folder: Path, *people: str, seconds: int = 60) -> str:
    """Somebody who is labelled 0 at 2 s and leaves at 15 s, and others."""
    file = folder / "scene.toml"
    file.write_text(
        f"""
about = "Who is known leaves."
duration_s = {seconds}.0
seed = 4
[settings]
id_enabled = true
[[person]]
who = 1
path = [
    {{ at_s = 0.5, distance_m = 0.7, bearing_deg = 0.0, heading_deg = 0.0 }},
    {{ at_s = 15.0 }},
    {{ at_s = 16.0, distance_m = 5.5, bearing_deg = 60.0 }},
]
[[event]]
at_s = 2.0
write = [0x04, 0]
"""
        + "".join(f"[[person]]\n{person}\n" for person in people)
    )
    return f"sim:{file}"


def sits(who: int, since: float, until: float, distance_m: float = 0.7, bearing_deg: float = 0.0) -> str:
    place = f"distance_m = {distance_m}, bearing_deg = {bearing_deg}, heading_deg = 0.0"
    return f"who = {who}\npath = [{{ at_s = {since}, {place} }}, {{ at_s = {until} }}]"


def test_a_guest_is_not_left_with_the_settings_of_who_sat_there_before(tmp_path: Path) -> None:
    source = scene(tmp_path, sits(2, 18.0, 40.0), sits(1, 44.0, 58.0))
    ran = tmp_path / "ran"
    done = run("kiosk", source, "--really", "--command-person", f"echo $MLSENSOR_ID >> {ran}")
    people = [line.split(":")[0] for line in said(done.stdout) if line.startswith("person")]
    assert people == [f"{PERSON} id 0", f"{PERSON} a guest", f"{PERSON} id 0"]
    assert ran.read_text().split() == ["0", "guest", "0"]
    assert 18.0 + 3.0 <= seconds(done.stdout, "person")[1] <= 18.0 + 6.0


def test_a_guest_who_comes_after_the_display_slept_is_one_and_before_anybody_none(tmp_path: Path) -> None:
    source = scene(tmp_path, sits(2, 45.0, 58.0))
    events = [line.split(":")[0] for line in said(run("kiosk", source).stdout)]
    assert events == [
        f"{PERSON} id 0",
        "sleep     nobody sits here",
        "wake      somebody sits down",
        f"{PERSON} a guest",
        "end",
    ]
    file, settings = tmp_path / "scene.toml", "[settings]\nid_enabled = true\n"
    file.write_text(f"about = 'A guest.'\nduration_s = 30.0\n{settings}[[person]]\n{sits(2, 1.0, 29.0)}\n")
    assert said(run("kiosk", f"sim:{file}").stdout) == ["end"]


def test_who_is_known_and_further_away_does_not_sit_there(tmp_path: Path) -> None:
    # From 18 s on somebody sits there, and who is known stands behind; all is near enough.
    source = scene(tmp_path, sits(2, 18.0, 55.0, 0.6, -12.0), sits(1, 17.0, 55.0, 1.3, 20.0))
    people = [line for line in said(run("kiosk", source).stdout) if line.startswith("person")]
    assert people == [f"{PERSON} id 0", f"{PERSON} a guest"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_display_that_sleeps_is_woken_at_the_end(tmp_path: Path, number: signal.Signals) -> None:
    source = scene(tmp_path, seconds=600)
    ways = ["--really", "--command-wake", "true", "--command-sleep", "true"]
    with started([sys.executable, str(FOLDER / "kiosk.py"), source, *ways], MLSENSOR_SPEED="20") as kiosk:
        assert kiosk.stdout is not None
        while "sleep" not in kiosk.stdout.readline():
            assert kiosk.poll() is None
        kiosk.send_signal(number)
        assert said(kiosk.stdout.read()) == ["wake      the end: runs true"]
        assert kiosk.wait() == 130


def test_a_command_that_is_run_at_the_end_can_be_ended_by_signals_itself(tmp_path: Path) -> None:
    ignored = tmp_path / "ignored"
    source = scene(tmp_path, seconds=600)
    wake = f"grep SigIgn /proc/$$/status > {ignored}.new; mv {ignored}.new {ignored}"
    ways = ["--really", "--command-wake", wake, "--command-sleep", "true"]
    with started([sys.executable, str(FOLDER / "kiosk.py"), source, *ways], MLSENSOR_SPEED="20") as kiosk:
        assert kiosk.stdout is not None
        assert kiosk.stderr is not None
        while "sleep" not in kiosk.stdout.readline():
            assert kiosk.poll() is None
        kiosk.send_signal(signal.SIGTERM)
        kiosk.stderr.read()  # until the command, which has it too, has ended
    # None but those that are ignored here already, as under nohup.
    ends = sum(1 << (sign - 1) for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP))
    here = re.search(r"SigIgn:\s*(\w+)", Path("/proc/self/status").read_text())
    assert here is not None
    assert int(ignored.read_text().split()[1], 16) & ends == int(here[1], 16) & ends


def test_a_command_that_runs_for_long_is_not_waited_for_and_its_failure_is_said_when_it_comes(
    tmp_path: Path,
) -> None:
    ends = tmp_path / "ends"
    lock = f"until test -e {ends}; do sleep 0.01; done; exit 3"
    program = [sys.executable, str(FOLDER / "screen_lock.py"), "--really", "--command-lock", lock]
    with started(program, MLSENSOR_SPEED="20") as locks:
        assert locks.stdout is not None
        while "lock  " not in locks.stdout.readline():
            assert locks.poll() is None
        ends.touch()
        assert locks.stdout.readline()[12:].startswith("failed    the command until")
