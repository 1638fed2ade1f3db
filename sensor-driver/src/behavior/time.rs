//! Time as an argument: how long ago, and in microseconds for arithmetic.

use core::time::Duration;

/// How long ago `then` was. What lies ahead was just now: time that goes backward counts as no time.
pub(super) const fn since(now: Duration, then: Duration) -> Duration {
    now.saturating_sub(then)
}

/// Whole microseconds; 292 thousand years and more are the same.
pub(super) const fn micros(duration: Duration) -> i64 {
    let micros = duration.as_secs().saturating_mul(1_000_000).saturating_add(duration.subsec_micros() as u64);
    if micros > i64::MAX as u64 { i64::MAX } else { micros as i64 }
}
