"""The bytes of a packet, to and from faces."""

from __future__ import annotations

import array
import ctypes
import mmap
from typing import Any, Callable, Optional

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packets_by_hand import FOUR, FOUR_SAYS, NOBODY, ONE, ONE_SAYS, UNDRIVEN, Record, checksum, sealed

from mlsensor import (
    ADDRESS,
    LAYOUT,
    MAX_FACES,
    PACKET_LEN,
    Bounds,
    ConfigError,
    Face,
    Faces,
    Field,
    Identity,
    Oddity,
    PacketError,
    SensorError,
    bits_per_packet,
    crc16_mcrf4xx,
    oddities,
)

NO_RECORD = "00 00 00 00 00 00 00 00"


def said(faces: Faces) -> list[Record]:
    return [
        {
            "bounds": (face.bounds.left, face.bounds.top, face.bounds.right, face.bounds.bottom),
            "confidence": face.confidence,
            "identity": None if face.identity is None else (face.identity.id, face.identity.confidence),
            "is_facing": face.is_facing,
        }
        for face in faces
    ]


@pytest.mark.parametrize(("packet", "says"), [(NOBODY, []), (ONE, ONE_SAYS), (FOUR, FOUR_SAYS)])
def test_a_packet_says_what_the_page_of_the_protocol_says(packet: bytes, says: list[Record]) -> None:
    assert said(Faces.from_bytes(packet)) == says


@pytest.mark.parametrize("packet", [NOBODY, ONE])
def test_faces_become_the_captured_packet_again(packet: bytes) -> None:
    assert bytes(Faces.from_bytes(packet)) == packet


def test_faces_that_were_made_become_the_bytes_typed_by_hand() -> None:
    faces = Faces(
        [
            Face(Bounds(1, 2, 3, 4), 100, Identity(7, 100), True),
            Face(Bounds(20, 30, 40, 50), 66),
            Face(Bounds(0, 0, 255, 255), 1, Identity(2, 1)),
        ]
    )
    assert bytes(faces) == sealed(
        "00 00 21 00 03"
        f"64 01 02 03 04 64 07 01   42 14 1e 28 32 00 ff 00   01 00 00 ff ff 01 02 00   {NO_RECORD}"
    )


@pytest.mark.parametrize(
    ("id_bytes", "identity"),
    [
        ("01 00", (0, 1)),
        ("64 07", (7, 100)),
        ("65 07", None),  # A confidence above 100.
        ("00 07", None),
        ("80 07", None),  # -128.
        ("64 08", None),
        ("64 ff", None),  # -1: unknown.
        ("00 00", None),
    ],
)
def test_an_id_counts_only_if_it_is_0_to_7_and_its_confidence_1_to_100(
    id_bytes: str, identity: Optional[tuple[int, int]]
) -> None:
    packet = sealed(f"00 00 21 00 01   63 7c 80 95 aa {id_bytes} 01   {NO_RECORD} {NO_RECORD} {NO_RECORD}")
    (face,) = said(Faces.from_bytes(packet))
    assert face["identity"] == identity


def spoilt(place: int, value: int) -> bytes:
    """The packet of four faces with another byte at this place, and the checksum to go with it."""
    data = bytearray(FOUR[:37])
    data[place] = value
    return sealed(data.hex())


