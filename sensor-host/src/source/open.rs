//! Opening a source, and finding the sensor on it.

use std::convert::Infallible;
use std::fmt;
use std::time::Duration;
#[cfg(target_os = "linux")]
use std::time::Instant;

use mlsensor::person_sensor::ADDRESS;
use mlsensor::{Config, PacketError, PersonSensor, ProbeError};
use mlsensor_sim::{Attached, Scenario, SimBus, SimSensor};

use super::any_bus::{AnyBus, AnyBusError, Kind};
use super::clock::{Clock, Time};
use super::{AnyPin, SourceName, Stop, files, quoted};
use crate::Report;
use crate::identify;
#[cfg(target_os = "linux")]
use crate::linux::LinuxBus;
use crate::linux::{LineName, LinuxError, Retry};

/// How a source is opened. `Default` is how its name says it.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Opening {
    /// Lets chance fall otherwise than a scene says.
    pub seed: Option<u64>,
    /// How many seconds of a scene or a recording pass in a second; at once if `None`.
    pub speed: Option<f64>,
    /// What ends every wait, and the traffic on the bus.
    pub stop: Stop,
    /// Whether a bus of the system that cannot be opened yet is no error: it is opened by [`AnyBus::reopen`] when it is there. What
    /// somebody has to change first, such as rights, is an error all the same.
    pub wait: bool,
}

impl Opening {
    /// The same, with this seed.
    #[must_use]
    pub fn with_seed(self, seed: Option<u64>) -> Opening {
        Opening { seed, ..self }
    }

    /// The same, at this speed.
    #[must_use]
    pub fn with_speed(self, speed: Option<f64>) -> Opening {
        Opening { speed, ..self }
    }

    /// The same, waiting for a bus that is not there yet, or not.
    #[must_use]
    pub fn with_wait(self, wait: bool) -> Opening {
        Opening { wait, ..self }
    }

    /// The same, which this ends.
    #[must_use]
    pub fn with_stop(self, stop: Stop) -> Opening {
        Opening { stop, ..self }
    }
}

/// A source that is open.
#[derive(Debug)]
pub struct Source {
    /// Its name.
    pub name: SourceName,
    /// What it is, in words for the first line of a transcript.
    pub about: String,
    /// Its bus.
    pub bus: AnyBus,
    /// Its time.
    pub clock: Clock,
    /// The simulated sensor, if it is one.
    pub sim: Option<Attached<SimSensor>>,
    /// What the user should know of a source that is used all the same.
    pub remarks: Vec<String>,
}

impl SourceName {
    /// Opens it. Nothing is sent.
    ///
    /// # Errors
    /// [`SourceError`]: the file, or the bus, cannot be used.
    pub fn open(&self, opening: &Opening) -> Result<Source, SourceError> {
        match self {
            SourceName::Bus(path) => open_bus(self, path, opening),
            SourceName::Simulated(scene) => open_scenario(self, scene, opening),
            SourceName::Recorded(file) => open_recording(self, file, opening),
        }
    }
}

impl Source {
    /// A simulated bus that is there already, with whatever is on it. It has no end. At no speed, time passes when
    /// somebody waits for it, or lets it pass.
    #[must_use]
    pub fn of_bus(bus: &SimBus, about: &str, opening: &Opening) -> Source {
        let time = Time::Simulated { bus: bus.clone(), duration: Duration::MAX };
        Source {
            name: SourceName::Simulated(about.to_owned()),
            about: format!("simulated sensor, {about}"),
            bus: AnyBus::new(Kind::Simulated(bus.clone()), opening.stop.clone()),
            clock: Clock::new(time, opening.speed, opening.stop.clone()),
            sim: None,
            remarks: Vec::new(),
        }
    }

    /// Finds the sensor and sets it; what may be over soon is tried again, as by [`find`](Self::find). On a bus of the system, nothing is written before a read has shown that a Person Sensor
    /// answers. Of a simulated sensor only recognition is set: what else, its scene says.
    ///
    /// A sensor that gets power does not answer for 2 to 3 seconds, and should be left alone then.
    ///
    /// # Errors
    /// [`SourceError`]: nothing answers, or something else.
    pub fn prepare(&mut self, config: &Config) -> Result<(), SourceError> {
        if !self.name.is_bus() {
            if config.id_enabled && self.sim.is_some() {
                let _ = PersonSensor::new(&mut self.bus).set_id_enabled(true);
            }
            return Ok(());
        }
        self.find(ADDRESS)?;
        config.commands().into_iter().try_for_each(|setting| self.set(setting))
    }

