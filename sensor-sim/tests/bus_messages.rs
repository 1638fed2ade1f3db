//! Is a bus that is driven message by message the same bus: in its traffic, its errors, its log, and its faults?
#![cfg(feature = "std")]

use std::sync::{Arc, Mutex};
use std::time::Duration;

use embedded_hal::i2c::{Error as _, ErrorKind, I2c, NoAcknowledgeSource, Operation};
use mlsensor_sim::{
    Assumptions, Direction, Fault, FaultError, FaultInjector, FaultKind, MessageBus, PastTheEnd,
    ProbingWhileBooting, Recording, SimBus, SimBusError, SimSensor, Target,
};
use proptest::prelude::*;

const NACK_ADDRESS: ErrorKind = ErrorKind::NoAcknowledge(NoAcknowledgeSource::Address);
const NACK_DATA: ErrorKind = ErrorKind::NoAcknowledge(NoAcknowledgeSource::Data);

/// What a target saw: `S:w`, `S:r`, the bytes, `P`.
type Seen = Arc<Mutex<String>>;

/// A target at 0x40 that counts upward when it is read, and acknowledges so many bytes of each write.
struct Witness {
    takes: usize,
    taken: usize,
    given: u8,
    is_addressed: bool,
    seen: Seen,
}

impl Witness {
    fn on(bus: &SimBus, takes: usize) -> Seen {
        let seen = Seen::default();
        bus.attach(Witness { takes, taken: 0, given: 0, is_addressed: false, seen: seen.clone() });
        seen
    }

    fn note(&self, what: &str) {
        self.seen.lock().unwrap().push_str(what);
    }
}

impl Target for Witness {
    fn start(&mut self, address: u8, direction: Direction) -> bool {
        self.is_addressed = address == 0x40;
        self.taken = 0;
        self.note(if direction == Direction::Read { " S:r" } else { " S:w" });
        self.is_addressed
    }

    fn write_byte(&mut self, byte: u8) -> bool {
        self.taken += 1;
        self.note(&format!(" {byte:02x}"));
        self.taken <= self.takes
    }

    fn read_byte(&mut self) -> u8 {
        self.given = self.given.wrapping_add(1);
        self.note(&format!(" {:02x}", self.given));
        self.given
    }

    fn stop(&mut self) {
        self.note(" P");
    }

    fn advance(&mut self, _by: Duration) {}
}

fn taken(seen: &Seen) -> String {
    std::mem::take(&mut *seen.lock().unwrap())
}

#[test]
fn messages_are_joined_by_repeated_starts_also_in_one_direction() {
    let mut bus = SimBus::new();
    let seen = Witness::on(&bus, 9);
    let mut bytes = [0; 2];
    bus.message(0x40, &mut Operation::Write(&[7]), false).unwrap();
    bus.message(0x40, &mut Operation::Write(&[8]), false).unwrap();
    bus.message(0x40, &mut Operation::Read(&mut bytes), true).unwrap();
    assert_eq!(taken(&seen), " S:w 07 S:w 08 S:r 01 02 P");
    assert_eq!(bytes, [1, 2]);
}

#[test]
fn the_messages_of_a_transaction_may_be_for_different_addresses() {
    let (mut bus, _sim) = SimBus::with_sensor(SimSensor::new());
    let seen = Witness::on(&bus, 9);
    let mut packet = [0; 3];
    bus.message(0x40, &mut Operation::Write(&[7]), false).unwrap();
    bus.message(0x62, &mut Operation::Read(&mut packet), true).unwrap();
    assert_eq!((taken(&seen).as_str(), packet), (" S:w 07 S:r P", [0, 0, 0x21]));
}

#[test]
fn what_goes_on_needs_no_start_and_a_transaction_to_go_on_in() {
    let mut bus = SimBus::new();
    let seen = Witness::on(&bus, 9);
    let (mut length, mut block) = ([0; 1], [0; 2]);
    bus.message(0x40, &mut Operation::Read(&mut length), false).unwrap();
    bus.more(0x40, &mut Operation::Read(&mut block), true).unwrap();
    assert_eq!(taken(&seen), " S:r 01 02 03 P");
    let error = bus.more(0x40, &mut Operation::Read(&mut block), true).unwrap_err();
    assert_eq!((error.kind(), taken(&seen).as_str()), (NACK_ADDRESS, ""));
}

