"""The native module. What is public of it is in `mlsensor`."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from os import PathLike
from typing import Any, ClassVar, Final, Generic, Optional, SupportsIndex, TypeVar, Union, final, overload

from typing_extensions import Buffer, TypeAlias, disjoint_base

from mlsensor import _answers as answers
from mlsensor._enums import (
    FaultKind,
    Freshness,
    Lock,
    LookalikeKind,
    Mode,
    Mount,
    Outcome,
    Pull,
    Sense,
    State,
)
from mlsensor._errors import SensorError

__version__: str

# ---- command

def run_command(words: Sequence[str]) -> int: ...

# ---- values

ADDRESS: Final[int]
"""The sensor's 7-bit I2C address, 0x62 (Guide, Reading Data). It cannot be changed."""
MAX_FACES: Final[int]
"""The most faces that one packet can hold, 4 (Guide, Data Format)."""
PACKET_LEN: Final[int]
"""The length of a packet in bytes, 39 (Guide, Data Format)."""
LAYOUT: Final[tuple[Field, ...]]
"""The 36 fields of the packet, in order (Guide, Data Format). They cover each of the 39 bytes once."""

@final
class Bounds:
    """Where a face is: four edges in view units, 0 to 255 over the field of view, origin top left.

    The picture is not mirrored: 0 is the sensor's left, which is the right-hand side of a person who faces
    it.

    Errors: `ConfigError` for an edge outside 0 to 255, and if `left > right` or `top > bottom`.

    Threads: a frozen value, which any thread may use.
    """

    __match_args__ = ("left", "top", "right", "bottom")

    def __new__(
        cls, left: SupportsIndex, top: SupportsIndex, right: SupportsIndex, bottom: SupportsIndex
    ) -> Bounds: ...
    @property
    def left(self) -> int:
        """The left edge, 0 to 255 view units from the left of the picture."""
    @property
    def top(self) -> int:
        """The upper edge, 0 to 255 view units from the top of the picture."""
    @property
    def right(self) -> int:
        """The right edge, 0 to 255 view units from the left of the picture; never less than `left`."""
    @property
    def bottom(self) -> int:
        """The lower edge, 0 to 255 view units from the top of the picture; never less than `top`."""
    @property
    def width(self) -> int:
        """`right - left`, 0 to 255 view units."""
    @property
    def height(self) -> int:
        """`bottom - top`, 0 to 255 view units. What is square in the world has width : height = 3 : 4."""
    @property
    def center(self) -> tuple[int, int]:
        """The middle, `(x, y)` in view units, rounded toward the top left."""
    @property
    def area(self) -> int:
        """Width times height, 0 to 65025 square view units."""
    @property
    def bearing_deg(self) -> float:
        """The direction of the middle in degrees: -55.0 (the sensor's left) to 55.0 (its right).

        It assumes an equidistant lens; were the lens rectilinear, the true bearing would be up to 8 degrees
        larger.
        """
    @property
    def elevation_deg(self) -> float:
        """The height of the middle over the lens axis in degrees: -41.25 (below) to 41.25 (above).

        It assumes an equidistant lens, as `bearing_deg` does.
        """
    @property
    def distance_m(self) -> float | None:
        """How far away the face is, in metres, 0.078 to 20.0, from its width alone; `None` if it has no
        width.

        It is rough: 20 unit-metres over the width, for a face 0.15 m wide. A face that is turned, partly out
        of view, or a child's seems further away.
        """
    def as_dict(self) -> dict[str, Any]:
        """The four edges as a dictionary that `json` can write, as the command prints them."""
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __reduce__(self) -> tuple[type[Bounds], tuple[int, int, int, int]]: ...

@final
class Identity:
    """Whom the sensor takes a face for, and how sure it is.

    `id` is a label, 0 to 7, that this one sensor was taught; it is opaque, and two faces of one packet may
    have the same.

    Errors: `ConfigError` for an id outside 0 to 7 and a confidence outside 1 to 100. Who is not recognised
    has no identity.

    Threads: a frozen value, which any thread may use.
    """

    __match_args__ = ("id", "confidence")

    def __new__(cls, id: SupportsIndex, confidence: SupportsIndex) -> Identity: ...
    @property
    def id(self) -> int:
        """The label, 0 to 7."""
    @property
    def confidence(self) -> int:
        """How sure the sensor is of it, 1 to 100."""
    def as_dict(self) -> dict[str, Any]:
        """Both as a dictionary that `json` can write, as the command prints them."""
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __reduce__(self) -> tuple[type[Identity], tuple[int, int]]: ...

@final
class Face:
    """One face of one packet.

    Errors: `ConfigError` for a confidence outside 0 to 100.

    Threads: a frozen value, which any thread may use.
    """

    __match_args__ = ("bounds", "confidence", "identity", "is_facing")

    def __new__(
        cls,
        bounds: Bounds,
        confidence: SupportsIndex,
        identity: Identity | None = None,
        is_facing: bool = False,
    ) -> Face: ...
    @property
    def bounds(self) -> Bounds:
        """Where the face is."""
    @property
    def confidence(self) -> int:
        """How sure the sensor is that this is a face, 0 to 100.

        Every value ever published is 63 to 99: a threshold below that does nothing.
        """
    @property
    def identity(self) -> Identity | None:
        """Whom the sensor takes this face for; `None` if it does not know, or recognition is off."""
    @property
    def is_facing(self) -> bool:
        """Whether the head points at the sensor: its pose, not the gaze of the eyes. It flickers."""
    def as_dict(self) -> dict[str, Any]:
        """The face as a dictionary that `json` can write, as the command prints it."""
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __reduce__(self) -> tuple[type[Face], tuple[Bounds, int, Identity | None, bool]]: ...

@final
class Faces(Sequence[Face]):
    """The 0 to 4 faces of one packet: a sequence, as a tuple is.

    It has the methods of a `Sequence`, but that `count` is the number of faces. A slice is `Faces` again, and
    as of any sequence the truth value is whether it holds something. Nothing should depend on the order of
    the faces: ask for the `largest`, the `most_confident` or the one `nearest_to` a direction.

    Errors: `ConfigError` for more than four faces, `TypeError` for what is no `Face`.

    Threads: a frozen value, which any thread may use.
    """

    def __new__(cls, faces: Iterable[Face] = ()) -> Faces: ...
    @staticmethod
    def from_bytes(buffer: Buffer) -> Faces:
        """The faces that the 39 bytes of a packet say: `bytes`, `bytearray`, `memoryview`, or another buffer.

        The packet is checked as one from the bus is: each packet gives faces or a `PacketError`, which names
        the first `rule` that is broken, the `place` of the field that breaks it (the offset of its first
        byte) and the `value` that stands there:

        ============================  =======================================  ==========================
        rule                          place                                    value
        ============================  =======================================  ==========================
        ``"length 39"``               the first byte that is missing or one    the length
                                      too many: 0 to 38, or 39
        ``"not all 0xFF"``            0                                        65535: nothing drives the bus
        ``"not all zero"``            0                                        0: the data line is stuck
        ``"checksum"``                37                                       what stands there, 16 bits
        ``"data length 33"``          2                                        what stands there, 16 bits
        ``"number of faces <= 4"``    4                                        the number
        ``"confidence <= 100"``       5 + 8 x slot                             the confidence
        ``"left <= right"``           6 + 8 x slot                             the left edge
        ``"top <= bottom"``           7 + 8 x slot                             the top edge
        ``"is facing 0 or 1"``        12 + 8 x slot                            the flag
        ============================  =======================================  ==========================

        Errors: `PacketError`; `TypeError` for what has no buffer.
        """
    @property
    def count(self) -> int:  # type: ignore[override]
        """The number of faces, 0 to 4 (Guide, Data Format, byte 4)."""
    @property
    def is_empty(self) -> bool:
        """Whether the sensor saw nobody."""
    @property
    def facing(self) -> Faces:
        """The faces that face the sensor."""
    @property
    def largest(self) -> Face | None:
        """The face with the greatest area, most likely the nearest person; `None` if there is nobody."""
    @property
    def most_confident(self) -> Face | None:
        """The face that the sensor is surest of; `None` if there is nobody."""
    def nearest_to(self, bearing_deg: float) -> Face | None:
        """The face whose direction is nearest to this one; `None` if there is nobody.

        In degrees, as `Bounds.bearing_deg` gives them: negative is the sensor's left.

        Errors: `ConfigError` for an infinity and for what is not a number.
        """
    def index(self, value: object, start: SupportsIndex = 0, stop: SupportsIndex | None = None) -> int:
        """The place of the first face that equals `value`, from `start` on and before `stop`.

        Errors: `ValueError` if there is none.
        """
    def as_dict(self) -> dict[str, Any]:
        """The faces as a dictionary that `json` can write: a list under "faces", each as printed."""
    @overload
    def __getitem__(self, index: SupportsIndex, /) -> Face: ...
    @overload
    def __getitem__(self, index: slice, /) -> Faces: ...
    def __len__(self, /) -> int: ...
    def __contains__(self, face: object, /) -> bool: ...
    def __iter__(self, /) -> Iterator[Face]: ...
    def __reversed__(self) -> Iterator[Face]: ...
    def __bytes__(self) -> bytes:
        """The packet that says these faces, with reserved bytes and unused slots zero."""
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __reduce__(self) -> tuple[type[Faces], tuple[tuple[Face, ...]]]: ...
    def _repr_svg_(self) -> str:
        """The field of view with the faces in it, to scale, for a notebook.

        Who faces the sensor is filled, blue and has eyes; who does not has a dashed, orange outline.
        """

@final
class Config:
    """The settings of a sensor. Without arguments: how it powers on (Guide, Configuration).

    No way to read them back is documented, and a sensor that lost power forgets them: hold a `Config`, and
    the supervised sensor applies it whenever it comes back. Settings have names alone, no places.

    Threads: a frozen value, which any thread may use.
    """

    __match_args__ = ()

    def __new__(
        cls,
        *,
        mode: Mode = Mode.CONTINUOUS,
        id_enabled: bool = False,
        persist_ids: bool = True,
        led: bool = True,
    ) -> Config: ...
    @property
    def mode(self) -> Mode:
        """Whether the sensor looks by itself. Power-on: `Mode.CONTINUOUS`."""
    @property
    def id_enabled(self) -> bool:
        """Whether recognition runs. Power-on: off."""
    @property
    def persist_ids(self) -> bool:
        """Whether labels outlast a loss of power. Power-on: on. Users report that they got lost."""
    @property
    def led(self) -> bool:
        """Whether the indicator LED is on. Power-on: on."""
    def replace(
        self, *, mode: Mode = ..., id_enabled: bool = ..., persist_ids: bool = ..., led: bool = ...
    ) -> Config:
        """The same settings, but for these.

        Errors: `TypeError` for a setting that does not exist.
        """
    def __replace__(
        self, *, mode: Mode = ..., id_enabled: bool = ..., persist_ids: bool = ..., led: bool = ...
    ) -> Config:
        """As `replace`, for `copy.replace` (Python 3.13)."""
    def as_dict(self) -> dict[str, Any]:
        """The settings as a dictionary that `json` can write."""
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __reduce__(self) -> tuple[Any, ...]: ...

@final
class Field:
    """One field of the packet: a row of `LAYOUT`.

    Those of a face record are named with its slot: `Field("left", face=0)`.

    Errors: `ConfigError` for a field that a packet has not.

    Threads: a frozen value, which any thread may use.
    """

    __match_args__ = ("name", "face")

    def __new__(cls, name: str, face: SupportsIndex | None = None) -> Field: ...
    @property
    def name(self) -> str:
        """The field's name, the same for each face."""
    @property
    def face(self) -> int | None:
        """The face slot it belongs to, 0 to 3; `None` for the packet's own fields."""
    @property
    def offset(self) -> int:
        """Its first byte, counted from 0."""
    @property
    def width(self) -> int:
        """Its width in bytes, 1 or 2; two bytes are little-endian."""
    @property
    def signed(self) -> bool:
        """Whether a single byte is read as signed, -128 to 127."""
    @property
    def min(self) -> int:
        """The least documented value."""
    @property
    def max(self) -> int:
        """The greatest documented value."""
    @property
    def enforced(self) -> bool:
        """Whether a packet with another value is refused. If not, such a value is an `Oddity`."""
    @property
    def documented_bits(self) -> int:
        """The greatest number of bits that its documented values can carry."""
    @property
    def accepted_bits(self) -> int:
        """The greatest number of bits that it can carry in a packet that is accepted.

        All of them in a slot that holds no face, because unused slots are not looked at.
        """
    @property
    def meaning(self) -> str:
        """What it means, and in which unit."""
    def value(self, packet: Buffer) -> int:
        """What the packet says in this field.

        Errors: `PacketError` if it has not 39 bytes; nothing else of it is checked.
        """
    def documents(self, value: SupportsIndex) -> bool:
        """Whether this is a documented value of this field."""
    def as_dict(self) -> dict[str, Any]:
        """The row as a dictionary that `json` can write."""
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __reduce__(self) -> tuple[type[Field], tuple[str, int | None]]: ...

@final
class Oddity:
    """A value that no document speaks of, in a place where it does no harm.

    Errors: `ConfigError` for a value that the field cannot hold.

    Threads: a frozen value, which any thread may use.
    """

    __match_args__ = ("field", "value", "in_unused_slot")

    def __new__(cls, field: Field, value: SupportsIndex, in_unused_slot: bool = False) -> Oddity: ...
    @property
    def field(self) -> Field:
        """The field."""
    @property
    def value(self) -> int:
        """What it says."""
    @property
    def in_unused_slot(self) -> bool:
        """Whether the field belongs to a slot that holds no face, and should be zero for that reason."""
    def as_dict(self) -> dict[str, Any]:
        """The oddity as a dictionary that `json` can write, the field with all its columns."""
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __reduce__(self) -> tuple[type[Oddity], tuple[Field, int, bool]]: ...

