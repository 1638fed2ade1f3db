//! Where readings come from: the simulated sensor, a recording, or a bus. To a program they are all alike.

use std::collections::VecDeque;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use clap::Args;
use clap::builder::NonEmptyStringValueParser;
use mlsensor::behavior::Direction;
use mlsensor::{Config, Error, Faces, PacketError, PersonSensor};
use mlsensor_sim::{Attached, SimBus, SimSensor};

use crate::any_bus::{AnyBus, AnyDelay, Kind};
use crate::files;
use crate::report::Report;
use crate::stop::Stop;

/// The options that say where readings come from.
#[derive(Debug, Args)]
pub(crate) struct SourceArgs {
    #[arg(long, value_name = "NAME|FILE", default_value = "walk_up", help = scenario_help())]
    pub(crate) scenario: String,
    /// Let chance fall otherwise than the scenario says
    #[arg(long, value_name = "N")]
    pub(crate) seed: Option<u64>,
    /// Let simulated time pass as real time does, instead of at once
    #[arg(long)]
    pub(crate) realtime: bool,
    /// Use the real sensor on this bus: /dev/i2c-1, or 1 for short
    #[arg(long, value_name = "PATH|NUMBER", value_parser = NonEmptyStringValueParser::new(), conflicts_with_all = ["scenario", "seed", "replay", "realtime"])]
    pub(crate) bus: Option<String>,
    /// Use recorded packets: a line each, seconds and then bytes in hexadecimal. Readings are as they were recorded
    #[arg(long, value_name = "FILE", conflicts_with_all = ["scenario", "seed", "every"])]
    pub(crate) replay: Option<PathBuf>,
    /// Read this often, in milliseconds
    #[arg(long, value_name = "MS", default_value_t = 100, value_parser = clap::value_parser!(u64).range(10..=500))]
    pub(crate) every: u64,
}

/// One attempt to read the sensor.
#[derive(Debug)]
pub struct Reading {
    /// When it was made, from the start.
    pub at: Duration,
    /// What came of it.
    pub faces: Result<Faces, Trouble>,
}

impl Reading {
    /// The faces; `None` if nothing was read, which does not mean that nobody is there.
    #[must_use]
    pub fn faces(&self) -> Option<&Faces> {
        self.faces.as_ref().ok()
    }
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

/// What a program waits for: the next reading, or the moment that it asked to be woken at.
#[derive(Debug)]
pub enum Turn {
    /// The sensor was read.
    Reading(Reading),
    /// It is this moment.
    Wake(Duration),
}

/// A sensor to read from, whatever it is made of.
pub(crate) struct Source {
    /// What it is, for the first line of a transcript.
    pub(crate) name: String,
    pub(crate) sensor: PersonSensor<AnyBus>,
    every: Duration,
    /// When the next reading is due.
    due: Duration,
    /// Whether what is not real is to take its time, and which moment then is which.
    realtime: bool,
    begin: Option<(Instant, Duration)>,
    stop: Stop,
    clock: Clock,
}

/// Where time comes from.
enum Clock {
    Simulated {
        bus: SimBus,
        sim: Attached<SimSensor>,
        duration: Duration,
    },
    /// When the reads of a recording were made: those that are still to come.
    Recorded {
        times: VecDeque<Duration>,
        has_begun: bool,
    },
    #[cfg(target_os = "linux")]
    Real {
        begin: Instant,
    },
}

type Opened = (String, Kind, Clock);

impl Source {
    /// Opens what the options name, and sets the sensor. Waiting ends when `stop` is requested.
    ///
    /// # Errors
    /// A report in four parts.
    pub(crate) fn open(args: &SourceArgs, config: Config, stop: Stop) -> Result<Source, Report> {
        let (name, bus, clock) = match (&args.bus, &args.replay) {
            (Some(bus), _) => open_bus(bus, config)?,
            (None, Some(file)) => open_recording(file)?,
            (None, None) => open_scenario(&args.scenario, args.seed)?,
        };
        let mut sensor = PersonSensor::new(AnyBus(bus));
        if config.id_enabled && matches!(clock, Clock::Simulated { .. }) {
            // What else a simulated sensor is set to, its scenario says.
            let _ = sensor.set_id_enabled(true);
        }
        let every = Duration::from_millis(args.every);
        let realtime = args.realtime;
        Ok(Source { name, sensor, every, due: every, realtime, begin: None, stop, clock })
    }

    /// Lets time pass as it does for the user from the next reading on.
    pub(crate) fn live_from_now_on(&mut self) {
        self.realtime = true;
    }

    pub(crate) fn is_simulated(&self) -> bool {
        matches!(self.clock, Clock::Simulated { .. })
    }

    /// Turns the sensor, if it is a simulated one: a real one rides on what turns it.
    pub(crate) fn point(&self, direction: Direction) {
        if let Clock::Simulated { sim, .. } = &self.clock {
            sim.point(direction);
        }
    }

    /// Whether time passes as for the user: then what the user types comes at the right time.
    pub(crate) fn is_live(&self) -> bool {
        match self.clock {
            Clock::Simulated { .. } | Clock::Recorded { .. } => self.realtime,
            #[cfg(target_os = "linux")]
            Clock::Real { .. } => true,
        }
    }

