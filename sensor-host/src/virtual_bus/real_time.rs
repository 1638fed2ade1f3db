//! The only clock: simulated time that passes as real time does, or faster, or slower.

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
    /// Begins now. A speed of 2 lets two simulated seconds pass in a second.
    #[must_use]
    pub fn new(speed: f64) -> RealTime {
        let begin_monotonic = duration(clock_gettime(ClockId::Monotonic));
        RealTime { begin: Instant::now(), begin_monotonic, speed: speed.clamp(0.001, 1000.0) }
    }
}

impl Clock for RealTime {
    fn now(&self) -> Duration {
        self.begin.elapsed().mul_f64(self.speed)
    }

    fn real(&self, simulated: Duration) -> Duration {
        simulated.div_f64(self.speed)
    }

    fn stamp(&self, simulated: Duration) -> Stamp {
        let monotonic = self.begin_monotonic.saturating_add(self.real(simulated));
        // The two may drift apart while the program runs: what counts is how far they are apart now.
        let apart = duration(clock_gettime(ClockId::Realtime))
            .saturating_sub(duration(clock_gettime(ClockId::Monotonic)));
        Stamp { monotonic, realtime: monotonic.saturating_add(apart) }
    }
}

/// Clocks of a machine that is up show no time before their beginning.
fn duration(time: Timespec) -> Duration {
    Duration::new(u64::try_from(time.tv_sec).unwrap_or(0), u32::try_from(time.tv_nsec).unwrap_or(0))
}
