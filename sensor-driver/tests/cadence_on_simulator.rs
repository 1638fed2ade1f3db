//! A host that reads at a cadence, and one that reads by a timer, in front of the same scene: who misses what?
//!
//! The simulated sensor sees like hardware, and its counter of results, which no real one has, is the judge.

use std::time::Duration;

use embedded_hal::digital::InputPin;
use mlsensor::behavior::{Cadence, Freshness, Lock};
use mlsensor::{Faces, PersonSensor};
use mlsensor_sim::{Attached, Scenario, SimBus, SimSensor};

const END: Duration = Duration::from_secs(120);
/// The sensor boots, and the cadence is found.
const SETTLED: Duration = Duration::from_secs(10);

/// Somebody before the sensor, who moves now and then; gone from 60 to 80 s.
const SCENE: &str = r#"
about = "Somebody works before the sensor, with a break."
duration_s = 120.0
seed = 3
[[person]]
path = [
    { at_s = 0.0, distance_m = 1.0, bearing_deg = -5.0, heading_deg = 0.0 },
    { at_s = 20.0, distance_m = 0.8 },
    { at_s = 40.0, distance_m = 1.1, bearing_deg = 8.0 },
    { at_s = 60.0 },
]
[[person]]
path = [
    { at_s = 80.0, distance_m = 1.2, bearing_deg = 3.0, heading_deg = 0.0 },
    { at_s = 120.0, distance_m = 0.9 },
]
"#;

/// A bus with a sensor, and when it published what.
struct Bench {
    bus: SimBus,
    sim: Attached<SimSensor>,
    published: Vec<Duration>,
    edges: Vec<Duration>,
    was_high: bool,
}

impl Bench {
    fn new() -> Bench {
        let scenario = Scenario::parse(SCENE).expect("a scene");
        let (bus, sim) = SimBus::with_sensor(scenario.sensor());
        Bench { bus, sim, published: Vec::new(), edges: Vec::new(), was_high: false }
    }

    /// Lets time pass from event to event, up to the time or to the first edge of the pin.
    fn sleep_until(&mut self, time: Duration) {
        let edges = self.edges.len();
        while self.bus.now() < time && self.edges.len() == edges {
            let left = time - self.bus.now();
            self.bus.advance(self.bus.next_event().map_or(left, |event| event.min(left)));
            self.look();
        }
    }

    fn look(&mut self) {
        let results = self.sim.with(|sim| sim.results()) as usize;
        self.published.resize(results, self.bus.now());
        let is_high = self.sim.output_pin(SimSensor::presence).is_high().expect("a level");
        if is_high != self.was_high {
            self.was_high = is_high;
            self.edges.push(self.bus.now());
        }
    }
}

/// What a host read: when it started, and how many results there had been.
type Log = Vec<(Duration, usize)>;

fn read(bench: &mut Bench, log: &mut Log) -> (Duration, Option<Faces>) {
    let started = bench.bus.now();
    log.push((started, bench.published.len()));
    let reading = PersonSensor::new(bench.bus.clone()).read().ok();
    bench.look();
    (started, reading)
}

fn by_timer(pause: Duration) -> (Bench, Log) {
    let (mut bench, mut log) = (Bench::new(), Log::new());
    while bench.bus.now() < END {
        let (started, _) = read(&mut bench, &mut log);
        while bench.bus.now() < started + pause {
            bench.sleep_until(started + pause);
        }
    }
    (bench, log)
}

fn by_cadence(with_pin: bool) -> (Bench, Log, Vec<(Freshness, Lock)>) {
    let (mut bench, mut log, mut said) = (Bench::new(), Log::new(), Vec::new());
    let mut cadence = Cadence::default();
    let mut edges = 0;
    while bench.bus.now() < END {
        bench.sleep_until(cadence.next_read());
        if bench.edges.len() > edges {
            edges = bench.edges.len();
            if with_pin {
                cadence.pin_changed(bench.edges[edges - 1]);
            }
            continue;
        }
        let (started, reading) = read(&mut bench, &mut log);
        said.push((cadence.read_done(started, reading.as_ref()), cadence.lock()));
    }
    (bench, log, said)
}

#[derive(Debug)]
struct Account {
    duplicates: usize,
    missed: usize,
    results: usize,
    mean_age: Duration,
}

/// Of all results that were published between the two moments.
fn account(bench: &Bench, log: &Log, from: Duration, to: Duration) -> Account {
    let within = |time: &Duration| (from..to).contains(time);
    let (mut duplicates, mut missed, mut results, mut age) = (0, 0, 0, Duration::ZERO);
    for (place, published) in bench.published.iter().enumerate().filter(|(_, at)| within(at)) {
        let mut reads = log.iter().filter(|(_, count)| *count == place + 1);
        results += 1;
        match reads.next() {
            Some((started, _)) => age += *started - *published,
            None => missed += 1,
        }
        duplicates += reads.count();
    }
    Account { duplicates, missed, results, mean_age: age / (results - missed).max(1) as u32 }
}

#[test]
fn a_timer_reads_twice_and_misses_and_is_late_and_a_cadence_is_not() {
    let (from, to) = (SETTLED, Duration::from_secs(60));
    let (bench, log) = by_timer(Duration::from_millis(200));
    let slow = account(&bench, &log, from, to);
    let (bench, log) = by_timer(Duration::from_millis(100));
    let fast = account(&bench, &log, from, to);
    let (bench, log, _) = by_cadence(false);
    let cadence = account(&bench, &log, from, to);
    println!("timer of 200 ms: {slow:?}\ntimer of 100 ms: {fast:?}\ncadence:         {cadence:?}");
    assert!(slow.missed * 4 > slow.results && slow.mean_age > Duration::from_millis(50), "{slow:?}");
    assert!(fast.duplicates * 4 > fast.results && fast.mean_age > Duration::from_millis(30), "{fast:?}");
    assert_eq!(cadence.missed, 0, "{cadence:?}");
    assert!(cadence.duplicates * 100 <= cadence.results * 30, "{cadence:?}");
    assert!(cadence.mean_age <= Duration::from_millis(15), "{cadence:?}");
}

#[test]
fn who_comes_back_after_a_break_is_followed_at_once() {
    for with_pin in [false, true] {
        let (bench, log, said) = by_cadence(with_pin);
        let back = *bench.edges.iter().find(|edge| **edge > Duration::from_secs(79)).expect("an edge");
        let at_once = account(&bench, &log, back, back + Duration::from_millis(1));
        let later = account(&bench, &log, back + Duration::from_millis(500), END);
        println!("with pin {with_pin}: first result {at_once:?}, then {later:?}");
        assert!(!with_pin || at_once.mean_age < Duration::from_millis(6), "{at_once:?}");
        assert_eq!(later.missed, 0, "{later:?}");
        assert!(later.mean_age <= Duration::from_millis(15), "{later:?}");
        let mut before = log.iter().zip(&said).filter(|((time, _), _)| *time < back);
        assert!(before.next_back().is_some_and(|(_, (_, lock))| *lock == Lock::Coasting));
        assert_eq!(said.last().expect("it reads").1, Lock::Locked);
    }
}

#[test]
fn one_reading_in_each_inference_is_called_fresh() {
    let (bench, log, said) = by_cadence(false);
    let settled = log.iter().zip(&said).filter(|((time, _), _)| *time > SETTLED);
    let fresh = settled.filter(|(_, (freshness, _))| freshness.is_fresh()).count();
    let results = bench.published.iter().filter(|time| **time > SETTLED).count();
    assert!(fresh.abs_diff(results) * 50 <= results, "{fresh} of {results}");
}
