"""ML sensors: small modules in which a camera and its model are walled in, so that only conclusions leave.

The first is the Person Sensor of Useful Sensors.
"""

from mlsensor._enums import Mode
from mlsensor._errors import BusError, ClosedError, ConfigError, NotFoundError, PacketError, SensorError

__all__ = [
    "BusError",
    "ClosedError",
    "ConfigError",
    "Mode",
    "NotFoundError",
    "PacketError",
    "SensorError",
]
