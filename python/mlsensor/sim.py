"""The simulator: sensors, scenes and faults on a bus in virtual time.

Nothing here sleeps. Time passes when a test lets it pass, or while a program waits for a reading, and the
same program, scene and seed give the same bytes each time.
"""

from __future__ import annotations

from mlsensor._answers import (
    FirstResult,
    Kept,
    Latch,
    Led,
    Lens,
    NextRead,
    NotRecognised,
    Order,
    PastTheEnd,
    PinOutsideContinuous,
    ProbingWhileBooting,
    Recognises,
    SecondSingleShot,
    SeveralPairs,
    UndocumentedValue,
)
from mlsensor._enums import FaultKind, LookalikeKind
from mlsensor._native import (
    Assumptions,
    Detection,
    Fault,
    FaultCounts,
    Lookalike,
    Person,
    Question,
    Recording,
    Scenario,
    Scene,
    Segment,
    SimBus,
    SimSensor,
    Tca9548a,
    Timeline,
    Transfer,
)

__all__ = [
    "Assumptions",
    "Detection",
    "Fault",
    "FaultCounts",
    "FaultKind",
    "FirstResult",
    "Kept",
    "Latch",
    "Led",
    "Lens",
    "Lookalike",
    "LookalikeKind",
    "NextRead",
    "NotRecognised",
    "Order",
    "PastTheEnd",
    "Person",
    "PinOutsideContinuous",
    "ProbingWhileBooting",
    "Question",
    "Recognises",
    "Recording",
    "Scenario",
    "Scene",
    "SecondSingleShot",
    "Segment",
    "SeveralPairs",
    "SimBus",
    "SimSensor",
    "Tca9548a",
    "Timeline",
    "Transfer",
    "UndocumentedValue",
]
