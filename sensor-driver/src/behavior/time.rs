//! Time as an argument: how long ago, and in microseconds for arithmetic.
//!
//! The operators of `Duration` panic when they overflow, and the compiler does not always see that the saturating ones
//! cannot: the nanoseconds are cut here once more, so that it does.

use core::time::Duration;

const SECOND_NS: u32 = 1_000_000_000;

/// How long ago `then` was. What lies ahead was just now: time that goes backward counts as no time.
pub(super) const fn since(now: Duration, then: Duration) -> Duration {
    let (now_ns, then_ns) = (now.subsec_nanos(), then.subsec_nanos());
    let Some(secs) = now.as_secs().checked_sub(then.as_secs()) else { return Duration::ZERO };
    if now_ns >= then_ns {
        return duration(secs, now_ns.saturating_sub(then_ns));
    }
    match secs.checked_sub(1) {
        Some(secs) => duration(secs, now_ns.saturating_add(SECOND_NS).saturating_sub(then_ns)),
        None => Duration::ZERO,
    }
}

/// By how much the clock was set back between two calls; zero if it went on. A behaviour that keeps moments of the
/// caller's clock moves them by as much (`since(moment, by)`): else nothing would grow old until the clock is where it
/// was.
pub(super) fn set_back(updated: &mut Option<Duration>, now: Duration) -> Duration {
    updated.replace(now).map_or(Duration::ZERO, |updated| since(updated, now))
}

/// The moment this much later; the end of time at most.
pub(super) const fn later(now: Duration, by: Duration) -> Duration {
    let nanos = now.subsec_nanos().saturating_add(by.subsec_nanos());
    let (carried, nanos) = if nanos >= SECOND_NS { (1, nanos.saturating_sub(SECOND_NS)) } else { (0, nanos) };
    match now.as_secs().checked_add(by.as_secs()) {
        Some(secs) => match secs.checked_add(carried) {
            Some(secs) => duration(secs, nanos),
            None => Duration::MAX,
        },
        None => Duration::MAX,
    }
}

/// A duration in milliseconds, without the division in 64 bits of the standard library's.
pub(super) const fn millis(ms: u32) -> Duration {
    duration((ms / 1000) as u64, (ms % 1000).saturating_mul(1_000_000))
}

/// So many times as long; the end of time at most.
pub(super) const fn times(duration: Duration, times: u16) -> Duration {
    let mut sum = Duration::ZERO;
    let mut left = times;
    while left > 0 {
        (sum, left) = (later(sum, duration), left.saturating_sub(1));
    }
    sum
}

/// The longer one. (`Ord::max` is not const.)
pub(super) const fn longer(one: Duration, other: Duration) -> Duration {
    if since(other, one).is_zero() { one } else { other }
}

/// `nanos` is less than a second.
const fn duration(secs: u64, nanos: u32) -> Duration {
    Duration::new(secs, if nanos < SECOND_NS { nanos } else { SECOND_NS.saturating_sub(1) })
}

/// Whole microseconds; 292 thousand years and more are the same.
pub(super) const fn micros(duration: Duration) -> i64 {
    let micros = duration.as_secs().saturating_mul(1_000_000).saturating_add(duration.subsec_micros() as u64);
    if micros > i64::MAX as u64 { i64::MAX } else { micros as i64 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn any_time() -> impl Strategy<Value = Duration> {
        let secs = prop_oneof![0..3_u64, any::<u64>(), Just(u64::MAX)];
        (secs, 0..SECOND_NS).prop_map(|(secs, nanos)| Duration::new(secs, nanos))
    }

    proptest! {
        #[test]
        fn it_is_the_arithmetic_of_the_standard_library(a in any_time(), b in any_time()) {
            prop_assert_eq!(since(a, b), a.saturating_sub(b));
            prop_assert_eq!(later(a, b), a.saturating_add(b));
            prop_assert_eq!(longer(a, b), a.max(b));
            prop_assert_eq!(times(a, 3), a.saturating_mul(3));
            prop_assert_eq!(millis(b.subsec_nanos()), Duration::from_millis(b.subsec_nanos().into()));
            prop_assert_eq!(i128::from(micros(a)), a.as_micros().min(i64::MAX as u128) as i128);
        }
    }
}
