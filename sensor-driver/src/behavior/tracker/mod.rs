//! Stable ids for faces: who is who from packet to packet, which the sensor does not say.
//!
//! # Guarantees
//! * **An id belongs to one track for as long as it lives** and is given to no other for 65,535 tracks after that.
//! * **Nothing depends on the order of the faces in a packet.**
//! * **A false face is no track**: a track is only shown once its face was found in four different packets and over
//!   [`birth_after`](TrackerConfig::birth_after), with no gap longer than [`tolerated_gap`](TrackerConfig::tolerated_gap).
//!   False faces have been reported in bursts of two or three packets.
//! * **A missed face is no end**: a track lives for [`death_after`](TrackerConfig::death_after) from its last sighting,
//!   and moves on meanwhile as it moved before, for half a second at most.
//! * **No reading is not nobody**: while readings fail tracks age and end, and then the [outcome](Tracker::outcome) is
//!   unknown, not absent.
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
mod filter;
mod identity_vote;
mod track;

use core::time::Duration;

pub use track::{Track, TrackId, Velocity};

use super::time::since;
use super::{Gate, Outcome, View};
use crate::person_sensor::{Face, Faces, MAX_FACES};
use association::{Candidate, associate};

/// How many tracks a [`Tracker`] holds: twice the faces of a packet, so that those that were missed for a moment, or pushed
/// out by a fifth person, keep their places.
pub const MAX_TRACKS: usize = 8;

/// In how many different packets a face must be found before it is a track. Users report that false faces come in
/// bursts of two or three packets, and that asking for four in a row removes nearly all.
const SIGHTINGS_OF_A_BIRTH: u16 = 4;

/// A packet that stays the same for this long is a new one with the same content: no inference takes longer (265 ms
/// with recognition).
const REPEATED_FOR: Duration = Duration::from_millis(300);

/// How a [`Tracker`] tells faces apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default))]
#[non_exhaustive]
pub struct TrackerConfig {
    /// How long a face must have been seen to be a track. 400 ms: with the four packets that are asked for in any case,
    /// the third interval between inferences of 140 ms.
    pub birth_after: Duration,
    /// The longest gap between two sightings of a face that is no track yet. 300 ms: two inferences of 140 ms, so one
    /// of them may miss it. (With recognition an inference takes up to 265 ms: see
    /// [`WITH_RECOGNITION`](Self::WITH_RECOGNITION).)
    pub tolerated_gap: Duration,
    /// How long a track lives without a sighting. 1.5 s: at 3 m, where a quarter of inferences may miss a face, ten in
    /// a row do so once in a million times; and in a longer time people go further than a track can be believed.
    pub death_after: Duration,
    /// After this long without a reading nothing is known. 1 s: three missed readings of a slow reader.
    pub stale_after: Duration,
    /// Which faces count at all.
    pub gate: Gate,
}

impl TrackerConfig {
    /// As `Default`, for use in constants.
    pub const DEFAULT: TrackerConfig = TrackerConfig {
        birth_after: Duration::from_millis(400),
        tolerated_gap: Duration::from_millis(300),
        death_after: Duration::from_millis(1500),
        stale_after: Duration::from_millis(1000),
        gate: Gate::OPEN,
    };

    /// For a sensor that runs recognition, whose inferences take up to 265 ms: gaps of 600 ms.
    pub const WITH_RECOGNITION: TrackerConfig =
        TrackerConfig { tolerated_gap: Duration::from_millis(600), ..TrackerConfig::DEFAULT };

    /// The same with another time to be born.
    #[must_use]
    pub const fn with_birth_after(self, birth_after: Duration) -> Self {
        TrackerConfig { birth_after, ..self }
    }

    /// The same with another tolerated gap.
    #[must_use]
    pub const fn with_tolerated_gap(self, tolerated_gap: Duration) -> Self {
        TrackerConfig { tolerated_gap, ..self }
    }

    /// The same with another time to die.
    #[must_use]
    pub const fn with_death_after(self, death_after: Duration) -> Self {
        TrackerConfig { death_after, ..self }
    }

    /// The same with another time after which nothing is known.
    #[must_use]
    pub const fn with_stale_after(self, stale_after: Duration) -> Self {
        TrackerConfig { stale_after, ..self }
    }

    /// The same with another gate.
    #[must_use]
    pub const fn with_gate(self, gate: Gate) -> Self {
        TrackerConfig { gate, ..self }
    }
}

