//! When to read next, so that each inference is read once, and soon.
//!
//! The sensor has neither a counter nor a flag for new data (Guide, Data Format), and its rate is known only roughly:
//! about 140 ms for a detection, 125 ms more with recognition (Datasheet), other boards otherwise. A timer reads some
//! results twice and some never, and what it reads is old by up to a whole period. But results mostly differ from one
//! to the next, if only by a unit of a box, so changes between reads show when results are published.
//!
//! [`Cadence`] says when to read, and learns from what was read. At first it reads at a plain pace, then, from the
//! first change on, every 10 ms for three more changes: now it knows period and phase. From there it reads once an
//! inference, shortly after the result should be there. A read that came too early (nothing has changed) is repeated
//! a little later, and then the moment of the result is known well; a read that was in time shows only that the
//! result was there already, so the next one comes a little earlier. How early and how late is a matter of the
//! jitter, which is measured as well. Now and then a read goes in between, where nothing should change: if it does,
//! the rate is another one, and the period is searched anew.
//!
//! # Guarantees
//! * **No storm, whatever is read**: two reads are never closer than [`CadenceConfig::least_gap`], and in the long run
//!   there are at most 1.45 reads for each period that is believed in: one, 0.28 for waiting and probing, 0.16 for
//!   searching, the last two from savings that are limited (8 and 300 reads, and as much may be owed); and failed reads
//!   once more.
//! * **No search without an end**, though reads fail or come late: it is given up when nothing has changed for twice
//!   [`CadenceConfig::slowest`], and after 300 reads (or after as many as [`CadenceConfig::search_step`] goes into six
//!   times `slowest`, if those are more; then so much may be owed). Apart from that, a sensor that does not answer is
//!   read no oftener, and one whose results never change once a period.
//! * **A pin that lies does little harm**: an edge after which a read finds nothing new teaches nothing, and costs at
//!   most one read for each 32 others, from savings of seven; where reads fail, no more than those seven are heeded.
//! * **No pause**: two reads are never further apart than [`CadenceConfig::slowest`].
//! * **A failed read teaches nothing**: it never counts as a change, and it is repeated once at once. A read that
//!   starts later than asked for does no harm: hand in when it started.
//! * **What was learned is kept** while nothing changes and while reads fail, with growing uncertainty about the phase.
//! * No I/O, no clock, fixed size, integers alone. Time that goes backward counts as no time.
//!
//! What the caller owes: to read at [`next_read`](Cadence::next_read) or soon after, and to hand in every read with the
//! time at which it *started*: a choice, because no source says when in a read the sensor takes the result it sends.
//! The clock is one that is never set: after a step backward the next read is asked for when it has caught up.
//!
//! # What to expect
//! Measured in simulation (`tests/cadence.rs`) at periods of 50 to 333 ms, in a scene whose packets all differ. Age is
//! from when a result can be read to when its first read starts. Jitter: each interval is off by a share of the period,
//! uniformly, by up to so much.
//!
//! | jitter | mean age at 50, 140 and 333 ms | reads an inference | missed |
//! |---|---|---|---|
//! | none | 3, 3, 3 ms | 1.1 | none |
//! | 5 % | 5, 7, 15 ms | 1.1 to 1.3 | none |
//! | 15 % | 8, 18, 44 ms | 1.2 to 1.4 | 1 in 10,000 |
//! | 25 % | 11, 33, 76 ms | 1.3 to 1.6 | 1 in 300 |
//!
//! * The period is found within six inferences of the first change. A drift of 1 % a minute changes little.
//! * A new rate is mostly found within 2 to 8 s. If it is faster, some results are missed until then.
//! * In an empty room nothing can be learned: one read a period. A board whose inferences all take the same time is
//!   still read within a sixth of a period after a minute, on average; one with 5 % jitter, anywhere within a period.
//!   Who appears is seen within one period, and from the second result on the reads are exact again; with the edge of
//!   the presence pin ([`pin_changed`](Cadence::pin_changed)), from the first.
//! * Where many results equal the one before (somebody sits still before a sensor without noise), those cannot be
//!   told from late ones. Reads stay few, 1.3 to 1.5 an inference over hours, but data is older then (at 140 ms, 5 %
//!   jitter: 30 ms if one in ten is equal, 55 ms if half are), and the period may be taken for a multiple of the true
//!   one for a while, in which some results are missed. Where fewer than one in three differs, at three inferences a
//!   second, it may take hours until the period is found; until then it reads as in an empty room.
//! * One inference in fifty that takes half as long again: 1.3 to 1.4 reads an inference, 1 result in 700 missed.