@final
class PacketBits:
    """How much one packet can say, in bits, as an upper bound.

    Errors: `ConfigError` for numbers of bits that 39 bytes have not.

    Threads: a frozen value, which any thread may use.
    """

    __match_args__ = ("documented", "accepted")

    def __new__(cls, documented: SupportsIndex, accepted: SupportsIndex) -> PacketBits: ...
    @property
    def documented(self) -> int:
        """With the documented values of every field. A packet that says more shows up in `oddities`."""
    @property
    def accepted(self) -> int:
        """With all that a packet may hold and be accepted: reserved bytes and unused slots too."""
    def as_dict(self) -> dict[str, Any]:
        """Both as a dictionary that `json` can write."""
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __reduce__(self) -> tuple[type[PacketBits], tuple[int, int]]: ...

def bits_per_packet() -> PacketBits:
    """The most that one packet can say: the sum of what its fields can."""

def oddities(packet: Buffer) -> list[Oddity]:
    """What is odd about a packet: bytes in reserved places and in unused slots, and undocumented values.

    A packet that is accepted may have oddities, and one that is refused may have none.

    Errors: `PacketError` if it has not 39 bytes; nothing else of it is checked.
    """

def crc16_mcrf4xx(buffer: Buffer) -> int:
    """The checksum of a packet, CRC-16/MCRF4XX, of bytes of any length: 0x6F91 for ``b"123456789"``."""

# ---- behaviors

_T = TypeVar("_T")

@final
class Gate:
    """Which faces count at all: the others are as if they were not there. A frozen value.

    `Gate(min_confidence=0, min_width=0)`

    * `min_confidence`: the least confidence, 0 to 100.
    * `min_width`: the least width in view units, 0 to 255. Width times distance is about 20 unit-metres: 20
      lets through faces up to about 1 m.

    A false face is told from a true one by its not lasting, not by its confidence: a gate costs range.

    Raises `ConfigError` for what is out of its range.

    Threads: a frozen value, which any thread may use.
    """

    __match_args__ = ("min_confidence", "min_width")
    def __new__(cls, min_confidence: int = 0, min_width: int = 0) -> Gate: ...
    @property
    def min_confidence(self) -> int:
        """The least confidence, 0 to 100."""
    @property
    def min_width(self) -> int:
        """The least width in view units, 0 to 255."""
    def admits(self, face: Face) -> bool:
        """Whether this face counts."""
    def admitted(self, faces: Faces) -> list[Face]:
        """The faces that count, in their order."""
    def as_dict(self) -> dict[str, Any]:
        """As plain data for `json`. Times are in seconds."""
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __reduce__(self) -> tuple[type[Any], tuple[Any, ...]]: ...

@final
class Direction:
    """A direction in the room: where a face is, or where a pan/tilt points. A frozen value.

    `Direction(pan_deg=0.0, tilt_deg=0.0)`

    Degrees, kept to a thousandth. Zero is straight ahead of the mount; pan is positive to the sensor's own
    right, tilt is positive upward.

    Threads: a frozen value, which any thread may use.
    """

    __match_args__ = ("pan_deg", "tilt_deg")
    def __new__(cls, pan_deg: float = 0.0, tilt_deg: float = 0.0) -> Direction: ...
    @property
    def pan_deg(self) -> float:
        """To the right (negative: to the left), in degrees."""
    @property
    def tilt_deg(self) -> float:
        """Up (negative: down), in degrees."""
    def as_dict(self) -> dict[str, Any]:
        """As plain data for `json`, as the driver writes it: whole thousandths of a degree."""
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __reduce__(self) -> tuple[type[Any], tuple[Any, ...]]: ...

@final
class Velocity:
    """How fast a direction changes, in degrees a second. A frozen value.

    `Velocity(pan_deg_per_s=0.0, tilt_deg_per_s=0.0)`

    Threads: a frozen value, which any thread may use.
    """

    __match_args__ = ("pan_deg_per_s", "tilt_deg_per_s")
    def __new__(cls, pan_deg_per_s: float = 0.0, tilt_deg_per_s: float = 0.0) -> Velocity: ...
    @property
    def pan_deg_per_s(self) -> float:
        """To the right (negative: to the left), in degrees a second."""
    @property
    def tilt_deg_per_s(self) -> float:
        """Up (negative: down), in degrees a second."""
    def as_dict(self) -> dict[str, Any]:
        """As plain data for `json`, as the driver writes it: whole thousandths of a degree."""
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __reduce__(self) -> tuple[type[Any], tuple[Any, ...]]: ...

@final
class View:
    """From where the sensor looked when a picture was taken: for a sensor that rides on a pan/tilt. A frozen
    value.

    `View(direction=Direction(), uncertainty_deg=0.0)`: as it is, a sensor that stands still and looks
    straight ahead.

    * `direction`: where the lens axis pointed.
    * `uncertainty_deg`: by how much that may be wrong, in degrees, not below 0.

    Threads: a frozen value, which any thread may use.
    """

    __match_args__ = ("direction", "uncertainty_deg")
    def __new__(cls, direction: Direction = Direction(), uncertainty_deg: float = 0.0) -> View: ...
    @property
    def direction(self) -> Direction:
        """Where the lens axis pointed."""
    @property
    def uncertainty_deg(self) -> float:
        """By how much that may be wrong, in degrees."""
    def as_dict(self) -> dict[str, Any]:
        """As plain data for `json`, as the driver writes it: whole thousandths of a degree."""
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __reduce__(self) -> tuple[type[Any], tuple[Any, ...]]: ...

@disjoint_base
class PresenceEvent:
    """A change of what `Presence` concludes: `Arrived`, `Left` or `Lost`. A frozen value.

    Times are those that `update` was given, in seconds.

    Threads: a frozen value, which any thread may use.
    """

    @final
    class Arrived(PresenceEvent):
        """Somebody is here now.

        * `first_seen`: when the sensor first saw what became the arrival.
        * `was`: the outcome before. Absent: somebody came. Unknown: somebody is here, who may have been here
          before; do not greet twice.
        """

        __match_args__ = ("first_seen", "was")
        def __new__(cls, first_seen: float, was: Outcome) -> PresenceEvent.Arrived: ...
        @property
        def first_seen(self) -> float:
            """When the sensor first saw what became the arrival."""
        @property
        def was(self) -> Outcome:
            """The outcome before."""

    @final
    class Left(PresenceEvent):
        """Nobody is here now.

        * `last_seen`: when a face was last seen; None if never.
        * `was`: the outcome before. Unknown: nobody is here, and there may have been nobody before.
        """

        __match_args__ = ("last_seen", "was")
        def __new__(cls, last_seen: float | None, was: Outcome) -> PresenceEvent.Left: ...
        @property
        def last_seen(self) -> float | None:
            """When a face was last seen, if ever."""
        @property
        def was(self) -> Outcome:
            """The outcome before."""

    @final
    class Lost(PresenceEvent):
        """Nothing is known now: readings stay away.

        * `was`: the outcome before.
        """

        __match_args__ = ("was",)
        def __new__(cls, was: Outcome) -> PresenceEvent.Lost: ...
        @property
        def was(self) -> Outcome:
            """The outcome before."""

    @property
    def outcome(self) -> Outcome:
        """The outcome from this event on."""
    def as_dict(self) -> dict[str, Any]:
        """As plain data for `json`: the name of the variant, and what it holds. Times are in
        seconds.
        """
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __reduce__(self) -> tuple[type[Any], tuple[Any, ...]]: ...

_PresenceEvent: TypeAlias = PresenceEvent.Arrived | PresenceEvent.Left | PresenceEvent.Lost

@final
class Presence:
    """Tells whether somebody is here.

    All times in seconds, not below 0; `ConfigError` otherwise.

    * `arrive_after` (0.6): a face is an arrival once it was seen for so long. 0.6 is longer than a burst of
      three false faces.
    * `leave_after` (2): nobody is here once readings saw no face for so long.
    * `tolerated_gap` (0.3): an arrival goes on if a face that was missed is seen again so soon.
    * `stale_after` (1.5): nothing is known once there was no reading for so long. More than twice the time
      between readings.
    * `gate`: which faces count. All, unless changed.

    Threads: any number may use it; each call is whole.
    """

    DEFAULTS: ClassVar[Mapping[str, Any]]
    """The settings that it has unless they are changed."""
    WITH_RECOGNITION: ClassVar[Mapping[str, Any]]
    """The settings for a sensor that runs recognition."""
    def __new__(
        cls,
        *,
        arrive_after: float = 0.6,
        leave_after: float = 2.0,
        tolerated_gap: float = 0.3,
        stale_after: float = 1.5,
        gate: Gate = Gate(),
    ) -> Presence: ...
    @property
    def outcome(self) -> Outcome:
        """Whether somebody is here, as of the latest update: present, absent or unknown."""
    @property
    def since(self) -> float:
        """The time of the update with which the outcome became what it is, in seconds; 0 before the first
        update.
        """
    @property
    def last_seen(self) -> float | None:
        """When a face that counts was last seen, a false one too, in seconds; None if never."""
    @property
    def config(self) -> Mapping[str, Any]:
        """The settings it was made with, by their keywords."""
    @classmethod
    def with_recognition(cls, **changes: Any) -> Presence:
        """For a sensor that runs recognition: with the settings `WITH_RECOGNITION`, but for the changes."""
    def update(self, now: float, faces: Faces | None) -> _PresenceEvent | None:
        """Takes a reading, or None if there is none: a read failed, or time passes. None is never "nobody".

        `now` is when the reading was made, in seconds since any fixed moment. Time that goes backward counts
        as no time.

        Gives the change of the outcome, or None if it is as it was.
        """

@final
class Track:
    """One person who is followed through the packets, as of one update of the tracker. A frozen value. Times
    are in seconds.

    Where somebody will be soon only the tracker knows: `Tracker.direction_at`.

    Threads: a frozen value, which any thread may use.
    """

    __match_args__ = (
        "id",
        "face",
        "bounds",
        "direction",
        "velocity",
        "first_seen",
        "last_seen",
        "is_seen",
        "identity",
    )
    def __new__(
        cls,
        id: int,
        face: Face,
        bounds: Bounds,
        direction: Direction,
        velocity: Velocity,
        first_seen: float,
        last_seen: float,
        is_seen: bool = True,
        identity: int | None = None,
    ) -> Track: ...
    @property
    def id(self) -> int:
        """Its number, 1 to 65535. It means nothing beyond this tracker, and nothing about who somebody is."""
    @property
    def face(self) -> Face:
        """The face as it was last reported, unsmoothed."""
    @property
    def bounds(self) -> Bounds:
        """Where the face is in the picture, smoothed over the last packets: as of its last sighting."""
    @property
    def direction(self) -> Direction:
        """In which direction the face is from the mount, smoothed: as of its last sighting."""
    @property
    def velocity(self) -> Velocity:
        """How fast the direction changes."""
    @property
    def first_seen(self) -> float:
        """When it was first seen."""
    @property
    def last_seen(self) -> float:
        """When it was last seen: in the packet that was read then for the first time."""
    @property
    def is_seen(self) -> bool:
        """Whether the latest reading saw it; if not, it is where it was last seen, or has moved on."""
    @property
    def identity(self) -> int | None:
        """Who it is, 0 to 7, by the votes of many packets; None if too few agree, or recognition is off."""
    @property
    def is_facing(self) -> bool:
        """Whether the head pointed at the sensor when it was last seen. This flickers: `Attention` does
        not.
        """
    def age(self, now: float) -> float:
        """How long before `now` it was first seen, in seconds; 0 for what lies ahead."""
    def as_dict(self) -> dict[str, Any]:
        """As plain data for `json`. Times are in seconds."""
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __reduce__(self) -> tuple[type[Any], tuple[Any, ...]]: ...

@final
class Tracker:
    """Follows up to eight people through the packets, of which each holds up to four faces, and gives each a
    number that stays.

    All times in seconds, not below 0; `ConfigError` otherwise.

    * `birth_after` (0.4): how long a face must have been seen to be a track. Four different packets it takes
      in any case.
    * `tolerated_gap` (0.3): the longest gap between two sightings of a face that is no track yet.
    * `death_after` (1.5): how long a track lives without a sighting.
    * `stale_after` (1.5): after this long without a reading nothing is known. More than twice the time
      between readings.
    * `gate`: which faces count. All, unless changed.

    Threads: any number may use it; each call is whole.
    """

    DEFAULTS: ClassVar[Mapping[str, Any]]
    """The settings that it has unless they are changed."""
    WITH_RECOGNITION: ClassVar[Mapping[str, Any]]
    """The settings for a sensor that runs recognition."""
    def __new__(
        cls,
        *,
        birth_after: float = 0.4,
        tolerated_gap: float = 0.3,
        death_after: float = 1.5,
        stale_after: float = 1.5,
        gate: Gate = Gate(),
    ) -> Tracker: ...
    @property
    def tracks(self) -> tuple[Track, ...]:
        """The tracks as of the latest update, 8 at most. Their order means nothing."""
    @property
    def outcome(self) -> Outcome:
        """Whether there is a track, as of the latest update: present, absent or unknown."""
    @property
    def last_reading(self) -> float | None:
        """When the last reading came that was not a repetition of the one before it, in seconds; None if
        none did.
        """
    @property
    def last_heard(self) -> float | None:
        """When the last reading came, repetition or not, in seconds; None if none did."""
    @property
    def config(self) -> Mapping[str, Any]:
        """The settings it was made with, by their keywords."""
    @classmethod
    def with_recognition(cls, **changes: Any) -> Tracker:
        """For a sensor that runs recognition: with the settings `WITH_RECOGNITION`, but for the changes."""
    def update(self, now: float, faces: Faces | None) -> None:
        """Takes a reading of a sensor that stands still, or None if there is none: never "nobody".

        `now` is when the reading was made, in seconds since any fixed moment. A clock that is set back takes
        the past along.
        """
    def update_from(self, now: float, view: View, faces: Faces | None) -> None:
        """Takes a reading of a sensor that rides on a pan/tilt, or None.

        `view` is where it looked when the picture was taken, some 0.2 s before it can be read: `Aim.view`
        remembers that.
        """
    def get(self, id: int) -> Track | None:
        """The track with this number, or None if it has ended."""
    def direction_at(self, id: int, now: float) -> Direction | None:
        """In which direction the track with this number is at a moment, if it goes on as it moved: for half a
        second at most.

        None if the track has ended.
        """

