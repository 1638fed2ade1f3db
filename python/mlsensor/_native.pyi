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

        Sensors that are open on it and listened to are read at their times on the way, and their callbacks run in this
        thread. Where a callback lets time pass itself, it only passes: the readers follow when the callback is over.
        """
    def read(self, address: int, length: int) -> bytes:
        """Reads so many bytes, 0 to 8192, at a 7-bit address, as a program does: through the faults. Raises BusError."""
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
        """Lets this kind of fault befall so many in a million of the transactions that it can befall, by seeded chance.

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

        It is what happens on the wires: a fault that spoils a reading does so behind them, on its way to the program.
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
    """A simulated Person Sensor in virtual time, on a simulated bus: the one that is given, or one of its own.

    In front of it is an empty room. It sees as well as the optics allow (``Detection.ideal()``), unless a ``detection`` says
    otherwise. ``bus`` is a `SimBus`, or a segment of a `Tca9548a`; ``timeline`` is a scripted scene that begins now; ``seed``
    is that of all that is left to chance, on a bus of its own also of the faults.

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

        Sensors that are open on it and listened to are read at their times on the way, and their callbacks run in this
        thread. Where a callback lets time pass itself, it only passes: the readers follow when the callback is over.
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

        A result that is under way is published before; after 0.4 s of virtual time it is these faces that are read.
        """
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
        """Who was given this label, 0 to 7, as the `known_as` of the person: a look that a real sensor does not allow."""
    @property
    def result(self) -> bytes:
        """The latest result, as a read would give it: 39 bytes."""
    @property
    def results(self) -> int:
        """How many results it has published: the frame counter that a real one lacks."""
    @property
    def truth(self) -> list[tuple[Face, Optional[int]]]:
        """Each face of the latest result, and who it is: a look that a real sensor does not allow.

        Who is the `known_as` of the person, 0 if that is not said, and `None` for a face that is nobody's and for one of
        `show_faces`.
        """
    @property
    def exposed_at(self) -> Optional[float]:
        """When the picture behind the latest result was taken, in seconds; `None` if there is none."""
    @property
    def published_at(self) -> Optional[float]:
        """Since when the latest result can be read, in seconds; `None` if there is none."""
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

    ``Person(0.8, -10)`` is 0.8 m away and 10 degrees to the sensor's left, with eyes 1.6 m over the floor. Distances are 0 to
    1000 m, angles -3600 to 3600 degrees, heights 0 to 100 m; else ConfigError. Two are equal if the sensor could not tell
    them apart: places are kept to the millimetre.

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
        """Somebody so many metres to the right of the sensor's line of sight (negative: to its left) and ahead of it."""
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
        """Who it is to recognition. The sensor never learns this; all whose number is the same are one person."""
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
        """The same person, but for these: `person.replace(heading_deg=90)`. What a place leaves out stays as it was."""
    def __eq__(self, other: object) -> bool: ...
    def __hash__(self) -> int: ...
    def __reduce__(self) -> tuple[Any, ...]: ...

@final
class Scene(Sequence[Person]):
    """Everybody in front of a sensor at one moment, and how high it hangs: a sequence of `Person`.

    Threads: a frozen value, which any thread may use.
    """

    __match_args__: ClassVar[tuple[str]]
    def __new__(cls, people: Optional[Iterable[Person]] = None, *, sensor_height_m: Optional[float] = None) -> Scene: ...
    @property
    def people(self) -> tuple[Person, ...]:
        """Who is there."""
    @property
    def sensor_height_m(self) -> float:
        """The height of the sensor over the floor, in metres."""
    def __len__(self) -> int: ...
    @overload
    def __getitem__(self, index: int) -> Person: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Person, ...]: ...
    def __iter__(self) -> Iterator[Person]: ...
    def __contains__(self, person: object) -> bool: ...
    def __eq__(self, other: object) -> bool: ...
    def __hash__(self) -> int: ...
    def __getnewargs_ex__(self) -> tuple[Any, dict[str, Any]]: ...

