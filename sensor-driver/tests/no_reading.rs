//! What follows from a read that failed: nothing, but in the end that nothing is known.

mod drawn;

use std::time::Duration;

use drawn::face;
use mlsensor::Faces;
use mlsensor::behavior::{
    Attention, AttentionConfig, AttentionEvent, Outcome, Presence, PresenceConfig, PresenceEvent, Tracker,
    TrackerConfig,
};
use proptest::collection::vec;
use proptest::prelude::*;

fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

/// What a packet shows.
#[derive(Debug, Clone, Copy)]
enum Shown {
    Nobody,
    /// Straight ahead, packet for packet.
    Somebody {
        is_facing: bool,
    },
    /// Somewhere, once: too seldom for a track if it is alone.
    Stray(i32, bool),
}

impl Shown {
    fn faces(self, reading: usize) -> Faces {
        let shift = (reading % 5) as i32 * 300 - 600;
        let drawn = match self {
            Shown::Nobody => vec![],
            Shown::Somebody { is_facing } => vec![face(shift, 0, 20, is_facing)],
            Shown::Stray(pan, is_facing) => vec![face(pan, 8000, 24, is_facing)],
        };
        Faces::new(&drawn).unwrap()
    }
}

/// How the clock gets from one reading to the next.
#[derive(Debug, Clone, Copy)]
enum Step {
    On(u64),
    /// It is set back, which counts as no time.
    Back(u64),
}

/// Stretches in which one thing is shown, and reads fail never, at times or always.
fn readings() -> impl Strategy<Value = Vec<(Step, Option<Shown>)>> {
    let shown = prop_oneof![
        3 => Just(Shown::Nobody),
        2 => any::<bool>().prop_map(|is_facing| Shown::Somebody { is_facing }),
        2 => (-40_000..40_000_i32, any::<bool>()).prop_map(|(pan, is_facing)| Shown::Stray(pan, is_facing)),
    ];
    let step = prop_oneof![
        30 => (10..300_u64).prop_map(Step::On),
        2 => (300..2500_u64).prop_map(Step::On),
        1 => Just(Step::On(0)),
        1 => (1..1_000_000_u64).prop_map(Step::Back),
    ];
    let fails = prop_oneof![Just(0.0), Just(0.3), Just(1.0)];
    vec((shown, 1..12_usize, fails), 1..14).prop_flat_map(move |stretches| {
        let one = |(shown, lasts, fails)| {
            vec((step.clone(), proptest::bool::weighted(fails)), lasts).prop_map(move |reads| (shown, reads))
        };
        stretches.into_iter().map(one).collect::<Vec<_>>().prop_map(|stretches| {
            let read = |(shown, reads): (Shown, Vec<(Step, bool)>)| {
                reads.into_iter().map(move |(step, fails)| (step, (!fails).then_some(shown)))
            };
            stretches.into_iter().flat_map(read).collect()
        })
    })
}

/// The time that passed, and when the last reading came in it.
#[derive(Default)]
struct Time {
    passed: Duration,
    read: Option<Duration>,
}

