//! Does what is promised of a packet hold for packets that nobody thought of?
//!
//! The rules of acceptance are written here a second time, from the protocol page, as an oracle.

mod oracle;

use std::cell::Cell;

use mlsensor::person_sensor::{LAYOUT, oddities};
use mlsensor::{Bounds, Face, Faces, Identity, PacketError, PersonId};
use oracle::{checksum, sealed};
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{RngAlgorithm, TestRng, TestRunner};

/// No file of past failures is kept: what fails here becomes a test of its own elsewhere.
fn thorough() -> ProptestConfig {
    ProptestConfig { cases: 4096, failure_persistence: None, ..ProptestConfig::default() }
}

/// A face as this file understands it: left, top, right, bottom, confidence, (id, id confidence), facing.
type PlainFace = ([u8; 4], u8, Option<(u8, u8)>, bool);

/// All rules of acceptance, and what an accepted packet says.
fn accepted(packet: &[u8; 39]) -> Option<Vec<PlainFace>> {
    let whole = sealed(*packet) == *packet;
    if !whole || packet[2] != 33 || packet[3] != 0 || packet[4] > 4 {
        return None;
    }
    let record = |n: usize| -> Option<PlainFace> {
        let byte = |i: usize| packet[5 + 8 * n + i];
        let signed = |i: usize| i32::from(byte(i)) - if byte(i) >= 0x80 { 256 } else { 0 };
        let in_order = byte(1) <= byte(3) && byte(2) <= byte(4);
        if byte(0) > 100 || !in_order || byte(7) > 1 {
            return None;
        }
        let recognised = signed(5) > 0 && signed(5) <= 100 && signed(6) >= 0 && signed(6) <= 7;
        Some((
            [byte(1), byte(2), byte(3), byte(4)],
            byte(0),
            recognised.then_some((byte(6), byte(5))),
            byte(7) == 1,
        ))
    };
    (0..packet[4].into()).map(record).collect()
}

/// The first rule that a packet breaks, in the order that the protocol page gives: one after the other, without haste.
fn first_broken_rule(packet: &[u8; 39]) -> Option<PacketError> {
    let word = |at: usize| u16::from(packet[at]) + 256 * u16::from(packet[at + 1]);
    let (computed, found) = (checksum(&packet[..37]), word(37));
    if computed != found {
        let end = 4 + usize::from(word(2));
        let shorter_is_whole = end < 37 && checksum(&packet[..end]) == word(end);
        return Some(match packet {
            _ if packet == &[0xFF; 39] => PacketError::UndrivenBus,
            _ if packet == &[0x00; 39] => PacketError::AllZero,
            _ if shorter_is_whole => PacketError::DataLength { found: word(2) },
            _ => PacketError::Checksum { computed, found },
        });
    }
    if word(2) != 33 {
        return Some(PacketError::DataLength { found: word(2) });
    }
    if packet[4] > 4 {
        return Some(PacketError::FaceCount { found: packet[4] });
    }
    (0..packet[4]).find_map(|face| {
        let [confidence, left, top, right, bottom, _, _, flag] =
            core::array::from_fn(|i| packet[5 + 8 * usize::from(face) + i]);
        let rules = [
            (confidence <= 100, PacketError::Confidence { face, found: confidence }),
            (left <= right, PacketError::LeftRight { face, left, right }),
            (top <= bottom, PacketError::TopBottom { face, top, bottom }),
            (flag <= 1, PacketError::IsFacing { face, found: flag }),
        ];
        rules.into_iter().find_map(|(holds, error)| (!holds).then_some(error))
    })
}

fn plain(face: &Face) -> PlainFace {
    let b = face.bounds();
    let identity = face.identity().map(|identity| (identity.id().get(), identity.confidence()));
    ([b.left(), b.top(), b.right(), b.bottom()], face.confidence(), identity, face.is_facing())
}

/// `parse` says what the oracle says: the same faces, or a refusal.
fn agree(packet: &[u8; 39]) -> Result<bool, TestCaseError> {
    let parsed = Faces::parse(packet).ok().map(|faces| faces.iter().map(plain).collect::<Vec<_>>());
    prop_assert_eq!(&parsed, &accepted(packet), "{:02x?}", packet);
    Ok(parsed.is_some())
}

/// Edges, with the ends of the view and ties more often than chance has them.
fn edge() -> impl Strategy<Value = u8> {
    prop_oneof![any::<u8>(), select(vec![0, 1, 127, 128, 254, 255])]
}