    /// The presence pin of the sensor: a simulated one has its own, and a real one is wired to the line of the system that
    /// is given here. `None` for a recording, and for a real one without a line.
    ///
    /// # Errors
    /// A report in four parts: the line cannot be had.
    pub fn pin(&self, line: Option<&LineName>) -> Result<Option<AnyPin>, Report> {
        match (&self.sim, line) {
            (Some(sim), _) => Ok(Some(AnyPin::Simulated(sim.pin()))),
            (None, Some(line)) if self.name.is_bus() => open_line(line).map(Some),
            (None, _) => Ok(None),
        }
    }
}

#[cfg(target_os = "linux")]
fn open_line(line: &LineName) -> Result<AnyPin, Report> {
    // Not pulled: a sensor drives its pin, and not every chip can pull.
    Ok(AnyPin::Line(crate::linux::GpioInput::open(line, crate::linux::Pull::AsIs)?))
}

#[cfg(not(target_os = "linux"))]
fn open_line(line: &LineName) -> Result<AnyPin, Report> {
    Err(Report {
        what: format!("cannot open the GPIO line {line}: GPIO is used on Linux alone"),
        likely: "this is another operating system".to_owned(),
        run: "the same without the pin".to_owned(),
        code: "MLSENSOR-GPIO".to_owned(),
    })
}

fn open_scenario(name: &SourceName, scene: &str, opening: &Opening) -> Result<Source, SourceError> {
    let scenario = files::scenario(scene).map_err(SourceError::File)?;
    let mut sensor = scenario.sensor();
    if let Some(seed) = opening.seed {
        sensor = sensor.with_seed(seed);
    }
    let (bus, sim) = SimBus::with_sensor(sensor);
    let time = Time::Simulated { bus: bus.clone(), duration: scenario.duration };
    Ok(Source {
        name: name.clone(),
        about: about_scenario(scene, &scenario),
        bus: AnyBus::new(Kind::Simulated(bus), opening.stop.clone()),
        clock: Clock::new(time, opening.speed, opening.stop.clone()),
        sim: Some(sim),
        remarks: Vec::new(),
    })
}

/// A scenario in words, for the first line of a transcript.
#[must_use]
pub fn about_scenario(name: &str, scenario: &Scenario) -> String {
    format!("simulated sensor, scenario {name}: {}", scenario.about)
}

fn open_recording(name: &SourceName, file: &str, opening: &Opening) -> Result<Source, SourceError> {
    let (recording, remark) = files::recording_and_remark(file).map_err(SourceError::File)?;
    let times = files::reads(&recording).map(|transfer| transfer.at).collect();
    let time = Time::Recorded { times, has_begun: false };
    Ok(Source {
        name: name.clone(),
        about: format!("recording {file}"),
        bus: AnyBus::new(Kind::Recorded(recording.replay()), opening.stop.clone()),
        clock: Clock::new(time, opening.speed, opening.stop.clone()),
        sim: None,
        remarks: remark.into_iter().collect(),
    })
}

#[cfg(target_os = "linux")]
fn open_bus(name: &SourceName, path: &str, opening: &Opening) -> Result<Source, SourceError> {
    let (bus, remark) = match LinuxBus::open(path) {
        Ok(bus) => {
            let refused = bus.timeout().err().map(|errno| {
                let why = std::io::Error::from_raw_os_error(errno);
                format!(
                    "{path} keeps its own time-out ({why}): a bus that hangs may hold a read for a second"
                )
            });
            (Kind::Real(bus), refused)
        }
        Err(error) if opening.wait && error.retry() != Retry::Never => {
            let remark = format!("{path} is not there yet, and is waited for: {error}");
            (Kind::Awaited(error), Some(remark))
        }
        Err(error) => return Err(SourceError::Bus(error)),
    };
    Ok(Source {
        name: name.clone(),
        about: format!("Person Sensor on {path}"),
        bus: AnyBus::new(bus, opening.stop.clone()),
        clock: Clock::new(Time::Real { begin: Instant::now() }, None, opening.stop.clone()),
        sim: None,
        remarks: remark.into_iter().collect(),
    })
}

