//! How much time passed between calls.

use core::time::Duration;

use super::time::{later, since};

/// Adds up the time from call to call, so that a clock which is set back loses nothing but that one step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub(super) struct Stopwatch {
    /// The `now` of the latest call.
    latest: Option<Duration>,
    elapsed: Duration,
}

impl Stopwatch {
    /// Not begun: the first call is time zero.
    pub(super) const NEW: Stopwatch = Stopwatch { latest: None, elapsed: Duration::ZERO };

    /// It is `now`: the time since the first call, and how much of it is new.
    pub(super) fn pass(&mut self, now: Duration) -> (Duration, Duration) {
        let new = self.latest.map_or(Duration::ZERO, |latest| since(now, latest));
        self.latest = Some(now);
        self.elapsed = later(self.elapsed, new);
        (self.elapsed, new)
    }

    /// The time between the first call and the latest.
    pub(super) const fn elapsed(&self) -> Duration {
        self.elapsed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_that_goes_backward_is_no_time_and_goes_on_from_there() {
        let seconds = Duration::from_secs;
        let mut stopwatch = Stopwatch::NEW;
        let passed = [100, 103, 50, 51, 51].map(|now| stopwatch.pass(seconds(now)));
        let (elapsed, new): (Vec<_>, Vec<_>) = passed.into_iter().unzip();
        assert_eq!(elapsed, [0, 3, 3, 4, 4].map(seconds));
        assert_eq!(new, [0, 3, 0, 1, 0].map(seconds));
        assert_eq!(stopwatch.elapsed(), seconds(4));
    }
}
