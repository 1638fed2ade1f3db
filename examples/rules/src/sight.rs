//! What the sensor reports, boiled down to the changes that a person would remark on.

use core::time::Duration;

use mlsensor::Faces;

/// How long a change must last before it is remarked on: single packets flicker.
const SETTLES_AFTER: Duration = Duration::from_millis(400);

/// What can be said of a reading in a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sight {
    /// No face.
    Nobody,
    /// A face, but none that faces the sensor.
    Somebody,
    /// A face that faces the sensor.
    Facing,
    /// No reading: nothing is known.
    Unknown,
}

impl Sight {
    /// What a reading shows; `None` is a reading that failed, which does not mean that nobody is there.
    #[must_use]
    pub fn of(faces: Option<&Faces>) -> Sight {
        match faces {
            None => Sight::Unknown,
            Some(faces) if faces.is_empty() => Sight::Nobody,
            Some(faces) if faces.facing().next().is_some() => Sight::Facing,
            Some(_) => Sight::Somebody,
        }
    }

    /// It in a word, as a transcript has it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Sight::Nobody => "left",
            Sight::Somebody => "seen",
            Sight::Facing => "facing",
            Sight::Unknown => "unknown",
        }
    }
}

/// Tells the lasting changes from the flicker.
#[derive(Debug, Default)]
pub struct Observer {
    remarked: Option<Sight>,
    candidate: Option<(Sight, Duration)>,
}

impl Observer {
    /// Takes a reading; what has changed, if it has lasted.
    pub fn observe(&mut self, at: Duration, faces: Option<&Faces>) -> Option<Sight> {
        let sight = Sight::of(faces);
        if self.remarked == Some(sight) {
            self.candidate = None;
            return None;
        }
        let since = match self.candidate {
            Some((candidate, since)) if candidate == sight => since,
            _ => at,
        };
        self.candidate = Some((sight, since));
        if at.saturating_sub(since) < SETTLES_AFTER {
            return None;
        }
        self.candidate = None;
        // That nobody is there at the beginning is no change.
        let is_change = self.remarked.is_some() || sight != Sight::Nobody;
        self.remarked = Some(sight);
        is_change.then_some(sight)
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use std::vec::Vec;

    use super::*;
    use mlsensor::{Bounds, Face};

    fn face(is_facing: bool) -> Option<Faces> {
        let bounds = Bounds::new(10, 10, 20, 20).unwrap();
        Some(Faces::new(&[Face::new(bounds, 90, None, is_facing).unwrap()]).unwrap())
    }

    fn changes(readings: impl IntoIterator<Item = Option<Faces>>) -> Vec<(u64, Sight)> {
        let mut observer = Observer::default();
        let readings = readings.into_iter().zip((0..).step_by(100));
        let remarks = readings.filter_map(|(faces, ms)| {
            let sight = observer.observe(Duration::from_millis(ms), faces.as_ref())?;
            Some((ms, sight))
        });
        remarks.collect()
    }

    #[test]
    fn a_change_is_remarked_on_once_and_when_it_has_lasted() {
        let readings = (0..10).map(|_| face(false)).chain((0..10).map(|_| face(true)));
        assert_eq!(changes(readings), [(400, Sight::Somebody), (1400, Sight::Facing)]);
    }

    #[test]
    fn flicker_is_not_remarked_on() {
        let readings = (0..60).map(|i| if i % 4 == 3 { Some(Faces::EMPTY) } else { face(true) });
        assert_eq!(changes(readings), []);
        let settled = (0..5).map(|_| face(true)).chain((0..60).map(|i| face(i % 3 != 0)));
        assert_eq!(changes(settled), [(400, Sight::Facing)]);
    }

    #[test]
    fn no_reading_is_unknown_and_never_nobody() {
        assert_eq!(changes((0..9).map(|_| None)), [(400, Sight::Unknown)]);
        assert_eq!(changes((0..9).map(|_| Some(Faces::EMPTY))), []);
    }
}
