//! Enrolment, beside a label that is sent at the first face and believed.

use std::time::Duration;

use mlsensor::behavior::{Enroll, EnrollConfig};
use mlsensor::{PersonId, PersonSensor};
use mlsensor_sim::{Attached, Detection, KeyPoint, Person, SimBus, SimSensor, Timeline, Walk};

use super::Bound::{AtLeast, AtMost};
use super::sample::Sample;
use super::{Bound, Row, Unit};

const RUNS: u64 = 200;
const WANTED: PersonId = PersonId::ALL[3];
const ANNA: u32 = 7;
const BOB: u32 = 8;

/// Longer than any enrolment.
const LATE: Duration = Duration::from_secs(300);

/// Who stands where, by the seed.
type Scene = fn(u64) -> Vec<Walk>;

fn stays(person: Person, from: Duration, to: Duration) -> Walk {
    Walk::new(vec![KeyPoint::new(from, person), KeyPoint::new(to, person)])
}

fn anna() -> Person {
    Person::at(0.9, 0.0).known_as(ANNA)
}

/// Some moment of the first ten seconds.
fn moment(seed: u64) -> Duration {
    Duration::from_millis(seed * 3571 % 10_000)
}

fn alone(_seed: u64) -> Vec<Walk> {
    vec![stays(anna(), Duration::ZERO, LATE)]
}

/// Somebody else crosses in front of her, half a metre away, in two seconds.
fn crossed(seed: u64) -> Vec<Walk> {
    let at = |bearing_deg| Person::at(0.5, bearing_deg).known_as(BOB);
    let from = moment(seed);
    let crosses =
        vec![KeyPoint::new(from, at(-50.0)), KeyPoint::new(from + Duration::from_secs(2), at(50.0))];
    vec![stays(anna(), Duration::ZERO, LATE), Walk::new(crosses)]
}

/// She leaves, and a second later somebody else stands where she stood.
fn replaced(seed: u64) -> Vec<Walk> {
    let leaves = moment(seed);
    let bob = anna().known_as(BOB);
    vec![stays(anna(), Duration::ZERO, leaves), stays(bob, leaves + Duration::from_secs(1), LATE)]
}

/// What came of all runs of a scene.
#[derive(Debug, Default)]
struct Tally {
    succeeded: u64,
    /// Enrolled, and the id belongs to somebody else than who stands there, or to nobody.
    wrong: u64,
    more_than_one_label: u64,
    took_ms: Sample,
}

fn sensor(scene: Scene, detection: &Detection, seed: u64) -> SimSensor {
    let sensor = SimSensor::new().with_detection(detection.clone()).with_seed(seed);
    sensor.with_timeline(Timeline::new(scene(seed)))
}

fn enroll(scene: Scene, detection: &Detection) -> Tally {
    let mut tally = Tally::default();
    for seed in 0..RUNS {
        let (bus, sim) = SimBus::with_sensor(sensor(scene, detection, seed));
        let mut driver = PersonSensor::new(bus.clone());
        let enroll = Enroll::with_config(WANTED, EnrollConfig::DEFAULT);
        let result = driver.enroll(&mut bus.delay(), enroll, |_| ());
        let Ok(enrolled) = result else { continue };
        tally.succeeded += 1;
        tally.more_than_one_label += u64::from(enrolled.labels_sent > 1);
        tally.took_ms.push(bus.now().as_millis() as i64);
        tally.wrong += u64::from(is_wrong(scene, seed, &bus, &sim));
    }
    tally
}

/// Whether the id belongs to nobody, or to somebody else than who stands in front of the sensor, or stood there a second
/// ago. (A second: what is read is old, and who is done may go.)
fn is_wrong(scene: Scene, seed: u64, bus: &SimBus, sim: &Attached<SimSensor>) -> bool {
    let holder = sim.with(|sensor| sensor.labelled(WANTED));
    let now = bus.now();
    let stood_there = |at| scene(seed).iter().find_map(|walk| walk.at(at)).map(|person| person.who);
    let theirs = [now, now.saturating_sub(Duration::from_secs(1))].map(stood_there);
    holder.is_none() || !theirs.contains(&holder)
}

