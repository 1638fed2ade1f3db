//! Bounds of what is looked for, and of what looking may cost.

use core::time::Duration;

use super::super::time::micros;

/// What period to look for, and how often to read at most. `Default` suits every Person Sensor that is known of.
///
/// Values that contradict each other do no harm: each is brought into its range when it is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default, deny_unknown_fields))]
#[non_exhaustive]
pub struct CadenceConfig {
    /// The shortest period that a sensor may have, 8 ms to 5 s. 40 ms: a little below 20 inferences a second, faster
    /// than any board that was reported.
    pub fastest: Duration,
    /// The longest period that a sensor may have, `fastest` to 10 s; also the longest that two reads are ever apart.
    /// 500 ms: above 333 ms, three a second, slower than any board that was reported.
    pub slowest: Duration,
    /// How far reads are apart as long as no period is known. 140 ms: one inference of a v1 board without
    /// recognition (Datasheet).
    pub unlearned: Duration,
    /// How far reads are apart while the period is searched, for some inferences after the first change, `least_gap`
    /// to `fastest`. 10 ms: a read takes 4 ms at 100 kHz, and what is more exact is learned afterwards.
    pub search_step: Duration,
    /// The least time from the start of a read to the start of the next, 1 ms to `fastest`. 5 ms: a read takes 4 ms at
    /// 100 kHz. It bounds the reads of any second: 200.
    pub least_gap: Duration,
}

impl Default for CadenceConfig {
    fn default() -> Self {
        CadenceConfig::DEFAULT
    }
}

impl CadenceConfig {
    /// For every Person Sensor that is known of.
    pub const DEFAULT: CadenceConfig = CadenceConfig {
        fastest: Duration::from_millis(40),
        slowest: Duration::from_millis(500),
        unlearned: Duration::from_millis(140),
        search_step: Duration::from_millis(10),
        least_gap: Duration::from_millis(5),
    };

    /// The same bounds with another shortest period.
    #[must_use]
    pub const fn with_fastest(self, fastest: Duration) -> CadenceConfig {
        CadenceConfig { fastest, ..self }
    }

    /// The same bounds with another longest period.
    #[must_use]
    pub const fn with_slowest(self, slowest: Duration) -> CadenceConfig {
        CadenceConfig { slowest, ..self }
    }

    /// The same bounds with another pause between reads as long as no period is known.
    #[must_use]
    pub const fn with_unlearned(self, unlearned: Duration) -> CadenceConfig {
        CadenceConfig { unlearned, ..self }
    }

    /// The same bounds with another pause between reads while the period is searched.
    #[must_use]
    pub const fn with_search_step(self, search_step: Duration) -> CadenceConfig {
        CadenceConfig { search_step, ..self }
    }

    /// The same bounds with another least pause between reads.
    #[must_use]
    pub const fn with_least_gap(self, least_gap: Duration) -> CadenceConfig {
        CadenceConfig { least_gap, ..self }
    }

    /// In whole microseconds and each in its range.
    pub(super) const fn limits(&self) -> Limits {
        let fastest = within(self.fastest, 8_000, 5_000_000);
        let slowest = within(self.slowest, fastest, 10_000_000);
        let least_gap = within(self.least_gap, 1_000, fastest);
        Limits {
            least_gap,
            fastest,
            slowest,
            unlearned: within(self.unlearned, fastest, slowest),
            search_step: within(self.search_step, least_gap, fastest),
        }
    }
}

/// The bounds in microseconds. `fastest <= unlearned <= slowest`, `least_gap <= search_step`, all above zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub(super) struct Limits {
    pub(super) fastest: i32,
    pub(super) slowest: i32,
    pub(super) unlearned: i32,
    pub(super) search_step: i32,
    pub(super) least_gap: i32,
}

/// Whole microseconds, `least` to `most` (which is not below `least`).
const fn within(duration: Duration, least: i32, most: i32) -> i32 {
    let micros = micros(duration);
    if micros <= least as i64 {
        least
    } else if micros >= most as i64 {
        most
    } else {
        micros as i32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn ms(ms: u64) -> Duration {
        Duration::from_millis(ms)
    }

    #[test]
    fn contradictory_bounds_are_brought_into_order() {
        let odd = CadenceConfig::DEFAULT.with_fastest(ms(300)).with_slowest(ms(200)).with_unlearned(ms(1));
        let limits = odd.with_least_gap(Duration::MAX).with_search_step(Duration::ZERO).limits();
        let all = [limits.fastest, limits.slowest, limits.unlearned, limits.least_gap, limits.search_step];
        assert_eq!(all, [300_000; 5]);
        let none =
            CadenceConfig::DEFAULT.with_fastest(Duration::ZERO).with_least_gap(Duration::ZERO).limits();
        assert_eq!((none.fastest, none.least_gap), (8_000, 1_000));
    }

    #[test]
    fn the_default_is_used_as_it_is() {
        let limits = CadenceConfig::default().limits();
        let all = [limits.fastest, limits.slowest, limits.unlearned, limits.search_step, limits.least_gap];
        assert_eq!(all, [40_000, 500_000, 140_000, 10_000, 5_000]);
    }

    #[cfg(feature = "serde")]
    #[test]
    fn a_file_may_leave_out_what_it_does_not_change() {
        let read: CadenceConfig = serde_json::from_str(r#"{"fastest":{"secs":0,"nanos":20000000}}"#).unwrap();
        assert_eq!(read, CadenceConfig::DEFAULT.with_fastest(ms(20)));
    }
}
