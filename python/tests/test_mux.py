"""Do sensors behind multiplexers that a program drives give their own readings, or an error?"""

from __future__ import annotations

import math
import threading

import pytest

from mlsensor import Bounds, BusError, Channel, ConfigError, Face, Faces, Muxes, NotFoundError, PersonSensor
from mlsensor.sim import Lookalike, LookalikeKind, Person, SimBus, SimSensor, Tca9548a

SENSOR = 0x62


class Rig:
    """Two multiplexers and a sensor on each of these channels: the first sees a face, the next two, ..."""

    PLACES = ((0x70, 0), (0x70, 7), (0x71, 3))

    def __init__(self) -> None:
        self.bus = SimBus()
        self.muxes = {address: Tca9548a(self.bus, address) for address in (0x70, 0x71)}
        self.sensors: dict[tuple[int, int], SimSensor] = {}
        for number, (address, channel) in enumerate(self.PLACES, start=1):
            sensor = SimSensor(self.muxes[address].segment(channel))
            face = Face(Bounds(10 * number, 20, 200, 200), 50 + number)
            sensor.show_faces(Faces([face] * number))
            self.sensors[address, channel] = sensor
        self.bus.advance(1.0)

    def control(self) -> tuple[int, int]:
        return self.muxes[0x70].control, self.muxes[0x71].control


@pytest.fixture
def rig() -> Rig:
    return Rig()


def test_each_channel_gives_the_faces_of_its_own_sensor(rig: Rig) -> None:
    muxes = Muxes(rig.bus, (0x70, 0x71))
    assert muxes.is_in_doubt, "nobody knows what was connected before"
    sensors = [PersonSensor(muxes.channel(*place)) for place in rig.PLACES]
    for _ in range(3):
        assert [sensor.read().count for sensor in sensors] == [1, 2, 3]
        assert [sensor.read().largest for sensor in sensors] == [
            Face(Bounds(10 * number, 20, 200, 200), 50 + number) for number in (1, 2, 3)
        ]
    assert rig.control() == (0, 1 << 3)
    muxes.shut()
    assert (rig.control(), muxes.is_in_doubt) == ((0, 0), False)
    for sensor in sensors:
        sensor.close()


def test_sensors_behind_it_are_read_by_virtual_time_like_any(rig: Rig) -> None:
    muxes = Muxes(rig.bus, [0x70])
    simulated = rig.sensors[0x70, 0]
    with PersonSensor(muxes.channel(0x70, 0)) as sensor:
        simulated.scene = [Person(1.0, 0)]
        assert sensor.wait_for_facing(10)
        simulated.scene = []
        # Whoever lets time pass drives the readings: the sensor sees that nobody is there any more.
        rig.bus.advance(10)
        assert sensor.facing.value == 0


def test_a_channel_says_what_it_is(rig: Rig) -> None:
    channel = Muxes(rig.bus, [0x71]).channel(0x71, 5)
    assert isinstance(channel, Channel)
    assert (channel.address, channel.number) == (0x71, 5)
    assert channel.name == "channel 5 of 0x71 on a simulated bus of this program"
    assert repr(channel) == f"<mlsensor.Channel: {channel.name}>"
    assert channel.sim_bus is rig.bus


def test_a_channel_without_a_sensor_is_not_taken_for_an_empty_room(rig: Rig) -> None:
    muxes = Muxes(rig.bus)
    with PersonSensor(muxes.channel(0x70, 4)) as sensor:
        with pytest.raises(BusError) as silent:
            sensor.read()
        with pytest.raises(NotFoundError) as absent:
            sensor.probe()
    for error in (silent.value, absent.value):
        assert error.what == f"{muxes.channel(0x70, 4).name}: nothing acknowledged 0x62"
        assert (error.errno, error.code) == (121, "MLSENSOR-BUS")


def test_a_multiplexer_that_does_not_answer_is_told_from_a_sensor_that_does_not(rig: Rig) -> None:
    muxes = Muxes(rig.bus)
    channel = muxes.channel(0x70, 0)
    with PersonSensor(channel) as sensor:
        rig.muxes[0x70].power_off()
        with pytest.raises(BusError) as silent:
            sensor.read()
        assert (silent.value.code, muxes.is_in_doubt) == ("MLSENSOR-MUX", True)
        assert "the multiplexer cannot be shut: nothing acknowledged 0x70" in silent.value.what
        rig.muxes[0x70].power_on()
        assert sensor.read().count == 1


def test_what_may_be_of_another_channel_is_an_error(rig: Rig) -> None:
    muxes = Muxes(rig.bus)
    with PersonSensor(muxes.channel(0x70, 7)) as sensor:
        assert sensor.read().count == 2
        # The second write from now selects: its bits arrive as those of channel 0.
        rig.muxes[0x70].spoil_write(0b1000_0001, nth=1)
        with pytest.raises(BusError, match="holds 0x01 and not 0x80") as mixed:
            sensor.read()
        assert (mixed.value.code, mixed.value.errno) == ("MLSENSOR-MUX", None)
        assert sensor.read().count == 2


def test_what_answers_in_front_of_the_multiplexers_is_found(rig: Rig) -> None:
    muxes = Muxes(rig.bus, [0x70, 0x71])
    assert muxes.is_free_in_front()
    assert muxes.is_free_in_front(0x29)
    Lookalike(LookalikeKind.OTHER_PART, rig.bus)
    assert not muxes.is_free_in_front(SENSOR)
    with pytest.raises(ConfigError, match="0x71 is a multiplexer"):
        muxes.is_free_in_front(0x71)


def test_addresses_and_channels_are_looked_at_before_anything_is_sent(rig: Rig) -> None:
    for addresses in ([0x6F], [0x78], [0x170], [-1], (0x70, 0x62)):
        with pytest.raises(ConfigError) as refused:
            Muxes(rig.bus, addresses)
        assert "0x70 to 0x77" in refused.value.likely
    muxes = Muxes(rig.bus, [0x70, 0x70])
    for address, channel in ((0x71, 0), (0x70, 8), (0x70, -1), (0x70, 2**70)):
        with pytest.raises(ConfigError):
            muxes.channel(address, channel)
    for bus in ("walkup", "", -1, 2**40):
        with pytest.raises(ConfigError):
            Muxes(bus)
    for nonsense in (None, 1.5, [1]):
        with pytest.raises(TypeError):
            Muxes(nonsense)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        Muxes(rig.bus, 0x70)  # type: ignore[arg-type]


def test_a_scene_that_comes_with_the_package_has_no_multiplexer() -> None:
    muxes = Muxes("sim:walk_up")
    with pytest.raises(BusError) as silent:
        muxes.shut()
    assert silent.value.what == "sim:walk_up: the multiplexer cannot be shut: nothing acknowledged 0x70"


def test_many_threads_read_their_own_sensors(rig: Rig) -> None:
    muxes = Muxes(rig.bus, [0x70, 0x71])
    wrong: list[Faces] = []

    def read(number: int, channel: Channel) -> None:
        with PersonSensor(channel) as sensor:
            wrong.extend(faces for faces in (sensor.read() for _ in range(50)) if faces.count != number)

    threads = [
        threading.Thread(target=read, args=(number, muxes.channel(*place)))
        for number, place in enumerate(rig.PLACES * 3)
        for number in [number % 3 + 1]
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert math.isfinite(rig.bus.now)
