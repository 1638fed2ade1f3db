"""The native module. What is public of it is in `mlsensor`."""

from collections.abc import Sequence
from typing import Any, Optional, final

from mlsensor._enums import Freshness, Mode, State
from mlsensor._errors import SensorError

__version__: str

# ---- command

def run_command(words: Sequence[str]) -> int: ...

# ---- values

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
