//! How a tracker tells faces apart, and the reasons for its numbers.

use core::time::Duration;

use super::super::Gate;

/// How a [`Tracker`](super::Tracker) tells faces apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default, deny_unknown_fields))]
#[non_exhaustive]
pub struct TrackerConfig {
    /// How long a face must have been seen to be a track. 400 ms: with the four packets that are asked for in any case,
    /// the third interval between inferences of 140 ms.
    pub birth_after: Duration,
    /// The longest gap between two sightings of a face that is no track yet, if more than one packet in between misses
    /// it. 300 ms: two inferences of 140 ms. (With recognition an inference takes up to 265 ms: see
    /// [`WITH_RECOGNITION`](Self::WITH_RECOGNITION).)
    pub tolerated_gap: Duration,
    /// How long a track lives without a sighting. 1.5 s: if a quarter of inferences miss a face (a guess: no rates are
    /// published), ten in a row do so once in a million times; and in a longer time people go further than a track can
    /// be believed.
    pub death_after: Duration,
    /// After this long without a reading nothing is known. 1.5 s, as for [`Presence`](crate::behavior::Presence): a
    /// program that reads each 500 ms may lose one reading. It must be more than twice the reading period for that.
    pub stale_after: Duration,
    /// Which faces count at all.
    pub gate: Gate,
}

impl TrackerConfig {
    /// As `Default`, for use in constants.
    pub const DEFAULT: TrackerConfig = TrackerConfig {
        birth_after: Duration::from_millis(400),
        tolerated_gap: Duration::from_millis(300),
        death_after: Duration::from_millis(1500),
        stale_after: Duration::from_millis(1500),
        gate: Gate::OPEN,
    };

    /// For a sensor that runs recognition, whose inferences take up to 265 ms: gaps of 600 ms.
    pub const WITH_RECOGNITION: TrackerConfig =
        TrackerConfig { tolerated_gap: Duration::from_millis(600), ..TrackerConfig::DEFAULT };

    /// The same with another time to be born.
    #[must_use]
    pub const fn with_birth_after(self, birth_after: Duration) -> Self {
        TrackerConfig { birth_after, ..self }
    }

    /// The same with another tolerated gap.
    #[must_use]
    pub const fn with_tolerated_gap(self, tolerated_gap: Duration) -> Self {
        TrackerConfig { tolerated_gap, ..self }
    }

    /// The same with another time to die.
    #[must_use]
    pub const fn with_death_after(self, death_after: Duration) -> Self {
        TrackerConfig { death_after, ..self }
    }

    /// The same with another time after which nothing is known.
    #[must_use]
    pub const fn with_stale_after(self, stale_after: Duration) -> Self {
        TrackerConfig { stale_after, ..self }
    }

    /// The same with another gate.
    #[must_use]
    pub const fn with_gate(self, gate: Gate) -> Self {
        TrackerConfig { gate, ..self }
    }
}

impl Default for TrackerConfig {
    fn default() -> Self {
        TrackerConfig::DEFAULT
    }
}
