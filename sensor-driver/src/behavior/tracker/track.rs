//! One person, as far as a tracker can tell.

use core::fmt;
use core::time::Duration;

use super::super::time::since;
use super::super::{Direction, View};
use super::association::Candidate;
use super::filter::Axis;
use super::identity_vote::Vote;
use crate::person_sensor::{Bounds, FIELD_OF_VIEW_MILLIDEG, Face, PersonId, VERTICAL_FIELD_OF_VIEW_MILLIDEG};

/// The name of a track, 1..=65535. It means nothing beyond this tracker, and nothing about who somebody is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct TrackId(u16);

impl TrackId {
    pub(super) const fn new(id: u16) -> TrackId {
        TrackId(id)
    }

    /// As a number, 1..=65535.
    #[must_use]
    pub const fn get(self) -> u16 {
        self.0
    }
}

impl fmt::Display for TrackId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

/// How fast a direction changes, in thousandths of a degree a second.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Velocity {
    /// To the right (negative: to the left), in thousandths of a degree a second.
    pub pan_millideg_per_s: i32,
    /// Up (negative: down), in thousandths of a degree a second.
    pub tilt_millideg_per_s: i32,
}

/// One person, followed through the packets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Track {
    id: TrackId,
    face: Face,
    pan: Axis,
    tilt: Axis,
    /// Smoothed, in 16ths of a view unit.
    width: u16,
    height: u16,
    view: View,
    first_seen: Duration,
    pub(super) last_seen: Duration,
    vote: Vote,
    pub(super) sightings: u16,
    /// New packets since the last sighting.
    pub(super) misses: u8,
    pub(super) is_confirmed: bool,
    pub(super) is_seen: bool,
}

impl Track {
    pub(super) fn begin(id: TrackId, now: Duration, candidate: &Candidate, view: View) -> Track {
        let bounds = candidate.face.bounds();
        let mut vote = Vote::default();
        if let Some(identity) = candidate.face.identity() {
            vote.cast(identity.id());
        }
        Track {
            id,
            face: candidate.face,
            pan: Axis::at(candidate.pan),
            tilt: Axis::at(candidate.tilt),
            width: sixteenths(bounds.width()),
            height: sixteenths(bounds.height()),
            view,
            first_seen: now,
            last_seen: now,
            vote,
            sightings: 1,
            misses: 0,
            is_confirmed: false,
            is_seen: true,
        }
    }

    pub(super) fn sighted(&mut self, now: Duration, candidate: &Candidate, view: View) {
        let after = since(now, self.last_seen);
        let bounds = candidate.face.bounds();
        self.pan.measured(candidate.pan, self.sightings, after, view.uncertainty_millideg);
        self.tilt.measured(candidate.tilt, self.sightings, after, view.uncertainty_millideg);
        smooth(&mut self.width, bounds.width());
        smooth(&mut self.height, bounds.height());
        if let Some(identity) = candidate.face.identity() {
            self.vote.cast(identity.id());
        }
        self.last_seen = now;
        self.face = candidate.face;
        self.view = view;
        self.sightings = self.sightings.saturating_add(1);
        self.misses = 0;
        self.is_seen = true;
    }

    pub(super) fn missed(&mut self) {
        self.misses = self.misses.saturating_add(1);
        self.pan.missed();
        self.tilt.missed();
        self.is_seen = false;
    }

    /// The caller's clock was set back by this much.
    pub(super) fn set_back(&mut self, by: Duration) {
        self.first_seen = since(self.first_seen, by);
        self.last_seen = since(self.last_seen, by);
    }

    /// Whether the latest packet saw it, also if a read has failed since.
    pub(in super::super) const fn is_in_latest_packet(&self) -> bool {
        self.misses == 0
    }

    /// From the first sighting to the last.
    pub(super) const fn seen_for(&self) -> Duration {
        since(self.last_seen, self.first_seen)
    }

    /// Pan and tilt at a moment, in thousandths of a degree.
    pub(super) fn predicted(&self, now: Duration) -> (i32, i32) {
        let after = since(now, self.last_seen());
        (self.pan.predicted(after), self.tilt.predicted(after))
    }

    /// The smoothed width and height in view units.
    pub(super) fn width(&self) -> u8 {
        whole(self.width)
    }

    pub(super) fn height(&self) -> u8 {
        whole(self.height)
    }

    /// Its name.
    #[must_use]
    pub const fn id(&self) -> TrackId {
        self.id
    }

    /// The face as it was last reported, unsmoothed.
    #[must_use]
    pub const fn face(&self) -> &Face {
        &self.face
    }