@final
class Look:
    """Somebody who faces the sensor and has its attention. A frozen value. Times are in seconds.

    Threads: a frozen value, which any thread may use.
    """

    __match_args__ = ("track", "since", "last_faced", "bounds", "direction", "identity")
    def __new__(
        cls,
        track: int,
        since: float,
        last_faced: float,
        bounds: Bounds,
        direction: Direction,
        identity: int | None = None,
    ) -> Look: ...
    @property
    def track(self) -> int:
        """The number of the track of the person who looks. The track may have ended before the look does."""
    @property
    def since(self) -> float:
        """Since when the sensor was faced: the first sighting of it, earlier than the event by `hold` at
        least.
        """
    @property
    def last_faced(self) -> float:
        """When the sensor was last faced."""
    @property
    def bounds(self) -> Bounds:
        """Where the face is in the picture, smoothed; where it was last, if its track has ended."""
    @property
    def direction(self) -> Direction:
        """In which direction the face is from the mount, smoothed."""
    @property
    def identity(self) -> int | None:
        """Who it is, 0 to 7, by the votes of many packets; None if too few agree, or recognition is off."""
    @property
    def lasted(self) -> float:
        """For how long the sensor was faced, from the first sighting to the last, in seconds."""
    @property
    def distance_m(self) -> float | None:
        """How far away the face is, in metres, which is rough; None if it is too small to tell."""
    def as_dict(self) -> dict[str, Any]:
        """As plain data for `json`. Times are in seconds."""
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __reduce__(self) -> tuple[type[Any], tuple[Any, ...]]: ...

@disjoint_base
class AttentionEvent:
    """A look begins, or is over: `Began`, `Ended` or `Lost`. A frozen value.

    Threads: a frozen value, which any thread may use.
    """

    @final
    class Began(AttentionEvent):
        """Somebody has faced the sensor for long enough: this look begins."""

        __match_args__ = ("look",)
        def __new__(cls, look: Look) -> AttentionEvent.Began: ...
        @property
        def look(self) -> Look:
            """Who looks, and from where."""

    @final
    class Ended(AttentionEvent):
        """They have turned away, or gone: `look.last_faced` says when."""

        __match_args__ = ("look",)
        def __new__(cls, look: Look) -> AttentionEvent.Ended: ...
        @property
        def look(self) -> Look:
            """Who looked, and from where."""

    @final
    class Lost(AttentionEvent):
        """There were no more readings while somebody looked: whether they still do is not known."""

        __match_args__ = ("look",)
        def __new__(cls, look: Look) -> AttentionEvent.Lost: ...
        @property
        def look(self) -> Look:
            """Who looked, and from where."""

    @property
    def outcome(self) -> Outcome:
        """The outcome from this event on."""
    def as_dict(self) -> dict[str, Any]:
        """As plain data for `json`: the name of the variant, and what it holds. Times are in
        seconds.
        """
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __reduce__(self) -> tuple[type[Any], tuple[Any, ...]]: ...

_AttentionEvent: TypeAlias = AttentionEvent.Began | AttentionEvent.Ended | AttentionEvent.Lost

@final
class Attention:
    """Tells when somebody has faced the sensor for long enough, who, and when that is over. It goes by a
    `Tracker`.

    All times in seconds, not below 0; `ConfigError` otherwise.

    * `hold` (0.6): how long somebody must face the sensor.
    * `flicker` (0.3): while that time runs, the longest gap between two packets in which the same person
      faces it.
    * `release` (2): not faced for this long, the look is over.
    * `rearm` (0): how long after the end of a look nobody can begin another one.
    * `stale_after` (1.5): after this long without a reading nothing is known. More than twice the time
      between readings.

    Threads: any number may use it; each call is whole.
    """

    DEFAULTS: ClassVar[Mapping[str, Any]]
    """The settings that it has unless they are changed."""
    WITH_RECOGNITION: ClassVar[Mapping[str, Any]]
    """The settings for a sensor that runs recognition."""
    def __new__(
        cls,
        *,
        hold: float = 0.6,
        flicker: float = 0.3,
        release: float = 2.0,
        rearm: float = 0.0,
        stale_after: float = 1.5,
    ) -> Attention: ...
    @property
    def outcome(self) -> Outcome:
        """Whether somebody has the attention, as of the latest update: present, absent or unknown."""
    @property
    def look(self) -> Look | None:
        """The look that lasts, or None."""
    @property
    def config(self) -> Mapping[str, Any]:
        """The settings it was made with, by their keywords."""
    @classmethod
    def with_recognition(cls, **changes: Any) -> Attention:
        """For a sensor that runs recognition: with the settings `WITH_RECOGNITION`, but for the changes."""
    def update(self, now: float, tracker: Tracker) -> _AttentionEvent | None:
        """Takes what the tracker has concluded, after its update, at the same `now` (seconds).

        Gives whether a look begins or is over, or None if nothing is new.
        """

@final
class AxisConfig:
    """One axis of a pan/tilt: its limits, and how it moves. A frozen value. All angles in degrees, seen from
    the mount.

    * `min_deg` (-90), `max_deg` (90): how far it goes to the left, or down, and to the right, or up: -180 to
      180.
    * `sense`: which way it turns for a positive angle.
    * `bias_deg` (0): what is added to every commanded angle: how far the horn was put on askew.
    * `dead_band_deg` (2.5): how far off the target it may rest, not below 0.
    * `slew_deg_per_s` (120): how fast it may turn, in degrees a second, not below 0.

    Raises `ConfigError` for what is out of its range, or limits that are the wrong way round.

    Threads: a frozen value, which any thread may use.
    """

    __match_args__ = ("min_deg", "max_deg", "sense", "bias_deg", "dead_band_deg", "slew_deg_per_s")
    DEFAULTS: ClassVar[Mapping[str, Any]]
    """The settings that it has unless they are changed."""
    def __new__(
        cls,
        min_deg: float = -90.0,
        max_deg: float = 90.0,
        sense: Sense = Sense.NORMAL,
        bias_deg: float = 0.0,
        dead_band_deg: float = 2.5,
        slew_deg_per_s: float = 120.0,
    ) -> AxisConfig: ...
    @property
    def min_deg(self) -> float:
        """How far it goes to the left, or down, in degrees."""
    @property
    def max_deg(self) -> float:
        """How far it goes to the right, or up, in degrees."""
    @property
    def sense(self) -> Sense:
        """Which way it turns for a positive angle."""
    @property
    def bias_deg(self) -> float:
        """What is added to every commanded angle, in degrees."""
    @property
    def dead_band_deg(self) -> float:
        """How far off the target it may rest, in degrees."""
    @property
    def slew_deg_per_s(self) -> float:
        """How fast it may turn, in degrees a second."""
    def as_dict(self) -> dict[str, Any]:
        """As plain data for `json`, as the driver writes it: whole thousandths of a degree."""
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __reduce__(self) -> tuple[type[Any], tuple[Any, ...]]: ...

@final
class Servo:
    """A hobby servo: what pulse brings it to which angle. A frozen value. All pulses in microseconds, 0 to
    65535.

    * `center_us` (1500): the pulse for an angle of 0.
    * `us_per_90_deg` (1000): how much longer the pulse is for 90 degrees. Turn a servo by hand-made pulses
      before you trust it.
    * `min_us` (500), `max_us` (2500): the shortest and the longest pulse to send.

    Raises `ConfigError` for what is out of its range, or stops that are the wrong way round.

    Threads: a frozen value, which any thread may use.
    """

    __match_args__ = ("center_us", "us_per_90_deg", "min_us", "max_us")
    DEFAULTS: ClassVar[Mapping[str, Any]]
    """The settings that it has unless they are changed."""
    def __new__(
        cls,
        center_us: int = 1500,
        us_per_90_deg: int = 1000,
        min_us: int = 500,
        max_us: int = 2500,
    ) -> Servo: ...
    @property
    def center_us(self) -> int:
        """The pulse for an angle of 0, in microseconds."""
    @property
    def us_per_90_deg(self) -> int:
        """How much longer the pulse is for 90 degrees, in microseconds."""
    @property
    def min_us(self) -> int:
        """The shortest pulse to send, in microseconds."""
    @property
    def max_us(self) -> int:
        """The longest pulse to send, in microseconds."""
    def pulse_us(self, angle_deg: float) -> int:
        """The pulse for an angle in degrees, in microseconds: never shorter than `min_us`, nor longer than
        `max_us`.

        Angles count in whole tenths of a degree, and for no more than a full turn.
        """
    def as_dict(self) -> dict[str, Any]:
        """As plain data for `json`. Times are in seconds."""
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __reduce__(self) -> tuple[type[Any], tuple[Any, ...]]: ...

@disjoint_base
class AimState:
    """What a head is doing. A frozen value.

    Threads: a frozen value, which any thread may use.
    """

    @final
    class Following(AimState):
        """It keeps to somebody: to the track with this number."""

        __match_args__ = ("track",)
        def __new__(cls, track: int) -> AimState.Following: ...
        @property
        def track(self) -> int:
            """The number of the track."""

    @final
    class Holding(AimState):
        """Nobody is there, and it stays as it is."""

        __match_args__ = ()
        def __new__(cls) -> AimState.Holding: ...

    @final
    class Returning(AimState):
        """Nobody is there, and it goes to its rest, or is there."""

        __match_args__ = ()
        def __new__(cls) -> AimState.Returning: ...

    @final
    class Searching(AimState):
        """Nobody is there, and it looks for somebody."""

        __match_args__ = ()
        def __new__(cls) -> AimState.Searching: ...

    @final
    class Blind(AimState):
        """Readings fail: it does not move."""

        __match_args__ = ()
        def __new__(cls) -> AimState.Blind: ...

    def as_dict(self) -> dict[str, Any]:
        """As plain data for `json`: the name of the variant, and what it holds. Times are in
        seconds.
        """
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __reduce__(self) -> tuple[type[Any], tuple[Any, ...]]: ...

_AimState: TypeAlias = (
    AimState.Following | AimState.Holding | AimState.Returning | AimState.Searching | AimState.Blind
)

@disjoint_base
class Choice:
    """Whom to follow, of several: `Choice.Largest()`, `Choice.Nearest()` or `Choice.Person(id)`. A frozen
    value.

    Threads: a frozen value, which any thread may use.
    """

    @final
    class Largest(Choice):
        """The one with the largest face: mostly who is nearest to the sensor."""

        __match_args__ = ()
        def __new__(cls) -> Choice.Largest: ...

    @final
    class Nearest(Choice):
        """The one who is nearest to where the head points already."""

        __match_args__ = ()
        def __new__(cls) -> Choice.Nearest: ...

    @final
    class Person(Choice):
        """The person with this id, as soon as recognition has told them from others; until then, and while
        they are not there, the largest.
        """

        __match_args__ = ("id",)
        def __new__(cls, id: int) -> Choice.Person: ...
        @property
        def id(self) -> int:
            """The id, 0 to 7."""

    def as_dict(self) -> dict[str, Any]:
        """As plain data for `json`: the name of the variant, and what it holds. Times are in
        seconds.
        """
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __reduce__(self) -> tuple[type[Any], tuple[Any, ...]]: ...

@disjoint_base
class WhenLost:
    """What to do when nobody is there any more: `WhenLost.Hold()`, `WhenLost.Return(after)` or
    `WhenLost.Search(after)`. A frozen value.

    Threads: a frozen value, which any thread may use.
    """

    @final
    class Hold(WhenLost):
        """Stay as it is."""

        __match_args__ = ()
        def __new__(cls) -> WhenLost.Hold: ...

    @final
    class Return(WhenLost):
        """Stay for so many seconds, and then go back to rest."""

        __match_args__ = ("after",)
        def __new__(cls, after: float) -> WhenLost.Return: ...
        @property
        def after(self) -> float:
            """How long to stay, in seconds."""

    @final
    class Search(WhenLost):
        """Stay for so many seconds, and then look for somebody, slowly, from one limit of the pan to the
        other. A sensor that stands fixed goes back to rest instead.
        """

        __match_args__ = ("after",)
        def __new__(cls, after: float) -> WhenLost.Search: ...
        @property
        def after(self) -> float:
            """How long to stay, in seconds."""

    def as_dict(self) -> dict[str, Any]:
        """As plain data for `json`: the name of the variant, and what it holds. Times are in
        seconds.
        """
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __reduce__(self) -> tuple[type[Any], tuple[Any, ...]]: ...

@final
class Aim:
    """Turns a pan/tilt toward somebody, without hunting. It goes by a `Tracker`.

    Call `update` every 0.05 s or more often, also between readings, and take one `view` for every reading,
    before `Tracker.update_from`. All times in seconds, not below 0; `ConfigError` otherwise.

    * `pan`: the axis that turns to the sides.
    * `tilt`: the axis that turns up and down. -30 to 45 degrees unless changed.
    * `mount`: where the sensor sits. On the head unless changed.
    * `latency` (0.27): from the picture to the reading.
    * `latency_uncertainty` (0.07): by how much the latency may be wrong.
    * `choice`: whom to follow. The largest face unless changed.
    * `keep_for` (4): how long a target is kept though another would be chosen now.
    * `when_lost`: what to do when nobody is there any more. Return after 10 s unless changed.
    * `rest`: where the head points when it rests. Straight ahead unless changed.

    Threads: any number may use it; each call is whole.
    """

    DEFAULTS: ClassVar[Mapping[str, Any]]
    """The settings that it has unless they are changed."""
    WITH_CADENCE: ClassVar[Mapping[str, Any]]
    """The settings for a program that reads by `Cadence`."""
    WITH_RECOGNITION: ClassVar[Mapping[str, Any]]
    """The settings for a sensor that runs recognition, as `Choice.Person` needs."""
    def __new__(
        cls,
        *,
        pan: AxisConfig = AxisConfig(),
        tilt: AxisConfig = AxisConfig(min_deg=-30.0, max_deg=45.0),
        mount: Mount = Mount.ON_THE_HEAD,
        latency: float = 0.27,
        latency_uncertainty: float = 0.07,
        choice: Choice = Choice.Largest(),
        keep_for: float = 4.0,
        when_lost: WhenLost = WhenLost.Return(10.0),
        rest: Direction = Direction(),
    ) -> Aim: ...
    @property
    def direction(self) -> Direction:
        """Where the head points: as commanded last, without sense and bias."""
    @property
    def angles(self) -> Direction:
        """The angles to command, with sense and bias of each axis."""
    @property
    def state(self) -> _AimState:
        """What it is doing, as of the latest update."""
    @property
    def config(self) -> Mapping[str, Any]:
        """The settings it was made with, by their keywords."""
    @classmethod
    def with_cadence(cls, **changes: Any) -> Aim:
        """For a program that reads by `Cadence`: with the settings `WITH_CADENCE`, but for the changes."""
    @classmethod
    def with_recognition(cls, **changes: Any) -> Aim:
        """For a sensor that runs recognition: with the settings `WITH_RECOGNITION`, but for the changes."""
    def view(self, now: float) -> View:
        """From where the sensor looked when the picture was taken that is read now: for
        `Tracker.update_from`.
        """
    def update(self, now: float, tracker: Tracker) -> Direction:
        """Goes on, for the time since the last call; gives the angles to command now, with sense and bias of
        each axis.

        `now` is in seconds since any fixed moment, the same as for the tracker. A clock that is set back
        takes the past along.
        """

