//! What exactly does each fault do to the bytes, to the error and to the sensor?
//! (Which transactions they befall: `fault_rules.rs`. How often, in which order, and how they are counted:
//! `fault_rates.rs`.)
#![cfg(feature = "std")]

mod captured;
mod faulty;

use captured::{NOBODY, ONE_FACE};
use embedded_hal::i2c::{Error as _, ErrorKind, I2c, NoAcknowledgeSource, Operation};
use faulty::{faulty, read};
use mlsensor::{Faces, Mode, PacketError};
use mlsensor_sim::{Direction, Fault, FaultError, FaultKind, LookalikeKind, Nonsense};

/// A read of the captured face that this fault befalls, after a clean read of nobody.
fn spoiled_by(fault: Fault) -> [u8; 39] {
    let (mut bus, clock, _sim) = faulty();
    assert_eq!(read(&mut bus), NOBODY);
    clock.advance(std::time::Duration::from_secs(1));
    bus.inject(fault);
    let spoiled = read(&mut bus);
    assert_eq!(bus.latest(), (spoiled != ONE_FACE).then_some(fault));
    assert_eq!(read(&mut bus), ONE_FACE, "the next one is clean");
    assert_eq!(bus.latest(), None);
    spoiled
}

/// The bits in the order of the wire: the highest of each byte first.
fn bits(packet: &[u8]) -> String {
    packet.iter().map(|byte| format!("{byte:08b}")).collect()
}

/// Where a packet differs from the captured one, as bits on the wire.
fn differing_bits(packet: &[u8; 39]) -> Vec<usize> {
    let (one, other) = (bits(&ONE_FACE), bits(packet));
    (0..312).filter(|&bit| one.as_bytes()[bit] != other.as_bytes()[bit]).collect()
}

/// CRC-16/MCRF4XX, a bit at a time.
fn checksum_is_right(packet: &[u8; 39]) -> bool {
    let mut register = 0xFFFF_u16;
    for byte in &packet[..37] {
        register ^= u16::from(*byte);
        for _ in 0..8 {
            register = if register & 1 == 1 { register >> 1 ^ 0x8408 } else { register >> 1 };
        }
    }
    packet[37..] == register.to_le_bytes()
}

#[test]
fn without_a_fault_the_bytes_are_those_of_the_bus() {
    let (mut bus, clock, _sim) = faulty();
    assert_eq!(read(&mut bus), NOBODY);
    clock.advance(std::time::Duration::from_secs(1));
    assert_eq!(read(&mut bus), ONE_FACE);
    assert!(checksum_is_right(&ONE_FACE) && checksum_is_right(&NOBODY), "the oracle knows them");
}

#[test]
fn faults_of_the_bus_are_errors_of_their_kind_and_the_sensor_sees_nothing() {
    let nack = |source| ErrorKind::NoAcknowledge(source);
    for (fault, kind) in [
        (Fault::NackAddress, nack(NoAcknowledgeSource::Address)),
        (Fault::Gone(1), nack(NoAcknowledgeSource::Address)),
        (Fault::ArbitrationLoss, ErrorKind::ArbitrationLoss),
        (Fault::BusError, ErrorKind::Bus),
        (Fault::StretchTimeout, ErrorKind::Other),
    ] {
        let (mut bus, inside, sim) = faulty();
        inside.start_log();
        let mut packet = [0xA5; 39];
        for _ in 0..2 {
            bus.inject(fault);
        }
        let error = bus.read(0x62, &mut packet).unwrap_err();
        assert_eq!((error, error.kind()), (FaultError::Injected(fault), kind));
        assert_eq!(packet, [0xA5; 39], "{fault:?}: the buffer is as it was");
        assert_eq!(bus.write(0x62, &[0x07, 0x00]).unwrap_err().kind(), kind);
        assert!(inside.take_log().transfers.is_empty(), "{fault:?}");
        assert!(sim.with(|sim| sim.config().led));
    }
}

#[test]
fn errors_of_the_bus_itself_come_through_as_they_are() {
    let (mut bus, _, _sim) = faulty();
    let error = bus.read(0x10, &mut [0; 39]).unwrap_err();
    assert!(matches!(error, FaultError::Bus(_)));
    assert_eq!(error.kind(), ErrorKind::NoAcknowledge(NoAcknowledgeSource::Address));
}

