"""The examples of examples/python: what they print, that it is what those in Rust print, and how they end.

`EXPECT=write` writes the transcripts anew; look at what has changed.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

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
    "watch_json": ["watch", "--json", "sim:turn_away"],
    "who_is_it_label_and_return": ["who_is_it"],
    "who_is_it_enrol": ["who_is_it", "--enrol", "Ada"],
}


def environment(**more: str) -> dict[str, str]:
    """That of this process, without what would choose a source, and with what is named."""
    return {name: value for name, value in os.environ.items() if not name.startswith("MLSENSOR_")} | more


def run(name: str, *args: str, **more: str) -> subprocess.CompletedProcess[str]:
    program = [sys.executable, "-W", "error", str(FOLDER / f"{name}.py"), *args]
    return subprocess.run(
        program, capture_output=True, text=True, env=environment(**more), timeout=120, stdin=subprocess.DEVNULL
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
    assert max(len(line) for line in lines) <= 120


@pytest.mark.parametrize("name", sorted(TRANSCRIPTS))
def test_an_example_prints_what_it_is_known_to_print(name: str) -> None:
    printed = "".join(f"{line}\n" for line in transcript(name))
    file = FOLDER / "expected" / f"{name}.txt"
    if os.environ.get("EXPECT") == "write":
        file.write_text(printed)
    assert printed == file.read_text(), "what an example prints has changed; EXPECT=write accepts it"


def test_no_transcript_is_left_of_what_is_not_printed_any_more() -> None:
    assert sorted(path.stem for path in (FOLDER / "expected").glob("*.txt")) == sorted(TRANSCRIPTS)