@final
class Cadence:
    """Finds out when the sensor publishes its results, and says when to read: so that each inference is read
    once, and soon.

    All times in seconds, not below 0; `ConfigError` otherwise. What contradicts each other is brought into
    its range.

    * `fastest` (0.04): the shortest period that a sensor may have, 0.008 to 5.
    * `slowest` (0.5): the longest period that a sensor may have, `fastest` to 10; also the longest that two
      reads are ever apart.
    * `unlearned` (0.14): how far reads are apart as long as no period is known.
    * `search_step` (0.01): how far reads are apart while the period is searched, `least_gap` to `fastest`.
    * `least_gap` (0.005): the least time from the start of a read to the start of the next, 0.001 to
      `fastest`.

    Threads: any number may use it; each call is whole.
    """

    DEFAULTS: ClassVar[Mapping[str, Any]]
    """The settings that it has unless they are changed."""
    def __new__(
        cls,
        *,
        fastest: float = 0.04,
        slowest: float = 0.5,
        unlearned: float = 0.14,
        search_step: float = 0.01,
        least_gap: float = 0.005,
    ) -> Cadence: ...
    @property
    def next_read(self) -> float:
        """The time at which to read next, in seconds; now or before now means at once."""
    @property
    def period(self) -> float | None:
        """The period of the results in seconds, or None until it is known."""
    @property
    def published(self) -> float | None:
        """When the latest result that was read, or announced by the pin, became readable, as well as that is
        known.

        In seconds; None before the first change.
        """
    @property
    def lock(self) -> Lock:
        """How well the cadence is known."""
    @property
    def config(self) -> Mapping[str, Any]:
        """The settings it was made with, by their keywords."""
    def read_done(self, now: float, faces: Faces | None) -> Freshness:
        """A read is done: it *started* at `now`, in seconds since any fixed moment, and gave these faces, or
        None.

        Gives whether it is of a new inference. The clock is one that is never set.
        """
    def pin_changed(self, now: float) -> None:
        """The level of the presence pin changed at `now`: a result was published just then.

        An edge within `least_gap` of the one before is taken for bouncing, and what an edge says is learned
        when the read that follows it finds something new. If again and again it does not, edges are hardly
        heeded.

        A line that may be left open needs a resistor that pulls it down: else it picks up the mains.
        """

@disjoint_base
class Command:
    """One register write, by the guide's names. A frozen value; `bytes(command)` are the two bytes, register
    then value.

    Threads: a frozen value, which any thread may use.
    """

    @final
    class Mode(Command):
        """Register 0x01. Power-on default: continuous."""

        __match_args__ = ("mode",)
        def __new__(cls, mode: Mode) -> Command.Mode: ...
        @property
        def mode(self) -> Mode:
            """What the sensor is to do on its own."""

    @final
    class EnableId(Command):
        """Register 0x02: run the recognition model, which makes inferences slower. Power-on default: off."""

        __match_args__ = ("on",)
        def __new__(cls, on: bool) -> Command.EnableId: ...
        @property
        def on(self) -> bool:
            """Whether it runs."""

    @final
    class SingleShot(Command):
        """Register 0x03: trigger one inference. Only in standby."""

        __match_args__ = ()
        def __new__(cls) -> Command.SingleShot: ...

    @final
    class LabelNextId(Command):
        """Register 0x04: label the next face as this person. Discarded if two camera frames pass with
        nobody.
        """

        __match_args__ = ("id",)
        def __new__(cls, id: int) -> Command.LabelNextId: ...
        @property
        def id(self) -> int:
            """The id, 0 to 7."""

    @final
    class PersistIds(Command):
        """Register 0x05: keep labels over a loss of power. Power-on default: on."""

        __match_args__ = ("on",)
        def __new__(cls, on: bool) -> Command.PersistIds: ...
        @property
        def on(self) -> bool:
            """Whether they are kept."""

    @final
    class EraseIds(Command):
        """Register 0x06: forget every label."""

        __match_args__ = ()
        def __new__(cls) -> Command.EraseIds: ...

    @final
    class DebugMode(Command):
        """Register 0x07: the indicator LED. Power-on default: on."""

        __match_args__ = ("on",)
        def __new__(cls, on: bool) -> Command.DebugMode: ...
        @property
        def on(self) -> bool:
            """Whether the LED is on while the sensor sees a face."""

    @staticmethod
    def from_bytes(data: bytes | bytearray | Sequence[int]) -> _Command:
        """Reads two bytes, register then value.

        Raises `ConfigError` for a register or a value that the guide does not have, and for more or fewer
        bytes.
        """
    def as_dict(self) -> dict[str, Any]:
        """As plain data for `json`: the name of the variant, and what it holds. Times are in
        seconds.
        """
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __reduce__(self) -> tuple[type[Any], tuple[Any, ...]]: ...
    def __bytes__(self) -> bytes: ...

_Command: TypeAlias = (
    Command.Mode
    | Command.EnableId
    | Command.SingleShot
    | Command.LabelNextId
    | Command.PersistIds
    | Command.EraseIds
    | Command.DebugMode
)

@disjoint_base
class Step:
    """What a procedure wants next. Ask with `step(now)`, do it, report, ask again. A frozen value.

    * `Send(command)`: send the command now, once, and report with `sent(now, was_ok)`.
    * `Wait(seconds)`: let that much time pass, or some of it.
    * `Read()`: read now, once, and report with `update(now, faces_or_none)`.
    * `Over(outcome)`: nothing: it stays over.

    To ask twice does no harm: the answer is the same until something is reported, or time passes.

    Threads: a frozen value, which any thread may use.
    """

    @final
    class Send(Step):
        """Send this command now, once."""

        __match_args__ = ("command",)
        def __new__(cls, command: Command) -> Step.Send: ...
        @property
        def command(self) -> Command:
            """The command."""

    @final
    class Wait(Step):
        """Nothing to do for so many seconds; never 0."""

        __match_args__ = ("seconds",)
        def __new__(cls, seconds: float) -> Step.Wait: ...
        @property
        def seconds(self) -> float:
            """For how long, in seconds."""

    @final
    class Read(Step):
        """Read now, once."""

        __match_args__ = ()
        def __new__(cls) -> Step.Read: ...

    @final
    class Over(Step, Generic[_T]):
        """It is over, with this outcome."""

        __match_args__ = ("outcome",)
        def __new__(cls, outcome: _T) -> Step.Over[_T]: ...
        @property
        def outcome(self) -> _T:
            """How it ended."""

    def as_dict(self) -> dict[str, Any]:
        """As plain data for `json`: the name of the variant, and what it holds. Times are in
        seconds.
        """
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __reduce__(self) -> tuple[type[Any], tuple[Any, ...]]: ...

@disjoint_base
class EnrollProgress:
    """What to tell the user now. A frozen value; `str(progress)` is a sentence for them.

    Threads: a frozen value, which any thread may use.
    """

    @final
    class Preparing(EnrollProgress):
        """It begins: the sensor is being set."""

        __match_args__ = ()
        def __new__(cls) -> EnrollProgress.Preparing: ...

    @final
    class NoReading(EnrollProgress):
        """The sensor gives no readings."""

        __match_args__ = ()
        def __new__(cls) -> EnrollProgress.NoReading: ...

    @final
    class NobodyInView(EnrollProgress):
        """It sees nobody."""

        __match_args__ = ()
        def __new__(cls) -> EnrollProgress.NobodyInView: ...

    @final
    class SeveralPeople(EnrollProgress):
        """It sees so many people, 2 to 4; it must be one."""

        __match_args__ = ("count",)
        def __new__(cls, count: int) -> EnrollProgress.SeveralPeople: ...
        @property
        def count(self) -> int:
            """How many."""

    @final
    class TooFar(EnrollProgress):
        """The face is too small."""

        __match_args__ = ()
        def __new__(cls) -> EnrollProgress.TooFar: ...

    @final
    class Unclear(EnrollProgress):
        """The sensor is less sure that this is a face than the gate asks for."""

        __match_args__ = ()
        def __new__(cls) -> EnrollProgress.Unclear: ...

    @final
    class NotFacing(EnrollProgress):
        """The face does not point at the sensor."""

        __match_args__ = ()
        def __new__(cls) -> EnrollProgress.NotFacing: ...

    @final
    class HoldStill(EnrollProgress):
        """All is well: wait."""

        __match_args__ = ()
        def __new__(cls) -> EnrollProgress.HoldStill: ...

    @final
    class Undecided(EnrollProgress):
        """It is recognised, but not always as the same."""

        __match_args__ = ()
        def __new__(cls) -> EnrollProgress.Undecided: ...

    @final
    class Labelling(EnrollProgress):
        """A label was sent, the `attempt`-th, from 1."""

        __match_args__ = ("attempt",)
        def __new__(cls, attempt: int) -> EnrollProgress.Labelling: ...
        @property
        def attempt(self) -> int:
            """Which label, from 1."""

    @final
    class Verifying(EnrollProgress):
        """The label should be there: so many of so many readings say it."""

        __match_args__ = ("recognised", "of")
        def __new__(cls, recognised: int, of: int) -> EnrollProgress.Verifying: ...
        @property
        def recognised(self) -> int:
            """How many readings said the id."""
        @property
        def of(self) -> int:
            """How many readings were counted."""

    def as_dict(self) -> dict[str, Any]:
        """As plain data for `json`: the name of the variant, and what it holds. Times are in
        seconds.
        """
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __reduce__(self) -> tuple[type[Any], tuple[Any, ...]]: ...

_EnrollProgress: TypeAlias = (
    EnrollProgress.Preparing
    | EnrollProgress.NoReading
    | EnrollProgress.NobodyInView
    | EnrollProgress.SeveralPeople
    | EnrollProgress.TooFar
    | EnrollProgress.Unclear
    | EnrollProgress.NotFacing
    | EnrollProgress.HoldStill
    | EnrollProgress.Undecided
    | EnrollProgress.Labelling
    | EnrollProgress.Verifying
)

@disjoint_base
class GaveUpReason:
    """Why an enrolment gave up. A frozen value.

    Threads: a frozen value, which any thread may use.
    """

    @final
    class NoReading(GaveUpReason):
        """There was no reading for too long: the bus fails, or what comes are no packets of this sensor."""

        __match_args__ = ()
        def __new__(cls) -> GaveUpReason.NoReading: ...

    @final
    class TimedOut(GaveUpReason):
        """The user did not do as told in time; this was the last that was told."""

        __match_args__ = ("progress",)
        def __new__(cls, progress: EnrollProgress) -> GaveUpReason.TimedOut: ...
        @property
        def progress(self) -> _EnrollProgress:
            """What was told last."""

    @final
    class KnownAs(GaveUpReason):
        """The sensor knows this person already, as this other id."""

        __match_args__ = ("id",)
        def __new__(cls, id: int) -> GaveUpReason.KnownAs: ...
        @property
        def id(self) -> int:
            """The other id, 0 to 7."""

    @final
    class Left(GaveUpReason):
        """After a label was sent, nobody was in view for too long. Who comes next may be somebody else."""

        __match_args__ = ()
        def __new__(cls) -> GaveUpReason.Left: ...

    @final
    class NotRecognised(GaveUpReason):
        """All attempts are used up, and so many of so many readings said the id at last."""

        __match_args__ = ("recognised", "of")
        def __new__(cls, recognised: int, of: int) -> GaveUpReason.NotRecognised: ...
        @property
        def recognised(self) -> int:
            """How many readings said the id."""
        @property
        def of(self) -> int:
            """How many readings were counted."""

    def as_dict(self) -> dict[str, Any]:
        """As plain data for `json`: the name of the variant, and what it holds. Times are in
        seconds.
        """
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __reduce__(self) -> tuple[type[Any], tuple[Any, ...]]: ...

_GaveUpReason: TypeAlias = (
    GaveUpReason.NoReading
    | GaveUpReason.TimedOut
    | GaveUpReason.KnownAs
    | GaveUpReason.Left
    | GaveUpReason.NotRecognised
)

@final
class Enrolled:
    """The id is this person's: the readings say so. A frozen value.

    Threads: a frozen value, which any thread may use.
    """

    __match_args__ = ("id", "confidence", "recognised", "of", "labels_sent")
    def __new__(cls, id: int, confidence: int, recognised: int, of: int, labels_sent: int) -> Enrolled: ...
    @property
    def id(self) -> int:
        """The id, 0 to 7."""
    @property
    def confidence(self) -> int:
        """The mean confidence with which it was recognised, 1 to 100."""
    @property
    def recognised(self) -> int:
        """How many readings said the id."""
    @property
    def of(self) -> int:
        """How many readings were counted."""
    @property
    def labels_sent(self) -> int:
        """How many labels were sent. 0: the sensor knew this person as this id already."""
    def as_dict(self) -> dict[str, Any]:
        """As plain data for `json`. Times are in seconds."""
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __reduce__(self) -> tuple[type[Any], tuple[Any, ...]]: ...

@final
class GaveUp:
    """An enrolment that gave up. A frozen value; `str(gave_up)` says why in a sentence.

    Threads: a frozen value, which any thread may use.
    """

    __match_args__ = ("id", "reason", "labels_sent")
    def __new__(cls, id: int, reason: GaveUpReason, labels_sent: int) -> GaveUp: ...
    @property
    def id(self) -> int:
        """The id that was wanted, 0 to 7."""
    @property
    def reason(self) -> _GaveUpReason:
        """Why."""
    @property
    def labels_sent(self) -> int:
        """How many labels were sent, those included whose transfer failed.

        If it is not 0, somebody may hold the id now: who was in view then. To enroll the same id again
        overwrites it.
        """
    def as_dict(self) -> dict[str, Any]:
        """As plain data for `json`. Times are in seconds."""
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __reduce__(self) -> tuple[type[Any], tuple[Any, ...]]: ...