@final
class Timeline:
    """A scripted scene over virtual time: who walks where, and what happens to the sensor.

    A walk is a list of moments and people: ``[(0.0, Person(4.0)), (6.0, Person(1.0))]``. Between two of them somebody goes in
    a straight line, and nobody is there before the first and after the last.

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
    def __eq__(self, other: object) -> bool: ...

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
        """One number for all that a sensor in front of this scene says, to see whether it says the same elsewhere."""
    def __eq__(self, other: object) -> bool: ...

@final
class Assumptions:
    """How a simulated sensor answers every open question; what is not said is answered as is likeliest.

    A program that must work on real sensors should pass its tests under all of ``Assumptions.alternatives()``.

    Threads: a frozen value, which any thread may use.
    """

    QUESTIONS: ClassVar[tuple[Question, ...]]
    __match_args__: ClassVar[tuple[()]]
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
        """How the lens maps angles to the picture. Source: fits the one size of a face that users published; no lens data are published."""
    @property
    def detection(self) -> float:
        """How long one inference takes. (v2.0 boards are faster; by how much is open.) Source: datasheet, v1.0 board."""
    @property
    def recognition(self) -> float:
        """How much longer an inference takes when recognition runs. (The guide's "about 5 a second" is 60 ms.) Source: datasheet, v1.0 board."""
    @property
    def recognition_without_faces(self) -> bool:
        """Whether recognition costs its time also when no face is seen. Source: assumed: there is nothing to recognise."""
    @property
    def inference_jitter(self) -> float:
        """By how much one inference may take longer or shorter than the mean. (Evenly spread, in microseconds; its result is as much later or earlier.) Source: assumed: only means were published."""
    @property
    def inference_drift_permille(self) -> int:
        """By how many thousandths the mean time of an inference drifts to either side, and back, within ten minutes. (Temperature would do this; results are as much later or earlier.) Source: assumed: only means were published."""
    @property
    def latency(self) -> float:
        """The time from the camera's exposure to the result that can be read. (It is longer than an inference: captures overlap.) Source: guide: about 200 ms, which may include waiting for the read."""
    @property
    def single_shot(self) -> float:
        """The time from the trigger of a single shot to its result, without recognition. Source: assumed to be the latency; a wait of 1 s is the only figure reported to be good."""
    @property
    def single_shot_only_in_standby(self) -> bool:
        """Whether a single shot is ignored in continuous mode. Source: guide: only in standby."""
    @property
    def second_single_shot(self) -> answers.SecondSingleShot:
        """What a single shot does while another one is under way. Source: assumed."""
    @property
    def before_first_result(self) -> answers.FirstResult:
        """What a read gives before the first inference is done. Source: users: a read at once gives the previous or an empty result."""
    @property
    def standby_forgets(self) -> bool:
        """Whether going to standby clears the latest result. Source: assumed."""
    @property
    def mode_write_restarts(self) -> bool:
        """Whether writing "continuous" to a sensor that is in continuous mode starts the inference anew. Source: assumed."""
    @property
    def mode_change_drops(self) -> bool:
        """Whether a change of mode drops the inference that is under way. Source: assumed."""
    @property
    def after_stop(self) -> answers.NextRead:
        """Where a read goes on after a shorter read and a STOP. Source: assumed."""
    @property
    def after_repeated_start(self) -> answers.NextRead:
        """Where a read goes on after a shorter read and a repeated START. Source: the vendor's programs for hosts limited to 32 bytes read 32 and then 7."""
    @property
    def latch(self) -> answers.Latch:
        """Until when a result that comes up during a read can get into it. Source: assumed; the checksum tells."""
    @property
    def past_the_end(self) -> answers.PastTheEnd:
        """What a read gives behind the 39th byte. Source: assumed: published programs read 40 bytes and ignore the last."""
    @property
    def several_pairs(self) -> answers.SeveralPairs:
        """Which of several register-value pairs in one transaction take effect. Source: one user: not all do."""
    @property
    def undocumented_value(self) -> answers.UndocumentedValue:
        """What a value other than 0 and 1 does in a register that is a switch. Source: assumed."""
    @property
    def pin_outside_continuous(self) -> answers.PinOutsideContinuous:
        """The presence pin in standby and after a single shot. Source: guide: the mode register says that continuous mode drives the pin."""
    @property
    def pin_shows_old_result(self) -> bool:
        """Whether the presence pin shows the latest result at once on the return to continuous mode, before there is a new one. Source: assumed; the guide says: high while the latest result has a face."""
    @property
    def led(self) -> answers.Led:
        """What the indicator LED does while it is on. Source: assumed."""
    @property
    def power_up_silence(self) -> float:
        """How long after power-up the sensor does not acknowledge. Source: one user: 2 to 3 s."""
    @property
    def probing_while_booting(self) -> answers.ProbingWhileBooting:
        """What being addressed while it boots does to the sensor. Source: one user: the data line may stay low until nine clock pulses and a STOP."""
    @property
    def extra_addresses(self) -> bool:
        """Whether the board also acknowledges 0x39 and 0x4F. (Reads of them give 0xFF here.) Source: seen on v1 boards, by published programs."""
    @property
    def recognises(self) -> answers.Recognises:
        """Which faces recognition runs on. Source: guide; the datasheet's flow says every face."""
    @property
    def label_needs_id_enabled(self) -> bool:
        """Whether a person can only be labelled while recognition is on. Source: guide: the next identified frame."""
    @property
    def relabelling_moves(self) -> bool:
        """Whether somebody who is labelled again loses the former label. (If not, the lower one is reported.) Source: assumed."""
    @property
    def erasing_cancels_label(self) -> bool:
        """Whether erase IDs discards a label that waits for a face. Source: assumed."""
    @property
    def not_recognised(self) -> answers.NotRecognised:
        """What the two id bytes of a face that is not recognised are. Source: guide: id -1 is unknown, an id confidence of zero or less is not recognised."""
    @property
    def labels_survive(self) -> bool:
        """Whether labels are there after a loss of power, with persist IDs on. Source: guide; users report that they were lost all the same."""
    @property
    def erasing(self) -> float:
        """How long the sensor does not acknowledge after erase IDs. Source: assumed; published programs wait 1 s before and after."""
    @property
    def kept(self) -> answers.Kept:
        """Which four of more than four faces are reported. Source: assumed."""
    @property
    def order(self) -> answers.Order:
        """The order of the faces in a packet. Source: published programs rely on the largest first; for three and four faces it is open."""
    @staticmethod
    def alternatives() -> list[tuple[Question, Assumptions]]:
        """The default answers but for one question, for every question and every other answer to it: each with its question."""
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
    def __eq__(self, other: object) -> bool: ...
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
    def default(self) -> Union[bool, int, float, enum.Enum]:
        """The answer that the simulator gives unless told otherwise."""
    @property
    def others(self) -> tuple[Union[bool, int, float, enum.Enum], ...]:
        """The other answers that tests should hold under."""
    @property
    def source(self) -> str:
        """Where the default comes from."""
    def __eq__(self, other: object) -> bool: ...
    def __hash__(self) -> int: ...

@final
class Detection:
    """How well a simulated sensor sees; what is not said is as on hardware, as far as that is known.

    ``Detection.ideal()`` sees all and invents nothing. Rates are in permille of inferences unless the name says otherwise.

    Threads: a frozen value, which any thread may use.
    """

    __match_args__: ClassVar[tuple[()]]
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
        """A sensor that misses nobody, invents nobody and is never wrong: for tests of a program's own logic."""
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
    def __eq__(self, other: object) -> bool: ...
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
        """The first written byte arrives, the second is not acknowledged. Where nothing is written it is a `nack`."""
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
        """This many bits, 1 to 3, are read the wrong way round, anywhere."""
    @staticmethod
    def burst(bits: int) -> Fault:
        """A burst of this many bits, 1 to 16, somewhere: its first and last bit are wrong, those between may be."""
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
        """This many reads, 1 to 255, give the bytes of the read before."""
    @staticmethod
    def gone(transactions: int) -> Fault:
        """This many transactions, 1 to 255, are not acknowledged: the sensor was unplugged and comes back."""
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
    def __eq__(self, other: object) -> bool: ...
    def __hash__(self) -> int: ...
    def __reduce__(self) -> tuple[Any, ...]: ...

@final
class FaultCounts:
    """What faults have done to the transactions with the sensor's address.

    Each is counted once: ``transactions`` is the sum of ``untouched``, ``without_effect`` and all of ``by_kind``.

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
    def __eq__(self, other: object) -> bool: ...

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
    """Another part at 0x62: to see that a program does not take it for a Person Sensor, and never writes to it.

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
    def __eq__(self, other: object) -> bool: ...

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
        """The error that ended the transaction here, by the name that recordings use; `None` if there was none."""
    def __eq__(self, other: object) -> bool: ...

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
