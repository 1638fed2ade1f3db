"""What every example does besides deciding: options, a sensor to read, lines with a time, and an end."""

from __future__ import annotations

import argparse
import contextlib
import os
import shlex
import signal
import sys
from collections.abc import Iterator
from typing import Any, NoReturn, Optional

from mlsensor import Config, Faces, PersonSensor, SensorError, Update


def failure(what: str, likely: str, run: str, code: str) -> SystemExit:
    """The end of a program that cannot go on, to be raised: four lines on standard error, and exit code 1."""
    return SystemExit(f"error: {SensorError(what, likely, run, code)}")


class Options(argparse.ArgumentParser):
    """Options, of which wrong ones are told of as all other trouble is."""

    def error(self, message: str) -> NoReturn:
        """Ends the program with exit code 2."""
        likely = "an option is mistyped, or not one of this program"
        print(
            failure(message, likely, f"python3 {shlex.quote(sys.argv[0])} --help", "MLSENSOR-OPTION"),
            file=sys.stderr,
        )
        sys.exit(2)


def text(argument: str) -> str:
    """An argument that says something: not nothing, and no bytes that are no text."""
    if not argument.strip():
        raise argparse.ArgumentTypeError("it is empty")
    try:
        argument.encode()
    except UnicodeEncodeError:
        raise argparse.ArgumentTypeError("it is no text (UTF-8)") from None
    return argument


def options(about: Optional[str], drives: Optional[str] = None) -> argparse.ArgumentParser:
    """The options of an example: where readings come from, and the pin of what it drives."""
    name = os.path.basename(sys.argv[0])
    epilog = f"{name} alone runs on a simulated sensor, until its scene ends; {name} 1 on the one of bus 1."
    parser = Options(description=about, epilog=epilog)
    bus = os.environ.get("MLSENSOR_BUS") or None
    about_source = "a bus (1, /dev/i2c-1), sim:SCENE or replay:FILE"
    parser.add_argument("source", nargs="?", default=bus, type=text, help=about_source)
    if drives:
        about_pin = f"the pin of a real {drives}: GPIO17. Without one, it only talks"
        parser.add_argument("--gpio", type=text, help=about_pin)
    return parser


@contextlib.contextmanager
def running(
    source: Optional[str], scene: str, config: Optional[Config] = None, *drives: Any, tells_end: bool = True
) -> Iterator[PersonSensor]:
    """A sensor to read until the end, an error or Ctrl-C; what is driven is off then, and servos are let go.

    Simulations and recordings take no time, unless MLSENSOR_SPEED says otherwise.
    """
    os.environ.setdefault("MLSENSOR_SPEED", "inf")
    with ending_as_ctrl_c_does():
        try:
            with PersonSensor(source or f"sim:{scene}", config=config) as sensor:
                yield sensor
                if tells_end:
                    say(now(sensor), "end")
        except KeyboardInterrupt:
            sys.exit(130)
        except BrokenPipeError:  # who read the lines has left, as `head` does: that is no error
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        except SensorError as error:
            sys.exit(f"error: {error}")
        finally:
            for device in drives:
                device.detach() if hasattr(device, "detach") else device.off()


@contextlib.contextmanager
def ending_as_ctrl_c_does() -> Iterator[None]:
    """What systemd ends a service by, and what comes when ssh breaks off, would end Python at once.

    Only the first one counts: others come soon after it, and what is driven has to be turned off.
    """
    endings = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    handlers = {number: signal.getsignal(number) for number in endings}
    # What is ignored stays so, as `nohup` has it.
    heeded = [number for number in endings if handlers[number] is not signal.SIG_IGN]

    def end(*_: object) -> NoReturn:
        for number in heeded:
            signal.signal(number, go_on)
        raise KeyboardInterrupt

    def go_on(*_: object) -> None:
        """Is not SIG_IGN, for commands would inherit that, and no signal would end them."""

    for number in heeded:
        signal.signal(number, end)
    try:
        yield
    finally:
        for number in heeded:
            signal.signal(number, handlers[number])


def believed(update: Update) -> Optional[Faces]:
    """The faces of an update; None if there is no reading, or if it is one of a sensor that hangs.

    The same faces, to the bit, for 10 s are no living people's. (An empty room is the same for ever.)
    """
    return None if update.reading is not None and update.reading.is_frozen else update.faces


def now(sensor: PersonSensor) -> float:
    """The time of the source: readings are made at times of it, and get older."""
    latest = sensor.latest
    return latest.at + (latest.reading.age if latest.reading else 0.0)


def say(at: float, event: str, why: str = "") -> None:
    """A line of a transcript: seconds, what happens, and why."""
    put(f"{at:8.3f} s  {event:<8}  {why}".rstrip())


def put(line: str) -> None:
    """Prints a line at once."""
    try:
        print(line, flush=True)
    except BrokenPipeError:
        raise
    except OSError as error:
        what = f"cannot write to standard output: {error.strerror}"
        raise failure(what, "the disk that it goes to is full", "df -h .", "MLSENSOR-OUTPUT") from None