    /// Where the face is in the picture, smoothed over the last packets: as of its last sighting.
    #[must_use]
    pub fn bounds(&self) -> Bounds {
        let off_axis = |direction: i32, view: i32| direction.saturating_sub(view).clamp(-90_000, 90_000);
        let across = off_axis(self.pan.position, self.view.direction.pan_millideg);
        let down = off_axis(self.view.direction.tilt_millideg, self.tilt.position);
        let (left, right) = edges(across, FIELD_OF_VIEW_MILLIDEG, self.width);
        let (top, bottom) = edges(down, VERTICAL_FIELD_OF_VIEW_MILLIDEG, self.height);
        Bounds::new(left, top, right, bottom).unwrap_or(self.face.bounds())
    }

    /// In which direction the face is from the mount, smoothed: as of its last sighting. For a sensor that stands still
    /// this is the bearing and the elevation of [`bounds`](Self::bounds).
    #[must_use]
    pub const fn direction(&self) -> Direction {
        Direction::new(self.pan.position, self.tilt.position)
    }

    /// In which direction the face is at a moment, if it goes on as it moved: for half a second at most.
    #[must_use]
    pub fn direction_at(&self, now: Duration) -> Direction {
        let (pan, tilt) = self.predicted(now);
        Direction::new(pan, tilt)
    }

    /// How fast the direction changes.
    #[must_use]
    pub const fn velocity(&self) -> Velocity {
        Velocity { pan_millideg_per_s: self.pan.velocity, tilt_millideg_per_s: self.tilt.velocity }
    }

    /// When it was first seen.
    #[must_use]
    pub const fn first_seen(&self) -> Duration {
        self.first_seen
    }

    /// When it was last seen: in the packet that was read then for the first time.
    #[must_use]
    pub const fn last_seen(&self) -> Duration {
        self.last_seen
    }

    /// How long ago it was first seen.
    #[must_use]
    pub fn age(&self, now: Duration) -> Duration {
        since(now, self.first_seen)
    }

    /// Whether the latest reading saw it; if not, it is where it was last seen, or has moved on.
    #[must_use]
    pub const fn is_seen(&self) -> bool {
        self.is_seen
    }

    /// Whether the head pointed at the sensor when it was last seen. This flickers:
    /// [`Attention`](super::super::Attention) does not.
    #[must_use]
    pub const fn is_facing(&self) -> bool {
        self.face.is_facing()
    }

    /// Who it is, by the votes of many packets; `None` if too few agree, or recognition is off.
    ///
    /// Three sightings that agree make somebody known. One or two wrong ids among them do not change it; of another id
    /// three in a row do if there were no more than those three, and else four.
    #[must_use]
    pub const fn identity(&self) -> Option<PersonId> {
        self.vote.elected()
    }
}

impl fmt::Display for Track {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "track {} at {}", self.id, self.bounds())?;
        if let Some(id) = self.identity() {
            write!(f, ", id {id}")?;
        }
        f.write_str(if self.is_facing() { ", facing" } else { ", not facing" })
    }
}

const fn sixteenths(units: u8) -> u16 {
    (units as u16).saturating_mul(16)
}

const fn whole(sixteenths: u16) -> u8 {
    let rounded = sixteenths.saturating_add(8) / 16;
    if rounded > 255 { 255 } else { rounded as u8 }
}

/// Goes two fifths of the way to what was measured.
fn smooth(size: &mut u16, measured: u8) {
    // Both are at most 255 * 16 = 4080.
    let kept = size.saturating_mul(3);
    *size = kept.saturating_add(sixteenths(measured).saturating_mul(2)) / 5;
}

/// The edges, in view units, of something in this direction off the axis and this many 16ths of a unit wide.
fn edges(off_axis_millideg: i32, field: i32, size: u16) -> (u8, u8) {
    // Twice the middle, in 16ths: 255 * 16 on the axis. |off axis| <= 90,000: no overflow.
    let field = if field > 0 { field } else { 1 };
    let twice = off_axis_millideg.saturating_mul(510 * 16).checked_div(field).unwrap_or(0);
    let twice = twice.saturating_add(255 * 16);
    let size = i32::from(size);
    let edge = |at: i32| (at.saturating_add(16).div_euclid(32)).clamp(0, 255) as u8;
    (edge(twice.saturating_sub(size)), edge(twice.saturating_add(size)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_goes_two_fifths_of_the_way() {
        let mut size = sixteenths(20);
        smooth(&mut size, 30);
        assert_eq!(whole(size), 24);
    }
}
