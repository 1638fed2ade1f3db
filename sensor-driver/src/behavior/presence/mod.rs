//! Is somebody here? With hysteresis in time: a false face is no arrival, a missed face no leave.
//!
//! ```
//! use core::time::Duration;
//! use mlsensor::PersonSensor;
//! use mlsensor::behavior::{Presence, PresenceEvent};
//! use mlsensor_sim::{Scenario, SimBus};
//!
//! let (bus, _sim) = SimBus::with_sensor(Scenario::named("walk_up").unwrap().sensor());
//! let (mut sensor, mut presence) = (PersonSensor::new(bus.clone()), Presence::default());
//! let mut fan_is_on = Vec::new();
//! while bus.now() < Duration::from_secs(22) {
//!     match presence.update(bus.now(), sensor.read().as_ref().ok()) {
//!         Some(PresenceEvent::Arrived { .. }) => fan_is_on.push(true),
//!         Some(PresenceEvent::Left { .. } | PresenceEvent::Lost { .. }) => fan_is_on.push(false),
//!         None => {}
//!     }
//!     bus.advance(Duration::from_millis(100));
//! }
//! // Somebody comes, and leaves.
//! assert_eq!(fan_is_on, [true, false]);
//! ```
//!
//! # What counts as time
//! Both decisions add up the time from reading to reading, and no step counts for more than
//! [`tolerated_gap`](PresenceConfig::tolerated_gap) (or 140 ms, one inference, if that is longer): what happened
//! between two readings that are further apart, nobody saw. So reads that fail for 900 ms while nobody is seen add 300
//! ms to [`leave_after`](PresenceConfig::leave_after), a single reading after a pause decides nothing, and a program
//! that reads each 500 ms needs as many readings as one that reads each 300 ms: it is slower, not less sure.
//!
//! # Guarantees
//! * It begins with [`Outcome::Unknown`], and after at least [`stale_after`](PresenceConfig::stale_after) without a
//!   reading it is unknown again, by the first update from then on. Out of unknown each decision takes its whole time.
//! * **Arrived** comes with a reading that sees a face, never less than [`arrive_after`](PresenceConfig::arrive_after)
//!   behind the first sighting. False faces that show for less than `arrive_after` are no arrival, at any reading
//!   period and phase, however often a packet is read. Those that follow each other after a gap longer than
//!   `tolerated_gap`, and than the time between two readings, do not add up. (A reader cannot see a gap that is shorter
//!   than its period.)
//! * **Left** comes with a reading that sees no face, never less than `leave_after` behind the first such reading. In
//!   between no reading saw a face, and none was `stale_after` away from the next.
//! * **Lost** comes from silence alone, and silence gives nothing else.
//! * **Latency**: with readings at most `p` apart, `p` no more than `tolerated_gap`, a face that each reading sees has
//!   arrived less than `arrive_after` + `p` behind the first sighting, and one that no reading sees any more has left
//!   less than `leave_after` + 2 `p` behind the last. At regular readings that are further apart (less than
//!   `stale_after`), it takes as many steps as at `tolerated_gap`: by default 2 to arrive and 7 to leave.
//! * A face that is seen too seldom to arrive and too often to leave changes nothing: not the outcome unknown either.
//! * Each event changes the outcome to its [`outcome`](PresenceEvent::outcome) from its `was`; no two in a row are the
//!   same.
//! * The caller owes nothing: any time and any reading may come at any moment. `None` among readings that are less than
//!   `stale_after` apart changes nothing. Where time goes backward it stands still, and goes on from there.

mod config;

use core::time::Duration;

pub use config::PresenceConfig;

use super::Outcome;
use super::stopwatch::Stopwatch;
use super::streak::{Streak, Tolerance};
use super::time::since;
use crate::person_sensor::Faces;

/// One inference without recognition (datasheet): between two readings that are no further apart, nothing was missed.
const ONE_INFERENCE: Duration = Duration::from_millis(140);