fn bounds() -> impl Strategy<Value = Bounds> {
    [edge(), edge(), edge(), edge()].prop_map(|[a, b, c, d]| {
        Bounds::new(a.min(c), b.min(d), a.max(c), b.max(d)).expect("the edges are in order")
    })
}

fn identity() -> impl Strategy<Value = Identity> {
    (select(&PersonId::ALL[..]), 1..=100_u8)
        .prop_map(|(id, confidence)| Identity::new(id, confidence).expect("1 to 100"))
}

fn face() -> impl Strategy<Value = Face> {
    (bounds(), 0..=100_u8, proptest::option::of(identity()), any::<bool>()).prop_map(
        |(bounds, confidence, identity, is_facing)| {
            Face::new(bounds, confidence, identity, is_facing).expect("0 to 100")
        },
    )
}

/// Faces that differ in little, so that measures tie: few boxes, few confidences, and equal faces among them.
fn faces_alike() -> impl Strategy<Value = Vec<Face>> {
    let boxes = [[10, 20, 40, 60], [15, 20, 35, 80], [10, 20, 40, 60], [215, 20, 245, 60], [0, 0, 0, 0]];
    let alike =
        (select(boxes.to_vec()), select(vec![70, 80_u8]), proptest::option::of(identity()), any::<bool>())
            .prop_map(|([left, top, right, bottom], confidence, identity, is_facing)| {
                let bounds = Bounds::new(left, top, right, bottom).expect("the edges are in order");
                Face::new(bounds, confidence, identity, is_facing).expect("0 to 100")
            });
    prop_oneof![proptest::collection::vec(alike, 0..=4), proptest::collection::vec(face(), 0..=4)]
}

fn faces() -> impl Strategy<Value = Faces> {
    proptest::collection::vec(face(), 0..=4).prop_map(|faces| Faces::new(&faces).expect("at most four"))
}

fn any_packet() -> impl Strategy<Value = [u8; 39]> {
    proptest::array::uniform::<_, 39>(any::<u8>())
}

/// One byte of a face record in its range, or now and then out of it.
fn record() -> impl Strategy<Value = [u8; 8]> {
    (bounds(), 0..=101_u8, any::<u8>(), prop_oneof![0..=8_u8, any::<u8>()], any::<u8>(), 0..=50_u8).prop_map(
        |(b, confidence, id_confidence, id, flag, mischief)| {
            let (mut left, mut top, mut right, mut bottom) = (b.left(), b.top(), b.right(), b.bottom());
            match mischief {
                0 => (left, right) = (right, left),
                1 => (top, bottom) = (bottom, top),
                _ => {}
            }
            let flag = if mischief == 2 { flag } else { flag & 1 };
            [confidence, left, top, right, bottom, id_confidence, id, flag]
        },
    )
}

/// Sealed packets that are on the edge of acceptance: some break a rule, some do not, all have oddities.
fn borderline_packet() -> impl Strategy<Value = [u8; 39]> {
    let length = prop_oneof![9 => Just(33_u16), 1 => any::<u16>()];
    (any::<[u8; 2]>(), length, 0..=5_u8, [record(), record(), record(), record()]).prop_map(
        |(reserved, length, count, records)| {
            let mut packet = [0; 39];
            packet[..2].copy_from_slice(&reserved);
            packet[2..4].copy_from_slice(&length.to_le_bytes());
            packet[4] = count;
            for (slot, record) in packet[5..37].chunks_exact_mut(8).zip(records) {
                slot.copy_from_slice(&record);
            }
            sealed(packet)
        },
    )
}

/// A full packet whose records break several rules at once, as a rule.
fn packet_with_many_faults() -> impl Strategy<Value = [u8; 39]> {
    (0..=5_u8, any_packet(), any::<[bool; 32]>()).prop_map(|(count, mut packet, tame)| {
        packet[2..5].copy_from_slice(&[33, 0, count]);
        for (place, tame) in tame.into_iter().enumerate() {
            // Tame is small on the left and on top, large on the right and below.
            match (place % 8, tame) {
                (0 | 7, true) => packet[5 + place] &= 1,
                (1 | 2, true) => packet[5 + place] &= 0x7F,
                (3 | 4, true) => packet[5 + place] |= 0x80,
                _ => {}
            }
        }
        sealed(packet)
    })
}

/// A packet whose own checksum is wrong, with a right one where its data length, 0..=40, puts it if there is room.
fn shorter_packet() -> impl Strategy<Value = [u8; 39]> {
    (any_packet(), 0..=40_u8).prop_map(|(mut packet, length)| {
        packet[2..4].copy_from_slice(&[length, 0]);
        let end = 4 + usize::from(length);
        if end < 37 {
            let [low, high] = checksum(&packet[..end]).to_le_bytes();
            (packet[end], packet[end + 1]) = (low, high);
        }
        packet
    })
}

