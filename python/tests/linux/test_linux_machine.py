"""Does an unchanged program of Python read on, on a machine where things go wrong?"""

from __future__ import annotations

from typing import Any

import pytest
from linux_machine import SCENES, SIM_RUN, ScriptedKernel, on_machine, output, python

ONE_FACE = "read 00 00 21 00 01 63 7c 80 95 aa 43 00 01" + " 00" * 24 + " 15 8b\n"
"""Captured from a board: one face, facing."""

ROUTES = ["seccomp", "preload"]

NOBODY_ANSWERS = "read errno 121\n"

STORY = """
def story(sensor):
    # What comes, in a word each, and the same word never twice in a row; until there are faces again.
    told = []
    def tell(word):
        if told[-1:] != [word]:
            told.append(word)
    while len(told) < 3 or told[-1] != "faces":
        try:
            for faces in sensor:
                tell("faces")
                if len(told) > 1:
                    break
        except SensorError as error:
            tell(type(error).__name__)
    return told
"""


@pytest.mark.parametrize("route", ROUTES)
def test_an_unchanged_program_reads_the_simulated_bus_as_if_it_were_real(route: str) -> None:
    program = """
        with PersonSensor() as sensor:
            for faces in sensor:
                if faces.facing:
                    break
        print(json.dumps([sensor.name, faces.count]))
    """
    options = ["--route", route, "--scenario", SCENES + "steady.toml"]
    assert on_machine(program, *options) == ["/dev/i2c-1", 1]


@pytest.mark.parametrize("route", ROUTES)
def test_a_sensor_that_is_closed_has_given_its_bus_back(route: str) -> None:
    program = """
        import os
        def files():
            return len(os.listdir("/proc/self/fd"))
        sensor = PersonSensor()
        sensor.read()
        during = files()
        sensor.close()
        print(json.dumps(during - files()))
    """
    options = ["--route", route, "--scenario", SCENES + "steady.toml"]
    assert on_machine(program, *options) == 1


def test_failures_that_are_short_are_tried_again_and_not_told(kernel: ScriptedKernel) -> None:
    program = """
        with PersonSensor(BUS) as sensor:
            readings = iter(sensor)
            counts = [next(readings).count for _ in range(8)]
            print(json.dumps([counts, sensor.counters()["bus_errors"]]))
    """
    script = ONE_FACE * 4 + "".join(f"read errno {errno}\n{ONE_FACE * 2}" for errno in (121, 11, 5))
    counts, failures = kernel.run(script, program)
    assert counts == [1] * 8
    assert (failures["no_acknowledge"], failures["arbitration_loss"], failures["bus"]) == (1, 1, 1)


def test_a_sensor_that_is_lost_is_told_and_read_on_when_it_is_back_and_set_as_it_was(
    kernel: ScriptedKernel,
) -> None:
    program = """
sensor = PersonSensor(BUS, config=Config(id_enabled=True, led=False))
told = story(sensor)
sensor.close()
print(json.dumps(told))
"""
    told = kernel.run(ONE_FACE * 8 + NOBODY_ANSWERS * 10 + ONE_FACE, STORY + program)
    assert told[0] == told[-1] == "faces"
    assert {"BusError", "NotFoundError"} >= set(told[1:-1]) > set()
    # Register 2 is recognition, 7 the LED, 1 the mode: typed from the guide of the sensor.
    written = kernel.written()
    for setting in ("62 w 02 01", "62 w 07 00", "62 w 01 01"):
        assert written.count(setting) == 2, written


def test_a_sensor_that_is_not_there_yet_is_waited_for() -> None:
    program = (
        STORY
        + """
with PersonSensor(wait=True) as sensor:
    for faces in sensor.updates():
        if faces.faces is not None:
            break
    print(json.dumps([raised(PersonSensor, 9)["errno"], faces.state.name]))
"""
    )
    assert on_machine(program, "--fault", "gone:3") == [2, "LIVE"]


def test_an_adapter_that_is_unplugged_is_opened_anew(kernel: ScriptedKernel) -> None:
    program = (
        STORY
        + """
sensor = PersonSensor(BUS)
updates = sensor.updates()
found = []
while len(found) < 2:
    update = next(updates)
    if update.error is not None and update.error.errno == 19 and "gone" not in found:
        found.append("gone")
    if update.faces is not None and "gone" in found:
        found.append(update.faces.count)
sensor.close()
print(json.dumps(found))
"""
    )
    script = (
        ONE_FACE * 12
        + "read errno 19\nread errno 19\n"
        + ONE_FACE
        + "open ok\nopen errno 2\nopen errno 2\nopen ok\n"
    )
    assert kernel.run(script, program) == ["gone", 1]


def test_nothing_is_written_to_what_answers_and_is_no_person_sensor(tmp_path: Any) -> None:
    program = """
        try:
            PersonSensor()
        except NotFoundError as error:
            cause = error.__cause__
            print(json.dumps([told(error), type(cause).__name__, cause.rule, cause.place]))
    """
    trace = tmp_path / "a.recording"
    options = ["--scenario", "lookalike:co2-sensor", "--record", str(trace)]
    error, cause, rule, place = on_machine(program, *options)
    assert (error["type"], error["code"]) == ("NotFoundError", "MLSENSOR-NOT-A-SENSOR")
    assert error["run"] == "mlsensor probe /dev/i2c-1"
    assert (cause, rule, place) == ("PacketError", "checksum", 37)
    lines = trace.read_text().splitlines()
    assert any(" r " in line for line in lines)
    assert not any(" w " in line for line in lines)


def test_several_buses_as_a_mux_of_the_kernel_gives_them_are_read_side_by_side() -> None:
    program = """
        with PersonSensor(1) as one, PersonSensor("/dev/i2c-2") as two:
            here = {sensor.name: sensor.probe().count for sensor in (one, two)}
        print(json.dumps([here, raised(PersonSensor, 3)["code"]]))
    """
    options = ["--scenario", "empty_room", "--with", "2=sim:crowd", "--with", "3=lookalike:answers-all"]
    here, third = on_machine(program, *options)
    assert sorted(here) == ["/dev/i2c-1", "/dev/i2c-2"]
    assert third == "MLSENSOR-NOT-A-SENSOR"


def test_the_bus_of_a_program_that_names_none_is_that_of_the_environment() -> None:
    words = [*SIM_RUN, "--bus", "4", "--", "env", "MLSENSOR_BUS=4"]
    assert output([*words, *python("print(json.dumps(PersonSensor().name))")]) == "/dev/i2c-4"


def test_a_multiplexer_of_which_nothing_answers_is_told_from_a_sensor_that_does_not() -> None:
    program = """
        muxes = Muxes(1, [0x70, 0x71])
        door = muxes.channel(0x71, 3)
        print(json.dumps([raised(muxes.shut), raised(PersonSensor, door), muxes.is_in_doubt]))
    """
    shut, opened, is_in_doubt = on_machine(program)
    for error in (shut, opened):
        assert (error["type"], error["errno"], error["code"]) == ("BusError", 121, "MLSENSOR-MUX")
        assert error["run"].startswith("i2cdetect -y -r 1 0x70 0x77")
    assert shut["what"].startswith("/dev/i2c-1: the multiplexer cannot be shut: ")
    assert opened["what"].startswith("channel 3 of 0x71 on /dev/i2c-1: the multiplexer ")
    assert is_in_doubt


def test_the_command_of_the_package_reads_the_bus_that_it_simulates() -> None:
    words = [*SIM_RUN, "--", SIM_RUN[0], "-m", "mlsensor", "read", "1", "--once", "--json"]
    assert output(words)["event"] == "reading"
