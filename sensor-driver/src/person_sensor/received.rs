//! A packet as it comes off the bus, where it can be checked fast.
//!
//! # Guarantees
//! * A packet that is accepted takes a number of instructions that depends on its number of faces alone: there is no
//!   branch on anything else that it says. So does a packet with a wrong checksum that is refused as damaged.
//! * What is wrong with a packet is looked for only when something is, out of line.

use byteorder::{ByteOrder, LittleEndian};

use super::packet::RECORD_LEN;
use super::{DATA_LENGTH, Face, Faces, MAX_FACES, PACKET_LEN, Packet, PacketError};
use crate::crc::residue;

/// Room for one packet.
///
/// The packet starts three bytes behind a multiple of four. From byte 1 on its words are aligned then, which the
/// checksum takes one after the other, and each face record (bytes 5, 13, 21, 29) starts at a word as well. A Cortex-M0
/// loads an aligned word by one instruction, and any other by seven.
#[derive(Clone)]
#[repr(C, align(4))]
pub(super) struct Received {
    ahead: [u8; 3],
    packet: Packet,
}

impl Received {
    /// Zeroes, until something is received.
    pub(super) const fn new() -> Self {
        Received { ahead: [0; 3], packet: [0; PACKET_LEN] }
    }

    /// Where the bus puts the packet.
    pub(super) const fn packet_mut(&mut self) -> &mut Packet {
        &mut self.packet
    }

    /// The work of [`Faces::parse`].
    pub(super) fn parse(&self) -> Result<Faces, PacketError> {
        let residue = residue(&self.packet);
        if residue != 0 {
            return Err(self.why_the_checksum_fails(residue));
        }
        let [_, _, _, _, count, records @ .., _, _] = &self.packet;
        if LittleEndian::read_u16(&self.packet[2..4]) != DATA_LENGTH || usize::from(*count) > MAX_FACES {
            return Err(self.first_broken_rule());
        }
        let mut slots = [Face::UNUSED; MAX_FACES];
        let mut borrows = 0;
        let mut rest: &[u8] = records;
        for slot in slots.iter_mut().take(usize::from(*count)) {
            let Some((record, behind)) = rest.split_first_chunk() else { break };
            let (face, wrong) = Face::from_wire(record);
            *slot = face;
            borrows |= wrong;
            rest = behind;
        }
        if borrows >> 31 != 0 {
            return Err(self.first_broken_rule());
        }
        Ok(Faces::from_slots(slots, *count))
    }

    /// For a packet whose checksum is right, and which breaks a rule behind it.
    #[cold]
    #[inline(never)]
    fn first_broken_rule(&self) -> PacketError {
        let found = LittleEndian::read_u16(&self.packet[2..4]);
        if found != DATA_LENGTH {
            return PacketError::DataLength { found };
        }
        let [_, _, _, _, count, records @ .., _, _] = &self.packet;
        if usize::from(*count) <= MAX_FACES {
            for (face, record) in (0..*count).zip(records.chunks_exact(RECORD_LEN)) {
                if let Some(error) = broken_rule(face, record) {
                    return error;
                }
            }
        }
        PacketError::FaceCount { found: *count }
    }

    /// Tells the packets that are no damaged packets of this sensor. `residue` is the checksum computed, exclusive or
    /// the one found.
    ///
    /// No branch on what the bytes say until all is known: bytes 0xFF and 0x00 are looked for by one pass over all.
    #[cold]
    #[inline(never)]
    fn why_the_checksum_fails(&self, wrong: u16) -> PacketError {
        let data_length = LittleEndian::read_u16(&self.packet[2..4]);
        // A firmware with shorter data has its checksum further ahead: header, data, checksum. A message with its
        // checksum behind it leaves nothing, and zeroes after it leave that at nothing: so what comes after it is
        // made zero, and the same division is done once more.
        let end = u32::from(data_length).saturating_add(6);
        let mut shorter = self.clone();
        let (mut all, mut any) = (0xFF, 0x00);
        for (place, byte) in (0..).zip(&mut shorter.packet) {
            all &= *byte;
            any |= *byte;
            // All ones where the place is before the end.
            let before = (i64::from(place).wrapping_sub(end.into()) >> 63) as u8;
            *byte &= before;
        }
        if all == 0xFF {
            return PacketError::UndrivenBus;
        }
        if any == 0x00 {
            return PacketError::AllZero;
        }
        if residue(&shorter.packet) == 0 {
            return PacketError::DataLength { found: data_length };
        }
        let found = LittleEndian::read_u16(&self.packet[37..]);
        PacketError::Checksum { computed: found ^ wrong, found }
    }
}

/// The first rule that a face record breaks, in the order of its bytes.
fn broken_rule(face: u8, record: &[u8]) -> Option<PacketError> {
    let &[confidence, left, top, right, bottom, _, _, is_facing] = record else { return None };
    if confidence > 100 {
        Some(PacketError::Confidence { face, found: confidence })
    } else if left > right {
        Some(PacketError::LeftRight { face, left, right })
    } else if top > bottom {
        Some(PacketError::TopBottom { face, top, bottom })
    } else if is_facing > 1 {
        Some(PacketError::IsFacing { face, found: is_facing })
    } else {
        None
    }
}
