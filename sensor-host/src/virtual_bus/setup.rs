//! A world from a handful of options: which sensors, on which buses, and what goes wrong.
//!
//! Only to understand a word of the command line ([`Part::parse`]) a file may be read: a scenario or a recording.

use std::fmt::Display;

use mlsensor_sim::{Assumptions, Lookalike, LookalikeKind, Recording, Scenario, SimBus, Transfer};

use super::errno::Style;
use super::fault_spec::{FaultSpec, lookalike, lookalike_names};
use super::real_time::Clock;
use super::world::Wiring;
use super::{Replayed, World};
use crate::{Report, source};

/// What is on a bus.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Part {
    /// A simulated sensor in front of a scene.
    Sensor(Box<Scenario>),
    /// What a sensor gave when it was recorded.
    Recording(Recording),
    /// Something else at the sensor's address.
    Lookalike(LookalikeKind),
    /// Nothing.
    Nothing,
}

/// One more part, and where it is.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Extra {
    /// The bus; `None` for that of the first sensor.
    pub bus: Option<u32>,
    /// What is there.
    pub part: Part,
    /// The line of the GPIO chip that its presence pin is wired to.
    pub line: Option<u32>,
}

/// The lines that a Raspberry Pi's header has.
const MOST_LINES: u32 = 58;

/// The options of a simulated machine. The default is one sensor before a person who walks up, on bus 1 of a Raspberry
/// Pi, its presence pin on GPIO17.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Setup {
    /// What is on the bus.
    pub part: Part,
    /// The seed of all that is left to chance, instead of the scenario's.
    pub seed: Option<u64>,
    /// The number of the bus.
    pub bus: u32,
    /// What goes wrong, on this bus.
    pub faults: Vec<FaultSpec>,
    /// What else there is.
    pub extras: Vec<Extra>,
    /// How the sensors answer open questions.
    pub assumptions: Assumptions,
    /// Whose driver the adapters behave as.
    pub style: Style,
    /// How fast the buses are, in hertz; `None`: transfers take no time.
    pub bit_rate_hz: Option<u32>,
    /// The addresses that a driver of the kernel holds.
    pub claimed: Vec<u16>,
    /// The line of the GPIO chip that the presence pin is wired to.
    pub line: u32,
    /// What that line is called; `None`: as a Raspberry Pi calls it, such as GPIO17.
    pub line_name: Option<String>,
}

impl Default for Setup {
    fn default() -> Setup {
        Setup {
            part: Scenario::named("walk_up")
                .map_or(Part::Nothing, |scenario| Part::Sensor(Box::new(scenario))),
            seed: None,
            bus: 1,
            faults: Vec::new(),
            extras: Vec::new(),
            assumptions: Assumptions::default(),
            style: Style::Pi,
            bit_rate_hz: None,
            claimed: Vec::new(),
            line: 17,
            line_name: None,
        }
    }
}

impl Setup {
    /// The world as these options want it, at its beginning.
    #[must_use]
    pub fn world(&self, clock: Box<dyn Clock>) -> World {
        let mut world = World::new(clock);
        let mut buses = vec![(self.bus, self.add_bus(&mut world, self.bus))];
        let name = self.line_name.clone().unwrap_or_else(|| format!("GPIO{}", self.line));
        self.attach(&mut world, &buses, self.bus, &self.part, Some((self.line, name)));
        for extra in &self.extras {
            let number = extra.bus.unwrap_or(self.bus);
            if buses.iter().all(|(known, _)| *known != number) {
                buses.push((number, self.add_bus(&mut world, number)));
            }
            let line = extra.line.map(|line| (line, format!("GPIO{line}")));
            self.attach(&mut world, &buses, number, &extra.part, line);
        }
        for fault in &self.faults {
            world.plan(fault.at, self.bus, fault.action);
        }
        world
    }

    /// Whether each line of the GPIO chip is wired to one presence pin at most.
    ///
    /// # Errors
    /// A report in four parts.
    pub fn check_lines(&self) -> Result<(), Report> {
        let mut wired = vec![self.line];
        for line in self.extras.iter().filter_map(|extra| extra.line) {
            if wired.contains(&line) {
                let likely = "another number stands behind @, or in --pin".to_owned();
                let why = "a presence pin is wired to it already";
                return Err(wrong("GPIO line", &line.to_string(), why, likely, "MLSENSOR-SIM-WITH"));
            }
            wired.push(line);
        }
        Ok(())
    }

