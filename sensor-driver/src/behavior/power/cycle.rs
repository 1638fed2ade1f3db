//! The duty cycle.

use core::time::Duration;

use super::super::stopwatch::Stopwatch;
use super::super::streak::{Streak, Tolerance};
use super::super::time::{later, micros, since};
use super::{CurrentEstimate, CurrentFigures, PowerConfig};
use crate::person_sensor::{Command, Faces, Mode};

/// What to do now. Ask, do it, report, ask again. To ask twice does no harm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum PowerStep {
    /// Send this command now, and report to [`Power::sent`].
    Send(Command),
    /// Read now, and report to [`Power::update`], and to whatever behaviour tells you who is there.
    Read,
    /// Nothing to do for this long: the host may sleep as well. Never zero.
    Wait(Duration),
}

/// Where in the cycle it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
enum Phase {
    ToStandby,
    Trigger,
    /// A shot is under way.
    Shot,
    ToContinuous,
    Awake,
}

/// The duty cycle of a sensor: single shots while nobody is there, continuous mode from a face until nobody was seen
/// for a while. It says when the sensor is awake, and **not** whether somebody is there: feed another behaviour with
/// its readings.
///
/// ```
/// use mlsensor::PersonSensor;
/// use mlsensor::behavior::{Power, PowerStep};
/// # use mlsensor_sim::{Person, SimBus, SimSensor};
/// # let (i2c, sim) = SimBus::with_sensor(SimSensor::new());
/// # let bus = i2c.clone();
///
/// let mut sensor = PersonSensor::new(i2c);
/// let mut power = Power::default();
/// # sim.set_scene([Person::at(2.0, 0.0)]);
/// while !power.is_awake() {
///     let now = bus.now(); // your clock
///     match power.step(now) {
///         PowerStep::Send(command) => power.sent(now, sensor.send(command).is_ok()),
///         PowerStep::Read => {
///             let reading = sensor.read();
///             power.update(now, reading.as_ref().ok());
///             // and to the behaviour that says who is there
///         }
///         PowerStep::Wait(wait) => bus.advance(wait), // your sleep
///     }
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Power {
    config: PowerConfig,
    stopwatch: Stopwatch,
    phase: Phase,
    /// All times below are the stopwatch's. The next step is not due before.
    due: Duration,
    triggered_at: Duration,
    seen: Streak,
    /// In continuous mode so far, as far as the sensor did what it was told.
    continuous: Duration,
    /// Whether the sensor is taken to be in continuous mode.
    is_continuous: bool,
    shots: u32,
}

impl Default for Power {
    fn default() -> Self {
        Power::new(PowerConfig::DEFAULT)
    }
}

impl Power {
    /// A duty cycle. It begins by sending the sensor to standby.
    #[must_use]
    pub const fn new(config: PowerConfig) -> Power {
        Power {
            config,
            stopwatch: Stopwatch::NEW,
            phase: Phase::ToStandby,
            due: Duration::ZERO,
            triggered_at: Duration::ZERO,
            seen: Streak::NONE,
            continuous: Duration::ZERO,
            is_continuous: true, // as it powers on
            shots: 0,
        }
    }

    /// Whether a face has woken the sensor. **It says nothing about who is there**: a false face wakes it too, for a
    /// second or two.
    #[must_use]
    pub const fn is_awake(&self) -> bool {
        matches!(self.phase, Phase::ToContinuous | Phase::Awake)
    }

    /// The mode in which the sensor should be now: for the [`Config`](crate::Config) of one that came back.
    #[must_use]
    pub const fn mode(&self) -> Mode {
        if self.is_awake() { Mode::Continuous } else { Mode::Standby }
    }

    /// How many single shots were triggered.
    #[must_use]
    pub const fn shots(&self) -> u32 {
        self.shots
    }

    /// The settings.
    #[must_use]
    pub const fn config(&self) -> &PowerConfig {
        &self.config
    }

