//! Stable ids for faces: who is who from packet to packet, which the sensor does not say.
//!
//! # Guarantees
//! * **An id belongs to one track for as long as it lives**, and is given to another only when 65,000 faces have come
//!   up after it.
//! * **Nothing depends on the order of the faces in a packet**, not even an id.
//! * **A false face is no track**: a track is only shown once its face was found in four different packets and over
//!   [`birth_after`](TrackerConfig::birth_after), with no gap longer than
//!   [`tolerated_gap`](TrackerConfig::tolerated_gap) unless a single packet missed it (to a slow reader one packet is
//!   longer than that; packets of 300 ms that say the same, such as nobody, count as one). False faces have been
//!   reported in bursts of two or three packets.
//! * **A missed face is no end**: a track lives for [`death_after`](TrackerConfig::death_after) from its last sighting,
//!   and moves on meanwhile as it moved before, for half a second at most.
//! * **No reading is not nobody**: while readings fail tracks age and end, and the [outcome](Tracker::outcome) stays as
//!   it was, and then is unknown. Absent comes with a reading of nobody alone.
//! * **A pause is silence too**: a reading that comes later than [`stale_after`](TrackerConfig::stale_after) behind the
//!   one before finds the outcome unknown, also if the tracker was not updated in between.
//! * **A clock that is set back** takes the past along: tracks, ages and outcomes go on from there, and the times of a
//!   track are as if the clock had always been so (zero for what would be before it).
//! * **The same packet read twice is one sighting**, for up to 300 ms; a packet that stays the same for longer than any
//!   inference takes is a person who sits still.
//! * **A lone wrong id does not change who a track is**: ids are voted on, see [`Track::identity`].
//!
//! What the caller owes: one call for every reading, with the time at which it was read, and, if the sensor rides on a
//! pan/tilt, the direction in which it looked when the picture was taken (see [`Tracker::update_from`]).
//!
//! What it cannot know: the sensor reports four faces at most, so of more people than that some have no track, and two
//! people who pass each other so close that their faces fall together may come out of it with each other's ids.

mod association;
mod config;
mod filter;
mod identity_vote;
mod order;
mod track;

use core::time::Duration;

pub use config::TrackerConfig;
pub use track::{Track, TrackId, Velocity};

use super::time::{set_back, since};
use super::{Outcome, View};
use crate::person_sensor::{Face, Faces, MAX_FACES};
use association::{Candidate, associate};
use order::{Ordered, in_order};

/// How many tracks a [`Tracker`] holds: twice the faces of a packet, so that those that were missed for a moment, or
/// pushed out by a fifth person, keep their places.
pub const MAX_TRACKS: usize = 8;

/// In how many different packets a face must be found before it is a track. Users report that false faces come in
/// bursts of two or three packets, and that asking for four in a row removes nearly all.
const SIGHTINGS_OF_A_BIRTH: u16 = 4;

/// A packet that stays the same for this long is a new one with the same content: no inference takes longer (265 ms
/// with recognition).
const REPEATED_FOR: Duration = Duration::from_millis(300);

/// Follows up to eight people through the packets, of which each holds up to four faces.
///
/// ```
/// use core::time::Duration;
/// use mlsensor::PersonSensor;
/// use mlsensor::behavior::Tracker;
/// # use mlsensor_sim::{Detection, Person, SimBus, SimSensor};
/// # let (i2c, sim) = SimBus::with_sensor(SimSensor::new().with_detection(Detection::default()));
/// # sim.set_scene([Person::at(1.0, -20.0), Person::at(1.5, 15.0)]);
/// # let bus = i2c.clone();
///
/// let mut sensor = PersonSensor::new(i2c);
/// let mut tracker = Tracker::default();
/// for _ in 0..20 {
///     # bus.advance(Duration::from_millis(100));
///     # let now = bus.now();
///     tracker.update(now, sensor.read().as_ref().ok());
/// }
/// let bearings: Vec<i8> = tracker.tracks().map(|track| track.bounds().bearing_deg()).collect();
/// assert!((-22..=-18).contains(&bearings[0]) && (13..=17).contains(&bearings[1]));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Tracker {
    config: TrackerConfig,
    slots: [Option<Track>; MAX_TRACKS],
    next_id: u16,
    view: View,
    /// The faces of the last packet, in order, and when it came, or last counted as new.
    latest: Option<(Ordered, Duration)>,
    /// When the last reading came, new or not.
    read: Option<Duration>,
    /// How many readings there were, and how many of them were new. Not by their times: a clock that is set back gives
    /// two of them the same.
    readings: u32,
    packets: u32,
    /// When the last update was.
    updated: Option<Duration>,
    empty_since: Option<Duration>,
    outcome: Outcome,
}

impl Tracker {
    /// A tracker that has seen nobody yet.
    #[must_use]
    pub const fn new(config: TrackerConfig) -> Tracker {
        Tracker {
            config,
            slots: [None; MAX_TRACKS],
            next_id: 1,
            view: View::STILL,
            latest: None,
            read: None,
            readings: 0,
            packets: 0,
            updated: None,
            empty_since: None,
            outcome: Outcome::Unknown,
        }
    }

