//! Erasing: how long it takes, and whether it says what is so.

use std::time::Duration;

use mlsensor::behavior::Erase;
use mlsensor::{PersonId, PersonSensor};
use mlsensor_sim::{Detection, FaultInjector, FaultKind, Person, Scene, SimBus, SimSensor};

use super::Bound::{AtLeast, AtMost};
use super::sample::Sample;
use super::{Bound, Row, Unit};

const RUNS: u64 = 200;

/// What came of all runs of a scene.
#[derive(Debug, Default)]
struct Tally {
    verified: u64,
    /// Said to be erased, and a label is left.
    wrong: u64,
    took_ms: Sample,
}

/// Somebody is labelled, and stays or goes; so many transfers in a million of each of three kinds fail.
fn erase(stays: bool, faults_per_million: u32) -> Tally {
    let mut tally = Tally::default();
    for seed in 0..RUNS {
        let sensor = SimSensor::new().with_detection(Detection::default()).with_seed(seed);
        let (bus, sim) = SimBus::with_sensor(sensor);
        let known = Person::at(0.9, 5.0).known_as(1);
        sim.set_scene([known]);
        let faults = FaultInjector::new(bus.clone(), seed);
        let control = faults.control();
        let mut driver = PersonSensor::new(faults);
        bus.advance(Duration::from_millis(1000 + seed * 7));
        driver.set_id_enabled(true).expect("nothing is wrong yet");
        driver.label_next_id(PersonId::ALL[1]).expect("nothing is wrong yet");
        bus.advance(Duration::from_secs(2));
        if !stays {
            sim.set_scene(Scene::empty());
            bus.advance(Duration::from_secs(2));
        }
        for kind in [FaultKind::NackAddress, FaultKind::NackData, FaultKind::BitFlips] {
            control.set_rate(kind, faults_per_million);
        }
        let began = bus.now();
        let Ok(erased) = driver.erase_and_verify(&mut bus.delay(), Erase::default(), |_| ()) else {
            continue;
        };
        tally.verified += u64::from(erased.is_verified);
        tally.took_ms.push((bus.now() - began).as_millis() as i64);
        let is_left = PersonId::ALL.into_iter().any(|id| sim.with(|sensor| sensor.labelled(id)).is_some());
        tally.wrong += u64::from(is_left);
    }
    tally
}

fn rows(
    scene: &'static str,
    tally: &Tally,
    verified: (Bound, &'static str),
    worst_s: (f64, &'static str),
) -> Vec<Row> {
    let row = |what, figure, unit, (bound, because): (Bound, &'static str)| Row {
        behavior: "Erase",
        scene,
        what,
        how: String::new(),
        figure,
        unit,
        bound,
        because,
    };
    let (most, because) = worst_s;
    let share = 100.0 * tally.verified as f64 / RUNS as f64;
    vec![
        row("said to be erased and verified, of 200 runs", share, Unit::Percent, verified),
        row(
            "said to be erased, and a label is left",
            tally.wrong as f64,
            Unit::Count,
            (AtMost(0.0), "that is what it is for"),
        ),
        row("time, worst", tally.took_ms.worst() as f64 / 1000.0, Unit::Seconds, (AtMost(most), because)),
    ]
}

pub(crate) fn figures() -> Vec<Row> {
    let all_of_them = (AtLeast(99.0), "somebody is there to check with");
    let none = (AtMost(0.0), "nobody is there to check with, and it must not claim so");
    [
        rows(
            "somebody who has an id stands there",
            &erase(true, 0),
            all_of_them,
            (6.0, "a second before and after, and 1.8 s to check"),
        ),
        rows(
            "the same, and a fifth of all transfers fail",
            &erase(true, 70_000),
            (AtLeast(95.0), "a loose wire only takes longer"),
            (20.0, "three attempts"),
        ),
        rows(
            "somebody who has an id has left",
            &erase(false, 0),
            none,
            (8.0, "a second before and after, and 5 s to look for somebody"),
        ),
    ]
    .concat()
}
