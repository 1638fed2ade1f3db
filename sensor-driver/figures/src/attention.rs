//! Attention, beside "the face is facing".

use std::time::Duration;

use mlsensor::PersonSensor;
use mlsensor::behavior::{Attention, AttentionEvent, Tracker};
use mlsensor_sim::{Detection, KeyPoint, Person, Scenario, SimBus, SimSensor, Timeline, Walk};

use super::Bound::{AtLeast, AtMost};
use super::sample::Sample;
use super::{Bound, Row, Unit};

const PERIODS_MS: [u64; 4] = [30, 100, 200, 500];

/// So long an empty room is watched.
const HOURS: u64 = 10;

/// What came of a run.
#[derive(Debug, Default)]
struct Log {
    events: Vec<(Duration, AttentionEvent)>,
    /// How often a packet has a face that faces, and the one before it had none; and the other way round.
    changes: u64,
}

impl Log {
    fn looks(&self) -> u64 {
        self.events.iter().filter(|(_, event)| matches!(event, AttentionEvent::Began(_))).count() as u64
    }
}

/// Reads each `every_ms`, from `first_ms` on.
fn watch(sensor: SimSensor, first_ms: u64, every_ms: u64, until: Duration) -> Log {
    let (bus, _) = SimBus::with_sensor(sensor);
    let mut driver = PersonSensor::new(bus.clone());
    let (mut tracker, mut attention) = (Tracker::default(), Attention::default());
    let (mut log, mut faced) = (Log::default(), false);
    let mut next = Duration::from_millis(first_ms % every_ms);
    while next < until {
        bus.advance(next.saturating_sub(bus.now()));
        next += Duration::from_millis(every_ms);
        let reading = driver.read();
        let now = bus.now();
        tracker.update(now, reading.as_ref().ok());
        log.events.extend(attention.update(now, &tracker).map(|event| (now, event)));
        if let Ok(faces) = reading {
            let faces_it = faces.facing().next().is_some();
            log.changes += u64::from(faces_it != faced);
            faced = faces_it;
        }
    }
    log
}

