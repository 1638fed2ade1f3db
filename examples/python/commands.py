"""Commands of the user's choice: run beside the program, in a shell, or only named."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from typing import Any, Optional

from running import failure, now, say, text

from mlsensor import PersonSensor

PATIENCE = 2.0
"""For how many seconds a command may go on after the program before nothing more is said about it."""


class Commands:
    """What is run because of an event, by its name. What runs for long, as lockers do, is not waited for."""

    def __init__(self, parser: argparse.ArgumentParser, **defaults: Optional[str]) -> None:
        parser.add_argument(
            "--really", action="store_true", help="run the commands, instead of only saying so"
        )
        for event, default in defaults.items():
            about = f"at the event {event}, run this shell command"
            about += f" [default: {default}]" if default else ""
            parser.add_argument(
                f"--command-{event}", type=text, metavar="COMMAND", default=default, help=about
            )
        self.args: Any = parser.parse_args()
        for event in defaults:
            if getattr(self.args, f"command_{event}") and getattr(self.args, event, None) is False:
                parser.error(f"--command-{event} does nothing without --{event}")
        self.running: list[tuple[subprocess.Popen[bytes], str, str]] = []
        self.not_started: list[tuple[str, str, str]] = []
        self.failed_at: dict[str, float] = {}
        self.has_failed = False

    def run(self, at: float, event: str, why: str, **variables: str) -> None:
        """Says what happens, and runs its command, if it has one."""
        command: Optional[str] = getattr(self.args, f"command_{event}", None)
        if command is None:
            return say(at, event, why)
        if not self.args.really:
            return say(at, event, f"{why}: would run {command}")
        self.start(event, command, variables)
        say(at, event, f"{why}: runs {command}")
        self.wait(at) if takes_no_time(self.args.source) else self.look(at)
        return None

    def start(self, event: str, command: str, variables: dict[str, str]) -> None:
        """Starts a command."""
        self.failed_at.pop(event, None)
        try:
            # In a session of its own: Ctrl-C that ended a locker would unlock the screen.
            process = subprocess.Popen(
                ["sh", "-c", command],
                env={**os.environ, **variables},
                stdin=subprocess.DEVNULL,
                stdout=2,
                start_new_session=True,
            )
        except OSError as error:
            self.not_started.append((event, command, f"{error.strerror} (os error {error.errno})"))
        else:
            self.running.append((process, event, command))

    def failed_before(self, event: str, at: float, seconds: float) -> bool:
        """Whether the last command for this event failed, and was seen to so long ago. Says what failed."""
        self.look(at)
        return event in self.failed_at and at - self.failed_at[event] >= seconds

    def look(self, at: float) -> None:
        """Says which commands failed since it looked last."""
        ended = [entry for entry in self.running if entry[0].poll() is not None]
        self.running = [entry for entry in self.running if entry not in ended]
        failures = self.not_started + [
            (event, command, in_words(process.returncode))
            for process, event, command in ended
            if process.returncode
        ]
        self.not_started = []
        for event, command, how in failures:
            self.has_failed = True
            self.failed_at[event] = at
            what = f"the command {command} failed: {how}"
            likely = "it is mistyped, not installed, or not allowed here: what it printed says more"
            say(at, "failed", what)
            print(failure(what, likely, command, "MLSENSOR-COMMAND"), file=sys.stderr)

    def wait(self, at: float) -> None:
        """Gives the commands a moment to end; those that do not, go on."""
        until = time.monotonic() + PATIENCE
        for process, *_ in self.running:
            try:
                process.wait(max(0.0, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                pass
        self.look(at)

    def finish(self, sensor: PersonSensor) -> None:
        """The end of a program: that is exit code 1 if a command has failed."""
        self.wait(now(sensor))
        if self.has_failed:
            say(now(sensor), "end")
            sys.exit(1)


def in_words(code: int) -> str:
    """How a command ended that failed."""
    return f"it ended with exit code {code}" if code > 0 else "it was ended by a signal"


def takes_no_time(source: Optional[str]) -> bool:
    """Whether minutes are over in a moment, in which no command would end."""
    is_played = source is None or source.startswith(("sim:", "replay:"))
    return is_played and os.environ.get("MLSENSOR_SPEED") == "inf"