mod config;
mod doubt;
mod freshness;
mod mean;
mod moment;
mod phase;
mod search;
mod track;

use core::time::Duration;

pub use config::CadenceConfig;
use config::Limits;
pub use freshness::{Freshness, Lock};
use moment::{duration, earlier, later};
use phase::Phase;
use search::{Aim, Search};
use track::{Track, Verdict};

use super::time::micros;
use crate::person_sensor::Faces;

/// A read in the units in which searching is paid for: every other read brings one.
const READ: i32 = 8;

/// The most that is saved for searching.
const SAVINGS: i32 = 300 * READ;

/// What a search needs at least to begin.
const SEARCH: i32 = 60 * READ;

/// What an edge of the pin costs if the read that follows it finds nothing new. Every other read brings one, and no more
/// than seven such edges are saved for.
const FALSE_EDGE: u8 = 32;

/// Further back than this many microseconds is all the same.
const LONG_AGO: i32 = 1_000_000_000;

/// Finds out when the sensor publishes its results, and says when to read.
///
/// ```
/// use core::time::Duration;
/// use mlsensor::behavior::{Cadence, Freshness, Lock};
/// use mlsensor::PersonSensor;
/// use mlsensor_sim::{Detection, Person, SimBus, SimSensor};
///
/// let (bus, sim) = SimBus::with_sensor(SimSensor::new().with_detection(Detection::default()));
/// sim.set_scene([Person::at(1.0, 0.0)]);
/// let mut sensor = PersonSensor::new(bus.clone());
/// let mut cadence = Cadence::default();
/// let mut fresh = 0;
/// while bus.now() < Duration::from_secs(20) {
///     bus.advance(cadence.next_read().saturating_sub(bus.now())); // sleep until then
///     let started = bus.now();
///     let reading = sensor.read();
///     match cadence.read_done(started, reading.as_ref().ok()) {
///         Freshness::New | Freshness::Presumed => fresh += 1, // an inference to act upon
///         Freshness::Repeated | Freshness::NoReading => {}
///     }
/// }
/// assert_eq!(cadence.lock(), Lock::Locked);
/// assert!(cadence.period().is_some_and(|period| period.abs_diff(Duration::from_millis(140)).as_millis() < 3));
/// assert!((120..=145).contains(&fresh)); // seven a second
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Cadence {
    limits: Limits,
    /// The latest event. All other times are microseconds after it, mostly below zero.
    origin: Duration,
    next: i32,
    /// When the latest read started, and the latest that was a reading, which is `faces`.
    tried: Option<i32>,
    read: Option<i32>,
    faces: Faces,
    published: Option<i32>,
    /// The latest edge of the pin that was believed, and whether no read has followed it.
    edge: Option<i32>,
    is_edge_unread: bool,
    trust: u8,
    /// Kept through a search, in case that it is in vain.
    track: Option<Track>,
    search: Option<Search>,
    savings: i32,
}

impl Default for Cadence {
    fn default() -> Self {
        Cadence::new(CadenceConfig::DEFAULT)
    }
}

impl Cadence {
    /// A cadence of which nothing is known yet. The first read is due at once.
    #[must_use]
    pub const fn new(config: CadenceConfig) -> Cadence {
        Cadence {
            limits: config.limits(),
            origin: Duration::ZERO,
            next: 0,
            tried: None,
            read: None,
            faces: Faces::EMPTY,
            published: None,
            edge: None,
            is_edge_unread: false,
            trust: u8::MAX,
            track: None,
            search: None,
            savings: SAVINGS,
        }
    }

