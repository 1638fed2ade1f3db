//! The only clock: simulated time that passes as real time does, or faster, or slower.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Where simulated time comes from.
pub trait Clock: Send {
    /// The simulated time since the beginning.
    fn now(&self) -> Duration;

    /// How long it really takes until so much simulated time has passed.
    fn real(&self, simulated: Duration) -> Duration;
}

/// Simulated time that passes at the speed of real time, times a factor.
#[derive(Debug, Clone, Copy)]
pub struct RealTime {
    begin: Instant,
    speed: f64,
}

impl RealTime {
    /// The slowest and the fastest.
    pub const SPEEDS: std::ops::RangeInclusive<f64> = 0.001..=1000.0;

    /// Begins now. A speed of 2 lets two simulated seconds pass in a second. One outside of [`SPEEDS`](Self::SPEEDS) is
    /// taken for the nearest within, and what is no number for 1.
    #[must_use]
    pub fn new(speed: f64) -> RealTime {
        let speed = if speed.is_nan() { 1.0 } else { speed };
        RealTime { begin: Instant::now(), speed: speed.clamp(*Self::SPEEDS.start(), *Self::SPEEDS.end()) }
    }
}

/// A length of time, times a factor; the longest there is, if it would be longer.
fn scaled(time: Duration, factor: f64) -> Duration {
    if factor == 1.0 {
        return time;
    }
    Duration::try_from_secs_f64(time.as_secs_f64() * factor).unwrap_or(Duration::MAX)
}

impl Clock for RealTime {
    fn now(&self) -> Duration {
        scaled(self.begin.elapsed(), self.speed)
    }

    fn real(&self, simulated: Duration) -> Duration {
        scaled(simulated, self.speed.recip())
    }
}

/// Simulated time that passes when a test says so. Clones are handles of the same clock.
#[derive(Debug, Clone, Default)]
pub struct ManualTime {
    now: Arc<Mutex<Duration>>,
}

impl ManualTime {
    /// At the beginning.
    #[must_use]
    pub fn new() -> ManualTime {
        ManualTime::default()
    }

    /// Lets time pass.
    pub fn advance(&self, by: Duration) {
        let mut now = self.now.lock().unwrap_or_else(PoisonError::into_inner);
        *now = now.saturating_add(by);
    }
}

impl Clock for ManualTime {
    fn now(&self) -> Duration {
        *self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn real(&self, simulated: Duration) -> Duration {
        simulated
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_speed_makes_simulated_time_of_real_time_and_back() {
        let clock = RealTime::new(4.0);
        assert_eq!(clock.real(Duration::from_secs(8)), Duration::from_secs(2));
        let real = clock.begin.elapsed();
        let simulated = clock.now();
        assert!(simulated >= real * 4, "{simulated:?} in {real:?}");
        assert!(simulated <= clock.begin.elapsed() * 4);
        assert_eq!(RealTime::new(0.5).real(Duration::from_secs(8)), Duration::from_secs(16));
    }

    #[test]
    fn no_speed_and_no_time_is_too_great() {
        assert_eq!(RealTime::new(0.0).speed, 0.001);
        assert_eq!(RealTime::new(f64::INFINITY).speed, 1000.0);
        assert_eq!(RealTime::new(f64::NAN).speed, 1.0);
        assert_eq!(RealTime::new(0.001).real(Duration::MAX), Duration::MAX);
    }

    #[test]
    fn time_by_hand_is_the_same_for_all_handles() {
        let clock = ManualTime::new();
        let other = clock.clone();
        clock.advance(Duration::from_millis(7));
        assert_eq!(other.now(), Duration::from_millis(7));
        other.advance(Duration::MAX);
        assert_eq!(clock.now(), Duration::MAX);
    }
}
