//! Is a packet that is whole but says nonsense refused, and does the refusal name the right rule, place and
//! value?
//!
//! Every packet here carries a valid checksum: only its content can give it away.

mod oracle;

use mlsensor::person_sensor::oddities;
use mlsensor::{Error, Faces, PacketError, ProbeError};
use oracle::{checksum, sealed};

/// Four faces, all well within the rules: confidence, left, top, right, bottom, id confidence, id, is facing.
#[rustfmt::skip]
const FOUR_FACES: [u8; 39] = [
    0, 0, 33, 0, 4,
    90, 10, 20, 30, 40, 70,   3, 1,
    80, 50, 60, 70, 80,  0, 255, 0,
    75, 90, 91, 92, 93, 50,   1, 1,
    65,  1,  2,  3,  4,  0, 255, 0,
    0, 0,
];

fn with(changes: &[(usize, u8)]) -> [u8; 39] {
    let mut packet = FOUR_FACES;
    for &(offset, byte) in changes {
        packet[offset] = byte;
    }
    sealed(packet)
}

/// Refused with this error, which says which rule, at which offset, and which value.
#[track_caller]
fn refused(packet: [u8; 39], error: PacketError, rule: &str, offset: usize, value: u16) {
    assert_eq!(Faces::parse(&packet), Err(error));
    assert_eq!((error.rule(), error.offset(), error.value()), (rule, offset, value));
}

#[test]
fn the_packet_that_all_others_are_made_from_is_accepted() {
    assert_eq!(Faces::parse(&with(&[])).map(|faces| faces.count()), Ok(4));
}

#[test]
fn more_than_four_faces_are_refused_for_every_such_count() {
    for found in 5..=u8::MAX {
        let error = PacketError::FaceCount { found };
        refused(with(&[(4, found)]), error, "number of faces <= 4", 4, found.into());
    }
}

#[test]
fn every_data_length_but_33_is_refused() {
    for found in (0..=u16::MAX).filter(|&length| length != 33) {
        let [low, high] = found.to_le_bytes();
        let error = PacketError::DataLength { found };
        refused(with(&[(2, low), (3, high)]), error, "data length 33", 2, found);
    }
}

#[test]
fn a_confidence_above_100_is_refused_in_every_used_slot() {
    for face in 0..4 {
        for found in 101..=u8::MAX {
            let offset = 5 + 8 * usize::from(face);
            let error = PacketError::Confidence { face, found };
            refused(with(&[(offset, found)]), error, "confidence <= 100", offset, found.into());
        }
    }
}

#[test]
fn a_left_edge_beyond_the_right_edge_is_refused_in_every_used_slot() {
    for face in 0..4 {
        let offset = 6 + 8 * usize::from(face);
        for (left, right) in (0..=u8::MAX).flat_map(|right| (right..=255).map(move |left| (left, right))) {
            let packet = with(&[(offset, left), (offset + 2, right)]);
            if left == right {
                assert!(Faces::parse(&packet).is_ok(), "an edge upon an edge is a box without width");
            } else {
                let error = PacketError::LeftRight { face, left, right };
                refused(packet, error, "left <= right", offset, left.into());
            }
        }
    }
}

#[test]
fn a_top_edge_below_the_bottom_edge_is_refused_in_every_used_slot() {
    for face in 0..4 {
        let offset = 7 + 8 * usize::from(face);
        for (top, bottom) in (0..=u8::MAX).flat_map(|bottom| (bottom..=255).map(move |top| (top, bottom))) {
            let packet = with(&[(offset, top), (offset + 2, bottom)]);
            if top == bottom {
                assert!(Faces::parse(&packet).is_ok(), "an edge upon an edge is a box without height");
            } else {
                let error = PacketError::TopBottom { face, top, bottom };
                refused(packet, error, "top <= bottom", offset, top.into());
            }
        }
    }
}

#[test]
fn an_is_facing_other_than_0_and_1_is_refused_in_every_used_slot() {
    for face in 0..4 {
        for found in 2..=u8::MAX {
            let offset = 12 + 8 * usize::from(face);
            let error = PacketError::IsFacing { face, found };
            refused(with(&[(offset, found)]), error, "is facing 0 or 1", offset, found.into());
        }
    }
}

