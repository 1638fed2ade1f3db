//! Cadence, beside a timer.

use std::ops::Range;
use std::time::Duration;

use mlsensor::PersonSensor;
use mlsensor::behavior::Cadence;
use mlsensor_sim::{Assumptions, Detection, KeyPoint, Person, SimBus, SimSensor, Timeline, Walk};

use super::Bound::{AtLeast, AtMost};
use super::reader::{Reader, Timer};
use super::sample::Sample;
use super::{Bound, Row, Unit};

/// Inferences a second, as they are named, and how long one takes, in microseconds.
const RATES: [(&str, u64); 6] = [
    ("3 a second", 333_333),
    ("5 a second", 200_000),
    ("7.1 a second", 140_000),
    ("10 a second", 100_000),
    ("15 a second", 66_667),
    ("20 a second", 50_000),
];

/// Time to learn, which is not counted.
const LEARNING: Duration = Duration::from_secs(10);

/// How far away somebody is, if nothing else is said.
const NEAR_M: f64 = 1.2;

/// START, the address and its acknowledgement, at 100 kHz.
const ADDRESS: Duration = Duration::from_micros(100);

/// What came of a run.
#[derive(Debug, Default, Clone, Copy)]
struct Tally {
    reads: u64,
    /// Results that were published.
    inferences: u64,
    /// Results that were read, and how long they had waited, in microseconds.
    seen: u64,
    waited_us: u64,
    /// The mean time of an inference.
    inference_us: u64,
}

impl Tally {
    /// Of two runs on the same board.
    fn and(self, other: Tally) -> Tally {
        Tally {
            reads: self.reads + other.reads,
            inferences: self.inferences + other.inferences,
            seen: self.seen + other.seen,
            waited_us: self.waited_us + other.waited_us,
            inference_us: self.inference_us,
        }
    }

    fn mean_wait_ms(&self) -> f64 {
        self.waited_us as f64 / self.seen.max(1) as f64 / 1000.0
    }

    /// The mean wait, as a part of the time between two results.
    fn mean_wait_percent(&self) -> f64 {
        100_000.0 * self.mean_wait_ms() / self.inference_us as f64
    }

    fn reads_per_inference(&self) -> f64 {
        self.reads as f64 / self.inferences.max(1) as f64
    }

    fn missed_percent(&self) -> f64 {
        100.0 * (self.inferences - self.seen) as f64 / self.inferences.max(1) as f64
    }
}

/// What goes on, and for how long.
struct Scene {
    inference_us: u64,
    /// By how many percent the time of an inference jitters. If it does, it drifts by 2 % as well.
    jitter_percent: u64,
    distance_m: f64,
    seed: u64,
    has_pin: bool,
    /// What comes before is not counted.
    counted_from: Duration,
    /// Nobody is there in this time.
    empty: Range<Duration>,
    until: Duration,
}

impl Scene {
    fn sensor(&self) -> SimSensor {
        let mut assumptions = Assumptions::default();
        assumptions.detection = Duration::from_micros(self.inference_us);
        if self.jitter_percent > 0 {
            assumptions.inference_jitter =
                Duration::from_micros(self.inference_us * self.jitter_percent / 100);
            assumptions.inference_drift_permille = 20;
        }
        let person = Person::at(self.distance_m, 10.0);
        let walk = |from, to| Walk::new(vec![KeyPoint::new(from, person), KeyPoint::new(to, person)]);
        let walks = vec![walk(Duration::ZERO, self.empty.start), walk(self.empty.end, self.until)];
        let sensor = SimSensor::new().with_assumptions(assumptions).with_seed(self.seed);
        sensor.with_detection(Detection::default()).with_timeline(Timeline::new(walks))
    }

    /// Reads as the reader says. Gives also when it was first locked after the room was empty.
    fn watch(&self, reader: &mut dyn Reader) -> (Tally, Option<Duration>) {
        let (bus, sim) = SimBus::with_sensor(self.sensor());
        let mut driver = PersonSensor::new(bus.clone());
        let mut tally = Tally { inference_us: self.inference_us, ..Tally::default() };
        let (mut known, mut first, mut locked) = (0, None, None);
        while bus.now() < self.until {
            // Until the next read is due; what a pin says may change that.
            while let Some(left) = reader.next_read().checked_sub(bus.now()).filter(|left| !left.is_zero()) {
                let level = sim.presence();
                let event = bus.next_event().filter(|_| self.has_pin);
                bus.advance(event.map_or(left, |event| left.min(event)).max(Duration::from_nanos(1)));
                if self.has_pin && sim.presence() != level {
                    reader.pin_changed(bus.now());
                }
            }
            let begun = bus.now();
            let latest = || sim.with(|sensor| (sensor.results(), sensor.published_at()));
            let before = latest();
            let reading = driver.read();
            // The content of a read is taken at its first byte: a result that comes up while the address is sent is in it.
            let is_in_it = |published: Option<Duration>| published.is_some_and(|at| at <= begun + ADDRESS);
            let (results, published) = Some(latest()).filter(|(_, at)| is_in_it(*at)).unwrap_or(before);
            reader.read_done(begun, reading.as_ref().ok());
            if begun >= self.empty.end && reader.is_locked() {
                locked.get_or_insert(begun);
            }
            if begun >= self.counted_from {
                tally.reads += 1;
                if results > known && first.is_some() {
                    tally.seen += 1;
                    tally.waited_us += published.map_or(0, |at| begun.saturating_sub(at).as_micros() as u64);
                }
                tally.inferences = results - *first.get_or_insert(results);
            }
            known = results;
        }
        (tally, locked)
    }
}

