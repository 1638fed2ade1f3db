//! Somebody wants something of the sensor: they have faced it for a while.
//!
//! # Guarantees
//! * **A look is of one person**: the time runs for each track of its own, so two people who face the sensor in turns
//!   are no look. It only begins for a track that is [shown](Tracker::tracks), so a burst of false faces never is one.
//! * **One event a look**: [`Began`](AttentionEvent::Began), then [`Ended`](AttentionEvent::Ended) or
//!   [`Lost`](AttentionEvent::Lost), then `Began` again, and so on. It never begins earlier than
//!   [`hold`](AttentionConfig::hold) after the first packet that sees the face facing, nor with a packet that does not,
//!   nor unless three packets do for each that sees the head turned away.
//! * **Flicker is neither a start nor an end**: a packet that says otherwise, between two that see the face facing,
//!   does not interrupt; and a look that has begun goes on until the sensor is not faced for
//!   [`release`](AttentionConfig::release).
//! * **One look at a time**: who comes first keeps it; if several are ready at once the largest face has it, then who
//!   has faced it longest. If another one is ready when a look ends, theirs begins with the next call.
//! * **No reading is no end**: an end needs readings that show it. Without any for
//!   [`stale_after`](AttentionConfig::stale_after), or if the tracker is no longer updated, the look is
//!   [`Lost`](AttentionEvent::Lost) and the outcome unknown; who still looks after that begins anew. A pause between
//!   two calls is such a time too.
//! * **A clock that is set back** takes the past along, as in the tracker: what has begun goes on from there.
//!
//! What the caller owes: one call after every [`Tracker::update`], with the same `now`.
//!
//! What it cannot know: is-facing is the pose of the head, not the gaze of the eyes. If every fifth is-facing is wrong,
//! somebody who looks elsewhere has a look some 46 times an hour in the simulator, and six times with a hold time of
//! 1 s; if every fiftieth is, never in ten hours, unless the reader misses two packets in three. A track that breaks is
//! to it a person who leaves and another who comes.

mod config;
mod look;

use core::cmp::Reverse;
use core::time::Duration;

pub use config::AttentionConfig;
pub use look::{AttentionEvent, Look};

use super::streak::{Streak, Tolerance};
use super::time::{set_back, since};
use super::{MAX_TRACKS, Outcome, Track, TrackId, Tracker};

/// So many packets must see somebody facing. Two may be two mistakes, to a slow reader; three fit into the hold time of
/// any reader that takes one every half second.
const LEAST_FACING: u16 = 3;

/// So many packets must see somebody facing for each that sees the head turned away.
const FACING_TO_TURNED: u16 = 3;

/// For how long one person has faced the sensor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
struct Gaze {
    track: TrackId,
    streak: Streak,
    /// New packets since the last one that saw them facing.
    misses: u8,
    /// Packets of the streak that saw them facing, and that saw them turned away.
    facing: u16,
    turned: u16,
}

impl Gaze {
    fn faced(&mut self, at: Duration, config: &AttentionConfig) {
        let tolerance = Tolerance { tolerated_gap: config.flicker, longest_pause: config.stale_after };
        let first = self.streak.first();
        self.streak.sighted(at, tolerance);
        if self.streak.first() != first {
            (self.facing, self.turned) = (0, 0);
        }
        self.facing = self.facing.saturating_add(1);
        self.misses = 0;
    }

    /// A packet missed the face.
    fn missed(&mut self) {
        // One alone is no gap: what comes before and behind it is nearer to it than two readings are to each other.
        if self.misses > 0 {
            self.streak.missed();
        }
        self.misses = self.misses.saturating_add(1);
    }

    /// A packet saw the face turned away.
    fn turned(&mut self) {
        self.turned = self.turned.saturating_add(1);
        self.missed();
    }

    /// Whether enough packets of the streak agree.
    const fn is_sure(&self) -> bool {
        self.facing >= LEAST_FACING && self.facing >= self.turned.saturating_mul(FACING_TO_TURNED)
    }
}

