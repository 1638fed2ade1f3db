"""The simulator: sensors, scenes and faults on a bus in virtual time.

Nothing here sleeps. Time passes when a test lets it pass, or while a program waits for a reading, and the same
program, scene and seed give the same bytes each time.
"""

from __future__ import annotations

from mlsensor._enums import FaultKind, LookalikeKind
from mlsensor._native import Fault, FaultCounts, Person, Scene, SimBus, SimSensor

__all__ = [
    "Fault",
    "FaultCounts",
    "FaultKind",
    "LookalikeKind",
    "Person",
    "Scene",
    "SimBus",
    "SimSensor",
]
