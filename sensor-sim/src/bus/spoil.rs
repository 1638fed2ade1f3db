//! What faults do to the bytes of a read.

use mlsensor::Packet;

use super::Fault;
use crate::random::Dice;

impl Fault {
    /// Changes what was read. The bytes of all read operations are one message; `before` is the message before.
    pub(super) fn spoil(self, message: &mut [u8], before: &[u8], dice: &mut Dice) {
        match self {
            Fault::AllOnes => message.fill(0xFF),
            Fault::AllZero => message.fill(0x00),
            Fault::BitFlips(bits) => flip_bits(message, bits, dice),
            Fault::Burst(bits) => burst(message, bits, dice),
            Fault::Tail(from) => {
                let from = usize::from(from).min(message.len().saturating_sub(1));
                message.iter_mut().skip(from).for_each(|byte| *byte = 0xFF);
            }
            Fault::Slip => slip(message),
            Fault::Torn(until) => overwrite(message, before.iter().take(until.into())),
            Fault::Frozen(_) => overwrite(message, before.iter()),
            Fault::Nonsense(nonsense) => {
                if let Some(packet) = message.first_chunk_mut::<{ size_of::<Packet>() }>() {
                    nonsense.apply(packet);
                }
            }
            Fault::Lookalike(kind) => kind.fill(message, u64::from(dice.below(u32::MAX))),
            Fault::NackAddress
            | Fault::NackData
            | Fault::ArbitrationLoss
            | Fault::BusError
            | Fault::StretchTimeout
            | Fault::Gone(_)
            | Fault::Reset => {}
        }
    }
}

fn overwrite<'a>(message: &mut [u8], with: impl Iterator<Item = &'a u8>) {
    message.iter_mut().zip(with).for_each(|(byte, with)| *byte = *with);
}

/// Flips the `bit`-th bit on the wire, where the highest of a byte comes first.
fn flip(message: &mut [u8], bit: usize) {
    if let Some(byte) = message.get_mut(bit / 8) {
        *byte ^= 0x80 >> (bit % 8);
    }
}

fn flip_bits(message: &mut [u8], bits: u8, dice: &mut Dice) {
    let mut flipped: Vec<usize> = Vec::new();
    let wanted = usize::from(bits).min(message.len() * 8);
    while flipped.len() < wanted {
        let bit = dice.below(message.len() as u32 * 8) as usize;
        if !flipped.contains(&bit) {
            flipped.push(bit);
            flip(message, bit);
        }
    }
}

fn burst(message: &mut [u8], bits: u8, dice: &mut Dice) {
    let bits = usize::from(bits).min(message.len() * 8);
    let from = dice.below((message.len() * 8 - bits) as u32 + 1) as usize;
    for bit in 0..bits {
        let is_end = bit == 0 || bit + 1 == bits;
        if is_end || dice.permille(500) {
            flip(message, from + bit);
        }
    }
}

fn slip(message: &mut [u8]) {
    let mut carry = 1;
    for byte in message.iter_mut().rev() {
        let first = *byte >> 7;
        *byte = (*byte << 1) | carry;
        carry = first;
    }
}
