//! Where readings come from: the simulated sensor, a recording, or a bus. To a program they are all alike.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use clap::Args;
use clap::builder::NonEmptyStringValueParser;
use mlsensor::{Error, Faces, PacketError, PersonSensor};
use mlsensor_sim::{Replay, ReplayError, SimBus};

use crate::files;
use crate::report::Report;
use crate::stop::Stop;

/// The options that say where readings come from.
#[derive(Debug, Args)]
pub struct SourceArgs {
    #[arg(long, value_name = "NAME|FILE", default_value = "walk_up", help = scenario_help())]
    pub scenario: String,
    /// Let chance fall otherwise than the scenario says
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
    /// Let simulated time pass as real time does, instead of at once
    #[arg(long)]
    pub realtime: bool,
    /// Use the real sensor on this bus: /dev/i2c-1, or 1 for short
    #[arg(long, value_name = "PATH|NUMBER", value_parser = NonEmptyStringValueParser::new(), conflicts_with_all = ["scenario", "seed", "replay", "realtime"])]
    pub bus: Option<String>,
    /// Use recorded packets: a line each, seconds and then bytes in hexadecimal. Readings are as they were recorded
    #[arg(long, value_name = "FILE", conflicts_with_all = ["scenario", "seed", "every"])]
    pub replay: Option<PathBuf>,
    /// Read this often, in milliseconds
    #[arg(long, value_name = "MS", default_value_t = 100, value_parser = clap::value_parser!(u64).range(10..=500))]
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
pub(crate) struct Source {
    /// What it is, for the first line of a transcript.
    pub(crate) name: String,
    every: Duration,
    /// Whether what is not real is to take its time, and which moment then is which.
    realtime: bool,
    begin: Option<(Instant, Duration)>,
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
    pub(crate) fn open(args: &SourceArgs, stop: Stop) -> Result<Source, Report> {
        let (name, kind) = match (&args.bus, &args.replay) {
            (Some(bus), _) => open_bus(bus)?,
            (None, Some(file)) => open_recording(file)?,
            (None, None) => open_scenario(&args.scenario, args.seed)?,
        };
        let every = Duration::from_millis(args.every);
        Ok(Source { name, every, realtime: args.realtime, begin: None, stop, kind })
    }

    /// Waits until the next reading is due and makes it; `None` when the scene or the recording has ended.
    pub(crate) fn read(&mut self) -> Option<Reading> {
        let reading = match &mut self.kind {
            Kind::Simulated { bus, sensor, duration } => {
                // A read takes its time on the bus: wait for the next multiple, not for the whole period.
                let late_ns = (bus.now().as_nanos() % self.every.as_nanos()) as u64;
                bus.advance(self.every.saturating_sub(Duration::from_nanos(late_ns)));
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
        if self.realtime {
            let (begin, first) = *self.begin.get_or_insert_with(|| (Instant::now(), reading.at));
            self.stop.wait_until(begin + reading.at.saturating_sub(first));
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
    let scenario = files::scenario(name)?;
    let mut sensor = scenario.sensor();
    if let Some(seed) = seed {
        sensor = sensor.with_seed(seed);
    }
    let (bus, _) = SimBus::with_sensor(sensor);
    let sensor = PersonSensor::new(bus.clone());
    let about = format!("simulated sensor, scenario {name}: {}", scenario.about);
    Ok((about, Kind::Simulated { bus, sensor, duration: scenario.duration }))
}

fn scenario_help() -> String {
    format!("The simulated scene: one of {}, or a file", files::shipped_scenarios())
}

fn open_recording(file: &std::path::Path) -> Result<(String, Kind), Report> {
    let name = file.display().to_string();
    let replay = files::recording(&name)?.replay();
    let sensor = PersonSensor::new(replay.clone());
    Ok((format!("recording {name}"), Kind::Recorded { replay, sensor }))
}

#[cfg(target_os = "linux")]
fn open_bus(bus: &str) -> Result<(String, Kind), Report> {
    use crate::linux_bus::{LinuxBus, probe_report};
    use mlsensor::{Config, ProbeError};

    let is_number = !bus.is_empty() && bus.bytes().all(|byte| byte.is_ascii_digit());
    let path = if is_number { format!("/dev/i2c-{bus}") } else { bus.to_owned() };
    let mut sensor = PersonSensor::new(LinuxBus::open(&path)?);
    // Only what proved to be a Person Sensor is written to.
    sensor.probe().map_err(|error| probe_report(error, &path))?;
    sensor.configure(&Config::default()).map_err(|error| probe_report(ProbeError::from(error), &path))?;
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

#[cfg(test)]
mod tests {
    use super::*;

    /// The times of a recording, read as fast as life, and how long it took.
    fn read_in_real_time(name: &str, stamps: [&str; 2]) -> (Vec<Duration>, Duration) {
        let file = std::env::temp_dir().join(format!("mlsensor-{}-{name}", std::process::id()));
        std::fs::write(&file, stamps.map(|stamp| format!("{stamp} 00\n")).concat()).unwrap();
        let replay = Some(file.clone());
        let args =
            SourceArgs { scenario: String::new(), seed: None, realtime: true, bus: None, replay, every: 100 };
        let stop = Stop::new();
        let mut source = Source::open(&args, stop.clone()).unwrap();
        std::fs::remove_file(file).unwrap();
        let (sender, receiver) = std::sync::mpsc::channel();
        let begin = Instant::now();
        let reading = std::thread::spawn(move || {
            while let Some(reading) = source.read() {
                let _ = sender.send(reading.at);
            }
        });
        // A wait that would last for ever ends here, and the times are too few.
        let next = || receiver.recv_timeout(Duration::from_secs(20)).ok();
        let times: Vec<Duration> = std::iter::from_fn(next).collect();
        let took = begin.elapsed();
        stop.request();
        reading.join().unwrap();
        (times, took)
    }

    #[test]
    fn real_time_begins_with_the_first_reading_whatever_its_date() {
        let (times, took) = read_in_real_time("date", ["1760000000.0", "1760000000.05"]);
        assert_eq!(times, [1_760_000_000_000, 1_760_000_000_050].map(Duration::from_millis));
        assert!(took >= Duration::from_millis(50), "{took:?}");
    }

    #[test]
    fn real_time_passes_between_readings() {
        let (times, took) = read_in_real_time("between", ["0.3", "0.5"]);
        assert_eq!(times, [300, 500].map(Duration::from_millis));
        assert!(took >= Duration::from_millis(200), "{took:?}");
    }
}
