//! A packet as it comes off the bus, where it can be checked fast.
//!
//! # Guarantees
//! * A packet that is accepted takes a number of instructions that depends on its number of faces alone: there is no
//!   branch on anything else that it says.
//! * A packet that is refused as damaged takes the same number of instructions whatever it holds, and one more such number
//!   if its data length is damaged too.
//! * What is wrong with a packet is looked for only when something is, out of line.

use byteorder::{ByteOrder, LittleEndian};

use super::packet::RECORD_LEN;
use super::{DATA_LENGTH, Face, Faces, Packet, PacketError};
use crate::crc::{PADDED_LEN, residue_of_padded};

/// Room for one packet.
///
/// The packet starts three bytes behind a multiple of four. Then its last bit before the checksum is the last of an
/// aligned word, and each face record (bytes 5, 13, 21, 29) starts at a word as well. A Cortex-M0 loads an aligned word by
/// one instruction, and any other by seven.
#[repr(align(4))]
pub(super) struct Received([u8; PADDED_LEN]);

impl Received {
    /// Zeroes, until something is received.
    pub(super) const fn new() -> Self {
        Received([0; PADDED_LEN])
    }

    /// Where the bus puts the packet.
    pub(super) const fn packet_mut(&mut self) -> &mut Packet {
        let [_, _, _, packet @ ..] = &mut self.0;
        packet
    }

    const fn packet(&self) -> &Packet {
        let [_, _, _, packet @ ..] = &self.0;
        packet
    }

    /// The work of [`Faces::parse`]. What was received is spent: a second look works in the same room.
    ///
    /// Generic over the error, so that a shell need not take one result apart to make another, and copy the faces for it.
    #[inline(always)]
    pub(super) fn parse<E: From<PacketError>>(&mut self) -> Result<Faces, E> {
        let mut faces = Faces::EMPTY;
        match self.fill(&mut faces) {
            Ok(()) => Ok(faces),
            Err(error) => Err(error.into()),
        }
    }

    /// Out of line, to be in a program once, whatever it reads by.
    #[inline(never)]
    fn fill(&mut self, faces: &mut Faces) -> Result<(), PacketError> {
        let residue = self.residue();
        if residue != 0 {
            return Err(self.why_the_checksum_fails(residue));
        }
        let found = self.data_length();
        if found != DATA_LENGTH {
            return Err(PacketError::DataLength { found });
        }
        let [_, _, _, _, count, records @ .., _, _] = self.packet();
        let Some(slots) = faces.slots_mut(*count) else {
            return Err(PacketError::FaceCount { found: *count });
        };
        for (face, slot) in (0..).zip(slots) {
            // By its place, and not by an iterator: so the compiler sees that each record is aligned.
            let place = usize::from(face).wrapping_mul(RECORD_LEN);
            let Some(record) = records.get(place..).and_then(|ahead| ahead.first_chunk()) else { break };
            match Face::from_wire(record) {
                Some(as_it_came) => *slot = as_it_came,
                None => return Err(broken_rule(face, record)),
            }
        }
        Ok(())
    }

    fn data_length(&self) -> u16 {
        LittleEndian::read_u16(&self.packet()[2..4])
    }

    /// Out of line, to be in a program once: it is called from two places.
    #[inline(never)]
    fn residue(&self) -> u16 {
        residue_of_padded(&self.0)
    }

    /// Tells the packets that are not just damaged from those that are: none of them has the data length of this firmware.
    /// `residue` is the checksum computed, exclusive or the one found.
    ///
    /// For the others, no branch on what the bytes say until all is known.
    #[cold]
    #[inline(never)]
    fn why_the_checksum_fails(&mut self, residue: u16) -> PacketError {
        let found = LittleEndian::read_u16(&self.packet()[37..]);
        let data_length = self.data_length();
        let damaged = PacketError::Checksum { computed: found ^ residue, found };
        if data_length == DATA_LENGTH {
            return damaged;
        }
        // A firmware with shorter data has its checksum further ahead: header, data, checksum. A message with its
        // checksum behind it leaves nothing, and zeroes after it leave that at nothing: so what comes after it is
        // made zero, and the same division is done once more.
        let mut to_come = i32::from(data_length).saturating_add(6);
        let (mut all, mut any) = (0xFF, 0x00);
        for byte in self.packet_mut() {
            all &= *byte;
            any |= *byte;
            // 0 and more within the message; else the sign wipes the byte. By 24 and not by 31, which leaves the same of
            // these numbers: that the sign is meant, the compiler makes a branch of on a Cortex-M0.
            to_come = to_come.wrapping_sub(1);
            *byte &= !(to_come >> 24) as u8;
        }
        if all == 0xFF {
            PacketError::UndrivenBus
        } else if any == 0x00 {
            PacketError::AllZero
        } else if self.residue() == 0 {
            PacketError::DataLength { found: data_length }
        } else {
            damaged
        }
    }
}

/// The first rule that a face record breaks, in the order of its bytes, for one that breaks a rule.
#[cold]
#[inline(never)]
fn broken_rule(face: u8, record: &[u8; RECORD_LEN]) -> PacketError {
    let [confidence, left, top, right, bottom, _, _, is_facing] = *record;
    if confidence > 100 {
        PacketError::Confidence { face, found: confidence }
    } else if left > right {
        PacketError::LeftRight { face, left, right }
    } else if top > bottom {
        PacketError::TopBottom { face, top, bottom }
    } else {
        PacketError::IsFacing { face, found: is_facing }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of each the first five bytes are a message with its checksum, which is not what the packet claims to be.
    #[test]
    fn a_damaged_packet_that_claims_to_be_longer_than_a_read_is_damaged_whatever_its_beginning() {
        for beginning in [[0, 122, 0xFF, 0xFF, 59], [0, 141, 0xFF, 0xFF, 10], [1, 3, 0xFF, 0xFF, 70]] {
            let mut packet = [0x55; 39];
            packet[..5].copy_from_slice(&beginning);
            let expected = PacketError::Checksum { computed: 0xE310, found: 0x5555 };
            assert_eq!(Faces::parse(&packet), Err(expected), "{beginning:?}");
        }
    }
}
