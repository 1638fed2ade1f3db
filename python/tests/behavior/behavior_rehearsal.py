"""Runs a procedure in virtual time, against a sensor that is played by a function."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Callable, Optional, Union

from mlsensor import Faces
from mlsensor.behavior import Enroll, Erase, Step


@dataclass
class Run:
    """What came of it. Times are in seconds."""

    outcome: Any = None
    ended: float = 0.0
    sent: list[tuple[float, str]] = field(default_factory=list[tuple[float, str]])
    reads: list[float] = field(default_factory=list[float])
    told: list[str] = field(default_factory=list[str])

    def when(self, command: str) -> list[float]:
        """When it was sent."""
        return [now for now, sent in self.sent if sent == command]


Sensor = Callable[[float, "Run"], Optional[Faces]]


def rehearse(procedure: Union[Enroll, Erase], sensor: Sensor, *, is_sent: bool = True) -> Run:
    """Does what the procedure asks for until it is over; a read gives what the sensor says at that time."""
    run, now = Run(), 0.0
    while now <= procedure.longest:
        step = procedure.step(now)
        assert procedure.step(now) == step
        if isinstance(step, Step.Send):
            run.sent.append((now, str(step.command)))
            procedure.sent(now, is_sent)
        elif isinstance(step, Step.Wait):
            assert step.seconds > 0
            now = round(now + step.seconds, 6)
        elif isinstance(step, Step.Read):
            run.reads.append(now)
            procedure.update(now, sensor(now, run))
        else:
            run.outcome, run.ended = step.outcome, now
            return run
        if not run.told or run.told[-1] != str(procedure.progress):
            run.told.append(str(procedure.progress))
    raise AssertionError(f"it takes longer than it says: {procedure!r}")
