//! Pan and tilt toward somebody, without hunting.
//!
//! # Why a plain step toward the face hunts
//! What can be read was seen some 200 ms ago, and the head has turned since. A program that steps by a share of the
//! error each time corrects an error that it has corrected already, swings past, and swings back. So [`Aim`] remembers
//! where the head pointed, asks for every packet where the head pointed *when the picture was taken*, and follows
//! people in directions of the room ([`Tracker::update_from`]); what the head does meanwhile then makes no error at
//! all.
//!
//! # Guarantees
//! * **The head never points beyond the limits of an axis**, and between calls it turns by no more than the slew limit
//!   allows for the time that passed, 100 ms at most from one call to the next, however often it is called. There is no
//!   wrap-around. The angle to command is the direction with the sense and the bias of the axis: a bias may carry it
//!   beyond the limits, and a [`Servo`] holds the pulse within the stops of the servo.
//! * **It rests**: while the target stays within the dead band the angle does not change at all.
//! * **One target at a time**, held for [`keep_for`](AimConfig::keep_for) at least while it lives, so two people do not
//!   tear the head to and fro. Only the person of [`Choice::Person`] is turned to at once, from anybody else.
//! * **A false face turns nothing**: only confirmed tracks are followed.
//! * **Blind, it does not move**: while the tracker's outcome is unknown the angles stay as they are.
//! * **A clock that is set back** takes the past along: where the head pointed, whom it keeps to, and for how long.
//!
//! What the caller owes: the head follows the commands at the slew rate or faster; [`Aim::update`] is called every
//! 50 ms or more often, also between readings; one [`Aim::view`] is taken for every reading, before
//! [`Tracker::update_from`].

mod axis;
mod config;
mod history;
mod servo;
mod target;

use core::time::Duration;

pub use axis::{AxisConfig, Sense};
pub use config::{AimConfig, Mount, WhenLost};
pub use servo::Servo;
pub use target::Choice;

use super::time::{later, longer, set_back, since};
use super::tracker::{Track, TrackId, Tracker};
use super::{Direction, Outcome, View};
use axis::Axis;
use history::History;

/// The longest time that one call may move the head for.
const LONGEST_MOVE: Duration = Duration::from_millis(100);

/// A search crosses the room at this speed, in thousandths of a degree a second: slow enough that a face stays in view
/// for several inferences.
const SEARCH_SPEED: u32 = 25_000;

/// What the head is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum AimState {
    /// It keeps to somebody.
    Following(TrackId),
    /// Nobody is there, and it stays as it is.
    Holding,
    /// Nobody is there, and it goes to its rest, or is there.
    Returning,
    /// Nobody is there, and it looks for somebody.
    Searching,
    /// Readings fail: it does not move.
    Blind,
}

/// Turns a pan/tilt toward somebody.
///
/// ```
/// use core::time::Duration;
/// use mlsensor::PersonSensor;
/// use mlsensor::behavior::{Aim, Servo, Tracker};
/// # use mlsensor_sim::{Person, SimBus, SimSensor};
/// # let (i2c, sim) = SimBus::with_sensor(SimSensor::new());
/// # let bus = i2c.clone();
///
/// let mut sensor = PersonSensor::new(i2c);
/// let (mut tracker, mut aim, servo) = (Tracker::default(), Aim::default(), Servo::default());
/// for tick in 0..250 {
///     # // The sensor sits on the head: what it sees turns as the head turns.
///     # let pan_deg = f64::from(aim.direction().pan_millideg) / 1000.0;
///     # sim.set_scene([Person::at(1.0, 30.0 - pan_deg)]);
///     # bus.advance(Duration::from_millis(20));
///     # let now = bus.now();
///     if tick % 5 == 0 {
///         let view = aim.view(now);
///         tracker.update_from(now, view, sensor.read().as_ref().ok());
///     }
///     let angles = aim.update(now, &tracker);
///     let pulse_us = servo.pulse_us(angles.pan_millideg); // to the PWM of the pan servo
///     # let _ = pulse_us;
/// }
/// assert!((27_000..=33_000).contains(&aim.direction().pan_millideg)); // she stands 30 degrees to the right
/// # Ok::<(), mlsensor::OutOfRange>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Aim {
    config: AimConfig,
    pan: Axis,
    tilt: Axis,
    history: History,
    updated: Option<Duration>,
    target: Option<(TrackId, Duration)>,
    lost_at: Option<Duration>,
    searches_left: bool,
    state: AimState,
}

impl Aim {
    /// A head that points to [`AimConfig::rest`], as far as its limits let it.
    #[must_use]
    pub const fn new(config: AimConfig) -> Aim {
        let pan = Axis::at(config.pan.limited(config.rest.pan_millideg));
        let tilt = Axis::at(config.tilt.limited(config.rest.tilt_millideg));
        Aim {
            config,
            pan,
            tilt,
            history: History::new(Direction::new(pan.position(), tilt.position())),
            updated: None,
            target: None,
            lost_at: None,
            searches_left: false,
            state: AimState::Holding,
        }
    }

