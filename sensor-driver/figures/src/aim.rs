//! Aim, beside a plain proportional step as published programs make it.

mod recognition;

use std::time::Duration;

use mlsensor::behavior::{Aim, AimConfig, Cadence, Tracker};
use mlsensor_sim::{Assumptions, Detection, SimSensor};

use super::Bound::{AtLeast, AtMost};
use super::pan_tilt::{Aiming, Controller, ProportionalStep, Run, run};
use super::reader::{Reader, Timer};
use super::sample::Sample;
use super::{Bound, Row, Unit};

/// Each with another seed and another phase between reading and inference.
const RUNS: u64 = 20;

const STEP: &str = "somebody appears 40° aside";
const WALK: &str = "somebody sets out within half a second, walks by at 20° a second, and stops dead";
const STILL: &str = "somebody stands still";
const SWAY: &str = "somebody sways by 0.8° (2 cm) to either side, to and fro in 4 s";
const PLAIN: &str = "the plain step, each 200 ms";

fn step(ms: i32) -> Option<i32> {
    (ms >= 1000).then_some(40_000)
}

/// When the walk ends.
const STOPS_MS: i64 = 7_250;

fn walk(ms: i32) -> Option<i32> {
    let walked = (ms - 3000).max(0);
    let way = if walked < 500 { 20 * walked * walked / 1000 } else { 5_000 + 20 * (walked - 500) };
    Some((-40_000 + way).min(40_000))
}

const fn still(_ms: i32) -> Option<i32> {
    Some(20_000)
}

fn sway(ms: i32) -> Option<i32> {
    Some(20_000 + (((ms % 4000) - 2000).abs() - 1000) * 4 / 5)
}

/// What is followed, by what, how well.
struct Trial<'a> {
    how: String,
    controller: &'a dyn Fn(Duration) -> Box<dyn Controller>,
    /// By the seed.
    sensor: &'a dyn Fn(u64) -> SimSensor,
    runs: u64,
}

fn new_sensor(_seed: u64) -> SimSensor {
    SimSensor::new()
}

impl Trial<'_> {
    fn runs(&self, seconds: u64, bearing: fn(i32) -> Option<i32>) -> Vec<Run> {
        let one = |seed: u64| {
            let sensor = (self.sensor)(seed).with_detection(Detection::default()).with_seed(seed);
            let first = Duration::from_millis(seed * 37 % 200);
            run(sensor, (self.controller)(first).as_mut(), Duration::from_secs(seconds), bearing)
        };
        (0..self.runs).map(one).collect()
    }

    fn row(
        &self,
        scene: &'static str,
        what: &'static str,
        figure: (f64, Unit),
        must: (Bound, &'static str),
    ) -> Row {
        let ((figure, unit), (bound, because)) = (figure, must);
        Row { behavior: "Aim", scene, what, how: self.how.clone(), figure, unit, bound, because }
    }
}

fn sample(runs: &[Run], of: impl Fn(&Run) -> i64) -> Sample {
    runs.iter().map(of).collect()
}

fn degrees(millideg: i64) -> (f64, Unit) {
    (millideg as f64 / 1000.0, Unit::Degrees)
}

fn seconds(ms: i64) -> (f64, Unit) {
    (ms as f64 / 1000.0, Unit::Seconds)
}

const fn count(of: i64) -> (f64, Unit) {
    (of as f64, Unit::Count)
}

fn overshoot(runs: &[Run]) -> Sample {
    sample(runs, |run| run.beyond(40_000, 0))
}

/// After the person appeared, in ms.
fn settled(runs: &[Run]) -> Sample {
    sample(runs, |run| run.settled_ms(5_000) - 1000)
}

/// While the walk goes on, from half of it on.
fn lag(runs: &[Run]) -> Sample {
    sample(runs, |run| run.mean_off(5_000, STOPS_MS))
}

/// In a minute, from the tenth second on.
fn way(runs: &[Run]) -> Sample {
    sample(runs, |run| run.way(10_000, 70_000))
}

fn starts(runs: &[Run]) -> Sample {
    sample(runs, |run| run.starts(10_000, 70_000))
}

