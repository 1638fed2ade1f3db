//! What exactly does each method send, in which order, and what does it do when the bus fails?
//!
//! One table of cases, driven through the blocking and the async shell. What goes over the bus is held to a
//! mock, and a log that the bus and the delay share holds the order of transfers and waits.

mod captured;

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;

use captured::ONE_FACE;
use embedded_hal::delay::DelayNs;
use embedded_hal::i2c::{ErrorKind, ErrorType, I2c, NoAcknowledgeSource, Operation};
use embedded_hal_mock::eh1::i2c::{Mock, Transaction};
use mlsensor::{
    Bounds, Command, Config, Error, Face, Faces, Identity, Mode, Packet, PacketError, PersonId, PersonSensor,
    ProbeError,
};

const BLOCKING: &str = include_str!("../src/person_sensor/blocking.rs");
const ASYNC: &str = include_str!("../src/person_sensor/asynch.rs");

fn the_face() -> Faces {
    let identity = Identity::new(PersonId::new(0).unwrap(), 67).unwrap();
    let face = Face::new(Bounds::new(124, 128, 149, 170).unwrap(), 99, Some(identity), true).unwrap();
    Faces::new(&[face]).unwrap()
}

const NACK: ErrorKind = ErrorKind::NoAcknowledge(NoAcknowledgeSource::Address);
const NACK_OF_DATA: ErrorKind = ErrorKind::NoAcknowledge(NoAcknowledgeSource::Data);

/// Something that happens between the driver and its surroundings: a transfer that the mock bus expects, or a
/// wait.
#[derive(Debug, Clone)]
enum Step {
    Transfer(Transaction),
    WaitNs(u64),
}

use Step::{Transfer, WaitNs};

fn write(bytes: [u8; 2]) -> Step {
    Transfer(Transaction::write(0x62, bytes.to_vec()))
}

fn read(bytes: &[u8]) -> Step {
    Transfer(Transaction::read(0x62, bytes.to_vec()))
}

fn write_fails(bytes: [u8; 2], error: ErrorKind) -> Step {
    Transfer(Transaction::write(0x62, bytes.to_vec()).with_error(error))
}

/// A transfer that would have brought `bytes`.
fn read_fails(bytes: &[u8], error: ErrorKind) -> Step {
    Transfer(Transaction::read(0x62, bytes.to_vec()).with_error(error))
}

/// What was seen to happen. The mock looks at the bytes, so that the log need not.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Event {
    Transfer,
    WaitNs(u64),
}

type Log = Rc<RefCell<Vec<Event>>>;

/// The mock bus, which also writes the log.
#[derive(Debug)]
struct Bus {
    mock: Mock,
    log: Log,
}

impl ErrorType for Bus {
    type Error = ErrorKind;
}

impl I2c for Bus {
    fn read(&mut self, address: u8, buffer: &mut [u8]) -> Result<(), ErrorKind> {
        self.log.borrow_mut().push(Event::Transfer);
        I2c::read(&mut self.mock, address, buffer)
    }

    fn write(&mut self, address: u8, bytes: &[u8]) -> Result<(), ErrorKind> {
        self.log.borrow_mut().push(Event::Transfer);
        I2c::write(&mut self.mock, address, bytes)
    }

    fn transaction(&mut self, _: u8, _: &mut [Operation<'_>]) -> Result<(), ErrorKind> {
        panic!("the sensor knows plain reads and plain writes only: no repeated start")
    }
}

#[cfg(feature = "async")]
impl embedded_hal_async::i2c::I2c for Bus {
    async fn read(&mut self, address: u8, buffer: &mut [u8]) -> Result<(), ErrorKind> {
        I2c::read(self, address, buffer)
    }

    async fn write(&mut self, address: u8, bytes: &[u8]) -> Result<(), ErrorKind> {
        I2c::write(self, address, bytes)
    }

