"""From faces to behaviour: "someone is here", "someone wants my attention", "turn toward her".

A packet says where faces are at one moment, with misses, flicker and false faces. Each behaviour takes
readings and the time, and concludes something that holds over time.

============  =======================================================================
Presence      is somebody here?
Attention     has somebody faced the sensor for a while, and who, and where?
Tracker       who is who from packet to packet, and where do they go?
Aim           where to turn a pan/tilt, so that it keeps to somebody and does not hunt?
Cadence       when to read next?
Enroll        is this id that person's now?
Erase         are all ids forgotten?
Power         when may the sensor sleep, and when should it look?
============  =======================================================================

None of them reads a sensor or a clock. `now` is in seconds since any fixed moment; a reading is `Faces`, or
None if there is none: a failed read is never "nobody". The same calls give the same answers.

>>> from mlsensor import Bounds, Face, Faces
>>> from mlsensor.behavior import Presence
>>> somebody = Faces([Face(Bounds(100, 100, 130, 140), confidence=90)])
>>> presence = Presence(arrive_after=0.5)
>>> for tenth in range(6):
...     event = presence.update(tenth / 10, somebody)
>>> event
PresenceEvent.Arrived(first_seen=0.0, was=Outcome.UNKNOWN)

An event, a state or a step is matched by its class: `case PresenceEvent.Arrived(first_seen=since):`.
"""

from mlsensor._enums import Freshness, Lock, Mount, Outcome, Sense
from mlsensor._native import (
    Aim,
    AimState,
    Attention,
    AttentionEvent,
    AxisConfig,
    Cadence,
    Choice,
    Command,
    CurrentEstimate,
    CurrentFigures,
    Direction,
    Enroll,
    Enrolled,
    EnrollProgress,
    Erase,
    Erased,
    EraseProgress,
    Gate,
    GaveUp,
    GaveUpReason,
    Look,
    NotErased,
    Power,
    Presence,
    PresenceEvent,
    Servo,
    Step,
    Track,
    Tracker,
    Velocity,
    View,
    WhenLost,
)

__all__ = [
    "Aim",
    "AimState",
    "Attention",
    "AttentionEvent",
    "AxisConfig",
    "Cadence",
    "Choice",
    "Command",
    "CurrentEstimate",
    "CurrentFigures",
    "Direction",
    "Enroll",
    "EnrollProgress",
    "Enrolled",
    "Erase",
    "EraseProgress",
    "Erased",
    "Freshness",
    "Gate",
    "GaveUp",
    "GaveUpReason",
    "Lock",
    "Look",
    "Mount",
    "NotErased",
    "Outcome",
    "Power",
    "Presence",
    "PresenceEvent",
    "Sense",
    "Servo",
    "Step",
    "Track",
    "Tracker",
    "Velocity",
    "View",
    "WhenLost",
]
