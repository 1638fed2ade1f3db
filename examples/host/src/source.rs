//! Where readings come from: the simulated sensor, a recording, or a bus. To a program they are all alike.

use std::path::PathBuf;
use std::time::{Duration, Instant};
use std::{fs, io};

use clap::Args;
use mlsensor::{Config, Error, Faces, PacketError, PersonSensor};
use mlsensor_sim::{Recording, Replay, ReplayError, Scenario, SimBus};

use crate::linux_bus::probe_report;
use crate::report::Report;
use crate::stop::Stop;

/// The options that say where readings come from.
#[derive(Debug, Args)]
pub struct SourceArgs {
    /// The simulated scene: one of the shipped ones (walk_up, two_people, turn_away, label_and_return, flicker,
    /// crowd, empty_room) or a file
    #[arg(long, value_name = "NAME|FILE", default_value = "walk_up")]
    pub scenario: String,
    /// Let chance fall otherwise than the scenario says
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
    /// Let simulated time pass as real time does, instead of at once
    #[arg(long)]
    pub realtime: bool,
    /// Use the real sensor on this bus: /dev/i2c-1, or 1 for short
    #[arg(long, value_name = "PATH|NUMBER", conflicts_with_all = ["scenario", "seed", "replay", "realtime"])]
    pub bus: Option<String>,
    /// Use recorded packets: a line each, seconds and then bytes in hexadecimal
    #[arg(long, value_name = "FILE", conflicts_with_all = ["scenario", "seed"])]
    pub replay: Option<PathBuf>,
    /// Read this often, in milliseconds
    #[arg(long, value_name = "MS", default_value_t = 100, value_parser = clap::value_parser!(u64).range(10..=10_000))]
    pub every: u64,
}

/// One attempt to read the sensor.
#[derive(Debug)]
pub struct Reading {
    /// When it was made, from the start.
    pub at: Duration,
    /// What came of it.
    pub faces: Result<Faces, Trouble>,
}

/// Why a reading is none. It does not mean that nobody is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trouble {
    /// The bus failed, in its own words.
    Bus(String),
    /// What came is no packet.
    Packet(PacketError),
}

impl std::fmt::Display for Trouble {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Trouble::Bus(error) => write!(f, "no reading: {error}"),
            Trouble::Packet(error) => write!(f, "no reading: {error}"),
        }
    }
}

/// A sensor to read from, whatever it is made of.
pub struct Source {
    /// What it is, for the first line of a transcript.
    pub name: String,
    every: Duration,
    /// Where virtual time is to be matched to real time.
    begin: Option<Instant>,
    stop: Stop,
    kind: Kind,
}

enum Kind {
    Simulated {
        bus: SimBus,
        sensor: PersonSensor<SimBus>,
        duration: Duration,
    },
    Recorded {
        replay: Replay,
        sensor: PersonSensor<Replay>,
    },
    #[cfg(target_os = "linux")]
    Real {
        begin: Instant,
        sensor: PersonSensor<crate::linux_bus::LinuxBus>,
    },
}

impl Source {
    /// Opens what the options name. Waiting for a reading ends when `stop` is requested.
    ///
    /// # Errors
    /// A report in four parts.
    pub fn open(args: &SourceArgs, stop: Stop) -> Result<Source, Report> {
        let (name, kind) = match (&args.bus, &args.replay) {
            (Some(bus), _) => open_bus(bus)?,
            (None, Some(file)) => open_recording(file)?,
            (None, None) => open_scenario(&args.scenario, args.seed)?,
        };
        let begin = args.realtime.then(Instant::now);
        Ok(Source { name, every: Duration::from_millis(args.every), begin, stop, kind })
    }

    /// Waits until the next reading is due and makes it; `None` when the scene or the recording has ended.
    pub fn read(&mut self) -> Option<Reading> {
        let reading = match &mut self.kind {
            Kind::Simulated { bus, sensor, duration } => {
                let now = bus.now();
                let every = u64::try_from(self.every.as_nanos()).unwrap_or(u64::MAX).max(1);
                let into = Duration::from_nanos(u64::try_from(now.as_nanos()).unwrap_or(0) % every);
                bus.advance(self.every.saturating_sub(into));
                let at = bus.now();
                let faces = sensor.read().map_err(trouble);
                (at <= *duration).then_some(Reading { at, faces })
            }
            Kind::Recorded { replay, sensor } => match sensor.read() {
                Err(Error::I2c(ReplayError::Finished)) => None,
                faces => Some(Reading { at: replay.now(), faces: faces.map_err(trouble) }),
            },
            #[cfg(target_os = "linux")]
            Kind::Real { begin, sensor } => {
                self.stop.wait_until(Instant::now() + self.every);
                let faces = sensor.read().map_err(|error| match error {
                    Error::I2c(error) => Trouble::Bus(error.0.to_string()),
                    Error::Packet(error) => Trouble::Packet(error),
                });
                Some(Reading { at: begin.elapsed(), faces })
            }
        }?;
        if let Some(begin) = self.begin {
            self.stop.wait_until(begin + reading.at);
        }
        Some(reading)
    }
}

