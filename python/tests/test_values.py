"""What all values have in common, and what each refuses."""

from __future__ import annotations

import copy
import json
import pickle
import subprocess
import sys
import types
from pathlib import Path
from typing import Any, Callable

import pytest
from packets_by_hand import FOUR, NOBODY, ONE

import mlsensor
from mlsensor import (
    LAYOUT,
    Bounds,
    Config,
    ConfigError,
    Face,
    Faces,
    Field,
    Identity,
    Mode,
    Oddity,
    PacketBits,
    SensorError,
    bits_per_packet,
)

BOUNDS = Bounds(124, 128, 149, 170)
FACE = Face(BOUNDS, 99, Identity(0, 67), True)

# Each differs from the others, and of each class from the first in one thing alone.
VALUES: list[Any] = [
    BOUNDS,
    Bounds(123, 128, 149, 170),
    Bounds(124, 127, 149, 170),
    Bounds(124, 128, 150, 170),
    Bounds(124, 128, 149, 171),
    Identity(3, 67),
    Identity(4, 67),
    Identity(3, 68),
    FACE,
    Face(Bounds(0, 0, 0, 0), 99, Identity(0, 67), True),
    Face(BOUNDS, 98, Identity(0, 67), True),
    Face(BOUNDS, 99, Identity(1, 67), True),
    Face(BOUNDS, 99, None, True),
    Face(BOUNDS, 99, Identity(0, 67), False),
    Faces(),
    Faces([FACE]),
    Faces([FACE, FACE]),
    Faces([Face(BOUNDS, 99)]),
    Faces.from_bytes(FOUR),
    Config(),
    Config(mode=Mode.STANDBY),
    Config(id_enabled=True),
    Config(persist_ids=False),
    Config(led=False),
    *LAYOUT,
    Oddity(Field("reserved"), 7),
    Oddity(Field("reserved"), 8),
    Oddity(Field("id", 0), 7),
    Oddity(Field("id", 0), 7, True),
    PacketBits(211, 275),
    PacketBits(210, 275),
    PacketBits(211, 274),
]

ONE_OF_EACH: list[Any] = [
    BOUNDS,
    Identity(3, 67),
    FACE,
    Faces([FACE]),
    Config(led=False),
    Field("left", face=2),
    Oddity(Field("id", 0), 9),
    bits_per_packet(),
]


def again(value: Any) -> Any:
    """The same value, made anew from its text."""
    return eval(repr(value), vars(mlsensor).copy())


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_the_text_of_a_value_makes_it_again(value: Any) -> None:
    made = again(value)
    assert made == value
    assert type(made) is type(value)
    assert made is not value


def test_values_are_equal_if_and_only_if_they_say_the_same() -> None:
    for place, value in enumerate(VALUES):
        equals = [other for other, candidate in enumerate(VALUES) if value == candidate]
        assert equals == [place]
        assert all((value != candidate) == (place != other) for other, candidate in enumerate(VALUES))


def test_equal_values_have_equal_hashes_and_others_rarely() -> None:
    assert [hash(again(value)) for value in VALUES] == [hash(value) for value in VALUES]
    assert len({hash(value) for value in VALUES}) > len(VALUES) * 0.9
    assert len(set(VALUES)) == len(set(VALUES) | {again(value) for value in VALUES}) == len(VALUES)


@pytest.mark.parametrize("value", ONE_OF_EACH, ids=repr)
def test_a_value_equals_nothing_of_another_class(value: Any) -> None:
    others: list[Any] = [None, 0, (), [], "", object(), repr(value), value.as_dict()]
    for other in others:
        assert (value == other) is False
        assert (value != other) is True


@pytest.mark.parametrize("value", ONE_OF_EACH, ids=repr)
def test_values_have_no_order(value: Any) -> None:
    with pytest.raises(TypeError):
        sorted([value, again(value)])


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_values_are_pickled_by_each_protocol(protocol: int) -> None:
    made = pickle.loads(pickle.dumps(VALUES, protocol))
    assert made == VALUES
    assert [type(value) for value in made] == [type(value) for value in VALUES]


def test_values_are_pickled_for_another_process() -> None:
    program = "import pickle, sys; sys.stdout.write(repr(pickle.load(sys.stdin.buffer)))"
    done = subprocess.run(
        [sys.executable, "-c", program],
        input=pickle.dumps(VALUES),
        stdout=subprocess.PIPE,
        check=True,
        timeout=60,
    )
    assert done.stdout.decode() == repr(VALUES)


@pytest.mark.parametrize("way", [copy.copy, copy.deepcopy])
def test_values_are_copied(way: Callable[[Any], Any]) -> None:
    assert [way(value) for value in VALUES] == VALUES
    assert way(VALUES) == VALUES


@pytest.mark.parametrize("value", ONE_OF_EACH, ids=repr)
def test_values_are_frozen(value: Any) -> None:
    names = [name for name in dir(value) if not name.startswith("_") and not callable(getattr(value, name))]
    assert names
    for name in names:
        with pytest.raises(AttributeError):
            setattr(value, name, getattr(value, name))
        with pytest.raises(AttributeError):
            delattr(value, name)
    with pytest.raises(AttributeError):
        value.another = 1
    assert value == again(value)


