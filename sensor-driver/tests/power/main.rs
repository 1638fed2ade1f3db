//! Does the sensor sleep while nobody is there, wake for whoever comes, and is the estimate of its current honest?
//!
//! Closed loop with the simulator in virtual time, under every answer to every open question. By question: `days` (empty
//! rooms, arrivals, false faces), `trouble` (plugs, faults, any readings at all).

mod days;
mod trouble;

use std::time::Duration;

use embedded_hal::i2c::I2c;
use mlsensor::behavior::{Power, PowerConfig, PowerStep};
use mlsensor::{Command, Faces, Mode, PersonSensor};
use mlsensor_sim::{Assumptions, Attached, Detection, SimBus, SimSensor};

const fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

/// The default answers to the open questions, and every other answer to each of them.
fn every_assumption() -> impl Iterator<Item = (&'static str, Assumptions)> {
    let others = Assumptions::alternatives().map(|(question, assumptions)| (question.field, assumptions));
    std::iter::once(("the default", Assumptions::default())).chain(others)
}

/// A sensor with a duty cycle, and the truth about it.
struct Night<B> {
    bus: SimBus,
    sim: Attached<SimSensor>,
    sensor: PersonSensor<B>,
    power: Power,
    /// How long the sensor was in continuous mode in truth.
    continuous: Duration,
    triggers: Vec<Duration>,
}

impl Night<SimBus> {
    fn new(assumptions: &Assumptions, config: PowerConfig) -> Self {
        Night::with_detection(assumptions, config, Detection::ideal(), 0)
    }

    fn with_detection(
        assumptions: &Assumptions,
        config: PowerConfig,
        detection: Detection,
        seed: u64,
    ) -> Self {
        let sensor = SimSensor::new().with_assumptions(assumptions.clone());
        let (bus, sim) = SimBus::with_sensor(sensor.with_detection(detection).with_seed(seed));
        Night::on(bus.clone(), bus, sim, config)
    }
}

impl<B: I2c> Night<B> {
    fn on(bus: SimBus, i2c: B, sim: Attached<SimSensor>, config: PowerConfig) -> Self {
        let (sensor, power) = (PersonSensor::new(i2c), Power::new(config));
        Night { bus, sim, sensor, power, continuous: Duration::ZERO, triggers: Vec::new() }
    }

    /// What the sensor is set to, in truth.
    fn true_mode(&self) -> Mode {
        self.sim.with(|sim| sim.config()).mode
    }

    /// Does what the duty cycle asks for until then; `look` gets every reading, with its moment.
    fn until(&mut self, end: Duration, mut look: impl FnMut(&Power, Duration, Option<&Faces>)) {
        while self.bus.now() < end {
            let now = self.bus.now();
            match self.power.step(now) {
                PowerStep::Send(command) => {
                    if command == Command::SingleShot {
                        self.triggers.push(now);
                    }
                    let sent = self.sensor.send(command);
                    self.power.sent(self.bus.now(), sent.is_ok());
                }
                PowerStep::Read => {
                    let reading = self.sensor.read();
                    self.power.update(self.bus.now(), reading.as_ref().ok());
                    look(&self.power, self.bus.now(), reading.as_ref().ok());
                }
                PowerStep::Wait(wait) => {
                    assert!(!wait.is_zero());
                    self.bus.advance(wait.min(end - now));
                }
            }
            if self.true_mode() == Mode::Continuous {
                self.continuous += self.bus.now() - now;
            }
        }
    }

    fn quietly_until(&mut self, end: Duration) {
        self.until(end, |_, _, _| ());
    }
}