    fn add_bus(&self, world: &mut World, number: u32) -> SimBus {
        let (style, bit_rate_hz, claimed) = (self.style, self.bit_rate_hz, self.claimed.clone());
        let seed = self.seed.unwrap_or(0).wrapping_add(number.into());
        world.add_bus(number, Wiring { style, bit_rate_hz, seed, claimed })
    }

    fn attach(
        &self,
        world: &mut World,
        buses: &[(u32, SimBus)],
        number: u32,
        part: &Part,
        line: Option<(u32, String)>,
    ) {
        let Some((_, bus)) = buses.iter().find(|(known, _)| *known == number) else { return };
        match part {
            Part::Nothing => {}
            Part::Lookalike(kind) => drop(bus.attach(Lookalike::new(*kind))),
            Part::Recording(recording) => {
                let replayed = bus.attach(Replayed::new(recording.clone()));
                if let Some((line, name)) = line {
                    world.add_replayed_line(line, name, replayed);
                }
            }
            Part::Sensor(scenario) => {
                let mut scenario = scenario.clone();
                scenario.seed = self.seed.unwrap_or(scenario.seed);
                let sensor = bus.attach(scenario.sensor().with_assumptions(self.assumptions.clone()));
                world.add_sensor(number, &sensor);
                if let Some((line, name)) = line {
                    world.add_line(line, name, sensor);
                }
            }
        }
    }
}

impl Part {
    /// What a word of the command line names: a scenario by its name or file, with or without `sim:` before it,
    /// `replay:FILE` for a recording, `lookalike:KIND`, or `nothing`.
    ///
    /// # Errors
    /// A report in four parts.
    pub fn parse(text: &str) -> Result<Part, Report> {
        if text == "nothing" {
            return Ok(Part::Nothing);
        }
        if let Some(name) = text.strip_prefix("lookalike:") {
            return lookalike(name).map(Part::Lookalike).ok_or_else(|| {
                let likely = format!("the lookalikes are {}", lookalike_names());
                wrong("part", text, "there is no lookalike of this name", likely, "MLSENSOR-SIM-WITH")
            });
        }
        if let Some(name) = text.strip_prefix("replay:") {
            return source::recording(name).map(Part::Recording);
        }
        let name = text.strip_prefix("sim:").unwrap_or(text);
        source::scenario(name).map(|scenario| Part::Sensor(Box::new(scenario)))
    }
}

impl Extra {
    /// One more part: `[BUS=]PART[@LINE]`, such as `lookalike:co2-sensor`, `2=sim:crowd`, or `2=sim:crowd@27`, whose
    /// presence pin is on GPIO27.
    ///
    /// # Errors
    /// A report in four parts.
    pub fn parse(text: &str) -> Result<Extra, Report> {
        let (bus, rest) = match text.split_once('=') {
            Some((bus, rest)) if bus.parse::<u32>().is_ok() => (bus.parse().ok(), rest),
            _ => (None, text),
        };
        let (part, line) = match rest.rsplit_once('@') {
            Some((part, line)) => match line.parse() {
                Ok(line @ 0..MOST_LINES) => (part, Some(line)),
                _ => {
                    let likely = format!("behind @ stands the number of a GPIO line, below {MOST_LINES}");
                    return Err(wrong("part", text, "the line is none", likely, "MLSENSOR-SIM-WITH"));
                }
            },
            None => (rest, None),
        };
        Ok(Extra { bus, part: Part::parse(part)?, line })
    }
}

/// What goes wrong, from a word of the command line.
///
/// # Errors
/// A report in four parts, which lists the kinds.
pub fn fault(text: &str) -> Result<FaultSpec, Report> {
    text.parse().map_err(|error: super::fault_spec::FaultSpecError| {
        let likely = format!("the kinds are {}", FaultSpec::KINDS.join(", "));
        wrong("fault", text, error, likely, "MLSENSOR-SIM-FAULT")
    })
}

/// Whose driver the adapter behaves as, from a word of the command line.
///
/// # Errors
/// A report in four parts, which lists the names.
pub fn style(text: &str) -> Result<Style, Report> {
    text.parse().map_err(|()| {
        let likely = format!("the adapters are {}", Style::ALL.map(Style::name).join(", "));
        wrong("adapter", text, "there is none of this name", likely, "MLSENSOR-SIM-ERRNO")
    })
}

fn wrong(what: &str, text: &str, why: impl Display, likely: String, code: &str) -> Report {
    Report {
        what: format!("cannot use {what} {text:?}: {why}"),
        likely,
        run: "mlsensor sim run --help".to_owned(),
        code: code.to_owned(),
    }
}

/// One line of a recording, for [`World::log`].
#[must_use]
pub fn line(transfer: &Transfer) -> String {
    format!("{transfer}\n")
}