/// As programs do it: recognition on, a label as soon as there is a face, three seconds after the start, and a second to
/// wait.
fn label_at_once(scene: Scene, detection: &Detection) -> u64 {
    let run = |seed: u64| {
        let (bus, sim) = SimBus::with_sensor(sensor(scene, detection, seed));
        let mut driver = PersonSensor::new(bus.clone());
        driver.set_id_enabled(true).expect("the bus works");
        bus.advance(Duration::from_secs(3));
        while driver.read().is_ok_and(|faces| faces.is_empty()) {
            bus.advance(Duration::from_millis(200));
        }
        driver.label_next_id(WANTED).expect("the bus works");
        bus.advance(Duration::from_secs(1));
        u64::from(is_wrong(scene, seed, &bus, &sim))
    };
    (0..RUNS).map(run).sum()
}

fn rows(
    scene: &'static str,
    who: Scene,
    detection: &Detection,
    wanted: [(f64, &'static str); 4],
) -> Vec<Row> {
    let tally = enroll(who, detection);
    let row = |what, figure, unit, (bound, because): (Bound, &'static str)| Row {
        behavior: "Enroll",
        scene,
        what,
        how: String::new(),
        figure,
        unit,
        bound,
        because,
    };
    let percent = |part: u64, of: u64| 100.0 * part as f64 / of.max(1) as f64;
    let seconds = |ms: i64| ms as f64 / 1000.0;
    let [success, median, worst, again] = wanted;
    let at_most = |(limit, because)| (AtMost(limit), because);
    vec![
        row(
            "enrolled, of 200 runs",
            percent(tally.succeeded, RUNS),
            Unit::Percent,
            (AtLeast(success.0), success.1),
        ),
        row(
            "of these, the id is somebody else's",
            tally.wrong as f64,
            Unit::Count,
            (AtMost(0.0), "that is what it is for"),
        ),
        row("time, median", seconds(tally.took_ms.median()), Unit::Seconds, at_most(median)),
        row("time, worst", seconds(tally.took_ms.worst()), Unit::Seconds, at_most(worst)),
        row(
            "needed another label",
            percent(tally.more_than_one_label, tally.succeeded),
            Unit::Percent,
            at_most(again),
        ),
    ]
}

pub(crate) fn figures() -> Vec<Row> {
    let good = Detection::default();
    let mut bad = Detection::default();
    bad.miss_permille = [120, 120, 150, 350, 800, 1000, 1000];
    bad.facing_flip_permille = 50;
    bad.false_burst_per_million = 5_000;
    bad.jitter_units = 3;
    bad.identity_wrong_permille = 50;
    bad.identity_missed_permille = 150;
    let mut all = rows(
        "somebody stands 0.9 m away",
        alone,
        &good,
        [
            (99.0, "who does as told is enrolled"),
            (6.0, "1 s to settle, 1.5 s to look, 1 s for the label, 1.5 s to verify"),
            (20.0, "a false face, or a turned head: it begins again"),
            (5.0, "the first one finds its face"),
        ],
    );
    all.extend(rows(
        "the same on a bad day: one face in eight missed, 130 false faces an hour, one id in five wrong or missing",
        alone,
        &bad,
        [
            (95.0, "it tries again"),
            (15.0, "three times as long as it takes"),
            (60.0, "nobody stands there for more than a minute"),
            (20.0, "it looks before it labels"),
        ],
    ));
    all.extend(rows(
        "somebody else crosses in front of them",
        crossed,
        &good,
        [
            (99.0, "it waits until they are alone"),
            (8.0, "as alone, and the two seconds"),
            (20.0, "as alone, and twice"),
            (10.0, "a label that may have hit both is sent again"),
        ],
    ));
    all.extend(rows(
        "they leave, and a second later somebody else stands there",
        replaced,
        &good,
        [
            (80.0, "who stands there is enrolled, or nobody is"),
            (10.0, "as alone, and from the beginning for the other one"),
            (25.0, "from the beginning for the other one, and a second try"),
            (30.0, "the label of the one who left is sent again for the other one"),
        ],
    ));
    all.push(Row {
        behavior: "Enroll",
        scene: "a label at the first face, and somebody else crosses in front of them",
        what: "the id is somebody else's, of 200 runs",
        how: String::new(),
        figure: label_at_once(crossed, &good) as f64,
        unit: Unit::Count,
        bound: AtLeast(10.0),
        because: "what programs do; none of them notices",
    });
    all
}
