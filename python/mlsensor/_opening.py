"""Which bus a program means, and a session on it."""

from __future__ import annotations

import logging
import math
import os
from typing import Any, NamedTuple, Optional, Union

from mlsensor import _default_bus
from mlsensor._errors import ConfigError, NotFoundError
from mlsensor._native import Channel, Config, Session, SimBus, SimSensor

__all__ = ["Bus", "Opened", "open_session"]

Bus = Union[None, str, "os.PathLike[str]", int, SimSensor, SimBus, Channel]
"""What names a bus: see `PersonSensor`."""

_LOGGER = logging.getLogger("mlsensor")

_DEFAULT = "/dev/i2c-1"
_NOT_REAL = ("sim:", "replay:")


class Opened(NamedTuple):
    """A session, and what there is to know of its time."""

    session: Session
    speed: float
    """How many seconds of the source pass in one of this world; infinite where time is virtual."""
    bus: Optional[SimBus]
    """The simulated bus, if it may have other readers."""


def open_session(
    bus: Bus,
    *,
    address: int,
    config: Optional[Config],
    every: Optional[float],
    wait: bool,
    speed: Optional[float] = None,
    seed: Optional[int] = None,
) -> Opened:
    """Opens what is meant. Raises ConfigError where a name, or a value in the environment, means nothing."""
    if bus is None:
        bus = _default_bus.current()
    if isinstance(bus, SimSensor):
        bus = bus.bus
    if isinstance(bus, SimBus):
        return Opened(Session.on_bus(bus, address=address, config=config, every=every), math.inf, bus)
    if isinstance(bus, Channel):
        session = Session.on_channel(bus, config=config, every=every, wait=wait)
        return Opened(session, math.inf if session.is_virtual else 1.0, bus.sim_bus)
    is_environments = bus is None and "MLSENSOR_BUS" in os.environ
    name = _name(os.environ.get("MLSENSOR_BUS", _DEFAULT) if bus is None else bus)
    if not name.startswith(_NOT_REAL):
        speed = 1.0
    elif speed is None:
        speed = _speed_of_environment()
    options: dict[str, Any] = {"speed": speed} if name.startswith(_NOT_REAL) else {}
    try:
        session = Session.open(
            name, address=address, config=config, every=every, wait=wait, seed=seed, **options
        )
    except NotFoundError as error:
        if bus is not None or error.code != "MLSENSOR-NO-BUS":
            raise
        # The program names no bus, so there is an easier way than for one that does.
        run = "MLSENSOR_BUS=sim:walk_up python3 your_program.py"
        raise NotFoundError(error.what, error.likely, run, error.code, error.errno) from None
    except ConfigError as error:
        if not is_environments:
            raise
        raise ConfigError(
            f"{error.what} (MLSENSOR_BUS={name})",
            error.likely,
            "MLSENSOR_BUS=sim:walk_up python3 your_program.py",
            error.code,
        ) from None
    for remark in session.remarks:
        _LOGGER.warning("%s", remark)
    return Opened(session, speed, None)


def _name(bus: object) -> str:
    if isinstance(bus, int) and not isinstance(bus, bool):
        return str(bus)
    if isinstance(bus, (str, os.PathLike)):
        return os.fspath(bus)
    raise ConfigError(
        f"{bus!r} names no bus",
        "a bus is a path, a number, sim:walk_up, replay:FILE, a SimSensor, a SimBus or a Channel",
        "python3 -c 'import mlsensor; help(mlsensor.PersonSensor)'",
        "MLSENSOR-SOURCE",
    )


def _speed_of_environment() -> float:
    text = os.environ.get("MLSENSOR_SPEED", "1")
    try:
        speed = float(text)
    except ValueError:
        speed = math.nan
    if not (0.001 <= speed <= 1000 or speed == math.inf):
        raise ConfigError(
            f"MLSENSOR_SPEED={text} is no speed",
            "it is how many seconds of a scene pass in one second, 0.001 to 1000, or inf: at once",
            "MLSENSOR_SPEED=inf python3 your_program.py",
            "MLSENSOR-SPEED",
        )
    return speed
