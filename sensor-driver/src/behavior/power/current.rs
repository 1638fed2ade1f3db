//! What the sensor may draw on average: an estimate, from the few figures that are published.

use core::fmt;
use core::time::Duration;

/// What the sensor draws. Measure yours if it matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default, deny_unknown_fields))]
#[non_exhaustive]
pub struct CurrentFigures {
    /// While it captures and infers, in microamperes. 40 000 (datasheet); the guide's 150 mW are 45 000 at 3.3 V.
    pub active_ua: u32,
    /// In standby, in microamperes. `None`: nobody has published it.
    pub standby_ua: Option<u32>,
    /// How long a single shot draws the active current. 140 ms, one inference (datasheet, v1.0 board; 265 ms with
    /// recognition and a face in view). That it draws no more is assumed.
    pub shot: Duration,
}

impl Default for CurrentFigures {
    fn default() -> Self {
        CurrentFigures::PUBLISHED
    }
}

impl CurrentFigures {
    /// The published figures.
    pub const PUBLISHED: CurrentFigures =
        CurrentFigures { active_ua: 40_000, standby_ua: None, shot: Duration::from_millis(140) };

    /// The same with another active current, in microamperes.
    #[must_use]
    pub const fn with_active_ua(self, active_ua: u32) -> CurrentFigures {
        CurrentFigures { active_ua, ..self }
    }

    /// The same with a standby current, in microamperes, that you have measured.
    #[must_use]
    pub const fn with_standby_ua(self, standby_ua: u32) -> CurrentFigures {
        CurrentFigures { standby_ua: Some(standby_ua), ..self }
    }

    /// The same with another duration of a shot.
    #[must_use]
    pub const fn with_shot(self, shot: Duration) -> CurrentFigures {
        CurrentFigures { shot, ..self }
    }
}

/// An estimate of the average current. `Display` says that it is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct CurrentEstimate {
    /// The average, in microamperes.
    pub average_ua: u32,
    /// Whether the current in standby is left out, because it is not known.
    pub is_lower_bound: bool,
    /// The share of the time in which the sensor captured and inferred, in permille, rounded to the nearest.
    pub active_permille: u16,
}

/// Shares are counted in parts of 65536, so that a product with 16 bits has 32.
const PARTS_BITS: u32 = 16;
const WHOLE: u32 = 1 << PARTS_BITS;

impl CurrentEstimate {
    /// The sensor was active for so many microseconds of a total. Of no time at all it is taken to be active.
    pub(super) const fn of(figures: &CurrentFigures, active_us: i64, total_us: i64) -> CurrentEstimate {
        let (mut active, mut total) = (active_us.unsigned_abs(), total_us.unsigned_abs());
        // Until a division in 32 bits is enough.
        while total >> PARTS_BITS != 0 {
            (active, total) = (active >> 1, total >> 1);
        }
        let active = if active > total { total } else { active };
        let parts = match ((active as u32) << PARTS_BITS).checked_div(total as u32) {
            Some(parts) => parts,
            None => WHOLE,
        };
        let standby_ua = match figures.standby_ua {
            Some(ua) => ua,
            None => 0,
        };
        let average_ua =
            share(figures.active_ua, parts).saturating_add(share(standby_ua, WHOLE.saturating_sub(parts)));
        CurrentEstimate {
            average_ua,
            is_lower_bound: figures.standby_ua.is_none(),
            active_permille: share(1000, parts) as u16,
        }
    }
}

/// So many parts of a value, rounded to the nearest.
const fn share(value: u32, parts: u32) -> u32 {
    let half = 1 << (PARTS_BITS - 1);
    ((value as u64).saturating_mul(parts as u64).saturating_add(half) >> PARTS_BITS) as u32
}

impl fmt::Display for CurrentEstimate {
    /// In milliamperes: `at least 2.8 mA (an estimate: awake 7.0 % of the time)`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let CurrentEstimate { average_ua, is_lower_bound, active_permille } = *self;
        let tenths = average_ua.saturating_add(50) / 100;
        let bound = if is_lower_bound { "at least" } else { "about" };
        write!(f, "{bound} {}.{} mA ", tenths / 10, tenths % 10)?;
        write!(f, "(an estimate: awake {}.{} % of the time)", active_permille / 10, active_permille % 10)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn ms(ms: u64) -> Duration {
        Duration::from_millis(ms)
    }

    /// Within so many of a share that is computed in 128 bits.
    fn check(active: Duration, total: Duration) {
        let figures = CurrentFigures::PUBLISHED.with_standby_ua(700);
        let estimate = CurrentEstimate::of(&figures, active.as_micros() as i64, total.as_micros() as i64);
        let active = active.min(total);
        let exact = (40_000 * active.as_nanos() + 700 * (total - active).as_nanos()) / total.as_nanos();
        let off = u128::from(estimate.average_ua).abs_diff(exact);
        assert!(off <= 5, "{active:?} of {total:?}: {} and not {exact}", estimate.average_ua);
    }

    #[test]
    fn the_share_is_right_from_a_millisecond_to_a_century() {
        for total_ms in [1, 65, 140, 2000, 3_600_000, 86_400_000, 3_155_760_000_000] {
            for permille in [0, 1, 70, 500, 999, 1000, 1700] {
                check(ms(total_ms) * permille / 1000, ms(total_ms));
            }
        }
    }

    #[test]
    fn without_a_figure_for_standby_it_is_a_lower_bound() {
        let empty = CurrentEstimate::of(&CurrentFigures::default(), 140000, 2000000);
        assert!(empty.is_lower_bound && empty.average_ua.abs_diff(2800) <= 2, "{empty:?}");
        assert_eq!(empty.active_permille, 70);
        assert_eq!(empty.to_string(), "at least 2.8 mA (an estimate: awake 7.0 % of the time)");
        let measured = CurrentFigures::PUBLISHED.with_active_ua(45_000).with_standby_ua(1000);
        let known = CurrentEstimate::of(&measured.with_shot(ms(200)), 0, 2000000);
        assert_eq!(known.to_string(), "about 1.0 mA (an estimate: awake 0.0 % of the time)");
    }

    #[test]
    fn of_no_time_at_all_it_is_awake() {
        let estimate = CurrentEstimate::of(&CurrentFigures::PUBLISHED, 0, 0);
        assert_eq!((estimate.average_ua, estimate.active_permille), (40_000, 1000));
    }
}