@final
class Enroll:
    """The procedure that gives one id, 0 to 7, to the one person in front of the sensor, and makes sure of
    it.

    It does no I/O: ask `step(now)` what to do, do it, and report. It ends with `Step.Over(outcome)`, an
    `Enrolled` or a `GaveUp`. The sensor is left in continuous mode with recognition on. Nobody else may
    command it meanwhile. An id that somebody else holds is overwritten: the sensor cannot be asked whether it
    is in use.

    Times in seconds, not below 0; counts 0 to 255; `ConfigError` otherwise.

    * `settle` (1): for how long one face must have been there, alone, facing and still, before a label is
      sent.
    * `label_wait` (1): how long a command takes to show in the readings, at the most.
    * `read_every` (0.1): from reading to reading. At least 0.01 whatever is set.
    * `count_every` (0.3): from one reading that is counted to the next: longer than an inference.
    * `verify_packets` (6): how many readings are counted to find out who it is. At least 1 whatever is set.
    * `verify_needed` (4): how many of these must say the id.
    * `verify_others` (1): how many of these may say another id.
    * `attempts` (3): how many labels are sent at the most. At least 1 whatever is set.
    * `guide_timeout` (30): how long to guide the user to the right place, each time.
    * `away` (2): after a label was sent, how long nobody may be in view before it is given up.
    * `longest_pause` (0.5): the longest time from reading to reading. After a longer one, whoever is there
      counts as somebody else.
    * `longest_silence` (2): how long to go without a reading before it is given up.
    * `stillness_percent` (50): how far a face that holds still may move, in percent of its width.
    * `gate`: the least width and confidence. A width of 14 unless changed, about 1.4 m.
    * `relabel` (False): whether to label somebody who is recognised as another id: that id would most likely
      be lost.

    Threads: any number may use it; each call is whole.
    """

    DEFAULTS: ClassVar[Mapping[str, Any]]
    """The settings that it has unless they are changed."""
    def __new__(
        cls,
        id: int,
        *,
        settle: float = 1.0,
        label_wait: float = 1.0,
        read_every: float = 0.1,
        count_every: float = 0.3,
        verify_packets: int = 6,
        verify_needed: int = 4,
        verify_others: int = 1,
        attempts: int = 3,
        guide_timeout: float = 30.0,
        away: float = 2.0,
        longest_pause: float = 0.5,
        longest_silence: float = 2.0,
        stillness_percent: int = 50,
        gate: Gate = Gate(min_width=14),
        relabel: bool = False,
    ) -> Enroll: ...
    @property
    def id(self) -> int:
        """The id that is given, 0 to 7."""
    @property
    def progress(self) -> _EnrollProgress:
        """What to tell the user now."""
    @property
    def longest(self) -> float:
        """How long it can take at the most, in seconds that the caller lets pass."""
    @property
    def config(self) -> Mapping[str, Any]:
        """The settings it was made with, by their keywords."""
    def step(
        self,
        now: float,
    ) -> Step.Send | Step.Wait | Step.Read | Step.Over[Enrolled | GaveUp]:
        """What to do at `now`, in seconds since any fixed moment. The first call begins the procedure."""
    def sent(self, now: float, was_ok: bool) -> None:
        """The command of the latest `Step.Send` was sent, or that failed."""
    def update(self, now: float, faces: Faces | None) -> None:
        """A read was done, or it failed: then `faces` is None, never "nobody"."""

@disjoint_base
class EraseProgress:
    """What is done now. A frozen value; `str(progress)` is a sentence for the user.

    Threads: a frozen value, which any thread may use.
    """

    @final
    class NoReading(EraseProgress):
        """The sensor gives no readings."""

        __match_args__ = ()
        def __new__(cls) -> EraseProgress.NoReading: ...

    @final
    class Preparing(EraseProgress):
        """It looks who is recognised now."""

        __match_args__ = ()
        def __new__(cls) -> EraseProgress.Preparing: ...

    @final
    class Erasing(EraseProgress):
        """The command was sent: the sensor is left alone."""

        __match_args__ = ()
        def __new__(cls) -> EraseProgress.Erasing: ...

    @final
    class NobodyInView(EraseProgress):
        """Nobody is in view to check with."""

        __match_args__ = ()
        def __new__(cls) -> EraseProgress.NobodyInView: ...

    @final
    class Checking(EraseProgress):
        """So many of so many readings with somebody in view are checked."""

        __match_args__ = ("checked", "of")
        def __new__(cls, checked: int, of: int) -> EraseProgress.Checking: ...
        @property
        def checked(self) -> int:
            """How many were checked."""
        @property
        def of(self) -> int:
            """How many are to be checked."""

    def as_dict(self) -> dict[str, Any]:
        """As plain data for `json`: the name of the variant, and what it holds. Times are in
        seconds.
        """
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __reduce__(self) -> tuple[type[Any], tuple[Any, ...]]: ...

_EraseProgress: TypeAlias = (
    EraseProgress.NoReading
    | EraseProgress.Preparing
    | EraseProgress.Erasing
    | EraseProgress.NobodyInView
    | EraseProgress.Checking
)

@final
class Erased:
    """All ids were erased, as far as it could be checked. A frozen value.

    Threads: a frozen value, which any thread may use.
    """

    __match_args__ = ("is_verified", "checked", "was_recognised", "commands_sent")
    def __new__(cls, is_verified: bool, checked: int, was_recognised: bool, commands_sent: int) -> Erased: ...
    @property
    def is_verified(self) -> bool:
        """Whether enough readings with somebody in view said no id. If not, nobody was there to check
        with.
        """
    @property
    def checked(self) -> int:
        """How many readings with somebody in view there were after the command."""
    @property
    def was_recognised(self) -> bool:
        """Whether anybody in view was recognised before: then `is_verified` is a proof, if it is the same
        person.
        """
    @property
    def commands_sent(self) -> int:
        """How often the command was sent."""
    def as_dict(self) -> dict[str, Any]:
        """As plain data for `json`. Times are in seconds."""
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __reduce__(self) -> tuple[type[Any], tuple[Any, ...]]: ...

@disjoint_base
class NotErased:
    """Erasing gave up. A frozen value; `str(not_erased)` says why in a sentence.

    Threads: a frozen value, which any thread may use.
    """

    @final
    class NoReading(NotErased):
        """There was no reading for too long: the bus fails, or what comes are no packets of this sensor."""

        __match_args__ = ("commands_sent",)
        def __new__(cls, commands_sent: int) -> NotErased.NoReading: ...
        @property
        def commands_sent(self) -> int:
            """How often the command was sent, those times included when the transfer failed."""

    @final
    class StillKnown(NotErased):
        """Somebody is recognised after the last attempt, as this id."""

        __match_args__ = ("id",)
        def __new__(cls, id: int) -> NotErased.StillKnown: ...
        @property
        def id(self) -> int:
            """The id, 0 to 7."""

    def as_dict(self) -> dict[str, Any]:
        """As plain data for `json`: the name of the variant, and what it holds. Times are in
        seconds.
        """
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __reduce__(self) -> tuple[type[Any], tuple[Any, ...]]: ...

_NotErased: TypeAlias = NotErased.NoReading | NotErased.StillKnown

@final
class Erase:
    """The procedure that erases all ids, and makes sure of it as far as somebody is there to check with.

    It does no I/O: ask `step(now)` what to do, do it, and report. It ends with `Step.Over(outcome)`, an
    `Erased` or a `NotErased`. The sensor is left in continuous mode with recognition on. Nobody else may
    command it meanwhile.

    Times in seconds, not below 0; counts 0 to 255; `ConfigError` otherwise.

    * `before` (1): how long nothing is sent before.
    * `after` (1): how long the sensor is left alone after.
    * `read_every` (0.3): from reading to reading: longer than an inference. At least 0.01 whatever is set.
    * `verify_packets` (6): how many readings with a face must be of strangers. With 0 nothing is checked.
    * `verify_recognised` (0): how many of the readings may say an id all the same.
    * `look_for` (5): how long to look for somebody to check with.
    * `attempts` (3): how often the command is sent at the most. At least 1 whatever is set.
    * `longest_silence` (2): how long to go without a reading before it is given up.

    Threads: any number may use it; each call is whole.
    """

    DEFAULTS: ClassVar[Mapping[str, Any]]
    """The settings that it has unless they are changed."""
    def __new__(
        cls,
        *,
        before: float = 1.0,
        after: float = 1.0,
        read_every: float = 0.3,
        verify_packets: int = 6,
        verify_recognised: int = 0,
        look_for: float = 5.0,
        attempts: int = 3,
        longest_silence: float = 2.0,
    ) -> Erase: ...
    @property
    def progress(self) -> _EraseProgress:
        """What to tell the user now."""
    @property
    def longest(self) -> float:
        """How long it can take at the most, in seconds that the caller lets pass."""
    @property
    def config(self) -> Mapping[str, Any]:
        """The settings it was made with, by their keywords."""
    def step(
        self,
        now: float,
    ) -> Step.Send | Step.Wait | Step.Read | Step.Over[Erased | _NotErased]:
        """What to do at `now`, in seconds since any fixed moment. The first call begins the procedure."""
    def sent(self, now: float, was_ok: bool) -> None:
        """The command of the latest `Step.Send` was sent, or that failed."""
    def update(self, now: float, faces: Faces | None) -> None:
        """A read was done, or it failed: then `faces` is None, never "nobody". Readings that were not
        asked for are ignored.
        """

@final
class CurrentFigures:
    """What the sensor draws. As it is, the published figures: measure yours if it matters. A frozen value.

    * `active_ua` (40000): while it captures and infers, in microamperes.
    * `standby_ua` (None): in standby, in microamperes. None: nobody has published it.
    * `shot` (0.14): how long a single shot draws the active current, in seconds.

    Raises `ConfigError` for what is out of its range.

    Threads: a frozen value, which any thread may use.
    """

    __match_args__ = ("active_ua", "standby_ua", "shot")
    DEFAULTS: ClassVar[Mapping[str, Any]]
    """The published figures."""
    def __new__(
        cls,
        active_ua: int = 40000,
        standby_ua: int | None = None,
        shot: float = 0.14,
    ) -> CurrentFigures: ...
    @property
    def active_ua(self) -> int:
        """While it captures and infers, in microamperes."""
    @property
    def standby_ua(self) -> int | None:
        """In standby, in microamperes; None if it is not known."""
    @property
    def shot(self) -> float:
        """How long a single shot draws the active current, in seconds."""
    def as_dict(self) -> dict[str, Any]:
        """As plain data for `json`. Times are in seconds."""
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __reduce__(self) -> tuple[type[Any], tuple[Any, ...]]: ...

@final
class CurrentEstimate:
    """An estimate of the average current. A frozen value; `str(estimate)` says that it is one.

    Threads: a frozen value, which any thread may use.
    """

    __match_args__ = ("average_ua", "is_lower_bound", "active_permille")
    def __new__(cls, average_ua: int, is_lower_bound: bool, active_permille: int) -> CurrentEstimate: ...
    @property
    def average_ua(self) -> int:
        """The average, in microamperes."""
    @property
    def is_lower_bound(self) -> bool:
        """Whether the current in standby is left out, because it is not known."""
    @property
    def active_permille(self) -> int:
        """The share of the time in which the sensor captured and inferred, in permille."""
    def as_dict(self) -> dict[str, Any]:
        """As plain data for `json`. Times are in seconds."""
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __reduce__(self) -> tuple[type[Any], tuple[Any, ...]]: ...

@final
class Power:
    """The duty cycle of a sensor: single shots while nobody is there, continuous mode from a face until
    nobody was seen for a while.

    It says when the sensor is awake, and **not** whether somebody is there: feed another behaviour with its
    readings. It does no I/O: ask `step(now)` what to do, do it, and report. It is never over.

    All times in seconds, not below 0; `ConfigError` otherwise.

    * `period` (2): from single shot to single shot while nobody is there.
    * `capture_wait` (0.5): from the trigger of a shot to the read of its result.
    * `read_every` (0.2): from reading to reading in continuous mode. At least 0.01 whatever is set.
    * `stay_awake` (10): how long nobody must be seen before somebody who was there has left.
    * `glance` (1): how long nobody must be seen before it was a false face.
    * `confirm` (1.2): from the first sighting to a later one before it is no false face.
    * `gate`: which faces count. All, unless changed.

    Threads: any number may use it; each call is whole.
    """

    DEFAULTS: ClassVar[Mapping[str, Any]]
    """The settings that it has unless they are changed."""
    def __new__(
        cls,
        *,
        period: float = 2.0,
        capture_wait: float = 0.5,
        read_every: float = 0.2,
        stay_awake: float = 10.0,
        glance: float = 1.0,
        confirm: float = 1.2,
        gate: Gate = Gate(),
    ) -> Power: ...
    @property
    def is_awake(self) -> bool:
        """Whether a face has woken the sensor. It says nothing about who is there: a false face wakes it
        too.
        """
    @property
    def mode(self) -> Mode:
        """The mode in which the sensor should be now: for the `Config` of one that came back."""
    @property
    def shots(self) -> int:
        """How many single shots were triggered."""
    @property
    def config(self) -> Mapping[str, Any]:
        """The settings it was made with, by their keywords."""
    def step(self, now: float) -> Step.Send | Step.Wait | Step.Read:
        """What to do at `now`, in seconds since any fixed moment: send, read or wait."""
    def sent(self, now: float, was_ok: bool) -> None:
        """The command of the latest `Step.Send` was sent, or that failed.

        A command that failed is sent again with the next cycle, or the next reading.
        """
    def update(self, now: float, faces: Faces | None) -> None:
        """A read was done, or it failed: then `faces` is None, never "nobody". Readings that were not
        asked for are ignored.
        """
    def estimate(self, figures: CurrentFigures = CurrentFigures()) -> CurrentEstimate:
        """The average current up to the latest call of `step`, `sent` or `update`: an estimate, from
        figures that are published unless you give your own.
        """
    def estimate_empty_room(self, figures: CurrentFigures = CurrentFigures()) -> CurrentEstimate:
        """The average current in a room in which nobody ever is, with these settings: for planning. An
        estimate.
        """

