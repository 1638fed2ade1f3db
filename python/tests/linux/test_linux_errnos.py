"""What does each errno of the kernel raise in a program of Python?"""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Any

import pytest
from linux_machine import ScriptedKernel, assert_four_parts, on_machine, output, python

ONE_FACE = "00 00 21 00 01 63 7c 80 95 aa 43 00 01" + " 00" * 24 + " 15 8b"
"""Captured from a board: one face, facing."""

TRANSFERS = {
    121: "loose wire",
    6: "loose wire",
    5: "pull-up",
    110: "hangs",
    11: "another controller is on",
    16: "keeps the bus busy",
    19: "unplugged",
    108: "sleeps",
    71: "USB cable",
    32: "USB cable",
    95: "only SMBus",
    22: "does not take a transfer",
    4: "a signal",
    12: "out of memory",
    25: "no I2C bus",
    13: "group i2c",
    117: "no cause is known",
}
"""Each errno that a transfer can fail with, and a part of what is said to be the likeliest cause."""


def assert_is(error: dict[str, Any], kind: str, errno: int) -> None:
    assert (error["type"], error["errno"], error["is_os"]) == (kind, errno, True), error
    assert error["code"] == f"MLSENSOR-BUS-{errno}"
    assert f"(os error {errno})" in error["what"]
    assert_four_parts(error)


@pytest.mark.parametrize(("call", "method"), [("read", "read()"), ("write", "set_led(True)")])
def test_a_transfer_raises_a_bus_error_with_its_errno(kernel: ScriptedKernel, call: str, method: str) -> None:
    script = "".join(f"{call} errno {errno}\n" for errno in TRANSFERS)
    program = f"""
        sensor = PersonSensor(BUS, wait=True)
        print(json.dumps([raised(lambda: sensor.{method}) for _ in range({len(TRANSFERS)})]))
        sensor.close()
    """
    found = kernel.run(script, program)
    for error, (errno, likely) in zip(found, TRANSFERS.items()):
        assert_is(error, "BusError", errno)
        assert error["what"].startswith(f"cannot {call} ")
        assert likely in error["likely"]


@pytest.mark.parametrize("errno", [121, 6, 5, 110, 11, 16, 19])
def test_what_is_said_to_be_run_is_a_command_of_this_package_or_of_every_system(
    kernel: ScriptedKernel, errno: int
) -> None:
    program = "print(json.dumps(raised(PersonSensor(BUS, wait=True).read)))"
    run = kernel.run(f"read errno {errno}\n", program)["run"]
    assert run in (f"mlsensor probe {kernel.bus}", "ls -l /sys/class/i2c-dev")


@pytest.mark.parametrize(
    ("errno", "kind"),
    [
        (121, "NotFoundError"),
        (6, "NotFoundError"),
        (19, "NotFoundError"),
        (25, "NotFoundError"),
        (5, "BusError"),
        (110, "BusError"),
        (95, "BusError"),
        (22, "BusError"),
        (16, "BusError"),
        (13, "BusError"),
    ],
)
def test_a_sensor_that_is_opened_and_does_not_answer_is_not_found_and_a_bus_that_fails_is_told_from_it(
    kernel: ScriptedKernel, errno: int, kind: str
) -> None:
    found = kernel.run(f"read errno {errno}\n", "print(json.dumps(raised(PersonSensor, BUS)))")
    assert_is(found, kind, errno)
    assert found["what"].startswith(f"no Person Sensor on {kernel.bus}: ")
    assert kernel.written() == []


@pytest.mark.parametrize(
    ("errno", "kind", "likely"),
    [
        (19, "NotFoundError", "unplugged"),
        (6, "NotFoundError", "unplugged"),
        (13, "BusError", "group i2c"),
        (1, "BusError", "group i2c"),
        (24, "BusError", "too many files"),
        (16, "BusError", "kernel driver"),
    ],
)
def test_a_bus_that_cannot_be_opened_says_why(
    kernel: ScriptedKernel, errno: int, kind: str, likely: str
) -> None:
    found = kernel.run(f"open errno {errno}\n", "print(json.dumps(raised(PersonSensor, BUS)))")
    assert_is(found, kind, errno)
    assert found["what"].startswith(f"cannot open {kernel.bus}: ")
    assert likely in found["likely"]


@pytest.mark.parametrize("errno", [2, 19, 6])
def test_a_bus_that_is_not_there_yet_is_waited_for(kernel: ScriptedKernel, errno: int) -> None:
    program = """
        with PersonSensor(BUS, wait=True) as sensor:
            errnos = []
            for update in sensor.updates():
                if update.faces is not None:
                    break
                errnos.append(update.error.errno)
        print(json.dumps([sorted(set(errnos)), update.faces.count]))
    """
    script = f"open errno {errno}\n" * 3 + f"open ok\nread {ONE_FACE}\n"
    assert kernel.run(script, program) == [[errno], 1]


@pytest.mark.parametrize("errno", [13, 1, 16])
def test_what_somebody_has_to_change_first_is_not_waited_for(kernel: ScriptedKernel, errno: int) -> None:
    found = kernel.run(f"open errno {errno}\n", "print(json.dumps(raised(PersonSensor, BUS, wait=True)))")
    assert_is(found, "BusError", errno)


