//! The checksum of a packet: CRC-16/MCRF4XX.
//!
//! Polynomial 0x1021, reflected (0x8408), initial value 0xFFFF, no final xor. Published check value:
//! 0x6F91 for the ASCII text `123456789`.
//!
//! # Guarantees
//! * No table: a 256-entry table would cost 512 bytes of flash, which is a tenth of what a small
//!   Cortex-M0 program has to spare.
//! * Four bytes a step, no branch on data: the same number of instructions for any content.
//! * Cannot fail and does not panic, for any length.
//!
//! # How four bytes go at once
//! Seen as polynomials over GF(2) in reflected order, the generator is
//! `G = 1 + z^4 + z^11 + z^16`. To shift 32 bits out of the register is to add the multiple `q * G`
//! that clears them, so `q = x / G mod z^32`, and what is left is `q * G` shifted down by 32.
//! The inverse of `G` modulo `z^32` has a factorisation of three short terms, because squaring is
//! free in characteristic 2: `(1 + a)(1 + a^2)(1 + a^4)` with `a = z^4 + z^11 + z^16`.

use byteorder::{ByteOrder, LittleEndian};

/// The CRC-16/MCRF4XX of `bytes` (Guide, Data Format, "checksum").
///
/// ```
/// assert_eq!(mlsensor::crc16_mcrf4xx(b"123456789"), 0x6F91);
/// ```
#[must_use]
pub fn crc16_mcrf4xx(bytes: &[u8]) -> u16 {
    let mut words = bytes.chunks_exact(4);
    let mut crc = 0xFFFF_u16;
    for word in &mut words {
        crc = step_word(crc, LittleEndian::read_u32(word));
    }
    for &byte in words.remainder() {
        crc = step_byte(crc, byte);
    }
    crc
}

/// Three bytes of zero ahead, and a packet of 39: ten words, and the two bytes of the checksum.
pub(crate) const PADDED_LEN: usize = 3 + 39;

/// What is left of a packet, its own checksum included: the checksum of its first 37 bytes, exclusive or what the last
/// two say. 0 if the packet is whole.
///
/// Inlined, because it is as fast as the words are to load: where the caller knows that they are aligned, a core without
/// unaligned loads takes one instruction for a word, not seven. By its place, and not by an iterator over chunks, the
/// compiler sees that each word is.
#[inline(always)]
pub(crate) fn residue_of_padded(padded: &[u8; PADDED_LEN]) -> u16 {
    let [words @ .., low, high] = padded;
    let mut crc = AHEAD_OF_PADDING;
    for word in 0..10_usize {
        let place = word.wrapping_mul(4);
        let Some(word) = words.get(place..).and_then(|ahead| ahead.first_chunk()) else { break };
        crc = step_word(crc, u32::from_le_bytes(*word));
    }
    crc ^ u16::from_le_bytes([*low, *high])
}

/// The register that three bytes of zero turn into the initial value.
const AHEAD_OF_PADDING: u16 = {
    let mut crc = 0xFFFF_u16;
    let mut bits = 0;
    while bits < 24 {
        // One bit step backwards: the generator was added if the highest bit is set, and then the lowest was set.
        let carry = crc >> 15;
        crc = ((crc ^ (carry * 0x8408)) << 1) | carry;
        bits += 1;
    }
    crc
};

/// Shifts the four bytes of `word`, the lowest first, through the register.
const fn step_word(crc: u16, word: u32) -> u16 {
    let x = word ^ crc as u32;
    let x = x ^ (x << 16); //               * (1 + a^4), a^4 = z^16 + ...
    let x = x ^ (x << 8) ^ (x << 22); //    * (1 + a^2), a^2 = z^8 + z^22 + ...
    let q = x ^ (x << 4) ^ (x << 11) ^ (x << 16); // * (1 + a)
    ((q >> 16) ^ (q >> 21) ^ (q >> 28)) as u16
}

