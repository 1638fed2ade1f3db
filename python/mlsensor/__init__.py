"""ML sensors: small modules in which a camera and its model are walled in, so that only conclusions leave.

The first is the Person Sensor of Useful Sensors.
"""

try:
    from mlsensor._native import __version__
except ModuleNotFoundError as _error:
    if _error.name != "mlsensor._native":
        raise
    raise ImportError(
        f"{__path__[0]} is the source of mlsensor, and not what was built from it\n"
        "likely: this is the folder of the source, where Python finds it before the installed package\n"
        "run: cd ..    (and `pip install ./python` there, if that was not done yet)\n"
        "code: MLSENSOR-NOT-BUILT",
        name=_error.name,
    ) from None

from mlsensor._asyncio import PersonSensorAsync
from mlsensor._enums import Mode, Pull, State
from mlsensor._errors import (
    BusError,
    ClosedError,
    ConfigError,
    NotFoundError,
    PacketError,
    ProcedureError,
    SensorError,
)
from mlsensor._native import (
    ADDRESS,
    LAYOUT,
    MAX_FACES,
    PACKET_LEN,
    Bounds,
    Channel,
    Config,
    Face,
    Faces,
    Field,
    Identity,
    Muxes,
    Oddity,
    PacketBits,
    Reading,
    Update,
    bits_per_packet,
    crc16_mcrf4xx,
    oddities,
)
from mlsensor._person_sensor import PersonSensor
from mlsensor._presence_pin import PresencePin, PresencePinAsync
from mlsensor._sources import Source, SourceAsync

__all__ = [
    "ADDRESS",
    "LAYOUT",
    "MAX_FACES",
    "PACKET_LEN",
    "Bounds",
    "BusError",
    "Channel",
    "ClosedError",
    "Config",
    "ConfigError",
    "Face",
    "Faces",
    "Field",
    "Identity",
    "Mode",
    "Muxes",
    "NotFoundError",
    "Oddity",
    "PacketBits",
    "PacketError",
    "PersonSensor",
    "PersonSensorAsync",
    "PresencePin",
    "PresencePinAsync",
    "ProcedureError",
    "Pull",
    "Reading",
    "SensorError",
    "Source",
    "SourceAsync",
    "State",
    "Update",
    "__version__",
    "bits_per_packet",
    "crc16_mcrf4xx",
    "oddities",
]
