"""What every example does besides deciding: options, a sensor, something to drive, lines with a time."""

from __future__ import annotations

import argparse
import contextlib
import importlib
import os
import sys
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any, Optional

from mlsensor import Config, PersonSensor, SensorError


def options(about: Optional[str], drives: Optional[str] = None) -> argparse.ArgumentParser:
    """The options of an example: where readings come from, and the pin of what it drives."""
    name = os.path.basename(sys.argv[0])
    epilog = f"{name} alone runs on a simulated sensor, until its scene ends; {name} 1 on the one of bus 1."
    parser = argparse.ArgumentParser(description=about, epilog=epilog)
    bus = os.environ.get("MLSENSOR_BUS")
    parser.add_argument(
        "source", nargs="?", default=bus, help="a bus (1, /dev/i2c-1), sim:SCENE or replay:FILE"
    )
    if drives:
        parser.add_argument("--gpio", help=f"the pin of a real {drives}: GPIO17. Without one, it only talks")
    return parser


def output(kind: str, gpio: Optional[str], **settings: float) -> Any:
    """A device of gpiozero's, by its kind and its pin; without a pin, one that does nothing."""
    if gpio is None:
        return SimpleNamespace(value=0, off=lambda: None)
    try:
        gpiozero = importlib.import_module("gpiozero")  # not needed where nothing is driven
    except ImportError as error:
        sys.exit(
            f"error: a pin is driven by gpiozero: {error}\n"
            "likely: it is not installed, or this virtual environment does not see the system's packages\n"
            "run: pip install gpiozero lgpio\n"
            "code: MLSENSOR-GPIO"
        )
    return getattr(gpiozero, kind)(gpio, **settings)


@contextlib.contextmanager
def running(
    source: Optional[str], scene: str, config: Optional[Config] = None, *drives: Any, tells_end: bool = True
) -> Iterator[PersonSensor]:
    """A sensor to read until the end, an error or Ctrl-C; what is driven is off then, and servos are let go.

    Simulations and recordings take no time, unless MLSENSOR_SPEED says otherwise.
    """
    os.environ.setdefault("MLSENSOR_SPEED", "inf")
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


def now(sensor: PersonSensor) -> float:
    """The time of the source: readings are made at times of it, and get older."""
    latest = sensor.latest
    return latest.at + (latest.reading.age if latest.reading else 0.0)


def say(at: float, event: str, why: str = "") -> None:
    """A line of a transcript: seconds, what happens, and why."""
    print(f"{at:8.3f} s  {event:<8}  {why}".rstrip(), flush=True)
