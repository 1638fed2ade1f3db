//! Is the simulated bus a bus: in what it takes in time, in who answers, and in what embedded-hal asks of a transaction?
//! (The pin and the delay: `bus_pin.rs`. Logs, tracer and replay: `bus_recordings.rs`.)
#![cfg(feature = "std")]

use std::sync::{Arc, Mutex};
use std::time::Duration;

use embedded_hal::i2c::{Error as _, ErrorKind, I2c, NoAcknowledgeSource, Operation};
use mlsensor_sim::person_sensor::{Latch, NextRead, ProbingWhileBooting};
use mlsensor_sim::{
    Assumptions, Direction, Lookalike, LookalikeKind, Person, SimBus, SimBusError, SimSensor, Target,
};

const fn us(us: u64) -> Duration {
    Duration::from_micros(us)
}

const NACK_ADDRESS: ErrorKind = ErrorKind::NoAcknowledge(NoAcknowledgeSource::Address);
const NACK_DATA: ErrorKind = ErrorKind::NoAcknowledge(NoAcknowledgeSource::Data);

/// A target that writes down what it sees.
#[derive(Clone)]
struct Witness {
    address: u8,
    /// It acknowledges this many bytes of each write.
    takes: usize,
    /// What it gives to be read, over and over.
    gives: Vec<u8>,
    taken: usize,
    given: usize,
    is_addressed: bool,
    seen: Arc<Mutex<String>>,
}

impl Witness {
    fn at(address: u8, gives: &[u8]) -> Witness {
        let gives = gives.to_vec();
        Witness { address, takes: 99, gives, taken: 0, given: 0, is_addressed: false, seen: Arc::default() }
    }

    fn note(&self, what: &str) {
        self.seen.lock().unwrap().push_str(what);
    }
}

impl Target for Witness {
    fn start(&mut self, address: u8, direction: Direction) -> bool {
        self.is_addressed = address == self.address;
        (self.taken, self.given) = (0, 0);
        self.note(if direction == Direction::Read { " S:r" } else { " S:w" });
        self.is_addressed
    }

    fn write_byte(&mut self, byte: u8) -> bool {
        self.taken += 1;
        self.note(&format!(" {byte:02x}"));
        self.taken <= self.takes
    }

    fn read_byte(&mut self) -> u8 {
        self.given += 1;
        self.note(" ?");
        self.gives[(self.given - 1) % self.gives.len()]
    }

    fn stop(&mut self) {
        self.note(" P;");
    }

    fn advance(&mut self, _: Duration) {}
}

#[test]
fn a_transfer_takes_the_time_of_its_bits() {
    // START 1, address and acknowledge 9, a byte and acknowledge 9, STOP 1.
    // 39 bytes: 1 + 9 + 351 + 1 = 362 bits. 2 bytes: 29 bits. A repeated START with its address: 10 more.
    for (hertz, read_us, write_us, both_us) in [
        (100_000, 3620, 290, 3900), // 10 us a bit
        (400_000, 905, 72, 975),    // 2.5 us a bit: 72.5 and 975
        (10_000, 36_200, 2900, 39_000),
    ] {
        let mut bus = SimBus::with_bit_rate(hertz);
        bus.attach(SimSensor::new());
        bus.read(0x62, &mut [0; 39]).unwrap();
        assert_eq!(bus.now(), us(read_us), "39 bytes at {hertz} Hz");
        let begin = bus.now();
        bus.write(0x62, &[0x07, 0x01]).unwrap();
        assert_eq!((bus.now() - begin).as_micros(), write_us, "2 bytes at {hertz} Hz");
        let begin = bus.now();
        bus.write_read(0x62, &[0x07, 0x01], &mut [0; 39]).unwrap();
        assert_eq!((bus.now() - begin).as_micros(), both_us, "both at {hertz} Hz");
    }
}

#[test]
fn targets_live_through_the_time_that_transfers_take() {
    let (mut bus, sim) = SimBus::with_sensor(SimSensor::new());
    for reads in 1..=400_u32 {
        bus.read(0x62, &mut [0; 39]).unwrap();
        assert_eq!(bus.now(), us(3620) * reads);
        assert_eq!(sim.with(|sim| sim.now()), bus.now());
    }
    // 400 reads take 1448 ms, in which results come up at 200, 340 ... 1320.
    assert_eq!(sim.with(|sim| sim.results()), 9);
}

#[test]
fn nobody_acknowledges_at_another_address_and_it_takes_the_time_of_an_address() {
    let (mut bus, _sim) = SimBus::with_sensor(SimSensor::new());
    for address in (0..0x80).filter(|&address| address != 0x62) {
        let begin = bus.now();
        let error = bus.read(address, &mut [0; 39]).unwrap_err();
        assert_eq!(error, SimBusError::NoAcknowledge { address, source: NoAcknowledgeSource::Address });
        assert_eq!(error.kind(), NACK_ADDRESS);
        assert_eq!(bus.write(address, &[0x01, 0x00]).unwrap_err().kind(), NACK_ADDRESS);
        assert_eq!(bus.now() - begin, us(2 * 110), "START, address, STOP: 11 bits, twice");
    }
}