#[test]
fn an_error_ends_the_transaction_with_a_stop() {
    let mut bus = SimBus::new();
    let seen = Witness::on(&bus, 1);
    bus.message(0x40, &mut Operation::Write(&[7]), false).unwrap();
    let error = bus.message(0x40, &mut Operation::Write(&[8, 9, 10]), false).unwrap_err();
    assert_eq!((error.kind(), taken(&seen).as_str()), (NACK_DATA, " S:w 07 S:w 08 09 P"));
    bus.message(0x40, &mut Operation::Write(&[7]), false).unwrap();
    let error = bus.message(0x41, &mut Operation::Write(&[8]), false).unwrap_err();
    assert_eq!((error.kind(), taken(&seen).as_str()), (NACK_ADDRESS, " S:w 07 S:w P"));
    bus.message(0x40, &mut Operation::Write(&[7]), false).unwrap();
    bus.more(0x40, &mut Operation::Write(&[8]), false).unwrap_err();
    assert_eq!(taken(&seen), " S:w 07 08 P");
}

#[test]
fn a_stop_ends_what_is_under_way_and_nothing_else() {
    let mut bus = SimBus::new();
    let seen = Witness::on(&bus, 9);
    bus.stop();
    assert_eq!((taken(&seen).as_str(), bus.now()), ("", Duration::ZERO));
    bus.message(0x40, &mut Operation::Write(&[7]), false).unwrap();
    bus.stop();
    bus.stop();
    assert_eq!(taken(&seen), " S:w 07 P");
}

#[test]
fn a_data_line_that_is_held_low_stops_a_start_and_not_a_transaction_that_is_under_way() {
    let mut assumptions = Assumptions::default();
    assumptions.probing_while_booting = ProbingWhileBooting::HoldsDataLow;
    let (mut bus, sim) = SimBus::with_sensor(SimSensor::new().with_assumptions(assumptions));
    sim.power_off();
    sim.power_on();
    assert_eq!(bus.message(0x62, &mut Operation::Write(&[]), true).unwrap_err().kind(), NACK_ADDRESS);
    let held = bus.message(0x62, &mut Operation::Write(&[]), true);
    assert_eq!(held, Err(SimBusError::DataLineLow));
    bus.recover();
    assert_eq!(bus.message(0x62, &mut Operation::Write(&[]), true).unwrap_err().kind(), NACK_ADDRESS);
}

#[test]
fn a_sensor_takes_two_messages_in_one_transaction_as_two_writes() {
    let (mut bus, sim) = SimBus::with_sensor(SimSensor::new());
    bus.message(0x62, &mut Operation::Write(&[0x07, 0x00]), false).unwrap();
    bus.message(0x62, &mut Operation::Write(&[0x02, 0x01]), true).unwrap();
    let config = sim.with(|sim| sim.config());
    assert!(!config.led && config.id_enabled, "{config:?}");
}

#[test]
fn the_log_marks_repeated_starts_and_replays_the_same() {
    let mut assumptions = Assumptions::default();
    assumptions.past_the_end = PastTheEnd::Zeros;
    let (mut bus, _sim) = SimBus::with_sensor(SimSensor::new().with_assumptions(assumptions));
    bus.start_log();
    let (mut head, mut more, mut again) = ([0; 3], [0; 2], [0; 3]);
    bus.message(0x62, &mut Operation::Write(&[0x07]), false).unwrap();
    bus.message(0x62, &mut Operation::Read(&mut head), false).unwrap();
    bus.more(0x62, &mut Operation::Read(&mut more), true).unwrap();
    bus.message(0x62, &mut Operation::Read(&mut again), true).unwrap();
    bus.message(0x10, &mut Operation::Write(&[1]), true).unwrap_err();
    let log = bus.take_log();
    let text = "# mlsensor recording 1\n\
        0.000000 62 w 07\n\
        0.000190 62 +r 00 00 21 00 00\n\
        0.000750 62 r 00 00 21\n\
        0.001130 10 w 01 ! nack-address\n";
    assert_eq!(log.to_string(), text);
    assert_eq!(Recording::parse(text), Ok(log.clone()));
    let mut replay = log.replay();
    let (mut both, mut last) = ([0; 5], [0; 3]);
    replay.write_read(0x62, &[0x07], &mut both).unwrap();
    replay.read(0x62, &mut last).unwrap();
    assert_eq!((&both[..3], &both[3..], last), (&head[..], &more[..], again));
}

#[test]
fn a_fault_befalls_a_message_and_ends_the_transaction() {
    let bus = SimBus::new();
    let seen = Witness::on(&bus, 9);
    let mut faulty = FaultInjector::new(bus, 1).for_address(0x40);
    faulty.message(0x40, &mut Operation::Write(&[7]), false).unwrap();
    for (fault, traffic) in [
        (Fault::NackAddress, " P"),
        (Fault::ArbitrationLoss, " P"),
        (Fault::BusError, " P"),
        (Fault::StretchTimeout, " P"),
        // The first byte arrives, after a repeated START.
        (Fault::NackData, " S:w 08 P"),
    ] {
        faulty.message(0x40, &mut Operation::Write(&[7]), false).unwrap();
        taken(&seen);
        faulty.inject(fault);
        let outcome = faulty.message(0x40, &mut Operation::Write(&[8, 9]), true);
        assert_eq!((outcome, taken(&seen).as_str()), (Err(FaultError::Injected(fault)), traffic));
        assert_eq!(faulty.counts().of(fault.kind()), 1);
        faulty.message(0x40, &mut Operation::Write(&[7]), true).unwrap();
        assert_eq!(taken(&seen), " S:w 07 P", "the next one begins with a START");
    }
}

