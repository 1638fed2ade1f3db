//! Where time comes from: the simulator, a recording, or the system.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use embedded_hal::delay::DelayNs;
use mlsensor_sim::SimBus;

use super::Stop;

/// The time of a source, from its start. Waiting ends when the program is to end.
#[derive(Debug)]
pub struct Clock {
    time: Time,
    /// How many seconds of what is not real pass in a second. `None`: it passes at once.
    speed: Option<f64>,
    /// Which moment then was which.
    begin: Option<(Instant, Duration)>,
    stop: Stop,
}

/// What passes.
#[derive(Debug)]
pub(super) enum Time {
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
    pub(super) fn new(time: Time, speed: Option<f64>, stop: Stop) -> Clock {
        Clock { time, speed: speed.map(limited), begin: None, stop }
    }

    /// The time of the system, from now on: for what is on a bus that was opened otherwise.
    #[must_use]
    pub fn of_system(stop: Stop) -> Clock {
        #[cfg(target_os = "linux")]
        return Clock::new(Time::Real { begin: Instant::now() }, None, stop);
        // There is no bus of the system, so nobody waits for it: a recording that has ended.
        #[cfg(not(target_os = "linux"))]
        return Clock::new(Time::Recorded { times: VecDeque::new(), has_begun: true }, None, stop);
    }

    /// Lets time that is not real pass at this speed from now on: 1.0 as for the user, 2.0 twice as fast. It is held to
    /// 0.001..=1000.
    pub fn set_speed(&mut self, speed: f64) {
        self.speed = Some(limited(speed));
        self.begin = None;
    }

    /// Lets time pass as it does for the user from now on, unless it passes at some speed already.
    pub fn live_from_now_on(&mut self) {
        self.speed.get_or_insert(1.0);
    }

    /// Whether time passes as for the user: then what the user types comes at the right time.
    #[must_use]
    pub const fn is_live(&self) -> bool {
        self.is_real() || self.speed.is_some()
    }

    /// How many seconds of what is not real pass in a second; `None` if they pass at once, or time is real.
    #[must_use]
    pub const fn speed(&self) -> Option<f64> {
        if self.is_real() { None } else { self.speed }
    }

    /// Whether it is the system's.
    #[must_use]
    pub const fn is_real(&self) -> bool {
        !matches!(self.time, Time::Simulated { .. } | Time::Recorded { .. })
    }

    /// Whether it is that of a recording.
    #[must_use]
    pub const fn is_recorded(&self) -> bool {
        matches!(self.time, Time::Recorded { .. })
    }

    /// What ends the waits.
    #[must_use]
    pub const fn stop(&self) -> &Stop {
        &self.stop
    }

    /// The time since the start; of a recording, when its next read was made.
    #[must_use]
    pub fn now(&self) -> Duration {
        match &self.time {
            Time::Simulated { bus, .. } => bus.now(),
            Time::Recorded { times, .. } => times.front().copied().unwrap_or_default(),
            #[cfg(target_os = "linux")]
            Time::Real { begin } => begin.elapsed(),
        }
    }

    /// When the next reading is due, which a program wants at `due`: of a recording, at its time in there. `None` at the end
    /// of the recording.
    #[must_use]
    pub fn due(&self, due: Duration) -> Option<Duration> {
        match &self.time {
            Time::Recorded { times, .. } => times.front().copied(),
            _ => Some(due),
        }
    }

    /// The clock of a recording may begin with any date: before its first reading no moment is known.
    #[must_use]
    pub const fn has_begun(&self) -> bool {
        !matches!(self.time, Time::Recorded { has_begun: false, .. })
    }

    /// The reading that was due has been made.
    pub fn reading_done(&mut self) {
        if let Time::Recorded { times, has_begun } = &mut self.time {
            *has_begun = true;
            times.pop_front();
        }
    }

