//! Any 39 bytes: `Faces::parse` gives faces or says which rule is broken, and what it gives goes back to bytes.
//!
//! A guess would almost never have the right checksum, so each input is tried twice: as it is, and with
//! the checksum made right.
#![no_main]

use libfuzzer_sys::{Corpus, fuzz_target};
use mlsensor::{
    Faces, Packet, PacketError, crc16_mcrf4xx,
    person_sensor::{LAYOUT, oddities},
};

fuzz_target!(|input: &[u8]| -> Corpus {
    let Ok(mut packet) = Packet::try_from(input) else { return Corpus::Reject };
    let _ = check(&packet);
    let [checked @ .., low, high] = &mut packet;
    [*low, *high] = crc16_mcrf4xx(checked).to_le_bytes();
    assert!(!matches!(check(&packet), Err(PacketError::Checksum { .. })));
    Corpus::Keep
});

fn check(packet: &Packet) -> Result<Faces, PacketError> {
    let parsed = Faces::parse(packet);
    match &parsed {
        Ok(faces) => {
            let emitted = faces.emit();
            assert_eq!(Faces::parse(&emitted).as_ref(), Ok(faces));
            assert_eq!(oddities(&emitted).count(), 0);
            if oddities(packet).next().is_none() && unknown_is_written_as_emit_does(packet, faces) {
                assert_eq!(&emitted, packet);
            }
            use_all(faces);
        }
        Err(error) => {
            assert!(LAYOUT.iter().any(|field| field.offset == error.offset()));
            assert!(!error.rule().is_empty() && !error.to_string().is_empty());
        }
    }
    parsed
}

/// A face that is not recognised can be written in many ways; `emit` has one: id -1 with confidence 0.
fn unknown_is_written_as_emit_does(packet: &Packet, faces: &Faces) -> bool {
    let [_, _, _, _, _, records @ .., _, _] = packet;
    faces
        .iter()
        .zip(records.chunks(8))
        .all(|(face, record)| face.identity().is_some() || record[5..7] == [0, 0xFF])
}

/// Nothing that can be asked of faces panics.
fn use_all(faces: &Faces) {
    assert!(faces.count() <= 4 && faces.is_empty() == (faces.count() == 0));
    assert_eq!(faces.largest().is_none(), faces.is_empty());
    assert_eq!(faces.most_confident().is_none(), faces.is_empty());
    for face in faces {
        let bounds = face.bounds();
        assert!((-55..=55).contains(&bounds.bearing_deg()) && (-41..=41).contains(&bounds.elevation_deg()));
        assert_eq!(bounds.distance_mm().is_none(), bounds.width() == 0);
        assert!(faces.nearest_to(bounds.bearing_deg()).is_some());
    }
    assert!(!faces.to_string().is_empty() && !format!("{faces:?}").is_empty());
}