#[test]
fn a_byte_that_is_not_acknowledged_ends_the_transaction() {
    let mut bus = SimBus::new();
    let witness = bus.attach(Witness { takes: 1, ..Witness::at(0x20, &[0x00]) });
    let mut read = [0xA5];
    let error = bus.write_read(0x20, &[0x01, 0x02, 0x03], &mut read).unwrap_err();
    assert_eq!((error.kind(), read), (NACK_DATA, [0xA5]));
    assert_eq!(*witness.with(|witness| witness.seen.clone()).lock().unwrap(), " S:w 01 02 P;");
}

#[test]
fn a_transaction_is_what_embedded_hal_says() {
    let mut bus = SimBus::new();
    let witness = bus.attach(Witness::at(0x20, &[0x11, 0x22, 0x33]));
    let mut run = |operations: &mut [Operation<'_>]| {
        bus.transaction(0x20, operations).unwrap();
        std::mem::take(&mut *witness.with(|witness| witness.seen.clone()).lock().unwrap())
    };
    let (mut a, mut b) = ([0; 2], [0; 1]);
    assert_eq!(run(&mut [Operation::Write(&[1]), Operation::Write(&[2, 3])]), " S:w 01 02 03 P;");
    assert_eq!(run(&mut [Operation::Read(&mut a), Operation::Read(&mut b)]), " S:r ? ? ? P;");
    assert_eq!((a, b), ([0x11, 0x22], [0x33]), "adjacent reads are one transfer");
    assert_eq!(
        run(&mut [Operation::Write(&[1]), Operation::Read(&mut a), Operation::Write(&[2])]),
        " S:w 01 S:r ? ? S:w 02 P;",
        "a repeated START where the direction changes, one STOP at the end"
    );
    assert_eq!(run(&mut [Operation::Write(&[])]), " S:w P;", "an address alone");
}

#[test]
fn whoever_pulls_low_wins_the_data_line() {
    let mut bus = SimBus::new();
    bus.attach(Witness::at(0x20, &[0b1111_0000, 0xFF]));
    bus.attach(Witness::at(0x20, &[0b1100_1100, 0xFF, 0x7F]));
    bus.attach(Witness::at(0x21, &[0x00]));
    let mut bytes = [0; 3];
    bus.read(0x20, &mut bytes).unwrap();
    assert_eq!(bytes, [0b1100_0000, 0xFF, 0x70]);
}

#[test]
fn two_sensors_that_see_the_same_are_one_on_the_bus_and_others_garble_each_other() {
    let mut bus = SimBus::new();
    let (one, other) = (bus.attach(SimSensor::new()), bus.attach(SimSensor::new()));
    bus.advance(us(1_000_000));
    let mut packet = [0; 39];
    bus.read(0x62, &mut packet).unwrap();
    assert_eq!((packet[2], packet[37], packet[38]), (0x21, 0x25, 0x37), "nobody, twice");
    one.with(|sensor| sensor.set_scene([Person::at(1.0, 0.0)]));
    other.with(|sensor| sensor.set_scene([Person::at(1.0, 30.0), Person::at(1.5, -30.0)]));
    bus.advance(us(1_000_000));
    bus.read(0x62, &mut packet).unwrap();
    let expected: Vec<u8> =
        one.with(|a| other.with(|b| a.result().iter().zip(b.result()).map(|(a, b)| a & b).collect()));
    assert_eq!(packet[..], expected);
    bus.write(0x62, &[0x01, 0x00]).unwrap();
    bus.advance(us(1_000_000));
    let modes = [one, other].map(|sensor| sensor.with(|sensor| sensor.next_event()));
    assert_eq!(modes, [None, None], "a write reaches both");
}

#[test]
fn a_lookalike_at_the_same_address_garbles_the_sensor() {
    for &kind in LookalikeKind::ALL {
        let (mut bus, sim) = SimBus::with_sensor(SimSensor::new());
        let other = bus.attach(Lookalike::new(kind));
        let mut packet = [0; 39];
        bus.read(0x62, &mut packet).unwrap();
        let own = sim.with(|sim| *sim.result());
        // One that drives nothing does no harm.
        assert_eq!(packet == own, kind == LookalikeKind::AnswersAll, "{kind:?}");
        assert!(packet.iter().zip(own).all(|(&read, own)| read & !own == 0), "{kind:?}: low wins");
        bus.write(0x62, &[0x07, 0x00]).unwrap();
        assert_eq!(other.with(|other| other.bytes_written()), 2);
    }
}

