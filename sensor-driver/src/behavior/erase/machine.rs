//! The state machine of erasing.

use core::time::Duration;

use super::super::procedure::{Procedure, Step, until};
use super::super::stopwatch::Stopwatch;
use super::super::time::{later, since};
use super::{EraseConfig, EraseProgress, Erased, NotErased};
use crate::person_sensor::{Command, Faces, Identity, Mode};

/// What is done now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
enum Phase {
    /// To continuous mode, as far as the sensor is not in it.
    SetMode,
    /// Recognition on: without it nobody is recognised, erased or not.
    SetId,
    /// Nothing is sent; who is recognised?
    Before,
    Erase,
    /// Looking for somebody who is recognised no longer.
    Check,
}

/// The procedure that erases all ids. See the [table](Step) of how to run it;
/// [`PersonSensor::erase_and_verify`](crate::PersonSensor::erase_and_verify) does all of it.
///
/// ```
/// use mlsensor::behavior::{Enroll, Erase};
/// use mlsensor::{PersonId, PersonSensor};
/// # use mlsensor_sim::{Person, SimBus, SimSensor};
/// # let (i2c, sim) = SimBus::with_sensor(SimSensor::new());
/// # sim.set_scene([Person::at(0.8, 0.0)]);
/// # let mut delay = i2c.delay();
///
/// let mut sensor = PersonSensor::new(i2c);
/// sensor.enroll(&mut delay, Enroll::new(PersonId::new(3)?), |_| ())?;
/// let erased = sensor.erase_and_verify(&mut delay, Erase::default(), |progress| println!("{progress}"))?;
/// assert!(erased.was_recognised && erased.is_verified);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Erase {
    config: EraseConfig,
    stopwatch: Stopwatch,
    phase: Phase,
    /// All times below are the stopwatch's.
    phase_began: Duration,
    /// The next step is not due before.
    due: Duration,
    /// The latest reading, or the end of the time in which none was to be expected.
    last_reading: Duration,
    commands_sent: u8,
    checked: u8,
    recognised: u8,
    was_recognised: bool,
    progress: EraseProgress,
    outcome: Option<Result<Erased, NotErased>>,
}

impl Default for Erase {
    fn default() -> Self {
        Erase::new(EraseConfig::DEFAULT)
    }
}

impl Erase {
    /// The procedure.
    #[must_use]
    pub const fn new(config: EraseConfig) -> Erase {
        Erase {
            config,
            stopwatch: Stopwatch::NEW,
            phase: Phase::SetMode,
            phase_began: Duration::ZERO,
            due: Duration::ZERO,
            last_reading: Duration::ZERO,
            commands_sent: 0,
            checked: 0,
            recognised: 0,
            was_recognised: false,
            progress: EraseProgress::Preparing,
            outcome: None,
        }
    }

    /// How it was configured.
    #[must_use]
    pub const fn config(&self) -> &EraseConfig {
        &self.config
    }

    /// What to tell the user now.
    #[must_use]
    pub const fn progress(&self) -> EraseProgress {
        self.progress
    }

    /// What to do at `now`, the time since any fixed moment. The first call begins the procedure.
    #[must_use]
    pub fn step(&mut self, now: Duration) -> Step<Result<Erased, NotErased>> {
        let (now, _) = self.stopwatch.pass(now);
        if let Some(outcome) = self.outcome {
            return Step::Over(outcome);
        }
        until(self.due, now).unwrap_or(match self.phase {
            Phase::SetMode => Step::Send(Command::Mode(Mode::Continuous)),
            Phase::SetId => Step::Send(Command::EnableId(true)),
            Phase::Erase => Step::Send(Command::EraseIds),
            Phase::Before | Phase::Check => Step::Read,
        })
    }

