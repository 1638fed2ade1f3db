//! Whether a sensor hangs, and gives the same faces for ever.

use core::time::Duration;

use mlsensor::Faces;

/// For how long faces may be the same, to the bit. Results of a camera mostly differ from one to the next, if only by a
/// unit of a box. As long as the host's supervisor has it.
const FROZEN_AFTER: Duration = Duration::from_secs(10);

/// A sensor that was silent for longer than this may have been started anew.
const SILENCE: Duration = Duration::from_secs(1);

/// Takes the faces of a sensor that hangs for no reading: what cannot see must not keep a fan running.
///
/// An empty room gives the same packet for ever, so a sensor that hangs while it sees nobody is not noticed.
///
/// ```
/// use core::time::Duration;
/// use mlsensor::{Bounds, Face, Faces};
/// use mlsensor_example_rules::fan::Frozen;
///
/// let face = Face::new(Bounds::new(100, 100, 120, 140).unwrap(), 90, None, true).unwrap();
/// let faces = Faces::new(&[face]).unwrap();
/// let mut frozen = Frozen::default();
/// let seen = (0..15).map(|s| frozen.filter(Duration::from_millis(s * 900), Some(&faces)).is_some());
/// assert_eq!(seen.filter(|is_seen| *is_seen).count(), 12); // 0 to 9.9 s
/// ```
#[derive(Debug, Clone, Default)]
pub struct Frozen {
    same: Option<Same>,
    is_frozen: bool,
}

/// The faces of the latest reading, since when they have been these, and when it was.
#[derive(Debug, Clone)]
struct Same {
    faces: Faces,
    since: Duration,
    last: Duration,
}

impl Frozen {
    /// Takes a reading, `None` if it failed; gives its faces if the sensor does not hang.
    pub fn filter<'a>(&mut self, now: Duration, faces: Option<&'a Faces>) -> Option<&'a Faces> {
        let faces = faces?;
        let goes_on = |same: &&Same| {
            same.faces == *faces && same.last <= now && now.saturating_sub(same.last) <= SILENCE
        };
        let since = self.same.as_ref().filter(goes_on).map_or(now, |same| same.since);
        self.same = Some(Same { faces: *faces, since, last: now });
        self.is_frozen = !faces.is_empty() && now.saturating_sub(since) >= FROZEN_AFTER;
        Some(faces).filter(|_| !self.is_frozen)
    }

    /// Whether the sensor hangs, as of the last reading that did not fail.
    #[must_use]
    pub const fn is_frozen(&self) -> bool {
        self.is_frozen
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use std::vec::Vec;

    use super::*;
    use mlsensor::{Bounds, Face};

    fn face(left: u8) -> Option<Faces> {
        let bounds = Bounds::new(left, 100, left + 20, 140).unwrap();
        Faces::new(&[Face::new(bounds, 90, None, true).unwrap()]).ok()
    }

    /// In which tenths of a second a reading counts for none, of one each 500 ms.
    fn frozen_at(tenths: u64, reading: impl Fn(u64) -> Option<Faces>) -> Vec<u64> {
        let mut frozen = Frozen::default();
        let mut is_frozen = |tenth| {
            let reading = reading(tenth);
            let faces = frozen.filter(Duration::from_millis(tenth * 100), reading.as_ref());
            reading.is_some() && faces.is_none()
        };
        (0..tenths).step_by(5).filter(|tenth| is_frozen(*tenth)).collect()
    }

    #[test]
    fn faces_that_are_the_same_for_ten_seconds_are_none_until_they_change() {
        let frozen = frozen_at(200, |tenth| face(if tenth < 120 { 7 } else { 8 }));
        assert_eq!(frozen, [100, 105, 110, 115]);
    }

    #[test]
    fn one_unit_is_a_change() {
        assert_eq!(frozen_at(1000, |tenth| face((tenth / 95) as u8)), []);
    }

    #[test]
    fn an_empty_room_is_the_same_for_ever() {
        assert_eq!(frozen_at(1000, |_| Some(Faces::EMPTY)), []);
    }

    #[test]
    fn a_read_that_fails_is_no_change_and_a_silence_may_have_been_a_start() {
        let failed =
            |until| frozen_at(170, move |tenth| if (50..until).contains(&tenth) { None } else { face(7) });
        assert_eq!(failed(55)[0], 100);
        assert_eq!(failed(60)[0], 160);
    }

    #[test]
    fn a_clock_that_is_set_back_begins_anew() {
        let mut frozen = Frozen::default();
        let mut is_seen = |s| frozen.filter(Duration::from_millis(s), face(7).as_ref()).is_some();
        assert!((0..20).all(|half| is_seen(1_000_000 + half * 500)));
        assert!(is_seen(5000) && is_seen(5500));
    }
}
