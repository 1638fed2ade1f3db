"""Does each fault reach a program through the bus, with the effect that its text promises?"""

from __future__ import annotations

import copy
import pickle
from itertools import product

import pytest

from mlsensor import BusError, Config, ConfigError, Mode, NotFoundError, PacketError, PersonSensor
from mlsensor.sim import Fault, FaultKind, LookalikeKind, Person, SimBus, SimSensor

ADDRESS = 0x62
NOBODY = bytes.fromhex("0000 2100 00" + "00" * 32 + "2537")

FAULTS = [
    Fault.nack(),
    Fault.nack_data(),
    Fault.arbitration_loss(),
    Fault.bus_error(),
    Fault.stretch_timeout(),
    Fault.all_ones(),
    Fault.all_zero(),
    Fault.bit_flips(2),
    Fault.burst(7),
    Fault.tail(12),
    Fault.slip(),
    Fault.torn(5),
    Fault.frozen(3),
    Fault.gone(4),
    Fault.reset(),
    Fault.face_count(5),
    Fault.lookalike(LookalikeKind.CO2_SENSOR),
]


def seeing() -> SimSensor:
    """A sensor that has somebody in front of it, and a result of it."""
    sim = SimSensor()
    sim.scene = [Person(0.8, -10)]
    sim.advance(1.0)
    assert sim.result[4] == 1
    return sim


def read(sim: SimSensor) -> bytes:
    return sim.bus.read(ADDRESS, 39)


def bits(data: bytes) -> str:
    """In the order of the wire."""
    return "".join(f"{byte:08b}" for byte in data)


def wrong_bits(one: bytes, other: bytes) -> list[int]:
    return [at for at, (a, b) in enumerate(zip(bits(one), bits(other))) if a != b]


def checksum(data: bytes) -> bytes:
    register = 0xFFFF
    for byte in data:
        register ^= byte
        for _ in range(8):
            register = register >> 1 ^ (0x8408 if register & 1 else 0)
    return register.to_bytes(2, "little")


def test_the_faults_here_are_of_every_kind_in_the_order_of_the_kinds() -> None:
    assert [fault.kind for fault in FAULTS] == list(FaultKind)


@pytest.mark.parametrize(
    "fault",
    [Fault.nack(), Fault.nack_data(), Fault.arbitration_loss(), Fault.bus_error(), Fault.stretch_timeout()],
)
def test_a_transfer_that_fails_is_an_error_once_and_never_nobody(fault: Fault) -> None:
    sim = seeing()
    sim.bus.start_log()
    sim.inject(fault)
    with pytest.raises(BusError, match="injected") as error:
        read(sim)
    assert not isinstance(error.value, NotFoundError)
    assert error.value.code == "MLSENSOR-BUS"
    assert len(sim.bus.take_log()) == 0, "the sensor sees nothing of it"
    assert read(sim) == sim.result


def test_the_second_byte_of_a_write_is_not_acknowledged_and_the_register_stays() -> None:
    sim = seeing()
    sim.bus.start_log()
    sim.inject(Fault.nack_data())
    with pytest.raises(BusError):
        sim.bus.write(ADDRESS, b"\x07\x00")
    assert [transfer.data for transfer in sim.bus.take_log()] == [b"\x07"]
    assert sim.config == Config()
    sim.bus.write(ADDRESS, b"\x07\x00")
    assert sim.config == Config(led=False)


def test_nothing_drives_the_bus_or_the_data_line_is_held_low() -> None:
    sim = seeing()
    sim.inject(Fault.all_ones(), Fault.all_zero())
    assert read(sim) == b"\xff" * 39
    assert read(sim) == b"\x00" * 39
    assert read(sim) == sim.result


@pytest.mark.parametrize("count", [1, 2, 3])
def test_so_many_bits_are_flipped(count: int) -> None:
    sim = seeing()
    sim.inject(*[Fault.bit_flips(count)] * 20)
    found = [wrong_bits(read(sim), sim.result) for _ in range(20)]
    assert {len(places) for places in found} == {count}
    assert len({tuple(places) for places in found}) > 10, "anywhere"


@pytest.mark.parametrize("length", [1, 2, 9, 16])
def test_a_burst_begins_and_ends_with_a_wrong_bit(length: int) -> None:
    sim = seeing()
    sim.inject(*[Fault.burst(length)] * 20)
    for _ in range(20):
        places = wrong_bits(read(sim), sim.result)
        assert places[-1] - places[0] + 1 == length


@pytest.mark.parametrize("first", [0, 1, 20, 38])
def test_a_tail_is_all_ones_from_its_first_byte_on(first: int) -> None:
    sim = seeing()
    sim.inject(Fault.tail(first))
    assert read(sim) == sim.result[:first] + b"\xff" * (39 - first)


