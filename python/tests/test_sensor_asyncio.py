"""The awaited sensor: in virtual time, and with a thread that reads."""

# A test looks behind the curtain.
# pyright: reportPrivateUsage=false

from __future__ import annotations

import asyncio
import gc
import math
import threading
from collections.abc import Awaitable, Iterator
from typing import Any, Callable, TypeVar

import pytest

from mlsensor import (
    BusError,
    ClosedError,
    Config,
    NotFoundError,
    PacketError,
    PersonSensor,
    PersonSensorAsync,
    State,
)
from mlsensor.sim import Person, SimSensor

T = TypeVar("T")

FACING = Person(0.7, 0.0)
LONG = 30.0


def run(main: Callable[[], Awaitable[T]]) -> T:
    """Runs it in asyncio's debug mode; a task or a callback that it leaves behind fails the test."""
    complaints: list[dict[str, Any]] = []

    async def watched() -> T:
        asyncio.get_running_loop().set_exception_handler(lambda _, context: complaints.append(context))
        result = await main()
        assert asyncio.all_tasks() == {asyncio.current_task()}
        return result

    result = asyncio.run(watched(), debug=True)
    gc.collect()
    assert complaints == []
    return result


@pytest.fixture
def sim() -> SimSensor:
    sim = SimSensor(seed=5)
    sim.scene = [FACING]
    return sim


@pytest.fixture(autouse=True)
def _no_thread_is_left() -> Iterator[None]:
    yield
    assert [thread.name for thread in threading.enumerate() if thread.name.startswith("mlsensor")] == []


def live() -> PersonSensorAsync:
    """Its time passes by itself, so it takes threads."""
    return PersonSensorAsync.simulated("crowd", speed=20.0)


def test_a_stream_gives_each_inference_once_and_ends_with_the_scene() -> None:
    async def main() -> int:
        async with PersonSensorAsync.simulated("walk_up", speed=math.inf) as sensor:
            count = 0
            async for _faces in sensor.stream():
                count += 1
            assert await sensor.wait_for_end()
        return count

    async def by_hand() -> int:
        async with PersonSensor.simulated("walk_up", speed=math.inf) as sensor:
            return len([faces async for faces in sensor])

    count = run(main)
    with PersonSensor.simulated("walk_up", speed=math.inf) as sensor:
        assert count == len(list(sensor))
    assert run(by_hand) == count


def test_a_stream_with_threads_goes_on_while_the_program_does_something_else() -> None:
    async def main() -> None:
        async with live() as sensor:
            stream = sensor.stream()
            for _ in range(5):
                await stream.__anext__()
            await asyncio.sleep(0.05)
            assert (await stream.__anext__()).count >= 0
            assert sensor.state is State.LIVE
            assert (await sensor.updates().__anext__()).at > 0

    run(main)


def test_a_lost_sensor_raises_in_the_stream_which_goes_on(sim: SimSensor) -> None:
    async def main() -> None:
        async with PersonSensorAsync(sim) as sensor:
            stream = sensor.stream()
            await stream.__anext__()
            sim.power_off()
            with pytest.raises(BusError):
                await _forever(stream)
            sim.power_on()
            while True:
                try:
                    assert (await stream.__anext__()).count <= 1
                    break
                except BusError:
                    assert sim.now < 60

    run(main)


def test_waits_give_what_the_blocking_ones_give(sim: SimSensor) -> None:
    async def main() -> None:
        async with PersonSensorAsync(sim) as sensor:
            assert await sensor.wait_for_person(10.0)
            assert await sensor.wait_for_facing(10.0)
            assert (sensor.facing.value, sensor.presence.value, sensor.face_count.value) == (1, 1, 1)
            assert not await sensor.wait_for_no_person(1.0)
            sim.scene = []
            assert await sensor.wait_for_not_facing(10.0)
            assert await sensor.wait_for_no_person(10.0)
            before = sim.now
            assert not await sensor.wait_for_facing(2.0)
            assert sim.now == pytest.approx(before + 2.0, abs=0.01)
            assert not await sensor.face_count.wait_for_active(0)

    run(main)


def test_waits_with_threads_end_in_time_and_with_what_is_waited_for() -> None:
    async def main() -> None:
        async with PersonSensorAsync.simulated("walk_up", speed=20.0) as sensor:
            assert not await sensor.wait_for_facing(0.5)
            assert await sensor.wait_for_facing(LONG)
            assert await sensor.wait_for_not_facing(LONG)
            assert await sensor.wait_for_end(LONG * 20)

    run(main)


def test_every_request_is_awaited(sim: SimSensor) -> None:
    async def main() -> None:
        async with PersonSensorAsync(sim) as sensor:
            assert await sensor.wait_for_person(5.0)
            assert (await sensor.read()).count == 1
            assert len(await sensor.read_packet()) == 39
            # The simulator's sensor starts anew with each transfer.
            with pytest.raises(PacketError):
                await sensor.read_split()
            assert (await sensor.probe()).count == 1
            await sensor.configure(Config(led=False))
            assert not sim.led
            await sensor.set_led(True)
            assert sensor.counters()["reads"] > 4
            enrolled = await sensor.enroll(2)
            assert enrolled.id == 2
            assert sim.labelled(2) is not None
            assert (await sensor.erase_and_verify()).is_verified
            assert sim.labelled(2) is None

    run(main)


def test_requests_with_threads() -> None:
    async def main() -> None:
        async with live() as sensor:
            readings = await asyncio.gather(*(sensor.read() for _ in range(10)))
            assert all(0 <= faces.count <= 4 for faces in readings)

    run(main)


