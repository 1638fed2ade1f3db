//! Do the bytes mean what the protocol page says they mean, in both directions?
//!
//! Every byte here was typed by hand from `docs/protocol.md`, and every checksum comes from a program that
//! knows nothing of this crate: neither the driver nor the simulator, which share a codec, had a part in it.

mod captured;
mod oracle;

use captured::{NOBODY, ONE_FACE};
use mlsensor::person_sensor::oddities;
use mlsensor::{
    Bounds, Command, CommandError, Config, Face, Faces, Identity, Mode, PacketError, PersonId, crc16_mcrf4xx,
};
use oracle::sealed;

/// Every field of every face away from its default, and no number twice in a place where a mix-up could hide.
#[rustfmt::skip]
const FOUR_FACES: [u8; 39] = [
    0x00, 0x00, 0x21, 0x00, 0x04,
    0x5F, 0x11, 0x22, 0x33, 0x44, 0x61, 0x07, 0x01,
    0x50, 0x56, 0x66, 0x77, 0x88, 0x02, 0x03, 0x01,
    0x48, 0x99, 0xA0, 0xAB, 0xB1, 0x64, 0x05, 0x01,
    0x3F, 0xC0, 0xC8, 0xD2, 0xFE, 0x32, 0x06, 0x01,
    0x4D, 0x6B,
];

/// Ids are not unique in a packet: two faces with id 0 were captured on hardware.
#[rustfmt::skip]
const SAME_ID_TWICE: [u8; 39] = [
    0x00, 0x00, 0x21, 0x00, 0x02,
    0x5D, 0x14, 0x28, 0x3C, 0x64, 0x58, 0x00, 0x01,
    0x4B, 0xA0, 0x30, 0xB4, 0x50, 0x52, 0x00, 0x00,
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    0xB9, 0x49,
];

/// The one face of `ONE_FACE`, not recognised: id -1 with id confidence 0.
#[rustfmt::skip]
const STRANGER: [u8; 39] = [
    0x00, 0x00, 0x21, 0x00, 0x01,
    0x63, 0x7C, 0x80, 0x95, 0xAA, 0x00, 0xFF, 0x01,
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    0x8F, 0xF1,
];

/// The same with both signed bytes at -1, as a firmware might also say it.
#[rustfmt::skip]
const STRANGER_AT_MINUS_ONE: [u8; 39] = [
    0x00, 0x00, 0x21, 0x00, 0x01,
    0x63, 0x7C, 0x80, 0x95, 0xAA, 0xFF, 0xFF, 0x01,
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    0x87, 0x84,
];

/// `ONE_FACE` with 0xA5 in every byte that means nothing: reserved bytes and unused slots.
#[rustfmt::skip]
const POISONED: [u8; 39] = [
    0xA5, 0xA5, 0x21, 0x00, 0x01,
    0x63, 0x7C, 0x80, 0x95, 0xAA, 0x43, 0x00, 0x01,
    0xA5, 0xA5, 0xA5, 0xA5, 0xA5, 0xA5, 0xA5, 0xA5,
    0xA5, 0xA5, 0xA5, 0xA5, 0xA5, 0xA5, 0xA5, 0xA5,
    0xA5, 0xA5, 0xA5, 0xA5, 0xA5, 0xA5, 0xA5, 0xA5,
    0xA1, 0xAA,
];

fn face(edges: [u8; 4], confidence: u8, identity: Option<(u8, u8)>, is_facing: bool) -> Face {
    let [left, top, right, bottom] = edges;
    let bounds = Bounds::new(left, top, right, bottom).unwrap();
    let identity =
        identity.map(|(id, confidence)| Identity::new(PersonId::new(id).unwrap(), confidence).unwrap());
    Face::new(bounds, confidence, identity, is_facing).unwrap()
}

fn captured_face() -> Face {
    face([124, 128, 149, 170], 99, Some((0, 67)), true)
}

/// Both ways: the bytes give exactly these faces, and these faces give exactly these bytes.
#[track_caller]
fn both_ways(packet: [u8; 39], faces: &[Face]) {
    assert_eq!(Faces::parse(&packet).unwrap().as_slice(), faces);
    assert_eq!(Faces::new(faces).unwrap().emit(), packet);
    assert_eq!(oddities(&packet).count(), 0);
}

#[test]
fn a_captured_packet_says_nobody() {
    both_ways(NOBODY, &[]);
}

