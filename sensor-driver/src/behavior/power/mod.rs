//! To let the sensor sleep while nobody is there.
//!
//! In standby, a single shot every [`PowerConfig::period`] looks whether somebody came. If a shot shows a face, the
//! sensor goes to continuous mode; once nobody was seen for a while it goes back.
//!
//! # Guarantees
//! * **Awake is not "somebody is there"**: a false face wakes the sensor, and sends it back to sleep after
//!   [`PowerConfig::glance`]. Whether somebody is there is for [`Outcome`](super::Outcome) of another behaviour to say,
//!   fed with the same readings.
//! * **The mode is written anew in each cycle**: a sensor that was unplugged and came back in continuous mode is in
//!   standby again one period later. (The rest of its settings is yours to write: [`Config`](crate::Config), with
//!   [`Power::mode`].)
//! * **No reading is never "nobody"**: it neither wakes the sensor nor sends it to sleep.
//! * **At most one shot a period**, also if a face woke the sensor for less than that; and in continuous mode one
//!   reading each [`PowerConfig::read_every`].
//! * The current is an **estimate**, from the published figures and the time the sensor was awake, as far as it did
//!   what it was told.
//!
//! # What nobody has established
//! * How long a single shot takes. A read that comes too early gives the shot *before*: an arrival is then noticed one
//!   period late, and a face that has left wakes the sensor once. See [`PowerConfig::capture_wait`].
//! * What the presence pin does outside of continuous mode: do not use it to wake.
//! * The current in standby. Without it the estimate is a lower bound.

mod current;
mod cycle;

use core::time::Duration;

pub use current::{CurrentEstimate, CurrentFigures};
pub use cycle::{Power, PowerStep};

use super::Gate;
use super::procedure::SHORTEST_WAIT;
use super::time::{longer, micros};
use crate::person_sensor::CAPTURE_WAIT_MS;

/// When to look, and how long to stay awake. All values are choices.
///
/// ```
/// use core::time::Duration;
/// use mlsensor::behavior::{CurrentFigures, PowerConfig};
///
/// const RARELY: PowerConfig = PowerConfig::DEFAULT.with_period(Duration::from_secs(5));
/// let estimate = RARELY.estimate_empty_room(&CurrentFigures::PUBLISHED);
/// assert_eq!(estimate.to_string(), "at least 1.1 mA (an estimate: awake 2.8 % of the time)");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default, deny_unknown_fields))]
#[non_exhaustive]
pub struct PowerConfig {
    /// From single shot to single shot while nobody is there. 2 s: somebody who comes is seen after 1.5 s on average,
    /// with the wait for the shot, and 2.5 s at the most if no shot misses them. It is never shorter than
    /// `capture_wait`, nor than `read_every`.
    pub period: Duration,
    /// From the trigger of a shot to the read of its result. 500 ms, as [`CAPTURE_WAIT_MS`]. 1 s is the only figure
    /// that a user reported to be good: take that if arrivals are noticed a period late.
    pub capture_wait: Duration,
    /// From reading to reading in continuous mode. 200 ms: about as fast as the sensor makes them
    /// with recognition (guide: about 5 a second); without, some inferences are not read, which costs nothing here.
    pub read_every: Duration,
    /// How long nobody must be seen before somebody who was there has left. 10 s: longer than a head stays turned away.
    pub stay_awake: Duration,
    /// How long nobody must be seen before it was a false face. 1 s: several inferences in a row without it.
    pub glance: Duration,
    /// From the first sighting to a later one before it is no false face. 1.2 s: false faces come in bursts of 2 to 3
    /// inferences (users), and three with recognition, read as late as possible, show for less.
    pub confirm: Duration,
    /// Which faces count. All: a small face is somebody who comes.
    pub gate: Gate,
}

impl Default for PowerConfig {
    fn default() -> Self {
        PowerConfig::DEFAULT
    }
}

impl PowerConfig {
    /// The default values.
    pub const DEFAULT: PowerConfig = PowerConfig {
        period: Duration::from_secs(2),
        capture_wait: Duration::from_millis(CAPTURE_WAIT_MS as u64),
        read_every: Duration::from_millis(200),
        stay_awake: Duration::from_secs(10),
        glance: Duration::from_secs(1),
        confirm: Duration::from_millis(1200),
        gate: Gate::OPEN,
    };

    /// The same with another period.
    #[must_use]
    pub const fn with_period(self, period: Duration) -> PowerConfig {
        PowerConfig { period, ..self }
    }

    /// The same with another wait for a shot.
    #[must_use]
    pub const fn with_capture_wait(self, capture_wait: Duration) -> PowerConfig {
        PowerConfig { capture_wait, ..self }
    }

    /// The same with another time from reading to reading.
    #[must_use]
    pub const fn with_read_every(self, read_every: Duration) -> PowerConfig {
        PowerConfig { read_every, ..self }
    }

    /// The same with another time to stay awake.
    #[must_use]
    pub const fn with_stay_awake(self, stay_awake: Duration) -> PowerConfig {
        PowerConfig { stay_awake, ..self }
    }

    /// The same with other times to tell a false face: how long it is looked for, and how long it must show.
    #[must_use]
    pub const fn with_glance(self, glance: Duration, confirm: Duration) -> PowerConfig {
        PowerConfig { glance, confirm, ..self }
    }

    /// The same with another gate.
    #[must_use]
    pub const fn with_gate(self, gate: Gate) -> PowerConfig {
        PowerConfig { gate, ..self }
    }

    /// The average current in a room in which nobody ever is: for planning. An estimate.
    #[must_use]
    pub const fn estimate_empty_room(&self, figures: &CurrentFigures) -> CurrentEstimate {
        CurrentEstimate::of(figures, micros(figures.shot), micros(self.cycle()))
    }

    /// From shot to shot, if nobody is there.
    const fn cycle(&self) -> Duration {
        longer(longer(self.period, self.capture_wait), self.pace())
    }

    /// From reading to reading: time must pass between them, whatever is set.
    const fn pace(&self) -> Duration {
        longer(self.read_every, SHORTEST_WAIT)
    }
}