impl Time {
    fn is_silent(&self, stale_after: Duration) -> bool {
        self.read.is_none_or(|read| self.passed - read >= stale_after)
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1024, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_failed_read_leaves_what_is_known_until_nothing_is(
        readings in readings(),
        durations in proptest::option::of(any::<[u16; 6]>()),
    ) {
        let mut of_tracker = TrackerConfig::DEFAULT;
        let mut of_attention = AttentionConfig::DEFAULT;
        let mut of_presence = PresenceConfig::DEFAULT;
        if let Some(drawn) = durations {
            let [short, hold, gap, death, stale, release] = drawn.map(|drawn| ms(u64::from(drawn % 3000)));
            of_tracker = of_tracker.with_birth_after(short).with_tolerated_gap(gap);
            // One packet is one sighting for 300 ms: a track must live for longer than that.
            of_tracker = of_tracker.with_death_after(death + ms(301)).with_stale_after(stale);
            let hold = hold.saturating_sub(ms(500)); // none at all, at times
            of_attention = of_attention.with_hold(hold).with_release(release).with_stale_after(stale);
            of_presence = of_presence.with_arrive_after(hold).with_leave_after(release).with_stale_after(stale);
        }
        let mut tracker = Tracker::new(of_tracker);
        let mut attention = Attention::new(of_attention);
        let mut presence = Presence::new(of_presence);
        let (mut now, mut time) = (Duration::from_secs(100_000), Time::default());
        // Since which reading none has left a track, in the time that passed.
        let mut clear_since: Option<Duration> = None;
        for (index, (step, shown)) in readings.into_iter().enumerate() {
            match step {
                Step::On(by) => (now, time.passed) = (now + ms(by), time.passed + ms(by)),
                Step::Back(by) => now -= ms(by),
            }
            let was = [tracker.outcome(), attention.outcome(), presence.outcome()];
            let faces = shown.map(|shown| shown.faces(index));
            tracker.update(now, faces.as_ref());
            let look = attention.update(now, &tracker);
            let change = presence.update(now, faces.as_ref());
            let is = [tracker.outcome(), attention.outcome(), presence.outcome()];
            let stale = [of_tracker.stale_after, of_attention.stale_after, of_presence.stale_after];
            let Some(faces) = faces else {
                let mut expected = was;
                for (expected, stale_after) in expected.iter_mut().zip(stale) {
                    if time.is_silent(stale_after) {
                        *expected = Outcome::Unknown;
                    }
                }
                prop_assert_eq!(is, expected, "at {:?}, {:?}", now, time.passed);
                prop_assert!(matches!(look, None | Some(AttentionEvent::Lost(_))), "{:?}", look);
                prop_assert!(matches!(change, None | Some(PresenceEvent::Lost { .. })), "{:?}", change);
                continue;
            };
            let is_pause = time.read.is_some_and(|read| time.passed - read > of_tracker.stale_after);
            time.read = Some(time.passed);
            if is_pause || tracker.tracks().next().is_some() {
                clear_since = None;
            }
            if tracker.tracks().next().is_none() {
                clear_since.get_or_insert(time.passed);
            }
            if is[0].is_absent() && !was[0].is_absent() {
                prop_assert!(faces.is_empty());
                prop_assert!(clear_since.is_some_and(|clear| time.passed - clear >= of_tracker.birth_after));
            }
        }
    }
}

#[test]
fn a_face_that_was_no_track_yet_and_is_forgotten_while_reads_fail_leaves_nobody_absent() {
    let mut tracker = Tracker::default();
    tracker.update(ms(0), Some(&Faces::EMPTY));
    for (index, at) in [140, 280, 420].into_iter().enumerate() {
        tracker.update(ms(at), Some(&Shown::Somebody { is_facing: true }.faces(index)));
    }
    tracker.update(ms(560), Some(&Faces::EMPTY));
    for at in (600..3000).step_by(50) {
        tracker.update(ms(at), None);
        assert_eq!(tracker.outcome(), Outcome::Unknown, "{at} ms");
    }
}

#[test]
fn a_track_that_ends_while_reads_fail_is_not_absent_before_readings_have_shown_it() {
    let mut tracker = Tracker::new(TrackerConfig::DEFAULT.with_stale_after(ms(5000)));
    for index in 0..8 {
        tracker.update(ms(index * 140), Some(&Shown::Somebody { is_facing: true }.faces(index as usize)));
    }
    for at in (1100..4000).step_by(100) {
        tracker.update(ms(at), None);
    }
    assert_eq!((tracker.tracks().count(), tracker.outcome()), (0, Outcome::Present));
    // The first reading of nobody is at zero, the last at 400 ms.
    for at in [4000, 4140, 4280, 4399, 4400] {
        tracker.update(ms(at), Some(&Faces::EMPTY));
        let expected = if at < 4400 { Outcome::Present } else { Outcome::Absent };
        assert_eq!(tracker.outcome(), expected, "{at} ms");
    }
}
