//! How long to wait before the bus is opened again.

use std::time::Duration;

use super::Backoff;

/// The waits of one supervisor.
#[derive(Debug, Clone)]
pub(super) struct Waits {
    backoff: Backoff,
    chance: u64,
    /// How many waits there were since all was well.
    count: u32,
}

impl Waits {
    pub(super) const fn new(backoff: Backoff, seed: u64) -> Waits {
        Waits { backoff, chance: seed, count: 0 }
    }

    /// All is well: the next wait is the first one again.
    pub(super) fn reset(&mut self) {
        self.count = 0;
    }

    /// The next wait: twice as long as the one before, up to the longest, and then shorter by up to a quarter.
    pub(super) fn next(&mut self) -> Duration {
        let factor = 1_u32.checked_shl(self.count).unwrap_or(u32::MAX);
        self.count = self.count.saturating_add(1);
        let wait = self.backoff.first.saturating_mul(factor).min(self.backoff.longest);
        // SplitMix64, by Sebastiano Vigna (public domain).
        self.chance = self.chance.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut bits = self.chance;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        bits ^= bits >> 31;
        let shorter = (wait / 4 / 1024).saturating_mul((bits % 1024) as u32);
        wait.saturating_sub(shorter)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn waits_double_up_to_the_longest_and_are_shorter_by_a_quarter_at_most(
            seed in any::<u64>(), first in 10_u64..1000, longest in 1_u64..100_000, count in 0_u32..100,
        ) {
            let longest = longest.max(first);
            let ms = Duration::from_millis;
            let mut waits = Waits::new(Backoff { first: ms(first), longest: ms(longest) }, seed);
            let mut full = ms(first);
            for _ in 0..count {
                let wait = waits.next();
                prop_assert!(wait <= full && wait >= full * 3 / 4, "{wait:?} of {full:?}");
                full = (full * 2).min(ms(longest));
            }
            waits.reset();
            prop_assert!(waits.next() <= ms(first));
        }
    }

    #[test]
    fn two_seeds_wait_differently_and_one_seed_alike() {
        let waits = |seed| {
            let mut waits = Waits::new(Backoff::default(), seed);
            (0..10).map(|_| waits.next()).collect::<Vec<_>>()
        };
        assert_eq!(waits(1), waits(1));
        assert_ne!(waits(1), waits(2));
    }
}
