//! The duty cycle: what it saves, and how much later it notices somebody.

use std::time::Duration;

use mlsensor::behavior::{CurrentFigures, Power, PowerConfig, PowerStep};
use mlsensor::{Mode, PersonSensor};
use mlsensor_sim::{Detection, KeyPoint, Person, SimBus, SimSensor, Timeline, Walk};

use super::Bound::AtMost;
use super::sample::Sample;
use super::{Bound, Row, Unit};

const PERIODS_S: [u64; 4] = [1, 2, 5, 10];

/// What the sensor draws without standby (datasheet), and how long a shot takes.
const ACTIVE_MA: f64 = 40.0;
const SHOT_S: f64 = 0.14;

/// What came of a run.
struct Night {
    power: Power,
    /// In continuous mode in truth.
    awake: Duration,
    /// When the first face woke it, from a moment on.
    woke: Option<Duration>,
}

/// Does what the duty cycle asks for, until then.
fn run(sensor: SimSensor, config: PowerConfig, woken_from: Duration, until: Duration) -> Night {
    let (bus, sim) = SimBus::with_sensor(sensor);
    let mut driver = PersonSensor::new(bus.clone());
    let mut night = Night { power: Power::new(config), awake: Duration::ZERO, woke: None };
    while bus.now() < until {
        let now = bus.now();
        match night.power.step(now) {
            PowerStep::Send(command) => {
                let sent = driver.send(command);
                night.power.sent(bus.now(), sent.is_ok());
            }
            PowerStep::Read => {
                let reading = driver.read();
                night.power.update(bus.now(), reading.as_ref().ok());
            }
            PowerStep::Wait(wait) => bus.advance(wait.min(until - now)),
        }
        if sim.with(|sensor| sensor.config()).mode == Mode::Continuous {
            night.awake += bus.now() - now;
            if now >= woken_from {
                night.woke.get_or_insert(now);
            }
        }
    }
    night
}

fn config(period_s: u64) -> PowerConfig {
    PowerConfig::DEFAULT.with_period(Duration::from_secs(period_s))
}

fn row(
    scene: &'static str,
    what: &'static str,
    period_s: u64,
    figure: (f64, Unit),
    must: (f64, &'static str),
) -> Row {
    let ((figure, unit), (most, because)) = (figure, must);
    let bound: Bound = AtMost(most);
    Row { behavior: "Power", scene, what, how: format!("each {period_s} s"), figure, unit, bound, because }
}

/// An hour of an empty room.
fn empty_hour(
    scene: &'static str,
    bursts_per_million: u32,
    awake: (f64, &'static str),
    beyond_shots_ma: f64,
) -> Vec<Row> {
    let hour = Duration::from_secs(3600);
    let mut detection = Detection::default();
    detection.false_burst_per_million = bursts_per_million;
    let nights = PERIODS_S.map(|period_s| {
        let sensor = SimSensor::new().with_detection(detection.clone()).with_seed(1);
        (period_s, run(sensor, config(period_s), hour, hour))
    });
    let mut all: Vec<Row> = nights
        .iter()
        .map(|(period_s, night)| {
            let share = 100.0 * night.awake.as_secs_f64() / hour.as_secs_f64();
            row(scene, "in continuous mode", *period_s, (share, Unit::Percent), awake)
        })
        .collect();
    all.extend(nights.iter().map(|(period_s, night)| {
        let estimate = night.power.estimate(&CurrentFigures::PUBLISHED);
        let shots_ma = ACTIVE_MA * SHOT_S / *period_s as f64;
        let most = (10.0 * (shots_ma + beyond_shots_ma)).ceil() / 10.0;
        let because = "40 mA for 0.14 s a shot, and what false faces may cost";
        let figure = (f64::from(estimate.average_ua) / 1000.0, Unit::Milliamperes);
        row(
            scene,
            "current, estimated, without that in standby (40 mA with no duty cycle)",
            *period_s,
            figure,
            (most, because),
        )
    }));
    all
}

/// From the moment somebody is there until the sensor is awake.
fn latency() -> Vec<Row> {
    const SCENE: &str = "somebody comes, 1.5 m away";
    let samples = PERIODS_S.map(|period_s| {
        let one = |seed: u64| {
            // At any moment of the period, each as often as the others.
            let comes = Duration::from_millis(60_000 + seed * period_s * 5);
            let until = Duration::from_secs(180);
            let there = Person::at(1.5, 10.0);
            let walk = Walk::new(vec![KeyPoint::new(comes, there), KeyPoint::new(until, there)]);
            let sensor = SimSensor::new().with_detection(Detection::default()).with_seed(seed);
            let night = run(sensor.with_timeline(Timeline::new(vec![walk])), config(period_s), comes, until);
            (night.woke.unwrap_or(until) - comes).as_millis() as i64
        };
        (period_s, (0..200).map(one).collect::<Sample>())
    });
    let seconds = |ms: i64| (ms as f64 / 1000.0, Unit::Seconds);
    let mut all: Vec<Row> = samples
        .iter()
        .map(|(period_s, sample)| {
            let most = *period_s as f64 / 2.0 + 0.8;
            let because = "half a period, and the wait for the shot";
            row(SCENE, "awake, median of 200 runs", *period_s, seconds(sample.median()), (most, because))
        })
        .collect();
    all.extend(samples.iter().map(|(period_s, sample)| {
        let most = 3.0 * *period_s as f64 + 0.7;
        let because = "three periods and the wait: two shots may miss";
        row(SCENE, "awake, worst of 200 runs", *period_s, seconds(sample.worst()), (most, because))
    }));
    all
}

pub(crate) fn figures() -> Vec<Row> {
    let mut all =
        empty_hour("an empty hour", 200, (0.5, "a false face costs two seconds, and there are few"), 0.2);
    all.extend(empty_hour(
        "an empty hour on a bad day, 5000 false faces begin in a million shots",
        5_000,
        (2.0, "the same, more often"),
        0.8,
    ));
    all.extend(latency());
    all
}
