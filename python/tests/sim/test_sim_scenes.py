"""Does the simulated sensor see who is put in front of it, and is what is put there a value?"""

from __future__ import annotations

import copy
import math
import pickle
from collections.abc import Sequence
from typing import Any

import pytest

from mlsensor import Bounds, Config, ConfigError, Face, Faces, PersonSensor
from mlsensor.behavior import Direction
from mlsensor.sim import Assumptions, Detection, Person, Scene, SimSensor

FACES = Faces([Face(Bounds(10, 20, 60, 90), 87, None, True), Face(Bounds(100, 20, 120, 50), 70)])

PEOPLE = [
    Person(0.8, -10),
    Person(0.8, 10),
    Person(0.9, -10),
    Person(0.8, -10, heading_deg=30),
    Person(0.8, -10, eye_height_m=1.2),
    Person(0.8, -10, known_as=3),
    Person.across(0.5, 2.0, heading_deg=-30, known_as=1),
]


def test_a_program_sees_who_is_there_in_a_few_lines() -> None:
    sim = SimSensor()
    sim.scene = [Person(0.8, -10)]
    sim.advance(1.0)
    with PersonSensor(bus=sim) as sensor:
        faces = sensor.read()
    assert faces.count == 1
    # 10 of 55 degrees to the left of the middle, 127.5.
    assert abs((faces[0].bounds.left + faces[0].bounds.right) / 2 - (127.5 - 127.5 * 10 / 55)) <= 1


def test_nobody_is_seen_outside_of_the_field_of_view_or_from_behind() -> None:
    sim = SimSensor()
    sim.scene = [Person(1.0, 60), Person(1.0, 180), Person(2.0, 0, heading_deg=180)]
    sim.advance(1.0)
    assert sim.result[4] == 0
    assert not sim.presence
    sim.scene = [Person(1.0, 20, heading_deg=40)]
    sim.advance(1.0)
    assert (sim.result[4], sim.result[12]) == (1, 0), "seen, but not facing"


def test_who_is_behind_each_face_is_told_to_the_test() -> None:
    sim = SimSensor()
    sim.scene = [Person(2.0, -20, known_as=1), Person(1.0, 20, known_as=2), Person(3.0)]
    sim.advance(1.0)
    assert [who for _, who in sim.truth] == [2, 1, 0]
    assert [face for face, _ in sim.truth] == list(Faces.from_bytes(sim.result))
    assert sim.published_at is not None
    assert sim.exposed_at is not None
    assert sim.published_at - sim.exposed_at == pytest.approx(0.2)
    sim.show_faces(FACES)
    sim.advance(1.0)
    assert [who for _, who in sim.truth] == [None, None]


def test_exactly_these_faces_are_shown() -> None:
    sim = SimSensor()
    sim.show_faces(FACES)
    sim.advance(0.4)
    assert sim.result == bytes(FACES)
    assert len(sim.scene) == 0


def test_a_sensor_that_is_turned_sees_what_is_there() -> None:
    sim = SimSensor()
    sim.scene = [Person(2.0, 90)]
    sim.advance(1.0)
    assert sim.result[4] == 0
    assert sim.direction == Direction()
    sim.point(Direction(70.0, 0.0))
    sim.advance(1.0)
    assert sim.direction == Direction(70.0, 0.0)
    assert Faces.from_bytes(sim.result)[0].bounds.bearing_deg == pytest.approx(20.0, abs=0.5)


def test_a_sensor_without_power_says_nothing_and_boots() -> None:
    sim = SimSensor(assumptions=Assumptions(power_up_silence=0.5))
    sim.scene = [Person(0.8)]
    sim.bus.write(0x62, b"\x07\x00")
    sim.advance(1.0)
    assert (sim.presence, sim.led, sim.config) == (True, False, Config(led=False))
    sim.power_off()
    assert not sim.presence
    sim.power_on()
    assert sim.config == Config()
    assert sim.published_at is sim.exposed_at is None
    sim.advance(1.0)
    assert (sim.presence, sim.led) == (True, True)


def test_a_scene_is_a_sequence_that_does_not_change() -> None:
    sim = SimSensor()
    assert sim.scene == Scene()
    sim.scene = (person for person in PEOPLE)
    scene = sim.scene
    assert scene == Scene(PEOPLE)
    assert list(scene) == PEOPLE == list(scene.people)
    assert (len(scene), scene[0], scene[-1], scene[1:3]) == (7, PEOPLE[0], PEOPLE[6], tuple(PEOPLE[1:3]))
    assert Person(0.8, 10) in scene
    assert Person(0.8, 11) not in scene
    assert "me" not in scene
    assert not hasattr(scene, "append")
    with pytest.raises(IndexError):
        scene[7]
    assert isinstance(scene, Sequence), "so that `case [first, *others]:` matches"
    sim.scene = Scene([Person(1.0)], sensor_height_m=0.9)
    assert sim.scene.sensor_height_m == 0.9
    sim.advance(1.0)
    high = sim.result
    sim.scene = [Person(1.0)]
    sim.advance(1.0)
    assert sim.result[7] > high[7], "from below, the face is higher up in the picture"


@pytest.mark.parametrize("people", [3, [3], [Person(1.0), None]])
def test_what_is_nobody_is_refused_and_the_scene_stays(people: Any) -> None:
    sim = SimSensor()
    sim.scene = [Person(1.0)]
    with pytest.raises(TypeError):
        sim.scene = people
    assert list(sim.scene) == [Person(1.0)]


