//! Aim on a sensor that runs recognition: its results are 125 ms older, and there are half as many.

use std::time::Duration;

use mlsensor::behavior::{Aim, AimConfig, Cadence, Tracker, TrackerConfig};
use mlsensor::{PersonId, PersonSensor};
use mlsensor_sim::{Person, SimBus, SimSensor};

use super::super::Bound::{AtLeast, AtMost};
use super::super::Row;
use super::super::pan_tilt::{Aiming, Controller};
use super::super::reader::Reader;
use super::{
    STOPS_MS, Trial, degrees, lag, overshoot, sample, seconds, settled, side_by_side, step, timer, walk,
};

/// More than elsewhere: with so few inferences it is the rare run that goes wrong.
const RUNS: u64 = 200;

const STEP: &str = "recognition runs: somebody appears 40° aside";
const WALK: &str = "recognition runs: the walk, and the stop";
const OVERSHOOT: &str = "overshoot, worst of 200 runs";
const SETTLED: &str = "no more than 5° off from then on, worst of 200 runs";

/// A sensor that runs recognition on every face, as it does from the first label on. An inference in an empty room
/// takes 140 ms: each run begins in another part of one.
fn sensor(seed: u64) -> SimSensor {
    let (bus, sim) = SimBus::with_sensor(SimSensor::new());
    let mut driver = PersonSensor::new(bus.clone());
    sim.set_scene([Person::at(1.0, 0.0)]);
    driver.set_id_enabled(true).expect("the bus works");
    bus.advance(Duration::from_secs(1));
    driver.label_next_id(PersonId::ALL[0]).expect("the bus works");
    bus.advance(Duration::from_secs(2));
    sim.set_scene([]);
    bus.advance(Duration::from_millis(1000 + seed * 37 % 140));
    sim.with(|sensor| {
        assert!(sensor.labelled(PersonId::ALL[0]).is_some(), "nobody is labelled");
        sensor.clone()
    })
}

fn aiming(reader: Box<dyn Reader>, config: AimConfig) -> Box<dyn Controller> {
    let tracker = Tracker::new(TrackerConfig::WITH_RECOGNITION);
    Box::new(Aiming { reader, aim: Aim::new(config), tracker })
}

fn trial(how: String, controller: &dyn Fn(Duration) -> Box<dyn Controller>) -> Trial<'_> {
    Trial { how, controller, sensor: &sensor, runs: RUNS }
}

fn follows(trial: &Trial<'_>) -> Vec<Row> {
    let (steps, walks) = (trial.runs(15, step), trial.runs(15, walk));
    vec![
        trial.row(
            STEP,
            OVERSHOOT,
            degrees(overshoot(&steps).worst()),
            (AtMost(2.5), "no further than the dead band, in the rarest run"),
        ),
        trial.row(
            STEP,
            SETTLED,
            seconds(settled(&steps).worst()),
            (AtMost(2.0), "1.1 s to be believed, 0.3 s of latency, 0.3 s of way"),
        ),
        trial.row(
            WALK,
            "off on average while it goes on, median of 200 runs",
            degrees(lag(&walks).median()),
            (AtMost(4.0), "as without recognition"),
        ),
        trial.row(
            WALK,
            "the same, worst of 200 runs",
            degrees(lag(&walks).worst()),
            (
                AtMost(20.0),
                "four results a second: now and then the walker is lost, and is found at the stop",
            ),
        ),
        trial.row(
            WALK,
            "past the place of the stop, worst of 200 runs",
            degrees(overshoot(&walks).worst()),
            (AtMost(17.0), "what is seen is up to 0.8 s old, and 20° a second was right until then"),
        ),
        trial.row(
            WALK,
            "no more than 5° off from then on, after the stop, worst of 200 runs",
            seconds(sample(&walks, |run| run.settled_ms(5_000) - STOPS_MS).worst()),
            (AtMost(3.5), "who was lost must be found again, which takes a birth"),
        ),
    ]
}

/// With the settings for a sensor that does not run recognition.
fn not_told(trial: &Trial<'_>) -> Vec<Row> {
    let steps = trial.runs(15, step);
    vec![
        trial.row(
            STEP,
            OVERSHOOT,
            degrees(overshoot(&steps).worst()),
            (AtLeast(5.0), "that is what its 125 ms are accounted for"),
        ),
        trial.row(STEP, SETTLED, seconds(settled(&steps).worst()), (AtLeast(2.0), "the same")),
    ]
}

pub(super) fn rows() -> Vec<Row> {
    let told = AimConfig::WITH_RECOGNITION;
    let mut ways: Vec<Vec<Row>> = [50, 100, 140]
        .map(|every_ms| {
            let controller = |first| aiming(timer(every_ms, first), told);
            follows(&trial(format!("{every_ms} ms"), &controller))
        })
        .into();
    let controller = |_first| aiming(Box::new(Cadence::default()), told);
    ways.push(follows(&trial("by `Cadence`".to_owned(), &controller)));
    let mut rows = side_by_side(ways);
    let by_timer = |first| aiming(timer(100, first), AimConfig::DEFAULT);
    let by_cadence = |_first| aiming(Box::new(Cadence::default()), AimConfig::WITH_CADENCE);
    rows.extend(side_by_side(vec![
        not_told(&trial("100 ms, `DEFAULT`".to_owned(), &by_timer)),
        not_told(&trial("by `Cadence`, `WITH_CADENCE`".to_owned(), &by_cadence)),
    ]));
    rows
}
