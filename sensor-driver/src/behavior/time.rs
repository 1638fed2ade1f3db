//! Time as an argument: how long ago, and in microseconds for arithmetic.

use core::time::Duration;

const NANOS_PER_SEC: u32 = 1_000_000_000;

/// How long ago `then` was. What lies ahead was just now: time that goes backward counts as no time.
///
/// This is `saturating_sub`, in which the compiler does not always see that its panic ("overflow in `Duration::new`")
/// cannot happen.
pub(super) const fn since(now: Duration, then: Duration) -> Duration {
    let (now_nanos, then_nanos) = (now.subsec_nanos(), then.subsec_nanos());
    let borrowed = now_nanos < then_nanos;
    let Some(secs) = now.as_secs().checked_sub(then.as_secs()) else { return Duration::ZERO };
    let Some(secs) = secs.checked_sub(borrowed as u64) else { return Duration::ZERO };
    let lent = if borrowed { now_nanos.saturating_add(NANOS_PER_SEC) } else { now_nanos };
    let nanos = lent.saturating_sub(then_nanos);
    Duration::new(secs, if nanos < NANOS_PER_SEC { nanos } else { 0 })
}

/// Whole microseconds; 292 thousand years and more are the same.
pub(super) const fn micros(duration: Duration) -> i64 {
    let micros = duration.as_secs().saturating_mul(1_000_000).saturating_add(duration.subsec_micros() as u64);
    if micros > i64::MAX as u64 { i64::MAX } else { micros as i64 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn since_is_a_subtraction_that_stops_at_zero() {
        let parts = [0, 1, 499_999_999, 500_000_000, 999_999_999];
        let times =
            [0, 1, 2, u64::MAX].into_iter().flat_map(|secs| parts.map(|nanos| Duration::new(secs, nanos)));
        for now in times.clone() {
            for then in times.clone() {
                assert_eq!(since(now, then), now.saturating_sub(then), "{now:?} {then:?}");
            }
        }
    }
}
