//! Who sits in front of a display: the nearest, whom the sensor knows or has had the time to know.

use std::fmt;
use std::time::Duration;

use mlsensor::behavior::{Gate, Track, TrackId, Tracker, TrackerConfig};
use mlsensor::{Faces, PersonId};

use crate::strangers::Strangers;

/// How long a stranger, or who takes over from somebody else, is the nearest before the seat is theirs: not who looks over
/// a shoulder, and not who sits beside them.
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
#[derive(Debug)]
pub struct Seat {
    tracker: Tracker,
    strangers: Strangers,
    nearest: Option<(TrackId, Duration)>,
}

impl Seat {
    /// A seat; who is further away than this does not sit there.
    #[must_use]
    pub fn new(near: Gate) -> Seat {
        let tracker = Tracker::new(TrackerConfig::WITH_RECOGNITION.with_gate(near));
        Seat { tracker, strangers: Strangers::default(), nearest: None }
    }

    /// Takes a reading, `None` if it failed.
    pub fn update(&mut self, now: Duration, faces: Option<&Faces>) {
        self.tracker.update(now, faces);
        self.strangers.update(&self.tracker);
        let before = self.nearest;
        // Of two who sit side by side, a packet shows the one nearer, the next one the other.
        let was_nearest = |track: &Track| before.is_some_and(|(id, _)| id == track.id());
        let area = |track: &&Track| u32::from(track.bounds().area()) * if was_nearest(track) { 5 } else { 4 };
        let since = |track: &Track| before.filter(|_| was_nearest(track)).map(|(_, since)| since);
        let heard = self.tracker.last_heard().unwrap_or_default();
        let nearest = self.tracker.tracks().max_by_key(area);
        self.nearest = nearest.map(|track| (track.id(), since(track).unwrap_or(heard)));
    }

    /// Who sits there, as far as that is known, if this is who has sat there in this visit.
    #[must_use]
    pub fn who(&self, before: Option<Who>) -> Option<Who> {
        let (id, since) = self.nearest?;
        let nearest = self.tracker.get(id)?;
        let has_sat = self.tracker.last_heard()?.saturating_sub(since) >= SAT_FOR;
        match nearest.identity().map(Who::Known) {
            Some(who) => (has_sat || before.is_none_or(|before| before == who)).then_some(who),
            None => (has_sat && self.strangers.has(nearest)).then_some(Who::Guest),
        }
    }
}