/// One for each trial, one figure after the other, so that the page can show them side by side.
fn side_by_side(of_each_trial: Vec<Vec<Row>>) -> Vec<Row> {
    let figures = of_each_trial.first().map_or(0, Vec::len);
    let nth = |n: usize| of_each_trial.iter().filter_map(move |rows| rows.get(n).cloned());
    (0..figures).flat_map(nth).collect()
}

fn by_timer(every_ms: u64) -> Vec<Row> {
    let controller = |first| aiming(timer(every_ms, first), AimConfig::DEFAULT);
    follows(Trial { how: format!("{every_ms} ms"), controller: &controller, sensor: &new_sensor, runs: RUNS })
}

fn by_cadence() -> Vec<Row> {
    let controller = |_first| aiming(Box::new(Cadence::default()), AimConfig::WITH_CADENCE);
    follows(Trial {
        how: "by `Cadence`".to_owned(),
        controller: &controller,
        sensor: &new_sensor,
        runs: RUNS,
    })
}

fn follows(trial: Trial<'_>) -> Vec<Row> {
    let (steps, walks) = (trial.runs(15, step), trial.runs(15, walk));
    let (stills, sways) = (trial.runs(70, still), trial.runs(70, sway));
    vec![
        trial.row(
            STEP,
            "overshoot, worst of 20 runs",
            degrees(overshoot(&steps).worst()),
            (AtMost(6.0), "a face at 1.5 m is 6° wide: it must not leave it"),
        ),
        trial.row(
            STEP,
            "no more than 5° off from then on, worst of 20 runs",
            seconds(settled(&steps).worst()),
            (AtMost(2.0), "0.6 s to be believed, 0.2 s of latency, 0.3 s of way; longer feels asleep"),
        ),
        trial.row(
            STEP,
            "off at rest, worst of 20 runs",
            degrees(sample(&steps, |run| run.most_off(8_000, 15_000)).worst()),
            (AtMost(3.5), "the dead band and two view units"),
        ),
        trial.row(
            WALK,
            "off on average while the walk goes on, worst of 20 runs",
            degrees(lag(&walks).worst()),
            (AtMost(4.0), "two thirds of a face at 1.5 m: they stay in the middle"),
        ),
        trial.row(
            WALK,
            "past the place of the stop, worst of 20 runs",
            degrees(overshoot(&walks).worst()),
            (AtMost(13.0), "what is seen is up to 0.6 s old, and 20° a second was right until then"),
        ),
        trial.row(
            WALK,
            "no more than 5° off from then on, after the stop, worst of 20 runs",
            seconds(sample(&walks, |run| run.settled_ms(5_000) - STOPS_MS).worst()),
            (AtMost(2.0), "it must come back at once"),
        ),
        trial.row(
            STILL,
            "way in a minute, worst of 20 runs",
            degrees(way(&stills).worst()),
            (AtMost(10.0), "it rests: at most a correction or two of a dead band and a half"),
        ),
        trial.row(
            SWAY,
            "way in a minute, worst of 20 runs",
            degrees(way(&sways).worst()),
            (AtMost(10.0), "1.6° from side to side are within the dead band"),
        ),
    ]
}

fn timer(every_ms: u64, first: Duration) -> Box<dyn Reader> {
    Box::new(Timer::new(Duration::from_millis(every_ms), first))
}

fn aiming(reader: Box<dyn Reader>, config: AimConfig) -> Box<dyn Controller> {
    Box::new(Aiming { reader, aim: Aim::new(config), tracker: Tracker::default() })
}

