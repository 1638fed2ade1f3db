//! Is `LAYOUT` true? Does it cover the packet, is it what the parser does, and does the protocol page say the
//! same?

mod oracle;

use std::collections::BTreeSet;

use mlsensor::person_sensor::{Field, LAYOUT, bits_per_packet, oddities};
use mlsensor::{Faces, PacketError};
use oracle::sealed;

const PROTOCOL_PAGE: &str = include_str!("../../docs/protocol.md");

/// Boxes as large as the view, so that every edge may take every value and stay on its side.
#[rustfmt::skip]
const FOUR_FACES: [u8; 39] = [
    0, 0, 33, 0, 4,
    90, 0, 0, 255, 255, 70,   3, 1,
    80, 0, 0, 255, 255,  0, 255, 0,
    75, 0, 0, 255, 255, 50,   1, 1,
    65, 0, 0, 255, 255,  0, 255, 0,
    0, 0,
];

#[rustfmt::skip]
const NOBODY: [u8; 39] = [
    0, 0, 33, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0,
    0, 0,
];

/// The packet's own fields and the record of a face, as the guide has them: name, first byte, width.
const OWN: [(&str, usize, usize); 4] =
    [("reserved", 0, 2), ("data length", 2, 2), ("number of faces", 4, 1), ("checksum", 37, 2)];
const RECORD: [&str; 8] =
    ["confidence", "left", "top", "right", "bottom", "id confidence", "id", "is facing"];

/// What the parser makes of every value that fits into `field`, the rest of the packet being as in
/// `baseline`. The checksum is made to fit, unless it is itself the field.
fn sweep(baseline: [u8; 39], field: &Field) -> Vec<(i32, Result<Faces, PacketError>)> {
    let last = if field.width == 2 { u16::MAX } else { 0xFF };
    (0..=last)
        .map(|raw| {
            let mut packet = sealed(baseline);
            let [low, high] = raw.to_le_bytes();
            packet[field.offset] = low;
            if field.width == 2 {
                packet[field.offset + 1] = high;
            }
            if field.offset != 37 {
                packet = sealed(packet);
            }
            let value = if field.signed { i32::from(low as i8) } else { i32::from(raw) };
            assert_eq!(field.value(&packet), value);
            (value, Faces::parse(&packet))
        })
        .collect()
}

/// How many bits it takes to tell `values` values apart.
fn bits(values: usize) -> u8 {
    values.next_power_of_two().ilog2() as u8
}

#[test]
fn the_layout_covers_each_of_the_39_bytes_once_and_in_order() {
    let mut next = 0;
    for field in &LAYOUT {
        assert_eq!(field.offset, next, "{}", field.name);
        next += field.width;
    }
    assert_eq!(next, 39);
}

#[test]
fn the_fields_have_the_names_and_places_that_the_guide_gives_them() {
    let mut found: Vec<_> = LAYOUT.iter().map(|f| (f.name, f.face, f.offset, f.width)).collect();
    for (name, offset, width) in OWN {
        let field = (name, None, offset, width);
        assert!(found.contains(&field), "{field:?}");
        found.retain(|other| *other != field);
    }
    let records = (0..4).flat_map(|face| {
        RECORD
            .iter()
            .zip(0..)
            .map(move |(name, byte)| (*name, Some(face), 5 + 8 * usize::from(face) + byte, 1))
    });
    assert_eq!(found, records.collect::<Vec<_>>());
}

#[test]
fn the_four_face_records_are_alike_but_for_their_place() {
    let record = |face| LAYOUT.into_iter().filter(move |field| field.face == Some(face));
    for face in 1..4 {
        let moved = record(face).map(|f| {
            let mut first = f;
            first.face = Some(0);
            first.offset -= 8 * usize::from(face);
            first
        });
        assert!(moved.eq(record(0)));
    }
}

#[test]
fn the_parser_accepts_a_value_if_it_is_documented_or_if_the_field_is_not_enforced() {
    for field in LAYOUT {
        let follows_from_the_rest = field.name == "checksum";
        for (value, result) in sweep(FOUR_FACES, &field) {
            let allowed = field.documents(value) || !field.enforced;
            if follows_from_the_rest {
                let [.., low, high] = sealed(FOUR_FACES);
                let the_one = i32::from(u16::from_le_bytes([low, high]));
                assert_eq!(result.is_ok(), allowed && value == the_one, "{} = {value}", field.name);
            } else {
                assert_eq!(result.is_ok(), allowed, "{} of {:?} = {value}", field.name, field.face);
            }
        }
    }
}

#[test]
fn every_refusal_names_the_field_that_was_tampered_with_and_its_value() {
    let mut rules = BTreeSet::new();
    for field in LAYOUT {
        for (value, result) in sweep(FOUR_FACES, &field) {
            let Err(error) = result else { continue };
            assert_eq!((error.offset(), i32::from(error.value())), (field.offset, value), "{error}");
            rules.insert(error.rule());
        }
    }
    let expected =
        ["checksum", "confidence <= 100", "data length 33", "is facing 0 or 1", "number of faces <= 4"];
    assert!(rules.into_iter().eq(expected));
}

