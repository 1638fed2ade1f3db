//! How long somebody must be seen, or not be seen.

use core::time::Duration;

use crate::behavior::Gate;

/// When somebody is here, and when nobody is. `Default` is for a sensor without recognition, read each 10 to 500 ms.
///
/// What the defaults rest on: an inference takes 140 ms, with recognition 265 ms (datasheet); false faces last 2 or 3
/// packets (users). The defaults themselves are choices.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default, deny_unknown_fields))]
#[non_exhaustive]
pub struct PresenceConfig {
    /// A face is an arrival once it was seen for so long, from the first sighting to the last. 600 ms: a burst of three
    /// false faces can be read for 3 x 140 = 420 ms. With recognition 1 s: 3 x 265 = 795 ms. Longer where a false
    /// arrival costs something: two bursts that run together can be read for up to 1120 ms. Zero: the first face is an
    /// arrival.
    pub arrive_after: Duration,
    /// Nobody is here once readings saw no face for so long. 2 s, 14 inferences: if half of the faces are missed (a
    /// guess for 3 to 4 m, as far as users see faces at all), 14 misses in a row are 1 in 16 000. With recognition 4 s:
    /// 15 inferences. Longer where leaving costs something: a look away is no face either, and programs that lock a
    /// screen or pause a film wait 5 s. Longer, too, for who is 3 m away and read more seldom than each 200 ms: fewer
    /// readings, fewer chances to be seen.
    pub leave_after: Duration,
    /// An arrival goes on if a face that was missed is seen again so soon: from sighting to sighting. Also the most
    /// that the time between two readings counts for. 300 ms, two inferences, so one that misses, read at least each
    /// 150 ms. With recognition 600 ms.
    pub tolerated_gap: Duration,
    /// Nothing is known once there was no reading for so long. 1.5 s: a program that reads each 500 ms may lose one
    /// reading. It must be more than twice the reading period for that.
    pub stale_after: Duration,
    /// Which faces count. All: see [`Gate`] for why.
    pub gate: Gate,
}

impl Default for PresenceConfig {
    fn default() -> Self {
        PresenceConfig::DEFAULT
    }
}

impl PresenceConfig {
    /// For a sensor without recognition: as it powers on.
    pub const DEFAULT: PresenceConfig = PresenceConfig {
        arrive_after: Duration::from_millis(600),
        leave_after: Duration::from_millis(2000),
        tolerated_gap: Duration::from_millis(300),
        stale_after: Duration::from_millis(1500),
        gate: Gate::OPEN,
    };

    /// For a sensor that runs recognition, whose inferences take almost twice as long.
    pub const WITH_RECOGNITION: PresenceConfig = PresenceConfig {
        arrive_after: Duration::from_millis(1000),
        leave_after: Duration::from_millis(4000),
        tolerated_gap: Duration::from_millis(600),
        ..PresenceConfig::DEFAULT
    };

    /// The same with another time to arrive.
    #[must_use]
    pub const fn with_arrive_after(self, arrive_after: Duration) -> PresenceConfig {
        PresenceConfig { arrive_after, ..self }
    }

    /// The same with another time to leave.
    #[must_use]
    pub const fn with_leave_after(self, leave_after: Duration) -> PresenceConfig {
        PresenceConfig { leave_after, ..self }
    }

    /// The same with another gap that is tolerated.
    #[must_use]
    pub const fn with_tolerated_gap(self, tolerated_gap: Duration) -> PresenceConfig {
        PresenceConfig { tolerated_gap, ..self }
    }

    /// The same with another time without readings.
    #[must_use]
    pub const fn with_stale_after(self, stale_after: Duration) -> PresenceConfig {
        PresenceConfig { stale_after, ..self }
    }

    /// The same with another gate.
    #[must_use]
    pub const fn with_gate(self, gate: Gate) -> PresenceConfig {
        PresenceConfig { gate, ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_setting_changes_itself_alone() {
        let ms = Duration::from_millis;
        let default = PresenceConfig::default();
        let gate = Gate::OPEN.with_min_width(9);
        assert_eq!(default.with_arrive_after(ms(1)), PresenceConfig { arrive_after: ms(1), ..default });
        assert_eq!(default.with_leave_after(ms(1)), PresenceConfig { leave_after: ms(1), ..default });
        assert_eq!(default.with_tolerated_gap(ms(1)), PresenceConfig { tolerated_gap: ms(1), ..default });
        assert_eq!(default.with_stale_after(ms(1)), PresenceConfig { stale_after: ms(1), ..default });
        assert_eq!(default.with_gate(gate), PresenceConfig { gate, ..default });
    }
}