/// Tells when somebody has faced the sensor for long enough, who, and when that is over.
///
/// ```
/// use core::time::Duration;
/// use mlsensor::PersonSensor;
/// use mlsensor::behavior::{Attention, AttentionEvent, Tracker};
/// # use mlsensor_sim::{Detection, Person, SimBus, SimSensor};
/// # let (i2c, sim) = SimBus::with_sensor(SimSensor::new().with_detection(Detection::default()));
/// # sim.set_scene([Person::at(1.0, -20.0), Person::at(0.8, 15.0).with_heading(40.0)]);
/// # let bus = i2c.clone();
///
/// let mut sensor = PersonSensor::new(i2c);
/// let mut tracker = Tracker::default();
/// let mut attention = Attention::default();
/// let mut looked_from = vec![];
/// for _ in 0..20 {
///     # bus.advance(Duration::from_millis(100));
///     # let now = bus.now();
///     tracker.update(now, sensor.read().as_ref().ok());
///     if let Some(AttentionEvent::Began(look)) = attention.update(now, &tracker) {
///         looked_from.push(look.bounds().bearing_deg());
///     }
/// }
/// assert!(matches!(looked_from[..], [-22..=-18])); // once; the other one does not face the sensor
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Attention {
    config: AttentionConfig,
    /// Those who are followed and have faced the sensor.
    gazes: [Option<Gaze>; MAX_TRACKS],
    look: Option<Look>,
    /// When the last look was over.
    over: Option<Duration>,
    /// How many readings and packets the tracker had, as of the last update.
    taken: (u32, u32),
    /// When the last reading came.
    read: Option<Duration>,
    /// When the last update was.
    updated: Option<Duration>,
    /// Since when there are readings.
    known_since: Option<Duration>,
    outcome: Outcome,
}

impl Attention {
    /// Nobody has looked yet.
    #[must_use]
    pub const fn new(config: AttentionConfig) -> Attention {
        Attention {
            config,
            gazes: [None; MAX_TRACKS],
            look: None,
            over: None,
            taken: (0, 0),
            read: None,
            updated: None,
            known_since: None,
            outcome: Outcome::Unknown,
        }
    }

    /// Takes what the tracker has concluded, after its update; says whether a look begins or is over.
    pub fn update(&mut self, now: Duration, tracker: &Tracker) -> Option<AttentionEvent> {
        self.go_on(now);
        let read = tracker.last_heard().filter(|read| since(now, *read) < self.config.stale_after);
        let (Some(read), Some(packet)) = (read, tracker.last_reading()) else { return self.lose(now) };
        // A pause between two calls is silence too: the reading that ends it shows nothing of what was in it.
        let is_silence_over = self.read.is_some_and(|before| since(read, before) > self.config.stale_after);
        let lost = if is_silence_over { self.lose(now) } else { None };
        let known_since = *self.known_since.get_or_insert(read);
        self.read = Some(read);
        // By numbers: two readings have the same time if the clock is set back in between.
        let ((readings, packets), counts) = (self.taken, tracker.counts());
        self.taken = counts;
        let is_read = counts.0 != readings;
        if counts.1 != packets {
            self.take(packet, tracker);
        }
        if lost.is_some() {
            return lost;
        }
        if let Some(look) = self.look {
            self.outcome = Outcome::Present;
            // By readings, not by the clock: a time without any shows nothing.
            let is_over = is_read && since(read, look.last_faced()) >= self.config.release;
            return is_over.then(|| self.end(now, look));
        }
        if let Some(look) = self.ready(now, packet, tracker) {
            self.look = Some(look);
            self.outcome = Outcome::Present;
            return Some(AttentionEvent::Began(look));
        }
        let is_decided = is_read
            && since(read, known_since) >= self.config.hold
            && !tracker.outcome().is_unknown()
            && !self.may_be_one(read, known_since);
        if is_decided {
            self.outcome = Outcome::Absent;
        }
        None
    }

    /// It is `now`: moves what is kept along with a clock that was set back.
    fn go_on(&mut self, now: Duration) {
        let by = set_back(&mut self.updated, now);
        if by.is_zero() {
            return;
        }
        self.gazes.iter_mut().flatten().for_each(|gaze| gaze.streak.set_back(by));
        if let Some(look) = &mut self.look {
            look.set_back(by);
        }
        for moment in [&mut self.over, &mut self.read, &mut self.known_since] {
            *moment = moment.map(|at| since(at, by));
        }
    }

