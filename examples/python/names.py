"""The names of those whom a sensor knows by an id, 0 to 7, kept in a file: a line each, `ID NAME`."""

from __future__ import annotations

import argparse
import shlex
import unicodedata
from pathlib import Path
from typing import Any, Callable

from running import failure, now, say, text

from mlsensor import PersonSensor, ProcedureError
from mlsensor.behavior import GaveUpReason

ERASE = "who_is_it.py --erase    (forgets everybody; with the same source and --names)"
"""What makes room for others. Alone it would forget those of the simulated sensor."""


def name(argument: str) -> str:
    """A name as it can be kept in a line, without spaces around it."""
    name = text(argument).strip()
    if any(unicodedata.category(letter) == "Cc" for letter in name):
        raise argparse.ArgumentTypeError("it has more than one line, or control characters")
    return name


class Names:
    """Up to eight names. A file that is not there yet holds none; without a file they are forgotten."""

    def __init__(self, parser: argparse.ArgumentParser) -> None:
        about = "keep names in this file, a line each: the id and the name"
        parser.add_argument("--names", type=text, metavar="FILE", help=about)
        first = parser.add_mutually_exclusive_group()
        first.add_argument(
            "--enrol", type=name, metavar="NAME", help="first make the sensor know who is there"
        )
        first.add_argument("--erase", action="store_true", help="forget everybody, and end")
        self.args: Any = parser.parse_args()
        self.file = file = Path(self.args.names) if self.args.names else None
        self.names: dict[int, str] = {}
        for number, line in enumerate(self._lines(), 1):
            id, _, called = line.strip().partition(" ")
            if id in set("01234567") and called.strip():
                self.names[int(id)] = called.strip()
            elif line.strip():
                what = f"cannot read names {file}: line {number} is no id and name"
                likely = "the file holds something else; a line is like: 0 Ada"
                raise failure(what, likely, f"sed -n {number}p {shlex.quote(str(file))}", "MLSENSOR-NAMES")

    def call(self, id: int) -> str:
        """What to call somebody: by the name, or by the id."""
        return self.names.get(id, f"id {id}")

    def enrol(self, sensor: PersonSensor, name: str) -> None:
        """Makes the sensor know who is in front of it, and keeps the name."""
        id = self._id_for(name)
        try:
            id = sensor.enroll(id, progress=teller(sensor, "enrol")).id
        except ProcedureError as error:
            reason = getattr(error.gave_up, "reason", None)
            if not isinstance(reason, GaveUpReason.KnownAs):
                raise
            id = reason.id
        other = self.names.get(id, name)
        if other != name:
            what = f"{name} was not enrolled: the sensor knows this person already, as {other}"
            raise failure(what, f"it is {other} who is in front of it", ERASE, "MLSENSOR-ENROL")
        self.names[id] = name
        self._save()
        say(now(sensor), "enrolled", f"{name}: id {id}")

    def erase(self, sensor: PersonSensor) -> None:
        """Makes the sensor forget everybody, and forgets the names."""
        erased = sensor.erase_and_verify(progress=teller(sensor, "erase"))
        self.names = {}
        self._save()
        why = "nobody is known" if erased.is_verified else "nobody was there to make sure with"
        say(now(sensor), "erased", why)

    def _id_for(self, name: str) -> int:
        """The id that the name has, or the first that nobody has."""
        for id in sorted(range(8), key=lambda id: self.names.get(id) != name):
            if self.names.get(id, name) == name:
                return id
        what = f"there is no id left for {name}: the sensor knows eight people at most"
        raise failure(what, "some of them are not needed any more", ERASE, "MLSENSOR-NAMES")

    def _lines(self) -> list[str]:
        try:
            return [] if self.file is None else self.file.read_text(encoding="utf-8").split("\n")
        except FileNotFoundError:
            return []
        except (OSError, UnicodeDecodeError) as error:
            raise self._trouble("read", error) from None

    def _save(self) -> None:
        if self.file is None:
            return
        new = self.file.with_name(self.file.name + ".new")
        try:  # in a step: a program that is ended meanwhile leaves the old names or the new ones
            new.write_text(
                "".join(f"{id} {name}\n" for id, name in sorted(self.names.items())), encoding="utf-8"
            )
            new.replace(self.file)
        except OSError as error:
            raise self._trouble("write", error) from None

    def _trouble(self, doing: str, error: Exception) -> SystemExit:
        why = getattr(error, "strerror", None) or "it is no text"
        likely = "it is a folder, or holds something else, or this user may not use it"
        if isinstance(error, FileNotFoundError):
            likely = "its folder is not there"
        run = f"ls -ld {shlex.quote(str(self.file))}"
        return failure(f"cannot {doing} names {self.file}: {why}", likely, run, "MLSENSOR-FILE")


def teller(sensor: PersonSensor, event: str) -> Callable[[object], None]:
    """Tells people what to do, as it changes: not of each reading that confirms."""
    told: list[type] = []

    def tell(progress: object) -> None:
        if told[-1:] != [type(progress)]:
            told.append(type(progress))
            say(now(sensor), event, str(progress))

    return tell
