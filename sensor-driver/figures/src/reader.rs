//! What says when to read next.

use std::time::Duration;

use mlsensor::Faces;
use mlsensor::behavior::{Cadence, Lock};

/// What says when to read next.
pub(crate) trait Reader {
    /// When the next read is due.
    fn next_read(&self) -> Duration;

    /// A read that began then is done.
    fn read_done(&mut self, begun: Duration, reading: Option<&Faces>);

    /// The presence pin changed.
    fn pin_changed(&mut self, _now: Duration) {}

    /// Whether it knows the sensor's beat.
    fn is_locked(&self) -> bool {
        false
    }
}

/// Reads again and again after the same time.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Timer {
    every: Duration,
    next: Duration,
}

impl Timer {
    /// Each `every`, for the first time at `first`.
    pub(crate) const fn new(every: Duration, first: Duration) -> Timer {
        Timer { every, next: first }
    }
}

impl Reader for Timer {
    fn next_read(&self) -> Duration {
        self.next
    }

    fn read_done(&mut self, _begun: Duration, _reading: Option<&Faces>) {
        self.next += self.every;
    }
}

impl Reader for Cadence {
    fn next_read(&self) -> Duration {
        Cadence::next_read(self)
    }

    fn read_done(&mut self, begun: Duration, reading: Option<&Faces>) {
        Cadence::read_done(self, begun, reading);
    }

    fn pin_changed(&mut self, now: Duration) {
        Cadence::pin_changed(self, now);
    }

    fn is_locked(&self) -> bool {
        self.lock() == Lock::Locked
    }
}