    /// Takes a new packet, read at this time.
    fn take(&mut self, packet: Duration, tracker: &Tracker) {
        for slot in &mut self.gazes {
            *slot = slot.filter(|gaze| tracker.followed().any(|track| track.id() == gaze.track));
        }
        for track in tracker.followed() {
            // As of that packet: the tracker may have been updated without a reading since.
            let is_facing = track.is_facing() && track.is_in_latest_packet();
            match self.gazes.iter_mut().flatten().find(|gaze| gaze.track == track.id()) {
                Some(gaze) if is_facing => gaze.faced(packet, &self.config),
                Some(gaze) if track.is_in_latest_packet() => gaze.turned(),
                Some(gaze) => gaze.missed(),
                None if is_facing => self.begin(packet, track),
                None => {}
            }
            if let Some(look) = self.look.as_mut().filter(|look| look.track() == track.id()) {
                let last_faced = if is_facing { packet } else { look.last_faced() };
                look.go_on(track, last_faced);
            }
        }
    }

    fn begin(&mut self, packet: Duration, track: &Track) {
        let mut gaze = Gaze { track: track.id(), streak: Streak::NONE, misses: 0, facing: 0, turned: 0 };
        gaze.faced(packet, &self.config);
        // As many slots as the tracker has.
        if let Some(slot) = self.gazes.iter_mut().find(|slot| slot.is_none()) {
            *slot = Some(gaze);
        }
    }

    /// The look that may begin now: of those who have faced it for long enough, and do so in the last packet, the
    /// largest.
    fn ready(&self, now: Duration, packet: Duration, tracker: &Tracker) -> Option<Look> {
        if self.over.is_some_and(|over| since(now, over) < self.config.rearm) {
            return None;
        }
        let looks = self.gazes.iter().flatten().filter_map(|gaze| {
            let is_held = gaze.streak.length() >= self.config.hold && gaze.is_sure();
            let is_held = is_held && gaze.misses == 0;
            // Not seen in a reading that failed, either.
            let track = tracker.get(gaze.track).filter(|track| is_held && track.is_seen())?;
            Some(Look::new(track, gaze.streak.first()?, packet))
        });
        looks.max_by_key(|look| (look.bounds().area(), Reverse(look.since()), Reverse(look.track())))
    }

    /// Whether somebody faces it who has not done so for long enough yet, and began while nothing was known.
    fn may_be_one(&self, read: Duration, known_since: Duration) -> bool {
        self.gazes.iter().flatten().any(|gaze| {
            let began = gaze.streak.first().is_some_and(|first| since(first, known_since) < self.config.hold);
            let faces = gaze.streak.last().is_some_and(|last| since(read, last) <= self.config.flicker);
            began && faces && gaze.streak.length() < self.config.hold
        })
    }

    fn end(&mut self, now: Duration, look: Look) -> AttentionEvent {
        self.look = None;
        self.over = Some(now);
        self.outcome = Outcome::Absent;
        // The next look of the same person takes its own time, however short `release` is.
        for slot in &mut self.gazes {
            *slot = slot.filter(|gaze| gaze.track != look.track());
        }
        AttentionEvent::Ended(look)
    }

    fn lose(&mut self, now: Duration) -> Option<AttentionEvent> {
        self.gazes = [None; MAX_TRACKS];
        self.known_since = None;
        self.outcome = Outcome::Unknown;
        let look = self.look.take()?;
        self.over = Some(now);
        Some(AttentionEvent::Lost(look))
    }

    /// Whether somebody has the attention, as of the last update.
    ///
    /// Absent only once who faced it from the beginning would have it, which takes [`hold`](AttentionConfig::hold)
    /// twice at most, and a track to be born: until then it is unknown.
    #[must_use]
    pub const fn outcome(&self) -> Outcome {
        self.outcome
    }

    /// The look that lasts, if there is one.
    #[must_use]
    pub const fn look(&self) -> Option<&Look> {
        self.look.as_ref()
    }

    /// How it was configured.
    #[must_use]
    pub const fn config(&self) -> &AttentionConfig {
        &self.config
    }
}

impl Default for Attention {
    fn default() -> Self {
        Attention::new(AttentionConfig::DEFAULT)
    }
}
