//! The only clock: simulated time that passes as real time does, or faster, or slower.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use rustix::time::{ClockId, Timespec, clock_gettime};

/// What the clocks of programs show at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    /// `CLOCK_MONOTONIC`.
    pub monotonic: Duration,
    /// `CLOCK_REALTIME`.
    pub realtime: Duration,
}

impl Stamp {
    /// What they show so much later.
    #[must_use]
    pub fn after(self, by: Duration) -> Stamp {
        let Stamp { monotonic, realtime } = self;
        Stamp { monotonic: monotonic.saturating_add(by), realtime: realtime.saturating_add(by) }
    }
}

/// Where simulated time comes from.
pub trait Clock: Send {
    /// The simulated time since the beginning.
    fn now(&self) -> Duration;

    /// How long it really takes until so much simulated time has passed.
    fn real(&self, simulated: Duration) -> Duration;

    /// What the clocks of programs show at a moment of simulated time: unless told otherwise, how much time has really
    /// passed.
    fn stamp(&self, simulated: Duration) -> Stamp {
        let real = self.real(simulated);
        Stamp { monotonic: real, realtime: real }
    }
}

/// Simulated time that passes at the speed of real time, times a factor.
#[derive(Debug, Clone, Copy)]
pub struct RealTime {
    begin: Instant,
    /// `begin`, as programs see it.
    begin_monotonic: Duration,
    speed: f64,
}

impl RealTime {
    /// The slowest and the fastest.
    pub const SPEEDS: std::ops::RangeInclusive<f64> = 0.001..=1000.0;

    /// Begins now. A speed of 2 lets two simulated seconds pass in a second. One outside of [`SPEEDS`](Self::SPEEDS) is
    /// taken for the nearest within, and what is no number for 1.
    #[must_use]
    pub fn new(speed: f64) -> RealTime {
        let begin_monotonic = duration(clock_gettime(ClockId::Monotonic));
        let speed = if speed.is_nan() { 1.0 } else { speed };
        let speed = speed.clamp(*Self::SPEEDS.start(), *Self::SPEEDS.end());
        RealTime { begin: Instant::now(), begin_monotonic, speed }
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

    fn stamp(&self, simulated: Duration) -> Stamp {
        let monotonic = self.begin_monotonic.saturating_add(self.real(simulated));
        // The two may drift apart while the program runs: what counts is how far they are apart now.
        let apart = duration(clock_gettime(ClockId::Realtime))
            .saturating_sub(duration(clock_gettime(ClockId::Monotonic)));
        Stamp { monotonic, realtime: monotonic.saturating_add(apart) }
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

    fn stamp(&self, simulated: Duration) -> Stamp {
        Stamp { monotonic: simulated, realtime: simulated }
    }
}

/// Clocks of a machine that is up show no time before their beginning.
fn duration(time: Timespec) -> Duration {
    Duration::new(u64::try_from(time.tv_sec).unwrap_or(0), u32::try_from(time.tv_nsec).unwrap_or(0))
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
