"""Does the presence pin of a program of Python follow a line of the kernel's GPIO, sync and in asyncio?"""

from __future__ import annotations

from typing import Any

import pytest
from linux_machine import SCENES, assert_four_parts, on_machine, output, python

ROUTES = ["seccomp", "preload"]
COMING_AND_GOING = ["--scenario", SCENES + "come_and_go.toml", "--speed", "10"]
"""Somebody comes and goes, again and again."""

WAITING = """
import asyncio, os, signal, threading

def in_thread(results, function, *arguments):
    def run():
        try:
            results.append(function(*arguments))
        except SensorError as error:
            results.append(type(error).__name__)
    thread = threading.Thread(target=run)
    thread.start()
    return thread

def readers(loop):
    # What the loop watches besides its own pipe.
    return len(loop._selector.get_map()) - 1

async def watched(pin):
    while not pin._watching:
        await asyncio.sleep(0)
"""


@pytest.mark.parametrize("route", ROUTES)
def test_who_comes_and_goes_is_waited_for(route: str) -> None:
    program = """
        with PresencePin("GPIO17") as pin:
            came = pin.wait_for_presence()
            went = pin.wait_for_absence()
            print(json.dumps([came, went, pin.wait_for_presence(60), repr(pin)]))
    """
    found = on_machine(program, *COMING_AND_GOING, "--route", route)
    assert found == [True, True, True, "<mlsensor.PresencePin on GPIO17>"]


def test_a_wait_says_no_when_its_time_is_over_and_yes_at_once_if_it_is_so() -> None:
    program = """
        with PresencePin("GPIO17") as pin:
            assert (pin.is_present, pin.is_active, pin.value) == (False, False, 0)
            waits = [pin.wait_for_presence(0.05), pin.wait_for_presence(0), pin.wait_for_absence(0)]
            print(json.dumps(waits))
    """
    assert on_machine(program, "--scenario", "empty_room") == [False, False, True]


def test_everybody_who_waits_is_told_in_threads_and_in_loops() -> None:
    program = (
        WAITING
        + """
async def several():
    async with PresencePinAsync("GPIO27") as pin:
        return await asyncio.gather(*[pin.wait_for_presence(60) for _ in range(3)])

results = []
with PresencePin("GPIO17") as pin:
    threads = [in_thread(results, pin.wait_for_presence, 60) for _ in range(4)]
    awaited = asyncio.run(several())
    for thread in threads:
        thread.join()
print(json.dumps([results, awaited]))
"""
    )
    other = f"2=sim:{SCENES}come_and_go.toml@27"
    assert on_machine(program, *COMING_AND_GOING, "--with", other) == [[True] * 4, [True] * 3]


def test_ctrl_c_ends_a_wait() -> None:
    program = (
        WAITING
        + """
signal.signal(signal.SIGINT, signal.default_int_handler)
with PresencePin("GPIO17") as pin:
    threading.Timer(0.1, os.kill, (os.getpid(), signal.SIGINT)).start()
    try:
        print(json.dumps(pin.wait_for_presence()))
    except KeyboardInterrupt:
        print(json.dumps([pin.is_present, "interrupted"]))
"""
    )
    assert on_machine(program, "--scenario", "empty_room") == [False, "interrupted"]


def test_a_handler_of_a_signal_runs_in_the_middle_of_a_wait_which_goes_on() -> None:
    program = (
        WAITING
        + """
heard = []
signal.signal(signal.SIGUSR1, lambda *_: heard.append(pin.is_present))
with PresencePin("GPIO17") as pin:
    threading.Timer(0.1, os.kill, (os.getpid(), signal.SIGUSR1)).start()
    print(json.dumps([pin.wait_for_presence(0.5), heard]))
"""
    )
    assert on_machine(program, "--scenario", "empty_room") == [False, [False]]


def test_a_handler_may_close_the_pin_that_is_waited_for() -> None:
    program = (
        WAITING
        + """
pin = PresencePin("GPIO17")
signal.signal(signal.SIGUSR1, lambda *_: pin.close())
threading.Timer(0.1, os.kill, (os.getpid(), signal.SIGUSR1)).start()
print(json.dumps([raised(pin.wait_for_presence)["type"], raised(lambda: pin.value)["code"]]))
"""
    )
    assert on_machine(program, "--scenario", "empty_room") == ["ClosedError", "MLSENSOR-CLOSED"]