    /// What to do at `now`, the time since any fixed moment.
    #[must_use]
    pub fn step(&mut self, now: Duration) -> PowerStep {
        let now = self.pass(now);
        let left = since(self.due, now);
        if !left.is_zero() {
            return PowerStep::Wait(left);
        }
        match self.phase {
            Phase::ToStandby => PowerStep::Send(Command::Mode(Mode::Standby)),
            Phase::Trigger => PowerStep::Send(Command::SingleShot),
            Phase::ToContinuous => PowerStep::Send(Command::Mode(Mode::Continuous)),
            Phase::Shot | Phase::Awake => PowerStep::Read,
        }
    }

    /// The command of the latest [`PowerStep::Send`] was sent, or that failed. A command that failed is sent again with
    /// the next cycle, or the next reading.
    pub fn sent(&mut self, now: Duration, is_ok: bool) {
        let now = self.pass(now);
        match (self.phase, is_ok) {
            (Phase::ToStandby, true) => {
                self.phase = Phase::Trigger;
                self.is_continuous = false;
                // Awake for less than a period: the last reading showed nobody, and the next look comes when it is due.
                if self.shots > 0 {
                    self.due = later(self.triggered_at, self.config.cycle());
                }
            }
            (Phase::Trigger, true) => {
                self.phase = Phase::Shot;
                self.triggered_at = now;
                self.shots = self.shots.saturating_add(1);
                self.due = later(now, self.config.capture_wait);
            }
            (Phase::ToStandby | Phase::Trigger, false) => {
                self.phase = Phase::ToStandby;
                self.due = later(now, self.config.cycle());
            }
            (Phase::ToContinuous, true) => {
                self.phase = Phase::Awake;
                self.is_continuous = true;
                self.due = later(now, self.config.pace());
            }
            (Phase::ToContinuous, false) => self.due = later(now, self.config.pace()),
            (Phase::Shot | Phase::Awake, _) => {}
        }
    }

    /// A read was done, or it failed: `sensor.read().as_ref().ok()`. Readings that were not asked for are ignored: in
    /// standby they are old.
    pub fn update(&mut self, now: Duration, reading: Option<&Faces>) {
        let now = self.pass(now);
        if now < self.due {
            return;
        }
        let is_face = reading.map(|faces| self.config.gate.admitted(faces).next().is_some());
        match (self.phase, is_face) {
            (Phase::Shot, Some(true)) => {
                self.seen = Streak::NONE;
                self.sighted(now);
                self.phase = Phase::ToContinuous;
            }
            (Phase::Shot, Some(false) | None) => {
                self.phase = Phase::ToStandby;
                self.due = later(self.triggered_at, self.config.cycle());
            }
            (Phase::Awake, _) => {
                match is_face {
                    Some(true) => self.sighted(now),
                    Some(false) => self.missed(now),
                    None => {}
                }
                if self.phase == Phase::Awake {
                    self.due = later(now, self.config.pace());
                }
            }
            (Phase::ToStandby | Phase::Trigger | Phase::ToContinuous, _) => {}
        }
    }

    /// The average current up to the latest call of [`step`](Self::step), [`sent`](Self::sent) or
    /// [`update`](Self::update). An estimate: see [`CurrentFigures`].
    #[must_use]
    pub fn estimate(&self, figures: &CurrentFigures) -> CurrentEstimate {
        let shots_us = micros(figures.shot).saturating_mul(self.shots.into());
        let active_us = micros(self.continuous).saturating_add(shots_us);
        CurrentEstimate::of(figures, active_us, micros(self.stopwatch.elapsed()))
    }

    /// Nobody in a reading: back to sleep, once that has been so for long enough.
    fn missed(&mut self, now: Duration) {
        self.seen.missed();
        let is_false = self.seen.length() < self.config.confirm;
        let patience = if is_false { self.config.glance } else { self.config.stay_awake };
        if self.seen.last().is_none_or(|last| since(now, last) >= patience) {
            self.phase = Phase::ToStandby;
            self.due = now;
        }
    }

    fn sighted(&mut self, now: Duration) {
        // Until it sleeps again it is one stay, whatever the gaps.
        let tolerance = Tolerance { tolerated_gap: Duration::MAX, longest_pause: Duration::MAX };
        self.seen.sighted(now, tolerance);
    }

    fn pass(&mut self, now: Duration) -> Duration {
        let (now, new) = self.stopwatch.pass(now);
        if self.is_continuous {
            self.continuous = later(self.continuous, new);
        }
        now
    }
}
