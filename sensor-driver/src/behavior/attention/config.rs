//! When somebody who faces the sensor has its attention, and the reasons for the numbers.

use core::time::Duration;

/// When facing the sensor is a look, and when a look is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default, deny_unknown_fields))]
#[non_exhaustive]
pub struct AttentionConfig {
    /// How long somebody must face the sensor. 600 ms: longer than a glance in passing, shorter than it takes to wonder
    /// why nothing happens; five inferences of 140 ms fall into it.
    pub hold: Duration,
    /// While that time runs: the longest gap between two packets in which the same person faces it, if several in
    /// between say otherwise. 300 ms: two inferences of 140 ms, and the time until they are read. One packet alone that
    /// says otherwise is never a gap, however slowly the sensor is read. (Users say that is-facing flickers.)
    pub flicker: Duration,
    /// Not faced for this long, the look is over. 2 s: a glance at the keyboard or at somebody else is no end.
    pub release: Duration,
    /// How long after the end of a look nobody can begin another one. 0: `release` already separates looks, and
    /// somebody who has waited until another turned away should not wait longer. Raise it for an action that takes its
    /// time, such as a spoken greeting. It counts from the end: counted from the start it would do nothing after a long
    /// look.
    pub rearm: Duration,
    /// After this long without a reading nothing is known. 1.5 s, as for [`Presence`](crate::behavior::Presence): a
    /// program that reads each 500 ms may lose one reading. It must be more than twice the reading period for that.
    pub stale_after: Duration,
}

impl AttentionConfig {
    /// As `Default`, for use in constants.
    pub const DEFAULT: AttentionConfig = AttentionConfig {
        hold: Duration::from_millis(600),
        flicker: Duration::from_millis(300),
        release: Duration::from_secs(2),
        rearm: Duration::ZERO,
        stale_after: Duration::from_millis(1500),
    };

    /// For a sensor that runs recognition, whose inferences take up to 265 ms: 1 s, with gaps of 600 ms.
    pub const WITH_RECOGNITION: AttentionConfig = AttentionConfig {
        hold: Duration::from_secs(1),
        flicker: Duration::from_millis(600),
        ..AttentionConfig::DEFAULT
    };

    /// The same with another time to hold the look.
    #[must_use]
    pub const fn with_hold(self, hold: Duration) -> Self {
        AttentionConfig { hold, ..self }
    }

    /// The same with another tolerated gap.
    #[must_use]
    pub const fn with_flicker(self, flicker: Duration) -> Self {
        AttentionConfig { flicker, ..self }
    }

    /// The same with another time after which a look is over.
    #[must_use]
    pub const fn with_release(self, release: Duration) -> Self {
        AttentionConfig { release, ..self }
    }

    /// The same with another rest after a look.
    #[must_use]
    pub const fn with_rearm(self, rearm: Duration) -> Self {
        AttentionConfig { rearm, ..self }
    }

    /// The same with another time after which nothing is known.
    #[must_use]
    pub const fn with_stale_after(self, stale_after: Duration) -> Self {
        AttentionConfig { stale_after, ..self }
    }
}

impl Default for AttentionConfig {
    fn default() -> Self {
        AttentionConfig::DEFAULT
    }
}