/// A change of the outcome. Times are those that [`Presence::update`] was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum PresenceEvent {
    /// Somebody is here now.
    Arrived {
        /// When the sensor first saw what became the arrival.
        first_seen: Duration,
        /// The outcome before. Absent: somebody came. Unknown: somebody is here, who may have been here before; do not
        /// greet twice.
        was: Outcome,
    },
    /// Nobody is here now.
    Left {
        /// When a face was last seen, if ever.
        last_seen: Option<Duration>,
        /// The outcome before. Unknown: nobody is here, and there may have been nobody before.
        was: Outcome,
    },
    /// Nothing is known now: readings stay away.
    Lost {
        /// The outcome before.
        was: Outcome,
    },
}

impl PresenceEvent {
    /// The outcome from this event on.
    #[must_use]
    pub const fn outcome(&self) -> Outcome {
        match self {
            PresenceEvent::Arrived { .. } => Outcome::Present,
            PresenceEvent::Left { .. } => Outcome::Absent,
            PresenceEvent::Lost { .. } => Outcome::Unknown,
        }
    }
}

/// Tells whether somebody is here. [`update`](Self::update) it with each reading.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Presence {
    config: PresenceConfig,
    outcome: Outcome,
    /// These two are in the caller's time.
    changed_at: Duration,
    last_seen: Option<Duration>,
    /// Time that passed from the first update on. It never goes backward; what follows is in this time.
    stopwatch: Stopwatch,
    read_at: Option<Duration>,
    sightings: Streak,
    /// When the streak began, in the caller's time, and how much of it counts.
    first_seen: Duration,
    seen_for: Duration,
    /// How much of the time without a face counts, if the latest reading saw none.
    clear_for: Option<Duration>,
}

impl Default for Presence {
    fn default() -> Self {
        Presence::new(PresenceConfig::DEFAULT)
    }
}

impl Presence {
    /// Nothing is known yet.
    #[must_use]
    pub const fn new(config: PresenceConfig) -> Self {
        Presence {
            config,
            outcome: Outcome::Unknown,
            changed_at: Duration::ZERO,
            last_seen: None,
            stopwatch: Stopwatch::NEW,
            read_at: None,
            sightings: Streak::NONE,
            first_seen: Duration::ZERO,
            seen_for: Duration::ZERO,
            clear_for: None,
        }
    }

    /// Takes a reading, or `None` if there is none: a read failed, or time passes. Gives the change of the outcome, if
    /// this is one.
    ///
    /// `now` is the time since any fixed moment, when the reading was made.
    pub fn update(&mut self, now: Duration, reading: Option<&Faces>) -> Option<PresenceEvent> {
        if self.stopwatch == Stopwatch::NEW {
            self.changed_at = now;
        }
        let (clock, _) = self.stopwatch.pass(now);
        let was = self.outcome;
        let is_stale = self.read_at.is_some_and(|at| since(clock, at) >= self.config.stale_after);
        if is_stale {
            (self.read_at, self.sightings) = (None, Streak::NONE);
        }
        let decision = reading.and_then(|faces| self.take(now, faces));
        // After silence that is the news: a decision takes another reading, whatever the settings.
        let event = if is_stale { PresenceEvent::Lost { was } } else { decision? };
        if event.outcome() == was {
            return None;
        }
        if event.outcome().is_absent() {
            // Who left arrives anew, even if `leave_after` is shorter than the gap that is tolerated.
            self.sightings = Streak::NONE;
        }
        (self.outcome, self.changed_at) = (event.outcome(), now);
        Some(event)
    }

