//! Does an id belong to who it was meant for, whenever an enrolment says so, and does nothing else ever change?
//!
//! Closed loop with the simulator, whose own truth about labels is the oracle, under every answer to every open question.
//! By question: `scenes` (who stands where), `chance` (misses, flicker, errors, faults), `properties` (any scenes at any
//! times), `step_by_step` (the machine alone), `shells` (blocking and async), `erasing`.

mod chance;
mod erasing;
mod properties;
mod scenes;
mod shells;
mod step_by_step;

use std::time::Duration;

use mlsensor::behavior::{Enroll, EnrollConfig, EnrollError, EnrollProgress, Enrolled, GaveUpReason};
use mlsensor::{PersonId, PersonSensor};
use mlsensor_sim::{Assumptions, Attached, Detection, Person, SimBus, SimBusError, SimSensor};

const WANTED: PersonId = PersonId::ALL[3];
const ANNA: u32 = 7;
const BOB: u32 = 8;

fn anna() -> Person {
    Person::at(0.9, 0.0).known_as(ANNA)
}

fn bob() -> Person {
    Person::at(1.0, 25.0).known_as(BOB)
}

/// The default answers to the open questions, and every other answer to each of them.
fn every_assumption() -> impl Iterator<Item = (&'static str, Assumptions)> {
    let others = Assumptions::alternatives().map(|(question, assumptions)| (question.field, assumptions));
    std::iter::once(("the default", Assumptions::default())).chain(others)
}

/// A sensor on a bus, and what its registers were written.
struct Room {
    bus: SimBus,
    sim: Attached<SimSensor>,
}

/// How an enrolment went.
struct Course {
    result: Result<Enrolled, EnrollError<SimBusError>>,
    progress: Vec<EnrollProgress>,
    took: Duration,
    /// The values that were written to the label register.
    labels: Vec<u8>,
}

impl Course {
    fn reason(&self) -> GaveUpReason {
        self.result.as_ref().expect_err("it gave up").gave_up.reason
    }
}

impl Room {
    fn new(assumptions: &Assumptions) -> Room {
        Room::with_detection(assumptions, Detection::ideal(), 0)
    }

    fn with_detection(assumptions: &Assumptions, detection: Detection, seed: u64) -> Room {
        let sensor = SimSensor::new().with_assumptions(assumptions.clone());
        let (bus, sim) = SimBus::with_sensor(sensor.with_detection(detection).with_seed(seed));
        Room { bus, sim }
    }

    fn scene(&self, people: &[Person]) {
        self.sim.set_scene(people.to_vec());
    }

    fn holder(&self, id: PersonId) -> Option<u32> {
        self.sim.with(|sim| sim.labelled(id))
    }

    /// Enrolls, and does `meanwhile` with each news.
    fn enroll(&self, config: EnrollConfig, mut meanwhile: impl FnMut(EnrollProgress)) -> Course {
        let mut sensor = PersonSensor::new(self.bus.clone());
        let mut progress = Vec::new();
        let began = self.bus.now();
        self.bus.start_log();
        let result = sensor.enroll(&mut self.bus.delay(), Enroll::with_config(WANTED, config), |news| {
            progress.push(news);
            meanwhile(news);
        });
        let log = self.bus.take_log();
        let written = log.transfers.iter().filter_map(|transfer| match transfer.bytes[..] {
            [4, value] => Some(value),
            _ => None,
        });
        Course { result, progress, took: self.bus.now() - began, labels: written.collect() }
    }

    /// Labels somebody with an id, the short way.
    fn know(&self, person: Person, id: PersonId) {
        let mut sensor = PersonSensor::new(self.bus.clone());
        self.scene(&[person]);
        sensor.set_id_enabled(true).unwrap();
        sensor.label_next_id(id).unwrap();
        self.bus.advance(Duration::from_secs(2));
        assert_eq!(self.holder(id), Some(person.who));
    }

    /// Labels somebody, as often as it takes.
    fn know_surely(&self, person: Person, id: PersonId) {
        let mut sensor = PersonSensor::new(self.bus.clone());
        self.scene(&[person]);
        sensor.set_id_enabled(true).unwrap();
        for _ in 0..10 {
            if self.holder(id) != Some(person.who) {
                sensor.label_next_id(id).unwrap();
                self.bus.advance(Duration::from_secs(2));
            }
        }
        assert_eq!(self.holder(id), Some(person.who));
    }

    /// Nobody holds an id but the wanted one.
    fn assert_no_other_id_was_touched(&self, question: &str) {
        for id in PersonId::ALL.into_iter().filter(|&id| id != WANTED) {
            assert_eq!(self.holder(id), None, "{question}: id {id}");
        }
    }
}
