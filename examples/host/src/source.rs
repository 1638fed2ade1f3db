//! Where readings come from: the simulated sensor, a recording, or a bus. To a program they are all alike.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use clap::builder::NonEmptyStringValueParser;
use mlsensor::behavior::Direction;
use mlsensor::{Config, Error, PersonSensor};
use mlsensor_sim::{Attached, SimBus, SimSensor};

use crate::any_bus::{AnyBus, Kind};
use crate::clock::{Clock, Time};
use crate::files;
use crate::pace::Pace;
use crate::reading::{Reading, Trouble, Turn};
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
    /// Read this often, in milliseconds, instead of just after each inference
    #[arg(long, value_name = "MS", value_parser = clap::value_parser!(u64).range(10..=500))]
    pub(crate) every: Option<u64>,
}

/// A sensor to read from, whatever it is made of.
pub(crate) struct Source {
    /// What it is, for the first line of a transcript.
    pub(crate) name: String,
    pub(crate) sensor: PersonSensor<AnyBus>,
    pub(crate) clock: Clock,
    pace: Pace,
    /// The simulated sensor, if it is one.
    sim: Option<Attached<SimSensor>>,
    config: Config,
    /// Since when a real sensor has given no reading.
    lost_since: Option<Duration>,
}

/// A sensor that was gone for so long may have been without power, and then has its power-on settings: it needs 2 s and more
/// to begin.
const MAY_HAVE_RESTARTED: Duration = Duration::from_secs(1);

type Opened = (String, Kind, Time);

impl Source {
    /// Opens what the options name, and sets the sensor. Waiting ends when `stop` is requested.
    ///
    /// # Errors
    /// A report in four parts.
    pub(crate) fn open(args: &SourceArgs, config: Config, stop: Stop) -> Result<Source, Report> {
        let mut sim = None;
        let (name, bus, time) = match (&args.bus, &args.replay) {
            (Some(bus), _) => open_bus(bus, config)?,
            (None, Some(file)) => open_recording(file)?,
            (None, None) => open_scenario(&args.scenario, args.seed, &mut sim)?,
        };
        let mut sensor = PersonSensor::new(AnyBus { kind: bus, stop: stop.clone() });
        if config.id_enabled && sim.is_some() {
            // What else a simulated sensor is set to, its scenario says.
            let _ = sensor.set_id_enabled(true);
        }
        let clock = Clock::new(time, args.realtime, stop);
        let pace = Pace::new(args.every.map(Duration::from_millis));
        Ok(Source { name, sensor, clock, pace, sim, config, lost_since: None })
    }

    /// Whether readings come just after each inference, and not some time later.
    pub(crate) const fn reads_by_cadence(&self) -> bool {
        matches!(self.pace, Pace::Cadence(_))
    }

    pub(crate) const fn is_simulated(&self) -> bool {
        self.sim.is_some()
    }

    /// Turns the sensor, if it is a simulated one: a real one rides on what turns it.
    pub(crate) fn point(&self, direction: Direction) {
        if let Some(sim) = &self.sim {
            sim.point(direction);
        }
    }

    /// Waits until the next reading is due and makes it, or until `wake`, if that is sooner; `None` when the scene or
    /// the recording has ended.
    pub(crate) fn next(&mut self, wake: Option<Duration>) -> Option<Turn> {
        let due = self.clock.due(self.pace.next())?;
        if let Some(wake) = wake.filter(|wake| *wake < due && self.clock.has_begun()) {
            self.clock.pass_until(wake)?;
            return Some(Turn::Wake(wake));
        }
        self.clock.pass_until(due)?;
        let begun = self.clock.now();
        let faces = match self.sensor.read() {
            Err(Error::I2c(error)) if error.is_end => return None,
            Err(Error::I2c(error)) => Err(Trouble::Bus(error.to_string())),
            Err(Error::Packet(error)) => Err(Trouble::Packet(error)),
            Ok(faces) => Ok(faces),
        };
        let ended = self.clock.now();
        self.pace.read_done(begun, ended, faces.as_ref().ok());
        self.clock.reading_done();
        self.keep_settings(ended, faces.is_ok());
        // A real bus may hang and hold a reading up: it is as late as its end.
        let at = if self.clock.is_real() { ended } else { begun };
        Some(Turn::Reading(Reading { at, faces }))
    }

    /// Sets a real sensor again that comes back. It has just proved to be one, so it is written to.
    fn keep_settings(&mut self, now: Duration, is_reading: bool) {
        if !is_reading {
            self.lost_since.get_or_insert(now);
        } else if let Some(since) = self.lost_since {
            let must_be_set = self.clock.is_real() && now.saturating_sub(since) >= MAY_HAVE_RESTARTED;
            if !must_be_set || self.sensor.configure(&self.config).is_ok() {
                self.lost_since = None;
            }
        }
    }
}

fn open_scenario(
    name: &str,
    seed: Option<u64>,
    attached: &mut Option<Attached<SimSensor>>,
) -> Result<Opened, Report> {
    let scenario = files::scenario(name)?;
    let mut sensor = scenario.sensor();
    if let Some(seed) = seed {
        sensor = sensor.with_seed(seed);
    }
    let (bus, sim) = SimBus::with_sensor(sensor);
    let about = format!("simulated sensor, scenario {name}: {}", scenario.about);
    *attached = Some(sim);
    Ok((about, Kind::Simulated(bus.clone()), Time::Simulated { bus, duration: scenario.duration }))
}

fn scenario_help() -> String {
    format!("The simulated scene: one of {}, or a file", files::shipped_scenarios())
}

fn open_recording(file: &std::path::Path) -> Result<Opened, Report> {
    let name = file.display().to_string();
    let recording = files::recording(&name)?;
    let times = files::reads(&recording).map(|transfer| transfer.at).collect();
    let bus = Kind::Recorded(recording.replay());
    Ok((format!("recording {name}"), bus, Time::Recorded { times, has_begun: false }))
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
    let time = Time::Real { begin: std::time::Instant::now() };
    Ok((format!("Person Sensor on {path}"), Kind::Real(sensor.release()), time))
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
    use std::time::Instant;

    use super::*;

    /// The times of a recording, read as fast as life, and how long it took.
    fn read_in_real_time(name: &str, stamps: [&str; 2]) -> (Vec<Duration>, Duration) {
        let file = std::env::temp_dir().join(format!("mlsensor-{}-{name}", std::process::id()));
        std::fs::write(&file, stamps.map(|stamp| format!("{stamp} 00\n")).concat()).unwrap();
        let replay = Some(file.clone());
        let args = SourceArgs {
            scenario: String::new(),
            seed: None,
            realtime: true,
            bus: None,
            replay,
            every: Some(100),
        };
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