    /// Adds a reading to what speaks for its side. Gives what there is enough of; it may be so already.
    fn take(&mut self, now: Duration, faces: &Faces) -> Option<PresenceEvent> {
        let PresenceConfig { tolerated_gap, stale_after, gate, .. } = self.config;
        let (clock, was) = (self.stopwatch.elapsed(), self.outcome);
        let counted = |from: Duration| since(clock, from).min(tolerated_gap.max(ONE_INFERENCE));
        let read_before = self.read_at.replace(clock);
        if gate.admitted(faces).next().is_some() {
            (self.last_seen, self.clear_for) = (Some(now), None);
            let seen_before = self.sightings.last();
            self.sightings.sighted(clock, Tolerance { tolerated_gap, longest_pause: stale_after });
            match seen_before {
                Some(before) if self.sightings.first() != Some(clock) => {
                    self.seen_for = self.seen_for.saturating_add(counted(before));
                }
                _ => (self.first_seen, self.seen_for) = (now, Duration::ZERO),
            }
            let first_seen = self.first_seen;
            (self.seen_for >= self.config.arrive_after).then_some(PresenceEvent::Arrived { first_seen, was })
        } else {
            self.sightings.missed();
            let clear_for = match (self.clear_for, read_before) {
                (Some(clear_for), Some(before)) => clear_for.saturating_add(counted(before)),
                _ => Duration::ZERO,
            };
            self.clear_for = Some(clear_for);
            let last_seen = self.last_seen;
            (clear_for >= self.config.leave_after).then_some(PresenceEvent::Left { last_seen, was })
        }
    }

    /// Whether somebody is here, as of the latest update.
    #[must_use]
    pub const fn outcome(&self) -> Outcome {
        self.outcome
    }

    /// The update with which the outcome became what it is: for unknown from the beginning, the first one, and zero
    /// before that.
    #[must_use]
    pub const fn since(&self) -> Duration {
        self.changed_at
    }

    /// The latest reading with a face that counts, a false one too; `None` if there was none yet.
    #[must_use]
    pub const fn last_seen(&self) -> Option<Duration> {
        self.last_seen
    }

    /// The settings.
    #[must_use]
    pub const fn config(&self) -> &PresenceConfig {
        &self.config
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Bounds, Face};

    const fn ms(ms: u64) -> Duration {
        Duration::from_millis(ms)
    }

    /// Updates at these moments, in ms: `'+'` a face, `'-'` nobody, `'x'` no reading. Gives the events.
    fn events(presence: &mut Presence, history: &[(u64, char)]) -> Vec<(u64, PresenceEvent)> {
        let bounds = Bounds::new(100, 100, 130, 140).unwrap();
        let somebody = Faces::new(&[Face::new(bounds, 90, None, false).unwrap()]).unwrap();
        let update = |&(at, kind): &(u64, char)| {
            let reading = match kind {
                '+' => Some(&somebody),
                '-' => Some(&Faces::EMPTY),
                _ => None,
            };
            presence.update(ms(at), reading).map(|event| (at, event))
        };
        history.iter().filter_map(update).collect()
    }

    /// The same reading, time and again.
    fn steadily(from: u64, to: u64, period: u64, kind: char) -> impl Iterator<Item = (u64, char)> {
        (from..=to).step_by(period as usize).map(move |at| (at, kind))
    }

    const fn arrived(first_seen: u64, was: Outcome) -> PresenceEvent {
        PresenceEvent::Arrived { first_seen: ms(first_seen), was }
    }

    #[test]
    fn somebody_comes_and_goes_and_the_sensor_falls_silent() {
        let mut presence = Presence::default();
        let day: Vec<_> = steadily(5000, 9000, 100, '-')
            .chain(steadily(9100, 12_000, 100, '+'))
            .chain(steadily(12_100, 15_000, 100, '-'))
            .chain(steadily(15_100, 20_000, 100, 'x'))
            .collect();
        assert_eq!((presence.outcome(), presence.since()), (Outcome::Unknown, ms(0)));
        assert_eq!(events(&mut presence, &day[..1]), []);
        assert_eq!((presence.outcome(), presence.since()), (Outcome::Unknown, ms(5000)));
        let expected = [
            (7000, PresenceEvent::Left { last_seen: None, was: Outcome::Unknown }),
            (9700, arrived(9100, Outcome::Absent)),
            (14_100, PresenceEvent::Left { last_seen: Some(ms(12_000)), was: Outcome::Present }),
            (16_500, PresenceEvent::Lost { was: Outcome::Absent }),
        ];
        assert_eq!(events(&mut presence, &day[1..]), expected);
        assert_eq!((presence.outcome(), presence.since()), (Outcome::Unknown, ms(16_500)));
        assert_eq!(presence.last_seen(), Some(ms(12_000)));
    }