#[test]
fn of_several_broken_rules_the_first_in_the_documented_order_is_named() {
    // From the last rule to the first: each new fault takes the blame from those before it.
    let steps: [(&[(usize, u8)], PacketError); 7] = [
        (&[(36, 9)], PacketError::IsFacing { face: 3, found: 9 }),
        (&[(20, 2)], PacketError::IsFacing { face: 1, found: 2 }),
        (&[(15, 99)], PacketError::TopBottom { face: 1, top: 99, bottom: 80 }),
        (&[(14, 98)], PacketError::LeftRight { face: 1, left: 98, right: 70 }),
        (&[(13, 101)], PacketError::Confidence { face: 1, found: 101 }),
        (&[(4, 200)], PacketError::FaceCount { found: 200 }),
        (&[(3, 1)], PacketError::DataLength { found: 289 }),
    ];
    let mut faults = Vec::new();
    for (fault, error) in steps {
        faults.extend_from_slice(fault);
        assert_eq!(Faces::parse(&with(&faults)), Err(error));
    }
    let mut packet = with(&faults);
    let computed = u16::from_le_bytes([packet[37], packet[38]]);
    packet[37] ^= 0xFF;
    let found = computed ^ 0x00FF;
    refused(packet, PacketError::Checksum { computed, found }, "checksum", 37, found);
}

#[test]
fn a_dead_bus_is_named_as_such_before_any_other_rule() {
    refused([0xFF; 39], PacketError::UndrivenBus, "not all 0xFF", 0, 0xFFFF);
    refused([0x00; 39], PacketError::AllZero, "not all zero", 0, 0);
}

#[test]
fn nonsense_in_an_unused_slot_is_accepted_and_reported() {
    for count in 0..4_u8 {
        for offset in 5 + 8 * usize::from(count)..37 {
            for garbage in [1, 2, 101, 0x7F, 0x80, 0xA5, 0xFF] {
                let mut packet = [0; 39];
                packet[..5].copy_from_slice(&[0, 0, 33, 0, count]);
                packet[offset] = garbage;
                let packet = sealed(packet);
                let faces = Faces::parse(&packet).expect("unused slots are not looked at");
                assert_eq!(faces.count(), usize::from(count));
                let odd: Vec<_> = oddities(&packet).collect();
                assert_eq!(odd.len(), 1);
                assert!(odd[0].in_unused_slot);
                assert_eq!(odd[0].field.offset, offset);
                assert_eq!(odd[0].field.face, Some(((offset - 5) / 8) as u8));
                assert_eq!(odd[0].value as u8, garbage);
            }
        }
    }
}

#[test]
fn anything_in_the_reserved_bytes_is_accepted_and_reported() {
    for value in 1..=u16::MAX {
        let [low, high] = value.to_le_bytes();
        let packet = with(&[(0, low), (1, high)]);
        assert_eq!(Faces::parse(&packet), Faces::parse(&with(&[])));
        let odd: Vec<_> = oddities(&packet).collect();
        assert_eq!(odd.len(), 1);
        assert_eq!((odd[0].field.name, odd[0].value), ("reserved", i32::from(value)));
        assert!(!odd[0].in_unused_slot);
    }
}

#[test]
fn an_undocumented_id_or_id_confidence_in_a_used_slot_is_accepted_and_reported() {
    for face in 0..4 {
        for (offset, name, documented) in
            [(10 + 8 * face, "id confidence", -128..=100), (11 + 8 * face, "id", -1..=7)]
        {
            for byte in 0..=u8::MAX {
                let value = i32::from(byte as i8);
                let packet = with(&[(offset, byte)]);
                assert!(Faces::parse(&packet).is_ok());
                let odd: Vec<_> = oddities(&packet).map(|odd| (odd.field.name, odd.value)).collect();
                let expected = if documented.contains(&value) { vec![] } else { vec![(name, value)] };
                assert_eq!(odd, expected);
            }
        }
    }
}

/// A packet of another firmware: four bytes of header, `length` bytes of data, the checksum right behind
/// them, and then whatever the bus gives. The firmware that reports hands has length 29, so its checksum is at 33.
fn of_firmware_with_data_length(length: u8, behind: u8) -> [u8; 39] {
    let end = 4 + usize::from(length);
    let mut packet = [behind; 39];
    packet[..end].fill(0x11);
    packet[..4].copy_from_slice(&[0, 0, length, 0]);
    let [low, high] = checksum(&packet[..end]).to_le_bytes();
    packet[end..end + 2].copy_from_slice(&[low, high]);
    packet
}

