//! Does a track stay with its person among others? Figures from scenes in which the truth is known.

mod people;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use mlsensor::behavior::{TrackId, Tracker};
use mlsensor_sim::{Detection, KeyPoint, Person, Scenario, SimSensor, Timeline, Walk};
use people::{behind, each_packet};

/// How a tracker did.
#[derive(Debug, Default, Clone, Copy)]
struct Figures {
    /// How often a track went over from one person to another.
    swaps: usize,
    /// How many tracks there were beyond one for each person.
    extra_tracks: usize,
    /// Sightings of people, and how many of them were of somebody without a track.
    sightings: usize,
    untracked: usize,
    /// Tracks that were shown and never had a person behind them.
    ghosts: usize,
}

impl Figures {
    fn plus(self, other: Figures) -> Figures {
        Figures {
            swaps: self.swaps + other.swaps,
            extra_tracks: self.extra_tracks + other.extra_tracks,
            sightings: self.sightings + other.sightings,
            untracked: self.untracked + other.untracked,
            ghosts: self.ghosts + other.ghosts,
        }
    }
}

fn figures(
    timeline: &Timeline,
    detection: &Detection,
    until: Duration,
    seed: u64,
    every: Duration,
) -> Figures {
    let sensor =
        SimSensor::new().with_detection(detection.clone()).with_seed(seed).with_timeline(timeline.clone());
    let mut tracker = Tracker::default();
    let mut person_of: BTreeMap<TrackId, usize> = BTreeMap::new();
    let mut tracks_of: BTreeMap<usize, BTreeSet<TrackId>> = BTreeMap::new();
    let mut ids = BTreeSet::new();
    let mut got = Figures::default();
    each_packet(sensor, until, every, |taken, now, faces| {
        tracker.update(now, Some(faces));
        for track in tracker.tracks() {
            ids.insert(track.id());
            let Some(person) = behind(track.face(), timeline, taken).filter(|_| track.is_seen()) else {
                continue;
            };
            let before = person_of.insert(track.id(), person);
            got.swaps += usize::from(before.is_some_and(|before| before != person));
            tracks_of.entry(person).or_default().insert(track.id());
        }
        let followed: BTreeSet<usize> =
            tracker.tracks().filter_map(|track| person_of.get(&track.id()).copied()).collect();
        let seen: BTreeSet<usize> = faces.iter().filter_map(|face| behind(face, timeline, taken)).collect();
        got.sightings += seen.len();
        got.untracked += seen.difference(&followed).count();
    });
    got.extra_tracks = tracks_of.values().map(|tracks| tracks.len() - 1).sum();
    got.ghosts = ids.iter().filter(|id| !person_of.contains_key(id)).count();
    got
}

fn crowd(every: Duration) -> Figures {
    let scenario = Scenario::named("crowd").unwrap();
    let runs = (0..RUNS as u64)
        .map(|seed| figures(&scenario.timeline, &scenario.detection, scenario.duration, seed, every));
    runs.fold(Figures::default(), Figures::plus)
}

/// Four people of different heights who walk to and fro across each other, each at a speed and distance of their own.
fn to_and_fro(seed: u64) -> Timeline {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let mut below = move |n: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((state >> 33) % n) as f64
    };
    let mut walks = Vec::new();
    for _ in 0..4 {
        let height = 1.3 + below(60) / 100.0;
        let mut at = Duration::ZERO;
        let mut points = Vec::new();
        while at < Duration::from_secs(60) {
            let person = Person::at(1.0 + below(180) / 100.0, below(90) - 45.0);
            points.push(KeyPoint::new(at, person.with_eye_height(height).with_heading(below(40))));
            at += Duration::from_millis(2500 + below(4000) as u64);
        }
        walks.push(Walk::new(points));
    }
    Timeline::new(walks)
}

fn walkers(every: Duration) -> Figures {
    let runs = (0..20)
        .map(|seed| figures(&to_and_fro(seed), &Detection::default(), Duration::from_secs(50), seed, every));
    runs.fold(Figures::default(), Figures::plus)
}

const RUNS: usize = 20;

/// Six people in the picture, of whom the sensor reports four. Measured: 1.4 swaps and 0.5 extra tracks a minute, and 2.5 %
/// of sightings without a track, nearly all of them before the track is shown. (Two walk past each other at one height.)
#[test]
fn in_a_crowd_tracks_mostly_stay_with_their_people() {
    for every in [20, 100] {
        let crowd = crowd(Duration::from_millis(every));
        assert!(crowd.swaps <= RUNS * 2 && crowd.extra_tracks <= RUNS, "{every} ms: {crowd:?}");
        assert!(crowd.untracked * 25 <= crowd.sightings && crowd.ghosts == 0, "{every} ms: {crowd:?}");
    }
}

/// Measured: 0.1 swaps and 0.1 extra tracks in 50 s of four people who walk all the time, 0.9 % without a track.
#[test]
fn people_who_walk_across_each_other_keep_their_tracks() {
    for every in [20, 100] {
        let walkers = walkers(Duration::from_millis(every));
        assert!(walkers.swaps <= RUNS / 2 && walkers.extra_tracks <= RUNS / 2, "{every} ms: {walkers:?}");
        assert!(
            walkers.untracked * 50 <= walkers.sightings && walkers.ghosts == 0,
            "{every} ms: {walkers:?}"
        );
    }
}

/// Every second packet is lost to a reader of 250 ms, which costs little: measured 0.1 swaps and 0.15 extra tracks of those who
/// walk. At 500 ms it is 1.8 and 2.7.
#[test]
fn a_slow_reader_loses_some_of_those_who_walk() {
    let every = Duration::from_millis(250);
    let (crowd, walking) = (crowd(every), walkers(every));
    assert!(crowd.swaps <= RUNS * 3 / 2 && crowd.extra_tracks <= RUNS, "{crowd:?}");
    assert!(walking.swaps <= RUNS / 2 && walking.extra_tracks <= RUNS / 2, "{walking:?}");
    let walking = walkers(every * 2);
    assert!(walking.swaps <= RUNS * 3 && walking.extra_tracks <= RUNS * 4, "{walking:?}");
}
