//! The state machine of an enrolment.

use core::time::Duration;

use super::super::procedure::{Step, until};
use super::super::stopwatch::Stopwatch;
use super::super::streak::Streak;
use super::super::time::{later, since};
use super::place::Place;
use super::votes::Votes;
use super::{EnrollConfig, EnrollProgress, Enrolled, GaveUp, GaveUpReason};
use crate::person_sensor::{Command, Faces, Mode, PersonId};

/// What is done now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub(super) enum Phase {
    /// To continuous mode, as far as the sensor is not in it.
    SetMode,
    /// Recognition on.
    SetId,
    /// Guiding, and finding out who it is.
    Look,
    /// Recognition on, once more: a label would wait without it.
    Arm,
    Label,
    Verify,
}

/// The procedure that gives one id to one person. See the [table](Step) of how to run it;
/// [`PersonSensor::enroll`](crate::PersonSensor::enroll) does all of it.
///
/// The id goes to who is alone in front of the sensor, facing, near and still, from the beginning of the last attempt
/// to its end. Two people who change places in one spot faster than the sensor sees cannot be told apart. An id that
/// somebody else holds is overwritten: the sensor cannot be asked whether it is in use.
///
/// ```
/// use mlsensor::behavior::Enroll;
/// use mlsensor::{PersonId, PersonSensor};
/// # use mlsensor_sim::{Person, SimBus, SimSensor};
/// # let (i2c, sim) = SimBus::with_sensor(SimSensor::new());
/// # sim.set_scene([Person::at(0.8, 0.0)]);
/// # let mut delay = i2c.delay();
///
/// let mut sensor = PersonSensor::new(i2c);
/// let enroll = Enroll::new(PersonId::new(3)?);
/// let enrolled = sensor.enroll(&mut delay, enroll, |progress| println!("{progress}"))?;
/// assert_eq!((enrolled.id.get(), enrolled.labels_sent), (3, 1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Enroll {
    pub(super) id: PersonId,
    pub(super) config: EnrollConfig,
    stopwatch: Stopwatch,
    pub(super) phase: Phase,
    /// All times below are the stopwatch's.
    phase_began: Duration,
    /// The next step is not due before.
    pub(super) due: Duration,
    /// What was sent shows in readings from then on.
    pub(super) effect_at: Duration,
    /// The latest label has found a face by then, or was discarded.
    label_done_at: Duration,
    last_reading: Option<Duration>,
    /// Since when readings have been of nobody.
    empty_since: Option<Duration>,
    pub(super) place: Option<Place>,
    pub(super) steady: Streak,
    pub(super) votes: Votes,
    pub(super) is_doubtful: bool,
    pub(super) labels_sent: u8,
    pub(super) progress: EnrollProgress,
    outcome: Option<Result<Enrolled, GaveUp>>,
}

impl Enroll {
    /// The procedure for this id, with the default configuration.
    #[must_use]
    pub const fn new(id: PersonId) -> Enroll {
        Enroll::with_config(id, EnrollConfig::DEFAULT)
    }

    /// The procedure for this id.
    #[must_use]
    pub const fn with_config(id: PersonId, config: EnrollConfig) -> Enroll {
        Enroll {
            id,
            config,
            stopwatch: Stopwatch::NEW,
            phase: Phase::SetMode,
            phase_began: Duration::ZERO,
            due: Duration::ZERO,
            effect_at: Duration::ZERO,
            label_done_at: Duration::ZERO,
            last_reading: None,
            empty_since: None,
            place: None,
            steady: Streak::NONE,
            votes: Votes::NONE,
            is_doubtful: false,
            labels_sent: 0,
            progress: EnrollProgress::Preparing,
            outcome: None,
        }
    }

    /// The id that is given.
    #[must_use]
    pub const fn id(&self) -> PersonId {
        self.id
    }

    /// How it was configured.
    #[must_use]
    pub const fn config(&self) -> &EnrollConfig {
        &self.config
    }

    /// What to tell the user now.
    #[must_use]
    pub const fn progress(&self) -> EnrollProgress {
        self.progress
    }

