//! What a supervisor hands out: a reading while it is live, and why there is none otherwise.

use std::fmt;
use std::time::Duration;

use mlsensor::Faces;
use mlsensor::behavior::Freshness;
use serde::Serialize;

use super::Trouble;

/// What is known of the sensor now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// There is a reading, and it is no older than so many intervals
    /// ([`Settings::missed_intervals`](super::Settings::missed_intervals), 3 by default).
    Live,
    /// There is no such reading, but what the bus was opened for has proved to be a Person Sensor since then, and it is not
    /// longer than [`Settings::may_have_restarted`](super::Settings::may_have_restarted) ago: reads fail, or the
    /// settings were just written, or it is in standby.
    Stale,
    /// There is no such reading, and nothing has proved to be a Person Sensor since the bus was opened last: it cannot be opened,
    /// nobody answers, the bus fails, or another part answers. A sensor that gives no valid packet for
    /// [`Settings::may_have_restarted`](super::Settings::may_have_restarted), or whose error says that what was
    /// opened is of no use any more, has to prove itself anew.
    Absent,
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            State::Live => "live",
            State::Stale => "stale",
            State::Absent => "absent",
        })
    }
}

/// A reading, and how much it is worth. All times are of the supervisor's clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Reading {
    pub(super) faces: Faces,
    pub(super) at: Duration,
    pub(super) age: Duration,
    pub(super) stale_at: Duration,
    pub(super) freshness: Freshness,
    pub(super) published: Option<Duration>,
    pub(super) same_for: Duration,
    pub(super) is_frozen: bool,
}

impl Reading {
    /// The faces.
    #[must_use]
    pub const fn faces(&self) -> &Faces {
        &self.faces
    }

    /// When the read started.
    #[must_use]
    pub const fn at(&self) -> Duration {
        self.at
    }

    /// How long before this was handed out the read started. What the faces show is older by the sensor's own latency, of
    /// about 200 ms (Guide), and by the wait for the read: see [`published`](Self::published).
    #[must_use]
    pub const fn age(&self) -> Duration {
        self.age
    }

    /// From when on it is stale.
    #[must_use]
    pub const fn stale_at(&self) -> Duration {
        self.stale_at
    }

    /// Whether it is of an inference that was not read before.
    #[must_use]
    pub const fn freshness(&self) -> Freshness {
        self.freshness
    }

    /// Whether it stands for an inference that was not read before, surely or most likely.
    #[must_use]
    pub const fn is_fresh(&self) -> bool {
        self.freshness.is_fresh()
    }

    /// When the result became readable, as well as that is known.
    #[must_use]
    pub const fn published(&self) -> Option<Duration> {
        self.published
    }

    /// For how long the faces have been the same, to the bit.
    #[must_use]
    pub const fn same_for(&self) -> Duration {
        self.same_for
    }

    /// Whether there are faces that have been the same for suspiciously long: see
    /// [`Settings::frozen_after`](super::Settings::frozen_after).
    #[must_use]
    pub const fn is_frozen(&self) -> bool {
        self.is_frozen
    }

    /// Whether it is live at this time.
    #[must_use]
    pub fn is_live(&self, now: Duration) -> bool {
        now < self.stale_at
    }
}

/// Why there is no reading.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Outage {
    /// When this was found.
    pub at: Duration,
    /// When the read of the last reading started; `None` if there was none yet.
    pub last_reading: Option<Duration>,
    /// What went wrong last; `None` if nothing did: too much time has passed, or the sensor is in standby.
    pub trouble: Option<Trouble>,
}

/// What has come of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "update", rename_all = "snake_case")]
pub enum Update {
    /// A reading.
    Live(Reading),
    /// No reading this time, but the one before is not stale yet: nothing is known that was not known before. The state is
    /// [`State::Live`].
    Missed(Outage),
    /// See [`State::Stale`].
    Stale(Outage),
    /// See [`State::Absent`].
    Absent(Outage),
}

impl Update {
    /// The faces, of a reading that is live; `None` is not "nobody".
    #[must_use]
    pub const fn faces(&self) -> Option<&Faces> {
        match self {
            Update::Live(reading) => Some(&reading.faces),
            _ => None,
        }
    }

    /// The reading, if this is one.
    #[must_use]
    pub const fn reading(&self) -> Option<&Reading> {
        match self {
            Update::Live(reading) => Some(reading),
            _ => None,
        }
    }

    /// What is known of the sensor.
    #[must_use]
    pub const fn state(&self) -> State {
        match self {
            Update::Live(_) | Update::Missed(_) => State::Live,
            Update::Stale(_) => State::Stale,
            Update::Absent(_) => State::Absent,
        }
    }

    /// What went wrong, if something did.
    #[must_use]
    pub const fn trouble(&self) -> Option<&Trouble> {
        match self {
            Update::Live(_) => None,
            Update::Missed(outage) | Update::Stale(outage) | Update::Absent(outage) => {
                outage.trouble.as_ref()
            }
        }
    }
}

/// What was known last, to be asked at any time: what was live then need not be so any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    pub(super) reading: Option<Reading>,
    pub(super) is_proven: bool,
    pub(super) trouble: Option<Trouble>,
}

impl Snapshot {
    /// What there is to say before anything was done.
    pub(super) const NOTHING: Snapshot = Snapshot { reading: None, is_proven: false, trouble: None };

    /// What is known of the sensor at this time.
    #[must_use]
    pub fn state(&self, now: Duration) -> State {
        match self.reading {
            Some(reading) if reading.is_live(now) => State::Live,
            _ if self.is_proven => State::Stale,
            _ => State::Absent,
        }
    }

    /// The last reading, if it is live at this time, and otherwise why there is none.
    #[must_use]
    pub fn at(&self, now: Duration) -> Update {
        match self.reading {
            Some(reading) if reading.is_live(now) => {
                Update::Live(Reading { age: now.saturating_sub(reading.at), ..reading })
            }
            _ => self.outage(now),
        }
    }

    /// Why there is no new reading.
    pub(super) fn outage(&self, now: Duration) -> Update {
        let outage = Outage {
            at: now,
            last_reading: self.reading.map(|reading| reading.at),
            trouble: self.trouble.clone(),
        };
        match self.state(now) {
            State::Live => Update::Missed(outage),
            State::Stale => Update::Stale(outage),
            State::Absent => Update::Absent(outage),
        }
    }
}
