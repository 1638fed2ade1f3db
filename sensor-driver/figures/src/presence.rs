//! Presence, beside "there is a face in the packet".

use std::time::Duration;

use mlsensor::PersonSensor;
use mlsensor::behavior::{Outcome, Presence, PresenceEvent};
use mlsensor_sim::{
    Detection, FaultInjector, FaultKind, KeyPoint, Person, Scenario, SimBus, SimSensor, Timeline, Walk,
};

use super::Bound::{AtLeast, AtMost};
use super::sample::Sample;
use super::{Bound, Row, Unit};

/// So long an empty room is watched.
const HOURS: u64 = 10;

const PERIODS_MS: [u64; 4] = [30, 100, 200, 500];

/// What came of a run.
#[derive(Debug, Default)]
struct Log {
    events: Vec<(Duration, PresenceEvent)>,
    /// How often a packet said that there is a face, and the one before it did not; and the other way round.
    came: u64,
    went: u64,
}

impl Log {
    fn times(&self, outcome: Outcome) -> u64 {
        self.events.iter().filter(|(_, event)| event.outcome() == outcome).count() as u64
    }

    /// The first event with this outcome, from this moment on.
    fn first(&self, outcome: Outcome, from: Duration) -> Option<Duration> {
        let of_kind = self.events.iter().find(|(at, event)| *at >= from && event.outcome() == outcome);
        of_kind.map(|(at, _)| *at)
    }
}

/// Reads each `every_ms`, from `first_ms` on.
fn watch(sensor: SimSensor, first_ms: u64, every_ms: u64, until: Duration) -> Log {
    let (bus, _) = SimBus::with_sensor(sensor);
    let (mut driver, mut presence) = (PersonSensor::new(bus.clone()), Presence::default());
    let (mut log, mut saw) = (Log::default(), false);
    let mut next = Duration::from_millis(first_ms % every_ms);
    while next < until {
        bus.advance(next.saturating_sub(bus.now()));
        next += Duration::from_millis(every_ms);
        let reading = driver.read();
        let now = bus.now();
        log.events.extend(presence.update(now, reading.as_ref().ok()).map(|event| (now, event)));
        if let Ok(faces) = reading {
            let sees = !faces.is_empty();
            log.came += u64::from(sees && !saw);
            log.went += u64::from(saw && !sees);
            saw = sees;
        }
    }
    log
}

fn row(
    scene: &'static str,
    what: &'static str,
    every_ms: u64,
    (figure, unit): (f64, Unit),
    (bound, because): (Bound, &'static str),
) -> Row {
    let how = format!("{every_ms} ms");
    Row { behavior: "Presence", scene, what, how, figure, unit, bound, because }
}

/// Arrivals in an empty room, and what a program makes of them that takes each packet at its word.
fn empty_room(scene: &'static str, bursts_per_million: u32, bounds: [(Bound, &'static str); 2]) -> Vec<Row> {
    let mut detection = Detection::default();
    detection.false_burst_per_million = bursts_per_million;
    let logs = PERIODS_MS.map(|every_ms| {
        let sensor = SimSensor::new().with_detection(detection.clone()).with_seed(bursts_per_million.into());
        (every_ms, watch(sensor, 0, every_ms, Duration::from_secs(3600 * HOURS)))
    });
    let rows = |what, must, of: &dyn Fn(&Log) -> u64| -> Vec<Row> {
        let an_hour = |log| (of(log) as f64 / HOURS as f64, Unit::PerHour);
        logs.iter().map(|(every_ms, log)| row(scene, what, *every_ms, an_hour(log), must)).collect()
    };
    let [arrivals, packets] = bounds;
    let mut all = rows("arrivals of nobody", arrivals, &|log| log.times(Outcome::Present));
    all.extend(rows("a packet with a face behind one without", packets, &|log| log.came));
    all
}

const COMES: Duration = Duration::from_secs(5);
const GOES: Duration = Duration::from_secs(20);

