"""However a program ends, it ends: in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap

import pytest

LONG = 60.0

BEGIN = """
import asyncio, math, os, sys, threading, time
from mlsensor import ClosedError, PersonSensor, PersonSensorAsync
def live(scenario="crowd", speed=20.0):
    return PersonSensor.simulated(scenario, speed=speed)
def for_ever(*_):
    begun.set()
    threading.Event().wait()
begun = threading.Event()
"""

RUNS_ON = """
sensor = live()
sensor.when_person_arrives = for_ever
sensor.when_lost = print
sensor.presence.value
"""

ENDS = {
    "with threads running": RUNS_ON,
    "with a callback that is blocked for ever": RUNS_ON + "assert begun.wait(30)",
    "after a with": "with live() as sensor: sensor.when_lost = print",
    "while a thread waits": RUNS_ON
    + """
threading.Thread(target=live('empty_room', 1.0).wait_for_person, daemon=True).start()
time.sleep(0.1)
""",
    "while a thread iterates": RUNS_ON
    + """
threading.Thread(target=lambda: list(live('empty_room', 1.0)), daemon=True).start()
time.sleep(0.1)
""",
    "after a wait in a thread that is no daemon was ended by a with": """
def wait():
    try: sensor.wait_for_facing()
    except ClosedError: pass
with live('empty_room', 1.0) as sensor:
    thread = threading.Thread(target=wait); thread.start(); time.sleep(0.1)
""",
    "with many sensors": """
sensors = [live() for _ in range(10)]
for sensor in sensors: sensor.when_person_arrives = for_ever
assert begun.wait(30)
""",
    "with a sensor in a cycle": RUNS_ON + "sensor.when_found = lambda: sensor; del sensor",
    "with a sensor that a module keeps": RUNS_ON + "sys.modules['elsewhere'] = sensor; del sensor",
    "in virtual time": "sensor = live(speed=math.inf); sensor.when_lost = print; sensor.wait_for_person(5.0)",
    "with an awaited sensor that is open": """
async def main():
    sensor = await PersonSensorAsync.simulated(speed=20.0).open()
    await sensor.stream().__anext__()
    globals()["kept"] = sensor
asyncio.run(main())
""",
    "with gpiozero": """
from gpiozero import LED, Device
from gpiozero.pins.mock import MockFactory
Device.pin_factory = MockFactory()
sensor = live(); led = LED(17); led.source = sensor.facing; time.sleep(0.1)
""",
}


def ends(program: str, *options: str) -> subprocess.CompletedProcess[str]:
    """Runs it; it must end by itself."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MLSENSOR_")}
    return subprocess.run(
        [sys.executable, *options, "-c", BEGIN + textwrap.dedent(program)],
        capture_output=True,
        text=True,
        timeout=LONG,
        env=environment,
        check=False,
    )


@pytest.mark.parametrize("how", ENDS)
def test_a_program_ends(how: str) -> None:
    if "gpiozero" in how:
        pytest.importorskip("gpiozero")
    process = ends(ENDS[how])
    assert (process.returncode, process.stderr) == (0, "")


def test_a_program_ends_while_a_thread_asks_again_and_again() -> None:
    process = ends(
        """
        sensor = live()
        def ask():
            while True:
                sensor.read()
        threading.Thread(target=ask, daemon=True).start()
        time.sleep(0.1)
        """
    )
    # Who is in the middle of a transfer may be told that it was closed, as far as that is still printed.
    assert process.returncode == 0
    assert "Fatal" not in process.stderr


@pytest.mark.parametrize(
    ("program", "code", "said"),
    [
        ("raise ValueError('mine')", 1, "ValueError: mine"),
        ("sys.exit(3)", 3, ""),
        ("raise KeyboardInterrupt", -2, "KeyboardInterrupt"),
        ("threading.Timer(0.1, os.kill, (os.getpid(), 2)).start(); sensor.wait_for_end()", -2, "Interrupt"),
    ],
)
def test_a_program_that_fails_ends_with_its_own_code(program: str, code: int, said: str) -> None:
    process = ends(RUNS_ON + "assert begun.wait(30)\n" + program)
    assert process.returncode == code
    assert said in process.stderr
    assert "Fatal" not in process.stderr


def test_a_sensor_that_was_not_closed_is_named_in_development_mode() -> None:
    process = ends("live().when_lost = print\nimport gc; gc.collect()", "-X", "dev")
    assert process.returncode == 0
    assert "ResourceWarning: <PersonSensor on sim:crowd" in process.stderr


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
def test_in_the_child_of_a_fork_it_is_closed_and_in_the_parent_it_goes_on() -> None:
    process = ends(
        """
        import warnings
        warnings.simplefilter("ignore", DeprecationWarning)
        sensor = live()
        sensor.when_person_arrives = lambda: None
        assert sensor.wait_for_person(60)
        child = os.fork()
        if child == 0:
            assert sensor.is_closed
            assert sensor.presence.value is None
            for use in (sensor.read, sensor.wait_for_person, sensor.counters):
                try: use()
                except ClosedError as error: assert "forked" in str(error), error
                else: sys.exit("it should be closed")
            sensor.when_person_arrives = None
            sensor.close()
            with live() as own:
                assert own.wait_for_person(60)
            sys.exit(0)
        _, status = os.waitpid(child, 0)
        assert status == 0, status
        assert sensor.read() is not None
        assert sensor.wait_for_no_person(600) or sensor.wait_for_end(600)
        """
    )
    assert (process.returncode, process.stderr) == (0, "")


def test_from_nothing_to_a_live_count_it_takes_five_lines() -> None:
    process = ends(
        """
        with PersonSensor.simulated("walk_up", speed=math.inf) as sensor:
            for faces in sensor:
                print(faces.count, any(face.is_facing for face in faces))
        """
    )
    lines = process.stdout.splitlines()
    assert lines[0] == "0 False"
    assert "1 True" in lines
    assert len(lines) > 100
