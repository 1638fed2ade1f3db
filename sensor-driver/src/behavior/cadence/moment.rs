//! Microseconds before and after a moment, and as a duration.
//!
//! `Duration`'s own sums hold a panic for what cannot be, which the optimiser does not always see: here it does.

use core::time::Duration;

const NANOS: u32 = 1_000_000_000;

/// Microseconds; none below zero.
pub(super) const fn duration(micros: i32) -> Duration {
    Duration::from_micros(if micros > 0 { micros as u64 } else { 0 })
}

/// So much later; nothing is later than the latest.
pub(super) fn later(moment: Duration, micros: i32) -> Duration {
    let by = duration(micros);
    let nanos = moment.subsec_nanos().saturating_add(by.subsec_nanos());
    let (carry, nanos) = nanos.checked_sub(NANOS).map_or((0, nanos), |nanos| (1, nanos));
    let secs = moment.as_secs().checked_add(by.as_secs().saturating_add(carry));
    secs.map_or(Duration::MAX, |secs| made_of(secs, nanos))
}

/// So much earlier; nothing is before the beginning.
pub(super) fn earlier(moment: Duration, micros: i32) -> Duration {
    let by = duration(micros);
    let nanos = moment.subsec_nanos().saturating_add(NANOS).saturating_sub(by.subsec_nanos());
    let (borrow, nanos) = nanos.checked_sub(NANOS).map_or((1, nanos), |nanos| (0, nanos));
    let secs = moment.as_secs().checked_sub(by.as_secs().saturating_add(borrow));
    secs.map_or(Duration::ZERO, |secs| made_of(secs, nanos))
}

/// Less than a second of nanoseconds, which the minimum shows to the optimiser.
fn made_of(secs: u64, nanos: u32) -> Duration {
    Duration::new(secs, nanos.min(NANOS.saturating_sub(1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn later_and_earlier_are_what_duration_says() {
        for nanos in [0, 1, 999_999_999] {
            for secs in [0, 1, 7, u64::MAX - 1, u64::MAX] {
                for micros in [-1, 0, 1, 999_999, 1_000_000, 1_000_001, 7_999_999, i32::MAX] {
                    let (moment, by) = (Duration::new(secs, nanos), duration(micros));
                    assert_eq!(later(moment, micros), moment.saturating_add(by), "{moment:?} + {micros}");
                    assert_eq!(earlier(moment, micros), moment.saturating_sub(by), "{moment:?} - {micros}");
                }
            }
        }
    }
}
