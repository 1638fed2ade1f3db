//! Which face of a new packet belongs to which track.
//!
//! # Guarantees
//! The order of the faces and of the tracks makes no difference to the outcome but for exact ties.

use core::time::Duration;

use super::super::View;
use super::super::time::since;
use super::{Face, MAX_FACES, MAX_TRACKS, Track};
use crate::person_sensor::{FIELD_OF_VIEW_MILLIDEG, VERTICAL_FIELD_OF_VIEW_MILLIDEG};

/// One view unit across and down, in thousandths of a degree.
const ACROSS: i32 = FIELD_OF_VIEW_MILLIDEG / 255;
const DOWN: i32 = VERTICAL_FIELD_OF_VIEW_MILLIDEG / 255;

/// A walk across at 1 m/s is 30 degrees a second at 2 m: so far may a face go that is not known to move.
const WALK_ACROSS: i32 = 30;

/// Up and down a face goes only as somebody comes near: from 2 m at 1 m/s, with eyes 0.4 m over the sensor, 5 degrees a
/// second; somebody who sits down is faster. This is what tells two people of different heights apart.
const WALK_DOWN: i32 = 8;

/// A face of a new packet, seen from the mount.
#[derive(Debug, Clone, Copy)]
pub(super) struct Candidate {
    pub(super) face: Face,
    /// In thousandths of a degree.
    pub(super) pan: i32,
    pub(super) tilt: i32,
    /// By how much both may be off, in thousandths of a degree.
    uncertainty: i32,
}

impl Candidate {
    pub(super) fn of(face: &Face, view: View) -> Candidate {
        let bounds = face.bounds();
        Candidate {
            face: *face,
            pan: view.direction.pan_millideg.saturating_add(bounds.bearing_millideg()),
            tilt: view.direction.tilt_millideg.saturating_add(bounds.elevation_millideg()),
            uncertainty: view.uncertainty_millideg.min(FIELD_OF_VIEW_MILLIDEG.unsigned_abs()) as i32,
        }
    }
}

/// How badly a face fits a track, 0 for a perfect fit; none if it cannot be the same person.
fn misfit(track: &Track, candidate: &Candidate, now: Duration) -> Option<u32> {
    let unseen_ms = since(now, track.last_seen()).min(Duration::from_millis(450)).subsec_millis() as i32;
    let (pan, tilt) = track.predicted(now);
    let apart = |a: i32, b: i32| a.saturating_sub(b).unsigned_abs();
    let (across, down) = (apart(pan, candidate.pan), apart(tilt, candidate.tilt));
    // Between both faces: one that comes near must not run away from its own track, nor a large false one reach far.
    let width = track.width().midpoint(candidate.face.bounds().width()).max(4);
    let height = track.height().midpoint(candidate.face.bounds().height()).max(6);
    let reach = |size: u8, unit: i32, walk_millideg_per_ms: i32| -> u32 {
        let of_size = i32::from(size).saturating_mul(unit).saturating_mul(3) / 2;
        let of_walk = walk_millideg_per_ms.saturating_mul(unseen_ms);
        of_size.saturating_add(of_walk).saturating_add(candidate.uncertainty).unsigned_abs()
    };
    let share =
        |apart: u32, reach: u32| apart.min(1_000_000).saturating_mul(1000).checked_div(reach).unwrap_or(0);
    let across = share(across, reach(width, ACROSS, WALK_ACROSS));
    let down = share(down, reach(height, DOWN, WALK_DOWN));
    if across > 1000 || down > 1000 {
        return None;
    }
    // Sizes differ by distance: a neighbour of another size is somebody else.
    let [smaller, larger] = {
        let (one, other) = (u32::from(track.width()), u32::from(candidate.face.bounds().width()));
        [one.min(other), one.max(other).max(1)]
    };
    // Half of a split head is half as wide, and who walks up grows by a fifth from packet to packet.
    if larger > smaller.saturating_mul(2).saturating_add(2) {
        return None;
    }
    let unlike = 1000_u32.saturating_sub(smaller.saturating_mul(1000).checked_div(larger).unwrap_or(1000));
    let stranger = match (track.identity(), candidate.face.identity()) {
        (Some(voted), Some(seen)) if voted != seen.id() => 400,
        _ => 0,
    };
    Some(across.saturating_add(down).saturating_add(unlike / 2).saturating_add(stranger))
}

/// What a face costs that is taken for somebody new: as much as one that is as far off across as it may be. So a face that
/// comes up beside somebody who is missed for a moment does not take over the track, nor push every track one person
/// further. (Tried on simulated crowds from 500 to 10,000: less breaks the tracks of people who walk fast, more makes
/// tracks change their person, twice as often from 1,400 on.)
const ALONE: u32 = 1_000;