@pytest.mark.parametrize(
    "value", [*PEOPLE, Scene(), Scene(PEOPLE), Scene(PEOPLE[:1], sensor_height_m=1.1)], ids=repr
)
def test_people_and_scenes_are_values(value: Any) -> None:
    assert eval(repr(value), {"Person": Person, "Scene": Scene}) == value
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        again = pickle.loads(pickle.dumps(value, protocol))
        assert again == value
        assert hash(again) == hash(value)
    assert copy.deepcopy(value) == value
    with pytest.raises(AttributeError):
        value.sensor_height_m = 3.0
    assert value != 3


def test_people_differ_in_every_part() -> None:
    assert len(set(PEOPLE)) == len(PEOPLE)


def test_a_person_is_said_in_two_ways() -> None:
    person = Person(2.0, 30)
    assert person == Person.across(1.0, math.sqrt(3))
    assert (person.right_m, person.ahead_m) == (1.0, 1.732)
    across = Person.across(1.0, 1.0)
    assert across.distance_m == pytest.approx(math.sqrt(2))
    assert across.bearing_deg == pytest.approx(45.0)
    assert (across.heading_deg, across.eye_height_m, across.known_as) == (0.0, 1.6, None)
    assert [getattr(person, name) for name in Person.__match_args__] == [2.0, 30.0, 0.0, 1.6, None]


def test_a_person_is_replaced_but_for_what_is_said() -> None:
    person = Person(2.0, 30, heading_deg=5, known_as=2)
    assert person.replace(heading_deg=90) == Person(2.0, 30, 90, known_as=2)
    assert person.replace(bearing_deg=-5) == Person(2.0, -5, 5, known_as=2)
    assert person.replace(right_m=0.5).ahead_m == pytest.approx(1.732)
    assert Person.across(1, 2).replace(ahead_m=3) == Person.across(1, 3)
    with pytest.raises(TypeError):
        person.replace(colour=1)  # type: ignore[call-arg]


@pytest.mark.parametrize(
    "make",
    [
        lambda: Person(-0.1),
        lambda: Person(math.nan),
        lambda: Person(1001),
        lambda: Person(1, math.inf),
        lambda: Person(1, 0, 4000),
        lambda: Person(1, eye_height_m=-1),
        lambda: Person.across(math.nan, 1),
        lambda: Person.across(1, -1001),
        lambda: Scene(sensor_height_m=101),
    ],
)
def test_numbers_out_of_their_range_are_refused(make: Any) -> None:
    with pytest.raises(ConfigError) as error:
        make()
    assert error.value.code == "MLSENSOR-CONFIG"


DETECTIONS = [Detection(), Detection.ideal(), Detection(jitter_units=3), Detection(miss_permille=range(7))]


@pytest.mark.parametrize("value", DETECTIONS, ids=repr)
def test_detection_is_a_value(value: Detection) -> None:
    assert eval(repr(value), {"Detection": Detection}) == value
    assert pickle.loads(pickle.dumps(value)) == value
    assert [other for other in DETECTIONS if other == value] == [value]


def test_detection_is_like_hardware_unless_it_is_said_to_be_ideal() -> None:
    assert Detection().miss_permille == (10, 10, 30, 250, 700, 950, 1000)
    assert Detection.ideal().miss_permille == (0,) * 7
    blind = Detection.ideal().replace(miss_permille=[1000] * 7)
    sim = SimSensor(detection=blind)
    sim.scene = [Person(1.0)]
    sim.advance(5.0)
    assert not sim.presence


@pytest.mark.parametrize(
    ("rates", "error", "text"),
    [
        ({"jitter_units": 128}, ConfigError, "jitter_units is above 127"),
        ({"jitter_units": -1}, ConfigError, "jitter_units is out of its range"),
        ({"jitter_units": 2**40}, ConfigError, "jitter_units: invalid value"),
        ({"jitter_units": 2**70}, ConfigError, "jitter_units is out of its range"),
        ({"miss_permille": [0] * 6}, ConfigError, "6 numbers where there are 7"),
        ({"miss_permille": [0] * 6 + [1001]}, ConfigError, "miss_permille is above 1000"),
        ({"identity_confidence": (90, 60)}, ConfigError, "identity_confidence is no range within 1 to 100"),
        ({"false_burst_inferences": (0, 3)}, ConfigError, "false_burst_inferences is no range from 1 on"),
        ({"jitter_units": 0.5}, TypeError, "jitter_units: a whole number is wanted"),
        ({"confidence_varies": 1}, TypeError, "confidence_varies: True or False is wanted"),
        ({"miss_permille": 3}, TypeError, "miss_permille: a sequence of whole numbers is wanted"),
        ({"colour": 3}, TypeError, "Detection has no field 'colour'"),
    ],
)
def test_what_is_no_rate_is_refused(rates: dict[str, Any], error: type[Exception], text: str) -> None:
    with pytest.raises(error) as caught:
        Detection(**rates)
    assert str(caught.value).startswith(text)


def test_chance_is_that_of_the_seed() -> None:
    def story(seed: int) -> list[bytes]:
        sim = SimSensor(seed=seed, detection=Detection(jitter_units=9))
        sim.scene = [Person(2.0)]
        packets: list[bytes] = []
        for _ in range(30):
            sim.advance(0.14)
            packets.append(sim.result)
        return packets

    assert story(1) == story(1) != story(2)


def test_what_is_known_of_a_label_is_checked() -> None:
    assert SimSensor().labelled(7) is None
    for wrong in (-1, 8, 300):
        with pytest.raises(ConfigError):
            SimSensor().labelled(wrong)
