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
//! A packet has its own way, [`residue`]: the length is known, so most of its words need no division at all.
//!
//! # How four bytes go at once
//! Seen as polynomials over GF(2) in reflected order, the generator is
//! `G = 1 + z^4 + z^11 + z^16`. To shift 32 bits out of the register is to add the multiple `q * G`
//! that clears them, so `q = x / G mod z^32`, and what is left is `q * G` shifted down by 32.
//! The inverse of `G` modulo `z^32` has a factorisation of three short terms, because squaring is
//! free in characteristic 2: `(1 + a)(1 + a^2)(1 + a^4)` with `a = z^4 + z^11 + z^16`.

//!
//! # How a packet goes
//! Squaring doubles the exponents and adds no term, so `G^8 = 1 + z^32 + z^88 + z^128` is a multiple of `G` as short
//! as `G` is. To clear a word at the front of the message is to add that word times `G^8`, which lands 32, 88 and
//! 128 bits further on: four words get an exclusive or, two of them shifted by a part of a word. That is a third of
//! a division, and it works for as long as 128 bits are left to land on. Then `G^4` and `G^2` clear the next words,
//! whose first inner term reaches back into the word itself, and only the last word is divided by `G`.

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

/// What is left of a packet of 39 bytes, its own checksum included: the checksum of the first 37 bytes, exclusive or
/// what the last two say. 0 if the packet is whole.
///
/// Inlined, because it is as fast as the words are to load: where the caller knows that `packet[1..]` is aligned, a core
/// without unaligned loads takes one instruction a word, not seven.
#[inline(always)]
pub(crate) fn residue(packet: &[u8; 39]) -> u16 {
    // The last bit of the message has to be the last of a word, so 24 zero bits go ahead of it: they change nothing.
    // The initial value is an exclusive or into the first 16 bits that count.
    let first = u32::from(packet[0] ^ 0xFF) << 24;
    let ahead = clear(first, [0; 4]);
    let ahead = clear(LittleEndian::read_u32(&packet[1..5]) ^ 0xFF, ahead);
    let ahead = clear(LittleEndian::read_u32(&packet[5..9]), ahead);
    let ahead = clear(LittleEndian::read_u32(&packet[9..13]), ahead);
    let ahead = clear(LittleEndian::read_u32(&packet[13..17]), ahead);
    let [a, b, c, d] = clear(LittleEndian::read_u32(&packet[17..21]), ahead);

    // 128 bits are left, and the 16 of the checksum. By G^4 = 1 + z^16 + z^44 + z^64, twice.
    let a = a ^ LittleEndian::read_u32(&packet[21..25]);
    let q = a ^ (a << 16);
    let b = b ^ LittleEndian::read_u32(&packet[25..29]) ^ (q >> 16) ^ (q << 12);
    let c = c ^ LittleEndian::read_u32(&packet[29..33]) ^ (q >> 20) ^ q;
    let q = b ^ (b << 16);
    let c = c ^ (q >> 16) ^ (q << 12);
    let d = d ^ LittleEndian::read_u32(&packet[33..37]) ^ (q >> 20) ^ q;

    // By G^2 = 1 + z^8 + z^22 + z^32.
    let x = c ^ (c << 16);
    let q = x ^ (x << 8) ^ (x << 22);
    let d = d ^ (q >> 24) ^ (q >> 10) ^ q;

    step_word(0, d) ^ LittleEndian::read_u16(&packet[37..])
}

/// Clears `word`, the first of five, by adding its multiple of `G^8`. `ahead` is what earlier words left on it and on the
/// three behind it; given back is the same for the next word.
#[inline(always)]
const fn clear(word: u32, ahead: [u32; 4]) -> [u32; 4] {
    let [on_this, next, second, third] = ahead;
    let q = word ^ on_this;
    [next ^ q, second ^ (q << 24), third ^ (q >> 8), q]
}

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

    /// [`residue`] is affine over GF(2), so agreement on zero and on a basis is agreement everywhere.
    #[test]
    fn the_residue_of_a_packet_is_what_its_bits_leave_on_a_basis() {
        let by_definition = |packet: &[u8; 39]| {
            by_the_bit(0xFFFF, &packet[..37]) ^ u16::from_le_bytes([packet[37], packet[38]])
        };
        let mut packet = [0; 39];
        assert_eq!(residue(&packet), by_definition(&packet));
        for bit in 0..8 * packet.len() {
            packet[bit / 8] = 1 << (bit % 8);
            assert_eq!(residue(&packet), by_definition(&packet), "bit {bit}");
            packet[bit / 8] = 0;
        }
    }

    #[test]
    fn the_residue_of_any_packet_agrees_with_the_definition() {
        let mut state = 0x2545_F491_4F6C_DD1D_u64;
        for _ in 0..10_000 {
            let packet: [u8; 39] = core::array::from_fn(|_| {
                state ^= state << 13;
                state ^= state >> 7;
                state ^= state << 17;
                (state >> 32) as u8
            });
            let computed = by_the_bit(0xFFFF, &packet[..37]);
            assert_eq!(residue(&packet), computed ^ u16::from_le_bytes([packet[37], packet[38]]));
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