#[test]
fn a_nack_of_data_lets_the_first_byte_through_and_no_more() {
    let (mut bus, inside, sim) = faulty();
    inside.start_log();
    for _ in 0..2 {
        bus.inject(Fault::NackData);
    }
    let error = bus.write(0x62, &[0x07, 0x00]).unwrap_err();
    assert_eq!(error, FaultError::Injected(Fault::NackData));
    assert_eq!(error.kind(), ErrorKind::NoAcknowledge(NoAcknowledgeSource::Data));
    let log = inside.take_log().transfers;
    assert_eq!(log.len(), 1);
    assert_eq!((log[0].direction, &log[0].bytes[..]), (Direction::Write, &[0x07][..]));
    assert!(sim.with(|sim| sim.config().led), "half a command is none");
    inside.start_log();
    let error = bus.read(0x62, &mut [0; 39]).unwrap_err();
    assert_eq!(error, FaultError::Injected(Fault::NackAddress), "a read is not acknowledged at all");
    assert_eq!(error.kind(), ErrorKind::NoAcknowledge(NoAcknowledgeSource::Address));
    assert!(inside.take_log().transfers.is_empty());
    let counts = bus.counts();
    assert_eq!((counts.of(FaultKind::NackData), counts.of(FaultKind::NackAddress)), (1, 1));
}

#[test]
fn all_ones_and_all_zero_and_a_tail_of_ones() {
    assert_eq!(spoiled_by(Fault::AllOnes), [0xFF; 39]);
    assert_eq!(spoiled_by(Fault::AllZero), [0x00; 39]);
    for from in 0..39 {
        let packet = spoiled_by(Fault::Tail(from));
        let from = usize::from(from);
        assert_eq!(packet[..from], ONE_FACE[..from]);
        assert!(packet[from..].iter().all(|&byte| byte == 0xFF), "from byte {from}");
    }
}

#[test]
fn bit_flips_flip_so_many_bits_anywhere() {
    for flips in 1..=3 {
        let packet = spoiled_by(Fault::BitFlips(flips));
        assert_eq!(differing_bits(&packet).len(), usize::from(flips), "{packet:02x?}");
    }
}

#[test]
fn a_burst_is_so_long_on_the_wire_from_its_first_wrong_bit_to_its_last() {
    for bits in 1..=16 {
        let wrong = differing_bits(&spoiled_by(Fault::Burst(bits)));
        let (Some(first), Some(last)) = (wrong.first(), wrong.last()) else { panic!("no burst") };
        assert_eq!(last - first + 1, usize::from(bits), "{wrong:?}");
    }
}

#[test]
fn a_slip_reads_every_bit_a_place_early_and_the_last_as_one() {
    let packet = spoiled_by(Fault::Slip);
    assert_eq!(bits(&packet), format!("{}1", &bits(&ONE_FACE)[1..]));
    // The first bytes by hand: 21 -> 42, 01 63 -> 02 c6, 7c 80 -> f9 01, and 8b -> 17 at the end.
    assert_eq!(packet[..8], [0x00, 0x00, 0x42, 0x00, 0x02, 0xC6, 0xF9, 0x01]);
    assert_eq!(packet[37..], [0x2B, 0x17]);
}

#[test]
fn a_torn_packet_begins_as_the_read_before_and_ends_as_this_one() {
    for until in 1..39 {
        let packet = spoiled_by(Fault::Torn(until));
        let until = usize::from(until);
        assert_eq!(packet[..until], NOBODY[..until], "{until}");
        assert_eq!(packet[until..], ONE_FACE[until..], "{until}");
    }
}

#[test]
fn a_frozen_sensor_says_for_so_many_reads_what_it_said_before() {
    for times in 1..=8 {
        let (mut bus, clock, _sim) = faulty();
        assert_eq!(read(&mut bus), NOBODY);
        clock.advance(std::time::Duration::from_secs(1));
        bus.inject(Fault::Frozen(times));
        for _ in 0..times {
            assert_eq!(read(&mut bus), NOBODY);
        }
        assert_eq!(read(&mut bus), ONE_FACE, "after {times}");
    }
}

#[test]
fn a_sensor_that_is_gone_is_silent_for_so_many_transactions_and_comes_back() {
    for times in 1..=30 {
        let (mut bus, _, _sim) = faulty();
        bus.inject(Fault::Gone(times));
        for transaction in 0..times {
            let outcome = match transaction % 2 {
                0 => bus.read(0x62, &mut [0; 39]),
                _ => bus.write(0x62, &[0x07, 0x00]),
            };
            assert_eq!(outcome, Err(FaultError::Injected(Fault::Gone(times))), "{transaction}");
        }
        assert_eq!(read(&mut bus), NOBODY, "after {times}");
    }
}