    #[test]
    fn one_miss_is_bridged_and_two_are_not() {
        let sees = |history: &[(u64, char)]| events(&mut Presence::default(), history);
        let one = [(0, '+'), (140, '-'), (280, '+'), (420, '+'), (560, '-'), (700, '+')];
        assert_eq!(sees(&one), [(700, arrived(0, Outcome::Unknown))]);
        // As long as is tolerated, to the millisecond.
        let just = [(0, '+'), (150, '-'), (300, '+'), (450, '-'), (600, '+')];
        assert_eq!(sees(&just), [(600, arrived(0, Outcome::Unknown))]);
        let two =
            [(0, '+'), (140, '+'), (280, '-'), (420, '-'), (560, '+'), (700, '+'), (840, '+'), (1000, '+')];
        assert_eq!(sees(&two), []);
    }

    #[test]
    fn a_slow_reader_needs_three_sightings_and_eight_readings_without_one() {
        let mut presence = Presence::default();
        let coming: Vec<_> = steadily(0, 2000, 500, '+').collect();
        assert_eq!(events(&mut presence, &coming), [(1000, arrived(0, Outcome::Unknown))]);
        let going: Vec<_> = steadily(2500, 9000, 500, '-').collect();
        let left = PresenceEvent::Left { last_seen: Some(ms(2000)), was: Outcome::Present };
        assert_eq!(events(&mut presence, &going), [(2500 + 7 * 500, left)]);
    }

    #[test]
    fn reads_that_fail_for_900_ms_put_a_leave_off_by_600() {
        let left = PresenceEvent::Left { last_seen: None, was: Outcome::Unknown };
        let with_failures = steadily(0, 1000, 100, '-')
            .chain(steadily(1050, 1850, 100, 'x'))
            .chain(steadily(1900, 5000, 100, '-'))
            .collect::<Vec<_>>();
        assert_eq!(events(&mut Presence::default(), &with_failures), [(2600, left)]);
    }

    #[test]
    fn a_single_reading_after_a_pause_decides_nothing() {
        for last in ['+', '-'] {
            let mut presence = Presence::default();
            assert_eq!(events(&mut presence, &[(0, last), (1499, last)]), []);
            let kept = events(&mut presence, &[(3000, last), (60_000, last)]);
            assert_eq!((kept, presence.outcome()), (vec![], Outcome::Unknown));
        }
    }

    #[test]
    fn a_reading_after_silence_is_lost_first_and_its_evidence_begins_anew() {
        let mut presence = Presence::default();
        events(&mut presence, &steadily(0, 1000, 100, '+').collect::<Vec<_>>());
        assert_eq!(presence.outcome(), Outcome::Present);
        let back: Vec<_> = steadily(9000, 10_000, 100, '+').collect();
        let lost = PresenceEvent::Lost { was: Outcome::Present };
        assert_eq!(events(&mut presence, &back), [(9000, lost), (9600, arrived(9000, Outcome::Unknown))]);
    }

    #[test]
    fn a_clock_that_is_set_back_neither_holds_nor_hastens() {
        let mut presence = Presence::default();
        let before: Vec<_> = steadily(1_000_000, 1_000_300, 100, '+').collect();
        let after: Vec<_> = steadily(0, 2000, 100, '+').chain(steadily(2100, 9000, 100, 'x')).collect();
        assert_eq!(events(&mut presence, &before), []);
        let lost = PresenceEvent::Lost { was: Outcome::Present };
        assert_eq!(
            events(&mut presence, &after),
            [(300, arrived(1_000_000, Outcome::Unknown)), (3500, lost)]
        );
    }

    #[test]
    fn who_left_arrives_anew_even_if_the_tolerated_gap_is_longer_than_a_leave() {
        let config = PresenceConfig::DEFAULT.with_leave_after(ms(100)).with_tolerated_gap(ms(900));
        let mut presence = Presence::new(config);
        let day: Vec<_> = steadily(0, 700, 100, '+').chain([(800, '-'), (900, '-'), (1000, '+')]).collect();
        let left = PresenceEvent::Left { last_seen: Some(ms(700)), was: Outcome::Present };
        assert_eq!(events(&mut presence, &day), [(600, arrived(0, Outcome::Unknown)), (900, left)]);
    }
}