@pytest.mark.parametrize("is_live", [False, True])
def test_whatever_is_cancelled_leaves_the_sensor_usable(is_live: bool, sim: SimSensor) -> None:
    sim.scene = []

    async def main() -> None:
        sensor = PersonSensorAsync.simulated("empty_room", speed=1.0) if is_live else PersonSensorAsync(sim)
        async with sensor:
            waits: list[Callable[[], Awaitable[object]]] = [
                sensor.wait_for_facing,
                sensor.wait_for_person,
                lambda: sensor.wait_for_facing(1e6),
                lambda: sensor.facing.wait_for_active(),
                sensor.wait_for_end,
                lambda: sensor.enroll(1, guide_timeout=1e4),
                lambda: _forever(sensor.stream()),
                lambda: _forever(sensor.updates()),
                lambda: _again(sensor.read),
            ]
            for wait in waits:
                for turns in (0, 1, 2, 30):
                    task = asyncio.ensure_future(wait())
                    for _ in range(turns):
                        await asyncio.sleep(0)
                    task.cancel()
                    with pytest.raises(asyncio.CancelledError):
                        await task
                    assert asyncio.all_tasks() == {asyncio.current_task()}
                    assert sensor._here()._reader._wakers == []
                with pytest.raises(asyncio.TimeoutError):
                    await asyncio.wait_for(wait(), 0.01)
                assert (await sensor.stream().__anext__()).count == 0

    run(main)


async def _forever(readings: Any) -> None:
    async for _ in readings:
        pass


async def _again(read: Callable[[], Awaitable[object]]) -> None:
    while True:
        await read()


def test_opening_that_is_cancelled_leaves_it_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    begun, go_on = threading.Event(), threading.Event()
    opened: list[PersonSensor] = []

    def slow() -> PersonSensor:
        begun.set()
        assert go_on.wait(LONG)
        opened.append(PersonSensor.simulated(speed=20.0))
        return opened[0]

    async def main() -> None:
        sensor = PersonSensorAsync()
        sensor._opening = slow
        task = asyncio.ensure_future(sensor.open())
        while not begun.is_set():
            await asyncio.sleep(0.001)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        go_on.set()
        assert sensor.is_closed
        with pytest.raises(ClosedError):
            await sensor.read()
        with pytest.raises(ClosedError):
            await sensor.open()

    run(main)
    # The loop's end waits for its threads.
    assert opened[0].is_closed


def test_closing_ends_what_others_await() -> None:
    async def main() -> None:
        for sensor in (live(), PersonSensorAsync.simulated("empty_room", speed=1.0)):
            await sensor.open()
            wait = asyncio.ensure_future(sensor.wait_for_end())
            stream = asyncio.ensure_future(_forever(sensor.stream()))
            await asyncio.sleep(0.01)
            await sensor.close()
            await sensor.close()
            with pytest.raises(ClosedError):
                await wait
            await stream
            assert sensor.is_closed
            with pytest.raises(ClosedError):
                sensor.stream()

    run(main)


def test_an_error_in_the_body_closes_it_and_goes_through(sim: SimSensor) -> None:
    async def main() -> None:
        sensor = PersonSensorAsync(sim)
        with pytest.raises(ZeroDivisionError):
            async with sensor:
                raise ZeroDivisionError
        assert sensor.is_closed

    run(main)


def test_a_sensor_that_cannot_be_opened_says_why() -> None:
    async def main() -> None:
        sensor = PersonSensorAsync("/dev/i2c-no-such-bus")
        assert "not open" in repr(sensor)
        with pytest.raises(ClosedError, match="not open"):
            _ = sensor.facing
        with pytest.raises(NotFoundError):
            await sensor.open()

    run(main)


def test_two_loops_in_two_threads_share_a_sensor() -> None:
    sensor = live()
    run(sensor.open)
    counts: list[int] = []

    async def read() -> None:
        stream = sensor.stream()
        for _ in range(10):
            await stream.__anext__()
        counts.append(10)

    threads = [threading.Thread(target=run, args=(read,)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(LONG)
    assert counts == [10, 10]
    run(sensor.close)


def test_a_loop_that_is_closed_with_a_wait_in_it_harms_nobody() -> None:
    sensor = live()
    run(sensor.open)
    loop = asyncio.new_event_loop()
    wait = loop.create_task(sensor.wait_for_end())
    loop.run_until_complete(asyncio.sleep(0.01))
    loop.close()
    assert run(lambda: sensor.stream().__anext__()).count >= 0
    run(sensor.close)
    wait._log_destroy_pending = False  # type: ignore[attr-defined]


def test_two_tasks_share_virtual_time(sim: SimSensor) -> None:
    async def main() -> None:
        async with PersonSensorAsync(sim) as sensor:
            first, second = sensor.stream(), sensor.stream()

            async def take(stream: Any) -> list[int]:
                return [(await stream.__anext__()).count for _ in range(20)]

            counts = await asyncio.gather(take(first), take(second), sensor.wait_for_facing(10.0))
            assert len(counts[0]) == len(counts[1]) == 20
            assert counts[2]

    run(main)


def test_gpiozero_can_be_driven_by_it(sim: SimSensor) -> None:
    async def main() -> None:
        async with PersonSensorAsync(sim) as sensor:
            values = iter(sensor.facing)
            assert next(values) == 0
            assert await sensor.wait_for_facing(10.0)
            assert next(values) == 1
            sensor.facing.fallback = 1
        assert list(values) == [1]

    run(main)