impl Default for TrackerConfig {
    fn default() -> Self {
        TrackerConfig::DEFAULT
    }
}

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
#[derive(Debug, Clone)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Tracker {
    config: TrackerConfig,
    slots: [Option<Track>; MAX_TRACKS],
    next_id: u16,
    view: View,
    /// The last reading, and when it first came; the moment of the last one that counted as new.
    latest: Option<(Faces, Duration)>,
    fresh: Option<Duration>,
    read: Option<Duration>,
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
            fresh: None,
            read: None,
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
        let is_repeated = match (&self.latest, reading) {
            (Some((latest, first)), Some(faces)) => latest == faces && since(now, *first) < REPEATED_FOR,
            _ => false,
        };
        if let Some(faces) = reading {
            self.read = Some(now);
            if !is_repeated {
                self.latest = Some((*faces, now));
                self.fresh = Some(now);
                self.view = view;
                self.take(now, faces);
            }
        } else {
            for track in self.slots.iter_mut().flatten() {
                track.is_seen = false;
            }
        }
        self.end_tracks(now);
        self.conclude(now);
    }

    /// Takes the faces of a new packet.
    fn take(&mut self, now: Duration, faces: &Faces) {
        let mut found = [None; MAX_FACES];
        for (slot, face) in found.iter_mut().zip(self.config.gate.admitted(faces)) {
            *slot = Some(Candidate::of(face, self.view));
        }
        let partners = associate(&self.slots, &found, now);
        let tolerated_gap = self.config.tolerated_gap;
        for (place, slot) in self.slots.iter_mut().enumerate() {
            let Some(track) = slot else { continue };
            let partner = partners.iter().position(|partner| *partner == Some(place));
            match partner.and_then(|face| found.get(face).copied().flatten()) {
                Some(candidate) => track.sighted(now, &candidate, self.view, tolerated_gap),
                None => track.missed(),
            }
        }
        for (candidate, partner) in found.iter().zip(partners) {
            if let (Some(candidate), None) = (candidate, partner) {
                self.begin(now, candidate);
            }
        }
    }

    /// Begins a track, if there is room; a face that is no track yet makes room for one that is newer.
    fn begin(&mut self, now: Duration, candidate: &Candidate) {
        let id = TrackId::new(self.next_id);
        let view = self.view;
        let room = match self.slots.iter_mut().position(|slot| slot.is_none()) {
            Some(place) => self.slots.get_mut(place),
            None => {
                let waiting = self
                    .slots
                    .iter_mut()
                    .filter(|slot| slot.is_some_and(|track| !track.is_confirmed && track.last_seen() != now));
                waiting.min_by_key(|slot| slot.map(|track| track.last_seen()))
            }
        };
        if let Some(slot) = room {
            *slot = Some(Track::begin(id, now, candidate, view));
            self.next_id = self.next_id.checked_add(1).unwrap_or(1);
        }
    }

    /// Confirms those that have been seen for long enough, and ends those that have not been seen for too long.
    fn end_tracks(&mut self, now: Duration) {
        for slot in &mut self.slots {
            let Some(track) = slot else { continue };
            let unseen = since(now, track.last_seen());
            if track.is_confirmed {
                if unseen >= self.config.death_after {
                    *slot = None;
                }
            } else if unseen > self.config.tolerated_gap {
                *slot = None;
            } else if track.sightings >= SIGHTINGS_OF_A_BIRTH && track.seen_for() >= self.config.birth_after {
                track.is_confirmed = true;
            }
        }
    }

    fn conclude(&mut self, now: Duration) {
        let is_stale = self.read.is_none_or(|read| since(now, read) >= self.config.stale_after);
        if is_stale {
            self.empty_since = None;
            self.outcome = Outcome::Unknown;
        } else if self.tracks().next().is_some() {
            self.empty_since = None;
            self.outcome = Outcome::Present;
        } else {
            let empty_since = *self.empty_since.get_or_insert(now);
            // Anybody who is there would be a track by now.
            if since(now, empty_since) >= self.config.birth_after {
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

    /// Whether there is a track: as of the last update.
    #[must_use]
    pub const fn outcome(&self) -> Outcome {
        self.outcome
    }

    /// When the last reading came that was not a repetition of the one before it.
    #[must_use]
    pub const fn last_reading(&self) -> Option<Duration> {
        self.fresh
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