    /// The command of the latest [`Step::Send`] was sent, or that failed.
    pub fn sent(&mut self, now: Duration, is_ok: bool) {
        let (now, _) = self.stopwatch.pass(now);
        if self.outcome.is_some() {
            return;
        }
        match (self.phase, is_ok) {
            (Phase::SetMode, true) => self.phase = Phase::SetId,
            (Phase::SetId, true) => {
                self.phase = Phase::Before;
                (self.phase_began, self.last_reading) = (now, now);
            }
            (Phase::SetMode | Phase::SetId, false) => {
                self.due = later(now, self.config.reading_interval());
                self.keep_limits(now);
            }
            // A command whose transfer failed may have arrived, and is checked like any other.
            (Phase::Erase, _) => {
                self.commands_sent = self.commands_sent.saturating_add(1);
                self.phase = Phase::Check;
                self.due = later(now, self.config.after);
                self.phase_began = self.due;
                self.last_reading = self.due;
                (self.checked, self.recognised) = (0, 0);
                self.progress = EraseProgress::Erasing;
            }
            (Phase::Before | Phase::Check, _) => {}
        }
    }

    /// A read was done, or it failed: `sensor.read().as_ref().ok()`. Readings that were not asked for are ignored.
    pub fn update(&mut self, now: Duration, reading: Option<&Faces>) {
        let (now, _) = self.stopwatch.pass(now);
        let is_asked_for = matches!(self.phase, Phase::Before | Phase::Check) && now >= self.due;
        if self.outcome.is_some() || !is_asked_for {
            return;
        }
        self.due = later(now, self.config.reading_interval());
        match reading {
            Some(faces) => {
                self.last_reading = now;
                match self.phase {
                    Phase::Check => self.check(now, faces),
                    _ => self.prepare(now, faces),
                }
            }
            None => self.progress = EraseProgress::NoReading,
        }
        self.keep_limits(now);
    }

    fn prepare(&mut self, now: Duration, faces: &Faces) {
        self.progress = EraseProgress::Preparing;
        self.was_recognised |= recognised(faces).is_some();
        if since(now, self.phase_began) >= self.config.before {
            self.phase = Phase::Erase;
            self.due = now;
        }
    }

    fn check(&mut self, now: Duration, faces: &Faces) {
        if faces.is_empty() {
            self.progress = EraseProgress::NobodyInView;
        } else {
            self.checked = self.checked.saturating_add(1);
            self.progress = EraseProgress::Checking { checked: self.checked, of: self.config.verify_packets };
        }
        if let Some(identity) = recognised(faces) {
            self.recognised = self.recognised.saturating_add(1);
            if self.recognised > self.config.verify_recognised {
                if self.commands_sent < self.config.attempts_allowed() {
                    self.phase = Phase::Erase;
                    self.due = later(now, self.config.before);
                } else {
                    self.outcome = Some(Err(NotErased::StillKnown(identity.id())));
                }
                return;
            }
        }
        if self.checked >= self.config.verify_packets {
            self.succeed(self.config.verify_packets > 0);
        } else if since(now, self.phase_began) >= self.config.look_for {
            self.succeed(false);
        }
    }

    fn succeed(&mut self, is_verified: bool) {
        let &mut Erase { checked, was_recognised, commands_sent, .. } = self;
        self.outcome = Some(Ok(Erased { is_verified, checked, was_recognised, commands_sent }));
    }

    /// Gives up when there was no reading for too long.
    fn keep_limits(&mut self, now: Duration) {
        if self.outcome.is_none() && since(now, self.last_reading) >= self.config.longest_silence {
            self.outcome = Some(Err(NotErased::NoReading { commands_sent: self.commands_sent }));
        }
    }
}

/// Whoever is recognised.
fn recognised(faces: &Faces) -> Option<Identity> {
    faces.iter().find_map(|face| face.identity())
}

impl Procedure for Erase {
    type Outcome = Result<Erased, NotErased>;
    type Progress = EraseProgress;

    fn step(&mut self, now: Duration) -> Step<Self::Outcome> {
        Erase::step(self, now)
    }

    fn sent(&mut self, now: Duration, is_ok: bool) {
        Erase::sent(self, now, is_ok);
    }

    fn update(&mut self, now: Duration, reading: Option<&Faces>) {
        Erase::update(self, now, reading);
    }

    fn progress(&self) -> EraseProgress {
        Erase::progress(self)
    }
}
