//! Where time comes from: the simulator, a recording, or the system.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use mlsensor_sim::SimBus;

use crate::any_bus::AnyDelay;
use crate::stop::Stop;

/// The time of a source, from its start. Waiting ends when the program is to end.
pub(crate) struct Clock {
    time: Time,
    /// Whether what is not real is to take its time, and which moment then is which.
    realtime: bool,
    begin: Option<(Instant, Duration)>,
    stop: Stop,
}

/// What passes.
pub(crate) enum Time {
    Simulated {
        bus: SimBus,
        duration: Duration,
    },
    /// When the reads of a recording were made: those that are still to come.
    Recorded {
        times: VecDeque<Duration>,
        has_begun: bool,
    },
    #[cfg(target_os = "linux")]
    Real {
        begin: Instant,
    },
}

impl Clock {
    pub(crate) const fn new(time: Time, realtime: bool, stop: Stop) -> Clock {
        Clock { time, realtime, begin: None, stop }
    }

    /// Lets time pass as it does for the user from now on.
    pub(crate) fn live_from_now_on(&mut self) {
        self.realtime = true;
    }

    /// Whether time passes as for the user: then what the user types comes at the right time.
    pub(crate) fn is_live(&self) -> bool {
        match self.time {
            Time::Simulated { .. } | Time::Recorded { .. } => self.realtime,
            #[cfg(target_os = "linux")]
            Time::Real { .. } => true,
        }
    }

    /// Whether it is the system's.
    pub(crate) const fn is_real(&self) -> bool {
        !matches!(self.time, Time::Simulated { .. } | Time::Recorded { .. })
    }

    pub(crate) fn now(&self) -> Duration {
        match &self.time {
            Time::Simulated { bus, .. } => bus.now(),
            Time::Recorded { times, .. } => times.front().copied().unwrap_or_default(),
            #[cfg(target_os = "linux")]
            Time::Real { begin } => begin.elapsed(),
        }
    }

    /// When the next reading is due, if that is not for the program to say: at its time in the recording. `None` at the
    /// end of the recording.
    pub(crate) fn due(&self, due: Duration) -> Option<Duration> {
        match &self.time {
            Time::Recorded { times, .. } => times.front().copied(),
            _ => Some(due),
        }
    }

    /// The clock of a recording may begin with any date: before its first reading no moment is known.
    pub(crate) fn has_begun(&self) -> bool {
        !matches!(self.time, Time::Recorded { has_begun: false, .. })
    }

    /// The reading that was due has been made.
    pub(crate) fn reading_done(&mut self) {
        if let Time::Recorded { times, has_begun } = &mut self.time {
            *has_begun = true;
            times.pop_front();
        }
    }

    /// When the scene ends, if that is known.
    pub(crate) const fn end(&self) -> Option<Duration> {
        match self.time {
            Time::Simulated { duration, .. } => Some(duration),
            _ => None,
        }
    }

    /// Waits until a moment; `None` if it lies behind the end.
    pub(crate) fn pass_until(&mut self, moment: Duration) -> Option<()> {
        match &self.time {
            Time::Simulated { bus, duration } => {
                bus.advance(moment.saturating_sub(bus.now()));
                (moment <= *duration).then_some(())?;
            }
            Time::Recorded { .. } => {}
            #[cfg(target_os = "linux")]
            Time::Real { begin } => {
                self.stop.wait_until(*begin + moment);
                return Some(());
            }
        }
        if self.realtime {
            let (begin, first) = *self.begin.get_or_insert_with(|| (Instant::now(), moment));
            self.stop.wait_until(begin + moment.saturating_sub(first));
        }
        Some(())
    }

    /// What lets time pass here.
    pub(crate) fn delay(&self) -> AnyDelay {
        let (simulated, begin) = match &self.time {
            Time::Simulated { bus, .. } => (Some(bus.clone()), Instant::now()),
            Time::Recorded { .. } => (None, Instant::now()),
            #[cfg(target_os = "linux")]
            Time::Real { begin } => (None, *begin),
        };
        AnyDelay { simulated, begin, is_real: self.is_live(), stop: self.stop.clone() }
    }
}