impl Scene {
    /// Somebody is there all the time.
    fn somebody(inference_us: u64, until: Duration) -> Scene {
        let (jitter_percent, distance_m, seed, has_pin) = (5, NEAR_M, 1, false);
        let (counted_from, empty) = (LEARNING, until..until);
        Scene { inference_us, jitter_percent, distance_m, seed, has_pin, counted_from, empty, until }
    }
}

/// Ten minutes, in which the drift goes through all its phases.
fn ten_minutes(inference_us: u64, somebody_is_there: bool, reader: &mut dyn Reader) -> Tally {
    let scene = Scene::somebody(inference_us, Duration::from_secs(600));
    let begin = if somebody_is_there { scene.until } else { Duration::ZERO };
    Scene { empty: begin..scene.until, ..scene }.watch(reader).0
}

/// An hour with somebody further away: many results equal the one before, and most of those have no face in them.
fn an_hour_at(distance_m: f64) -> [(&'static str, Tally); 6] {
    RATES.map(|(rate, us)| {
        let scene = Scene { distance_m, ..Scene::somebody(us, Duration::from_secs(3600)) };
        (rate, scene.watch(&mut Cadence::default()).0)
    })
}

/// Ten minutes of larger jitter.
fn larger_jitter() -> [(&'static str, Tally); 6] {
    RATES.map(|(rate, us)| {
        let scene = Scene { jitter_percent: 10, ..Scene::somebody(us, Duration::from_secs(600)) };
        (rate, scene.watch(&mut Cadence::default()).0)
    })
}

/// The room is empty after half a minute with somebody in it; the figures are those from half a minute later on, of
/// eight runs: where in a period one ends up is chance.
fn left_alone(inference_us: u64, jitter_percent: u64, until: Duration) -> Tally {
    let secs = Duration::from_secs;
    let run = |seed: u64| {
        let (counted_from, empty) = (secs(60), secs(30)..until);
        let scene = Scene::somebody(inference_us, until);
        Scene { jitter_percent, seed, counted_from, empty, ..scene }.watch(&mut Cadence::default()).0
    };
    (1..9).map(run).reduce(Tally::and).unwrap_or_default()
}

/// How long it takes to be locked again after somebody came back to a room that was empty for a minute, in ms.
fn locked_again(inference_us: u64, has_pin: bool) -> Sample {
    let secs = Duration::from_secs;
    let run = |seed: u64| {
        let back = secs(90) + Duration::from_millis(seed * 37);
        let scene = Scene::somebody(inference_us, secs(120));
        let scene = Scene { seed, has_pin, empty: secs(30)..back, ..scene };
        let (_, locked) = scene.watch(&mut Cadence::default());
        (locked.unwrap_or(scene.until) - back).as_millis() as i64
    };
    (0..20).map(run).collect()
}

/// What is measured, in which unit, how it comes from a tally.
type Figure = (&'static str, Unit, fn(&Tally) -> f64);

const WAIT: Figure =
    ("how long a result waits until it is read, on average", Unit::Milliseconds, Tally::mean_wait_ms);
const WAIT_OF_PERIOD: Figure =
    ("the mean wait, of the time between two results", Unit::Percent, Tally::mean_wait_percent);
const READS: Figure = ("reads", Unit::PerInference, Tally::reads_per_inference);
const MISSED: Figure = ("results that are never read", Unit::Percent, Tally::missed_percent);

/// One figure for each rate.
fn rows(
    scene: &'static str,
    of_each: &[(&str, Tally)],
    (what, unit, of): Figure,
    must: (Bound, &'static str),
) -> Vec<Row> {
    let (bound, because) = must;
    let row = |(rate, tally): &(&str, Tally)| {
        let (how, figure) = ((*rate).to_owned(), of(tally));
        Row { behavior: "Cadence", scene, what, how, figure, unit, bound, because }
    };
    of_each.iter().map(row).collect()
}

fn with_timer(every_ms: u64) -> [(&'static str, Tally); 6] {
    let timer = || Timer::new(Duration::from_millis(every_ms), Duration::ZERO);
    RATES.map(|(rate, us)| (rate, ten_minutes(us, true, &mut timer())))
}

/// What is left in an empty room of what was learned: nothing can be learned there.
fn after_it_was_learned() -> Vec<Row> {
    const STEADY: &str =
        "a room that has been empty for a minute, on a board whose inferences all take the same time";
    const JITTERS: &str = "the same for ten minutes; times jitter by 5 % and drift by 2 %";
    let of = |jitter_percent, until_s| {
        let until = Duration::from_secs(until_s);
        RATES.map(|(rate, us)| (rate, left_alone(us, jitter_percent, until)))
    };
    let (steady, jitters) = (of(0, 90), of(5, 660));
    let once = "once an inference, in the period that was learned";
    let luck =
        "after so long nobody knows any more where in the period it is: half a period is what luck gives";
    [
        rows(STEADY, &steady, READS, (AtMost(1.05), once)),
        rows(
            STEADY,
            &steady,
            WAIT_OF_PERIOD,
            (AtMost(20.0), "a fifth of a period at most, for the errors that add up"),
        ),
        rows(JITTERS, &jitters, READS, (AtMost(1.05), once)),
        rows(JITTERS, &jitters, WAIT_OF_PERIOD, (AtMost(55.0), luck)),
    ]
    .concat()
}

/// What is harder than somebody near before a board whose inferences jitter little.
fn harder() -> Vec<Row> {
    const JITTER: &str =
        "somebody is there; inferences so many a second, whose times jitter by 10 % and drift by 2 %";
    let jitter = larger_jitter();
    let waits = "a tenth of an inference: how late it reads is a matter of the jitter";
    let mut all = [
        rows(JITTER, &jitter, WAIT, (AtMost(35.0), waits)),
        rows(JITTER, &jitter, READS, (AtMost(1.3), "what may be spent is the same")),
    ]
    .concat();
    let paid = "what is waited for and searched for in vain is limited, and the period is no shorter than the true one";
    for (scene, distance_m) in [
        ("somebody 3.5 m away for an hour: one result in four equals the one before; 5 % and 2 %", 3.5),
        ("somebody 4 m away for an hour: every other result equals the one before; 5 % and 2 %", 4.0),
    ] {
        all.extend(rows(scene, &an_hour_at(distance_m), READS, (AtMost(1.5), paid)));
    }
    all
}

pub(crate) fn figures() -> Vec<Row> {
    const THERE: &str =
        "somebody is there; inferences so many a second, whose times jitter by 5 % and drift by 2 %";
    const EMPTY: &str = "an empty room";
    const BACK: &str = "somebody comes back after a minute";
    let there = RATES.map(|(rate, us)| (rate, ten_minutes(us, true, &mut Cadence::default())));
    let empty = RATES.map(|(rate, us)| (rate, ten_minutes(us, false, &mut Cadence::default())));
    let (by_100, by_200) = (with_timer(100), with_timer(200));
    let mut all = [
        rows(
            THERE,
            &there,
            WAIT,
            (
                AtMost(15.0),
                "a tenth of an inference, and less than what `AimConfig::WITH_CADENCE` takes for granted",
            ),
        ),
        rows(
            "the same by a timer of 100 ms",
            &by_100,
            WAIT,
            (AtLeast(24.0), "half of the timer's or the sensor's period"),
        ),
        rows("the same by a timer of 200 ms", &by_200, WAIT, (AtLeast(24.0), "the same")),
        rows(
            THERE,
            &there,
            READS,
            (AtMost(1.3), "one is needed, and one in three or four finds out when the next is due"),
        ),
        rows(
            "the same by a timer of 100 ms",
            &by_100[..3],
            READS,
            (AtLeast(1.3), "a timer that is fast enough for one board polls another"),
        ),
        rows(THERE, &there, MISSED, (AtMost(0.0), "it reads once in each inference at the least")),
        rows(
            "the same by a timer of 200 ms",
            &by_200[2..],
            MISSED,
            (AtLeast(25.0), "and one that is slow enough misses"),
        ),
        rows(
            EMPTY,
            &empty,
            READS,
            (AtMost(2.5), "a read each 140 ms at most: nothing is to be seen, and nothing to be learned"),
        ),
    ]
    .concat();
    all.extend(harder());
    all.extend(after_it_was_learned());
    for (has_pin, most, because) in [
        (false, 1.5, "the latency, and three inferences of the slowest board"),
        (true, 1.2, "the same, but the pin says when the first one is there"),
    ] {
        let what = if has_pin {
            "locked again, with the pin, worst of 20 runs"
        } else {
            "locked again, worst of 20 runs"
        };
        all.extend(RATES.map(|(rate, us)| Row {
            behavior: "Cadence",
            scene: BACK,
            what,
            how: rate.to_owned(),
            figure: locked_again(us, has_pin).worst() as f64 / 1000.0,
            unit: Unit::Seconds,
            bound: AtMost(most),
            because,
        }));
    }
    all
}
