//! One simulated sensor with what stands in front of it, and the faults that befall it.

use core::time::Duration;

use mlsensor_sim::{Assumptions, Direction, Person, Scenario, SimSensor};

use crate::refusal::{Code, Refusal};

/// How many people can stand in front of a sensor.
const MOST_PEOPLE: usize = 1000;

/// A byte of a read that will be wrong.
struct Spoil {
    byte: u32,
    mask: u8,
}

pub(crate) struct Sensor {
    pub(crate) sim: SimSensor,
    duration: Option<Duration>,
    people: Vec<Person>,
    /// How many more times the address is not acknowledged.
    refusals: u32,
    /// The transfer that is under way was refused: the sensor has not seen it.
    is_refused: bool,
    spoil: Option<Spoil>,
    /// How many bytes were read since START.
    bytes_read: u32,
}

impl Sensor {
    /// In an empty room, or in front of a scenario.
    pub(crate) fn new(scenario: Option<Scenario>, seed: Option<u64>) -> Sensor {
        let sim = match &scenario {
            Some(scenario) => scenario.sensor(),
            None => SimSensor::new(),
        };
        Sensor {
            sim: match seed {
                Some(seed) => sim.with_seed(seed),
                None => sim,
            },
            duration: scenario.map(|scenario| scenario.duration),
            people: Vec::new(),
            refusals: 0,
            is_refused: false,
            spoil: None,
            bytes_read: 0,
        }
    }

    /// How long the scenario goes on; `None` if there is none.
    pub(crate) const fn duration(&self) -> Option<Duration> {
        self.duration
    }

    /// Lets it answer an open question otherwise: `question=answer`.
    pub(crate) fn assume(&mut self, text: &str) -> Result<(), Refusal> {
        if !self.sim.now().is_zero() {
            return Err(Refusal::new(Code::TooLate, "time has passed for this sensor: assume before that"));
        }
        let (question, answer) = text.split_once('=').unwrap_or((text, ""));
        let mut assumptions = self.sim.assumptions().clone();
        if assumptions.answer(question, answer) {
            self.sim = core::mem::take(&mut self.sim).with_assumptions(assumptions);
            return Ok(());
        }
        let text = match Assumptions::QUESTIONS.iter().find(|known| known.field == question) {
            Some(known) => {
                format!("{question} is {} or {}, not {answer:?}", known.default, known.others.join(" or "))
            }
            None => {
                let known: Vec<&str> = Assumptions::QUESTIONS.iter().map(|known| known.field).collect();
                format!("there is no open question {question:?}: they are {}", known.join(", "))
            }
        };
        Err(Refusal::new(Code::Assumption, text))
    }

    /// One more stands in front of it, from its next capture on.
    pub(crate) fn add_person(&mut self, person: Person) -> Result<(), Refusal> {
        if self.people.len() >= MOST_PEOPLE {
            return Err(Refusal::new(
                Code::Range,
                format!("there are {MOST_PEOPLE} people, and no more fit in"),
            ));
        }
        self.people.push(person);
        self.sim.set_scene(self.people.clone());
        Ok(())
    }

    /// Nobody stands in front of it any more, from its next capture on.
    pub(crate) fn clear_people(&mut self) {
        self.people.clear();
        self.sim.set_scene([]);
    }

    /// So many addresses are not acknowledged, and the sensor sees nothing of the transfers.
    pub(crate) fn refuse(&mut self, starts: u32) {
        self.refusals = starts;
    }

    /// These bits of this byte are read the wrong way round, once.
    pub(crate) fn spoil(&mut self, byte: u32, mask: u8) {
        self.spoil = Some(Spoil { byte, mask });
    }

    pub(crate) fn start(&mut self, address: u8, direction: Direction) -> bool {
        self.bytes_read = 0;
        self.is_refused = self.refusals > 0;
        if self.is_refused {
            self.refusals = self.refusals.saturating_sub(1);
            return false;
        }
        self.sim.start(address, direction)
    }

    pub(crate) fn write_byte(&mut self, byte: u8) -> bool {
        !self.is_refused && self.sim.write_byte(byte)
    }

    pub(crate) fn read_byte(&mut self) -> u8 {
        if self.is_refused {
            return 0xFF;
        }
        let at = self.bytes_read;
        self.bytes_read = at.saturating_add(1);
        let byte = self.sim.read_byte();
        match self.spoil.take_if(|spoil| spoil.byte == at) {
            Some(spoil) => byte ^ spoil.mask,
            None => byte,
        }
    }

    pub(crate) fn stop(&mut self) {
        if !core::mem::take(&mut self.is_refused) {
            self.sim.stop();
        }
    }

    pub(crate) fn power(&mut self, is_on: bool) {
        if is_on {
            self.sim.power_on();
        } else {
            self.sim.power_off();
        }
    }

    /// What a register holds; `None` if there is no such register, or it holds nothing.
    pub(crate) fn register(&self, register: u8) -> Option<u8> {
        let written = self.sim.config().commands().map(|command| command.emit());
        written.iter().find(|[address, _]| *address == register).map(|[_, value]| *value)
    }
}
