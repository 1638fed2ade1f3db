"""ML sensors: small modules in which a camera and its model are walled in, so that only conclusions leave.

The first is the Person Sensor of Useful Sensors.
"""

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
    __version__,
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