#[test]
fn an_accepted_value_in_a_full_packet_is_odd_exactly_if_it_is_not_documented() {
    // The number of faces is left out: with a smaller one the packet is not full.
    for field in LAYOUT.into_iter().filter(|field| field.name != "number of faces") {
        for value in 0..=u8::MAX {
            let mut packet = FOUR_FACES;
            packet[field.offset] = value;
            let packet = sealed(packet);
            if Faces::parse(&packet).is_ok() {
                let value = field.value(&packet);
                let found: Vec<_> = oddities(&packet).map(|odd| (odd.field.offset, odd.value)).collect();
                let expected = if field.documents(value) { vec![] } else { vec![(field.offset, value)] };
                assert_eq!(found, expected, "{}", field.name);
            }
        }
    }
}

/// No exception is needed for a field that follows from the rest: with the rest given, one value is accepted,
/// and telling one value from one value takes no bits.
#[test]
fn documented_bits_are_what_it_takes_to_tell_the_documented_and_accepted_values_apart() {
    for field in LAYOUT {
        let swept = sweep(FOUR_FACES, &field);
        let values = swept.iter().filter(|(value, result)| field.documents(*value) && result.is_ok()).count();
        assert_eq!(field.documented_bits, bits(values), "{} of {:?}", field.name, field.face);
    }
}

#[test]
fn accepted_bits_are_a_bound_in_a_full_packet_and_are_reached_where_the_slot_is_unused() {
    for field in LAYOUT {
        let accepted =
            |baseline| bits(sweep(baseline, &field).iter().filter(|(_, result)| result.is_ok()).count());
        let (used, unused) = (accepted(FOUR_FACES), accepted(NOBODY));
        assert!(used <= field.accepted_bits, "{} of {:?}", field.name, field.face);
        assert_eq!(unused, field.accepted_bits, "{} of {:?}", field.name, field.face);
        assert!(field.documented_bits <= field.accepted_bits);
    }
}

#[test]
fn bits_per_packet_is_an_upper_bound_of_what_can_be_said() {
    // Counted apart from the table: ordered pairs of edges, and all the rest of a record.
    let edges = 256.0 * 257.0 / 2.0;
    let documented_face: f64 = 101.0 * edges * edges * 229.0 * 9.0 * 2.0;
    let accepted_face: f64 = 101.0 * edges * edges * 256.0 * 256.0 * 2.0;
    let unused_slot = 64_f64.exp2();
    let documented: f64 = (0..=4).map(|count| documented_face.powi(count)).sum();
    let accepted: f64 = (0..=4).map(|count| accepted_face.powi(count) * unused_slot.powi(4 - count)).sum();
    let accepted = accepted * 16_f64.exp2();

    let bits = bits_per_packet();
    assert_eq!((bits.documented, bits.accepted), (211, 275));
    assert!(documented.log2() <= 211.0, "{}", documented.log2());
    assert!(accepted.log2() <= 275.0, "{}", accepted.log2());
}

/// The table of the protocol page. The eight rows of a face stand there once, for face n.
fn layout_table() -> String {
    let mut table = String::from(
        "| Offset | Type | Field | Documented | Any other value | Bits | Meaning |\n|---|---|---|---|---|---|---|\n",
    );
    for field in LAYOUT.iter().filter(|field| field.face.unwrap_or(0) == 0) {
        let offset = match field.face {
            Some(_) => format!("{} + 8n", field.offset),
            None => field.offset.to_string(),
        };
        let (kind, least, greatest) = match (field.width, field.signed) {
            (1, false) => ("u8", 0, 0xFF),
            (1, true) => ("i8", -128, 127),
            (2, false) => ("u16", 0, 0xFFFF),
            other => panic!("no name for {other:?}"),
        };
        let documented = match (field.min, field.max) {
            (min, max) if min == max => min.to_string(),
            (min, max) => format!("{min} to {max}"),
        };
        let other = match ((field.min, field.max) == (least, greatest), field.enforced) {
            (true, _) => "none",
            (false, true) => "refused",
            (false, false) => "odd",
        };
        let bits = match (field.documented_bits, field.accepted_bits) {
            (documented, accepted) if documented == accepted => documented.to_string(),
            (documented, accepted) => format!("{documented} ({accepted})"),
        };
        let (name, meaning) = (field.name, field.meaning);
        table += &format!("| {offset} | {kind} | {name} | {documented} | {other} | {bits} | {meaning} |\n");
    }
    table
}

#[test]
fn the_protocol_page_has_this_very_table() {
    let table = layout_table();
    assert!(
        PROTOCOL_PAGE.contains(&table),
        "docs/protocol.md does not hold the table that LAYOUT gives. Put this there:\n\n{table}"
    );
}
