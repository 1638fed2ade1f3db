//! The simulated sensor of an emulated machine, in virtual time, with what goes wrong when.

use std::io::Write;
use std::path::PathBuf;

use embedded_hal::i2c::{ErrorType, I2c, Operation};
use mlsensor_sim::bridge::Bridge;
use mlsensor_sim::{Assumptions, FaultError, FaultInjector, Scenario, SimBus, SimBusError};

use super::super::fault_spec::{Action, FaultSpec};
use super::super::setup;
use crate::report::say;
use crate::source;

/// What is emulated. The default is a person who walks up, and nothing goes wrong.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Emulated {
    /// The name of the scenario, for the first line of a transcript.
    pub name: String,
    /// The scenario.
    pub scenario: Scenario,
    /// The seed of all that is left to chance, instead of the scenario's.
    pub seed: Option<u64>,
    /// How the sensor answers open questions.
    pub assumptions: Assumptions,
    /// What goes wrong.
    pub faults: Vec<FaultSpec>,
}

impl Emulated {
    /// A scenario, in which nothing goes wrong.
    #[must_use]
    pub fn new(name: &str, scenario: Scenario) -> Emulated {
        Emulated {
            name: name.to_owned(),
            scenario,
            seed: None,
            assumptions: Assumptions::default(),
            faults: Vec::new(),
        }
    }

    /// The host end of its bridge, at the beginning of the scene. Traffic goes to the recording, if there is one.
    #[must_use]
    pub fn bridge(self, recording: Option<Traffic>) -> Bridge<Scripted> {
        let Emulated { name, mut scenario, seed, assumptions, faults } = self;
        let mut plans = Vec::new();
        let mut power_at_once = Vec::new();
        for FaultSpec { action, at } in faults {
            let event = match action {
                Action::PowerOff => mlsensor_sim::Event::PowerOff,
                Action::PowerOn => mlsensor_sim::Event::PowerOn,
                _ => {
                    plans.push(FaultSpec { action, at });
                    continue;
                }
            };
            if at.is_zero() {
                power_at_once.push(event);
            } else {
                scenario.timeline = scenario.timeline.with_event(at, event);
            }
        }
        // The earliest last; of several at one moment, in the order in which they were given.
        plans.sort_by_key(|plan| plan.at);
        plans.reverse();
        scenario.seed = seed.unwrap_or(scenario.seed);
        let (bus, sim) = SimBus::with_sensor(scenario.sensor().with_assumptions(assumptions));
        for event in power_at_once {
            match event {
                mlsensor_sim::Event::PowerOff => sim.power_off(),
                _ => sim.power_on(),
            }
        }
        if recording.is_some() {
            bus.start_log();
        }
        // As `mlsensor sim run` seeds the faults of its first bus.
        let faulty = FaultInjector::new(bus.clone(), seed.unwrap_or(0).wrapping_add(1));
        let scripted = Scripted { faulty, clock: bus.clone(), plans, recording };
        Bridge::new(scripted, &bus)
            .with_pin(sim.pin())
            .with_end(scenario.duration)
            .with_about(source::about_scenario(&name, &scenario))
    }
}

/// Where traffic is written to.
pub struct Traffic {
    path: PathBuf,
    /// Until it takes no more.
    file: Option<Box<dyn Write>>,
}

impl Traffic {
    /// A recording that is written to this file, as it comes.
    #[must_use]
    pub fn new(path: PathBuf, file: Box<dyn Write>) -> Traffic {
        Traffic { path, file: Some(file) }
    }

    fn write(&mut self, bus: &SimBus) {
        let transfers = bus.take_log().transfers;
        bus.start_log();
        let Some(file) = &mut self.file else { return };
        let mut lines = transfers.iter().map(setup::line);
        if lines.try_for_each(|line| file.write_all(line.as_bytes())).and_then(|()| file.flush()).is_err() {
            self.file = None;
            say(format_args!("mlsensor: cannot write {} any more: the recording ends", self.path.display()));
        }
    }
}

impl std::fmt::Debug for Traffic {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Traffic").field("path", &self.path).finish_non_exhaustive()
    }
}

/// A simulated bus on which things go wrong at their time. A fault is one of transfers: it is there when the first transfer
/// after its time begins.
#[derive(Debug)]
pub struct Scripted {
    faulty: FaultInjector<SimBus>,
    clock: SimBus,
    /// The earliest last.
    plans: Vec<FaultSpec>,
    recording: Option<Traffic>,
}

impl Scripted {
    fn do_what_is_due(&mut self) {
        let control = self.faulty.control();
        while self.plans.last().is_some_and(|plan| plan.at <= self.clock.now()) {
            match self.plans.pop().map(|plan| plan.action) {
                Some(Action::Inject(fault, times)) => (0..times).for_each(|_| control.inject(fault)),
                Some(Action::Rate(kind, per_million)) => control.set_rate(kind, per_million),
                // Power is the timeline's.
                Some(Action::PowerOff | Action::PowerOn) | None => {}
            }
        }
    }
}

impl ErrorType for Scripted {
    type Error = FaultError<SimBusError>;
}

impl I2c for Scripted {
    fn transaction(&mut self, address: u8, operations: &mut [Operation<'_>]) -> Result<(), Self::Error> {
        self.do_what_is_due();
        let outcome = self.faulty.transaction(address, operations);
        if let Some(recording) = &mut self.recording {
            recording.write(&self.clock);
        }
        outcome
    }
}