    /// When the scene ends, if that is known.
    #[must_use]
    pub const fn end(&self) -> Option<Duration> {
        match self.time {
            Time::Simulated { duration, .. } => Some(duration),
            _ => None,
        }
    }

    /// Waits until a moment; `None` if it lies behind the end.
    pub fn pass_until(&mut self, moment: Duration) -> Option<()> {
        match &self.time {
            Time::Simulated { bus, duration } => {
                bus.advance(moment.saturating_sub(bus.now()));
                (moment <= *duration).then_some(())?;
            }
            Time::Recorded { .. } => {}
            #[cfg(target_os = "linux")]
            Time::Real { begin } => {
                self.stop.wait_until(later(*begin, moment));
                return Some(());
            }
        }
        if let Some(speed) = self.speed {
            let (begin, first) = *self.begin.get_or_insert_with(|| (Instant::now(), moment));
            self.stop.wait_until(later(begin, real(moment.saturating_sub(first), speed)));
        }
        Some(())
    }

    /// Lets simulated time catch up with that of the user, if it passes as for the user: as much as has passed since this
    /// was called first. For a program that does not wait here, but does something else in between.
    pub fn keep_up(&mut self) {
        self.keep_up_with(Instant::now());
    }

    /// The same, where the user's time is this.
    fn keep_up_with(&mut self, user: Instant) {
        let Some(speed) = self.speed else { return };
        let now = match &self.time {
            Time::Simulated { bus, .. } => bus.now(),
            Time::Recorded { times, .. } => times.front().copied().unwrap_or_default(),
            #[cfg(target_os = "linux")]
            Time::Real { .. } => return,
        };
        let (begin, first) = *self.begin.get_or_insert((user, now));
        if let Time::Simulated { bus, .. } = &self.time {
            let real = user.saturating_duration_since(begin);
            let passed = Duration::try_from_secs_f64(real.as_secs_f64() * speed);
            let moment = first.saturating_add(passed.unwrap_or(Duration::MAX));
            bus.advance(moment.saturating_sub(now));
        }
    }

    /// When in real time a moment comes; `None` if it need not be waited for, since time passes at once or it has come.
    /// What is simulated at some speed is to [keep up](Self::keep_up) afterwards.
    #[must_use]
    pub fn comes_at(&self, moment: Duration) -> Option<Instant> {
        let at = match (&self.time, self.speed, self.begin) {
            #[cfg(target_os = "linux")]
            (Time::Real { begin }, ..) => later(*begin, moment),
            (_, Some(speed), Some((begin, first))) => later(begin, real(moment.saturating_sub(first), speed)),
            _ => return None,
        };
        (at > Instant::now()).then_some(at)
    }

    /// What lets time pass here, for procedures that wait.
    #[must_use]
    pub fn delay(&self) -> AnyDelay {
        let (simulated, begin) = match &self.time {
            Time::Simulated { bus, .. } => (Some(bus.clone()), Instant::now()),
            Time::Recorded { .. } => (None, Instant::now()),
            #[cfg(target_os = "linux")]
            Time::Real { begin } => (None, *begin),
        };
        let speed = if self.is_real() { Some(1.0) } else { self.speed };
        AnyDelay { simulated, begin, speed, stop: self.stop.clone() }
    }
}

/// A speed that a clock can have. One that is no number is 1.
fn limited(speed: f64) -> f64 {
    if speed.is_nan() { 1.0 } else { speed.clamp(0.001, 1000.0) }
}

/// How long something takes at a speed, which is limited.
fn real(simulated: Duration, speed: f64) -> Duration {
    Duration::try_from_secs_f64(simulated.as_secs_f64() / speed).unwrap_or(Duration::MAX)
}

/// A later moment; one that no clock will show is a century away.
fn later(begin: Instant, after: Duration) -> Instant {
    const CENTURY: Duration = Duration::from_secs(100 * 365 * 24 * 60 * 60);
    begin.checked_add(after.min(CENTURY)).unwrap_or(begin)
}

