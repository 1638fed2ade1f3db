//! The 39 bytes of one read, to and from [`Faces`].
//!
//! # Guarantees
//! * [`Faces::parse`] is total: each of the 2^312 packets gives faces or the [`PacketError`] of the first
//!   rule it breaks. It never panics.
//! * [`Faces::emit`] cannot fail, and `parse(&emit(faces)) == Ok(faces)` for every value of `Faces`.
//! * `emit(parse(packet)) == packet` for every accepted packet that has no [oddities](super::oddities)
//!   and writes "not recognised" as id -1 with confidence 0: `emit` writes what it is not told as the
//!   captured packets have it.
//! * A packet is accepted only if all of these hold, and they are checked in this order: checksum, data
//!   length 33, number of faces 0..=4, and for each face confidence <= 100, left <= right, top <= bottom,
//!   is facing 0 or 1. What only *might* be a fault is no error: ask [`oddities`](super::oddities).
//! * The number of instructions of an accepted packet depends on its number of faces alone.
//! * A checksum that fails is looked into once more, to tell an undriven bus, a line held low, and the whole but shorter
//!   packet of another firmware from a damaged one.

use core::fmt;

use byteorder::{ByteOrder, LittleEndian};

use super::{Faces, received::Received};
use crate::crc::crc16_mcrf4xx;

/// The length of a packet in bytes (Guide, Data Format).
pub const PACKET_LEN: usize = 39;

/// What the data length field of this firmware says: 1 + 4 x 8 bytes (captured; vendor comments that say
/// 40 are wrong).
pub const DATA_LENGTH: u16 = 33;

/// The bytes of one read, not checked yet. [`Faces::parse`] is the only way from here to faces.
pub type Packet = [u8; PACKET_LEN];

/// The data length of another firmware at the same address, which reports hands.
const HAND_DATA_LENGTH: u16 = 29;

/// Bytes of one face record.
pub(super) const RECORD_LEN: usize = 8;

impl Faces {
    /// Checks a packet and gives its faces.
    ///
    /// ```
    /// use mlsensor::{Faces, PacketError};
    ///
    /// let undriven = [0xFF; 39];
    /// assert_eq!(Faces::parse(&undriven), Err(PacketError::UndrivenBus));
    /// ```
    ///
    /// # Errors
    /// The first rule that the packet breaks; see [`PacketError`].
    pub fn parse(packet: &Packet) -> Result<Faces, PacketError> {
        let mut received = Received::new();
        *received.packet_mut() = *packet;
        received.parse()
    }

    /// The packet that says these faces. Reserved bytes and unused slots are zero, as in every captured
    /// packet; a face without identity has id -1 with confidence 0.
    #[must_use]
    pub fn emit(&self) -> Packet {
        let mut packet = [0; PACKET_LEN];
        LittleEndian::write_u16(&mut packet[2..4], DATA_LENGTH);
        packet[4] = self.count() as u8;
        let [_, _, _, _, _, records @ .., _, _] = &mut packet;
        for (face, record) in self.iter().zip(records.chunks_exact_mut(RECORD_LEN)) {
            record.copy_from_slice(face.record());
        }
        let [checked @ .., _, _] = &packet;
        let computed = crc16_mcrf4xx(checked);
        LittleEndian::write_u16(&mut packet[37..], computed);
        packet
    }
}

/// Why a packet was refused: the rule, the place and the value. (`face` counts slots from 0.)
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[repr(align(4))]
#[non_exhaustive]
pub enum PacketError {
    /// All 39 bytes are 0xFF: nothing drove the bus. The sensor is absent, unpowered, or let go in mid-read.
    UndrivenBus,
    /// All 39 bytes are 0x00: something holds the data line low, or nothing was ever written to the buffer.
    AllZero,
    /// The checksum does not match: bits were lost on the way, or two results were mixed.
    Checksum {
        /// What the checksum of the 37 bytes before it is.
        computed: u16,
        /// What bytes 37 and 38 say.
        found: u16,
    },
    /// The packet is whole, but of another firmware: its data length is not 33.
    DataLength {
        /// What bytes 2 and 3 say. 29 is a firmware at the same address that reports hands.
        found: u16,
    },
    /// More faces than the sensor can report.
    FaceCount {
        /// What byte 4 says, 5..=255.
        found: u8,
    },
    /// A confidence above 100.
    Confidence {
        /// The slot, 0..=3.
        face: u8,
        /// What the record says, 101..=255.
        found: u8,
    },
    /// A left edge to the right of the right edge.
    LeftRight {
        /// The slot, 0..=3.
        face: u8,
        /// Byte 1 of the record.
        left: u8,
        /// Byte 3 of the record.
        right: u8,
    },
    /// A top edge below the bottom edge.
    TopBottom {
        /// The slot, 0..=3.
        face: u8,
        /// Byte 2 of the record.
        top: u8,
        /// Byte 4 of the record.
        bottom: u8,
    },
    /// An is-facing flag that is neither 0 nor 1.
    IsFacing {
        /// The slot, 0..=3.
        face: u8,
        /// What the record says, 2..=255.
        found: u8,
    },
}