fn trouble<E: std::fmt::Display>(error: Error<E>) -> Trouble {
    match error {
        Error::I2c(error) => Trouble::Bus(error.to_string()),
        Error::Packet(error) => Trouble::Packet(error),
    }
}

fn open_scenario(name: &str, seed: Option<u64>) -> Result<(String, Kind), Report> {
    let scenario = match Scenario::named(name) {
        Some(scenario) => scenario,
        None => scenario_file(name)?,
    };
    let mut sensor = scenario.sensor();
    if let Some(seed) = seed {
        sensor = sensor.with_seed(seed);
    }
    let (bus, _) = SimBus::with_sensor(sensor);
    let sensor = PersonSensor::new(bus.clone());
    let about = format!("simulated sensor, scenario {name}: {}", scenario.about);
    Ok((about, Kind::Simulated { bus, sensor, duration: scenario.duration }))
}

fn scenario_file(name: &str) -> Result<Scenario, Report> {
    let shipped = || Scenario::SHIPPED.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
    let text = read_file("scenario", name, format!("the shipped scenarios are {}", shipped()))?;
    Scenario::parse(&text).map_err(|error| Report {
        what: format!("cannot read scenario {name}: {error}"),
        likely: "the file is not as the format wants it on that line".to_owned(),
        run: format!("sed -n {}p {name}", error.line),
        code: "MLSENSOR-SCENARIO".to_owned(),
    })
}

fn open_recording(file: &std::path::Path) -> Result<(String, Kind), Report> {
    let name = file.display().to_string();
    let text = read_file("recording", &name, "the path is wrong".to_owned())?;
    let recording = Recording::parse(&text).map_err(|error| Report {
        what: format!("cannot read recording {name}: {error}"),
        likely: "a line is no time in seconds followed by bytes of two hexadecimal digits".to_owned(),
        run: format!("sed -n {}p {name}", error.line),
        code: "MLSENSOR-RECORDING".to_owned(),
    })?;
    let replay = recording.replay();
    let sensor = PersonSensor::new(replay.clone());
    Ok((format!("recording {name}"), Kind::Recorded { replay, sensor }))
}

fn read_file(what: &str, name: &str, otherwise: String) -> Result<String, Report> {
    fs::read_to_string(name).map_err(|error: io::Error| Report {
        what: format!("cannot read {what} {name}: {error}"),
        likely: otherwise,
        run: format!("ls -l {name}"),
        code: "MLSENSOR-FILE".to_owned(),
    })
}

#[cfg(target_os = "linux")]
fn open_bus(bus: &str) -> Result<(String, Kind), Report> {
    let is_number = !bus.is_empty() && bus.bytes().all(|byte| byte.is_ascii_digit());
    let path = if is_number { format!("/dev/i2c-{bus}") } else { bus.to_owned() };
    let mut sensor = PersonSensor::new(crate::linux_bus::LinuxBus::open(&path)?);
    // Only what proved to be a Person Sensor is written to.
    sensor.probe().map_err(|error| {
        probe_report(
            match error {
                mlsensor::ProbeError::NoAnswer(error) => mlsensor::ProbeError::NoAnswer(error.0),
                mlsensor::ProbeError::NotAPersonSensor(error) => {
                    mlsensor::ProbeError::NotAPersonSensor(error)
                }
                _ => mlsensor::ProbeError::NoAnswer(io::Error::other("unknown")),
            },
            &path,
        )
    })?;
    sensor.configure(&Config::default()).map_err(|error| match error {
        Error::I2c(error) => crate::linux_bus::report("cannot configure the sensor", &error.0, &path),
        Error::Packet(error) => probe_report(mlsensor::ProbeError::NotAPersonSensor(error), &path),
    })?;
    Ok((format!("Person Sensor on {path}"), Kind::Real { begin: Instant::now(), sensor }))
}

#[cfg(not(target_os = "linux"))]
fn open_bus(bus: &str) -> Result<(String, Kind), Report> {
    Err(Report {
        what: format!("cannot open {bus}: buses are opened on Linux alone"),
        likely: "this is another operating system".to_owned(),
        run: "run this without --bus, on the simulated sensor".to_owned(),
        code: "MLSENSOR-BUS".to_owned(),
    })
}
