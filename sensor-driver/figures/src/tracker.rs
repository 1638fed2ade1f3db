//! The tracker, beside "the first face of the packet", which published programs take for one and the same person.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use mlsensor::behavior::{TrackId, Tracker};
use mlsensor::{Face, Faces, PersonSensor};
use mlsensor_sim::{Attached, Scenario, SimBus, SimSensor};

use super::Bound::{AtLeast, AtMost};
use super::{Bound, Row, Unit};

/// Each with another seed and another phase between reading and inference.
const RUNS: u64 = 50;

/// What came of one scene, in all runs.
#[derive(Debug, Default)]
struct Tally {
    watched: Duration,
    /// How often a track went over from one person to another.
    swaps: u64,
    /// How often the first face of a packet was another person's than the first face of the one before.
    swaps_of_first: u64,
    people: u64,
    /// Tracks with a person behind them.
    tracks: u64,
    /// Tracks that never had anybody behind them.
    ghosts: u64,
    /// Faces of people in what was read, and how many of them belonged to no track.
    sightings: u64,
    untracked: u64,
}

/// A face, and who is behind it: the simulator knows.
type Truth = Vec<(Face, Option<u32>)>;

/// Reads, and asks for the truth behind what was read.
fn read(driver: &mut PersonSensor<SimBus>, sim: &Attached<SimSensor>) -> Option<(Faces, Truth)> {
    let before = sim.with(|sensor| sensor.truth());
    let faces = driver.read().ok()?;
    // A result that came up while it was read is not what was read.
    let truth = if before.iter().map(|(face, _)| face).eq(faces.iter()) {
        before
    } else {
        sim.with(|sensor| sensor.truth())
    };
    Some((faces, truth))
}

impl Tally {
    fn watch(&mut self, scenario: &Scenario, seed: u64, every: Duration) {
        let (bus, sim) = SimBus::with_sensor(scenario.sensor().with_seed(seed));
        let mut driver = PersonSensor::new(bus.clone());
        let mut tracker = Tracker::default();
        let mut person_of: BTreeMap<TrackId, u32> = BTreeMap::new();
        let mut tracks_of: BTreeMap<u32, BTreeSet<TrackId>> = BTreeMap::new();
        let mut ids = BTreeSet::new();
        let mut first = None;
        let mut next = Duration::from_millis(seed * 37 % 200);
        while next < scenario.duration {
            bus.advance(next.saturating_sub(bus.now()));
            next += every;
            let Some((faces, truth)) = read(&mut driver, &sim) else { continue };
            tracker.update(bus.now(), Some(&faces));
            ids.extend(tracker.tracks().map(|track| track.id()));
            for (face, who) in truth.iter().filter_map(|(face, who)| Some((face, (*who)?))) {
                self.sightings += 1;
                let track = tracker.tracks().find(|track| track.is_seen() && track.face() == face);
                let Some(id) = track.map(|track| track.id()) else {
                    self.untracked += 1;
                    continue;
                };
                let before = person_of.insert(id, who);
                self.swaps += u64::from(before.is_some_and(|before| before != who));
                tracks_of.entry(who).or_default().insert(id);
            }
            if let Some((_, Some(who))) = truth.first() {
                self.swaps_of_first += u64::from(first.replace(*who).is_some_and(|before| before != *who));
            }
        }
        self.watched += scenario.duration;
        self.people += tracks_of.len() as u64;
        self.tracks += tracks_of.values().map(|tracks| tracks.len() as u64).sum::<u64>();
        self.ghosts += ids.iter().filter(|id| !person_of.contains_key(id)).count() as u64;
    }

    fn of(name: &str, every_ms: u64) -> Tally {
        let scenario = Scenario::named(name).expect("it comes with the simulator");
        let mut tally = Tally::default();
        for seed in 0..RUNS {
            tally.watch(&scenario, seed, Duration::from_millis(every_ms));
        }
        tally
    }

    fn an_hour(&self, times: u64) -> f64 {
        times as f64 * 3600.0 / self.watched.as_secs_f64()
    }
}

fn share(part: u64, of: u64) -> f64 {
    part as f64 / of.max(1) as f64
}

/// How many swaps, how many tracks a person, which share of sightings without a track.
struct Wanted {
    swaps: (f64, &'static str),
    tracks: (f64, &'static str),
    untracked: (f64, &'static str),
    first: (f64, &'static str),
}

fn scene(scene: &'static str, name: &str, wanted: &Wanted) -> Vec<Row> {
    let tallies = [50, 100, 200].map(|every_ms| (format!("{every_ms} ms"), Tally::of(name, every_ms)));
    let rows = |what, unit, bound: Bound, because, figure: &dyn Fn(&Tally) -> f64| -> Vec<Row> {
        let row = |(how, tally): &(String, Tally)| {
            let (how, figure) = (how.clone(), figure(tally));
            Row { behavior: "Tracker", scene, what, how, figure, unit, bound, because }
        };
        tallies.iter().map(row).collect()
    };
    let (swaps, because) = wanted.swaps;
    let mut all =
        rows("a track goes over to another person", Unit::PerHour, AtMost(swaps), because, &|tally| {
            tally.an_hour(tally.swaps)
        });
    let (first, because) = wanted.first;
    all.extend(rows(
        "the first face of the packet is another person's than before",
        Unit::PerHour,
        AtLeast(first),
        because,
        &|tally| tally.an_hour(tally.swaps_of_first),
    ));
    let (tracks, because) = wanted.tracks;
    all.extend(rows("tracks", Unit::PerPerson, AtMost(tracks), because, &|tally| {
        share(tally.tracks, tally.people)
    }));
    let (untracked, because) = wanted.untracked;
    all.extend(rows(
        "of the faces of people, have no track",
        Unit::Percent,
        AtMost(untracked),
        because,
        &|tally| 100.0 * share(tally.untracked, tally.sightings),
    ));
    all.extend(rows(
        "tracks with nobody behind",
        Unit::PerHour,
        AtMost(1.0),
        "a false face is no track",
        &|tally| tally.an_hour(tally.ghosts),
    ));
    all
}

pub(crate) fn rows() -> Vec<Row> {
    let wanted = Wanted {
        swaps: (
            120.0,
            "six people who pass each other, and four faces: two a minute, of 40 and more for the first face",
        ),
        first: (1500.0, "what is followed without a tracker"),
        tracks: (1.5, "who is pushed out of the packet for long comes back as somebody new, but seldom"),
        untracked: (6.0, "0.5 s of 8 s or more, until they are believed"),
    };
    let mut rows = scene("scenario `crowd`, 50 runs", "crowd", &wanted);
    let wanted = Wanted {
        swaps: (0.0, "they do not even come near each other"),
        first: (50.0, "what is followed without a tracker"),
        tracks: (1.05, "as many as people"),
        untracked: (6.0, "0.5 s of 8 s or more, until they are believed"),
    };
    rows.extend(scene("scenario `two_people`, 50 runs", "two_people", &wanted));
    rows
}
