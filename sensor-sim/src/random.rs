//! Chance that is the same everywhere: seeded, and in integers alone.

use rand_core::Rng;
use rand_pcg::Pcg32;

/// The chances of one moment. Two moments with the same seed and number fall alike on every machine, and
/// what is drawn in one moment does not shift what is drawn in the next.
#[derive(Debug, Clone)]
pub(crate) struct Dice(Pcg32);

impl Dice {
    /// The dice of the `moment`-th moment under `seed`.
    pub(crate) fn new(seed: u64, moment: u64) -> Self {
        // Neighbouring seeds and moments must not give related sequences: mix them first.
        Dice(Pcg32::new(mix(seed ^ mix(moment)), moment))
    }

    /// 0..n, each as likely as the other to within n in 2^32. 0 for n = 0.
    pub(crate) fn below(&mut self, n: u32) -> u32 {
        ((u64::from(self.0.next_u32()) * u64::from(n)) >> 32) as u32
    }

    /// Whether something happens that happens in `permille` of 1000 cases.
    pub(crate) fn permille(&mut self, permille: u32) -> bool {
        self.below(1000) < permille
    }

    /// Whether something happens that happens in `per_million` of 1000000 cases.
    pub(crate) fn per_million(&mut self, per_million: u32) -> bool {
        self.below(1_000_000) < per_million
    }

    /// `low..=high`; `low` if they are in the wrong order.
    pub(crate) fn between(&mut self, low: i32, high: i32) -> i32 {
        let span = i64::from(high) - i64::from(low) + 1;
        let span = u32::try_from(span.max(1)).unwrap_or(u32::MAX);
        low.saturating_add_unsigned(self.below(span))
    }
}

/// A bijection of 64 bits in which each bit of the input moves about half of the output.
const fn mix(mut x: u64) -> u64 {
    x = x.wrapping_add(0x9E37_79B9_7F4A_7C15);
    x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    x ^ (x >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_and_moment_fall_alike_and_others_do_not() {
        let draw = |seed, moment| {
            let mut dice = Dice::new(seed, moment);
            core::array::from_fn::<u32, 8, _>(|_| dice.below(u32::MAX))
        };
        assert_eq!(draw(1, 2), draw(1, 2));
        assert_ne!(draw(1, 2), draw(1, 3));
        assert_ne!(draw(1, 2), draw(2, 2));
    }

    #[test]
    fn a_rate_is_met_over_neighbouring_moments() {
        let hits = (0..100_000).filter(|&moment| Dice::new(7, moment).permille(250)).count();
        assert!((24_500..25_500).contains(&hits), "{hits} of 100000 at 250 permille");
    }

    #[test]
    fn between_stays_within_and_reaches_both_ends() {
        let mut dice = Dice::new(3, 3);
        let drawn: Vec<_> = (0..1000).map(|_| dice.between(-2, 2)).collect();
        assert_eq!(drawn.iter().min(), Some(&-2));
        assert_eq!(drawn.iter().max(), Some(&2));
        assert_eq!(dice.between(5, 4), 5);
    }
}
