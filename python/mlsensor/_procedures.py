"""Enrolling and erasing: the driver's procedures say what to do, and this does it, awaited or not."""

# The parts of a sensor know each other, and nobody else knows them.
# pyright: reportPrivateUsage=false

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any, Callable, Optional, Union

from mlsensor._errors import BusError, PacketError, ProcedureError
from mlsensor._native import Enrolled, EnrollProgress, Erased, EraseProgress, Faces, Session, Step
from mlsensor.behavior import Enroll, Erase

if TYPE_CHECKING:
    from mlsensor._asyncio import PersonSensorAsync
    from mlsensor._reader import Reader

__all__ = ["EnrollTeller", "EraseTeller", "Run", "run", "run_async"]

EnrollTeller = Callable[[EnrollProgress], object]
EraseTeller = Callable[[EraseProgress], object]

_FAILURES = (BusError, PacketError)


class Run:
    """One run of a procedure.

    Threads: it is for one.
    """

    def __init__(
        self, procedure: Union[Enroll, Erase], session: Session, tell: Optional[Callable[[Any], object]]
    ) -> None:
        self._procedure = procedure
        self._session = session
        self._tell = tell
        self._told: object = None
        self._last_error: Optional[Exception] = None

    def steps(self) -> Generator[Step, Optional[Faces], Any]:
        """What to do, step by step; a step that failed is thrown in. It returns the outcome, or raises."""
        procedure = self._procedure
        while True:
            step = procedure.step(self._session.now())
            if isinstance(step, Step.Over):
                return self._judge(step.outcome)
            faces, is_ok = None, True
            try:
                faces = yield step
            except _FAILURES as error:
                self._last_error, is_ok = error, False
            if isinstance(step, Step.Send):
                procedure.sent(self._session.now(), is_ok)
            elif isinstance(step, Step.Read):
                procedure.update(self._session.now(), faces)
            self._report(procedure.progress)

    def do(self, step: Step) -> Optional[Faces]:
        """Does a step that is no wait."""
        if isinstance(step, Step.Send):
            self._session.send(bytes(step.command))
            return None
        return self._session.read()

    def _report(self, progress: object) -> None:
        if self._tell is not None and progress != self._told:
            self._told = progress
            self._tell(progress)

    def _judge(self, outcome: Any) -> Any:
        if isinstance(outcome, (Enrolled, Erased)):
            return outcome
        raise ProcedureError(
            str(outcome),
            "one person alone, near, facing the sensor and still for some seconds, is what it takes"
            if self._last_error is None
            else "the bus: see the exception that this one is from",
            "mlsensor read --json    (what the sensor sees)",
            "MLSENSOR-ENROL",
            outcome,
        ) from self._last_error

    def end(self) -> ProcedureError:
        """The scene or the recording ended before it was over."""
        return ProcedureError(
            "the source ended before the procedure was over",
            "a scene or a recording that is too short for it",
            "mlsensor read sim:label_and_return",
            "MLSENSOR-ENROL",
            None,
        )


def run(run: Run, reader: Reader) -> Any:
    """Runs it in this thread. Readings go on meanwhile."""
    reader.start()
    steps = run.steps()
    try:
        step = next(steps)
        while True:
            try:
                faces = None
                if not isinstance(step, Step.Wait):
                    faces = run.do(step)
                else:
                    reader.pass_time(step.seconds)
                    if reader.has_ended:
                        raise run.end()
            except _FAILURES as error:
                step = steps.throw(error)
            else:
                step = steps.send(faces)
    except StopIteration as over:
        return over.value


async def run_async(run: Run, sensor: PersonSensorAsync) -> Any:
    """The same, awaited. Where it is cancelled, nothing more is sent."""
    reader = sensor._opened()
    steps = run.steps()
    try:
        step = next(steps)
        while True:
            try:
                faces = None
                if not isinstance(step, Step.Wait):
                    faces = await sensor._call(run.do, step)
                else:
                    await sensor._pass_time(step.seconds)
                    if reader.has_ended:
                        raise run.end()
            except _FAILURES as error:
                step = steps.throw(error)
            else:
                step = steps.send(faces)
    except StopIteration as over:
        return over.value