#[test]
fn a_fault_of_what_is_read_waits_for_a_message_that_reads() {
    let bus = SimBus::new();
    Witness::on(&bus, 9);
    let mut faulty = FaultInjector::new(bus, 1).for_address(0x40);
    faulty.inject(Fault::AllOnes);
    let mut bytes = [0; 2];
    faulty.message(0x40, &mut Operation::Write(&[7]), false).unwrap();
    faulty.message(0x40, &mut Operation::Read(&mut bytes), true).unwrap();
    assert_eq!(bytes, [0xFF; 2]);
    assert_eq!(faulty.latest(), Some(Fault::AllOnes));
    assert_eq!(faulty.counts().transactions, 2, "each message is counted");
}

#[test]
fn messages_for_another_address_and_what_goes_on_are_let_through() {
    let bus = SimBus::new();
    let seen = Witness::on(&bus, 9);
    let mut faulty = FaultInjector::new(bus, 1).with(FaultKind::NackAddress, 1_000_000);
    faulty.message(0x40, &mut Operation::Write(&[7]), false).unwrap();
    faulty.more(0x40, &mut Operation::Write(&[8]), false).unwrap();
    faulty.stop();
    assert_eq!(taken(&seen), " S:w 07 08 P");
    assert_eq!(faulty.counts().transactions, 0);
}

#[derive(Debug, Clone)]
enum Step {
    Read(usize),
    Write(Vec<u8>),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let write = proptest::collection::vec(any::<u8>(), 0..5).prop_map(Step::Write);
    proptest::collection::vec(prop_oneof![(0_usize..5).prop_map(Step::Read), write], 1..6)
}

/// What came of it: the error, what was read, what the target saw, how long it took, and the log.
type Outcome = (Option<ErrorKind>, Vec<Vec<u8>>, String, Duration, Recording);

/// Drives a bus with operations that own their bytes.
fn drive(
    address: u8,
    takes: usize,
    steps: &[Step],
    with: impl FnOnce(&mut SimBus, u8, &mut [Operation<'_>]) -> Result<(), SimBusError>,
) -> Outcome {
    let mut bus = SimBus::new();
    let seen = Witness::on(&bus, takes);
    bus.start_log();
    let mut read: Vec<Vec<u8>> = steps
        .iter()
        .map(|step| if let Step::Read(len) = step { vec![0; *len] } else { Vec::new() })
        .collect();
    let mut operations: Vec<Operation<'_>> = steps
        .iter()
        .zip(&mut read)
        .map(|(step, read)| match step {
            Step::Read(_) => Operation::Read(read),
            Step::Write(bytes) => Operation::Write(bytes),
        })
        .collect();
    let error = with(&mut bus, address, &mut operations).err().map(|error| error.kind());
    drop(operations);
    (error, read, taken(&seen), bus.now(), bus.take_log())
}

/// The operations as messages; what is in the direction of the one before goes on without a START.
fn by_messages(bus: &mut SimBus, address: u8, operations: &mut [Operation<'_>]) -> Result<(), SimBusError> {
    let (count, mut before) = (operations.len(), None);
    for (number, operation) in (1..).zip(operations) {
        let reads = matches!(operation, Operation::Read(_));
        let is_last = number == count;
        match before.replace(reads) == Some(reads) {
            true => bus.more(address, operation, is_last)?,
            false => bus.message(address, operation, is_last)?,
        }
    }
    Ok(())
}

proptest! {
    #[test]
    fn messages_are_the_same_traffic_as_a_transaction(
        address in prop_oneof![4 => Just(0x40_u8), 1 => Just(0x41_u8)],
        takes in 0_usize..6,
        steps in steps(),
    ) {
        let whole = drive(address, takes, &steps, |bus, address, operations| bus.transaction(address, operations));
        let by_messages = drive(address, takes, &steps, by_messages);
        prop_assert_eq!(&whole.0, &by_messages.0);
        prop_assert_eq!(&whole.1, &by_messages.1);
        prop_assert_eq!(&whole.2, &by_messages.2);
        prop_assert_eq!(whole.3, by_messages.3);
        // The log of a transaction that failed holds all that was asked for; that of messages, what was sent.
        if whole.0.is_none() {
            prop_assert_eq!(strip_times(whole.4), strip_times(by_messages.4));
        }
    }
}

/// A transaction has one time, a message its own.
fn strip_times(mut recording: Recording) -> Recording {
    recording.transfers.iter_mut().for_each(|transfer| transfer.at = Duration::ZERO);
    recording
}