/// Shifts one byte through the register: the same division, modulo `z^8`.
const fn step_byte(crc: u16, byte: u8) -> u16 {
    let x = byte ^ crc.to_le_bytes()[0];
    let q = (x ^ (x << 4)) as u16;
    (crc >> 8) ^ (q << 8) ^ (q << 3) ^ (q >> 4)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One bit at a time, straight from the definition: the oracle of the tests below.
    fn by_the_bit(mut crc: u16, bytes: &[u8]) -> u16 {
        for &byte in bytes {
            crc ^= u16::from(byte);
            for _ in 0..8 {
                let carry = crc & 1;
                crc >>= 1;
                if carry == 1 {
                    crc ^= 0x8408;
                }
            }
        }
        crc
    }

    #[test]
    fn published_check_value() {
        assert_eq!(crc16_mcrf4xx(b"123456789"), 0x6F91);
    }

    #[test]
    fn an_empty_input_gives_the_initial_value() {
        assert_eq!(crc16_mcrf4xx(&[]), 0xFFFF);
    }

    #[test]
    fn a_byte_step_is_eight_bit_steps_for_every_register_and_byte() {
        for crc in 0..=u16::MAX {
            for byte in [0x00, 0x01, 0x5A, 0x80, 0xA5, 0xFF] {
                assert_eq!(step_byte(crc, byte), by_the_bit(crc, &[byte]));
            }
        }
        for byte in 0..=u8::MAX {
            assert_eq!(step_byte(0x1D0F, byte), by_the_bit(0x1D0F, &[byte]));
        }
    }

    /// Both are linear over GF(2) in (register, word), so agreement on a basis is agreement everywhere.
    #[test]
    fn a_word_step_is_thirty_two_bit_steps_on_a_basis() {
        for bit in 0..32 {
            let word = 1_u32 << bit;
            assert_eq!(step_word(0, word), by_the_bit(0, &word.to_le_bytes()));
        }
        for bit in 0..16 {
            let crc = 1_u16 << bit;
            assert_eq!(step_word(crc, 0), by_the_bit(crc, &[0; 4]));
        }
        assert_eq!(step_word(0, 0), 0);
    }

    fn padded(packet: [u8; 39]) -> [u8; PADDED_LEN] {
        core::array::from_fn(|i| if i < 3 { 0 } else { packet[i - 3] })
    }

    fn residue_by_the_bit(packet: [u8; 39]) -> u16 {
        by_the_bit(0xFFFF, &packet[..37]) ^ u16::from_le_bytes([packet[37], packet[38]])
    }

    /// Both are affine over GF(2), so agreement on zero and on a basis is agreement everywhere.
    #[test]
    fn the_residue_of_a_packet_is_what_its_bits_leave_on_a_basis() {
        assert_eq!(residue_of_padded(&padded([0; 39])), residue_by_the_bit([0; 39]));
        for bit in 0..8 * 39 {
            let mut packet = [0; 39];
            packet[bit / 8] = 1 << (bit % 8);
            assert_eq!(residue_of_padded(&padded(packet)), residue_by_the_bit(packet), "bit {bit}");
        }
    }

    /// A packet that is neither zero nor one bit, for those who do not trust the algebra.
    #[test]
    fn the_residue_of_whole_packets_is_zero_and_of_others_their_damage() {
        for seed in 0..=255_u8 {
            let mut packet: [u8; 39] =
                core::array::from_fn(|i| seed.wrapping_mul(i as u8 | 1) ^ (i as u8) << 3);
            assert_eq!(residue_of_padded(&padded(packet)), residue_by_the_bit(packet));
            let [low, high] = by_the_bit(0xFFFF, &packet[..37]).to_le_bytes();
            (packet[37], packet[38]) = (low, high);
            assert_eq!(residue_of_padded(&padded(packet)), 0);
            packet[38] ^= 0x40;
            assert_eq!(residue_of_padded(&padded(packet)), 0x4000);
        }
    }

    #[test]
    fn every_length_up_to_a_packet_agrees_with_the_definition() {
        let bytes: [u8; 64] = core::array::from_fn(|i| (i * 37 + 11) as u8);
        for len in 0..=bytes.len() {
            assert_eq!(crc16_mcrf4xx(&bytes[..len]), by_the_bit(0xFFFF, &bytes[..len]));
        }
    }

    #[test]
    fn an_undriven_bus_and_an_all_zero_packet_fail_their_own_checksum() {
        assert_eq!(crc16_mcrf4xx(&[0x00; 37]), 0x952D);
        assert_eq!(crc16_mcrf4xx(&[0xFF; 37]), 0xFCE7);
    }
}
