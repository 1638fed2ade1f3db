"""Multiplexers, other parts, and the log of a bus."""

from __future__ import annotations

import pytest

from mlsensor import BusError, Config, ConfigError, Muxes, NotFoundError, PacketError, PersonSensor
from mlsensor.sim import Lookalike, LookalikeKind, Person, Recording, SimBus, SimSensor, Tca9548a

NOBODY = bytes.fromhex("0000 2100 00" + "00" * 32 + "2537")


def test_sensors_behind_a_multiplexer_are_there_when_it_connects_them() -> None:
    bus = SimBus()
    mux = Tca9548a(bus, 0x71)
    one, other = SimSensor(mux.segment(0)), SimSensor(mux.segment(7))
    assert one.bus is other.bus is bus
    one.scene = [Person(1.0)]
    bus.advance(1.0)
    with pytest.raises(BusError):
        bus.read(0x62, 39)
    bus.write(0x71, [1 << 7])
    assert mux.control == 1 << 7
    assert bus.read(0x62, 39) == other.result == NOBODY
    bus.write(0x71, b"\x01")
    assert bus.read(0x62, 39) == one.result != NOBODY
    mux.reset()
    with pytest.raises(BusError):
        bus.read(0x62, 39)
    mux.power_off()
    with pytest.raises(BusError):
        bus.write(0x71, b"\x01")
    mux.power_on()
    bus.write(0x71, b"\x01")
    assert bus.read(0x62, 39) == one.result


def test_a_write_of_a_multiplexer_goes_wrong_unseen() -> None:
    bus = SimBus()
    mux = Tca9548a(bus)
    assert mux.address == 0x70
    mux.spoil_write(0b11, nth=1)
    mux.spoil_write(0)
    for expected in (0, 0b0111, 0b0100):
        bus.write(0x70, [0b0100])
        assert mux.control == expected


def test_a_program_reads_several_sensors_behind_a_multiplexer() -> None:
    bus = SimBus()
    mux = Tca9548a(bus)
    sims = [SimSensor(mux.segment(channel)) for channel in (2, 5)]
    sims[1].scene = [Person(1.0)]
    bus.advance(1.0)
    muxes = Muxes(bus, [0x70])
    sensors = [PersonSensor(muxes.channel(0x70, channel)) for channel in (2, 5)]
    assert [sensor.read().count for sensor in sensors] == [0, 1]
    sensors[0].set_led(False)
    assert [sim.config for sim in sims] == [Config(led=False), Config()]
    for sensor in sensors:
        sensor.close()


@pytest.mark.parametrize("address", [0x6F, 0x78, -1, 2**70])
def test_what_is_no_address_of_a_multiplexer_is_refused(address: int) -> None:
    with pytest.raises(ConfigError, match="address"):
        Tca9548a(SimBus(), address)


@pytest.mark.parametrize("channel", [8, -1, 2**70])
def test_what_is_no_channel_is_refused(channel: int) -> None:
    with pytest.raises(ConfigError, match="channel"):
        Tca9548a(SimBus()).segment(channel)


def test_a_sensor_is_put_on_a_bus_or_behind_a_multiplexer_alone() -> None:
    with pytest.raises(TypeError, match="a SimBus or a segment of a Tca9548a is wanted, not str"):
        SimSensor("/dev/i2c-1")  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", LookalikeKind)
def test_a_program_never_writes_to_another_part(kind: LookalikeKind) -> None:
    part = Lookalike(kind)
    assert part.kind is kind
    assert len(part.bus.read(0x62, 39)) == 39
    with PersonSensor(part.bus, config=Config(led=False)) as sensor:
        with pytest.raises(PacketError):
            sensor.read()
        with pytest.raises(NotFoundError):
            sensor.probe()
        readings = iter(sensor)
        with pytest.raises(NotFoundError, match="something answers, but not as a Person Sensor"):
            next(readings)
    assert part.bytes_written == 0
    part.bus.write(0x62, b"\x01\x01")
    assert part.bytes_written == 2


def test_the_log_has_what_went_over_the_bus_and_a_recording_is_read_from_its_text() -> None:
    sim = SimSensor()
    sim.advance(1.0)
    sim.bus.start_log()
    sim.bus.write(0x62, b"\x01\x00")
    sim.bus.write_read(0x62, b"\x02\x01", 2)
    sim.bus.read(0x62, 39)
    with pytest.raises(BusError):
        sim.bus.read(0x55, 1)
    log = sim.bus.take_log()
    assert len(sim.bus.take_log()) == 0
    assert [(t.address, t.is_read, t.is_repeated_start, t.data, t.error) for t in log] == [
        (0x62, False, False, b"\x01\x00", None),
        (0x62, False, False, b"\x02\x01", None),
        (0x62, True, True, b"\x00\x00", None),
        (0x62, True, False, NOBODY, None),
        (0x55, True, False, b"", "nack-address"),
    ]
    first = log.transfers[0]
    assert first.at == 1.0
    assert str(first) == "1.000000 62 w 01 00 # mode = standby"
    text = str(log)
    assert text.splitlines()[0] == "# mlsensor recording 1"
    assert "nobody" in text
    assert Recording.parse(text) == log
    assert Recording.parse("") != log


def test_a_recording_that_is_none_is_refused_with_its_line() -> None:
    with pytest.raises(ConfigError, match="line 2: the address is no hexadecimal number below 80") as error:
        Recording.parse("0.1 62 r 00\n0.2 zz r 00")
    assert error.value.code == "MLSENSOR-RECORDING"