#[test]
fn a_captured_packet_says_one_face() {
    both_ways(ONE_FACE, &[captured_face()]);
}

#[test]
fn each_field_of_each_of_four_faces_comes_from_its_own_byte() {
    both_ways(
        FOUR_FACES,
        &[
            face([17, 34, 51, 68], 95, Some((7, 97)), true),
            face([86, 102, 119, 136], 80, Some((3, 2)), true),
            face([153, 160, 171, 177], 72, Some((5, 100)), true),
            face([192, 200, 210, 254], 63, Some((6, 50)), true),
        ],
    );
}

#[test]
fn two_faces_may_carry_the_same_id_and_only_one_may_be_facing() {
    both_ways(
        SAME_ID_TWICE,
        &[
            face([20, 40, 60, 100], 93, Some((0, 88)), true),
            face([160, 48, 180, 80], 75, Some((0, 82)), false),
        ],
    );
}

#[test]
fn a_stranger_has_id_minus_one_with_confidence_zero() {
    both_ways(STRANGER, &[face([124, 128, 149, 170], 99, None, true)]);
}

#[test]
fn id_and_id_confidence_of_minus_one_are_signed_and_nobody_in_particular() {
    let faces = Faces::parse(&STRANGER_AT_MINUS_ONE).unwrap();
    assert_eq!(faces.as_slice(), [face([124, 128, 149, 170], 99, None, true)]);
    assert_eq!(oddities(&STRANGER_AT_MINUS_ONE).count(), 0, "both values are documented");
    assert_eq!(faces.emit(), STRANGER, "emit writes the one form that was captured");
}

#[test]
fn an_id_counts_only_from_0_to_7_and_with_a_confidence_from_1_to_100() {
    for id_confidence in 0..=u8::MAX {
        for id in 0..=u8::MAX {
            let mut packet = ONE_FACE;
            packet[10] = id_confidence;
            packet[11] = id;
            let faces = Faces::parse(&sealed(packet)).unwrap();
            let expected = match (id_confidence, id) {
                (1..=100, 0..=7) => Some((id, id_confidence)),
                _ => None,
            };
            assert_eq!(faces.as_slice(), [face([124, 128, 149, 170], 99, expected, true)]);
        }
    }
}

#[test]
fn an_undriven_bus_and_a_stuck_one_are_told_from_a_damaged_packet() {
    assert_eq!(Faces::parse(&[0xFF; 39]), Err(PacketError::UndrivenBus));
    assert_eq!(Faces::parse(&[0x00; 39]), Err(PacketError::AllZero));
    let mut nearly = [0xFF; 39];
    nearly[20] = 0xFE;
    assert!(matches!(Faces::parse(&nearly), Err(PacketError::Checksum { found: 0xFFFF, .. })));
    let mut nearly = [0x00; 39];
    nearly[2] = 0x21;
    assert_eq!(Faces::parse(&nearly), Err(PacketError::Checksum { computed: 0x3725, found: 0x0000 }));
}

#[test]
fn poison_in_the_bytes_that_mean_nothing_changes_no_face_and_is_not_emitted() {
    let faces = Faces::parse(&POISONED).unwrap();
    assert_eq!(faces.as_slice(), [captured_face()]);
    assert_eq!(faces.emit(), ONE_FACE);
    assert_eq!(oddities(&POISONED).count(), 1 + 3 * 8);
}

#[test]
fn the_checksum_has_its_published_check_value_and_fails_both_dead_buses() {
    assert_eq!(crc16_mcrf4xx(b"123456789"), 0x6F91);
    assert_eq!(crc16_mcrf4xx(&[0x00; 37]), 0x952D);
    assert_eq!(crc16_mcrf4xx(&[0xFF; 37]), 0xFCE7);
    assert_eq!(crc16_mcrf4xx(&NOBODY[..37]), 0x3725);
    assert_eq!(crc16_mcrf4xx(&ONE_FACE[..37]), 0x8B15);
}