    /// From where the sensor looked when the picture was taken that is read now: for [`Tracker::update_from`].
    #[must_use]
    pub fn view(&self, now: Duration) -> View {
        match self.config.mount {
            Mount::Fixed => View::STILL,
            Mount::OnTheHead => {
                // A clock that was set back counts as no time; the next update moves the notes along.
                let now = self.updated.map_or(now, |updated| longer(updated, now));
                let (latency, unsure) = (self.config.latency, self.config.latency_uncertainty);
                self.history.view(since(now, latency), unsure)
            }
        }
    }

    /// Goes on, for the time since the last call; the angles to command now, with sense and bias of each axis.
    pub fn update(&mut self, now: Duration, tracker: &Tracker) -> Direction {
        let elapsed = self.updated.map_or(Duration::ZERO, |updated| since(now, updated)).min(LONGEST_MOVE);
        let by = set_back(&mut self.updated, now);
        if !by.is_zero() {
            self.history.set_back(by);
            self.target = self.target.map(|(id, at)| (id, since(at, by)));
            self.lost_at = self.lost_at.map(|at| since(at, by));
        }
        self.state = self.decide(now, tracker);
        match self.state {
            AimState::Following(id) => {
                if let Some(track) = tracker.get(id) {
                    self.follow(now, elapsed, track);
                }
            }
            AimState::Holding | AimState::Blind => {
                self.pan.stay();
                self.tilt.stay();
            }
            AimState::Returning => {
                self.pan.go(&self.config.pan, self.config.rest.pan_millideg, SEARCH_SPEED, elapsed);
                self.tilt.go(&self.config.tilt, self.config.rest.tilt_millideg, SEARCH_SPEED, elapsed);
            }
            AimState::Searching => self.search(elapsed),
        }
        self.history.note(now, self.direction(), self.config.latency);
        self.angles()
    }

    /// What to do, whom to follow.
    fn decide(&mut self, now: Duration, tracker: &Tracker) -> AimState {
        let is_stale =
            tracker.last_heard().is_none_or(|heard| since(now, heard) >= tracker.config().stale_after);
        if is_stale || tracker.outcome() == Outcome::Unknown {
            return AimState::Blind;
        }
        let current = self.target.and_then(|(id, at)| Some((tracker.get(id)?, at)));
        let direction = self.direction();
        if let Some((id, at)) = target::choose(&self.config, direction, current, tracker, now) {
            self.target = Some((id, at));
            self.lost_at = None;
            return AimState::Following(id);
        }
        self.target = None;
        let lost_at = *self.lost_at.get_or_insert(now);
        match (self.config.when_lost, self.config.mount) {
            (WhenLost::Search(after), Mount::OnTheHead) if since(now, lost_at) >= after => {
                AimState::Searching
            }
            (WhenLost::Return(after) | WhenLost::Search(after), _) if since(now, lost_at) >= after => {
                AimState::Returning
            }
            _ => AimState::Holding,
        }
    }

    /// Turns toward a track, where it is now.
    fn follow(&mut self, now: Duration, elapsed: Duration, track: &Track) {
        // What the tracker knows is as old as the picture was when it was read.
        let then = track.direction();
        let soon = track.direction_at(later(now, self.config.latency));
        let speed = track.velocity();
        let (pan, tilt) = (&self.config.pan, &self.config.tilt);
        self.pan.follow(pan, then.pan_millideg, soon.pan_millideg, speed.pan_millideg_per_s, elapsed);
        self.tilt.follow(tilt, then.tilt_millideg, soon.tilt_millideg, speed.tilt_millideg_per_s, elapsed);
        // A search begins on the side on which they went.
        self.searches_left = track.velocity().pan_millideg_per_s < 0;
    }

    /// To and fro between the limits of the pan.
    fn search(&mut self, elapsed: Duration) {
        let config = &self.config.pan;
        let edge = if self.searches_left { config.min_millideg } else { config.max_millideg };
        self.pan.go(config, edge, SEARCH_SPEED, elapsed);
        if self.pan.position() == config.limited(edge) {
            self.searches_left = !self.searches_left;
        }
        self.tilt.go(&self.config.tilt, self.config.rest.tilt_millideg, SEARCH_SPEED, elapsed);
    }

    /// Where the head points: as commanded last, without sense and bias.
    #[must_use]
    pub const fn direction(&self) -> Direction {
        Direction::new(self.pan.position(), self.tilt.position())
    }

    /// The angles to command, with sense and bias of each axis.
    #[must_use]
    pub const fn angles(&self) -> Direction {
        Direction::new(
            self.config.pan.angle(self.pan.position()),
            self.config.tilt.angle(self.tilt.position()),
        )
    }

    /// What it is doing: as of the last update.
    #[must_use]
    pub const fn state(&self) -> AimState {
        self.state
    }

    /// How it was configured.
    #[must_use]
    pub const fn config(&self) -> &AimConfig {
        &self.config
    }
}

impl Default for Aim {
    fn default() -> Self {
        Aim::new(AimConfig::DEFAULT)
    }
}