/// As a sensor writes it: reserved bytes and unused slots zero, a stranger with id -1 and confidence 0.
fn canonical_packet() -> impl Strategy<Value = [u8; 39]> {
    let recognised = prop_oneof![(1..=100_u8, 0..=7_u8), Just((0, 0xFF))];
    let record = (bounds(), 0..=100_u8, recognised, 0..=1_u8).prop_map(|(b, confidence, who, facing)| {
        [confidence, b.left(), b.top(), b.right(), b.bottom(), who.0, who.1, facing]
    });
    proptest::collection::vec(record, 0..=4).prop_map(|records| {
        let mut packet = [0; 39];
        packet[2] = 33;
        packet[4] = records.len() as u8;
        for (slot, record) in packet[5..37].chunks_exact_mut(8).zip(records) {
            slot.copy_from_slice(&record);
        }
        sealed(packet)
    })
}

fn permutations(faces: &[Face]) -> Vec<Vec<Face>> {
    let [first, rest @ ..] = faces else { return vec![vec![]] };
    let insert = |shorter: Vec<Face>| {
        (0..=shorter.len()).map(move |place| {
            let mut longer = shorter.clone();
            longer.insert(place, *first);
            longer
        })
    };
    permutations(rest).into_iter().flat_map(insert).collect()
}

proptest! {
    #![proptest_config(thorough())]

    #[test]
    fn every_value_of_faces_survives_the_wire(faces in faces()) {
        let packet = faces.emit();
        prop_assert_eq!(Faces::parse(&packet), Ok(faces));
        prop_assert_eq!(sealed(packet), packet);
        prop_assert_eq!(oddities(&packet).count(), 0);
    }

    #[test]
    fn a_canonical_packet_comes_back_byte_for_byte(packet in canonical_packet()) {
        let faces = Faces::parse(&packet).expect("a canonical packet is accepted");
        prop_assert_eq!(faces.emit(), packet);
    }

    #[test]
    fn emitting_what_was_parsed_changes_no_face(packet in borderline_packet()) {
        if let Ok(faces) = Faces::parse(&packet) {
            prop_assert_eq!(Faces::parse(&faces.emit()), Ok(faces));
        }
    }

    #[test]
    fn any_39_bytes_are_faces_or_a_refusal_as_the_rules_have_it(packet in any_packet()) {
        agree(&packet)?;
        agree(&sealed(packet))?;
    }

    #[test]
    fn a_refusal_names_the_first_rule_that_is_broken(
        edge in borderline_packet(),
        faulty in packet_with_many_faults(),
        shorter in shorter_packet(),
        place in 0..39_usize,
        damage in 1..=255_u8,
    ) {
        for packet in [edge, faulty, shorter] {
            prop_assert_eq!(Faces::parse(&packet).err(), first_broken_rule(&packet), "{:02x?}", packet);
            let mut damaged = packet;
            damaged[place] ^= damage;
            prop_assert_eq!(Faces::parse(&damaged).err(), first_broken_rule(&damaged), "{:02x?}", damaged);
        }
    }

    #[test]
    fn every_refusal_points_into_the_packet_and_quotes_it(packet in borderline_packet()) {
        if let Err(error) = Faces::parse(&packet) {
            let field = LAYOUT.iter().find(|field| field.offset == error.offset());
            let field = field.expect("an offset of a field");
            prop_assert_eq!(field.value(&packet), i32::from(error.value()), "{}", error);
            prop_assert!(!error.rule().is_empty() && !error.to_string().is_empty());
        }
    }

    #[test]
    fn a_packet_is_odd_exactly_if_it_says_what_no_document_has(packet in borderline_packet()) {
        let used = usize::from(packet[4]).min(4);
        let documented = packet[..2] == [0, 0]
            && packet[2..4] == [33, 0]
            && packet[4] <= 4
            && packet[5..37].chunks_exact(8).take(used).all(|record| {
                let (id_confidence, id) = (record[5] as i8, record[6] as i8);
                record[0] <= 100 && id_confidence <= 100 && (-1..=7).contains(&id) && record[7] <= 1
            })
            && packet[5 + 8 * used..37].iter().all(|&byte| byte == 0);
        prop_assert_eq!(oddities(&packet).next().is_none(), documented);
    }

    #[test]
    fn every_choice_is_the_same_face_for_every_order_of_the_faces(
        faces in faces_alike(),
        bearing in any::<i8>(),
    ) {
        let answers = |faces: &[Face]| {
            let faces = Faces::new(faces).expect("at most four");
            (faces.largest().copied(), faces.most_confident().copied(), faces.nearest_to(bearing).copied())
        };
        let first = answers(&faces);
        for permutation in permutations(&faces) {
            prop_assert_eq!(answers(&permutation), first);
        }
    }

    #[test]
    fn every_choice_is_the_best_by_its_own_measure(faces in faces_alike(), bearing in -55..=55_i8) {
        let all = Faces::new(&faces).expect("at most four");
        let area = |face: &Face| u32::from(face.bounds().width()) * u32::from(face.bounds().height());
        let off = |face: &Face| (face.bounds().bearing_millideg() - 1000 * i32::from(bearing)).abs();
        prop_assert_eq!(all.largest().map(area), faces.iter().map(area).max());
        prop_assert_eq!(all.most_confident().map(Face::confidence), faces.iter().map(Face::confidence).max());
        prop_assert_eq!(all.nearest_to(bearing).map(off), faces.iter().map(off).min());
        prop_assert_eq!(all.facing().count(), faces.iter().filter(|face| face.is_facing()).count());
    }

    /// Overflow panics in tests, so that it is enough to ask; and the answers stay where they are documented
    /// to be.
    #[test]
    fn geometry_stays_within_its_documented_range(b in bounds()) {
        let (x, y) = b.center();
        prop_assert!((b.left()..=b.right()).contains(&x) && (b.top()..=b.bottom()).contains(&y));
        prop_assert!(b.area() <= 65_025);
        prop_assert_eq!(b.left() + b.width(), b.right());
        prop_assert_eq!(b.top() + b.height(), b.bottom());
        prop_assert!((-55_000..=55_000).contains(&b.bearing_millideg()));
        prop_assert!((-41_250..=41_250).contains(&b.elevation_millideg()));
        prop_assert!((-55..=55).contains(&b.bearing_deg()) && (-41..=41).contains(&b.elevation_deg()));
        prop_assert_eq!(b.distance_mm().is_none(), b.width() == 0);
        prop_assert!(b.distance_mm().is_none_or(|mm| (78..=20_000).contains(&mm)));
    }

    /// What a bus gives when the sensor takes up a newer result in the middle of a read.
    #[test]
    fn a_packet_torn_out_of_two_is_refused_unless_it_is_one(
        head in canonical_packet(),
        tail in canonical_packet(),
    ) {
        for split in 1..=38 {
            let mut torn = tail;
            torn[..split].copy_from_slice(&head[..split]);
            agree(&torn)?;
        }
    }
}