    /// The time at which to read next; now or before now means at once.
    #[must_use]
    pub fn next_read(&self) -> Duration {
        later(self.origin, self.next)
    }

    /// The period of the results, once it is known.
    #[must_use]
    pub fn period(&self) -> Option<Duration> {
        self.track.as_ref().map(|track| duration(track.phase().period()))
    }

    /// When the latest result that was read, or announced by the pin, became readable: as well as that is known, and
    /// where nothing changes, as well as it can be foreseen. `None` before the first change.
    #[must_use]
    pub fn published(&self) -> Option<Duration> {
        self.published.map(|published| earlier(self.origin, published.saturating_neg()))
    }

    /// How well the cadence is known.
    #[must_use]
    pub fn lock(&self) -> Lock {
        match (&self.search, &self.track) {
            (None, Some(track)) if track.is_coasting() => Lock::Coasting,
            (None, Some(_)) => Lock::Locked,
            _ => Lock::Searching,
        }
    }

    /// A read is done: it *started* at `now`, and gave this reading, or `None`. Says whether it is of a new inference.
    pub fn read_done(&mut self, now: Duration, reading: Option<&Faces>) -> Freshness {
        self.shift(now);
        let late = self.next.saturating_neg().max(0);
        let before = self.tried.replace(0);
        self.savings = match &mut self.search {
            Some(search) => {
                search.read();
                self.savings.saturating_sub(READ)
            }
            None => self.savings.saturating_add(1).min(SAVINGS),
        };
        if let (None, Some(track), Some(_)) = (&self.search, &mut self.track, reading) {
            track.pay();
        }
        let freshness = match reading {
            Some(faces) => self.compare(faces, late),
            None => {
                // A line that swings where no sensor answers would otherwise be believed for ever.
                if self.is_edge_unread && self.edge >= before {
                    self.trust = self.trust.saturating_sub(FALSE_EDGE);
                }
                if let (None, Some(track)) = (&self.search, &mut self.track) {
                    track.failed(&self.limits);
                }
                Freshness::NoReading
            }
        };
        if self.search.is_some_and(|search| search.is_in_vain(&self.limits)) {
            self.search = None;
        }
        self.schedule();
        freshness
    }

    /// The level of the presence pin changed at `now`: a result was published just then. It is read at once. An edge
    /// within [`CadenceConfig::least_gap`] of the one before is taken for bouncing, and what an edge says is learned
    /// when the read that follows it finds something new. If again and again it does not, edges are hardly heeded.
    ///
    /// A line that may be left open needs a resistor that pulls it down: else it picks up the mains.
    pub fn pin_changed(&mut self, now: Duration) {
        self.shift(now);
        let least_gap = self.limits.least_gap;
        if self.edge.is_some_and(|edge| edge.saturating_add(least_gap) > 0) || self.trust < FALSE_EDGE {
            return;
        }
        self.edge = Some(0);
        self.is_edge_unread = true;
        self.published = Some(0);
        self.next = self.tried.map_or(0, |tried| tried.saturating_add(least_gap).max(0));
    }

    /// Counts all times from `now` on; never backward.
    fn shift(&mut self, now: Duration) {
        let by = micros(now).saturating_sub(micros(self.origin)).max(0).min(LONG_AGO as i64) as i32;
        self.origin = self.origin.max(now);
        self.next = self.next.saturating_sub(by).max(-LONG_AGO);
        for at in [&mut self.tried, &mut self.read, &mut self.published, &mut self.edge] {
            *at = at.map(|at| at.saturating_sub(by).max(-LONG_AGO));
        }
        if let Some(track) = &mut self.track {
            track.shift(by);
            if self.search.is_none() {
                track.earn(by);
            }
        }
        if let Some(search) = &mut self.search {
            search.shift(by);
        }
    }