    /// Takes a reading of a sensor that stands still, or none.
    pub fn update(&mut self, now: Duration, reading: Option<&Faces>) {
        self.update_from(now, View::STILL, reading);
    }

    /// Takes a reading of a sensor that rides on a pan/tilt, or none. `view` is where it looked *when the picture was
    /// taken*, which is some 200 ms before it can be read: [`Aim::view`](super::Aim::view) remembers that.
    pub fn update_from(&mut self, now: Duration, view: View, reading: Option<&Faces>) {
        self.go_on(now);
        self.expire(now);
        if let Some(faces) = reading {
            self.read = Some(now);
            self.readings = self.readings.wrapping_add(1);
            let faces = in_order(faces);
            let is_repeated =
                |(latest, first): &(Ordered, Duration)| *latest == faces && since(now, *first) < REPEATED_FOR;
            if self.latest.as_ref().is_some_and(is_repeated) {
                self.slots.iter_mut().flatten().for_each(|track| track.is_seen = track.is_in_latest_packet());
            } else {
                self.latest = Some((faces, now));
                self.packets = self.packets.wrapping_add(1);
                self.view = view;
                self.take(now, faces);
            }
        } else {
            self.slots.iter_mut().flatten().for_each(|track| track.is_seen = false);
        }
        self.conclude(now, reading.is_some());
    }

    /// It is `now`: moves what is kept along with a clock that was set back, and notes a silence before a reading ends
    /// it.
    fn go_on(&mut self, now: Duration) {
        let by = set_back(&mut self.updated, now);
        if !by.is_zero() {
            self.slots.iter_mut().flatten().for_each(|track| track.set_back(by));
            self.latest = self.latest.map(|(faces, at)| (faces, since(at, by)));
            self.read = self.read.map(|at| since(at, by));
            self.empty_since = self.empty_since.map(|at| since(at, by));
        }
        // One that comes at that very moment is in time.
        if self.read.is_some_and(|read| since(now, read) > self.config.stale_after) {
            self.empty_since = None;
            self.outcome = Outcome::Unknown;
        }
    }

    fn is_silent(&self, now: Duration) -> bool {
        self.read.is_none_or(|read| since(now, read) >= self.config.stale_after)
    }

    /// Takes the faces of a new packet.
    fn take(&mut self, now: Duration, faces: Ordered) {
        let (gate, view) = (self.config.gate, self.view);
        let found =
            faces.map(|face| face.filter(|face| gate.admits(face)).map(|face| Candidate::of(&face, view)));
        let partners = associate(&self.slots, &found, now);
        for (place, slot) in self.slots.iter_mut().enumerate() {
            let Some(track) = slot else { continue };
            let partner = partners.iter().position(|partner| *partner == Some(place));
            match partner.and_then(|face| found.get(face).copied().flatten()) {
                Some(candidate) => track.sighted(now, &candidate, view),
                None => track.missed(),
            }
            let is_proven =
                track.sightings >= SIGHTINGS_OF_A_BIRTH && track.seen_for() >= self.config.birth_after;
            track.is_confirmed = track.is_confirmed || is_proven;
        }
        for (candidate, partner) in found.iter().zip(partners) {
            if let (Some(candidate), None) = (candidate, partner) {
                self.begin(now, candidate);
            }
        }
    }

    /// Begins a track, if there is room; a face that is no track yet makes room for one that is newer.
    fn begin(&mut self, now: Duration, candidate: &Candidate) {
        let (id, view) = (self.unused_id(), self.view);
        let room = match self.slots.iter_mut().position(|slot| slot.is_none()) {
            Some(place) => self.slots.get_mut(place),
            None => {
                let waiting = self.slots.iter_mut().filter(|slot| {
                    slot.is_some_and(|track| !track.is_confirmed && !track.is_in_latest_packet())
                });
                waiting.min_by_key(|slot| slot.map(|track| track.last_seen()))
            }
        };
        if let Some(slot) = room {
            *slot = Some(Track::begin(id, now, candidate, view));
        }
    }

    /// The next id that no track has: ids go round, and somebody may have sat there all the while.
    fn unused_id(&mut self) -> TrackId {
        let mut id = TrackId::new(self.next_id);
        // Of so many in a row one is free.
        for _ in 0..=MAX_TRACKS {
            id = TrackId::new(self.next_id);
            self.next_id = self.next_id.checked_add(1).unwrap_or(1);
            if !self.followed().any(|track| track.id() == id) {
                break;
            }
        }
        id
    }

    /// Ends those that have not been seen for too long. Before a packet is taken: what comes too late begins anew.
    fn expire(&mut self, now: Duration) {
        let TrackerConfig { death_after, tolerated_gap, .. } = self.config;
        for slot in &mut self.slots {
            *slot = slot.filter(|track| {
                let unseen = since(now, track.last_seen());
                // A slow reader's single packet is longer than the gap.
                let is_doubtful = !track.is_confirmed && track.misses > 1;
                unseen < death_after && !(is_doubtful && unseen > tolerated_gap)
            });
        }
    }