    async fn transaction(&mut self, address: u8, operations: &mut [Operation<'_>]) -> Result<(), ErrorKind> {
        I2c::transaction(self, address, operations)
    }
}

/// Counts nanoseconds, in whichever unit it is asked: a wait of 500 us instead of 500 ms shows.
struct Stopwatch {
    log: Log,
}

impl DelayNs for Stopwatch {
    fn delay_ns(&mut self, ns: u32) {
        let mut log = self.log.borrow_mut();
        // Long waits come in pieces.
        match log.last_mut() {
            Some(Event::WaitNs(sum)) => *sum += u64::from(ns),
            _ => log.push(Event::WaitNs(ns.into())),
        }
    }
}

#[cfg(feature = "async")]
impl embedded_hal_async::delay::DelayNs for Stopwatch {
    async fn delay_ns(&mut self, ns: u32) {
        DelayNs::delay_ns(self, ns);
    }
}

/// How the sensor is made.
#[derive(Debug, Clone, Copy)]
enum Start {
    New,
    WithAddress(u8),
}

/// A call of one method.
#[derive(Debug, Clone, Copy)]
enum Call {
    Read,
    ReadPacket,
    ReadSplit,
    Probe,
    Send(Command),
    Configure(Config),
    SetMode(Mode),
    SetIdEnabled(bool),
    TriggerSingleShot,
    Capture,
    CaptureAfter(u32),
    LabelNextId(PersonId),
    SetPersistIds(bool),
    EraseIds,
    SetLed(bool),
}

/// Makes the call, with `.await` or without.
macro_rules! make {
    ($call:expr, $sensor:expr, $delay:expr $(, $await:tt $keyword:tt)?) => {{
        let (sensor, delay) = ($sensor, $delay);
        match $call {
            Call::Read => Outcome::from(sensor.read() $($await $keyword)?),
            Call::ReadPacket => sensor.read_packet() $($await $keyword)? .into(),
            Call::ReadSplit => sensor.read_split() $($await $keyword)? .into(),
            Call::Probe => sensor.probe() $($await $keyword)? .into(),
            Call::Send(command) => sensor.send(command) $($await $keyword)? .into(),
            Call::Configure(config) => sensor.configure(&config) $($await $keyword)? .into(),
            Call::SetMode(mode) => sensor.set_mode(mode) $($await $keyword)? .into(),
            Call::SetIdEnabled(enabled) => sensor.set_id_enabled(enabled) $($await $keyword)? .into(),
            Call::TriggerSingleShot => sensor.trigger_single_shot() $($await $keyword)? .into(),
            Call::Capture => sensor.capture(delay) $($await $keyword)? .into(),
            Call::CaptureAfter(wait_ms) => sensor.capture_after(delay, wait_ms) $($await $keyword)? .into(),
            Call::LabelNextId(id) => sensor.label_next_id(id) $($await $keyword)? .into(),
            Call::SetPersistIds(persist) => sensor.set_persist_ids(persist) $($await $keyword)? .into(),
            Call::EraseIds => sensor.erase_ids() $($await $keyword)? .into(),
            Call::SetLed(on) => sensor.set_led(on) $($await $keyword)? .into(),
        }
    }};
}

impl Call {
    const fn method(&self) -> &'static str {
        match self {
            Call::Read => "read",
            Call::ReadPacket => "read_packet",
            Call::ReadSplit => "read_split",
            Call::Probe => "probe",
            Call::Send(_) => "send",
            Call::Configure(_) => "configure",
            Call::SetMode(_) => "set_mode",
            Call::SetIdEnabled(_) => "set_id_enabled",
            Call::TriggerSingleShot => "trigger_single_shot",
            Call::Capture => "capture",
            Call::CaptureAfter(_) => "capture_after",
            Call::LabelNextId(_) => "label_next_id",
            Call::SetPersistIds(_) => "set_persist_ids",
            Call::EraseIds => "erase_ids",
            Call::SetLed(_) => "set_led",
        }
    }
}

/// What a call gives.
#[derive(Debug, PartialEq, Eq)]
enum Outcome {
    Done,
    Faces(Faces),
    Packet(Packet),
    Failed(Error<ErrorKind>),
    NoSensor(ProbeError<ErrorKind>),
}

use Outcome::{Done, Failed, NoSensor};

impl From<Result<(), Error<ErrorKind>>> for Outcome {
    fn from(result: Result<(), Error<ErrorKind>>) -> Self {
        result.map_or_else(Failed, |()| Done)
    }
}

impl From<Result<Faces, Error<ErrorKind>>> for Outcome {
    fn from(result: Result<Faces, Error<ErrorKind>>) -> Self {
        result.map_or_else(Failed, Outcome::Faces)
    }
}

impl From<Result<Packet, Error<ErrorKind>>> for Outcome {
    fn from(result: Result<Packet, Error<ErrorKind>>) -> Self {
        result.map_or_else(Failed, Outcome::Packet)
    }
}

impl From<Result<Faces, ProbeError<ErrorKind>>> for Outcome {
    fn from(result: Result<Faces, ProbeError<ErrorKind>>) -> Self {
        result.map_or_else(NoSensor, Outcome::Faces)
    }
}

struct Case {
    start: Start,
    call: Call,
    steps: Vec<Step>,
    outcome: Outcome,
}

fn case(call: Call, steps: Vec<Step>, outcome: Outcome) -> Case {
    Case { start: Start::New, call, steps, outcome }
}

/// The one table.
#[rustfmt::skip]
fn cases() -> Vec<Case> {
    use PacketError::{AllZero, Checksum, UndrivenBus};
    use ProbeError::{NoAnswer, NotAPersonSensor};

    let faces = || Outcome::Faces(the_face());
    let lost = |error| Failed(Error::I2c(error));
    let refused = |error| Failed(Error::Packet(error));
    let id = |id| PersonId::new(id).unwrap();
    let (trigger, wait) = (|| write([0x03, 0x00]), || WaitNs(500_000_000));
    let (head, tail) = ONE_FACE.split_at(32);
    // One bit of byte 20 is wrong.
    let mut bad = ONE_FACE;
    bad[20] ^= 0x04;
    let why = Checksum { computed: 0xCB29, found: 0x8B15 };
    // A sensor that starts anew for the second transfer: bytes 5 and 6 come in the place of the checksum.
    let anew = [0x00, 0x00, 0x21, 0x00, 0x01, 0x63, 0x7C];
    let mixed = Checksum { computed: 0xC37B, found: 0x7C63 };

    let mut cases = vec![
        case(Call::Read, vec![read(&ONE_FACE)], faces()),
        case(Call::Read, vec![read_fails(&ONE_FACE, NACK)], lost(NACK)),
        case(Call::Read, vec![read_fails(&ONE_FACE, ErrorKind::Overrun)], lost(ErrorKind::Overrun)),
        case(Call::Read, vec![read(&bad)], refused(why)),
        case(Call::Read, vec![read(&[0xFF; 39])], refused(UndrivenBus)),
        case(Call::ReadPacket, vec![read(&ONE_FACE)], Outcome::Packet(ONE_FACE)),
        case(Call::ReadPacket, vec![read(&bad)], Outcome::Packet(bad)),
        case(Call::ReadPacket, vec![read_fails(&ONE_FACE, NACK)], lost(NACK)),
        case(Call::ReadSplit, vec![read(head), read(tail)], faces()),
        case(Call::ReadSplit, vec![read_fails(head, NACK)], lost(NACK)),
        case(Call::ReadSplit, vec![read(head), read_fails(tail, ErrorKind::Bus)], lost(ErrorKind::Bus)),
        case(Call::ReadSplit, vec![read(head), read(&anew)], refused(mixed)),
        // A probe reads once and never writes.
        case(Call::Probe, vec![read(&ONE_FACE)], faces()),
        case(Call::Probe, vec![read_fails(&ONE_FACE, NACK)], NoSensor(NoAnswer(NACK))),
        case(Call::Probe, vec![read(&bad)], NoSensor(NotAPersonSensor(why))),
        case(Call::Probe, vec![read(&[0; 39])], NoSensor(NotAPersonSensor(AllZero))),
        // Trigger, wait, read; and no wait without a trigger.
        case(Call::Capture, vec![trigger(), wait(), read(&ONE_FACE)], faces()),
        case(Call::Capture, vec![write_fails([0x03, 0x00], NACK)], lost(NACK)),
        case(Call::Capture, vec![trigger(), wait(), read_fails(&ONE_FACE, NACK)], lost(NACK)),
        case(Call::Capture, vec![trigger(), wait(), read(&bad)], refused(why)),
        case(Call::CaptureAfter(300), vec![trigger(), WaitNs(300_000_000), read(&ONE_FACE)], faces()),
        case(Call::CaptureAfter(0), vec![trigger(), WaitNs(0), read(&ONE_FACE)], faces()),
        case(Call::CaptureAfter(10_000), vec![trigger(), WaitNs(10_000_000_000), read(&ONE_FACE)], faces()),
        case(Call::CaptureAfter(300), vec![write_fails([0x03, 0x00], NACK)], lost(NACK)),
        // Behind an address translator.
        Case {
            start: Start::WithAddress(0x1A),
            call: Call::Capture,
            steps: vec![
                Transfer(Transaction::write(0x1A, vec![0x03, 0x00])),
                wait(),
                Transfer(Transaction::read(0x1A, ONE_FACE.to_vec())),
            ],
            outcome: faces(),
        },
        Case {
            start: Start::WithAddress(0x1A),
            call: Call::ReadSplit,
            steps: vec![
                Transfer(Transaction::read(0x1A, head.to_vec())),
                Transfer(Transaction::read(0x1A, tail.to_vec())),
            ],
            outcome: faces(),
        },
    ];
    // One write each: it goes through, or the error of the bus does.
    for (call, bytes) in [
        (Call::SetMode(Mode::Standby),                  [0x01, 0x00]),
        (Call::SetMode(Mode::Continuous),               [0x01, 0x01]),
        (Call::SetIdEnabled(false),                     [0x02, 0x00]),
        (Call::SetIdEnabled(true),                      [0x02, 0x01]),
        (Call::TriggerSingleShot,                       [0x03, 0x00]),
        (Call::LabelNextId(id(0)),                      [0x04, 0x00]),
        (Call::LabelNextId(id(7)),                      [0x04, 0x07]),
        (Call::SetPersistIds(false),                    [0x05, 0x00]),
        (Call::SetPersistIds(true),                     [0x05, 0x01]),
        (Call::EraseIds,                                [0x06, 0x01]),
        (Call::SetLed(false),                           [0x07, 0x00]),
        (Call::SetLed(true),                            [0x07, 0x01]),
        (Call::Send(Command::LabelNextId(id(6))),       [0x04, 0x06]),
        (Call::Send(Command::Mode(Mode::Standby)),      [0x01, 0x00]),
        (Call::Send(Command::EraseIds),                 [0x06, 0x01]),
    ] {
        cases.push(case(call, vec![write(bytes)], Done));
        for error in [NACK, NACK_OF_DATA, ErrorKind::ArbitrationLoss] {
            cases.push(case(call, vec![write_fails(bytes, error)], lost(error)));
        }
    }
    // Four writes, the mode last; the first that fails ends it, whichever it is.
    let mut away = Config::default();
    away.mode = Mode::Standby;
    away.id_enabled = true;
    away.persist_ids = false;
    away.led = false;
    for (config, writes) in [
        (Config::default(), [[0x05, 0x01], [0x07, 0x01], [0x02, 0x00], [0x01, 0x01]]),
        (away,              [[0x05, 0x00], [0x07, 0x00], [0x02, 0x01], [0x01, 0x00]]),
    ] {
        cases.push(case(Call::Configure(config), writes.map(write).to_vec(), Done));
        for failing in 0..4 {
            let mut steps = writes.map(write)[..=failing].to_vec();
            steps[failing] = write_fails(writes[failing], NACK);
            cases.push(case(Call::Configure(config), steps, lost(NACK)));
        }
    }
    cases
}

/// A bus that expects these steps, and a delay, with the log that both write.
fn surroundings(case: &Case) -> (Bus, Stopwatch, Log) {
    let log = Log::default();
    let mut transfers = Vec::new();
    for step in &case.steps {
        if let Transfer(transaction) = step {
            transfers.push(transaction.clone());
        }
    }
    (Bus { mock: Mock::new(&transfers), log: log.clone() }, Stopwatch { log: log.clone() }, log)
}

/// After the call: the outcome, the order of everything, and the bus, which came back and saw nothing more.
fn verify(shell: &str, case: &Case, outcome: &Outcome, mut bus: Bus, log: &Log) {
    let name = format!("{shell}: {:?} with {:x?}", case.call, case.steps);
    assert_eq!(outcome, &case.outcome, "{name}");
    let expected = case.steps.iter().map(|step| match step {
        Transfer(_) => Event::Transfer,
        WaitNs(time) => Event::WaitNs(*time),
    });
    assert_eq!(*log.borrow(), expected.collect::<Vec<_>>(), "{name}");
    assert!(Rc::ptr_eq(&bus.log, log), "release gives back the bus that was handed in: {name}");
    bus.mock.done();
}

#[test]
fn the_blocking_shell_sends_exactly_this() {
    for case in cases() {
        let (bus, mut delay, log) = surroundings(&case);
        let mut sensor = match case.start {
            Start::New => PersonSensor::new(bus),
            Start::WithAddress(address) => PersonSensor::with_address(bus, address),
        };
        assert!(log.borrow().is_empty(), "making a sensor sends nothing");
        let outcome = make!(case.call, &mut sensor, &mut delay);
        verify("blocking", &case, &outcome, sensor.release(), &log);
    }
}

#[cfg(feature = "async")]
#[test]
fn the_async_shell_sends_exactly_the_same() {
    use mlsensor::PersonSensorAsync;

    for case in cases() {
        let (bus, mut delay, log) = surroundings(&case);
        let mut sensor = match case.start {
            Start::New => PersonSensorAsync::new(bus),
            Start::WithAddress(address) => PersonSensorAsync::with_address(bus, address),
        };
        assert!(log.borrow().is_empty(), "making a sensor sends nothing");
        let outcome = pollster::block_on(async { make!(case.call, &mut sensor, &mut delay, .await) });
        verify("async", &case, &outcome, sensor.release(), &log);
    }
}

#[test]
fn making_a_sensor_and_releasing_it_sends_nothing() {
    let mut bus = PersonSensor::new(Mock::new(&[])).release();
    bus.done();
    let mut bus = PersonSensor::with_address(Mock::new(&[]), 0x1A).release();
    bus.done();
}

fn public_methods(source: &'static str) -> BTreeSet<&'static str> {
    let name = |line: &'static str| {
        let rest = line.trim().strip_prefix("pub ")?;
        let rest = rest.strip_prefix("const ").unwrap_or(rest);
        let rest = rest.strip_prefix("async ").unwrap_or(rest);
        rest.strip_prefix("fn ")?.split(['(', '<']).next()
    };
    source.lines().filter_map(name).collect()
}

#[test]
fn every_public_method_of_either_shell_is_in_the_table() {
    let mut driven: BTreeSet<_> = cases().iter().map(|case| case.call.method()).collect();
    driven.extend(["new", "with_address", "release"]); // every case calls them
    assert_eq!(public_methods(BLOCKING), driven);
    assert_eq!(public_methods(ASYNC), driven);
}
