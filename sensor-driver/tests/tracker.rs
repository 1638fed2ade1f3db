//! Does what is promised of a tracker hold for people whom nobody thought of?

mod drawn;

use std::collections::BTreeSet;
use std::time::Duration;

use drawn::face;
use mlsensor::behavior::{Direction, Track, TrackId, Tracker, TrackerConfig, View};
use mlsensor::{Bounds, Face, Faces, Identity, PersonId};
use proptest::collection::vec;
use proptest::prelude::*;

const INFERENCE_MS: u64 = 140;

fn cases(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

fn any_face() -> impl Strategy<Value = Face> {
    let identity = proptest::option::of((0..8_usize, 1..=100_u8))
        .prop_map(|drawn| drawn.map(|(id, sure)| Identity::new(PersonId::ALL[id], sure).unwrap()));
    (any::<[u8; 4]>(), 0..=100_u8, identity, any::<bool>()).prop_map(
        |([a, b, c, d], sure, identity, facing)| {
            let bounds = Bounds::new(a.min(b), c.min(d), a.max(b), c.max(d)).unwrap();
            Face::new(bounds, sure, identity, facing).unwrap()
        },
    )
}

fn any_faces() -> impl Strategy<Value = Vec<Face>> {
    vec(any_face(), 0..=4)
}

fn any_view() -> impl Strategy<Value = View> {
    let turned = (any::<i32>(), any::<i32>(), any::<u32>()).prop_map(|(pan, tilt, uncertainty)| View {
        direction: Direction::new(pan, tilt),
        uncertainty_millideg: uncertainty,
    });
    prop_oneof![Just(View::STILL), turned]
}

fn any_time() -> impl Strategy<Value = Duration> {
    prop_oneof![6 => (0..20_000_u64).prop_map(ms), 1 => any::<u64>().prop_map(Duration::from_nanos), 1 => Just(Duration::MAX)]
}

fn tracks(tracker: &Tracker) -> Vec<Track> {
    tracker.tracks().copied().collect()
}

/// The only track.
fn one(tracker: &Tracker) -> Option<Track> {
    let tracks = tracks(tracker);
    assert!(tracks.len() <= 1, "{tracks:?}");
    tracks.first().copied()
}

proptest! {
    #![proptest_config(cases(512))]

    #[test]
    fn any_input_at_any_time_gives_tracks_in_order(
        readings in vec((any_time(), any_view(), proptest::option::of(any_faces())), 1..60),
        durations in any::<[u16; 4]>(),
    ) {
        let [birth, gap, death, stale] = durations.map(|drawn| ms(u64::from(drawn % 3000)));
        let config = TrackerConfig::DEFAULT.with_birth_after(birth).with_tolerated_gap(gap);
        let mut tracker = Tracker::new(config.with_death_after(death).with_stale_after(stale));
        for (now, view, reading) in readings {
            let faces = reading.map(|faces| Faces::new(&faces).unwrap());
            tracker.update_from(now, view, faces.as_ref());
            let tracks = tracks(&tracker);
            let ids: BTreeSet<TrackId> = tracks.iter().map(Track::id).collect();
            prop_assert_eq!(ids.len(), tracks.len());
            prop_assert!(tracks.len() <= mlsensor::behavior::MAX_TRACKS);
            for track in &tracks {
                let bounds = track.bounds();
                prop_assert!(bounds.left() <= bounds.right() && bounds.top() <= bounds.bottom());
                let velocity = track.velocity();
                prop_assert!(velocity.pan_millideg_per_s.abs() <= 400_000);
                prop_assert!(velocity.tilt_millideg_per_s.abs() <= 400_000);
                prop_assert!(!track.is_seen() || faces.is_some_and(|faces| faces.iter().any(|face| face == track.face())));
            }
        }
    }

    #[test]
    fn the_order_of_the_faces_makes_no_difference(
        packets in vec((any_faces().prop_shuffle(), 0..300_u64), 1..60).prop_flat_map(|packets| {
            let shuffled: Vec<_> = packets.iter().map(|(faces, _)| Just(faces.clone()).prop_shuffle()).collect();
            (Just(packets), shuffled)
        }),
    ) {
        let (packets, shuffled) = packets;
        let (mut one, mut other) = (Tracker::default(), Tracker::default());
        let mut now = Duration::ZERO;
        for ((faces, after), shuffled) in packets.iter().zip(&shuffled) {
            now += ms(*after);
            // Each place twice, so that some of this lasts long enough to be a track.
            for _ in 0..2 {
                now += ms(150);
                one.update(now, Some(&Faces::new(faces).unwrap()));
                other.update(now, Some(&Faces::new(shuffled).unwrap()));
                prop_assert_eq!(tracks(&one), tracks(&other));
                prop_assert_eq!(one.outcome(), other.outcome());
            }
        }
    }

    #[test]
    fn a_packet_that_is_read_several_times_counts_once(
        packets in vec((vec((0..4_i32, 0..40_u8), 0..=3), 60..300_u64, 1..8_u64), 1..60),
    ) {
        let (mut once, mut often) = (Tracker::default(), Tracker::default());
        let (mut now, mut before) = (Duration::ZERO, None);
        for (mut people, lasts, reads) in packets {
            people.sort_unstable();
            let drawn: Vec<Face> = people
                .iter()
                .map(|(place, jitter)| face(place * 20_000 - 30_000 + i32::from(*jitter) * 50, 0, 20, true))
                .collect();
            let faces = Faces::new(&drawn).unwrap();
            // Two inferences that say the same are no more than one to a reader.
            if before.replace(faces) == Some(faces) {
                continue;
            }
            once.update(now, Some(&faces));
            for read in 0..reads {
                often.update(now + ms(lasts * read / reads), Some(&faces));
                if read == 0 {
                    prop_assert_eq!(tracks(&once), tracks(&often));
                }
            }
            now += ms(lasts);
        }
    }

    #[test]
    fn a_burst_of_three_inferences_is_no_track(
        (inference, every) in (60..=265_u64, 10..=500_u64),
        (burst, phase) in (1..=3_u64, 0..1000_u64),
        (pan, tilt, width) in (10_000..40_000, -30_000..30_000, 8..60_u8),
        with_somebody in any::<bool>(),
    ) {
        let mut tracker = Tracker::default();
        let mut people = BTreeSet::new();
        for now in (0..10_000).step_by(every as usize) {
            let count = now / inference;
            let (from, until) = (4000 + phase, 4000 + phase + burst * inference);
            let mut drawn = vec![];
            if with_somebody {
                drawn.push(face(-25_000 + (count * 7 % 5) as i32 * 200, 2000, 30, true));
            }
            // In steps of whole inferences, as a sensor publishes.
            if (from..until).contains(&(count * inference)) {
                drawn.push(face(pan, tilt, width, true));
            }
            tracker.update(ms(now), Some(&Faces::new(&drawn).unwrap()));
            people.extend(tracker.tracks().map(Track::id));
            prop_assert!(tracker.outcome().is_present() == (people.len() == 1));
        }
        prop_assert_eq!(people.len(), usize::from(with_somebody));
    }

    #[test]
    fn the_bounds_of_who_sits_still_are_where_the_faces_were(
        (left, top) in (10..200_u8, 10..180_u8),
        jitter in vec(any::<[u8; 4]>(), 12..60),
    ) {
        let mut tracker = Tracker::default();
        let mut edges: Vec<[u8; 4]> = vec![];
        for (inference, jitter) in (0..).zip(jitter) {
            let [a, b, c, d] = jitter.map(|drawn| drawn % 5);
            edges.push([left + a, top + b, left + 18 + c, top + 30 + d]);
            let [left, top, right, bottom] = *edges.last().unwrap();
            let seen = Face::new(Bounds::new(left, top, right, bottom).unwrap(), 90, None, true).unwrap();
            tracker.update(ms(inference * INFERENCE_MS), Some(&Faces::new(&[seen]).unwrap()));
            let Some(track) = one(&tracker) else { continue };
            let bounds = track.bounds();
            let smooth = [bounds.left(), bounds.top(), bounds.right(), bounds.bottom()];
            for (edge, smooth) in smooth.into_iter().enumerate() {
                let seen = edges.iter().rev().take(8).map(|edges| edges[edge]);
                let (least, most) = (seen.clone().min().unwrap(), seen.max().unwrap());
                // A filter that follows a walk without lag swings over a little when somebody stops; an edge is the
                // middle and half of the width, of which each has jitter of its own.
                prop_assert!((least - 2..=most + 2).contains(&smooth), "{smooth} of {least}..={most}: {edges:?}");
            }
        }
        prop_assert!(one(&tracker).is_some());
    }

    #[test]
    fn who_walks_is_one_track_through_misses(
        speed in -30_000..=30_000_i32,
        (tilt, width) in (-20_000..20_000, 7..25_u8),
        seen in vec(proptest::bool::weighted(0.75), 40),
        jitter in vec(-400..=400_i32, 40),
    ) {
        let mut tracker = Tracker::default();
        let from = -speed.signum() * 45_000;
        let (mut ids, mut missed) = (BTreeSet::new(), 0);
        for (inference, (seen, jitter)) in (0..).zip(seen.into_iter().zip(jitter)) {
            let now = inference * INFERENCE_MS as i32;
            let pan = from + speed * now / 1000 + jitter;
            if pan.abs() > 48_000 {
                break;
            }
            // The first are seen, so that there is a track to keep; five misses in a row are one in a thousand.
            missed = if seen || inference < 8 || missed == 4 { 0 } else { missed + 1 };
            let drawn = if missed == 0 { vec![face(pan, tilt, width, false)] } else { vec![] };
            tracker.update(ms(now as u64), Some(&Faces::new(&drawn).unwrap()));
            ids.extend(one(&tracker).map(|track| track.id()));
        }
        prop_assert!(ids.len() == 1, "{ids:?}");
    }
}