@pytest.mark.parametrize(
    ("packet", "rule", "place", "value"),
    [
        (UNDRIVEN, "not all 0xFF", 0, 0xFFFF),
        (bytes(39), "not all zero", 0, 0),
        (ONE[:37] + b"\x15\x8c", "checksum", 37, 0x8C15),
        (spoilt(2, 29), "data length 33", 2, 29),
        (spoilt(3, 1), "data length 33", 2, 0x121),
        (spoilt(4, 5), "number of faces <= 4", 4, 5),
        (spoilt(4, 255), "number of faces <= 4", 4, 255),
        (spoilt(5, 101), "confidence <= 100", 5, 101),
        (spoilt(29, 255), "confidence <= 100", 29, 255),
        (spoilt(6, 4), "left <= right", 6, 4),
        (spoilt(22, 11), "left <= right", 22, 11),
        (spoilt(7, 5), "top <= bottom", 7, 5),
        (spoilt(31, 255), "top <= bottom", 31, 255),
        (spoilt(12, 2), "is facing 0 or 1", 12, 2),
        (spoilt(36, 255), "is facing 0 or 1", 36, 255),
        (b"", "length 39", 0, 0),
        (ONE[:38], "length 39", 38, 38),
        (ONE + b"\xff", "length 39", 39, 40),
        (ONE + ONE, "length 39", 39, 78),
    ],
)
def test_a_packet_that_is_refused_says_which_rule_where_and_with_what(
    packet: bytes, rule: str, place: int, value: int
) -> None:
    with pytest.raises(PacketError) as caught:
        Faces.from_bytes(packet)
    assert (caught.value.rule, caught.value.place, caught.value.value) == (rule, place, value)
    assert isinstance(caught.value, SensorError)
    assert isinstance(caught.value, ValueError)
    assert caught.value.code == "MLSENSOR-PACKET"
    assert all([caught.value.what, caught.value.likely, caught.value.run])


def test_the_whole_packet_of_another_firmware_is_told_from_a_damaged_one() -> None:
    data = bytes.fromhex("00 00 1d 00 00") + bytes(28)
    hands = data + checksum(data).to_bytes(2, "little") + bytes(4)
    with pytest.raises(PacketError, match="hands") as caught:
        Faces.from_bytes(hands)
    assert (caught.value.rule, caught.value.place, caught.value.value) == ("data length 33", 2, 29)


def test_what_stands_in_an_unused_slot_is_not_looked_at() -> None:
    nonsense = "ff ff ff 00 00 ff ff ff"
    packet = sealed(f"00 00 21 00 01   63 7c 80 95 aa 43 00 01   {nonsense} {nonsense} {nonsense}")
    assert said(Faces.from_bytes(packet)) == ONE_SAYS


def in_a_map(packet: bytes) -> mmap.mmap:
    pages = mmap.mmap(-1, len(packet))
    pages.write(packet)
    return pages


class Packet(bytes):
    """What a program may have made of bytes."""


BUFFERS: list[Callable[[bytes], Any]] = [
    bytes,
    bytearray,
    memoryview,
    lambda packet: memoryview(bytearray(packet)),
    lambda packet: memoryview(packet[::-1])[::-1],
    lambda packet: memoryview(packet).cast("B", (3, 13)),
    lambda packet: array.array("B", packet),
    lambda packet: array.array("b", [byte - 256 if byte > 127 else byte for byte in packet]),
    lambda packet: (ctypes.c_uint8 * 39)(*packet),
    in_a_map,
    Packet,
]


@pytest.mark.parametrize(
    "buffer",
    BUFFERS,
)
def test_a_packet_may_be_in_any_buffer(buffer: Callable[[bytes], Any]) -> None:
    assert said(Faces.from_bytes(buffer(FOUR))) == FOUR_SAYS
    with pytest.raises(PacketError) as caught:
        Faces.from_bytes(buffer(FOUR[:-1] + bytes([FOUR[-1] ^ 0x80])))
    assert caught.value.rule == "checksum"


def test_a_buffer_of_wider_numbers_is_its_bytes() -> None:
    assert Faces.from_bytes(memoryview(ONE).cast("B", (13, 3))) == Faces.from_bytes(ONE)
    with pytest.raises(PacketError) as caught:
        Faces.from_bytes(array.array("H", range(39)))
    assert caught.value.value == 78


@pytest.mark.parametrize("no_buffer", ["0" * 39, list(ONE), 39, None, object()])
def test_what_is_no_buffer_is_a_type_error(no_buffer: Any) -> None:
    with pytest.raises(TypeError):
        Faces.from_bytes(no_buffer)


def test_a_view_that_was_released_is_pythons_own_error() -> None:
    view = memoryview(ONE)
    view.release()
    with pytest.raises(ValueError, match="released"):
        Faces.from_bytes(view)