/// For tests that count: they see the same packets in every run.
fn the_same_every_time(cases: u32) -> TestRunner {
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    TestRunner::new_with_rng(ProptestConfig { cases, ..thorough() }, rng)
}

/// Would the properties above notice a parser that refuses everything, or nothing?
#[test]
fn borderline_packets_fall_on_both_sides() {
    let (accepted, refused) = (Cell::new(0), Cell::new(0));
    the_same_every_time(4096)
        .run(&borderline_packet(), |packet| {
            let side = if agree(&packet)? { &accepted } else { &refused };
            side.set(side.get() + 1);
            Ok(())
        })
        .unwrap();
    assert!(accepted.get() > 500 && refused.get() > 500, "{accepted:?} accepted, {refused:?} refused");
}

/// A tear that goes unnoticed has to hit the one checksum in 65536; of the tears that change a packet, hardly
/// any does.
#[test]
fn torn_packets_fall_on_both_sides_and_those_that_pass_are_one_of_the_two() {
    let (whole, mixed, refused) = (Cell::new(0), Cell::new(0), Cell::new(0));
    the_same_every_time(1024)
        .run(&(canonical_packet(), canonical_packet()), |(head, tail)| {
            for split in 1..=38 {
                let mut torn = tail;
                torn[..split].copy_from_slice(&head[..split]);
                let outcome = match Faces::parse(&torn).is_ok() {
                    true if torn == head || torn == tail => &whole,
                    true => &mixed,
                    false => &refused,
                };
                outcome.set(outcome.get() + 1);
            }
            Ok(())
        })
        .unwrap();
    assert!(whole.get() > 1000 && refused.get() > 10_000, "{whole:?} whole, {refused:?} refused");
    assert!(mixed.get() <= 4, "{mixed:?} of about 38000 tears passed");
}