    fn compare(&mut self, faces: &Faces, late: i32) -> Freshness {
        let before = core::mem::replace(&mut self.faces, *faces);
        let was_edge = core::mem::replace(&mut self.is_edge_unread, false);
        let Some(after) = self.read.replace(0) else { return Freshness::New };
        let is_new = before != *faces;
        // One that is true by chance, as of a line that swings at the sensor's pace, brings no more than any other read.
        let is_false_edge = was_edge && !is_new;
        self.trust =
            if is_false_edge { self.trust.saturating_sub(FALSE_EDGE) } else { self.trust.saturating_add(1) };
        if !is_new {
            return self.unchanged();
        }
        // Of one that was long ago nothing is left to learn.
        match self.edge.filter(|edge| was_edge && *edge > self.limits.slowest.saturating_neg()) {
            Some(edge) => self.changed_at(edge),
            None => self.changed(after, late),
        }
        Freshness::New
    }

    /// Something changed at this edge of the pin.
    fn changed_at(&mut self, edge: i32) {
        self.published = Some(edge);
        match (&mut self.search, &mut self.track) {
            (None, None) => self.begin(Aim::Period, edge),
            (Some(search), track) => match track {
                Some(track) if search.aim() == Aim::Phase => {
                    track.edge(edge, &self.limits);
                    self.search = None;
                }
                _ => {
                    if search.changed(edge, &self.limits) {
                        self.conclude();
                    }
                }
            },
            (None, Some(track)) => track.edge(edge, &self.limits),
        }
    }

    /// Something changed between `after` and now.
    fn changed(&mut self, after: i32, late: i32) {
        match (&mut self.search, &mut self.track) {
            (None, None) => {
                self.published = Some(after / 2);
                self.begin(Aim::Period, after);
            }
            (Some(search), track) => {
                let is_enough = search.changed(after, &self.limits);
                let Some(latest) = search.latest() else { return };
                self.published = Some(latest);
                match track {
                    Some(track) if search.aim() == Aim::Phase => {
                        track.found(latest, search.step() / 2);
                        self.search = None;
                    }
                    _ if is_enough => self.conclude(),
                    _ => {}
                }
            }
            (None, Some(track)) => {
                let (verdict, published) = track.changed(after, late, &self.limits);
                self.published = Some(published);
                match verdict {
                    Verdict::Stale => self.begin(Aim::Phase, -LONG_AGO),
                    Verdict::Doubtful => self.begin(Aim::Period, -LONG_AGO),
                    Verdict::Expected | Verdict::Presumed => {}
                }
            }
        }
    }

    fn unchanged(&mut self) -> Freshness {
        match (&self.search, &mut self.track) {
            (None, None) => Freshness::Presumed,
            (Some(_), _) => Freshness::Repeated,
            (None, Some(track)) => match track.unchanged(&self.limits) {
                (Verdict::Presumed, published) => {
                    self.published = Some(published);
                    Freshness::Presumed
                }
                _ => Freshness::Repeated,
            },
        }
    }

    /// Begins a search, if there is something left for it, with a change between `after` and now.
    fn begin(&mut self, aim: Aim, after: i32) {
        // Something is left for the period when the phase was looked for again and again in vain.
        if self.savings >= if aim == Aim::Phase { 2 * SEARCH } else { SEARCH } {
            let mut search = Search::new(aim, &self.limits);
            search.changed(after, &self.limits);
            self.search = Some(search);
        }
    }

    /// Enough has changed: ends the search.
    fn conclude(&mut self) {
        let Some(search) = self.search.take() else { return };
        let (Some(period), Some(latest)) = (search.period(&self.limits), search.latest()) else { return };
        let phase = Phase::new(latest, search.step(), period);
        self.track = Some(match &self.track {
            Some(track) => track.renewed(phase),
            None => Track::new(phase),
        });
    }

    fn schedule(&mut self) {
        let just_now = self.limits.least_gap.saturating_mul(-2);
        let next = match (&self.search, &self.track) {
            // The read after an edge failed.
            _ if self.is_edge_unread && self.edge.is_some_and(|edge| edge > just_now) => 0,
            (Some(search), _) => search.step(),
            (None, Some(track)) => track.next(&self.limits),
            (None, None) => self.limits.unlearned,
        };
        self.next = next.min(self.limits.slowest).max(self.limits.least_gap);
    }
}
