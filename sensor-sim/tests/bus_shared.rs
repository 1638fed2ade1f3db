//! What do several targets at one address, or a stranger at the sensor's, make of a transfer?
//! (What a bus with one target does: `bus.rs`.)
#![cfg(feature = "std")]

use std::time::Duration;

use embedded_hal::i2c::{Error as _, ErrorKind, I2c, NoAcknowledgeSource};
use mlsensor_sim::{Direction, Fault, FaultInjector, Lookalike, LookalikeKind, SimBus, SimSensor, Target};

/// A target at 0x20 that acknowledges this many bytes of a write.
struct Takes {
    most: usize,
    written: Vec<u8>,
}

fn takes(most: usize) -> Takes {
    Takes { most, written: Vec::new() }
}

impl Target for Takes {
    fn start(&mut self, address: u8, _: Direction) -> bool {
        self.written.clear();
        address == 0x20
    }

    fn write_byte(&mut self, byte: u8) -> bool {
        self.written.push(byte);
        self.written.len() <= self.most
    }

    fn read_byte(&mut self) -> u8 {
        0xFF
    }

    fn stop(&mut self) {}

    fn advance(&mut self, _: Duration) {}
}

/// The acknowledgement is a line that is pulled low, by any.
#[test]
fn a_byte_that_one_of_two_acknowledges_is_acknowledged_and_both_see_all() {
    for most in [[1, 9], [9, 1]] {
        let mut bus = SimBus::new();
        let both = most.map(|most| bus.attach(takes(most)));
        bus.write(0x20, &[0x01, 0x02, 0x03]).unwrap();
        for target in &both {
            assert_eq!(target.with(|target| target.written.clone()), [0x01, 0x02, 0x03], "{most:?}");
        }
    }
    for most in [[1, 2], [2, 1]] {
        let mut bus = SimBus::new();
        let both = most.map(|most| bus.attach(takes(most)));
        let error = bus.write(0x20, &[0x01, 0x02, 0x03, 0x04]).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NoAcknowledge(NoAcknowledgeSource::Data));
        for target in &both {
            assert_eq!(target.with(|target| target.written.len()), 3, "{most:?}: nobody took the third");
        }
    }
}

/// Whether the kind sends something that changes.
fn measures(kind: LookalikeKind) -> bool {
    kind != LookalikeKind::AnswersAll
}

#[test]
fn one_read_of_a_lookalike_differs_from_the_next() {
    for &kind in LookalikeKind::ALL {
        let mut bus = SimBus::new();
        bus.attach(Lookalike::new(kind));
        let mut reads = [[0; 39]; 8];
        reads.iter_mut().for_each(|read| bus.read(0x62, read).unwrap());
        let changes = reads.windows(2).filter(|pair| pair[0] != pair[1]).count();
        assert!(if measures(kind) { changes >= 6 } else { changes == 0 }, "{kind:?}: {changes} changes");
    }
}

#[test]
fn one_read_that_a_lookalike_is_pretended_for_differs_from_the_next() {
    for &kind in LookalikeKind::ALL {
        let mut faulty = FaultInjector::new(SimBus::with_sensor(SimSensor::new()).0, 1);
        let mut reads = [[0; 39]; 8];
        for read in &mut reads {
            faulty.inject(Fault::Lookalike(kind));
            faulty.read(0x62, read).unwrap();
        }
        let changes = reads.windows(2).filter(|pair| pair[0] != pair[1]).count();
        assert!(if measures(kind) { changes >= 6 } else { changes == 0 }, "{kind:?}: {changes} changes");
    }
}
