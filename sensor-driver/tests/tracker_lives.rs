//! When a track begins and ends, what it survives, and what is concluded of there being one or none.

mod drawn;

use std::collections::BTreeSet;
use std::time::Duration;

use drawn::face;
use mlsensor::behavior::{Direction, MAX_TRACKS, Outcome, Track, TrackId, Tracker, TrackerConfig, View};
use mlsensor::{Face, Faces};
use proptest::collection::vec;
use proptest::prelude::*;

const INFERENCE_MS: u64 = 140;

fn cases(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

fn packet(drawn: &[Face]) -> Faces {
    Faces::new(drawn).unwrap()
}

/// Somebody at this bearing who is never quite still.
fn somebody(pan_millideg: i32, inference: u64) -> Face {
    face(pan_millideg + if inference % 2 == 0 { 300 } else { -300 }, 3000, 20, true)
}

/// A tracker that has followed somebody straight ahead for a second, and the moment of the last sighting.
fn with_a_track(config: TrackerConfig) -> (Tracker, TrackId, u64) {
    let mut tracker = Tracker::new(config);
    let last = 7 * INFERENCE_MS;
    for inference in 0..=7 {
        tracker.update(ms(inference * INFERENCE_MS), Some(&packet(&[somebody(0, inference)])));
    }
    let id = tracker.tracks().next().unwrap().id();
    (tracker, id, last)
}

/// The track in this direction.
fn toward(tracker: &Tracker, pan_millideg: i32) -> Option<&Track> {
    tracker.tracks().min_by_key(|track| track.direction().pan_millideg.abs_diff(pan_millideg))
}

#[test]
fn four_packets_and_the_time_make_a_track_and_fewer_do_not() {
    let mut tracker = Tracker::default();
    for inference in 0..4 {
        assert_eq!(tracker.tracks().count(), 0);
        tracker.update(ms(inference * 140), Some(&packet(&[somebody(0, inference)])));
    }
    assert_eq!(tracker.tracks().count(), 1);
    let mut fast = Tracker::default();
    for inference in 0..7 {
        fast.update(ms(inference * 60), Some(&packet(&[somebody(0, inference)])));
        assert_eq!(fast.tracks().count(), 0, "{} ms", inference * 60);
    }
    fast.update(ms(420), Some(&packet(&[somebody(0, 7)])));
    assert_eq!(fast.tracks().count(), 1);
}

#[test]
fn one_miss_of_a_slow_reader_does_not_begin_a_birth_anew_and_two_do() {
    let after = |seen: [bool; 6]| {
        let mut tracker = Tracker::default();
        for (inference, seen) in (0..).zip(seen) {
            let drawn = if seen { vec![somebody(0, inference)] } else { vec![] };
            tracker.update(ms(inference * 400), Some(&packet(&drawn)));
        }
        tracker.tracks().count()
    };
    assert_eq!(after([true, true, false, true, true, true]), 1);
    assert_eq!(after([true, true, false, false, true, true]), 0);
}

#[test]
fn a_packet_that_stays_the_same_is_somebody_who_sits_still() {
    let mut tracker = Tracker::default();
    let still = packet(&[somebody(0, 0)]);
    for now in (0..=900).step_by(20) {
        assert_eq!(tracker.tracks().count(), 0, "{now} ms");
        tracker.update(ms(now), Some(&still));
    }
    assert_eq!(tracker.tracks().count(), 1);
}

#[test]
fn a_failed_read_between_two_of_the_same_packet_is_no_miss() {
    let (mut tracker, id, last) = with_a_track(TrackerConfig::DEFAULT);
    tracker.update(ms(last + 20), None);
    assert!(!tracker.get(id).unwrap().is_seen());
    tracker.update(ms(last + 40), Some(&packet(&[somebody(0, 7)])));
    assert!(tracker.get(id).unwrap().is_seen());
}

#[test]
fn failed_reads_do_not_end_a_birth_sooner_than_they_end_a_track() {
    let mut tracker = Tracker::default();
    for inference in 0..4 {
        tracker.update(ms(inference * 800), Some(&packet(&[somebody(0, inference)])));
        tracker.update(ms(inference * 800 + 400), None);
    }
    assert_eq!(tracker.tracks().count(), 1);
}

proptest! {
    #![proptest_config(cases(256))]

    #[test]
    fn a_track_ends_when_it_was_not_seen_for_long_enough(
        death in 300..4000_u64,
        every in 10..300_u64,
        fails in vec(any::<bool>(), 500),
    ) {
        let config = TrackerConfig::DEFAULT.with_death_after(ms(death));
        let (mut tracker, id, last) = with_a_track(config);
        for (step, fails) in (1..).zip(fails) {
            let now = last + step * every;
            let nobody = packet(&[]);
            tracker.update(ms(now), if fails { None } else { Some(&nobody) });
            prop_assert_eq!(tracker.get(id).is_some(), now - last < death, "{} ms", now - last);
        }
    }

    #[test]
    fn a_late_caller_finds_no_track_that_should_have_ended(late in 1500..100_000_u64) {
        let (mut tracker, id, last) = with_a_track(TrackerConfig::DEFAULT);
        tracker.update(ms(last + late), Some(&packet(&[somebody(0, 8)])));
        prop_assert_eq!(tracker.get(id), None);
    }

    #[test]
    fn failed_reads_conclude_unknown_and_never_absent(every in 10..500_u64, stale in 100..3000_u64) {
        let (mut tracker, _, last) = with_a_track(TrackerConfig::DEFAULT.with_stale_after(ms(stale)));
        for step in 1..200 {
            tracker.update(ms(last + step * every), None);
            let expected = if step * every < stale { Outcome::Present } else { Outcome::Unknown };
            prop_assert_eq!(tracker.outcome(), expected);
        }
    }

    #[test]
    fn a_single_reading_is_not_enough_for_absent(every in 10..500_u64) {
        let mut tracker = Tracker::default();
        tracker.update(Duration::ZERO, Some(&Faces::EMPTY));
        for step in 1..100 {
            tracker.update(ms(step * every), None);
            prop_assert!(tracker.outcome().is_unknown());
        }
    }

    #[test]
    fn who_is_there_from_the_beginning_is_never_absent(
        inference in 60..=265_u64,
        (every, phase) in (10..=500_u64, 0..265_u64),
    ) {
        let mut tracker = Tracker::default();
        let mut outcomes = vec![];
        for now in (phase..8000).step_by(every as usize) {
            tracker.update(ms(now), Some(&packet(&[somebody(0, now / inference)])));
            outcomes.push(tracker.outcome());
        }
        outcomes.dedup();
        prop_assert_eq!(outcomes, [Outcome::Unknown, Outcome::Present]);
    }

    #[test]
    fn two_who_pass_each_other_at_other_heights_or_distances_keep_their_ids(
        (speed, other) in (8_000..=30_000_i32, 8_000..=30_000_i32),
        is_by_height in any::<bool>(),
        missed in vec((proptest::bool::weighted(0.1), proptest::bool::weighted(0.1)), 60),
        jitter in vec((-430..=430_i32, -430..=430_i32), 60),
    ) {
        // 10 degrees are two heads at 2 m, or half the width is twice as far.
        let (tilts, widths) = if is_by_height { ([7000, -3000], [10, 10]) } else { ([3000, 0], [24, 11]) };
        let mut tracker = Tracker::default();
        let mut ids = [BTreeSet::new(), BTreeSet::new()];
        for (inference, (missed, jitter)) in (0..).zip(missed.into_iter().zip(jitter)) {
            let now = inference * INFERENCE_MS as i32;
            let pans = [-30_000 + speed * now / 1000 + jitter.0, 30_000 - other * now / 1000 + jitter.1];
            let is_missed = [missed.0 && inference > 6, missed.1 && inference > 6];
            let mut drawn = vec![];
            for one in 0..2 {
                if !is_missed[one] && pans[one].abs() < 50_000 {
                    drawn.push(face(pans[one], tilts[one], widths[one], true));
                }
            }
            tracker.update(ms(now as u64), Some(&packet(&drawn)));
            for track in tracker.tracks().filter(|track| track.is_seen()) {
                let bounds = track.face().bounds();
                let is = |one: usize| {
                    bounds.elevation_millideg().abs_diff(tilts[one]) < 1500 && bounds.width().abs_diff(widths[one]) < 4
                };
                prop_assert!(is(0) != is(1));
                ids[usize::from(is(1))].insert(track.id());
            }
        }
        prop_assert!(ids[0].len() == 1 && ids[1].len() == 1 && ids[0] != ids[1], "{ids:?}");
    }

    #[test]
    fn a_sensor_that_turns_keeps_those_who_sit_still(
        turns in vec(-8_000..=8_000_i32, 60),
        off in vec(-300..=300_i32, 60),
    ) {
        let people = [(-15_000, 5_000), (12_000, 0)];
        let mut tracker = Tracker::default();
        let (mut pan, mut ids) = (0, [BTreeSet::new(), BTreeSet::new()]);
        for (inference, (turn, off)) in (0..).zip(turns.into_iter().zip(off)) {
            if inference > 5 {
                pan = (pan + turn).clamp(-25_000, 25_000);
            }
            let drawn = people.map(|(at, up)| face(at - pan, up, 20, true));
            let uncertainty_millideg = if inference > 5 { 500 } else { 0 };
            let view = View { direction: Direction::new(pan + off, 0), uncertainty_millideg };
            tracker.update_from(ms(inference * INFERENCE_MS), view, Some(&packet(&drawn)));
            for ((at, _), ids) in people.into_iter().zip(&mut ids) {
                let Some(track) = toward(&tracker, at) else { continue };
                ids.insert(track.id());
                prop_assert!(track.direction().pan_millideg.abs_diff(at) < 1200, "{track}");
                prop_assert!(track.face().bounds().bearing_millideg().abs_diff(track.bounds().bearing_millideg()) < 1500);
            }
        }
        prop_assert!(ids.iter().all(|ids| ids.len() == 1) && ids[0] != ids[1], "{ids:?}");
    }

    #[test]
    fn who_stays_keeps_the_track_however_many_come_and_go(
        others in vec(vec((-50_000..50_000_i32, -35_000..35_000_i32, 5..60_u8), 3), 80),
    ) {
        let mut tracker = Tracker::default();
        let mut id = None;
        for (inference, others) in (0..).zip(others) {
            let mut drawn = vec![somebody(0, inference)];
            if inference > 5 {
                // Not where somebody is, so that it is clear who that is.
                let aside = others.into_iter().filter(|(pan, tilt, _)| pan.abs() > 18_000 || tilt.abs() > 25_000);
                drawn.extend(aside.map(|(pan, tilt, width)| face(pan, tilt, width, true)));
            }
            tracker.update(ms(inference * INFERENCE_MS), Some(&packet(&drawn)));
            prop_assert!(tracker.tracks().count() <= MAX_TRACKS);
            let known = *id.get_or_insert_with(|| tracker.tracks().next().map(Track::id));
            if known.is_none() {
                id = None;
            } else {
                let track = known.and_then(|known| tracker.get(known));
                prop_assert!(track.is_some_and(|track| track.direction().pan_millideg.abs() < 1000));
            }
        }
        prop_assert!(id.is_some());
    }
}

#[test]
fn who_was_missed_is_not_seen_when_that_packet_is_read_again() {
    let mut tracker = Tracker::default();
    for inference in 0..5 {
        let both = [somebody(-20_000, inference), somebody(20_000, inference)];
        tracker.update(ms(inference * INFERENCE_MS), Some(&packet(&both)));
    }
    for again in 0..3 {
        tracker.update(ms(5 * INFERENCE_MS + again * 20), Some(&packet(&[somebody(20_000, 5)])));
        let seen = [-20_000, 20_000].map(|at| toward(&tracker, at).unwrap().is_seen());
        assert_eq!(seen, [false, true], "{again}");
    }
}

#[test]
fn a_gap_as_long_as_is_tolerated_does_not_begin_a_birth_anew_and_a_longer_one_does() {
    let after = |gap: u64| {
        let mut tracker = Tracker::default();
        let seen = [(0, true), (100, false), (200, false), (gap, true), (400, true), (500, true)];
        for (inference, (now, seen)) in (0..).zip(seen) {
            // Somebody else, so that no two packets are the same: those would be one.
            let mut drawn = vec![somebody(40_000, inference)];
            drawn.extend(seen.then(|| somebody(0, inference)));
            tracker.update(ms(now), Some(&packet(&drawn)));
        }
        tracker.tracks().filter(|track| track.direction().pan_millideg.abs() < 5000).count()
    };
    assert_eq!((after(300), after(301)), (1, 0));
}