# ---- session

@final
class Session:
    """A source that is open, and the supervisor that reads it."""

    @staticmethod
    def open(
        source: str,
        *,
        address: int = 0x62,
        config: Optional[Config] = None,
        speed: Optional[float] = None,
        seed: Optional[int] = None,
        every: Optional[float] = None,
        wait: bool = False,
    ) -> Session: ...
    @staticmethod
    def on_bus(
        bus: SimBus, *, address: int = 0x62, config: Optional[Config] = None, every: Optional[float] = None
    ) -> Session: ...
    @staticmethod
    def on_channel(
        channel: Channel,
        *,
        config: Optional[Config] = None,
        every: Optional[float] = None,
        wait: bool = False,
    ) -> Session: ...
    @property
    def name(self) -> str: ...
    @property
    def about(self) -> str: ...
    @property
    def remarks(self) -> list[str]: ...
    @property
    def is_virtual(self) -> bool:
        """Whether time passes only while somebody waits, or lets it pass."""
    @property
    def has_ended(self) -> bool:
        """Whether the scene or the recording has ended."""
    @property
    def is_closed(self) -> bool: ...
    def now(self) -> float:
        """The time of the source, in seconds from its start."""
    def next(self, until: Optional[float] = None) -> Optional[Update]:
        """Waits for what there is to say next; `None` at `until` (a time of the source), at the end, or when
        it is interrupted.
        """
    def wait_until(self, at: float) -> None:
        """Waits, or lets virtual time pass, without reading."""
    def latest(self) -> Update:
        """The latest reading if it is live now; otherwise why there is none. Waits for nothing."""
    def counters(self) -> dict[str, Any]:
        """What was done and met with so far."""
    def point(self, direction: Direction) -> None:
        """Turns the sensor of a scene, as on a pan/tilt; of anything else nothing."""
    def due(self) -> Optional[float]:
        """When there is something to do next, in the time of the source; `None` at the end."""
    def go_on_past_the_end(self) -> None:
        """Lets a simulated scene go on, with who is there when it has ended."""
    def send(self, command: Sequence[int]) -> None:
        """Sends the two bytes of a command. A setting is sent again whenever the sensor comes back."""
    def interrupt(self) -> None:
        """Ends a wait in another thread."""
    def close(self) -> None: ...
    def read(self) -> Faces: ...
    def read_packet(self) -> bytes: ...
    def read_split(self) -> Faces: ...
    def probe(self) -> Faces: ...
    def configure(self, config: Config) -> None: ...
    def set_mode(self, mode: Mode) -> None: ...
    def set_id_enabled(self, enabled: bool) -> None: ...
    def trigger_single_shot(self) -> None: ...
    def capture(self, wait: float = 0.5) -> Faces: ...
    def label_next_id(self, id: int) -> None: ...
    def set_persist_ids(self, persist: bool) -> None: ...
    def erase_ids(self) -> None: ...
    def set_led(self, on: bool) -> None: ...

@final
class Update:
    """What came of reading a sensor: faces, or why there are none.

    Threads: a frozen value, which any thread may use.
    """

    __match_args__: Final = ("state", "faces")
    @property
    def state(self) -> State:
        """Whether the sensor is live, stale or absent."""
    @property
    def at(self) -> float:
        """When this was read or found, in seconds of the source."""
    @property
    def faces(self) -> Optional[Faces]:
        """The faces of a reading; `None` if there is none, which is not "nobody"."""
    @property
    def reading(self) -> Optional[Reading]:
        """The reading, if this is one."""
    @property
    def error(self) -> Optional[SensorError]:
        """What went wrong last, if something did: it is not raised."""

@final
class Reading:
    """Faces, and how much they are worth.

    Threads: a frozen value, which any thread may use.
    """

    __match_args__: Final = ("faces", "at")
    @property
    def faces(self) -> Faces:
        """The faces."""
    @property
    def at(self) -> float:
        """When the read began, in seconds of the source."""
    @property
    def age(self) -> float:
        """How many seconds before this was handed out the read began. What the sensor itself needs comes on
        top.
        """
    @property
    def is_fresh(self) -> bool:
        """Whether it is of an inference that was not read before, surely or most likely."""
    @property
    def freshness(self) -> Freshness:
        """The same, and how sure that is."""
    @property
    def published(self) -> Optional[float]:
        """When the sensor had the result, in seconds of the source, as well as that is known."""
    @property
    def is_frozen(self) -> bool:
        """Whether the same faces, to the bit, have been there for suspiciously long."""

# ---- simulator

@final
class SimBus:
    """A simulated I2C bus in virtual time, with the faults that befall what programs do on it.

    ``SimBus(bit_rate_hz=100000, *, fault_seed=0)``: the seed is that of faults by chance.

    Threads: it may be used from any; each transfer is a whole. Let one thread alone let time pass.
    """

    def __new__(cls, bit_rate_hz: int = 100_000, *, fault_seed: int = 0) -> SimBus: ...
    @property
    def now(self) -> float:
        """The virtual time since the bus was made, in seconds."""
    def advance(self, seconds: float) -> None:
        """Lets so many seconds of virtual time pass, for everything on the bus.

        Sensors that are open on it and listened to are read at their times on the way, and their callbacks
        run in this thread. Where a callback lets time pass itself, it only passes: the readers follow when
        the callback is over.
        """
    def read(self, address: int, length: int) -> bytes:
        """Reads so many bytes, 0 to 8192, at a 7-bit address, as a program does: through the faults. Raises
        BusError.
        """
    def write(self, address: int, data: Sequence[int]) -> None:
        """Writes bytes at a 7-bit address, as a program does: through the faults. Raises BusError."""
    def write_read(self, address: int, data: Sequence[int], length: int) -> bytes:
        """Writes bytes, then reads so many after a repeated START, as a program does. Raises BusError."""
    def recover(self) -> None:
        """Frees a data line that a target holds low: nine clock pulses and a STOP."""
    def inject(self, *faults: Fault) -> None:
        """Lets these faults befall the next transactions of programs that they can befall, in turn.

        A fault of what is read waits for a read, and those behind it wait with it.
        """
    def set_fault_rate(self, kind: FaultKind, per_million: int) -> None:
        """Lets this kind of fault befall so many in a million of the transactions that it can befall, by
        seeded chance.

        If the rates of all kinds add up to more than a million, they are scaled down in proportion.
        """
    def pause_faults(self) -> None:
        """Lets all transactions through untouched, until `resume_faults`. What was injected waits."""
    def resume_faults(self) -> None:
        """Goes on where `pause_faults` stopped."""
    @property
    def latest_fault(self) -> Optional[Fault]:
        """The fault that had an effect on the latest transaction of a program; `None` if none had."""
    def fault_counts(self) -> FaultCounts:
        """What faults have done so far to the transactions of programs with the sensor's address."""
    def start_log(self) -> None:
        """Begins to log what goes over the bus, anew if it was logged already.

        It is what happens on the wires: a fault that spoils a reading does so behind them, on its way to the
        program.
        """
    def take_log(self) -> Recording:
        """What went over the bus since `start_log`; from now on it is not logged."""
    def _attach_reader(self, reader: object) -> None:
        """Has this called when time passes: `_next_due() -> float | None` and `_drive_until(at: float)`.

        It is held weakly.
        """
    def _detach_reader(self, reader: object) -> None:
        """No more."""

@final
class SimSensor:
    """A simulated Person Sensor in virtual time, on a simulated bus: the one that is given, or one of its
    own.

    In front of it is an empty room. It sees as well as the optics allow (``Detection.ideal()``), unless a
    ``detection`` says otherwise. ``bus`` is a `SimBus`, or a segment of a `Tca9548a`; ``timeline`` is a
    scripted scene that begins now; ``seed`` is that of all that is left to chance, on a bus of its own also
    of the faults.

    Threads: it may be used from any; each call is a whole. Let one thread alone let time pass.
    """

    def __new__(
        cls,
        bus: Union[SimBus, Segment, None] = None,
        *,
        seed: int = 0,
        assumptions: Optional[Assumptions] = None,
        detection: Optional[Detection] = None,
        timeline: Optional[Timeline] = None,
    ) -> SimSensor: ...
    @property
    def bus(self) -> SimBus:
        """The bus that it is on: in front of the multiplexer, if it is behind one."""
    @property
    def now(self) -> float:
        """The virtual time of the bus, in seconds."""
    def advance(self, seconds: float) -> None:
        """Lets so many seconds of virtual time pass, for everything on the bus.

        Sensors that are open on it and listened to are read at their times on the way, and their callbacks
        run in this thread. Where a callback lets time pass itself, it only passes: the readers follow when
        the callback is over.
        """
    @property
    def scene(self) -> Scene:
        """Who is in front of the sensor now. Set it to people, in any iterable, or to a `Scene`.

        In front of a timeline it is who is there at this moment; with `show_faces` it is empty.
        """
    @scene.setter
    def scene(self, people: Union[Scene, Iterable[Person]]) -> None: ...
    def show_faces(self, faces: Faces) -> None:
        """Makes the sensor report exactly these faces from its next inference on, past optics and detection.

        A result that is under way is published before; after 0.4 s of virtual time it is these faces that are
        read.
        """
    def point(self, direction: Direction) -> None:
        """Turns the sensor, as a pan/tilt does: its next picture is taken from there. People stay where they
        are.
        """
    @property
    def direction(self) -> Direction:
        """Where the sensor looks; straight ahead, unless it was turned."""
    def power_off(self) -> None:
        """Takes its power away: it acknowledges nothing, and what it does not keep is lost."""
    def power_on(self) -> None:
        """Gives it power: it boots first, for `Assumptions.power_up_silence` seconds."""
    @property
    def presence(self) -> bool:
        """The level of its presence pin (TP1)."""
    @property
    def led(self) -> bool:
        """Whether its indicator LED is lit."""
    @property
    def config(self) -> Config:
        """What the registers hold: a look that a real sensor does not allow."""
    def labelled(self, id: int) -> Optional[int]:
        """Who was given a label, 0 to 7, as the `known_as` of the person: a real sensor does not tell."""
    @property
    def result(self) -> bytes:
        """The latest result, as a read would give it: 39 bytes."""
    @property
    def results(self) -> int:
        """How many results it has published: the frame counter that a real one lacks."""
    @property
    def truth(self) -> list[tuple[Face, Optional[int]]]:
        """Each face of the latest result, and who it is: a look that a real sensor does not allow.

        Who is the `known_as` of the person, 0 if that is not said, and `None` for a face that is nobody's and
        for one of `show_faces`.
        """
    @property
    def exposed_at(self) -> Optional[float]:
        """When the picture behind the latest result was taken, in seconds of `now`;
        `None` if there is none.
        """
    @property
    def published_at(self) -> Optional[float]:
        """Since when the latest result can be read, in seconds of `now`; `None` if there is none."""
    @property
    def assumptions(self) -> Assumptions:
        """How it answers the questions that are open about the sensor."""
    def inject(self, *faults: Fault) -> None:
        """As `SimBus.inject`, on its bus."""
    def set_fault_rate(self, kind: FaultKind, per_million: int) -> None:
        """As `SimBus.set_fault_rate`, on its bus."""
    @property
    def latest_fault(self) -> Optional[Fault]:
        """As `SimBus.latest_fault`, on its bus."""
    def fault_counts(self) -> FaultCounts:
        """As `SimBus.fault_counts`, on its bus."""

@final
class Person:
    """Somebody in front of the sensor, facing it unless ``heading_deg`` says otherwise.

    ``Person(0.8, -10)`` is 0.8 m away and 10 degrees to the sensor's left, with eyes 1.6 m over the floor.
    Distances are 0 to 1000 m, angles -3600 to 3600 degrees, heights 0 to 100 m; else ConfigError. Two are
    equal if the sensor could not tell them apart: places are kept to the millimetre.

    Threads: a frozen value, which any thread may use.
    """

    __match_args__: ClassVar[tuple[str, str, str, str, str]]
    def __new__(
        cls,
        distance_m: float,
        bearing_deg: float = 0.0,
        heading_deg: float = 0.0,
        eye_height_m: Optional[float] = None,
        known_as: Optional[int] = None,
    ) -> Person: ...
    @staticmethod
    def across(
        right_m: float,
        ahead_m: float,
        heading_deg: float = 0.0,
        eye_height_m: Optional[float] = None,
        known_as: Optional[int] = None,
    ) -> Person:
        """Somebody so many metres to the right of the sensor's line of sight (negative: to its left) and
        ahead of it.
        """
    @property
    def distance_m(self) -> float:
        """How far from the sensor, along the floor, in metres."""
    @property
    def bearing_deg(self) -> float:
        """How far to the right of straight ahead, in degrees; negative is the sensor's left."""
    @property
    def right_m(self) -> float:
        """How far to the right of straight ahead, in metres; negative is the sensor's left."""
    @property
    def ahead_m(self) -> float:
        """How far straight ahead of the sensor, in metres."""
    @property
    def heading_deg(self) -> float:
        """How far the head is turned from the sensor, in degrees: 0 faces it, 90 is a profile."""
    @property
    def eye_height_m(self) -> float:
        """The height of the eyes over the floor, in metres."""
    @property
    def known_as(self) -> Optional[int]:
        """Who it is to recognition. The sensor never learns this; all whose number is the same are one
        person.
        """
    def replace(
        self,
        *,
        distance_m: float = ...,
        bearing_deg: float = ...,
        right_m: float = ...,
        ahead_m: float = ...,
        heading_deg: float = ...,
        eye_height_m: float = ...,
        known_as: Optional[int] = ...,
    ) -> Person:
        """The same person, but for these: `person.replace(heading_deg=90)`. What a place leaves out stays as
        it was.
        """
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __reduce__(self) -> tuple[Any, ...]: ...