/// Somebody is there from one moment to the next, and gone again: the latencies of both, in ms.
fn comes_and_goes(distance_m: f64, every_ms: u64) -> (Sample, Sample) {
    let (mut arriving, mut leaving) = (Sample::default(), Sample::default());
    for seed in 0..200 {
        let there = Person::at(distance_m, 10.0);
        let (comes, goes) =
            (COMES + Duration::from_millis(seed * 7), GOES + Duration::from_millis(seed * 11));
        let walk = Walk::new(vec![KeyPoint::new(comes, there), KeyPoint::new(goes, there)]);
        let sensor = SimSensor::new().with_detection(Detection::default()).with_seed(seed);
        let sensor = sensor.with_timeline(Timeline::new(vec![walk]));
        let log = watch(sensor, seed * 37, every_ms, Duration::from_secs(60));
        let behind = |outcome, from| {
            let at = log.first(outcome, from).unwrap_or(Duration::from_secs(60));
            i64::try_from((at - from).as_millis()).unwrap_or(i64::MAX)
        };
        arriving.push(behind(Outcome::Present, comes));
        leaving.push(behind(Outcome::Absent, goes));
    }
    (arriving, leaving)
}

/// What an arrival and a leave may take, median and worst, in seconds; and why.
struct Latencies {
    arrive: [f64; 2],
    leave: [f64; 2],
    because: [&'static str; 2],
}

fn latency(scene: &'static str, distance_m: f64, wanted: impl Fn(u64) -> Latencies) -> Vec<Row> {
    let samples = PERIODS_MS.map(|every_ms| (every_ms, comes_and_goes(distance_m, every_ms)));
    let rows =
        |what, must: &dyn Fn(&Latencies) -> (f64, &'static str), of: &dyn Fn(&(Sample, Sample)) -> i64| {
            let one = |(every_ms, sample): &(u64, (Sample, Sample))| {
                let (most, because) = must(&wanted(*every_ms));
                let seconds = (of(sample) as f64 / 1000.0, Unit::Seconds);
                row(scene, what, *every_ms, seconds, (AtMost(most), because))
            };
            samples.iter().map(one).collect::<Vec<Row>>()
        };
    let arrived = rows(
        "arrived, after the first moment, median of 200 runs",
        &|wanted| (wanted.arrive[0], wanted.because[0]),
        &|(arriving, _)| arriving.median(),
    );
    let arrived_at_worst = rows(
        "arrived, worst of 200 runs",
        &|wanted| (wanted.arrive[1], wanted.because[1]),
        &|(arriving, _)| arriving.worst(),
    );
    let left = rows(
        "left, after the last moment, median of 200 runs",
        &|wanted| (wanted.leave[0], "`leave_after`, the latency, an inference and two readings"),
        &|(_, leaving)| leaving.median(),
    );
    let left_at_worst = rows(
        "left, worst of 200 runs",
        &|wanted| (wanted.leave[1], "a false face meanwhile, and it begins anew"),
        &|(_, leaving)| leaving.worst(),
    );
    [arrived, arrived_at_worst, left, left_at_worst].concat()
}

/// A bad day: misses, false faces. One arrival and one leave are true.
fn flicker() -> Vec<Row> {
    const SCENE: &str = "scenario `flicker`, 50 runs";
    let scenario = Scenario::named("flicker").expect("it comes with the simulator");
    let logs = PERIODS_MS.map(|every_ms| {
        let run = |seed| watch(scenario.sensor().with_seed(seed), seed * 37, every_ms, scenario.duration);
        (every_ms, (0..50).map(run).collect::<Vec<_>>())
    });
    // Absent at the beginning, present, absent.
    let wrong = |log: &Log| log.events.len().abs_diff(3) as u64;
    let extra = |log: &Log| (log.came + log.went).saturating_sub(2);
    let rows = |what, must, of: &dyn Fn(&Log) -> u64| -> Vec<Row> {
        let sum = |logs: &[Log]| logs.iter().map(of).sum::<u64>() as f64;
        logs.iter()
            .map(|(every_ms, logs)| row(SCENE, what, *every_ms, (sum(logs), Unit::Count), must))
            .collect()
    };
    let must =
        (AtMost(5.0), "one arrival and one leave, but for one run in ten: there are 130 false faces an hour");
    let mut all = rows("events beyond the true ones, all runs together", must, &wrong);
    let must = (AtLeast(500.0), "what each packet taken at its word makes of it");
    all.extend(rows("changes from packet to packet beyond the true ones", must, &extra));
    all
}

/// Somebody sits there all the time, and the wire is loose.
fn loose_wire() -> Vec<Row> {
    const SCENE: &str =
        "somebody sits there, and four reads in ten fail: no answer, spoiled bytes, gone for up to 25 s";
    let run = |every_ms: u64| {
        let mut sensor = SimSensor::new().with_detection(Detection::default()).with_seed(1);
        sensor.set_scene([Person::at(1.0, 0.0)]);
        let (bus, _) = SimBus::with_sensor(sensor);
        let faults = FaultInjector::new(bus.clone(), 1)
            .with(FaultKind::NackAddress, 250_000)
            .with(FaultKind::AllOnes, 50_000)
            .with(FaultKind::AllZero, 50_000)
            .with(FaultKind::BitFlips, 50_000)
            .with(FaultKind::Gone, 2_000);
        let (mut driver, mut presence) = (PersonSensor::new(faults), Presence::default());
        let mut left = 0_u64;
        while bus.now() < Duration::from_secs(3600) {
            let reading = driver.read();
            let event = presence.update(bus.now(), reading.as_ref().ok());
            left += u64::from(matches!(event, Some(PresenceEvent::Left { .. })));
            bus.advance(Duration::from_millis(every_ms));
        }
        row(
            SCENE,
            "left, in an hour",
            every_ms,
            (left as f64, Unit::Count),
            (AtMost(0.0), "no reading is not nobody"),
        )
    };
    PERIODS_MS.map(run).into()
}

pub(crate) fn rows() -> Vec<Row> {
    let at_its_word = "what each packet taken at its word makes of it";
    let mut rows = empty_room(
        "an empty room, 50 false faces an hour (scenario `empty_room`)",
        2_000,
        [
            (AtMost(1.0), "a fan that starts for nobody once an hour is forgiven"),
            (AtLeast(30.0), at_its_word),
        ],
    );
    rows.extend(empty_room(
        "an empty room, 500 false faces an hour: ten times worse",
        20_000,
        [
            (
                AtMost(25.0),
                "one in twenty of what the packets say: bursts that follow each other look like a face",
            ),
            (AtLeast(300.0), at_its_word),
        ],
    ));
    let slowly = |every_ms| every_ms > 300;
    rows.extend(latency("somebody stands 1.5 m away, and is gone", 1.5, |every_ms| {
        let because = ["`arrive_after`, the latency, an inference and a reading", "and two misses"];
        let of_steps = ["three readings, as many as it takes", "and a miss, which begins it anew"];
        if slowly(every_ms) {
            Latencies { arrive: [1.8, 4.0], leave: [4.5, 6.0], because: of_steps }
        } else {
            Latencies { arrive: [1.2, 2.5], leave: [2.8, 4.5], because }
        }
    }));
    let because = ["half of the arrivals see a miss", "misses begin it anew, and a quarter are misses"];
    rows.extend(latency(
        "somebody stands 3 m away (a quarter of faces are missed), and is gone",
        3.0,
        |every_ms| {
            if slowly(every_ms) {
                Latencies { arrive: [3.0, 15.0], leave: [4.5, 6.0], because }
            } else {
                Latencies { arrive: [2.0, 10.0], leave: [2.8, 4.5], because }
            }
        },
    ));
    rows.extend(flicker());
    rows.extend(loose_wire());
    rows
}
