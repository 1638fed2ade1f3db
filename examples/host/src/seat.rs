//! Who sits in front of a display: the nearest, whom the sensor knows or has had the time to know.

use std::fmt;
use std::time::Duration;

use mlsensor::PersonId;
use mlsensor::behavior::{TrackId, Tracker};

use crate::strangers::Strangers;

/// How long a stranger is the nearest before the seat is theirs: not who looks over a shoulder.
const SAT_FOR: Duration = Duration::from_secs(3);

/// Somebody who sits there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// Somebody whom the sensor knows.
    Known(PersonId),
    /// Somebody whom it does not.
    Guest,
}

impl Who {
    /// The id as a command finds it: 0 to 7, or guest.
    #[must_use]
    pub fn id(self) -> String {
        match self {
            Who::Known(id) => id.to_string(),
            Who::Guest => "guest".to_owned(),
        }
    }
}

impl fmt::Display for Who {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Who::Known(id) => write!(f, "id {id}"),
            Who::Guest => f.write_str("a guest"),
        }
    }
}

/// Who is the nearest, and since when.
#[derive(Debug, Default)]
pub struct Seat {
    strangers: Strangers,
    nearest: Option<(TrackId, Duration)>,
}

impl Seat {
    /// To be asked after every update of the tracker: who sits there, as far as that is known.
    pub fn taken_by(&mut self, tracker: &Tracker) -> Option<Who> {
        self.strangers.update(tracker);
        let nearest = tracker.tracks().max_by_key(|track| track.bounds().area());
        let now = tracker.last_heard().unwrap_or_default();
        self.nearest = nearest.map(|track| match self.nearest {
            Some((id, since)) if id == track.id() => (id, since),
            _ => (track.id(), now),
        });
        let (nearest, (_, since)) = (nearest?, self.nearest?);
        let is_guest = || self.strangers.has(nearest) && now.saturating_sub(since) >= SAT_FOR;
        nearest.identity().map(Who::Known).or_else(|| is_guest().then_some(Who::Guest))
    }
}