@pytest.mark.parametrize("value", ONE_OF_EACH, ids=repr)
def test_classes_of_values_are_the_packages_and_final(value: Any) -> None:
    assert type(value).__module__ == "mlsensor"
    base = getattr(mlsensor, type(value).__name__)
    assert base is type(value)
    assert "Threads:" in (type(value).__doc__ or "")
    with pytest.raises(TypeError):
        types.new_class("Derived", (base,))


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_a_value_as_a_dictionary_is_json(value: Any) -> None:
    given = value.as_dict()
    assert type(given) is dict
    assert json.loads(json.dumps(given)) == given


def test_the_keys_of_dictionaries_are_the_names_of_attributes() -> None:
    for value in ONE_OF_EACH:
        if isinstance(value, Faces):
            continue
        for name, given in value.as_dict().items():
            attribute = getattr(value, name)
            if isinstance(attribute, Mode):
                attribute = attribute.value
            elif hasattr(attribute, "as_dict"):
                attribute = attribute.as_dict()
            assert given == attribute, name
        assert set(value.__match_args__) <= set(value.as_dict())


def test_a_dictionary_has_what_was_given_typed_by_hand() -> None:
    assert Faces.from_bytes(ONE).as_dict() == {
        "faces": [
            {
                "bounds": {"left": 124, "top": 128, "right": 149, "bottom": 170},
                "confidence": 99,
                "identity": {"id": 0, "confidence": 67},
                "is_facing": True,
            }
        ]
    }
    assert Face(BOUNDS, 7).as_dict()["identity"] is None
    assert Config(mode=Mode.STANDBY, led=False).as_dict() == {
        "mode": "standby",
        "id_enabled": False,
        "persist_ids": True,
        "led": False,
    }
    assert Field("checksum").as_dict()["max"] == 0xFFFF
    assert Oddity(Field("id", 1), -2).as_dict()["field"] == Field("id", 1).as_dict()
    assert bits_per_packet().as_dict() == {"documented": 211, "accepted": 275}


