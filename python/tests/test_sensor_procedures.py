"""Enrolling and erasing: the driver's procedures, run on a sensor that is read meanwhile."""

from __future__ import annotations

import math
import threading
from typing import Optional

import pytest

from mlsensor import BusError, ClosedError, Config, ConfigError, Mode, PersonSensor, ProcedureError
from mlsensor._native import Session
from mlsensor._procedures import Run
from mlsensor.behavior import Enroll, EnrollProgress, GaveUp, GaveUpReason, NotErased, Step
from mlsensor.sim import Fault, Person, SimSensor


@pytest.fixture
def sim() -> SimSensor:
    sim = SimSensor(seed=1)
    sim.scene = [Person(0.7, 0.0)]
    return sim


def test_a_command_that_was_not_sent_is_not_taken_for_sent(sim: SimSensor) -> None:
    session = Session.on_bus(sim.bus)
    procedure, alone = Enroll(1), Enroll(1)
    steps = Run(procedure, session, None).steps()
    assert isinstance(next(steps), Step.Send)
    assert isinstance(alone.step(0.0), Step.Send)
    alone.sent(0.0, False)
    assert steps.throw(BusError("it", "broke", "on", "purpose", 121)) == alone.step(0.0)
    session.close()


def test_who_is_enrolled_is_recognised_and_forgotten_again(sim: SimSensor) -> None:
    progress: list[str] = []
    with PersonSensor(sim) as sensor:
        enrolled = sensor.enroll(3, progress=lambda news: progress.append(type(news).__name__))
        assert enrolled.id == 3
        assert sim.labelled(3) is not None
        assert progress[0] == "Preparing"
        assert progress[-1] == "Verifying"
        identity = next(iter(sensor))[0].identity
        assert identity is not None
        assert identity.id == 3
        erased = sensor.erase_and_verify()
        assert erased.was_recognised
        assert sim.labelled(3) is None


def test_readings_and_callbacks_go_on_meanwhile(sim: SimSensor) -> None:
    told: list[float] = []
    with PersonSensor(sim) as sensor:
        sensor.when_facing = lambda: told.append(sim.now)
        sensor.enroll(0)
        assert 0 < told[0] < sim.now


def test_settings_are_taken_and_wrong_ones_refused(sim: SimSensor) -> None:
    sim.scene = []
    with PersonSensor(sim) as sensor:
        begin = sim.now
        with pytest.raises(ProcedureError) as raised:
            sensor.enroll(5, guide_timeout=2.0)
        assert 2.0 <= sim.now - begin < 4.0
        gave_up = raised.value.gave_up
        assert isinstance(gave_up, GaveUp)
        assert isinstance(gave_up.reason, GaveUpReason.TimedOut)
        assert gave_up.reason.progress == EnrollProgress.NobodyInView()
        assert raised.value.code == "MLSENSOR-ENROL"
        assert raised.value.__cause__ is None
        with pytest.raises(TypeError):
            sensor.enroll(5, guide_time=2.0)
        with pytest.raises(ValueError, match="8"):
            sensor.enroll(8)


def test_without_readings_it_gives_up_and_says_what_the_bus_said(sim: SimSensor) -> None:
    with PersonSensor(sim) as sensor:
        sim.power_off()
        with pytest.raises(ProcedureError, match="no readings") as raised:
            sensor.enroll(1)
        assert isinstance(raised.value.__cause__, BusError)
        assert "the bus" in raised.value.likely
        with pytest.raises(ProcedureError) as raised:
            sensor.erase_and_verify()
        assert isinstance(raised.value.gave_up, NotErased.NoReading)


def test_a_failure_in_the_middle_is_got_over(sim: SimSensor) -> None:
    def disturb(news: EnrollProgress) -> None:
        if isinstance(news, EnrollProgress.HoldStill):
            sim.inject(Fault.nack(), Fault.all_ones())

    with PersonSensor(sim) as sensor:
        assert sensor.enroll(1, progress=disturb).id == 1


def test_what_the_teller_raises_comes_out(sim: SimSensor) -> None:
    def fails(_news: EnrollProgress) -> None:
        raise ZeroDivisionError

    with PersonSensor(sim) as sensor, pytest.raises(ZeroDivisionError):
        sensor.enroll(1, progress=fails)


def test_a_scene_that_is_too_short_ends_it() -> None:
    with PersonSensor.simulated("empty_room", speed=math.inf) as sensor:
        with pytest.raises(ProcedureError, match="ended") as raised:
            sensor.enroll(1, guide_timeout=1e4)
        assert raised.value.gave_up is None


def test_closing_elsewhere_ends_it() -> None:
    sensor = PersonSensor.simulated("empty_room", speed=1.0)
    begun = threading.Event()
    outcome: list[Optional[Exception]] = []

    def enroll() -> None:
        try:
            sensor.enroll(1, progress=lambda _: begun.set())
        except ClosedError as error:
            outcome.append(error)

    thread = threading.Thread(target=enroll)
    thread.start()
    assert begun.wait(30)
    sensor.close()
    thread.join(30)
    assert isinstance(outcome[0], ClosedError)


def test_every_setting_reaches_the_sensor(sim: SimSensor) -> None:
    with PersonSensor(sim, config=Config(led=False, id_enabled=True)) as sensor:
        next(iter(sensor))
        assert (sim.led, sim.config.id_enabled) == (False, True)
        sensor.set_id_enabled(False)
        sensor.set_persist_ids(True)
        sensor.set_led(True)
        assert sim.config == Config(mode=Mode.CONTINUOUS, id_enabled=False, persist_ids=True, led=True)
        sensor.set_mode(Mode.STANDBY)
        results = sim.results
        assert sensor.capture(0.7).count == 1
        assert sim.results == results + 1
        sensor.trigger_single_shot()
        sensor.configure(Config(led=False))
        assert sim.config == Config(led=False)
        # They are set again when the sensor comes back.
        sim.power_off()
        sim.advance(3.0)
        sim.power_on()
        assert sim.config != Config(led=False)
        sim.advance(20.0)
        assert sim.config == Config(led=False)
        sensor.erase_ids()
        sensor.label_next_id(7)
        for id in (8, -1, 2**70):
            with pytest.raises(ConfigError, match="is outside 0 to 7"):
                sensor.label_next_id(id)