def test_faces_do_not_change_with_the_buffer_they_came_from() -> None:
    buffer = bytearray(ONE)
    faces = Faces.from_bytes(buffer)
    buffer[:] = bytes(39)
    assert said(faces) == ONE_SAYS
    assert len(buffer) == 39
    buffer.append(0)  # It is not held.


@given(st.binary(min_size=39, max_size=39) | st.binary(max_size=100))
def test_any_bytes_are_faces_or_a_packet_error(data: bytes) -> None:
    if len(data) == 39 and checksum(data[:37]) == int.from_bytes(data[37:], "little"):
        return  # By a chance of one in 65536; the next test makes such packets.
    with pytest.raises(PacketError) as caught:
        Faces.from_bytes(data)
    assert (caught.value.rule == "length 39") == (len(data) != 39)


@given(st.binary(min_size=32, max_size=32), st.integers(0, 7))
def test_any_records_with_the_right_checksum_are_faces_or_break_a_rule(records: bytes, count: int) -> None:
    packet = sealed((bytes([0, 0, 33, 0, count]) + records).hex())
    broken = [
        (5 + 8 * slot + at, rule)
        for slot in range(min(count, 4))
        for record in [records[8 * slot : 8 * slot + 8]]
        for at, rule, fine in [
            (0, "confidence <= 100", record[0] <= 100),
            (1, "left <= right", record[1] <= record[3]),
            (2, "top <= bottom", record[2] <= record[4]),
            (7, "is facing 0 or 1", record[7] <= 1),
        ]
        if not fine
    ]
    if count > 4:
        broken = [(4, "number of faces <= 4")]
    if broken:
        with pytest.raises(PacketError) as caught:
            Faces.from_bytes(packet)
        place, rule = broken[0]
        assert (caught.value.rule, caught.value.place) == (rule, place)
        assert caught.value.value == packet[place]
    else:
        assert Faces.from_bytes(packet).count == count


edges = st.tuples(st.integers(0, 255), st.integers(0, 255)).map(sorted)


@st.composite
def any_face(draw: st.DrawFn) -> Face:
    (left, right), (top, bottom) = draw(edges), draw(edges)
    identity = draw(st.none() | st.builds(Identity, st.integers(0, 7), st.integers(1, 100)))
    return Face(Bounds(left, top, right, bottom), draw(st.integers(0, 100)), identity, draw(st.booleans()))


@given(st.lists(any_face(), max_size=4))
def test_faces_are_the_same_after_a_way_over_the_wire(given_faces: list[Face]) -> None:
    faces = Faces(given_faces)
    packet = bytes(faces)
    assert Faces.from_bytes(packet) == faces
    assert list(Faces.from_bytes(packet)) == given_faces
    assert oddities(packet) == []