/// One figure for each period.
fn rows<T>(
    scene: &'static str,
    what: &'static str,
    of_each: &[(u64, T)],
    (bound, because): (Bound, &'static str),
    (unit, figure): (Unit, &dyn Fn(&T) -> f64),
) -> Vec<Row> {
    let row = |(every_ms, of): &(u64, T)| {
        let (how, figure) = (format!("{every_ms} ms"), figure(of));
        Row { behavior: "Attention", scene, what, how, figure, unit, bound, because }
    };
    of_each.iter().map(row).collect()
}

/// Somebody who stands there turns to the sensor: how long after that the look begins, in ms.
fn latency() -> Vec<Row> {
    const SCENE: &str = "somebody 1.2 m away turns to it at once";
    let run = |every_ms: u64, seed: u64| {
        let turns = Duration::from_millis(5000 + seed * 7);
        let there = Person::at(1.2, -10.0);
        let walk = Walk::new(vec![
            KeyPoint::new(Duration::ZERO, there.with_heading(40.0)),
            KeyPoint::new(turns, there.with_heading(40.0)),
            KeyPoint::new(turns, there),
            KeyPoint::new(Duration::from_secs(20), there),
        ]);
        let sensor = SimSensor::new().with_detection(Detection::default()).with_seed(seed);
        let log = watch(
            sensor.with_timeline(Timeline::new(vec![walk])),
            seed * 37,
            every_ms,
            Duration::from_secs(20),
        );
        let began = log.events.iter().find(|(_, event)| matches!(event, AttentionEvent::Began(_)));
        // One that never begins is as late as can be; one that begins too early is found as well.
        let at = began.map_or(Duration::from_secs(20), |(at, _)| *at);
        at.as_millis() as i64 - turns.as_millis() as i64
    };
    let samples =
        PERIODS_MS.map(|every_ms| (every_ms, (0..200).map(|seed| run(every_ms, seed)).collect::<Sample>()));
    let (fast, slow) = samples.split_at(3);
    let seconds = |ms: i64| ms as f64 / 1000.0;
    let shortest = (
        AtLeast(0.5),
        "`hold` and the latency, less the two inferences by which a wrong packet before the turn may precede it",
    );
    let because = "`hold`, the latency, an inference and a reading; a second feels prompt";
    let late = "a miss or two later";
    [
        rows(
            SCENE,
            "a look begins, after the turn, soonest of 200 runs",
            &samples,
            shortest,
            (Unit::Seconds, &|s| seconds(s.least())),
        ),
        rows(
            SCENE,
            "the same, median",
            fast,
            (AtMost(1.2), because),
            (Unit::Seconds, &|s| seconds(s.median())),
        ),
        rows(
            SCENE,
            "the same, median",
            slow,
            (AtMost(1.8), "three readings"),
            (Unit::Seconds, &|s| seconds(s.median())),
        ),
        rows(SCENE, "the same, worst", fast, (AtMost(2.0), late), (Unit::Seconds, &|s| seconds(s.worst()))),
        rows(SCENE, "the same, worst", slow, (AtMost(4.0), late), (Unit::Seconds, &|s| seconds(s.worst()))),
    ]
    .concat()
}

/// One look is true, and one end.
fn flicker() -> Vec<Row> {
    const SCENE: &str = "scenario `flicker` (one packet in five says the wrong thing), 50 runs";
    let scenario = Scenario::named("flicker").expect("it comes with the simulator");
    let run = |every_ms: u64, seed: u64| {
        watch(scenario.sensor().with_seed(seed), seed * 37, every_ms, scenario.duration)
    };
    let logs =
        PERIODS_MS.map(|every_ms| (every_ms, (0..50).map(|seed| run(every_ms, seed)).collect::<Vec<_>>()));
    let sum = |logs: &[Log], of: &dyn Fn(&Log) -> u64| logs.iter().map(of).sum::<u64>() as f64;
    const EXTRA: &str = "events beyond the true ones, all runs together";
    let extra = |logs: &Vec<Log>| sum(logs, &|log| log.events.len().abs_diff(2) as u64);
    let (fast, slow) = logs.split_at(3);
    let must = (AtMost(5.0), "one look and its end, but for one run in ten");
    let loose = (AtMost(250.0), "too slow for so bad a day: four wrong packets in a row are `release`");
    let plain = (AtLeast(500.0), "what each packet taken at its word makes of it");
    [
        rows(SCENE, EXTRA, fast, must, (Unit::Count, &extra)),
        rows(SCENE, EXTRA, slow, loose, (Unit::Count, &extra)),
        rows(
            SCENE,
            "changes of is-facing from packet to packet beyond the true ones",
            &logs,
            plain,
            (Unit::Count, &|logs| sum(logs, &|log| log.changes.saturating_sub(2))),
        ),
    ]
    .concat()
}

fn empty_room(
    scene: &'static str,
    bursts_per_million: u32,
    most: (f64, &'static str),
    least: f64,
) -> Vec<Row> {
    let mut detection = Detection::default();
    detection.false_burst_per_million = bursts_per_million;
    let logs = PERIODS_MS.map(|every_ms| {
        let sensor = SimSensor::new().with_detection(detection.clone()).with_seed(bursts_per_million.into());
        (every_ms, watch(sensor, 0, every_ms, Duration::from_secs(3600 * HOURS)))
    });
    let an_hour = |times: u64| times as f64 / HOURS as f64;
    let (most, because) = most;
    let plain = (AtLeast(least), "what each packet taken at its word makes of it");
    [
        rows(
            scene,
            "looks of nobody",
            &logs,
            (AtMost(most), because),
            (Unit::PerHour, &|log| an_hour(log.looks())),
        ),
        rows(
            scene,
            "a packet with a facing face behind one without",
            &logs,
            plain,
            (Unit::PerHour, &|log| an_hour(log.changes.div_ceil(2))),
        ),
    ]
    .concat()
}

pub(crate) fn figures() -> Vec<Row> {
    let mut all = latency();
    all.extend(flicker());
    let once = (0.1, "a false face is no track, so once in a working day at most");
    all.extend(empty_room("an empty room, 50 false faces an hour, 3 in 10 facing", 2_000, once, 8.0));
    let once = (3.0, "one in fifty of what the packets say");
    all.extend(empty_room("an empty room, 500 false faces an hour: ten times worse", 20_000, once, 80.0));
    all
}
