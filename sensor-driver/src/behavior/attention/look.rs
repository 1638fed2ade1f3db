//! Who looks, and from where.

use core::fmt;
use core::time::Duration;

use super::super::time::since;
use super::super::{Direction, Outcome, Track, TrackId};
use crate::person_sensor::{Bounds, PersonId};

/// Somebody who faces the sensor and has its attention.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Look {
    track: TrackId,
    since: Duration,
    last_faced: Duration,
    bounds: Bounds,
    direction: Direction,
    identity: Option<PersonId>,
}

impl Look {
    pub(super) fn new(track: &Track, since: Duration, last_faced: Duration) -> Look {
        Look {
            track: track.id(),
            since,
            last_faced,
            bounds: track.bounds(),
            direction: track.direction(),
            identity: track.identity(),
        }
    }

    /// The same look, some packets later.
    pub(super) fn go_on(&mut self, track: &Track, last_faced: Duration) {
        *self = Look::new(track, self.since, last_faced);
    }

    /// The caller's clock was set back by this much.
    pub(super) fn set_back(&mut self, by: Duration) {
        self.since = since(self.since, by);
        self.last_faced = since(self.last_faced, by);
    }

    /// The track of the person who looks. It may have ended before the look does.
    #[must_use]
    pub const fn track(&self) -> TrackId {
        self.track
    }

    /// Since when the sensor was faced: the first sighting of it, which is earlier than the event by the hold time
    /// at least.
    #[must_use]
    pub const fn since(&self) -> Duration {
        self.since
    }

    /// When the sensor was last faced.
    #[must_use]
    pub const fn last_faced(&self) -> Duration {
        self.last_faced
    }

    /// For how long the sensor was faced, from the first sighting to the last.
    #[must_use]
    pub const fn lasted(&self) -> Duration {
        since(self.last_faced, self.since)
    }

    /// Where the face is in the picture, smoothed; where it was last, if its track has ended.
    #[must_use]
    pub const fn bounds(&self) -> Bounds {
        self.bounds
    }

    /// In which direction the face is from the mount, smoothed; where it was last, if its track has ended.
    #[must_use]
    pub const fn direction(&self) -> Direction {
        self.direction
    }

    /// How far away the face is, in millimetres, which is **rough**: see [`Bounds::distance_mm`].
    #[must_use]
    pub const fn distance_mm(&self) -> Option<u16> {
        self.bounds.distance_mm()
    }

    /// Who it is, by the votes of many packets: see [`Track::identity`]. It may become known while the look lasts.
    #[must_use]
    pub const fn identity(&self) -> Option<PersonId> {
        self.identity
    }
}

impl fmt::Display for Look {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "track {} at {}", self.track, self.bounds)?;
        match self.identity {
            Some(id) => write!(f, ", id {id}"),
            None => Ok(()),
        }
    }
}

/// A look begins, or is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum AttentionEvent {
    /// Somebody has faced the sensor for long enough.
    Began(Look),
    /// They have turned away, or gone. [`Look::last_faced`] says when.
    Ended(Look),
    /// There were no more readings while somebody looked: whether they still do is not known.
    Lost(Look),
}

impl AttentionEvent {
    /// The outcome from this event on.
    #[must_use]
    pub const fn outcome(&self) -> Outcome {
        match self {
            AttentionEvent::Began(_) => Outcome::Present,
            AttentionEvent::Ended(_) => Outcome::Absent,
            AttentionEvent::Lost(_) => Outcome::Unknown,
        }
    }
}