def test_a_slip_reads_every_bit_one_place_early() -> None:
    sim = seeing()
    sim.inject(Fault.slip())
    assert bits(read(sim)) == bits(sim.result)[1:] + "1"


@pytest.mark.parametrize("until", [1, 6, 38])
def test_a_torn_packet_begins_with_the_read_before(until: int) -> None:
    sim = seeing()
    before = read(sim)
    sim.scene = []
    sim.advance(1.0)
    sim.inject(Fault.torn(until))
    assert read(sim) == before[:until] + NOBODY[until:]
    assert read(sim) == NOBODY


def test_a_frozen_sensor_gives_the_read_before_so_many_times() -> None:
    sim = seeing()
    before = read(sim)
    sim.scene = []
    sim.advance(1.0)
    sim.inject(Fault.frozen(3))
    assert [read(sim) for _ in range(4)] == [before, before, before, NOBODY]


def test_a_sensor_that_is_gone_comes_back_after_so_many_transactions() -> None:
    sim = seeing()
    sim.inject(Fault.gone(3))
    for _ in range(3):
        with pytest.raises(BusError):
            sim.bus.write(ADDRESS, b"\x07\x00")
    sim.bus.write(ADDRESS, b"\x07\x00")
    assert sim.config == Config(led=False)


def test_a_reset_brings_the_settings_back_that_it_powers_on_with() -> None:
    sim = seeing()
    sim.bus.write(ADDRESS, b"\x07\x00")
    sim.bus.write(ADDRESS, b"\x02\x01")
    read(sim)
    assert sim.config == Config(led=False, id_enabled=True)
    sim.inject(Fault.reset())
    assert read(sim)[:4] == b"\x00\x00\x21\x00"
    assert sim.config == Config()


@pytest.mark.parametrize(
    ("fault", "place", "found"),
    [
        (Fault.face_count(5), 4, b"\x05"),
        (Fault.face_count(255), 4, b"\xff"),
        (Fault.data_length(29), 2, b"\x1d\x00"),
        (Fault.data_length(0x1234), 2, b"\x34\x12"),
        (Fault.confidence(101), 5, b"\x65"),
        (Fault.is_facing(2), 12, b"\x02"),
    ],
)
def test_content_that_makes_no_sense_has_a_checksum_that_is_right(
    fault: Fault, place: int, found: bytes
) -> None:
    sim = seeing()
    sim.inject(fault)
    packet = read(sim)
    assert packet[place : place + len(found)] == found
    assert packet[:place] == sim.result[:place]
    assert packet[37:] == checksum(packet[:37])
    assert fault.kind is FaultKind.NONSENSE


def test_edges_are_the_wrong_way_round_under_a_checksum_that_is_right() -> None:
    sim = seeing()
    for fault, low in [(Fault.left_right(), 6), (Fault.top_bottom(), 7)]:
        sim.inject(fault)
        packet = read(sim)
        assert packet[low] > packet[low + 2]
        assert packet[37:] == checksum(packet[:37])


@pytest.mark.parametrize("kind", LookalikeKind)
def test_something_else_answers_one_read(kind: LookalikeKind) -> None:
    sim = seeing()
    sim.inject(Fault.lookalike(kind))
    packet = read(sim)
    assert packet != sim.result
    assert packet[37:] != checksum(packet[:37])
    assert (packet == b"\xff" * 39) is (kind is LookalikeKind.ANSWERS_ALL)
    assert (packet[2:4] == b"\x1d\x00") is (kind is LookalikeKind.HAND_FIRMWARE)
    assert read(sim) == sim.result


def test_a_fault_of_what_is_read_waits_for_a_read_and_those_behind_it_wait() -> None:
    sim = seeing()
    sim.inject(Fault.all_ones(), Fault.nack())
    sim.bus.write(ADDRESS, b"\x07\x00")
    assert sim.latest_fault is None
    assert read(sim) == b"\xff" * 39
    assert sim.latest_fault == Fault.all_ones()
    with pytest.raises(BusError):
        sim.bus.write(ADDRESS, b"\x07\x01")


def test_the_handles_of_the_test_are_not_befallen() -> None:
    sim = seeing()
    sim.set_fault_rate(FaultKind.GONE, 1_000_000)
    sim.power_off()
    sim.power_on()
    sim.advance(5.0)
    assert sim.presence
    assert sim.fault_counts().transactions == 0