@final
class Scene(Sequence[Person]):
    """Everybody in front of a sensor at one moment, and how high it hangs: a sequence of `Person`.

    Threads: a frozen value, which any thread may use.
    """

    __match_args__: ClassVar[tuple[str]]
    def __new__(
        cls, people: Optional[Iterable[Person]] = None, *, sensor_height_m: Optional[float] = None
    ) -> Scene: ...
    @property
    def people(self) -> tuple[Person, ...]:
        """Who is there."""
    @property
    def sensor_height_m(self) -> float:
        """The height of the sensor over the floor, in metres."""
    def __len__(self) -> int: ...
    @overload
    def __getitem__(self, key: int, /) -> Person: ...
    @overload
    def __getitem__(self, key: slice, /) -> tuple[Person, ...]: ...
    def __iter__(self) -> Iterator[Person]: ...
    def __contains__(self, key: object, /) -> bool: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __reduce__(self) -> tuple[Any, ...]: ...

@final
class Timeline:
    """A scripted scene over virtual time: who walks where, and what happens to the sensor.

    A walk is a list of moments and people: ``[(0.0, Person(4.0)), (6.0, Person(1.0))]``. Between two of them
    somebody goes in a straight line, and nobody is there before the first and after the last.

    Threads: a frozen value, which any thread may use.
    """

    def __new__(
        cls, walks: Iterable[Iterable[tuple[float, Person]]], *, sensor_height_m: Optional[float] = None
    ) -> Timeline: ...
    @property
    def sensor_height_m(self) -> float:
        """The height of the sensor over the floor, in metres."""
    def people(self, at: float) -> tuple[Person, ...]:
        """Who is there at a moment, in seconds from its start."""
    def with_write(self, at: float, register: int, value: int) -> Timeline:
        """The same, and a register of the sensor is written at this moment, as if over the bus."""
    def with_power_off(self, at: float) -> Timeline:
        """The same, and the sensor loses its power at this moment."""
    def with_power_on(self, at: float) -> Timeline:
        """The same, and the sensor gets power at this moment."""
    def __eq__(self, other: object, /) -> bool: ...

@final
class Scenario:
    """A scripted scene, with all that a run of it needs.

    Threads: a frozen value, which any thread may use.
    """

    SHIPPED: ClassVar[Mapping[str, str]]
    @staticmethod
    def named(name: str) -> Scenario:
        """A scenario that comes with the package."""
    @staticmethod
    def from_file(path: Union[str, PathLike[str]]) -> Scenario:
        """Reads a scenario file."""
    @staticmethod
    def parse(text: str) -> Scenario:
        """Reads the text of a scenario file."""
    @property
    def about(self) -> str:
        """One sentence for the reader."""
    @property
    def duration(self) -> float:
        """How long it goes on, in seconds."""
    @property
    def seed(self) -> int:
        """The seed for all that is left to chance."""
    @property
    def detection(self) -> Detection:
        """How well the sensor sees."""
    @property
    def timeline(self) -> Timeline:
        """Who walks where, and what happens to the sensor."""
    def replace(
        self,
        *,
        duration: Optional[float] = None,
        seed: Optional[int] = None,
        detection: Optional[Detection] = None,
    ) -> Scenario:
        """The same scene, but for these."""
    def sensor(
        self, bus: Union[SimBus, Segment, None] = None, *, assumptions: Optional[Assumptions] = None
    ) -> SimSensor:
        """A sensor in front of this scene, at its beginning: on a bus of its own, or on this one."""
    def digest(self) -> int:
        """One number for all that a sensor in front of this scene says, to see whether it says the same
        elsewhere.
        """
    def __eq__(self, other: object, /) -> bool: ...

@final
class Assumptions:
    """How a simulated sensor answers every open question; what is not said is answered as is likeliest.

    A program that must work on real sensors should pass its tests under all of
    ``Assumptions.alternatives()``.

    Threads: a frozen value, which any thread may use.
    """

    QUESTIONS: ClassVar[tuple[Question, ...]]
    def __new__(
        cls,
        *,
        lens: answers.Lens = answers.Lens.EQUIDISTANT,
        detection: float = 0.14,
        recognition: float = 0.125,
        recognition_without_faces: bool = False,
        inference_jitter: float = 0.0,
        inference_drift_permille: int = 0,
        latency: float = 0.2,
        single_shot: float = 0.2,
        single_shot_only_in_standby: bool = True,
        second_single_shot: answers.SecondSingleShot = answers.SecondSingleShot.IGNORED,
        before_first_result: answers.FirstResult = answers.FirstResult.NOBODY,
        standby_forgets: bool = False,
        mode_write_restarts: bool = False,
        mode_change_drops: bool = True,
        after_stop: answers.NextRead = answers.NextRead.RESTARTS,
        after_repeated_start: answers.NextRead = answers.NextRead.CONTINUES,
        latch: answers.Latch = answers.Latch.AT_FIRST_BYTE,
        past_the_end: answers.PastTheEnd = answers.PastTheEnd.ONES,
        several_pairs: answers.SeveralPairs = answers.SeveralPairs.FIRST_ONLY,
        undocumented_value: answers.UndocumentedValue = answers.UndocumentedValue.IGNORED,
        pin_outside_continuous: answers.PinOutsideContinuous = answers.PinOutsideContinuous.LOW,
        pin_shows_old_result: bool = False,
        led: answers.Led = answers.Led.SHOWS_FACES,
        power_up_silence: float = 2.5,
        probing_while_booting: answers.ProbingWhileBooting = answers.ProbingWhileBooting.HARMLESS,
        extra_addresses: bool = False,
        recognises: answers.Recognises = answers.Recognises.LARGEST_FACE,
        label_needs_id_enabled: bool = True,
        relabelling_moves: bool = True,
        erasing_cancels_label: bool = True,
        not_recognised: answers.NotRecognised = answers.NotRecognised.MINUS_ONE,
        labels_survive: bool = True,
        erasing: float = 0.0,
        kept: answers.Kept = answers.Kept.LARGEST,
        order: answers.Order = answers.Order.LARGEST_FIRST,
    ) -> Assumptions: ...
    @property
    def lens(self) -> answers.Lens:
        """How the lens maps angles to the picture. Source: fits the one size of a face that users published;
        no lens data are published.
        """
    @property
    def detection(self) -> float:
        """How long one inference takes. (v2.0 boards are faster; by how much is open.) Source: datasheet,
        v1.0 board.
        """
    @property
    def recognition(self) -> float:
        """How much longer an inference takes when recognition runs. (The guide's "about 5 a second" is 60
        ms.) Source: datasheet, v1.0 board.
        """
    @property
    def recognition_without_faces(self) -> bool:
        """Whether recognition costs its time also when no face is seen. Source: assumed: there is nothing to
        recognise.
        """
    @property
    def inference_jitter(self) -> float:
        """By how much one inference may take longer or shorter than the mean. (Evenly spread, in
        microseconds; its result is as much later or earlier.) Source: assumed: only means were published.
        """
    @property
    def inference_drift_permille(self) -> int:
        """By how many thousandths the mean time of an inference drifts to either side, and back, within ten
        minutes. (Temperature would do this; results are as much later or earlier.) Source: assumed: only
        means were published.
        """
    @property
    def latency(self) -> float:
        """The time from the camera's exposure to the result that can be read. (It is longer than an
        inference: captures overlap.) Source: guide: about 200 ms, which may include waiting for the read.
        """
    @property
    def single_shot(self) -> float:
        """The time from the trigger of a single shot to its result, without recognition. Source: assumed to
        be the latency; a wait of 1 s is the only figure reported to be good.
        """
    @property
    def single_shot_only_in_standby(self) -> bool:
        """Whether a single shot is ignored in continuous mode. Source: guide: only in standby."""
    @property
    def second_single_shot(self) -> answers.SecondSingleShot:
        """What a single shot does while another one is under way. Source: assumed."""
    @property
    def before_first_result(self) -> answers.FirstResult:
        """What a read gives before the first inference is done. Source: users: a read at once gives the
        previous or an empty result.
        """
    @property
    def standby_forgets(self) -> bool:
        """Whether going to standby clears the latest result. Source: assumed."""
    @property
    def mode_write_restarts(self) -> bool:
        """Whether writing "continuous" to a sensor that is in continuous mode starts the inference anew.
        Source: assumed.
        """
    @property
    def mode_change_drops(self) -> bool:
        """Whether a change of mode drops the inference that is under way. Source: assumed."""
    @property
    def after_stop(self) -> answers.NextRead:
        """Where a read goes on after a shorter read and a STOP. Source: assumed."""
    @property
    def after_repeated_start(self) -> answers.NextRead:
        """Where a read goes on after a shorter read and a repeated START. Source: the vendor's programs for
        hosts limited to 32 bytes read 32 and then 7.
        """
    @property
    def latch(self) -> answers.Latch:
        """Until when a result that comes up during a read can get into it. Source: assumed; the checksum
        tells.
        """
    @property
    def past_the_end(self) -> answers.PastTheEnd:
        """What a read gives behind the 39th byte. Source: assumed: published programs read 40 bytes and
        ignore the last.
        """
    @property
    def several_pairs(self) -> answers.SeveralPairs:
        """Which of several register-value pairs in one transaction take effect. Source:
        one user: not all do.
        """
    @property
    def undocumented_value(self) -> answers.UndocumentedValue:
        """What a value other than 0 and 1 does in a register that is a switch. Source: assumed."""
    @property
    def pin_outside_continuous(self) -> answers.PinOutsideContinuous:
        """The presence pin in standby and after a single shot. Source: guide: the mode register says that
        continuous mode drives the pin.
        """
    @property
    def pin_shows_old_result(self) -> bool:
        """Whether the presence pin shows the latest result at once on the return to continuous mode, before
        there is a new one. Source: assumed; the guide says: high while the latest result has a face.
        """
    @property
    def led(self) -> answers.Led:
        """What the indicator LED does while it is on. Source: assumed."""
    @property
    def power_up_silence(self) -> float:
        """How long after power-up the sensor does not acknowledge. Source: one user: 2 to 3 s."""
    @property
    def probing_while_booting(self) -> answers.ProbingWhileBooting:
        """What being addressed while it boots does to the sensor. Source: one user: the data line may stay
        low until nine clock pulses and a STOP.
        """
    @property
    def extra_addresses(self) -> bool:
        """Whether the board also acknowledges 0x39 and 0x4F. (Reads of them give 0xFF here.) Source: seen on
        v1 boards, by published programs.
        """
    @property
    def recognises(self) -> answers.Recognises:
        """Which faces recognition runs on. Source: guide; the datasheet's flow says every face."""
    @property
    def label_needs_id_enabled(self) -> bool:
        """Whether a person can only be labelled while recognition is on. Source: guide: the next identified
        frame.
        """
    @property
    def relabelling_moves(self) -> bool:
        """Whether somebody who is labelled again loses the former label. (If not, the lower one is reported.)
        Source: assumed.
        """
    @property
    def erasing_cancels_label(self) -> bool:
        """Whether erase IDs discards a label that waits for a face. Source: assumed."""
    @property
    def not_recognised(self) -> answers.NotRecognised:
        """What the two id bytes of a face that is not recognised are. Source: guide: id -1 is unknown, an id
        confidence of zero or less is not recognised.
        """
    @property
    def labels_survive(self) -> bool:
        """Whether labels are there after a loss of power, with persist IDs on. Source: guide; users report
        that they were lost all the same.
        """
    @property
    def erasing(self) -> float:
        """How long the sensor does not acknowledge after erase IDs. Source: assumed; published programs wait
        1 s before and after.
        """
    @property
    def kept(self) -> answers.Kept:
        """Which four of more than four faces are reported. Source: assumed."""
    @property
    def order(self) -> answers.Order:
        """The order of the faces in a packet. Source: published programs rely on the largest first; for three
        and four faces it is open.
        """
    @staticmethod
    def alternatives() -> list[tuple[Question, Assumptions]]:
        """The default answers but for one question, for every question and every other answer to it: each
        with its question.
        """
    def replace(
        self,
        *,
        lens: answers.Lens = ...,
        detection: float = ...,
        recognition: float = ...,
        recognition_without_faces: bool = ...,
        inference_jitter: float = ...,
        inference_drift_permille: int = ...,
        latency: float = ...,
        single_shot: float = ...,
        single_shot_only_in_standby: bool = ...,
        second_single_shot: answers.SecondSingleShot = ...,
        before_first_result: answers.FirstResult = ...,
        standby_forgets: bool = ...,
        mode_write_restarts: bool = ...,
        mode_change_drops: bool = ...,
        after_stop: answers.NextRead = ...,
        after_repeated_start: answers.NextRead = ...,
        latch: answers.Latch = ...,
        past_the_end: answers.PastTheEnd = ...,
        several_pairs: answers.SeveralPairs = ...,
        undocumented_value: answers.UndocumentedValue = ...,
        pin_outside_continuous: answers.PinOutsideContinuous = ...,
        pin_shows_old_result: bool = ...,
        led: answers.Led = ...,
        power_up_silence: float = ...,
        probing_while_booting: answers.ProbingWhileBooting = ...,
        extra_addresses: bool = ...,
        recognises: answers.Recognises = ...,
        label_needs_id_enabled: bool = ...,
        relabelling_moves: bool = ...,
        erasing_cancels_label: bool = ...,
        not_recognised: answers.NotRecognised = ...,
        labels_survive: bool = ...,
        erasing: float = ...,
        kept: answers.Kept = ...,
        order: answers.Order = ...,
    ) -> Assumptions:
        """The same answers, but for these."""
    def __replace__(
        self,
        *,
        lens: answers.Lens = ...,
        detection: float = ...,
        recognition: float = ...,
        recognition_without_faces: bool = ...,
        inference_jitter: float = ...,
        inference_drift_permille: int = ...,
        latency: float = ...,
        single_shot: float = ...,
        single_shot_only_in_standby: bool = ...,
        second_single_shot: answers.SecondSingleShot = ...,
        before_first_result: answers.FirstResult = ...,
        standby_forgets: bool = ...,
        mode_write_restarts: bool = ...,
        mode_change_drops: bool = ...,
        after_stop: answers.NextRead = ...,
        after_repeated_start: answers.NextRead = ...,
        latch: answers.Latch = ...,
        past_the_end: answers.PastTheEnd = ...,
        several_pairs: answers.SeveralPairs = ...,
        undocumented_value: answers.UndocumentedValue = ...,
        pin_outside_continuous: answers.PinOutsideContinuous = ...,
        pin_shows_old_result: bool = ...,
        led: answers.Led = ...,
        power_up_silence: float = ...,
        probing_while_booting: answers.ProbingWhileBooting = ...,
        extra_addresses: bool = ...,
        recognises: answers.Recognises = ...,
        label_needs_id_enabled: bool = ...,
        relabelling_moves: bool = ...,
        erasing_cancels_label: bool = ...,
        not_recognised: answers.NotRecognised = ...,
        labels_survive: bool = ...,
        erasing: float = ...,
        kept: answers.Kept = ...,
        order: answers.Order = ...,
    ) -> Assumptions: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __reduce__(self) -> tuple[Any, ...]: ...

