//! The only clock: simulated time that passes as real time does, or faster, or slower.

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
    /// Begins now. A speed of 2 lets two simulated seconds pass in a second.
    #[must_use]
    pub fn new(speed: f64) -> RealTime {
        RealTime { begin: Instant::now(), speed: speed.clamp(0.001, 1000.0) }
    }
}

impl Clock for RealTime {
    fn now(&self) -> Duration {
        self.begin.elapsed().mul_f64(self.speed)
    }

    fn real(&self, simulated: Duration) -> Duration {
        simulated.div_f64(self.speed)
    }
}
