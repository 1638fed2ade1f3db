"""Whom the examples know: names and their file, strangers, guests."""

from __future__ import annotations

from pathlib import Path

import pytest
from example_programs import FOUR_PARTS, parts, run

FULL = "".join(f"{id} person {id}\n" for id in range(8))


def test_a_file_of_names_may_have_empty_lines(tmp_path: Path) -> None:
    names = tmp_path / "names.txt"
    names.write_text("0 Ada\n\n")
    assert "hello     Ada" in run("who_is_it", "--names", str(names)).stdout


def test_names_are_kept_and_read_again(tmp_path: Path) -> None:
    names = tmp_path / "names.txt"
    names.write_text("3 Grace Hopper\n")
    done = run("who_is_it", "--names", str(names), "--enrol", "Ada Lovelace")
    assert "hello     Ada Lovelace\n" in done.stdout
    assert names.read_text() == "0 Ada Lovelace\n3 Grace Hopper\n"
    # In another run the simulated sensor knows nobody yet; its scene labels somebody as 0.
    assert "hello     Ada Lovelace\n" in run("who_is_it", "--names", str(names)).stdout


def test_who_is_enrolled_keeps_their_id_and_spaces_around_a_name_are_no_part_of_it(tmp_path: Path) -> None:
    names = tmp_path / "names.txt"
    names.write_text("0 Grace\n5 Ada\n")
    done = run("who_is_it", "--names", str(names), "--enrol", " Ada ")
    assert "enrolled  Ada: id 5\n" in done.stdout
    assert names.read_text() == "0 Grace\n5 Ada\n"


def test_erasing_forgets_the_names_and_makes_sure_that_nobody_is_known(tmp_path: Path) -> None:
    names = tmp_path / "names.txt"
    names.write_text(FULL)
    done = run("who_is_it", "--names", str(names), "--erase")
    assert done.stdout.splitlines()[-2].endswith("erased    nobody is known")
    assert names.read_text() == ""


@pytest.mark.parametrize(
    ("text", "line"), [("hello\n", 1), ("0 Ada\n\n8 Eve\n", 3), ("0 Ada\nx Eve\n", 2), ("0 Ada\n1 \n", 2)]
)
def test_a_file_that_holds_no_names_is_refused_with_the_line(tmp_path: Path, text: str, line: int) -> None:
    names = tmp_path / "our names.txt"
    names.write_text(text)
    done = run("who_is_it", "--names", str(names))
    assert (done.returncode, done.stdout) == (1, "")
    assert parts(done.stderr) == FOUR_PARTS
    assert f"line {line} is no id and name" in done.stderr
    assert f"run: sed -n {line}p '{names}'" in done.stderr
    assert done.stderr.endswith("code: MLSENSOR-NAMES\n")


def test_of_eight_names_none_is_left_for_a_ninth_person(tmp_path: Path) -> None:
    names = tmp_path / "names.txt"
    names.write_text(FULL)
    done = run("who_is_it", "--names", str(names), "--enrol", "Zed")
    assert done.returncode == 1
    assert parts(done.stderr) == FOUR_PARTS
    # As it stands alone, it would erase a simulated sensor.
    assert "--erase    (forgets everybody; with the same source and --names)" in done.stderr
    assert done.stderr.endswith("code: MLSENSOR-NAMES\n")
    assert names.read_text() == FULL


def test_a_file_that_cannot_be_read_or_written_is_said_in_four_lines(tmp_path: Path) -> None:
    other = tmp_path / "picture.jpg"
    other.write_bytes(b"\xff\xd8\xff")
    for file, asks in [(tmp_path, []), (other, []), (tmp_path / "no" / "such.txt", ["--enrol", "Ada"])]:
        done = run("who_is_it", "--names", str(file), *asks)
        assert done.returncode == 1
        assert parts(done.stderr) == FOUR_PARTS
        assert done.stderr.endswith("code: MLSENSOR-FILE\n")


def test_where_nobody_is_nobody_is_enrolled_and_no_name_is_kept(tmp_path: Path) -> None:
    names = tmp_path / "names.txt"
    done = run("who_is_it", "sim:empty_room", "--names", str(names), "--enrol", "Ada")
    assert done.returncode == 1
    assert parts(done.stderr) == FOUR_PARTS
    assert done.stderr.endswith("code: MLSENSOR-ENROL\n")
    assert not names.exists()