    /// What lets time pass here.
    pub(crate) fn delay(&self) -> AnyDelay {
        let (simulated, begin) = match &self.clock {
            Clock::Simulated { bus, .. } => (Some(bus.clone()), Instant::now()),
            Clock::Recorded { .. } => (None, Instant::now()),
            #[cfg(target_os = "linux")]
            Clock::Real { begin } => (None, *begin),
        };
        AnyDelay { simulated, begin, is_real: self.is_live(), stop: self.stop.clone() }
    }

    /// Waits until the next reading is due and makes it, or until `wake`, if that is sooner; `None` when the scene or
    /// the recording has ended.
    pub(crate) fn next(&mut self, wake: Option<Duration>) -> Option<Turn> {
        let due = match &self.clock {
            Clock::Recorded { times, .. } => *times.front()?,
            _ => self.due,
        };
        let wake = wake.filter(|wake| *wake < due && self.has_begun());
        self.pass_until(wake.unwrap_or(due))?;
        if let Some(wake) = wake {
            return Some(Turn::Wake(wake));
        }
        let now = self.now();
        let faces = match self.sensor.read() {
            Err(Error::I2c(error)) if error.is_end => return None,
            Err(Error::I2c(error)) => Err(Trouble::Bus(error.to_string())),
            Err(Error::Packet(error)) => Err(Trouble::Packet(error)),
            Ok(faces) => Ok(faces),
        };
        let at = match &mut self.clock {
            Clock::Simulated { bus, .. } => {
                // A read takes its time on the bus: the next is due at a multiple of the period.
                while self.due <= bus.now() {
                    self.due += self.every;
                }
                now
            }
            Clock::Recorded { times, has_begun } => {
                *has_begun = true;
                times.pop_front();
                now
            }
            #[cfg(target_os = "linux")]
            Clock::Real { begin } => {
                // A bus that hangs holds a reading up: it is as old as its end.
                let at = begin.elapsed();
                self.due = at + self.every;
                at
            }
        };
        Some(Turn::Reading(Reading { at, faces }))
    }

    fn now(&self) -> Duration {
        match &self.clock {
            Clock::Simulated { bus, .. } => bus.now(),
            Clock::Recorded { times, .. } => times.front().copied().unwrap_or_default(),
            #[cfg(target_os = "linux")]
            Clock::Real { begin } => begin.elapsed(),
        }
    }

    /// The clock of a recording may begin with any date: before its first reading no moment is known.
    fn has_begun(&self) -> bool {
        !matches!(self.clock, Clock::Recorded { has_begun: false, .. })
    }

    /// Waits until a moment; `None` if it lies behind the end.
    fn pass_until(&mut self, moment: Duration) -> Option<()> {
        match &self.clock {
            Clock::Simulated { bus, duration, .. } => {
                bus.advance(moment.saturating_sub(bus.now()));
                (moment <= *duration).then_some(())?;
            }
            Clock::Recorded { .. } => {}
            #[cfg(target_os = "linux")]
            Clock::Real { begin } => {
                self.stop.wait_until(*begin + moment);
                return Some(());
            }
        }
        if self.realtime {
            let (begin, first) = *self.begin.get_or_insert_with(|| (Instant::now(), moment));
            self.stop.wait_until(begin + moment.saturating_sub(first));
        }
        Some(())
    }
}

fn open_scenario(name: &str, seed: Option<u64>) -> Result<Opened, Report> {
    let scenario = files::scenario(name)?;
    let mut sensor = scenario.sensor();
    if let Some(seed) = seed {
        sensor = sensor.with_seed(seed);
    }
    let (bus, sim) = SimBus::with_sensor(sensor);
    let about = format!("simulated sensor, scenario {name}: {}", scenario.about);
    Ok((about, Kind::Simulated(bus.clone()), Clock::Simulated { bus, sim, duration: scenario.duration }))
}

fn scenario_help() -> String {
    format!("The simulated scene: one of {}, or a file", files::shipped_scenarios())
}

fn open_recording(file: &std::path::Path) -> Result<Opened, Report> {
    let name = file.display().to_string();
    let recording = files::recording(&name)?;
    let times = files::reads(&recording).map(|transfer| transfer.at).collect();
    let bus = Kind::Recorded(recording.replay());
    Ok((format!("recording {name}"), bus, Clock::Recorded { times, has_begun: false }))
}

#[cfg(target_os = "linux")]
fn open_bus(bus: &str, config: Config) -> Result<Opened, Report> {
    use crate::linux_bus::{LinuxBus, probe_report};
    use mlsensor::ProbeError;

    let is_number = !bus.is_empty() && bus.bytes().all(|byte| byte.is_ascii_digit());
    let path = if is_number { format!("/dev/i2c-{bus}") } else { bus.to_owned() };
    let mut sensor = PersonSensor::new(LinuxBus::open(&path)?);
    // Only what proved to be a Person Sensor is written to.
    sensor.probe().map_err(|error| probe_report(error, &path))?;
    sensor.configure(&config).map_err(|error| probe_report(ProbeError::from(error), &path))?;
    let clock = Clock::Real { begin: Instant::now() };
    Ok((format!("Person Sensor on {path}"), Kind::Real(sensor.release()), clock))
}

#[cfg(not(target_os = "linux"))]
fn open_bus(bus: &str, _: Config) -> Result<Opened, Report> {
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
        let mut source = Source::open(&args, Config::default(), stop.clone()).unwrap();
        std::fs::remove_file(file).unwrap();
        let (sender, receiver) = std::sync::mpsc::channel();
        let begin = Instant::now();
        let reading = std::thread::spawn(move || {
            while let Some(Turn::Reading(reading)) = source.next(None) {
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