    /// What to do at `now`, the time since any fixed moment. The first call begins the procedure.
    #[must_use]
    pub fn step(&mut self, now: Duration) -> Step<Result<Enrolled, GaveUp>> {
        let (now, _) = self.stopwatch.pass(now);
        let is_unwatched =
            self.last_reading.is_some_and(|last| since(now, last) > self.config.pause_allowed());
        if is_unwatched && matches!(self.phase, Phase::Arm | Phase::Label) {
            self.phase = Phase::Look; // the caller was busy: who is there now?
        }
        until(self.due, now).unwrap_or(match (self.outcome, self.phase) {
            (Some(outcome), _) => Step::Over(outcome),
            (None, Phase::SetMode) => Step::Send(Command::Mode(Mode::Continuous)),
            (None, Phase::SetId | Phase::Arm) => Step::Send(Command::EnableId(true)),
            (None, Phase::Label) => Step::Send(Command::LabelNextId(self.id)),
            (None, Phase::Look | Phase::Verify) => Step::Read,
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
                self.phase = Phase::Look;
                self.effect_at = later(now, self.config.label_wait);
            }
            (Phase::Arm, true) => self.phase = Phase::Label,
            (Phase::SetMode | Phase::SetId | Phase::Arm, false) => {
                if self.phase == Phase::Arm {
                    self.phase = Phase::Look;
                }
                self.due = later(now, self.config.reading_interval());
            }
            // A label whose transfer failed may have arrived.
            (Phase::Label, _) => {
                self.labels_sent = self.labels_sent.saturating_add(1);
                self.votes = Votes::NONE;
                self.phase = Phase::Verify;
                self.phase_began = now;
                self.effect_at = later(now, self.config.label_wait);
                self.label_done_at = self.effect_at;
                self.due = later(now, self.config.reading_interval());
                self.progress = EnrollProgress::Labelling { attempt: self.labels_sent };
            }
            (Phase::Look | Phase::Verify, _) => {}
        }
        self.keep_limits(now);
    }

    /// A read was done, or it failed: `sensor.read().as_ref().ok()`.
    pub fn update(&mut self, now: Duration, reading: Option<&Faces>) {
        let (now, _) = self.stopwatch.pass(now);
        if self.outcome.is_some() || matches!(self.phase, Phase::SetMode | Phase::SetId) {
            return;
        }
        if matches!(self.phase, Phase::Arm | Phase::Label) {
            self.phase = Phase::Look; // a reading that was not asked for counts as well
        }
        self.due = later(now, self.config.reading_interval());
        if let Some(faces) = reading {
            let is_watched =
                self.last_reading.is_none_or(|last| since(now, last) <= self.config.pause_allowed());
            self.last_reading = Some(now);
            if !is_watched {
                self.forget_who();
                self.empty_since = None;
            }
            self.empty_since = faces.is_empty().then(|| self.empty_since.unwrap_or(now));
            let hindrance = self.hindrance(faces);
            let only = if let [face] = faces.as_slice() { Some(*face) } else { None };
            match self.phase {
                Phase::Verify => self.verify(now, only, hindrance),
                _ => self.look(now, only, hindrance),
            }
            let is_away = self.empty_since.is_some_and(|began| since(now, began) >= self.config.away);
            if is_away && self.labels_sent > 0 && self.outcome.is_none() {
                self.give_up(now, GaveUpReason::Left);
            }
        }
        self.keep_limits(now);
    }

    /// From the settings on: the sensor may have lost them.
    pub(super) fn begin_again(&mut self, now: Duration) {
        self.forget_who();
        self.phase = Phase::SetMode;
        self.phase_began = now;
    }

    pub(super) fn succeed(&mut self) {
        let (id, labels_sent) = (self.id, self.labels_sent);
        let (confidence, recognised) = (self.votes.confidence(id), self.votes.said(id));
        self.due = Duration::ZERO;
        self.outcome = Some(Ok(Enrolled { id, confidence, recognised, of: self.votes.of(), labels_sent }));
    }

    pub(super) fn give_up_unrecognised(&mut self, now: Duration) {
        let (recognised, of) = (self.votes.said(self.id), self.votes.of());
        self.give_up(now, GaveUpReason::NotRecognised { recognised, of });
    }

    /// Over, but not before the latest label has found a face or is discarded.
    pub(super) fn give_up(&mut self, now: Duration, reason: GaveUpReason) {
        self.due = if self.labels_sent == 0 { now } else { self.label_done_at };
        self.outcome = Some(Err(GaveUp { id: self.id, reason, labels_sent: self.labels_sent }));
    }

    /// Gives up when something takes too long.
    fn keep_limits(&mut self, now: Duration) {
        if self.outcome.is_some() {
            return;
        }
        let silence = since(now, self.last_reading.unwrap_or(Duration::ZERO));
        if silence > self.config.pause_allowed() {
            self.progress = EnrollProgress::NoReading;
        }
        if silence >= self.config.longest_silence {
            self.progress = EnrollProgress::NoReading;
            self.give_up(now, GaveUpReason::NoReading);
        } else if since(now, self.phase_began) >= self.config.guide_timeout {
            self.give_up(now, GaveUpReason::TimedOut(self.progress));
        }
    }
}