def test_closing_ends_every_wait_and_gives_the_line_back() -> None:
    program = (
        WAITING
        + """
async def main():
    pin = PresencePinAsync("GPIO17")
    task = asyncio.create_task(pin.wait_for_presence())
    await watched(pin)
    pin.close()
    try:
        await task
    except ClosedError:
        return readers(asyncio.get_running_loop())

results = []
pin = PresencePin("GPIO17")
threads = [in_thread(results, pin.wait_for_presence) for _ in range(3)]
while len(pin._line._waiters) < 3:
    pass
pin.close()
pin.close()
for thread in threads:
    thread.join()
with PresencePin("GPIO17") as again:
    results.append(again.value)
results.append(asyncio.run(main()))
PresencePin("GPIO17").close()
print(json.dumps([results, pin.is_closed, repr(pin), raised(pin.fileno)["type"]]))
"""
    )
    found = on_machine(program, "--scenario", "empty_room")
    closed = "<mlsensor.PresencePin on GPIO17, closed>"
    assert found == [["ClosedError"] * 3 + [0, 0], True, closed, "ClosedError"]


def test_a_wait_that_is_cancelled_leaves_nothing_behind_and_the_others_go_on() -> None:
    program = (
        WAITING
        + """
async def main():
    loop = asyncio.get_running_loop()
    found = [readers(loop)]
    async with PresencePinAsync("GPIO17") as pin:
        tasks = [asyncio.create_task(pin.wait_for_presence(60)) for _ in range(2)]
        await watched(pin)
        found.append(readers(loop))
        tasks[0].cancel()
        found.append(await asyncio.gather(tasks[0], return_exceptions=True) != [])
        found.append([tasks[0].cancelled(), readers(loop), await tasks[1]])
        found.append([readers(loop), pin._watching == {}, pin._line._waiters == []])
    return found

print(json.dumps(asyncio.run(main(), debug=True)))
"""
    )
    assert on_machine(program, *COMING_AND_GOING) == [
        0,
        1,
        True,
        [True, 1, True],
        [0, True, True],
    ]


def test_a_program_may_watch_the_line_in_a_loop_of_its_own() -> None:
    program = """
        import select
        with PresencePin("GPIO17") as pin:
            poll = select.poll()
            poll.register(pin.fileno(), select.POLLIN)
            print(json.dumps([bool(poll.poll(60_000)), pin.wait_for_presence(60)]))
    """
    assert on_machine(program, *COMING_AND_GOING) == [True, True]


def test_a_line_is_found_by_the_label_of_its_chip_as_well() -> None:
    program = """
        with PresencePin("pinctrl-rp1:5", pull=Pull.DOWN) as pin:
            print(json.dumps([pin.wait_for_presence(60), raised(PresencePin, "GPIO17")["type"]]))
    """
    options = ["--pin", "5", "--pin-name", "TP1", "--chip", "pinctrl-rp1", *COMING_AND_GOING]
    assert on_machine(program, *options) == [True, None]


def assert_gpio(error: dict[str, Any], kind: str, errno: Any) -> None:
    assert (error["type"], error["errno"], error["code"]) == (kind, errno, "MLSENSOR-GPIO")
    assert_four_parts(error)


def test_a_line_that_cannot_be_had_is_told() -> None:
    program = """
        pin = PresencePin("GPIO17")
        lines = ["GPIO17", "GPIO99", "pinctrl-bcm2711:99", "other:1", "17", "gpiochip0:17", ""]
        print(json.dumps([raised(PresencePin, line) for line in lines]))
        pin.close()
    """
    busy, unnamed, too_far, no_chip, *none = on_machine(program)
    assert_gpio(busy, "BusError", 16)
    assert busy["what"] == "the GPIO line GPIO17 is in use, by mlsensor"
    for error in (unnamed, too_far, no_chip):
        assert_gpio(error, "NotFoundError", None)
    for error in none:
        assert_gpio(error, "ConfigError", None)
    assert none[0]["likely"].startswith("GPIO17 was meant")


def test_a_computer_without_gpio_says_so() -> None:
    found = output(python("print(json.dumps(raised(PresencePin, 'a line that no computer has')))"))
    assert_gpio(found, "NotFoundError", None)


def test_pulls_are_members_of_their_enumeration() -> None:
    program = """
        found = []
        for pull in Pull:
            with PresencePin("GPIO17", pull=pull) as pin:
                found.append(pin.value)
        try:
            PresencePin("GPIO17", pull="up")
        except TypeError as error:
            print(json.dumps([found, str(error)]))
    """
    found, error = on_machine(program, "--scenario", "empty_room")
    assert found == [0, 0, 0, 0]
    assert error == "a member of mlsensor.Pull is wanted, not str"