def test_dictionaries_are_what_the_command_prints(tmp_path: Path) -> None:
    recording = tmp_path / "four.recording"
    lines = [f"{at}.0 {packet.hex(' ')}\n" for at, packet in enumerate([ONE, NOBODY, FOUR])]
    recording.write_text("# mlsensor recording 1\n" + "".join(lines))
    words = [sys.executable, "-m", "mlsensor", "replay", str(recording), "--json"]
    printed = subprocess.run(words, stdout=subprocess.PIPE, check=True, timeout=60).stdout
    events = [json.loads(line) for line in printed.splitlines()]
    faces = [event["faces"] for event in events if event["event"] == "reading"]
    assert faces == [Faces.from_bytes(packet).as_dict()["faces"] for packet in (ONE, NOBODY, FOUR)]


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Bounds(-1, 0, 0, 0), "left -1 is outside 0 to 255"),
        (lambda: Bounds(0, 256, 0, 0), "top 256 is outside 0 to 255"),
        (lambda: Bounds(0, 0, 10**30, 0), "right above 2**63 is outside 0 to 255"),
        (lambda: Bounds(0, 0, 0, -(10**30)), "bottom below -2**63 is outside 0 to 255"),
        (lambda: Bounds(0, 0, 10**9999, 0), "right above"),
        (lambda: Bounds(9, 0, 8, 0), "left 9 is outside 0 to 8"),
        (lambda: Bounds(0, 9, 0, 8), "top 9 is outside 0 to 8"),
        (lambda: Identity(8, 50), "id 8 is outside 0 to 7"),
        (lambda: Identity(-1, 50), "id -1 is outside 0 to 7"),
        (lambda: Identity(0, 0), "id confidence 0 is outside 1 to 100"),
        (lambda: Identity(0, 101), "id confidence 101 is outside 1 to 100"),
        (lambda: Face(BOUNDS, 101), "confidence 101 is outside 0 to 100"),
        (lambda: Face(BOUNDS, -1), "confidence -1 is outside 0 to 100"),
        (lambda: Faces([FACE] * 5), "number of faces 5 is outside 0 to 4"),
        (lambda: PacketBits(313, 0), "documented 313 is outside 0 to 312"),
        (lambda: PacketBits(0, -1), "accepted -1 is outside 0 to 312"),
    ],
)
def test_what_is_out_of_range_is_refused_in_four_parts(make: Callable[[], object], message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        make()
    assert caught.value.what.startswith(message)
    assert isinstance(caught.value, ValueError)
    assert isinstance(caught.value, SensorError)
    assert caught.value.code == "MLSENSOR-CONFIG"
    assert all([caught.value.likely, caught.value.run])


@pytest.mark.parametrize(
    "make",
    [
        lambda: Bounds("1", 2, 3, 4),  # type: ignore[arg-type]
        lambda: Bounds(1.0, 2, 3, 4),  # type: ignore[arg-type]
        lambda: Bounds(1, 2, 3),  # type: ignore[call-arg]
        lambda: Bounds(1, 2, 3, None),  # type: ignore[arg-type]
        lambda: Identity(None, 50),  # type: ignore[arg-type]
        lambda: Face((1, 2, 3, 4), 50),  # type: ignore[arg-type]
        lambda: Face(BOUNDS, 50, 3),  # type: ignore[arg-type]
        lambda: Face(BOUNDS, 50, None, 1),  # type: ignore[arg-type]
        lambda: Face(BOUNDS, 50, facing=True),  # type: ignore[call-arg]
        lambda: Faces(FACE),  # type: ignore[arg-type]
        lambda: Faces([BOUNDS]),  # type: ignore[list-item]
        lambda: Faces("face"),  # type: ignore[arg-type]
        lambda: Config(Mode.STANDBY),  # type: ignore[call-arg]
        lambda: Config(mode="standby"),  # type: ignore[arg-type]
        lambda: Config(led=1),  # type: ignore[arg-type]
        lambda: Config(led=None),  # type: ignore[arg-type]
        lambda: Field(0),  # type: ignore[arg-type]
        lambda: Oddity("id", 3),  # type: ignore[arg-type]
    ],
)
def test_what_is_of_another_type_is_a_type_error(make: Callable[[], object]) -> None:
    with pytest.raises(TypeError):
        make()


def test_what_counts_as_a_whole_number_is_taken() -> None:
    class Seven:
        def __index__(self) -> int:
            return 7

    assert Bounds(Seven(), Seven(), Seven(), Seven()) == Bounds(7, 7, 7, 7)
    assert Identity(Seven(), 1).id == 7


def test_arguments_have_names() -> None:
    face = Face(
        bounds=Bounds(left=1, top=2, right=3, bottom=4),
        confidence=5,
        identity=Identity(id=6, confidence=7),
        is_facing=True,
    )
    assert face == Face(Bounds(1, 2, 3, 4), 5, Identity(6, 7), True)
    assert Faces(faces=[face]) == Faces((face,))
    assert Field(name="left", face=1) == Field("left", 1)
    assert Oddity(field=Field("reserved"), value=1, in_unused_slot=False) == Oddity(Field("reserved"), 1)


def test_values_read_as_sentences() -> None:
    assert str(BOUNDS) == "(124,128)-(149,170)"
    assert str(Identity(3, 67)) == "id 3 (67 %)"
    assert str(FACE) == "99 % at (124,128)-(149,170), id 0 (67 %), facing"
    assert str(Faces()) == "nobody"
    assert str(Faces([FACE])) == f"1 face: {FACE}"


def test_texts_are_as_one_would_type_them() -> None:
    assert repr(Faces.from_bytes(ONE)) == (
        "Faces([Face(bounds=Bounds(left=124, top=128, right=149, bottom=170), confidence=99, "
        "identity=Identity(id=0, confidence=67), is_facing=True)])"
    )
    assert repr(Faces()) == "Faces()"
    assert repr(Field("left", 3)) == "Field('left', face=3)"
    assert repr(Field("checksum")) == "Field('checksum')"


MATCHING = """
def told(value):
    match value:
        case Bounds(left, top, right, bottom=170):
            return ("bounds", left, top, right)
        case Face(Bounds(), confidence, Identity(id, sure), True):
            return ("known and facing", confidence, id, sure)
        case Face(identity=None, is_facing=False):
            return "somebody"
        case Faces(count=4):
            return "a full house"
        case []:
            return "nobody"
        case [Face(bounds)]:
            return ("one", bounds)
        case [first, *rest] if isinstance(value, Faces):
            return ("several", first, rest)
        case Config(mode=Mode.STANDBY, led=led):
            return ("standby", led)
        case Oddity(Field("id", slot), said, False):
            return ("odd id", slot, said)
        case PacketBits(documented, accepted):
            return accepted - documented
"""


@pytest.mark.skipif(sys.version_info < (3, 10), reason="Python 3.9 has no match statement")
@pytest.mark.parametrize(
    ("value", "told"),
    [
        (BOUNDS, ("bounds", 124, 128, 149)),
        (Bounds(1, 2, 3, 4), None),
        (FACE, ("known and facing", 99, 0, 67)),
        (Face(BOUNDS, 3), "somebody"),
        (Face(BOUNDS, 3, None, True), None),
        (Faces(), "nobody"),
        (Faces([FACE]), ("one", BOUNDS)),
        (Faces([FACE, Face(BOUNDS, 1)]), ("several", FACE, [Face(BOUNDS, 1)])),
        (Faces([FACE] * 4), "a full house"),
        (Config(mode=Mode.STANDBY, led=False), ("standby", False)),
        (Config(), None),
        (Oddity(Field("id", 2), 9), ("odd id", 2, 9)),
        (bits_per_packet(), 64),
    ],
)
def test_values_match(value: object, told: object) -> None:
    names = vars(mlsensor).copy()
    exec(MATCHING, names)
    assert names["told"](value) == told