def test_rates_are_of_a_million_and_counted() -> None:
    sim = seeing()
    sim.set_fault_rate(FaultKind.ALL_ONES, 1_000_000)
    assert {read(sim) for _ in range(10)} == {b"\xff" * 39}
    sim.set_fault_rate(FaultKind.ALL_ONES, 0)
    assert {read(sim) for _ in range(10)} == {sim.result}
    sim.set_fault_rate(FaultKind.ALL_ZERO, 300_000)
    assert 20 <= sum(read(sim) == b"\x00" * 39 for _ in range(100)) <= 40
    counts = sim.fault_counts()
    zeros = counts.of(FaultKind.ALL_ZERO)
    assert counts.by_kind == {FaultKind.ALL_ONES: 10, FaultKind.ALL_ZERO: zeros}
    assert (counts.transactions, counts.without_effect) == (120, 0)
    assert counts.untouched == 110 - zeros
    assert counts.of(FaultKind.SLIP) == 0


def test_the_same_seed_gives_the_same_faults_and_another_seed_others() -> None:
    def story(seed: int) -> list[bytes]:
        bus = SimBus(fault_seed=seed)
        sim = SimSensor(bus)
        sim.advance(1.0)
        bus.set_fault_rate(FaultKind.BIT_FLIPS, 500_000)
        return [bus.read(ADDRESS, 39) for _ in range(30)]

    assert story(7) == story(7)
    assert story(7) != story(8)


def test_faults_pause_and_go_on() -> None:
    sim = seeing()
    sim.inject(Fault.all_ones())
    sim.bus.pause_faults()
    assert read(sim) == sim.result
    sim.bus.resume_faults()
    assert read(sim) == b"\xff" * 39


def test_what_is_no_fault_is_refused_and_those_before_it_do_not_happen() -> None:
    sim = seeing()
    with pytest.raises(TypeError):
        sim.inject(Fault.nack(), "nack")  # type: ignore[arg-type]
    assert read(sim) == sim.result


@pytest.mark.parametrize(
    ("make", "wrong"),
    [
        *product([Fault.bit_flips], [0, 4, -1, 300, 2**70]),
        *product([Fault.burst], [0, 17]),
        *product([Fault.tail], [39, -1]),
        *product([Fault.torn], [0, 39]),
        *product([Fault.frozen, Fault.gone], [0, 256]),
        *product([Fault.face_count], [4, 256]),
        *product([Fault.data_length], [33, -1, 65536]),
        *product([Fault.confidence], [100]),
        *product([Fault.is_facing], [0, 1]),
    ],
)
def test_a_parameter_out_of_its_range_is_refused(make: object, wrong: int) -> None:
    assert callable(make)
    with pytest.raises(ConfigError) as error:
        make(wrong)
    assert error.value.code == "MLSENSOR-CONFIG"


@pytest.mark.parametrize("wrong", [-1, 1_000_001, 2**70])
def test_a_rate_is_of_a_million(wrong: int) -> None:
    with pytest.raises(ConfigError):
        SimSensor().set_fault_rate(FaultKind.SLIP, wrong)


@pytest.mark.parametrize("fault", FAULTS, ids=repr)
def test_a_fault_is_a_value(fault: Fault) -> None:
    names = {"Fault": Fault, "LookalikeKind": LookalikeKind}
    assert eval(repr(fault), names) == fault
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        assert pickle.loads(pickle.dumps(fault, protocol)) == fault
    assert copy.deepcopy(fault) == fault
    assert [other for other in FAULTS if other == fault] == [fault]
    assert len({*FAULTS, fault}) == len(FAULTS)


def test_a_program_hears_of_a_fault_and_nobody_is_never_made_of_it() -> None:
    sim = seeing()
    with PersonSensor(bus=sim) as sensor:
        assert sensor.read().count == 1
        sim.inject(Fault.nack(), Fault.all_ones(), Fault.confidence(200))
        with pytest.raises(BusError):
            sensor.read()
        with pytest.raises(PacketError):
            sensor.read()
        with pytest.raises(PacketError) as error:
            sensor.read()
        assert (error.value.place, error.value.value) == (5, 200)
        assert sensor.read().count == 1


def test_a_program_sets_its_sensor_again_after_a_reset() -> None:
    sim = seeing()
    with PersonSensor(bus=sim, config=Config(id_enabled=True, led=False)) as sensor:
        assert next(iter(sensor)).count == 1
        assert sim.config == Config(id_enabled=True, led=False)
        sim.power_off()
        sim.power_on()
        assert sim.config == Config(mode=Mode.CONTINUOUS)
        sim.advance(5.0)
        assert next(iter(sensor)).count == 1
        assert sim.config == Config(id_enabled=True, led=False)
