//! Which damage does a packet survive unnoticed? Every error up to a size is tried, not a sample.
//!
//! A burst of n bits is damage whose first and last wrong bits are n - 1 places apart, with any of those in
//! between wrong or right. "In between" depends on the order of the bits: I2C sends the most significant bit
//! of a byte first, the checksum takes the least significant first. Both are tried.

mod captured;
mod oracle;

use captured::{NOBODY, ONE_FACE};
use mlsensor::Faces;
use oracle::sealed;

const BITS: usize = 8 * 39;

#[derive(Clone, Copy)]
enum Order {
    /// As the bits follow each other on the wire.
    MostSignificantFirst,
    /// As the checksum takes them.
    LeastSignificantFirst,
}

impl Order {
    const BOTH: [Order; 2] = [Order::MostSignificantFirst, Order::LeastSignificantFirst];

    /// The byte and the mask of the `place`th bit of a packet.
    fn bit(self, place: usize) -> (usize, u8) {
        let shift = match self {
            Order::MostSignificantFirst => 7 - place % 8,
            Order::LeastSignificantFirst => place % 8,
        };
        (place / 8, 1 << shift)
    }
}

fn flip(packet: &mut [u8; 39], place: usize) {
    let (byte, mask) = Order::LeastSignificantFirst.bit(place);
    packet[byte] ^= mask;
}

/// Tries every error of one, two and three bits; gives how many there are and how many were accepted.
fn accepted_of_all_errors_up_to_three_bits(packet: [u8; 39]) -> (u32, u32) {
    let (mut tried, mut accepted) = (0, 0);
    let mut damaged = packet;
    let mut look = |damaged: &[u8; 39]| {
        tried += 1;
        accepted += u32::from(Faces::parse(damaged).is_ok());
    };
    for first in 0..BITS {
        flip(&mut damaged, first);
        look(&damaged);
        for second in 0..first {
            flip(&mut damaged, second);
            look(&damaged);
            for third in 0..second {
                flip(&mut damaged, third);
                look(&damaged);
                flip(&mut damaged, third);
            }
            flip(&mut damaged, second);
        }
        flip(&mut damaged, first);
    }
    assert_eq!(damaged, packet);
    (tried, accepted)
}

/// Tries every burst of up to 16 bits; gives how many there are and how many were accepted.
fn accepted_of_all_bursts_up_to_16_bits(packet: [u8; 39], order: Order) -> (u32, u32) {
    let (mut tried, mut accepted) = (0, 0);
    for first in 0..BITS {
        let window: Vec<_> = (first..BITS.min(first + 16)).map(|place| order.bit(place)).collect();
        let mut damaged = packet;
        // Gray code: from one pattern of the bits after the first to the next, one bit flips.
        damaged[window[0].0] ^= window[0].1;
        for pattern in 1..=1_usize << (window.len() - 1) {
            tried += 1;
            accepted += u32::from(Faces::parse(&damaged).is_ok());
            if let Some((byte, mask)) = window.get(1 + pattern.trailing_zeros() as usize) {
                damaged[*byte] ^= mask;
            }
        }
    }
    (tried, accepted)
}

/// The number of bursts of up to 16 bits: one for each pattern of the bits that follow the first wrong one.
const BURSTS: u32 = 297 * (1 << 15) + ((1 << 15) - 1);

#[test]
fn every_error_of_one_two_or_three_bits_is_refused_when_nobody_is_there() {
    assert_eq!(accepted_of_all_errors_up_to_three_bits(NOBODY), (312 + 48_516 + 5_013_320, 0));
}

#[test]
fn every_error_of_one_two_or_three_bits_is_refused_when_somebody_is_there() {
    assert_eq!(accepted_of_all_errors_up_to_three_bits(ONE_FACE), (312 + 48_516 + 5_013_320, 0));
}

#[test]
fn every_burst_of_up_to_16_bits_on_the_wire_is_refused() {
    for packet in [NOBODY, ONE_FACE] {
        assert_eq!(accepted_of_all_bursts_up_to_16_bits(packet, Order::MostSignificantFirst), (BURSTS, 0));
    }
}

#[test]
fn every_burst_of_up_to_16_bits_in_the_order_of_the_checksum_is_refused() {
    for packet in [NOBODY, ONE_FACE] {
        assert_eq!(accepted_of_all_bursts_up_to_16_bits(packet, Order::LeastSignificantFirst), (BURSTS, 0));
    }
}

/// By how much each wrong bit puts the checksum off. The checksum is linear, so an error of many bits is
/// unnoticed exactly if the syndromes of its bits add up (exclusive or) to nothing, whatever the packet.
fn syndromes(order: Order) -> Vec<u16> {
    let distance = |packet: [u8; 39]| {
        let [.., low, high] = packet;
        let [.., fits_low, fits_high] = sealed(packet);
        u16::from_le_bytes([low ^ fits_low, high ^ fits_high])
    };
    let syndrome = |place| {
        let (byte, mask) = order.bit(place);
        let mut damaged = sealed([0; 39]);
        damaged[byte] ^= mask;
        distance(damaged)
    };
    (0..BITS).map(syndrome).collect()
}

/// Why the content of a packet is checked as well as its checksum.
#[test]
fn the_checksum_alone_lets_11034_of_all_387278970_four_bit_errors_pass() {
    // Four bits cancel if two of them put the checksum off as the other two do. No pair cancels by itself, so
    // two such pairs share no bit; and four bits make three pairs of pairs.
    let syndromes = syndromes(Order::LeastSignificantFirst);
    let mut pairs = vec![0_u64; 0x1_0000];
    for (place, first) in syndromes.iter().enumerate() {
        for second in &syndromes[..place] {
            pairs[usize::from(first ^ second)] += 1;
        }
    }
    assert_eq!(pairs[0], 0);
    let pairs_of_pairs: u64 = pairs.iter().map(|&alike| alike * alike.saturating_sub(1) / 2).sum();
    assert_eq!(pairs_of_pairs % 3, 0);
    assert_eq!(pairs_of_pairs / 3, 11_034);
    assert_eq!(312_u64 * 311 * 310 * 309 / 24, 387_278_970);
}

/// One for each of the 296 places where such a burst can begin, and so in either order of the bits.
#[test]
fn the_checksum_alone_lets_296_of_all_9699328_bursts_of_17_bits_pass() {
    for order in Order::BOTH {
        let (mut tried, mut passed) = (0, 0);
        for burst in syndromes(order).windows(17) {
            let (ends, between) = (burst[0] ^ burst[16], &burst[1..16]);
            let mut sums = vec![ends];
            for syndrome in between {
                let also: Vec<_> = sums.iter().map(|sum| sum ^ syndrome).collect();
                sums.extend(also);
            }
            tried += sums.len();
            passed += sums.iter().filter(|sum| **sum == 0).count();
        }
        assert_eq!((tried, passed), (9_699_328, 296));
    }
}