def test_an_address_that_a_kernel_driver_has_is_not_read_from(kernel: ScriptedKernel) -> None:
    found = kernel.run("slave errno 16\n", "print(json.dumps(raised(PersonSensor(BUS, wait=True).read)))")
    assert_is(found, "BusError", 16)
    assert "SCD4x" in found["likely"]


def test_bytes_that_the_kernel_left_out_are_no_packet(kernel: ScriptedKernel) -> None:
    script = f"read short 32 {ONE_FACE}\n"
    found = kernel.run(script, "print(json.dumps(raised(PersonSensor(BUS, wait=True).read)))")
    assert (found["type"], found["errno"], found["code"]) == ("BusError", None, "MLSENSOR-BUS-SHORT")
    assert "32 of 39 bytes" in found["what"]
    assert_four_parts(found)


def test_an_adapter_that_keeps_its_own_time_out_is_used_and_that_is_said(kernel: ScriptedKernel) -> None:
    program = """
        from mlsensor._native import Session
        session = Session.open(BUS)
        print(json.dumps([session.read().count, session.remarks]))
    """
    count, remarks = kernel.run(f"timeout errno 25\nread {ONE_FACE}\n", program)
    assert count == 1
    assert "its own time-out" in remarks[0]


@pytest.mark.parametrize(
    ("style", "fault", "errno"),
    [
        ("pi", "nack-address", 121),
        ("designware", "nack-address", 121),
        ("tiny-usb", "nack-address", 6),
        ("pi", "stretch-timeout", 5),
        ("pi", "bus-error", 5),
        ("designware", "stretch-timeout", 110),
        ("pi", "arbitration-loss", 11),
    ],
)
def test_each_adapter_of_a_raspberry_pi_is_understood(style: str, fault: str, errno: int) -> None:
    program = """
        sensor = PersonSensor(1, wait=True)
        print(json.dumps([raised(sensor.read), raised(sensor.read)["type"]]))
        sensor.close()
    """
    error, then = on_machine(program, "--errno", style, "--fault", fault, "--scenario", "empty_room")
    assert_is(error, "BusError", errno)
    assert then is None, "the fault is over, and the same sensor reads on"


def test_an_address_that_is_taken_is_told_by_the_simulated_kernel_as_well() -> None:
    found = on_machine("print(json.dumps(raised(PersonSensor)))", "--driver-holds", "0x62")
    assert_is(found, "BusError", 16)


def test_where_there_are_other_buses_they_are_named() -> None:
    program = "print(json.dumps(raised(PersonSensor, 7)))"
    found = on_machine(program, "--bus", "1", "--with", "20=sim:desk")
    assert_is(found, "NotFoundError", 2)
    assert found["likely"] == "the bus has another number: there is /dev/i2c-1, /dev/i2c-20"
    assert found["run"] == "mlsensor probe"


def test_a_computer_without_a_bus_says_so_and_names_the_simulator() -> None:
    if any(name.startswith("i2c-") for name in os.listdir("/dev")):
        pytest.skip("this computer has an I2C bus")
    found = output(python("print(json.dumps(raised(PersonSensor)))"))
    assert (found["type"], found["errno"], found["code"]) == ("NotFoundError", 2, "MLSENSOR-NO-BUS")
    assert found["what"].startswith("this computer has no I2C bus: cannot open /dev/i2c-1: ")
    assert 'PersonSensor.simulated("walk_up")' in found["likely"]
    assert found["run"] == "MLSENSOR_BUS=sim:walk_up python3 your_program.py"


def test_what_the_message_says_to_run_runs() -> None:
    program = "with PersonSensor() as sensor: print(json.dumps(sensor.name))"
    assert output(["sh", "-c", 'MLSENSOR_BUS=sim:walk_up exec "$@"', "sh", *python(program)]) == "sim:walk_up"


def test_what_is_there_and_is_no_bus_is_not_found(tmp_path: Path) -> None:
    program = """
        print(json.dumps([raised(PersonSensor, path) for path in ("/dev/null", {folder!r}, {file!r})]))
    """
    file = tmp_path / "file"
    file.touch()
    null, folder, file_ = output(python(program.format(folder=str(tmp_path), file=str(file))))
    assert_is(null, "NotFoundError", 25)
    assert_is(folder, "NotFoundError", 21)
    assert_is(file_, "NotFoundError", 25)


def test_who_may_not_open_a_bus_is_told_of_the_group(tmp_path: Path) -> None:
    bus = tmp_path / "i2c-1"
    bus.touch(mode=0o000)
    program = f"print(json.dumps(raised(PersonSensor, {str(bus)!r})))"
    if os.geteuid() == 0:
        # Root may open everything: it is done as nobody, who can get there.
        for folder in (tmp_path, *tmp_path.parents):
            if folder.stat().st_uid == 0 and not folder.stat().st_mode & stat.S_IXOTH:
                folder.chmod(folder.stat().st_mode | stat.S_IXOTH)
        program = f"import os; os.seteuid(65534); {program}"
    found = output(python(program))
    assert_is(found, "BusError", 13)
    assert "usermod -aG i2c" in found["run"]
