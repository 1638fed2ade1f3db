"""Which bus a program means that names none, and what else a bus may be."""

from __future__ import annotations

import errno
import math
from pathlib import Path

import pytest

from mlsensor import ConfigError, Muxes, NotFoundError, PersonSensor
from mlsensor._default_bus import used_by_default
from mlsensor.sim import Person, SimSensor


def test_the_environment_names_the_bus_of_a_program_that_names_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLSENSOR_BUS", "sim:two_people")
    monkeypatch.setenv("MLSENSOR_SPEED", "inf")
    with PersonSensor() as sensor:
        assert sensor.name == "sim:two_people"
        assert max(faces.count for faces in sensor) == 2
    with PersonSensor("sim:walk_up") as sensor:
        assert sensor.name == "sim:walk_up"


def test_without_it_it_is_the_first_bus_of_a_raspberry_pi(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MLSENSOR_BUS", raising=False)
    if Path("/dev/i2c-1").exists():
        pytest.skip("this machine has one")
    with pytest.raises(NotFoundError, match="/dev/i2c-1"):
        PersonSensor()


def test_the_advice_where_there_is_no_bus_helps_also_a_program_that_names_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if any(Path("/dev").glob("i2c-*")):
        pytest.skip("this machine has one")
    monkeypatch.delenv("MLSENSOR_BUS", raising=False)
    with pytest.raises(NotFoundError) as raised:
        PersonSensor()
    assert raised.value.run == "MLSENSOR_BUS=sim:walk_up python3 your_program.py"
    assert raised.value.errno == errno.ENOENT
    # The environment would change nothing here.
    with pytest.raises(NotFoundError) as raised:
        PersonSensor(1)
    assert raised.value.run == "mlsensor sim run -- python3 your_program.py"
    with pytest.raises(NotFoundError) as raised:
        Muxes(1, [0x70])
    assert raised.value.run == "mlsensor sim run -- python3 your_program.py"


@pytest.mark.parametrize("speed", ["fast", "", "0", "-1", "nan", "1e9", "0.00001"])
def test_a_speed_that_is_none_is_refused_in_four_parts(monkeypatch: pytest.MonkeyPatch, speed: str) -> None:
    monkeypatch.setenv("MLSENSOR_BUS", "sim:walk_up")
    monkeypatch.setenv("MLSENSOR_SPEED", speed)
    with pytest.raises(ConfigError) as raised:
        PersonSensor()
    error = raised.value
    assert f"MLSENSOR_SPEED={speed}" in error.what
    assert "inf" in error.likely
    assert error.run.startswith("MLSENSOR_SPEED=")
    assert error.code == "MLSENSOR-SPEED"


def test_a_speed_is_of_no_interest_to_a_bus_of_the_system(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLSENSOR_BUS", "/dev/i2c-no-such-bus")
    monkeypatch.setenv("MLSENSOR_SPEED", "nonsense")
    with pytest.raises(NotFoundError):
        PersonSensor()


@pytest.mark.parametrize(("bus", "meant"), [("walkup", "sim:walk_up"), ("sim:walkup", ""), ("", "")])
def test_a_bus_that_is_none_is_refused_in_four_parts(
    monkeypatch: pytest.MonkeyPatch, bus: str, meant: str
) -> None:
    monkeypatch.setenv("MLSENSOR_BUS", bus)
    with pytest.raises(ConfigError) as raised:
        PersonSensor()
    error = raised.value
    assert f"(MLSENSOR_BUS={bus})" in error.what
    assert meant in error.likely
    assert error.run == "MLSENSOR_BUS=sim:walk_up python3 your_program.py"
    assert error.code.startswith("MLSENSOR-")


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    for bus in (f"replay:{tmp_path}/none.txt", f"sim:{tmp_path}/none.toml"):
        with pytest.raises(ConfigError):
            PersonSensor(bus)


def test_a_simulated_sensor_may_take_the_place_of_the_bus_nobody_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("MLSENSOR_BUS", "sim:empty_room")
    sim = SimSensor(seed=1)
    sim.scene = [Person(1.0, 0.0)]
    with used_by_default(sim), PersonSensor() as sensor:
        assert sensor.wait_for_facing(10.0)
        assert sim.now < 10.0
    with PersonSensor() as other:
        assert other.name == "sim:empty_room"


def test_a_bus_may_be_the_simulated_one_itself() -> None:
    sim = SimSensor(seed=1)
    with PersonSensor(sim.bus) as sensor:
        assert next(iter(sensor)).count == 0


@pytest.mark.parametrize("bus", [True, 1.5, ["/dev/i2c-1"], b"1"])
def test_what_names_no_bus_is_refused(bus: object) -> None:
    with pytest.raises(ConfigError, match="names no bus"):
        PersonSensor(bus)  # type: ignore[arg-type]


def test_a_number_is_a_bus_of_the_system() -> None:
    with pytest.raises(NotFoundError, match="/dev/i2c-97"):
        PersonSensor(97)


def test_another_address_is_another_sensor() -> None:
    sim = SimSensor(seed=1)
    with PersonSensor(sim, address=0x63) as sensor, pytest.raises(NotFoundError):
        sensor.probe()
    for address in (0x80, 300, -1, 2**70):
        with pytest.raises(ConfigError, match=r"address .* is outside 8 to 119"):
            PersonSensor(sim, address=address)
        with pytest.raises(ConfigError, match=r"address .* is outside 8 to 119"):
            PersonSensor("sim:walk_up", address=address)


@pytest.mark.parametrize("address", [-1, 0, 0x07, 0x78, 256, 2**70, -(2**70)])
def test_an_address_that_is_none_is_refused(address: int) -> None:
    with pytest.raises(ConfigError, match="0x08 to 0x77"):
        PersonSensor(SimSensor(), address=address)


@pytest.mark.parametrize("person", [-1, 8, 256, 2**70])
def test_a_person_that_is_none_is_refused(person: int) -> None:
    with PersonSensor(SimSensor()) as sensor, pytest.raises(ConfigError, match="labels are 0 to 7"):
        sensor.label_next_id(person)


def test_every_that_is_no_pace_is_refused() -> None:
    with pytest.raises(ConfigError):
        PersonSensor(SimSensor(), every=2.0)


def test_a_seed_lets_chance_fall_otherwise_and_the_same_seed_the_same() -> None:
    def packets(seed: int) -> list[bytes]:
        with PersonSensor.simulated("flicker", speed=math.inf, seed=seed) as sensor:
            return [bytes(faces) for faces in sensor]

    assert packets(1) == packets(1)
    assert packets(1) != packets(2)


def test_a_scene_may_be_a_file_of_ones_own(tmp_path: Path) -> None:
    shipped = Path(__file__).parents[2] / "sensor-sim" / "scenarios" / "walk_up.toml"
    if not shipped.is_file():
        pytest.skip("the scenarios are not beside these tests")
    mine = tmp_path / "mine.toml"
    mine.write_bytes(shipped.read_bytes())
    with PersonSensor.simulated(mine, speed=math.inf) as sensor:
        assert max(faces.count for faces in sensor) == 1