/// Reads the packet around the moment at which a result with other bytes comes up, at 340 ms: begin by begin, 100 us
/// apart. How often the packet was the old one, the new one, and neither.
fn reads_around_a_new_result(latch: Latch) -> [u32; 3] {
    let mut outcomes = [0; 3];
    for begin in (335_000..345_000).step_by(100) {
        let mut assumptions = Assumptions::default();
        assumptions.latch = latch;
        let (mut bus, sim) = SimBus::with_sensor(SimSensor::new().with_assumptions(assumptions));
        bus.advance(us(100_000));
        let old = sim.with(|sim| *sim.result());
        sim.with(|sim| sim.set_scene([Person::at(1.0, 0.0)]));
        bus.advance(us(begin - 100_000));
        let mut packet = [0; 39];
        bus.read(0x62, &mut packet).unwrap();
        bus.advance(us(5000));
        let new = sim.with(|sim| *sim.result());
        let which = if packet == old {
            0
        } else if packet == new {
            1
        } else {
            2
        };
        outcomes[which] += 1;
    }
    outcomes
}

#[test]
fn a_result_that_comes_up_during_a_read_tears_the_packet_only_if_nothing_is_latched() {
    // The address ends 0.1 ms after the begin; so reads that begin before 339.9 ms take up the old packet.
    assert_eq!(reads_around_a_new_result(Latch::AtFirstByte), [49, 51, 0]);
    assert_eq!(reads_around_a_new_result(Latch::AtStart), [49, 51, 0]);
    let [old, new, torn] = reads_around_a_new_result(Latch::Never);
    assert_eq!(old + new + torn, 100);
    assert!((25..=35).contains(&torn), "a read takes 3.5 ms from the first byte to the last: {torn} torn");
}

#[test]
fn two_reads_in_one_transaction_are_one_and_two_transactions_are_two() {
    for (after_stop, second) in [(NextRead::Restarts, 0), (NextRead::Continues, 32)] {
        let mut assumptions = Assumptions::default();
        assumptions.after_stop = after_stop;
        let (mut bus, sim) = SimBus::with_sensor(SimSensor::new().with_assumptions(assumptions));
        let packet = sim.with(|sim| *sim.result());
        let (mut first, mut rest) = ([0; 32], [0; 7]);
        bus.transaction(0x62, &mut [Operation::Read(&mut first), Operation::Read(&mut rest)]).unwrap();
        assert_eq!((first[..].to_vec(), rest[..].to_vec()), (packet[..32].to_vec(), packet[32..].to_vec()));
        bus.advance(us(10));
        bus.read(0x62, &mut first).unwrap();
        bus.read(0x62, &mut rest).unwrap();
        assert_eq!(rest, packet[second..second + 7], "{after_stop:?}");
    }
}

#[test]
fn a_data_line_that_is_held_low_stops_every_transfer_until_nine_clocks_and_a_stop() {
    let mut assumptions = Assumptions::default();
    assumptions.probing_while_booting = ProbingWhileBooting::HoldsDataLow;
    let (mut bus, sim) = SimBus::with_sensor(SimSensor::new().with_assumptions(assumptions));
    let other = bus.attach(Witness::at(0x20, &[0x5A]));
    sim.with(|sim| {
        sim.power_off();
        sim.power_on();
    });
    let mut byte = [0];
    assert_eq!(bus.read(0x20, &mut byte), Ok(()), "the others work");
    assert_eq!(bus.read(0x62, &mut byte).unwrap_err().kind(), NACK_ADDRESS);
    other.with(|other| other.seen.lock().unwrap().clear());
    bus.advance(us(10_000_000));
    for address in [0x62, 0x20] {
        let error = bus.read(address, &mut byte).unwrap_err();
        assert_eq!((error, error.kind()), (SimBusError::DataLineLow, ErrorKind::Bus));
    }
    assert!(other.with(|other| other.seen.lock().unwrap().is_empty()), "nobody saw anything of it");
    let begin = bus.now();
    bus.recover();
    assert_eq!(bus.now() - begin, us(100), "nine clocks and a STOP at 100 kHz");
    assert_eq!(bus.read(0x20, &mut byte), Ok(()));
    assert_eq!(bus.read(0x62, &mut [0; 39]), Ok(()));
}

#[test]
fn a_stop_ends_a_read_that_a_repeated_start_to_somebody_else_cut_short() {
    let mut sensor = SimSensor::new();
    assert!(sensor.start(0x62, Direction::Read));
    let begun = [(); 3].map(|()| sensor.read_byte());
    assert!(!sensor.start(0x20, Direction::Read), "not its address");
    assert_eq!(sensor.read_byte(), 0xFF, "it does not drive the bus for another");
    sensor.stop();
    assert!(sensor.start(0x62, Direction::Read));
    assert_eq!((begun, [(); 3].map(|()| sensor.read_byte())), ([0x00, 0x00, 0x21], [0x00, 0x00, 0x21]));
}
