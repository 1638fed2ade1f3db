"""The native module. What is public of it is in `mlsensor`."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final, Optional, SupportsIndex, final, overload

from typing_extensions import Buffer

from mlsensor._enums import Freshness, Mode, State
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
    def on_bus(bus: SimBus, *, address: int = 0x62, config: Optional[Config] = None, every: Optional[float] = None) -> Session: ...
    @staticmethod
    def on_channel(channel: Channel, *, config: Optional[Config] = None, every: Optional[float] = None, wait: bool = False) -> Session: ...
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
        """Waits for what there is to say next; `None` at `until` (a time of the source), at the end, or when it is interrupted."""
    def wait_until(self, at: float) -> None:
        """Waits, or lets virtual time pass, without reading."""
    def latest(self) -> Update:
        """The latest reading if it is live now; otherwise why there is none. Waits for nothing."""
    def counters(self) -> dict[str, Any]:
        """What was done and met with so far."""
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
    """What a supervised sensor gives."""

    @property
    def state(self) -> State: ...
    @property
    def at(self) -> float: ...
    @property
    def faces(self) -> Optional[Faces]: ...
    @property
    def reading(self) -> Optional[Reading]: ...
    @property
    def error(self) -> Optional[SensorError]: ...

@final
class Reading:
    """Faces, and how much they are worth."""

    @property
    def faces(self) -> Faces: ...
    @property
    def at(self) -> float: ...
    @property
    def age(self) -> float: ...
    @property
    def is_fresh(self) -> bool: ...
    @property
    def freshness(self) -> Freshness: ...
    @property
    def published(self) -> Optional[float]: ...
    @property
    def is_frozen(self) -> bool: ...

# ---- simulator

# ---- linux

@final
class Line:
    """A GPIO line, as an input that tells of changes. Threads: may be used from several; nothing here waits."""

    def __new__(cls, name: str, pull: Pull = ...) -> Line: ...
    @property
    def name(self) -> str: ...
    def is_high(self) -> bool: ...
    def changes(self) -> tuple[int, int]:
        """How often it rose and fell since it was opened; the changes that wait to be told of are taken."""
    def fileno(self) -> int:
        """Its descriptor: readable while there are changes that were not taken."""
    def close(self) -> None: ...

@final
class Muxes:
    """The TCA9548A multiplexers of one bus, which this program drives: for several sensors of one address.

    ``bus`` is a path, a number, or the name of any source; ``addresses`` are 0x70 to 0x77. Nothing is sent. All multiplexers
    of a bus belong into one ``Muxes``. Where the kernel drives them (``dtoverlay=i2c-mux,pca9548``), each channel is a bus
    of its own, and this is not needed. Raises :class:`ConfigError`, :class:`NotFoundError` or :class:`BusError`.

    Threads: may be used from several, and so may its channels; their transfers come one after the other.
    """

    def __new__(cls, bus: Union[str, int], addresses: Iterable[int] = (0x70,)) -> Muxes: ...
    def channel(self, address: int, channel: int) -> Channel:
        """Channel 0 to 7 of the multiplexer at an address, as a bus: ``PersonSensor(muxes.channel(0x70, 3))``. Nothing is
        sent. Raises :class:`ConfigError`."""
    def shut(self) -> None:
        """Shuts all channels of all multiplexers, and makes sure of it. Raises :class:`BusError`."""
    def is_free_in_front(self, address: int = 0x62) -> bool:
        """Shuts all channels and reads a byte of an address: whether nothing answers it in front of the multiplexers. What
        does would be on every channel. Raises :class:`BusError`."""
    @property
    def is_in_doubt(self) -> bool:
        """Whether it is not known what a multiplexer connects; it is shut before anything is read."""

@final
class Channel:
    """A channel of a multiplexer, as a bus for a :class:`PersonSensor`. Each reading comes from this channel, or is an error.

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
