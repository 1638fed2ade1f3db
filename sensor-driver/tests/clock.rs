//! What a clock that is set back does to the behaviours that keep moments of it, and what a pause between two calls does.

mod drawn;

use std::time::Duration;

use drawn::face;
use mlsensor::behavior::{
    Aim, AimConfig, AimState, Attention, AttentionConfig, AttentionEvent, Choice, Direction, Outcome,
    Tracker, WhenLost,
};
use mlsensor::{Bounds, Face, Faces};
use proptest::collection::vec;
use proptest::prelude::*;

fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

/// A tracker with everything that is built on it.
struct All {
    tracker: Tracker,
    attention: Attention,
    aim: Aim,
}

/// What can be asked of them: of each track its id, bounds, whether it is seen, its age and how long it was not seen.
#[derive(Debug, PartialEq)]
struct Answers {
    outcomes: [Outcome; 2],
    tracks: Vec<(u16, Bounds, bool, Duration, Duration)>,
    event: Option<(&'static str, Duration)>,
    aim: (AimState, Direction),
}

impl All {
    fn new() -> All {
        let aim = AimConfig::DEFAULT.with_when_lost(WhenLost::Search(ms(1200)));
        All {
            tracker: Tracker::default(),
            attention: Attention::new(AttentionConfig::DEFAULT.with_rearm(ms(3000))),
            aim: Aim::new(aim.with_choice(Choice::Largest, ms(900))),
        }
    }

    fn update(&mut self, now: Duration, reading: Option<&Faces>) -> Answers {
        self.tracker.update_from(now, self.aim.view(now), reading);
        let event = self.attention.update(now, &self.tracker).map(|event| match event {
            AttentionEvent::Began(look) => ("began", look.lasted()),
            AttentionEvent::Ended(look) => ("ended", look.lasted()),
            AttentionEvent::Lost(_) => ("lost", Duration::ZERO),
        });
        self.aim.update(now, &self.tracker);
        let tracks = self.tracker.tracks().map(|track| {
            let unseen = now.saturating_sub(track.last_seen());
            (track.id().get(), track.bounds(), track.is_seen(), track.age(now), unseen)
        });
        Answers {
            outcomes: [self.tracker.outcome(), self.attention.outcome()],
            tracks: tracks.collect(),
            event,
            aim: (self.aim.state(), self.aim.direction()),
        }
    }
}

/// Two people who come, go and turn away; stretches in which reads fail.
fn readings() -> impl Strategy<Value = Vec<(u64, Option<Vec<Face>>)>> {
    let people = (any::<[bool; 4]>(), proptest::bool::weighted(0.15));
    vec((people, 1..25_usize, 20..250_u64), 1..20).prop_map(|stretches| {
        let mut readings = vec![];
        for (([left, right, left_looks, right_looks], fails), lasts, step) in stretches {
            for _ in 0..lasts {
                let shift = if readings.len() % 2 == 0 { 300 } else { -300 };
                let people = [
                    left.then(|| face(shift - 20_000, 2000, 20, left_looks)),
                    right.then(|| face(shift + 20_000, 0, 24, right_looks)),
                ];
                readings.push((step, (!fails).then(|| people.into_iter().flatten().collect())));
            }
        }
        readings
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn where_time_goes_backward_it_stands_still_and_goes_on_from_there(
        readings in readings(),
        back in vec((0..200_usize, 1..1_000_000_u64), 0..6),
    ) {
        let (mut set_back, mut standing) = (All::new(), All::new());
        let (mut set_back_at, mut standing_at) = (ms(100_000_000), ms(100_000_000));
        for (index, (step, reading)) in readings.into_iter().enumerate() {
            match back.iter().find(|(when, _)| *when == index) {
                Some((_, by)) => set_back_at -= ms(*by),
                None => (set_back_at, standing_at) = (set_back_at + ms(step), standing_at + ms(step)),
            }
            let faces = reading.map(|faces| Faces::new(&faces).unwrap());
            let expected = standing.update(standing_at, faces.as_ref());
            prop_assert_eq!(set_back.update(set_back_at, faces.as_ref()), expected);
        }
    }
}

fn somebody(inference: u64) -> Faces {
    let shift = if inference % 2 == 0 { 300 } else { -300 };
    Faces::new(&[face(shift, 0, 20, true)]).unwrap()
}

/// Followed for 1.4 s.
fn with_somebody() -> (All, Duration) {
    let mut all = All::new();
    for inference in 0..=10 {
        all.update(ms(3_600_000 + 140 * inference), Some(&somebody(inference)));
    }
    (all, ms(3_600_000 + 1400))
}

#[test]
fn who_goes_as_the_clock_is_set_back_by_an_hour_is_not_there_for_that_hour() {
    let (mut all, _) = with_somebody();
    assert_eq!(all.tracker.outcome(), Outcome::Present);
    for step in 0..40 {
        all.update(ms(100 * step), Some(&Faces::EMPTY));
    }
    assert_eq!(all.tracker.outcome(), Outcome::Absent);
    assert_eq!(all.attention.outcome(), Outcome::Absent);
}

#[test]
fn a_reading_after_a_pause_without_calls_finds_that_nothing_is_known() {
    for (pause, is_lost) in [(1500, false), (1501, true), (5000, true)] {
        for reading in [Faces::EMPTY, somebody(1)] {
            let (mut all, last) = with_somebody();
            assert!(all.attention.look().is_some());
            let answers = all.update(last + ms(pause), Some(&reading));
            assert_eq!(answers.event.map(|(event, _)| event), is_lost.then_some("lost"), "{pause} ms");
            assert_eq!(answers.outcomes == [Outcome::Unknown; 2], is_lost, "{pause} ms: {answers:?}");
        }
    }
}

#[test]
fn two_readings_of_nobody_with_a_pause_between_are_not_absent() {
    let mut tracker = Tracker::default();
    for now in [0, 60_000, 120_000] {
        tracker.update(ms(now), Some(&Faces::EMPTY));
        assert!(tracker.outcome().is_unknown());
    }
    tracker.update(ms(120_400), Some(&Faces::EMPTY));
    assert!(tracker.outcome().is_absent());
}