@final
class Question:
    """A question about the sensor that is open.

    Threads: a frozen value, which any thread may use.
    """

    @property
    def field(self) -> str:
        """The field of `Assumptions` that answers it."""
    @property
    def text(self) -> str:
        """What nobody has established."""
    @property
    def default(self) -> Any:
        """The answer that the simulator gives unless told otherwise."""
    @property
    def others(self) -> tuple[Any, ...]:
        """The other answers that tests should hold under."""
    @property
    def source(self) -> str:
        """Where the default comes from."""
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class Detection:
    """How well a simulated sensor sees; what is not said is as on hardware, as far as that is known.

    ``Detection.ideal()`` sees all and invents nothing. Rates are in permille of inferences unless the name
    says otherwise.

    Threads: a frozen value, which any thread may use.
    """

    def __new__(
        cls,
        *,
        miss_permille: Sequence[int] = (10, 10, 30, 250, 700, 950, 1000),
        turned_from_deg: int = 45,
        turned_gone_deg: int = 90,
        split_permille: int = 30,
        facing_within_deg: int = 25,
        facing_flip_permille: int = 20,
        false_burst_per_million: int = 200,
        false_burst_inferences: Sequence[int] = (2, 3),
        jitter_units: int = 1,
        confidence_varies: bool = True,
        identity_wrong_permille: int = 20,
        identity_missed_permille: int = 50,
        identity_confidence: Sequence[int] = (60, 99),
    ) -> Detection: ...
    @staticmethod
    def ideal() -> Detection:
        """A sensor that misses nobody, invents nobody and is never wrong: for tests of
        a program's own logic.
        """
    @property
    def miss_permille(self) -> tuple[int, ...]: ...
    @property
    def turned_from_deg(self) -> int: ...
    @property
    def turned_gone_deg(self) -> int: ...
    @property
    def split_permille(self) -> int: ...
    @property
    def facing_within_deg(self) -> int: ...
    @property
    def facing_flip_permille(self) -> int: ...
    @property
    def false_burst_per_million(self) -> int: ...
    @property
    def false_burst_inferences(self) -> tuple[int, ...]: ...
    @property
    def jitter_units(self) -> int: ...
    @property
    def confidence_varies(self) -> bool: ...
    @property
    def identity_wrong_permille(self) -> int: ...
    @property
    def identity_missed_permille(self) -> int: ...
    @property
    def identity_confidence(self) -> tuple[int, ...]: ...
    def replace(
        self,
        *,
        miss_permille: Sequence[int] = ...,
        turned_from_deg: int = ...,
        turned_gone_deg: int = ...,
        split_permille: int = ...,
        facing_within_deg: int = ...,
        facing_flip_permille: int = ...,
        false_burst_per_million: int = ...,
        false_burst_inferences: Sequence[int] = ...,
        jitter_units: int = ...,
        confidence_varies: bool = ...,
        identity_wrong_permille: int = ...,
        identity_missed_permille: int = ...,
        identity_confidence: Sequence[int] = ...,
    ) -> Detection:
        """The same, but for these."""
    def __replace__(
        self,
        *,
        miss_permille: Sequence[int] = ...,
        turned_from_deg: int = ...,
        turned_gone_deg: int = ...,
        split_permille: int = ...,
        facing_within_deg: int = ...,
        facing_flip_permille: int = ...,
        false_burst_per_million: int = ...,
        false_burst_inferences: Sequence[int] = ...,
        jitter_units: int = ...,
        confidence_varies: bool = ...,
        identity_wrong_permille: int = ...,
        identity_missed_permille: int = ...,
        identity_confidence: Sequence[int] = ...,
    ) -> Detection: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __reduce__(self) -> tuple[Any, ...]: ...

@final
class Fault:
    """One fault on the way from a sensor to a program. A parameter out of its range raises ConfigError.

    Threads: a frozen value, which any thread may use.
    """

    @staticmethod
    def nack() -> Fault:
        """The address is not acknowledged; the sensor sees nothing of the transaction."""
    @staticmethod
    def nack_data() -> Fault:
        """The first written byte arrives, the second is not acknowledged. Where nothing is written it is a
        `nack`.
        """
    @staticmethod
    def arbitration_loss() -> Fault:
        """Another controller wins the bus."""
    @staticmethod
    def bus_error() -> Fault:
        """A START or STOP in the wrong place."""
    @staticmethod
    def stretch_timeout() -> Fault:
        """The sensor stretches the clock beyond the host's time-out."""
    @staticmethod
    def all_ones() -> Fault:
        """Every byte reads 0xFF: nothing drives the bus."""
    @staticmethod
    def all_zero() -> Fault:
        """Every byte reads 0x00: the data line is held low."""
    @staticmethod
    def bit_flips(bits: int) -> Fault:
        """So many bits, 1 to 3, are read the wrong way round, anywhere."""
    @staticmethod
    def burst(bits: int) -> Fault:
        """A burst of this many bits, 1 to 16, somewhere: its first and last bit are wrong, those between may
        be.
        """
    @staticmethod
    def tail(first: int) -> Fault:
        """From this byte on, 0 to 38, everything reads 0xFF: the sensor let go of the bus."""
    @staticmethod
    def slip() -> Fault:
        """A clock pulse too many: every bit is read one place early, and the last as 1."""
    @staticmethod
    def torn(until: int) -> Fault:
        """Before this byte, 1 to 38, the bytes are those of the read before: two results mixed."""
    @staticmethod
    def frozen(reads: int) -> Fault:
        """So many reads, 1 to 255, give the bytes of the read before."""
    @staticmethod
    def gone(transactions: int) -> Fault:
        """So many transactions, 1 to 255, are not acknowledged: the sensor was unplugged and comes back."""
    @staticmethod
    def reset() -> Fault:
        """The sensor is back in its power-on settings, as after a restart that nobody saw."""
    @staticmethod
    def face_count(count: int) -> Fault:
        """The packet has this many faces, 5 to 255, under a checksum that is right."""
    @staticmethod
    def data_length(length: int) -> Fault:
        """The packet has another data length than 33, 0 to 65535, under a checksum that is right."""
    @staticmethod
    def confidence(confidence: int) -> Fault:
        """The first face has this confidence, 101 to 255, under a checksum that is right."""
    @staticmethod
    def left_right() -> Fault:
        """The first face's left edge is to the right of the right one, under a checksum that is right."""
    @staticmethod
    def top_bottom() -> Fault:
        """The first face's top edge is below the bottom one, under a checksum that is right."""
    @staticmethod
    def is_facing(flag: int) -> Fault:
        """The first face has this is-facing flag, 2 to 255, under a checksum that is right."""
    @staticmethod
    def lookalike(kind: LookalikeKind) -> Fault:
        """Something else answers this one read."""
    @property
    def kind(self) -> FaultKind:
        """What kind of fault it is."""
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __reduce__(self) -> tuple[Any, ...]: ...

@final
class FaultCounts:
    """What faults have done to the transactions with the sensor's address.

    Each is counted once: ``transactions`` is the sum of ``untouched``, ``without_effect`` and all of
    ``by_kind``.

    Threads: a frozen value, which any thread may use.
    """

    @property
    def transactions(self) -> int:
        """All transactions."""
    @property
    def untouched(self) -> int:
        """Transactions that no fault was meant for."""
    @property
    def without_effect(self) -> int:
        """Transactions that a fault was meant for and changed nothing of."""
    @property
    def by_kind(self) -> dict[FaultKind, int]:
        """Transactions in which a fault had an effect, by its kind."""
    def of(self, kind: FaultKind) -> int:
        """In how many transactions this kind of fault had an effect."""
    def __eq__(self, other: object, /) -> bool: ...

@final
class Tca9548a:
    """A simulated TCA9548A on a simulated bus: eight segments with sensors of their own behind one address.

    Threads: it may be used from any; each call is a whole.
    """

    CHANNELS: ClassVar[int]
    def __new__(cls, bus: SimBus, address: int = 0x70) -> Tca9548a: ...
    @property
    def address(self) -> int:
        """Its address."""
    @property
    def control(self) -> int:
        """What its register holds: bit n is channel n."""
    def segment(self, channel: int) -> Segment:
        """What is behind channel 0 to 7: the place of a `SimSensor`."""
    def reset(self) -> None:
        """A pulse on its reset pin, or a dip of its supply: nothing is connected."""
    def power_off(self) -> None:
        """Takes its power away: it answers nothing and connects nothing."""
    def power_on(self) -> None:
        """Gives it power."""
    def spoil_write(self, mask: int, *, nth: int = 0) -> None:
        """Lets a write of its register be acknowledged and go wrong, the nth from now (0 is the next one).

        The bits of the mask arrive inverted; with a mask of 0 the write has no effect.
        """

@final
class Segment:
    """What is behind one channel of a multiplexer.

    Threads: it may be used from any.
    """

    @property
    def mux(self) -> Tca9548a:
        """The multiplexer."""
    @property
    def channel(self) -> int:
        """The number of its channel, 0 to 7."""

@final
class Lookalike:
    """Another part at 0x62: to see that a program does not take it for a Person Sensor, and never writes to
    it.

    Threads: it may be used from any; each call is a whole.
    """

    def __new__(cls, kind: LookalikeKind, bus: Union[SimBus, Segment, None] = None) -> Lookalike: ...
    @property
    def bus(self) -> SimBus:
        """The bus that it is on."""
    @property
    def kind(self) -> LookalikeKind:
        """Which other part it is."""
    @property
    def bytes_written(self) -> int:
        """How many bytes it was sent: 0, if the program is as careful as it should be."""

@final
class Recording:
    """The traffic of a bus, in order. ``str(recording)`` is the text of a file that ``mlsensor replay`` and
    ``PersonSensor("replay:FILE")`` read.

    Threads: a frozen value, which any thread may use.
    """

    @staticmethod
    def parse(text: str) -> Recording:
        """Reads the text of a recording."""
    @property
    def transfers(self) -> tuple[Transfer, ...]:
        """Transfer by transfer."""
    def __len__(self) -> int: ...
    def __iter__(self) -> Iterator[Transfer]: ...
    def __eq__(self, other: object, /) -> bool: ...

@final
class Transfer:
    """One transfer in one direction. ``str(transfer)`` is its line in a recording, with what it means.

    Threads: a frozen value, which any thread may use.
    """

    @property
    def at(self) -> float:
        """When its transaction began, in seconds."""
    @property
    def address(self) -> int:
        """The 7-bit address."""
    @property
    def is_read(self) -> bool:
        """Whether it is a read; otherwise it is a write."""
    @property
    def is_repeated_start(self) -> bool:
        """Whether it followed another one after a repeated START."""
    @property
    def data(self) -> bytes:
        """The bytes; none are recorded of a read that failed."""
    @property
    def error(self) -> Optional[str]:
        """The error that ended the transaction here, by the name that recordings use; `None` if there was
        none.
        """
    def __eq__(self, other: object, /) -> bool: ...

# ---- linux

@final
class Line:
    """A GPIO line, as an input that tells of changes.

    Threads: may be used from several; nothing here waits.
    """

    def __new__(cls, name: str, pull: Pull = ...) -> Line: ...
    @property
    def name(self) -> str: ...
    def is_high(self) -> bool: ...
    def changes(self) -> tuple[int, int]:
        """How often it rose and fell since it was opened; the changes that wait to be told of are taken."""
    def fileno(self) -> int:
        """Its descriptor: readable while there are changes that were not taken."""
    def close(self) -> None: ...

def next_event(sensor: SimSensor) -> Optional[float]:
    """How many seconds it takes until something on its bus happens by itself; ``None`` if nothing ever
    will.
    """

@final
class Muxes:
    """The TCA9548A multiplexers of one bus, which this program drives: for several sensors of one address.

    ``bus`` is a path, a number, the name of any source, or a :class:`mlsensor.sim.SimBus`; ``addresses`` are
    0x70 to 0x77; without them, there is one at 0x70. Nothing is sent. All multiplexers of a bus belong into
    one ``Muxes``. Where the kernel drives them (``dtoverlay=i2c-mux,pca9548``), each channel is a bus of its
    own, and this is not needed. Raises :class:`ConfigError`, :class:`NotFoundError` or :class:`BusError`.

    Threads: may be used from several, and so may its channels; their transfers come one after the other.
    """

    def __new__(cls, bus: Union[str, int, SimBus], addresses: Optional[Iterable[int]] = None) -> Muxes: ...
    def channel(self, address: int, channel: int) -> Channel:
        """Channel 0 to 7 of the multiplexer at an address, as a bus:
        ``PersonSensor(muxes.channel(0x70, 3))``. Nothing is sent. Raises :class:`ConfigError`.
        """
    def shut(self) -> None:
        """Shuts all channels of all multiplexers, and makes sure of it. Raises :class:`BusError`."""
    def is_free_in_front(self, address: int = 0x62) -> bool:
        """Shuts all channels and reads a byte of an address: whether nothing answers it in front of the
        multiplexers. What does would be on every channel. Raises :class:`BusError`.
        """
    @property
    def is_in_doubt(self) -> bool:
        """Whether it is not known what a multiplexer connects; it is shut before anything is read."""

@final
class Channel:
    """A channel of a multiplexer, as a bus for a :class:`PersonSensor`. Each reading comes from this channel,
    or is an error.

    Threads: may be used from several.
    """

    @property
    def address(self) -> int:
        """The address of its multiplexer, 0x70 to 0x77."""
    @property
    def number(self) -> int:
        """Its number, 0 to 7."""
    @property
    def name(self) -> str:
        """What it is called in errors."""
    @property
    def sim_bus(self) -> Optional[SimBus]:
        """The simulated bus that the multiplexers are on, if it is one of this program."""
