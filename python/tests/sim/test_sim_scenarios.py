"""Does a scenario say the same from Python as from Rust, and is a file that is none refused with its line?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from mlsensor import Config, ConfigError, PersonSensor
from mlsensor.sim import Assumptions, Detection, Person, Scenario, SimBus, SimSensor, Timeline

# Those of sensor-sim/tests/scenarios.rs: what each scenario gave when it was written.
GOLDEN = {
    "walk_up": 0xB6CC_5B13_61FD_215A,
    "two_people": 0xF6A2_6C4B_5BD3_FBD6,
    "turn_away": 0x73A3_8AB5_D286_EDAC,
    "label_and_return": 0x0ADB_D0F9_92BF_D9B4,
    "flicker": 0x820D_B0CB_D060_6317,
    "crowd": 0x0191_690D_F187_BCBB,
    "empty_room": 0xCC10_0DD7_9345_543C,
    "desk": 0xD218_7F92_FFE1_B979,
}

GOOD = """\
about = "Somebody walks by."
duration_s = 8.5
seed = 9

[detection]
jitter_units = 2

[[person]]
who = 4
path = [
    { at_s = 1.0, distance_m = 3.0, bearing_deg = -30.0 },
    { at_s = 5.0, bearing_deg = 30.0 },
]

[[event]]
at_s = 6.0
write = [0x07, 0]
"""


def test_the_scenarios_are_those_of_the_simulator() -> None:
    assert list(Scenario.SHIPPED) == list(GOLDEN)
    with pytest.raises(TypeError):
        Scenario.SHIPPED["walk_up"] = ""  # type: ignore[index]


@pytest.mark.parametrize("name", GOLDEN)
def test_a_scenario_has_the_digest_that_it_has_in_rust(name: str) -> None:
    scenario = Scenario.named(name)
    assert scenario.digest() == GOLDEN[name]
    assert scenario.replace(seed=scenario.seed + 1000).digest() != GOLDEN[name]


def test_a_sensor_on_a_bus_shows_what_the_digest_is_of() -> None:
    """FNV-1a over the times in nanoseconds and the packets, computed here."""
    scenario = Scenario.named("walk_up")
    sim = scenario.sensor()
    digest, results = 0xCBF2_9CE4_8422_2325, 0
    for millisecond in range(1, round(scenario.duration * 1000) + 1):
        sim.advance(0.001)
        if sim.results > results:
            results += 1
            for byte in (millisecond * 1_000_000).to_bytes(8, "little") + sim.result:
                digest = (digest ^ byte) * 0x100_0000_01B3 % 2**64
    assert sim.results == results == 156
    assert digest == GOLDEN["walk_up"]


def test_the_same_scenario_is_read_the_same_each_time_and_otherwise_with_another_seed() -> None:
    def story(scenario: Scenario) -> list[object]:
        sim = scenario.sensor()
        with PersonSensor(bus=sim) as sensor:
            readings = iter(sensor)
            return [(sim.now, next(readings)) for _ in range(60)]

    scenario = Scenario.named("flicker")
    first = story(scenario)
    assert first == story(scenario)
    assert first != story(scenario.replace(seed=77))


def test_a_file_says_who_walks_where_and_what_happens(tmp_path: Path) -> None:
    (tmp_path / "by.toml").write_text(GOOD, encoding="utf-8")
    for scenario in (
        Scenario.parse(GOOD),
        Scenario.from_file(tmp_path / "by.toml"),
        Scenario.from_file(str(tmp_path / "by.toml")),
    ):
        assert scenario == Scenario.parse(GOOD)
        assert scenario.about == "Somebody walks by."
        assert (scenario.duration, scenario.seed) == (8.5, 9)
        assert scenario.detection == Detection(jitter_units=2)
        sim = scenario.sensor(assumptions=Assumptions(latency=0.3))
        sim.advance(3.0)
        # Half way between 30 degrees to either side, on a straight line: 3 m times cos 30.
        assert list(sim.scene) == [Person.across(0.0, 2.598, known_as=4)]
        assert sim.assumptions.latency == 0.3
        assert sim.config == Config()
        sim.advance(3.0)
        assert len(sim.scene) == 0
        assert sim.config == Config(led=False)


def test_a_scenario_runs_on_a_bus_of_the_program() -> None:
    bus = SimBus(400_000)
    sim = Scenario.named("walk_up").sensor(bus)
    bus.advance(10.0)
    assert sim.bus is bus
    assert bus.read(0x62, 39) == sim.result


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        (GOOD.replace("8.5", "-8.5"), 2, "duration_s is no time from 0 to a week"),
        (GOOD.replace("jitter_units = 2", "jitter_units = 128"), 6, "jitter_units is above 127"),
        (GOOD.replace("at_s = 5.0", "at_s = 0.5"), 12, "at_s is earlier than that of the point before"),
        (GOOD.replace("[0x07, 0]", "[0x09, 0]"), 17, "there is no register 0x09"),
        ("about = 3", 1, "invalid type"),
    ],
)
def test_a_file_that_is_wrong_is_refused_with_its_line(
    text: str, line: int, what: str, tmp_path: Path
) -> None:
    path = tmp_path / "wrong.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=f"line {line}: {what}") as parsed:
        Scenario.parse(text)
    with pytest.raises(ConfigError, match=f"line {line}: {what}") as loaded:
        Scenario.from_file(path)
    for error in (parsed.value, loaded.value):
        assert error.code == "MLSENSOR-SCENARIO"
        assert all((error.what, error.likely, error.run))
        assert len(str(error).splitlines()) == 4
    assert text.splitlines()[line - 1].strip() in parsed.value.likely
    assert f"sed -n {line}p" in loaded.value.run


def test_a_scenario_that_is_not_there_is_refused_with_the_names_of_those_that_are(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match='there is no scenario "walkup"') as named:
        Scenario.named("walkup")
    assert "walk_up, two_people" in named.value.likely
    with pytest.raises(ConfigError, match="No such file"):
        Scenario.from_file(tmp_path / "walk_up.toml")


def test_a_path_is_never_the_name_of_a_scenario_that_comes_with_the_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigError):
        Scenario.from_file("walk_up")
    Path("walk_up").write_text(GOOD, encoding="utf-8")
    assert Scenario.from_file("walk_up").about == "Somebody walks by."


def test_a_timeline_is_written_in_python() -> None:
    timeline = Timeline([[(0.0, Person.across(0.0, 4.0)), (6.0, Person.across(0.0, 1.0))]])
    assert timeline.people(3.0) == (Person.across(0.0, 2.5),)
    assert timeline.people(7) == ()
    sim = SimSensor(timeline=timeline.with_power_off(2.0).with_power_on(3.0).with_write(6.5, 2, 1))
    levels: list[bool] = []
    for span in (1.9, 0.2, 3.9):
        sim.advance(span)
        levels.append(sim.presence)
    assert levels == [True, False, True]
    assert sim.scene[0] == Person.across(0.0, 1.0)
    sim.advance(2.0)
    assert sim.config == Config(id_enabled=True)
    sim.scene = [Person(1.0)]
    assert list(sim.scene) == [Person(1.0)]


NO_WALKS: list[tuple[Any, type[Exception]]] = [
    ([[]], ConfigError),
    ([[(0.0, "me")]], TypeError),
    ([[(-1.0, Person(1.0))]], ConfigError),
    (3, TypeError),
]


@pytest.mark.parametrize(("walks", "error"), NO_WALKS)
def test_what_is_no_walk_is_refused(walks: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        Timeline(walks)


def test_what_is_no_register_is_refused() -> None:
    with pytest.raises(ConfigError, match="there is no register 0x09"):
        Timeline([]).with_write(1.0, 9, 1)