/// The place of the track that each face belongs to.
pub(super) fn associate(
    tracks: &[Option<Track>; MAX_TRACKS],
    found: &[Option<Candidate>; MAX_FACES],
    now: Duration,
) -> [Option<usize>; MAX_FACES] {
    let mut misfits = [[None; MAX_TRACKS]; MAX_FACES];
    for (row, candidate) in misfits.iter_mut().zip(found) {
        for (cell, track) in row.iter_mut().zip(tracks) {
            if let (Some(candidate), Some(track)) = (candidate, track) {
                // A face that is no track yet gives way to one that is.
                let rank = if track.is_confirmed { 0 } else { 200 };
                *cell = misfit(track, candidate, now).map(|misfit| misfit.saturating_add(rank));
            }
        }
    }
    let mut search = Search { misfits, taken: 0, partners: [None; MAX_FACES], best: None };
    search.from(0, 0);
    search.best.map_or([None; MAX_FACES], |(_, partners)| partners)
}

/// A search of every pairing: at most 9 * 8 * 7 * 6 of them, and mostly a handful.
struct Search {
    misfits: [[Option<u32>; MAX_TRACKS]; MAX_FACES],
    taken: u8,
    partners: [Option<usize>; MAX_FACES],
    best: Option<(u32, [Option<usize>; MAX_FACES])>,
}

impl Search {
    /// Tries every partner for this face and those behind it.
    fn from(&mut self, face: usize, cost: u32) {
        if self.best.is_some_and(|(best, _)| cost >= best) {
            return;
        }
        let Some(row) = self.misfits.get(face).copied() else {
            self.best = Some((cost, self.partners));
            return;
        };
        for (place, misfit) in row.into_iter().enumerate() {
            let bit = 1_u8.checked_shl(place as u32).unwrap_or(0);
            let (Some(misfit), 0) = (misfit, self.taken & bit) else { continue };
            self.pair(face, Some(place));
            self.taken |= bit;
            self.from(face.saturating_add(1), cost.saturating_add(misfit));
            self.taken &= !bit;
        }
        self.pair(face, None);
        self.from(face.saturating_add(1), cost.saturating_add(ALONE));
    }

    fn pair(&mut self, face: usize, place: Option<usize>) {
        if let Some(partner) = self.partners.get_mut(face) {
            *partner = place;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::TrackId;
    use super::*;
    use crate::person_sensor::{Bounds, Identity, PersonId};

    /// A face straight ahead, `right` view units aside, this wide, and who it is.
    fn seen(right: u8, width: u8, who: Option<usize>, uncertainty_millideg: u32) -> Candidate {
        let left = 128 + right - width / 2;
        let bounds = Bounds::new(left, 110, left + width, 140).unwrap();
        let identity = who.map(|who| Identity::new(PersonId::ALL[who], 90).unwrap());
        let view = View { uncertainty_millideg, ..View::STILL };
        Candidate::of(&Face::new(bounds, 90, identity, true).unwrap(), view)
    }

    /// Four sightings of the same face.
    fn track(id: u16, candidate: &Candidate) -> Track {
        let mut track = Track::begin(TrackId::new(id), Duration::ZERO, candidate, View::STILL);
        (0..3).for_each(|_| track.sighted(Duration::ZERO, candidate, View::STILL));
        track
    }

    fn fits(track: &Track, candidate: &Candidate) -> Option<u32> {
        misfit(track, candidate, Duration::ZERO)
    }

    #[test]
    fn another_name_fits_worse_than_the_same_or_none() {
        let known = track(1, &seen(0, 20, Some(3), 0));
        let of = |who| fits(&known, &seen(0, 20, who, 0));
        assert_eq!((of(Some(3)), of(None), of(Some(5))), (Some(0), Some(0), Some(400)));
    }

    #[test]
    fn another_size_fits_worse_and_more_than_twice_the_size_not_at_all() {
        let small = track(1, &seen(0, 10, None, 0));
        let of = |width| fits(&small, &seen(0, width, None, 0));
        assert!(of(10) < of(12) && of(12) < of(20) && of(22).is_some(), "{:?}", of(12));
        assert_eq!(of(23), None);
    }

    #[test]
    fn a_face_that_may_be_elsewhere_reaches_further() {
        let still = track(1, &seen(0, 20, None, 0));
        assert_eq!(fits(&still, &seen(40, 20, None, 0)), None);
        assert!(fits(&still, &seen(40, 20, None, 10_000)).is_some());
    }

    #[test]
    fn of_two_that_fit_alike_the_one_that_is_a_track_already_has_the_face() {
        let candidate = seen(0, 20, None, 0);
        for place in [0, 1] {
            let mut tracks = [None; MAX_TRACKS];
            for (slot, id) in tracks.iter_mut().zip([1, 2]) {
                *slot = Some(track(id, &candidate));
            }
            tracks[place].as_mut().unwrap().is_confirmed = true;
            let partners = associate(&tracks, &[Some(candidate), None, None, None], Duration::ZERO);
            assert_eq!(partners[0], Some(place));
        }
    }
}