/// Waits as the source lets time pass: a simulated one in virtual time, a real one in real time, until the program is to
/// end.
#[derive(Debug, Clone)]
pub struct AnyDelay {
    simulated: Option<SimBus>,
    begin: Instant,
    speed: Option<f64>,
    stop: Stop,
}

impl AnyDelay {
    /// The time from the start.
    #[must_use]
    pub fn now(&self) -> Duration {
        self.simulated.as_ref().map_or_else(|| self.begin.elapsed(), SimBus::now)
    }

    /// Waits.
    pub fn wait(&mut self, time: Duration) {
        if let Some(bus) = &self.simulated {
            bus.advance(time);
        }
        if let Some(speed) = self.speed {
            self.stop.wait_until(later(Instant::now(), real(time, speed)));
        }
    }
}

impl DelayNs for AnyDelay {
    fn delay_ns(&mut self, ns: u32) {
        self.wait(Duration::from_nanos(ns.into()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const S: Duration = Duration::from_secs(1);

    fn simulated(speed: Option<f64>) -> (Clock, Stop) {
        let stop = Stop::new();
        (Clock::new(Time::Simulated { bus: SimBus::new(), duration: 10 * S }, speed, stop.clone()), stop)
    }

    #[test]
    fn simulated_time_passes_at_once_up_to_the_end() {
        let (mut clock, _) = simulated(None);
        assert_eq!((clock.pass_until(10 * S), clock.now()), (Some(()), 10 * S));
        assert_eq!(clock.pass_until(11 * S), None);
        assert_eq!(clock.end(), Some(10 * S));
        assert!(!clock.is_live() && !clock.is_real());
    }

    /// At a thousandth of the speed this would take hours.
    #[test]
    fn a_wait_of_real_time_ends_when_the_program_is_to_end() {
        let (mut clock, stop) = simulated(Some(0.001));
        assert!(clock.is_live());
        stop.request();
        clock.pass_until(S);
        clock.pass_until(9 * S);
        clock.delay().delay_ms(60_000);
        assert_eq!(clock.now(), 69 * S);
    }

    #[test]
    fn a_program_that_waits_elsewhere_finds_the_time_that_has_passed() {
        let (mut clock, _) = simulated(Some(2.0));
        let begin = Instant::now();
        for (real, simulated) in [(0, 0), (1, 2), (1, 2), (4, 8), (0, 8)] {
            clock.keep_up_with(begin + real * S);
            assert_eq!(clock.now(), simulated * S);
        }
        let far = clock.comes_at(clock.now() + 3600 * S);
        assert!(far.is_some_and(|at| at > Instant::now()));
        assert_eq!(clock.comes_at(Duration::ZERO), None);
        assert_eq!(simulated(None).0.comes_at(S), None);
    }

    #[test]
    fn a_speed_is_what_the_wait_is_divided_by_and_no_speed_overflows() {
        assert_eq!(real(10 * S, 2.0), 5 * S);
        assert_eq!(real(10 * S, 0.5), 20 * S);
        assert_eq!([0.0, -1.0, 1e9, f64::NAN].map(limited), [0.001, 0.001, 1000.0, 1.0]);
        for after in [Duration::MAX, real(Duration::MAX, limited(0.0))] {
            assert!(later(Instant::now(), after) > Instant::now());
        }
    }

    #[test]
    fn a_recording_says_itself_when_its_readings_are_due() {
        let times = [3 * S, 5 * S].into();
        let mut clock = Clock::new(Time::Recorded { times, has_begun: false }, None, Stop::new());
        assert!(!clock.has_begun());
        assert_eq!((clock.due(S), clock.now()), (Some(3 * S), 3 * S));
        clock.reading_done();
        assert!(clock.has_begun());
        assert_eq!(clock.due(S), Some(5 * S));
        clock.reading_done();
        assert_eq!(clock.due(S), None);
    }
}