#[test]
fn the_hand_firmware_is_recognised_by_its_own_checksum_whatever_follows_it() {
    for behind in 0..=u8::MAX {
        let packet = of_firmware_with_data_length(29, behind);
        refused(packet, PacketError::DataLength { found: 29 }, "data length 33", 2, 29);
    }
}

#[test]
fn any_firmware_with_shorter_data_is_recognised_by_its_own_checksum() {
    for length in 0..33 {
        let packet = of_firmware_with_data_length(length, 0xA5);
        let found = length.into();
        refused(packet, PacketError::DataLength { found }, "data length 33", 2, found);
    }
}

#[test]
fn a_hand_packet_that_is_damaged_is_just_a_damaged_packet() {
    let mut packet = of_firmware_with_data_length(29, 0);
    packet[20] ^= 0x10;
    assert!(matches!(Faces::parse(&packet), Err(PacketError::Checksum { found: 0, .. })));
}

#[test]
fn each_refusal_reads_as_a_sentence_with_the_place_and_the_value() {
    for (error, text) in [
        (PacketError::UndrivenBus, "all 39 bytes are 0xFF: nothing drives the bus"),
        (PacketError::AllZero, "all 39 bytes are zero: the data line is stuck, or nothing was read"),
        (
            PacketError::Checksum { computed: 0x00AB, found: 0x1234 },
            "checksum 0x1234, computed 0x00ab: the packet is damaged",
        ),
        (
            PacketError::DataLength { found: 29 },
            "data length 29, not 33: this is the firmware that reports hands",
        ),
        (PacketError::DataLength { found: 40 }, "data length 40, not 33: this is another firmware"),
        (PacketError::FaceCount { found: 5 }, "5 faces, where the sensor has room for 4"),
        (PacketError::Confidence { face: 3, found: 101 }, "face 3: confidence 101 is above 100"),
        (PacketError::LeftRight { face: 0, left: 9, right: 8 }, "face 0: left edge 9 is beyond right edge 8"),
        (
            PacketError::TopBottom { face: 1, top: 200, bottom: 100 },
            "face 1: top edge 200 is beyond bottom edge 100",
        ),
        (PacketError::IsFacing { face: 2, found: 255 }, "face 2: is facing says 255, neither 0 nor 1"),
    ] {
        assert_eq!(error.to_string(), text);
    }
}

/// The error of some bus.
#[derive(Debug)]
struct Timeout;

#[test]
fn a_bus_error_is_kept_as_it_is_and_the_text_is_whole_without_a_source() {
    use std::error::Error as _;

    let lost: Error<Timeout> = Error::I2c(Timeout);
    assert_eq!(lost.to_string(), "I2C: Timeout");
    assert!(lost.source().is_none());
    let refused: Error<Timeout> = Error::Packet(PacketError::FaceCount { found: 5 });
    assert_eq!(refused.to_string(), "5 faces, where the sensor has room for 4");
    assert!(refused.source().is_none());
}

#[test]
fn a_probe_that_fails_says_what_it_may_be() {
    for (error, text) in [
        (
            ProbeError::NoAnswer(Timeout),
            "no Person Sensor answers (Timeout); after power-up leave it alone for 3 seconds",
        ),
        (
            ProbeError::NotAPersonSensor(PacketError::UndrivenBus),
            "something answers, but not as a Person Sensor (all 39 bytes are 0xFF: nothing drives the bus); a bus \
             that acknowledges every address does this, for example a display's (address 0x62 unless you chose \
             another)",
        ),
        (
            ProbeError::NotAPersonSensor(PacketError::DataLength { found: 29 }),
            "something answers, but not as a Person Sensor (data length 29, not 33: this is the firmware that reports \
             hands); the packet is whole, but another firmware's (address 0x62 unless you chose another)",
        ),
        (
            ProbeError::NotAPersonSensor(PacketError::AllZero),
            "something answers, but not as a Person Sensor (all 39 bytes are zero: the data line is stuck, or \
             nothing was read); other parts use this address as well: SCD4x CO2 sensors, Grove Vision AI; or the \
             sensor has not finished its first inference (address 0x62 unless you chose another)",
        ),
    ] {
        assert_eq!(error.to_string(), text);
    }
}
