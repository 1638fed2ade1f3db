//! A pan/tilt with the simulated sensor on it: the loop is closed through optics, detection and latency.

use std::time::Duration;

use mlsensor::behavior::{Aim, Direction, Tracker};
use mlsensor::{Faces, PersonSensor};
use mlsensor_sim::{Attached, Person, SimBus, SimSensor};

use super::reader::Reader;

/// A servo gets its pulse this often, and the person moves on.
const TICK: Duration = Duration::from_millis(20);

/// The servo's way in a tick: 400 degrees a second, as small servos make.
const SERVO_WAY_MILLIDEG: i32 = 8_000;

/// How far away the person is.
const DISTANCE_M: f64 = 1.5;

/// What turns the head.
pub(crate) trait Controller {
    /// When the sensor is to be read next.
    fn next_read(&self) -> Duration;

    /// A read that began at `begun` is done.
    fn take(&mut self, begun: Duration, now: Duration, reading: Option<&Faces>);

    /// The pan to command, in thousandths of a degree; asked for 50 times a second.
    fn pan_millideg(&mut self, now: Duration) -> i32;
}

/// The project's own way.
pub(crate) struct Aiming {
    pub(crate) reader: Box<dyn Reader>,
    pub(crate) aim: Aim,
    pub(crate) tracker: Tracker,
}

impl Controller for Aiming {
    fn next_read(&self) -> Duration {
        self.reader.next_read()
    }

    fn take(&mut self, begun: Duration, now: Duration, reading: Option<&Faces>) {
        self.reader.read_done(begun, reading);
        let view = self.aim.view(now);
        self.tracker.update_from(now, view, reading);
    }

    fn pan_millideg(&mut self, now: Duration) -> i32 {
        self.aim.update(now, &self.tracker).pan_millideg
    }
}

/// As published programs do it: at each read a share of the error of the first face. No memory, no dead band.
pub(crate) struct ProportionalStep {
    pub(crate) reader: Box<dyn Reader>,
    pub(crate) millideg_per_unit: i32,
    pub(crate) pan_millideg: i32,
}

impl Controller for ProportionalStep {
    fn next_read(&self) -> Duration {
        self.reader.next_read()
    }

    fn take(&mut self, begun: Duration, _now: Duration, reading: Option<&Faces>) {
        self.reader.read_done(begun, reading);
        if let Some(face) = reading.and_then(|faces| faces.iter().next()) {
            let bounds = face.bounds();
            let twice_off = i32::from(bounds.left()) + i32::from(bounds.right()) - 255;
            let step = self.millideg_per_unit * twice_off / 2;
            self.pan_millideg = (self.pan_millideg + step).clamp(-90_000, 90_000);
        }
    }

    fn pan_millideg(&mut self, _now: Duration) -> i32 {
        self.pan_millideg
    }
}

/// Where the person was and where the head pointed, in thousandths of a degree.
#[derive(Debug, Clone, Copy)]
struct Moment {
    at_ms: i64,
    person: Option<i32>,
    head: i32,
}

impl Moment {
    fn off(&self) -> Option<i64> {
        self.person.map(|person| i64::from(person.abs_diff(self.head)))
    }
}

/// How a run went.
#[derive(Debug)]
pub(crate) struct Run(Vec<Moment>);

/// Lets a controller follow a person for some seconds, who is at `bearing` (thousandths of a degree, by the time in ms).
pub(crate) fn run(
    sensor: SimSensor,
    controller: &mut dyn Controller,
    lasts: Duration,
    bearing: fn(i32) -> Option<i32>,
) -> Run {
    let (bus, sim): (SimBus, Attached<SimSensor>) = SimBus::with_sensor(sensor);
    let mut driver = PersonSensor::new(bus.clone());
    let (mut head, mut command) = (0_i32, 0_i32);
    let mut moments = Vec::new();
    let mut next_tick = Duration::ZERO;
    while bus.now() < lasts {
        let now = bus.now();
        if now >= next_tick {
            next_tick += TICK;
            head += (command - head).clamp(-SERVO_WAY_MILLIDEG, SERVO_WAY_MILLIDEG);
            let at_ms = i32::try_from(now.as_millis()).unwrap_or(i32::MAX);
            let person = bearing(at_ms);
            sim.point(Direction::new(head, 0));
            let people = person.map(|bearing| Person::at(DISTANCE_M, f64::from(bearing) / 1000.0));
            sim.set_scene(people.into_iter().collect::<Vec<_>>());
            moments.push(Moment { at_ms: i64::from(at_ms), person, head });
            command = controller.pan_millideg(now);
        }
        if now >= controller.next_read() {
            let (begun, reading) = (now, driver.read());
            controller.take(begun, bus.now(), reading.as_ref().ok());
        }
        let next = next_tick.min(controller.next_read());
        bus.advance(next.saturating_sub(bus.now()));
    }
    Run(moments)
}

impl Run {
    fn between(&self, from_ms: i64, to_ms: i64) -> impl Iterator<Item = &Moment> + Clone {
        self.0.iter().filter(move |moment| (from_ms..to_ms).contains(&moment.at_ms))
    }

    /// How far the head went beyond this place, in thousandths of a degree, coming from below.
    pub(crate) fn beyond(&self, millideg: i32, from_ms: i64) -> i64 {
        let furthest = self.between(from_ms, i64::MAX).map(|moment| moment.head).max();
        furthest.map_or(0, |furthest| i64::from(furthest - millideg).max(0))
    }

    /// From when on the head was no further off than this, in ms.
    pub(crate) fn settled_ms(&self, within: i64) -> i64 {
        let off = self.0.iter().rev().find(|moment| moment.off().is_some_and(|off| off > within));
        off.map_or(0, |moment| moment.at_ms + 20)
    }

    /// How far off the head was, on average, in thousandths of a degree.
    pub(crate) fn mean_off(&self, from_ms: i64, to_ms: i64) -> i64 {
        let offs: Vec<i64> = self.between(from_ms, to_ms).filter_map(Moment::off).collect();
        offs.iter().sum::<i64>() / (offs.len().max(1) as i64)
    }

    /// How far off the head was at most, in thousandths of a degree.
    pub(crate) fn most_off(&self, from_ms: i64, to_ms: i64) -> i64 {
        self.between(from_ms, to_ms).filter_map(Moment::off).max().unwrap_or(0)
    }

    /// The way that the head made, in thousandths of a degree.
    pub(crate) fn way(&self, from_ms: i64, to_ms: i64) -> i64 {
        let moments = self.between(from_ms, to_ms);
        moments.clone().zip(moments.skip(1)).map(|(a, b)| i64::from(a.head.abs_diff(b.head))).sum()
    }

    /// How often the head set out.
    pub(crate) fn starts(&self, from_ms: i64, to_ms: i64) -> i64 {
        let moments = self.between(from_ms, to_ms);
        let moves: Vec<bool> = moments.clone().zip(moments.skip(1)).map(|(a, b)| a.head != b.head).collect();
        moves.windows(2).filter(|pair| matches!(pair, [false, true])).count() as i64
    }
}
