//! The packet as a table: what each byte may say, and how much it can say.
//!
//! # Guarantees
//! * [`LAYOUT`] covers each of the 39 bytes once, in order.
//! * It is what the parser does: a test writes every value into every field and counts what passes.

use super::{MAX_FACES, PACKET_LEN, Packet};

/// One field of the packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub struct Field {
    /// The field's name, the same for each face.
    pub name: &'static str,
    /// The face slot it belongs to, 0..=3; `None` for the packet's own fields.
    pub face: Option<u8>,
    /// Its first byte, counted from 0.
    pub offset: usize,
    /// Its width in bytes, 1 or 2; two bytes are little-endian.
    pub width: usize,
    /// Whether a single byte is read as signed, -128..=127.
    pub signed: bool,
    /// The least documented value.
    pub min: i32,
    /// The greatest documented value.
    pub max: i32,
    /// Whether a packet with another value is refused. If not, such a value is an [`Oddity`].
    pub enforced: bool,
    /// The greatest number of bits that its documented values can carry.
    pub documented_bits: u8,
    /// The greatest number of bits that it can carry in a packet that the parser accepts: all of them in a
    /// slot that holds no face, because unused slots are not looked at.
    pub accepted_bits: u8,
    /// What it means, and in which unit.
    pub meaning: &'static str,
}

impl Field {
    const fn own(name: &'static str, offset: usize, width: usize, range: (i32, i32)) -> Field {
        Field {
            name,
            face: None,
            offset,
            width,
            signed: false,
            min: range.0,
            max: range.1,
            enforced: true,
            documented_bits: 0,
            accepted_bits: 0,
            meaning: "",
        }
    }

    #[allow(
        clippy::indexing_slicing,
        clippy::arithmetic_side_effects,
        reason = "evaluated by the compiler alone: an index out of range does not build"
    )]
    const fn of_face(face: u8, byte: usize) -> Field {
        let (name, min, max, signed, enforced, documented_bits, meaning) = RECORD[byte];
        let offset = 5 + 8 * face as usize + byte;
        let own = Field::own(name, offset, 1, (min, max));
        let face = Some(face);
        Field { face, signed, enforced, documented_bits, accepted_bits: 8, meaning, ..own }
    }

    const fn carries(self, documented_bits: u8, accepted_bits: u8, meaning: &'static str) -> Field {
        Field { documented_bits, accepted_bits, meaning, ..self }
    }

    /// What the packet says in this field.
    #[must_use]
    pub fn value(&self, packet: &Packet) -> i32 {
        let bytes = packet.get(self.offset..).unwrap_or(&[]);
        match (self.width, bytes) {
            (2, [low, high, ..]) => i32::from(u16::from_le_bytes([*low, *high])),
            (1, [byte, ..]) if self.signed => i32::from(i8::from_le_bytes([*byte])),
            (1, [byte, ..]) => i32::from(*byte),
            _ => 0,
        }
    }

    /// Whether `value` is a documented value of this field.
    #[must_use]
    pub const fn documents(&self, value: i32) -> bool {
        self.min <= value && value <= self.max
    }
}

/// Name, least, greatest, signed, enforced, documented bits, meaning: the eight bytes of a face record.
type RecordRow = (&'static str, i32, i32, bool, bool, u8, &'static str);

#[rustfmt::skip]
const RECORD: [RecordRow; 8] = [
    ("confidence",    0,    100, false, true,  7, "how sure the sensor is that this is a face"),
    ("left",          0,    255, false, true,  8, "left edge in view units; never beyond right"),
    ("top",           0,    255, false, true,  8, "upper edge in view units; never beyond bottom"),
    ("right",         0,    255, false, true,  8, "right edge in view units"),
    ("bottom",        0,    255, false, true,  8, "lower edge in view units"),
    ("id confidence", -128, 100, true,  false, 8, "how sure the sensor is of the id; zero or less: not recognised"),
    ("id",            -1,   7,   true,  false, 4, "the label of the person; -1: unknown"),
    ("is facing",     0,    1,   false, true,  1, "1: the head points at the sensor"),
];

/// The 36 fields of the packet, in order (Guide, Data Format).
///
/// ```
/// use mlsensor::person_sensor::LAYOUT;
///
/// let widths: usize = LAYOUT.iter().map(|field| field.width).sum();
/// assert_eq!(widths, 39);
/// ```
#[rustfmt::skip]
#[allow(clippy::indexing_slicing, reason = "evaluated by the compiler: an index out of range does not build")]
pub const LAYOUT: [Field; 4 + 8 * MAX_FACES] = {
    let reserved = Field { enforced: false, ..Field::own("reserved", 0, 2, (0, 0)) };
    let mut fields = [reserved.carries(0, 16, "zero in every captured packet"); 4 + 8 * MAX_FACES];
    fields[1] = Field::own("data length", 2, 2, (33, 33)).carries(0, 0, "bytes between here and the checksum: 1 + 4 x 8");
    fields[2] = Field::own("number of faces", 4, 1, (0, 4)).carries(3, 3, "how many of the four slots hold a face");
    let mut face = 0;
    while face < MAX_FACES {
        let mut byte = 0;
        while byte < 8 {
            fields[3 + 8 * face + byte] = Field::of_face(face as u8, byte);
            byte += 1;
        }
        face += 1;
    }
    fields[3 + 8 * MAX_FACES] = Field::own("checksum", 37, 2, (0, 0xFFFF)).carries(0, 0, "CRC-16/MCRF4XX of bytes 0 to 36: follows from them");
    fields
};

/// How much one packet can say, in bits, as an upper bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub struct PacketBits {
    /// With the documented values of every field. A packet that says more shows up in [`oddities`].
    pub documented: u16,
    /// With all that the parser lets through, which includes the reserved bytes and the slots that hold no face.
    pub accepted: u16,
}

/// The most that one packet can say: the sum of what its fields can.
///
/// ```
/// use mlsensor::person_sensor::bits_per_packet;
///
/// let bits = bits_per_packet();
/// assert_eq!((bits.documented, bits.accepted), (211, 275));
/// ```
#[must_use]
pub fn bits_per_packet() -> PacketBits {
    let nothing = PacketBits { documented: 0, accepted: 0 };
    LAYOUT.iter().fold(nothing, |sum, field| PacketBits {
        documented: sum.documented.saturating_add(field.documented_bits.into()),
        accepted: sum.accepted.saturating_add(field.accepted_bits.into()),
    })
}

/// A value that no document speaks of, in a place where it does no harm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub struct Oddity {
    /// The field.
    pub field: Field,
    /// What it says.
    pub value: i32,
    /// Whether the field belongs to a slot that holds no face, and should be zero for that reason.
    pub in_unused_slot: bool,
}

/// What is odd about a packet, for those who look: bytes in reserved places and in unused slots, and
/// values outside their documented range. A packet that is accepted may have oddities.
pub fn oddities(packet: &Packet) -> impl Iterator<Item = Oddity> + '_ {
    const _: () = assert!(PACKET_LEN == 39);
    let [_, _, _, _, count, ..] = *packet;
    LAYOUT.into_iter().filter_map(move |field| {
        let value = field.value(packet);
        let in_unused_slot = field.face.is_some_and(|face| face >= count);
        let fine = if in_unused_slot { value == 0 } else { field.documents(value) };
        (!fine).then_some(Oddity { field, value, in_unused_slot })
    })
}