#[test]
fn a_reset_brings_the_power_on_settings_and_lets_the_transaction_through() {
    let (mut bus, _, sim) = faulty();
    assert_eq!(read(&mut bus), NOBODY);
    for write in [[0x02, 0x01], [0x05, 0x00], [0x07, 0x00], [0x01, 0x00]] {
        bus.write(0x62, &write).unwrap();
    }
    let config = sim.with(|sim| sim.config());
    assert_eq!((config.mode, config.id_enabled), (Mode::Standby, true));
    bus.inject(Fault::Reset);
    assert_eq!(read(&mut bus), NOBODY);
    let config = sim.with(|sim| sim.config());
    assert_eq!((config.mode, config.id_enabled), (Mode::Continuous, false));
    assert!(config.persist_ids && config.led);
    assert_eq!((bus.latest(), bus.counts().of(FaultKind::Reset)), (Some(Fault::Reset), 1));
}

#[test]
fn nonsense_has_a_right_checksum_and_breaks_the_rule_that_it_names() {
    for (nonsense, expected) in [
        (Nonsense::FaceCount(5), PacketError::FaceCount { found: 5 }),
        (Nonsense::FaceCount(255), PacketError::FaceCount { found: 255 }),
        (Nonsense::DataLength(29), PacketError::DataLength { found: 29 }),
        (Nonsense::DataLength(0x2100), PacketError::DataLength { found: 0x2100 }),
        (Nonsense::Confidence(101), PacketError::Confidence { face: 0, found: 101 }),
        (Nonsense::LeftRight, PacketError::LeftRight { face: 0, left: 200, right: 100 }),
        (Nonsense::TopBottom, PacketError::TopBottom { face: 0, top: 200, bottom: 100 }),
        (Nonsense::IsFacing(2), PacketError::IsFacing { face: 0, found: 2 }),
        (Nonsense::IsFacing(0xFF), PacketError::IsFacing { face: 0, found: 0xFF }),
    ] {
        let packet = spoiled_by(Fault::Nonsense(nonsense));
        assert!(checksum_is_right(&packet), "{nonsense:?}: {packet:02x?}");
        assert_eq!(Faces::parse(&packet), Err(expected), "{nonsense:?}");
        let mut of_nobody = NOBODY;
        nonsense.apply(&mut of_nobody);
        assert!(checksum_is_right(&of_nobody) && Faces::parse(&of_nobody).is_err(), "{nonsense:?}");
    }
}

#[test]
fn a_lookalike_sends_what_the_other_part_would_send() {
    assert_eq!(spoiled_by(Fault::Lookalike(LookalikeKind::AnswersAll)), [0xFF; 39]);
    let hand = spoiled_by(Fault::Lookalike(LookalikeKind::HandFirmware));
    assert_eq!(hand[2..5], [29, 0, 1]);
    assert_eq!(Faces::parse(&hand), Err(PacketError::DataLength { found: 29 }));
    // Sensirion's CRC-8 behind each word: polynomial 0x31, begun with 0xFF.
    let co2 = spoiled_by(Fault::Lookalike(LookalikeKind::Co2Sensor));
    for word in co2.chunks(3) {
        let crc = word[..2].iter().fold(0xFF_u8, |crc, byte| {
            (0..8).fold(crc ^ byte, |crc, _| if crc >= 0x80 { crc << 1 ^ 0x31 } else { crc << 1 })
        });
        assert_eq!(word[2], crc, "{co2:02x?}");
    }
    let other = spoiled_by(Fault::Lookalike(LookalikeKind::OtherPart));
    assert!(Faces::parse(&other).is_err() && Faces::parse(&co2).is_err());
}

#[test]
fn faults_of_what_is_read_span_all_reads_of_a_transaction() {
    let (mut bus, _, _sim) = faulty();
    bus.inject(Fault::Tail(4));
    let (mut first, mut second) = ([0xA5; 3], [0xA5; 3]);
    bus.transaction(0x62, &mut [Operation::Read(&mut first), Operation::Read(&mut second)]).unwrap();
    assert_eq!((first, second), ([0x00, 0x00, 0x21], [0x00, 0xFF, 0xFF]));
    bus.inject(Fault::Tail(38));
    bus.read(0x62, &mut first).unwrap();
    assert_eq!(first, [0x00, 0x00, 0xFF], "a tail has at least the last byte of a short read");
}