    fn conclude(&mut self, now: Duration, is_read: bool) {
        if self.is_silent(now) {
            self.empty_since = None;
            self.outcome = Outcome::Unknown;
        } else if self.tracks().next().is_some() {
            self.empty_since = None;
            self.outcome = Outcome::Present;
        } else if is_read {
            // By readings, not by the clock: a time without any shows nothing. Somebody who may yet turn out to be
            // there is waited for; that is decided within a few packets.
            let empty_since = *self.empty_since.get_or_insert(now);
            let is_empty = self.followed().next().is_none();
            if is_empty && since(now, empty_since) >= self.config.birth_after {
                self.outcome = Outcome::Absent;
            }
        }
    }

    /// The tracks, in the order of their slots, which means nothing.
    pub fn tracks(&self) -> impl Iterator<Item = &Track> {
        self.slots.iter().flatten().filter(|track| track.is_confirmed)
    }

    /// The track with this id, if it lives.
    #[must_use]
    pub fn get(&self, id: TrackId) -> Option<&Track> {
        self.tracks().find(|track| track.id() == id)
    }

    /// Every face that is followed, also those that are no tracks yet.
    pub(super) fn followed(&self) -> impl Iterator<Item = &Track> {
        self.slots.iter().flatten()
    }

    /// How many readings there were, and how many of them were not a repetition of the one before; both go round.
    pub(super) const fn counts(&self) -> (u32, u32) {
        (self.readings, self.packets)
    }

    /// Whether there is a track, as of the last update.
    ///
    /// Absent only once readings over [`birth_after`](TrackerConfig::birth_after) left nobody who is or may become a
    /// track: until then it is what it was, unknown at first.
    #[must_use]
    pub const fn outcome(&self) -> Outcome {
        self.outcome
    }

    /// When the last reading came that was not a repetition of the one before it.
    #[must_use]
    pub const fn last_reading(&self) -> Option<Duration> {
        match self.latest {
            Some((_, at)) => Some(at),
            None => None,
        }
    }

    /// When the last reading came, repetition or not.
    #[must_use]
    pub const fn last_heard(&self) -> Option<Duration> {
        self.read
    }

    /// How it was configured.
    #[must_use]
    pub const fn config(&self) -> &TrackerConfig {
        &self.config
    }
}

impl Default for Tracker {
    fn default() -> Self {
        Tracker::new(TrackerConfig::DEFAULT)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::person_sensor::Bounds;

    #[test]
    fn ids_go_round_and_pass_over_those_that_are_in_use() {
        let face = Face::new(Bounds::new(100, 80, 120, 110).unwrap(), 90, None, true).unwrap();
        let candidate = Candidate::of(&face, View::STILL);
        let mut tracker = Tracker::default();
        tracker.begin(Duration::ZERO, &candidate);
        tracker.next_id = u16::MAX;
        tracker.begin(Duration::ZERO, &candidate);
        tracker.begin(Duration::ZERO, &candidate);
        let ids: Vec<u16> = tracker.followed().map(|track| track.id().get()).collect();
        assert_eq!(ids, [1, u16::MAX, 2]);
    }

    /// Tracks that began each at another moment, in seconds.
    fn full() -> (Tracker, Candidate) {
        let face = Face::new(Bounds::new(100, 80, 120, 110).unwrap(), 90, None, true).unwrap();
        let candidate = Candidate::of(&face, View::STILL);
        let mut tracker = Tracker::default();
        (1..=8).for_each(|at| tracker.begin(Duration::from_secs(at), &candidate));
        (tracker, candidate)
    }

    fn ids(tracker: &Tracker) -> Vec<u16> {
        tracker.followed().map(|track| track.id().get()).collect()
    }

    #[test]
    fn a_new_face_takes_the_place_of_the_one_that_was_not_seen_for_longest_and_is_no_track() {
        let (mut tracker, candidate) = full();
        tracker.slots[0].as_mut().unwrap().is_confirmed = true;
        tracker.slots.iter_mut().flatten().for_each(Track::missed);
        // Also if the clock is set back, so that this packet has the time of the one before.
        for slot in tracker.slots.iter_mut().flatten().skip(2) {
            slot.last_seen = Duration::from_secs(9);
        }
        tracker.begin(Duration::from_secs(9), &candidate);
        assert_eq!(ids(&tracker), [1, 9, 3, 4, 5, 6, 7, 8]);
        tracker.begin(Duration::from_secs(9), &candidate);
        assert_eq!(ids(&tracker), [1, 9, 10, 4, 5, 6, 7, 8]);
    }

    #[test]
    fn faces_of_one_packet_do_not_push_each_other_out() {
        let (mut tracker, candidate) = full();
        tracker.begin(Duration::from_secs(9), &candidate);
        assert_eq!(ids(&tracker), [1, 2, 3, 4, 5, 6, 7, 8]);
    }
}