@given(st.lists(any_face(), min_size=1, max_size=4), st.integers(0, 37 * 8 - 1))
def test_no_bit_of_a_packet_can_be_lost_unnoticed(faces: list[Face], bit: int) -> None:
    packet = bytearray(bytes(Faces(faces)))
    packet[bit // 8] ^= 1 << bit % 8
    with pytest.raises(PacketError):
        Faces.from_bytes(packet)


def test_the_constants_are_the_sensors() -> None:
    assert (ADDRESS, PACKET_LEN, MAX_FACES) == (0x62, 39, 4)


def test_the_checksum_has_its_published_check_value() -> None:
    assert crc16_mcrf4xx(b"123456789") == 0x6F91
    assert crc16_mcrf4xx(bytes(37)) == 0x952D
    assert crc16_mcrf4xx(b"\xff" * 37) == 0xFCE7


@given(st.binary(max_size=200))
def test_the_checksum_is_the_one_of_the_definition(data: bytes) -> None:
    assert crc16_mcrf4xx(data) == checksum(data)
    assert crc16_mcrf4xx(bytearray(data)) == checksum(data)


def test_the_layout_covers_each_byte_once() -> None:
    assert [place for field in LAYOUT for place in range(field.offset, field.offset + field.width)] == list(
        range(39)
    )


def test_the_layout_is_the_table_of_the_protocol() -> None:
    # docs/protocol.md, A packet: offset, width, name, least, greatest, refused or odd, signed.
    rows = [(0, 2, "reserved", 0, 0, False, False), (2, 2, "data length", 33, 33, True, False)]
    rows += [(4, 1, "number of faces", 0, 4, True, False)]
    for slot in range(4):
        first = 5 + 8 * slot
        rows += [
            (first, 1, "confidence", 0, 100, True, False),
            (first + 1, 1, "left", 0, 255, True, False),
            (first + 2, 1, "top", 0, 255, True, False),
            (first + 3, 1, "right", 0, 255, True, False),
            (first + 4, 1, "bottom", 0, 255, True, False),
            (first + 5, 1, "id confidence", -128, 100, False, True),
            (first + 6, 1, "id", -1, 7, False, True),
            (first + 7, 1, "is facing", 0, 1, True, False),
        ]
    rows += [(37, 2, "checksum", 0, 0xFFFF, True, False)]
    assert [(f.offset, f.width, f.name, f.min, f.max, f.enforced, f.signed) for f in LAYOUT] == rows
    assert [field.face for field in LAYOUT] == [None] * 3 + [slot for slot in range(4) for _ in range(8)] + [
        None
    ]


def test_a_packet_can_say_as_much_as_its_fields() -> None:
    bits = bits_per_packet()
    # By hand: the number of faces, and four times a confidence, four edges, an id, its confidence, a flag.
    assert bits.documented == 3 + 4 * (7 + 4 * 8 + 8 + 4 + 1)
    assert bits.accepted == 16 + 3 + 4 * 64
    assert sum(field.documented_bits for field in LAYOUT) == bits.documented
    assert sum(field.accepted_bits for field in LAYOUT) == bits.accepted


def test_each_field_says_its_bytes() -> None:
    assert Field("data length").value(ONE) == 33
    assert Field("checksum").value(ONE) == 0x8B15
    assert Field("left", face=0).value(ONE) == 0x7C
    assert Field("id", face=1).value(FOUR) == -1
    assert Field("id confidence", 2).value(bytearray(FOUR)) == -1
    with pytest.raises(PacketError):
        Field("id", face=1).value(FOUR[:38])


def test_a_field_knows_what_is_documented() -> None:
    confidence = Field("confidence", face=3)
    assert [confidence.documents(value) for value in (-1, 0, 100, 101, 2**31, 10**40, -(10**40))] == [
        False,
        True,
        True,
        False,
        False,
        False,
        False,
    ]


@pytest.mark.parametrize(
    ("name", "face"),
    [("left", None), ("checksum", 0), ("width", 0), ("left", 4), ("left", -1), ("left", 256), ("", None)],
)
def test_there_is_no_field_that_a_packet_has_not(name: str, face: Optional[int]) -> None:
    with pytest.raises(ConfigError):
        Field(name, face)


@pytest.mark.parametrize("packet", [NOBODY, ONE])
def test_nothing_is_odd_about_a_captured_packet(packet: bytes) -> None:
    assert oddities(packet) == []


def test_what_no_document_speaks_of_is_odd_but_accepted() -> None:
    packet = sealed(
        f"07 00 21 00 01   63 7c 80 95 aa 65 f0 01   00 00 2a 00 00 00 ff 00   {NO_RECORD} {NO_RECORD}"
    )
    assert Faces.from_bytes(packet).count == 1
    assert oddities(packet) == [
        Oddity(Field("reserved"), 7),
        Oddity(Field("id confidence", 0), 101),
        Oddity(Field("id", 0), -16),
        Oddity(Field("top", 1), 42, in_unused_slot=True),
        Oddity(Field("id", 1), -1, in_unused_slot=True),
    ]


def test_a_packet_that_is_refused_can_be_looked_into_all_the_same() -> None:
    assert Oddity(Field("number of faces"), 255) in oddities(UNDRIVEN)
    with pytest.raises(PacketError):
        oddities(UNDRIVEN[1:])


@pytest.mark.parametrize(
    ("field", "value"), [("reserved", 65536), ("reserved", -1), ("number of faces", 256)]
)
def test_an_oddity_is_a_value_that_the_field_can_hold(field: str, value: int) -> None:
    with pytest.raises(ConfigError):
        Oddity(Field(field), value)
