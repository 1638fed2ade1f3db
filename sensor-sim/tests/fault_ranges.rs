//! Do faults reach both ends of what they can be and of what they can hit?
//! (How often they befall: `fault_rates.rs`.)
#![cfg(feature = "std")]

use std::collections::BTreeSet;

use embedded_hal::i2c::{ErrorType, I2c, Operation};
use mlsensor_sim::{Fault, FaultInjector, FaultKind, LookalikeKind, Nonsense, SimBus, SimSensor};

/// A bus of which no byte is as it was in the read before, so that every fault has an effect.
struct Counting {
    reads: u8,
}

impl ErrorType for Counting {
    type Error = core::convert::Infallible;
}

impl I2c for Counting {
    fn transaction(&mut self, _: u8, operations: &mut [Operation<'_>]) -> Result<(), Self::Error> {
        self.reads = self.reads.wrapping_add(1);
        for operation in operations {
            if let Operation::Read(bytes) = operation {
                bytes.fill(self.reads);
            }
        }
        Ok(())
    }
}

#[test]
fn the_parameters_of_drawn_faults_reach_both_ends_of_their_ranges() {
    let mut drawn: BTreeSet<String> = BTreeSet::new();
    for &kind in FaultKind::ALL {
        let mut faulty = FaultInjector::new(Counting { reads: 0 }, 5).with(kind, 1_000_000);
        for _ in 0..12_000 {
            let _ = faulty.read(0x62, &mut [0; 39]);
            drawn.extend(faulty.latest().map(|fault| format!("{fault:?}")));
        }
    }
    let expected = [
        Fault::BitFlips(1),
        Fault::BitFlips(3),
        Fault::Burst(1),
        Fault::Burst(16),
        Fault::Tail(0),
        Fault::Tail(38),
        Fault::Torn(1),
        Fault::Torn(38),
        Fault::Frozen(1),
        Fault::Frozen(8),
        Fault::Gone(1),
        Fault::Gone(30),
        Fault::Nonsense(Nonsense::FaceCount(5)),
        Fault::Nonsense(Nonsense::DataLength(29)),
        Fault::Nonsense(Nonsense::Confidence(101)),
        Fault::Nonsense(Nonsense::LeftRight),
        Fault::Nonsense(Nonsense::TopBottom),
        Fault::Nonsense(Nonsense::IsFacing(2)),
    ];
    for fault in expected.into_iter().chain(LookalikeKind::ALL.iter().map(|&kind| Fault::Lookalike(kind))) {
        assert!(drawn.contains(&format!("{fault:?}")), "{fault:?} was never drawn");
    }
    for never in [
        Fault::BitFlips(0),
        Fault::BitFlips(4),
        Fault::Burst(0),
        Fault::Burst(17),
        Fault::Torn(0),
        Fault::Gone(0),
        Fault::Gone(31),
        Fault::Frozen(0),
    ] {
        assert!(!drawn.contains(&format!("{never:?}")), "{never:?} was drawn");
    }
}

/// The first byte of a packet is 0, so what is read is what was flipped.
#[test]
fn a_burst_begins_at_every_bit_from_the_first_on_and_ends_at_every_bit_to_the_last() {
    let mut faulty = FaultInjector::new(SimBus::with_sensor(SimSensor::new()).0, 1);
    let mut flipped = |bits, reads| {
        let one_read = |_| {
            let mut message = [0xA5; 2];
            faulty.inject(Fault::Burst(bits));
            faulty.read(0x62, &mut message).unwrap();
            u16::from_be_bytes(message)
        };
        (0..reads).map(one_read).collect::<BTreeSet<u16>>()
    };
    assert_eq!(flipped(1, 400), (0..16).map(|bit| 1 << bit).collect(), "any bit of two bytes");
    assert_eq!(flipped(2, 400), (0..15).map(|bit| 0b11 << bit).collect(), "any two neighbours");
    let longest = flipped(16, 50);
    assert!(longest.iter().all(|bits| bits & 0x8001 == 0x8001), "{longest:04x?}");
}