/// What is true of it, and must be for the comparison to be fair.
fn plain(millideg_per_unit: i32, wanted: [(Bound, &'static str); 4]) -> Vec<Row> {
    let controller = |first| -> Box<dyn Controller> {
        Box::new(ProportionalStep { reader: timer(200, first), millideg_per_unit, pan_millideg: 0 })
    };
    let how = format!("{}.{:02}° a unit", millideg_per_unit / 1000, millideg_per_unit % 1000 / 10);
    let trial = Trial { how, controller: &controller, sensor: &new_sensor, runs: RUNS };
    let (steps, walks, stills) = (trial.runs(15, step), trial.runs(15, walk), trial.runs(70, still));
    let [overshoots, settles, lags, moves] = wanted;
    vec![
        trial.row(
            PLAIN,
            "somebody appears 40° aside: overshoot, median of 20 runs",
            degrees(overshoot(&steps).median()),
            overshoots,
        ),
        trial.row(
            PLAIN,
            "the same: no more than 5° off from then on (14 s: never), median of 20 runs",
            seconds(settled(&steps).median()),
            settles,
        ),
        trial.row(PLAIN, "the walk: off on average, median of 20 runs", degrees(lag(&walks).median()), lags),
        trial.row(
            PLAIN,
            "somebody stands still: how often it moves in a minute, least of 20 runs",
            count(starts(&stills).least()),
            moves,
        ),
    ]
}

/// The board's latency is not what was assumed.
fn mistaken(
    latency_ms: u64,
    assumed_ms: u64,
    overshoots: (Bound, &'static str),
    settles: (Bound, &'static str),
) -> Vec<Row> {
    let config = AimConfig::DEFAULT
        .with_latency(Duration::from_millis(assumed_ms), AimConfig::DEFAULT.latency_uncertainty);
    let sensor = |_seed| {
        let mut assumptions = Assumptions::default();
        assumptions.latency = Duration::from_millis(latency_ms);
        SimSensor::new().with_assumptions(assumptions)
    };
    let trial = Trial {
        how: format!("{latency_ms} ms, assumed {assumed_ms} ms"),
        controller: &|first| aiming(timer(100, first), config),
        sensor: &sensor,
        runs: RUNS,
    };
    let steps = trial.runs(15, step);
    let scene = "the board's latency is another one: 40° aside, read each 100 ms";
    vec![
        trial.row(scene, "overshoot, worst of 20 runs", degrees(overshoot(&steps).worst()), overshoots),
        trial.row(
            scene,
            "no more than 5° off from then on (14 s: never), worst of 20 runs",
            seconds(settled(&steps).worst()),
            settles,
        ),
    ]
}

pub(crate) fn rows() -> Vec<Row> {
    let mut ways: Vec<Vec<Row>> = [50, 100, 140, 200].map(by_timer).into();
    ways.push(by_cadence());
    let mut rows = side_by_side(ways);
    rows.extend(recognition::rows());
    let within = (AtMost(6.0), "a board whose results are 60 ms younger or older than most must do no harm");
    let soon = (AtMost(3.5), "nor keep it from coming to rest");
    rows.extend(side_by_side(vec![
        mistaken(140, 270, within, soon),
        mistaken(200, 270, within, soon),
        mistaken(260, 270, within, soon),
        mistaken(
            340,
            270,
            (
                AtMost(12.0),
                "assumed too short it swings, by two faces at the most: measure it, or assume more",
            ),
            (AtMost(10.0), "and must calm down all the same"),
        ),
        mistaken(
            200,
            0,
            (AtLeast(10.0), "that is what the latency is accounted for"),
            (AtLeast(10.0), "the same"),
        ),
    ]));
    rows.extend(side_by_side(vec![
        plain(
            100,
            [
                (AtMost(1.0), "as published; so small a gain does not swing past"),
                (AtLeast(1.2), "it creeps"),
                (AtLeast(10.0), "it is left behind"),
                (AtLeast(100.0), "it never rests"),
            ],
        ),
        plain(
            200,
            [
                (AtLeast(3.0), "swings past"),
                (AtLeast(1.2), "no faster for that"),
                (AtLeast(5.0), "still left behind"),
                (AtLeast(100.0), "it never rests"),
            ],
        ),
        plain(
            300,
            [
                (AtLeast(10.0), "swings far past"),
                (AtLeast(2.0), "and to and fro"),
                (AtLeast(3.0), "twice as far off as Aim at the least"),
                (AtLeast(100.0), "it never rests"),
            ],
        ),
        plain(
            430,
            [
                (AtLeast(30.0), "the whole error at once"),
                (AtLeast(10.0), "hunts for ever"),
                (AtLeast(10.0), "loses the walker"),
                (AtLeast(100.0), "it never rests"),
            ],
        ),
    ]));
    rows
}