#[cfg(not(target_os = "linux"))]
fn open_bus(_: &SourceName, path: &str, _: &Opening) -> Result<Source, SourceError> {
    Err(SourceError::NotLinux { bus: path.to_owned() })
}

/// Why a source cannot be read from.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum SourceError {
    /// The file of a scene or a recording is none, or cannot be read.
    File(Report),
    /// The bus cannot be opened.
    Bus(LinuxError),
    /// The bus is open, but the sensor does not answer, or not to the end.
    Silent {
        /// The path of the bus.
        bus: String,
        /// What the bus said.
        error: AnyBusError,
    },
    /// A sensor was found, but a setting did not reach it; those before it did.
    NotSet {
        /// The path of the bus.
        bus: String,
        /// What the bus said.
        error: AnyBusError,
    },
    /// What answers has not given the packet of a Person Sensor. Nothing was written to it.
    NotAPersonSensor {
        /// The path of the bus.
        bus: String,
        /// What is wrong with what it answered.
        error: PacketError,
    },
    /// Buses are opened on Linux alone.
    NotLinux {
        /// The path of the bus.
        bus: String,
    },
}

impl SourceError {
    pub(super) fn of_sensor(bus: String, error: mlsensor::Error<AnyBusError>) -> SourceError {
        match error {
            mlsensor::Error::I2c(error) => SourceError::Silent { bus, error },
            mlsensor::Error::Packet(error) => SourceError::NotAPersonSensor { bus, error },
        }
    }

    /// Whether another try can help, and when.
    #[must_use]
    pub const fn retry(&self) -> Retry {
        match self {
            SourceError::Bus(error) => error.retry(),
            SourceError::Silent { error, .. } | SourceError::NotSet { error, .. } => error.retry(),
            // A sensor that has not finished its first inference reads as zeros.
            SourceError::NotAPersonSensor { error: PacketError::AllZero, .. } => Retry::AfterMs(1000),
            SourceError::NotAPersonSensor { .. } | SourceError::File(_) | SourceError::NotLinux { .. } => {
                Retry::Never
            }
        }
    }

    /// What is to be told to a person.
    #[must_use]
    pub fn report(&self) -> Report {
        match self {
            SourceError::File(report) => report.clone(),
            SourceError::Bus(error) => error.report(),
            SourceError::Silent { bus, error } => failed(&format!("no Person Sensor on {bus}"), error),
            SourceError::NotSet { bus, error } => {
                failed(&format!("not all settings reached the sensor on {bus}"), error)
            }
            SourceError::NotAPersonSensor { bus, error } => Report {
                what: format!("{bus}: {}", ProbeError::<Infallible>::NotAPersonSensor(*error)),
                likely: format!("{}; nothing was written to it", identify::likely(error)),
                run: to_look(bus, error),
                code: "MLSENSOR-NOT-A-SENSOR".to_owned(),
            },
            SourceError::NotLinux { bus } => Report {
                what: format!("cannot open {bus}: buses are opened on Linux alone"),
                likely: "this is another operating system".to_owned(),
                run: "name the simulated sensor instead: sim:walk_up".to_owned(),
                code: "MLSENSOR-BUS".to_owned(),
            },
        }
    }
}

/// A transfer failed.
fn failed(what: &str, error: &AnyBusError) -> Report {
    match error {
        AnyBusError::Real(error) => error.report_as(what),
        error => Report {
            what: format!("{what}: {error}"),
            likely: "the program was interrupted".to_owned(),
            run: "the same again".to_owned(),
            code: "MLSENSOR-BUS".to_owned(),
        },
    }
}

/// What shows what answers. A name that no command knows is of a bus in a program, or behind a multiplexer.
fn to_look(bus: &str, error: &PacketError) -> String {
    let words = match error {
        // Until there is a result.
        PacketError::AllZero => ("mlsensor read", " --wait"),
        _ => ("mlsensor probe", ""),
    };
    match (words, bus.parse::<SourceName>()) {
        ((command, option), Ok(_)) => format!("{command} {}{option}", quoted(bus)),
        (_, Err(_)) => "mlsensor probe".to_owned(),
    }
}

impl fmt::Display for SourceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.report().what)
    }
}

impl std::error::Error for SourceError {}

impl From<SourceError> for Report {
    fn from(error: SourceError) -> Report {
        error.report()
    }
}
