"""What is driven by a pin, by gpiozero: a fan, a lamp, a servo. Without a pin, nothing is."""

from __future__ import annotations

import importlib
import warnings
from types import SimpleNamespace
from typing import Any, Optional

from running import failure


def output(kind: str, gpio: Optional[str], **settings: float) -> Any:
    """A device of gpiozero's, by its kind and its pin; without a pin, one that does nothing."""
    if gpio is None:
        return SimpleNamespace(value=0, off=lambda: None)
    try:
        gpiozero = importlib.import_module("gpiozero")
    except ImportError as error:
        what = f"a pin is driven by gpiozero: {error}"
        likely = "it is not installed, or this virtual environment does not see the system's packages"
        raise failure(what, likely, "pip install gpiozero lgpio", "MLSENSOR-GPIO") from None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # one for each way that it tries to reach pins
            return getattr(gpiozero, kind)(gpio, **settings)
    except Exception as error:  # of gpiozero's, or of any of the libraries by which it reaches pins
        what = f"gpiozero cannot drive {gpio}: {error}"
        likely = "there is no such pin, another program has it, or this is no Raspberry Pi"
        raise failure(
            what, likely, "pinout    (shows the pins; it comes with gpiozero)", "MLSENSOR-GPIO"
        ) from None
