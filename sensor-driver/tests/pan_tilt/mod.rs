//! A pan/tilt with the simulated sensor on it, in virtual time: the loop is closed through optics, detection and latency.

use core::time::Duration;

use mlsensor::behavior::{Aim, Tracker};
use mlsensor::{Faces, PersonSensor};
use mlsensor_sim::{Attached, Person, SimBus, SimSensor};

/// A servo gets its pulse this often.
const TICK: Duration = Duration::from_millis(20);

/// What turns the head, 50 times a second.
pub trait Controller {
    /// The pan to command, in degrees; `reading` when the sensor was read just now.
    fn pan_deg(&mut self, now: Duration, reading: Option<Option<&Faces>>) -> f64;
}

/// The project's own way.
pub struct Aiming {
    pub aim: Aim,
    pub tracker: Tracker,
}

impl Controller for Aiming {
    fn pan_deg(&mut self, now: Duration, reading: Option<Option<&Faces>>) -> f64 {
        if let Some(reading) = reading {
            let view = self.aim.view(now);
            self.tracker.update_from(now, view, reading);
        }
        f64::from(self.aim.update(now, &self.tracker).pan_millideg) / 1000.0
    }
}

/// As published programs do it: a share of the error of the first face, each time it is read. No memory, no dead band.
pub struct ProportionalStep {
    pub deg_per_unit: f64,
    pub pan_deg: f64,
}

impl Controller for ProportionalStep {
    fn pan_deg(&mut self, _now: Duration, reading: Option<Option<&Faces>>) -> f64 {
        if let Some(Some(faces)) = reading {
            if let Some(face) = faces.iter().next() {
                let (x, _) = face.bounds().center();
                self.pan_deg += self.deg_per_unit * (f64::from(x) - 127.5);
                self.pan_deg = self.pan_deg.clamp(-90.0, 90.0);
            }
        }
        self.pan_deg
    }
}

/// How a run went: at each tick, when, where the person was and where the head pointed, in degrees.
pub struct Run {
    pub ticks: Vec<(f64, f64, f64)>,
}

/// Lets a controller follow a person who stands at `bearing_deg` of the time in seconds, 1.5 m away.
pub fn run(
    sensor: SimSensor,
    controller: &mut dyn Controller,
    read_every: Duration,
    lasts_s: f64,
    bearing_deg: impl Fn(f64) -> Option<f64>,
) -> Run {
    let (bus, sim): (SimBus, Attached<SimSensor>) = SimBus::with_sensor(sensor);
    let mut driver = PersonSensor::new(bus.clone());
    let mut head_deg = 0.0_f64;
    let mut ticks = Vec::new();
    let mut next_read = read_every;
    let mut command = 0.0;
    let start = bus.now();
    loop {
        let t = (bus.now() - start).as_secs_f64();
        if t > lasts_s {
            return Run { ticks };
        }
        // The servo turns to its command at 400 degrees a second.
        let way = 400.0 * TICK.as_secs_f64();
        head_deg += (command - head_deg).clamp(-way, way);
        let people: Vec<Person> =
            bearing_deg(t).map(|bearing| Person::at(1.5, bearing - head_deg)).into_iter().collect();
        sim.set_scene(people);
        let begin = bus.now();
        let reading = (begin >= next_read).then(|| {
            next_read += read_every;
            driver.read().ok()
        });
        command = controller.pan_deg(begin, reading.as_ref().map(Option::as_ref));
        if let Some(bearing) = bearing_deg(t) {
            ticks.push((t, bearing, head_deg));
        }
        bus.advance((begin + TICK).saturating_sub(bus.now()));
    }
}

impl Run {
    /// How far the head went past where somebody came to stand, in degrees, coming from 0.
    pub fn overshoot_deg(&self, stands_at_deg: f64) -> f64 {
        let past = self.ticks.iter().map(|(_, _, head)| (head - stands_at_deg) * stands_at_deg.signum());
        past.fold(0.0, f64::max)
    }

    /// The mean and the greatest distance of the head from the person, from this time on.
    pub fn error_deg(&self, from_s: f64) -> (f64, f64) {
        let off: Vec<f64> =
            self.ticks.iter().filter(|(t, ..)| *t >= from_s).map(|(_, at, head)| (at - head).abs()).collect();
        (off.iter().sum::<f64>() / off.len() as f64, off.iter().copied().fold(0.0, f64::max))
    }

    /// When the head was within this of the person for good.
    pub fn settled_s(&self, within_deg: f64) -> f64 {
        let last_off = self.ticks.iter().rev().find(|(_, at, head)| (at - head).abs() > within_deg);
        last_off.map_or(0.0, |(t, ..)| *t)
    }

    /// How often the head turned round, from this time on.
    pub fn reversals(&self, from_s: f64) -> usize {
        let moves: Vec<f64> = self
            .ticks
            .windows(2)
            .filter(|pair| pair[0].0 >= from_s)
            .map(|pair| pair[1].2 - pair[0].2)
            .filter(|way| way.abs() > 0.02)
            .collect();
        moves.windows(2).filter(|pair| pair[0].signum() != pair[1].signum()).count()
    }

    /// How far the head travelled, from this time on, in degrees.
    pub fn travelled_deg(&self, from_s: f64) -> f64 {
        let after: Vec<_> = self.ticks.iter().filter(|(t, ..)| *t >= from_s).collect();
        after.windows(2).map(|pair| (pair[1].2 - pair[0].2).abs()).sum()
    }
}