impl PacketError {
    /// The rule that was broken, in a few words.
    #[must_use]
    pub const fn rule(&self) -> &'static str {
        match self {
            PacketError::UndrivenBus => "not all 0xFF",
            PacketError::AllZero => "not all zero",
            PacketError::Checksum { .. } => "checksum",
            PacketError::DataLength { .. } => "data length 33",
            PacketError::FaceCount { .. } => "number of faces <= 4",
            PacketError::Confidence { .. } => "confidence <= 100",
            PacketError::LeftRight { .. } => "left <= right",
            PacketError::TopBottom { .. } => "top <= bottom",
            PacketError::IsFacing { .. } => "is facing 0 or 1",
        }
    }

    /// Where: the offset in the packet of the first byte of the field that broke the rule, 0..=37.
    #[must_use]
    pub const fn offset(&self) -> usize {
        match *self {
            PacketError::UndrivenBus | PacketError::AllZero => 0,
            PacketError::Checksum { .. } => 37,
            PacketError::DataLength { .. } => 2,
            PacketError::FaceCount { .. } => 4,
            PacketError::Confidence { face, .. } => in_record(face, 0),
            PacketError::LeftRight { face, .. } => in_record(face, 1),
            PacketError::TopBottom { face, .. } => in_record(face, 2),
            PacketError::IsFacing { face, .. } => in_record(face, 7),
        }
    }

    /// The value that was found there.
    #[must_use]
    pub const fn value(&self) -> u16 {
        match *self {
            PacketError::UndrivenBus => 0xFFFF,
            PacketError::AllZero => 0,
            PacketError::Checksum { found, .. } | PacketError::DataLength { found } => found,
            PacketError::LeftRight { left: found, .. }
            | PacketError::TopBottom { top: found, .. }
            | PacketError::FaceCount { found }
            | PacketError::Confidence { found, .. }
            | PacketError::IsFacing { found, .. } => found as u16,
        }
    }
}

const fn in_record(face: u8, byte: usize) -> usize {
    (face as usize).saturating_mul(RECORD_LEN).saturating_add(5).saturating_add(byte)
}

impl fmt::Display for PacketError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PacketError::UndrivenBus => f.write_str("all 39 bytes are 0xFF: nothing drives the bus"),
            PacketError::AllZero => {
                f.write_str("all 39 bytes are zero: the data line is stuck, or nothing was read")
            }
            PacketError::Checksum { computed, found } => {
                write!(f, "checksum {found:#06x}, computed {computed:#06x}: the packet is damaged")
            }
            PacketError::DataLength { found: HAND_DATA_LENGTH } => {
                f.write_str("data length 29, not 33: this is the firmware that reports hands")
            }
            PacketError::DataLength { found } => {
                write!(f, "data length {found}, not 33: this is another firmware")
            }
            PacketError::FaceCount { found } => {
                write!(f, "{found} faces, where the sensor has room for 4")
            }
            PacketError::Confidence { face, found } => {
                write!(f, "face {face}: confidence {found} is above 100")
            }
            PacketError::LeftRight { face, left, right } => {
                write!(f, "face {face}: left edge {left} is beyond right edge {right}")
            }
            PacketError::TopBottom { face, top, bottom } => {
                write!(f, "face {face}: top edge {top} is beyond bottom edge {bottom}")
            }
            PacketError::IsFacing { face, found } => {
                write!(f, "face {face}: is facing says {found}, neither 0 nor 1")
            }
        }
    }
}

impl core::error::Error for PacketError {}