/// Each register at its power-on default and away from it, with the text that traces show.
fn commands() -> Vec<(Command, [u8; 2], &'static str)> {
    let id = |id| PersonId::new(id).unwrap();
    vec![
        (Command::Mode(Mode::Continuous), [0x01, 0x01], "mode = continuous"),
        (Command::Mode(Mode::Standby), [0x01, 0x00], "mode = standby"),
        (Command::EnableId(false), [0x02, 0x00], "enable ID = off"),
        (Command::EnableId(true), [0x02, 0x01], "enable ID = on"),
        (Command::SingleShot, [0x03, 0x00], "single shot"),
        (Command::LabelNextId(id(0)), [0x04, 0x00], "label next ID = 0"),
        (Command::LabelNextId(id(1)), [0x04, 0x01], "label next ID = 1"),
        (Command::LabelNextId(id(2)), [0x04, 0x02], "label next ID = 2"),
        (Command::LabelNextId(id(3)), [0x04, 0x03], "label next ID = 3"),
        (Command::LabelNextId(id(4)), [0x04, 0x04], "label next ID = 4"),
        (Command::LabelNextId(id(5)), [0x04, 0x05], "label next ID = 5"),
        (Command::LabelNextId(id(6)), [0x04, 0x06], "label next ID = 6"),
        (Command::LabelNextId(id(7)), [0x04, 0x07], "label next ID = 7"),
        (Command::PersistIds(true), [0x05, 0x01], "persist IDs = on"),
        (Command::PersistIds(false), [0x05, 0x00], "persist IDs = off"),
        (Command::EraseIds, [0x06, 0x01], "erase IDs"),
        (Command::DebugMode(true), [0x07, 0x01], "debug mode (LED) = on"),
        (Command::DebugMode(false), [0x07, 0x00], "debug mode (LED) = off"),
    ]
}

#[test]
fn each_register_has_its_two_bytes_at_its_default_and_away_from_it() {
    for (command, bytes, text) in commands() {
        assert_eq!(command.emit(), bytes, "{text}");
        assert_eq!(Command::parse(bytes), Ok(command), "{text}");
        assert_eq!(command.to_string(), text);
    }
}

#[test]
fn single_shot_and_erase_ignore_their_value_so_writing_zero_to_erase_erases() {
    assert_eq!(Command::parse([0x03, 0x01]), Ok(Command::SingleShot));
    assert_eq!(Command::parse([0x03, 0xFF]), Ok(Command::SingleShot));
    assert_eq!(Command::parse([0x06, 0x00]), Ok(Command::EraseIds));
    assert_eq!(Command::parse([0x06, 0xFF]), Ok(Command::EraseIds));
}

#[test]
fn registers_and_values_that_no_document_has_are_refused_by_name() {
    for (bytes, text) in [
        ([0x00, 0x01], "there is no register 0x00 (value 0x01)"),
        ([0x08, 0x00], "there is no register 0x08 (value 0x00)"),
        ([0xFF, 0xFF], "there is no register 0xff (value 0xff)"),
    ] {
        let [register, value] = bytes;
        assert_eq!(Command::parse(bytes), Err(CommandError::Register { register, value }));
        assert_eq!(Command::parse(bytes).unwrap_err().to_string(), text);
    }
    for (bytes, text) in [
        ([0x01, 0x02], "register 0x01 has no value 0x02"),
        ([0x02, 0xFF], "register 0x02 has no value 0xff"),
        ([0x04, 0x08], "register 0x04 has no value 0x08"),
        ([0x04, 0xFF], "register 0x04 has no value 0xff"),
        ([0x05, 0x80], "register 0x05 has no value 0x80"),
        ([0x07, 0x03], "register 0x07 has no value 0x03"),
    ] {
        let [register, value] = bytes;
        assert_eq!(Command::parse(bytes), Err(CommandError::Value { register, value }));
        assert_eq!(Command::parse(bytes).unwrap_err().to_string(), text);
    }
}

#[test]
fn the_default_configuration_is_the_power_on_state_and_the_mode_is_sent_last() {
    let sent = |config: &Config| config.commands().map(Command::emit);
    let mut config = Config::default();
    assert_eq!(sent(&config), [[0x05, 0x01], [0x07, 0x01], [0x02, 0x00], [0x01, 0x01]]);
    config.persist_ids = false;
    assert_eq!(sent(&config), [[0x05, 0x00], [0x07, 0x01], [0x02, 0x00], [0x01, 0x01]]);
    config.led = false;
    assert_eq!(sent(&config), [[0x05, 0x00], [0x07, 0x00], [0x02, 0x00], [0x01, 0x01]]);
    config.id_enabled = true;
    assert_eq!(sent(&config), [[0x05, 0x00], [0x07, 0x00], [0x02, 0x01], [0x01, 0x01]]);
    config.mode = Mode::Standby;
    assert_eq!(sent(&config), [[0x05, 0x00], [0x07, 0x00], [0x02, 0x01], [0x01, 0x00]]);
}
