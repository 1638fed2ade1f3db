"""The examples of examples/python: what they print, and that it is what those in Rust print.

`EXPECT=write` writes the transcripts anew; look at what has changed.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from example_programs import FOLDER, IN_RUST, LOOSE_WIRE, NAMES, PROJECT, SHARED, environment, run

# What is printed: the transcript's name, the program, its arguments.
TRANSCRIPTS = {
    "fan_walk_up": ["fan"],
    "fan_crowd": ["fan", "sim:crowd"],
    "fan_turn_away": ["fan", "sim:turn_away"],
    "fan_loose_wire": ["fan", LOOSE_WIRE],
    "fan_frozen": ["fan", f"replay:{IN_RUST / 'frozen.recording'}"],
    "follow_walk_up": ["follow"],
    "follow_loose_wire": ["follow", LOOSE_WIRE],
    "kiosk_desk": ["kiosk"],
    "kiosk_guest": ["kiosk", f"sim:{IN_RUST / 'guest.toml'}"],
    "kiosk_loose_wire": ["kiosk", LOOSE_WIRE],
    "kiosk_pair": ["kiosk", f"sim:{IN_RUST / 'pair.toml'}"],
    "kiosk_two_known": ["kiosk", f"sim:{IN_RUST / 'two_known.toml'}"],
    "light_switch_turn_away": ["light_switch"],
    # What locks by itself is another one on each system, in Rust.
    "screen_lock_desk": ["screen_lock", "--command-lock", "loginctl lock-session"],
    "screen_lock_loose_wire": ["screen_lock", LOOSE_WIRE],
    "screen_lock_two_people": ["screen_lock", "sim:two_people", "--shoulder"],
    "watch_two_people": ["watch", "sim:two_people"],
    "watch_json": ["watch", "--json", LOOSE_WIRE],
    "who_is_it_label_and_return": ["who_is_it"],
    "who_is_it_guest": ["who_is_it", f"sim:{IN_RUST / 'guest.toml'}"],
    "who_is_it_enrol": ["who_is_it", "--enrol", "Ada"],
    "who_is_it_erase": ["who_is_it", "--erase"],
    "who_is_it_loose_wire": ["who_is_it", LOOSE_WIRE],
}


def transcript(name: str) -> list[str]:
    done = run(*TRANSCRIPTS[name])
    assert (done.stderr, done.returncode) == ("", 0)
    return done.stdout.splitlines()


def test_every_example_in_rust_has_a_twin_of_the_same_name() -> None:
    twins = sorted(path.stem for path in (PROJECT / "examples" / "host" / "src" / "bin").glob("*.rs"))
    assert sorted(path.stem for path in FOLDER.glob("*.py")) == sorted(NAMES + SHARED)
    assert twins == NAMES


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


# How long a result takes with recognition: until the cadence is known, one of the two may read a look of the
# sensor sooner, or the next one.
RECOGNITION = 0.27
# What both say, and how many seconds apart. Those in Rust read at once, and these when the sensor has proved
# to be one and is set: so the same look of the sensor is read some milliseconds sooner or later.
SAME = {
    "fan_walk_up": 0.03,
    # Here somebody faces the sensor in the first half second, in which the sensor is set.
    "fan_turn_away": 0.3,
    "fan_loose_wire": 0.0,
    "fan_frozen": 0.0,
    "kiosk_desk": 0.03,
    "kiosk_guest": RECOGNITION,
    "kiosk_loose_wire": 0.0,
    "kiosk_pair": RECOGNITION,
    "kiosk_two_known": RECOGNITION,
    # Words are heard each 20 ms.
    "light_switch_turn_away": 0.03,
    "screen_lock_desk": 0.03,
    "screen_lock_loose_wire": 0.0,
    "screen_lock_two_people": 0.03,
    "who_is_it_erase": 0.03,
    "who_is_it_loose_wire": 0.0,
    "who_is_it_guest": RECOGNITION,
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


def test_the_environment_names_the_source_of_an_example_that_is_told_none() -> None:
    there = run("fan", MLSENSOR_BUS="sim:turn_away")
    assert there.stdout == (FOLDER / "expected" / "fan_turn_away.txt").read_text()
    assert run("fan", "sim:turn_away", MLSENSOR_BUS="sim:crowd").stdout == there.stdout
    assert run("fan", MLSENSOR_BUS="").stdout == (FOLDER / "expected" / "fan_walk_up.txt").read_text()


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
