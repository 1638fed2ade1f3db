//! Reads a source: when a reading is due, what came of it, and settings that a sensor has lost.

use std::time::Duration;

use clap::Args;
use mlsensor::behavior::Direction;
use mlsensor::{Config, Error, Faces, PersonSensor};
use mlsensor_example_rules::settings::Settings;
use mlsensor_host::Report;
use mlsensor_host::linux::Retry;
use mlsensor_host::report::say;
use mlsensor_host::source::{AnyBus, AnyBusError, Clock, Opening, SourceName, Stop, shipped_scenarios};
use mlsensor_sim::{Attached, SimSensor};

use crate::pace::Pace;
use crate::reading::{Reading, Trouble, Turn};

/// The options that say where readings come from.
#[derive(Debug, Args)]
pub(crate) struct SourceArgs {
    #[arg(default_value_t, help = source_help())]
    pub(crate) source: SourceName,
    /// Let chance fall otherwise than the scene says
    #[arg(long, value_name = "N")]
    pub(crate) seed: Option<u64>,
    /// Let time pass as real time does, instead of at once
    #[arg(long)]
    pub(crate) realtime: bool,
    /// Read this often, in milliseconds, instead of just after each inference
    #[arg(long, value_name = "MS", value_parser = clap::value_parser!(u64).range(10..=500))]
    pub(crate) every: Option<u64>,
}

/// What an option is for: its name, whether it is for this source, and what is said if not.
type Fits = (&'static str, fn(&SourceName) -> bool, &'static str);

/// The options that are not for every source, those of single programs too.
pub(crate) const FITS: [Fits; 5] = [
    ("seed", |source| !source.is_bus() && !source.is_recorded(), "chance falls in a simulated scene alone"),
    ("realtime", |source| !source.is_bus(), "time on a bus is real already"),
    ("every", |source| !source.is_recorded(), "the readings of a recording were made when they were made"),
    ("enrol", |source| !source.is_recorded(), "a recording learns nobody"),
    ("erase", |source| !source.is_recorded(), "a recording forgets nobody"),
];

fn source_help() -> String {
    format!(
        "A bus by its path or number (/dev/i2c-1, or 1 for short); sim:SCENE, a simulated one: {}, or a file; or \
         replay:FILE, recorded packets: a line each, seconds and then bytes in hexadecimal",
        shipped_scenarios()
    )
}

/// A sensor to read from, whatever it is made of.
pub(crate) struct Reader {
    /// What it is, for the first line of a transcript.
    pub(crate) about: String,
    pub(crate) sensor: PersonSensor<AnyBus>,
    pub(crate) clock: Clock,
    pace: Pace,
    /// The simulated sensor, if it is one.
    sim: Option<Attached<SimSensor>>,
    config: Config,
    name: SourceName,
    opening: Opening,
    /// What was opened is of no use any more: an adapter on USB that was unplugged.
    must_be_opened: bool,
    settings: Settings,
}

impl Reader {
    /// Opens what the options name, and sets the sensor. Waiting ends when `stop` is requested.
    ///
    /// # Errors
    /// A report in four parts.
    pub(crate) fn open(args: &SourceArgs, config: Config, stop: Stop) -> Result<Reader, Report> {
        let opening = Opening::default().with_seed(args.seed).with_stop(stop);
        let opening = opening.with_speed(args.realtime.then_some(1.0));
        let mut source = args.source.open(&opening)?;
        for remark in &source.remarks {
            say(format_args!("note: {remark}"));
        }
        source.prepare(&config)?;
        let mut settings = Settings::default();
        settings.applied();
        Ok(Reader {
            about: source.about,
            sensor: PersonSensor::new(source.bus),
            clock: source.clock,
            pace: Pace::new(args.every.map(Duration::from_millis)),
            sim: source.sim,
            config,
            name: source.name,
            opening,
            must_be_opened: false,
            settings,
        })
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
        let faces = self.read()?;
        let ended = self.clock.now();
        self.pace.read_done(begun, ended, faces.as_ref().ok());
        self.clock.reading_done();
        self.keep_settings(ended, faces.is_ok());
        // A real bus may hang and hold a reading up: it is as late as its end.
        let at = if self.clock.is_real() { ended } else { begun };
        Some(Turn::Reading(Reading { at, faces }))
    }

    /// One attempt; `None` when the recording has ended.
    fn read(&mut self) -> Option<Result<Faces, Trouble>> {
        if self.must_be_opened {
            match self.name.open(&self.opening) {
                Ok(source) => self.sensor = PersonSensor::new(source.bus),
                Err(error) => return Some(Err(Trouble::Bus(error.to_string()))),
            }
            self.must_be_opened = false;
            self.settings.lost();
        }
        Some(match self.sensor.read() {
            Err(Error::I2c(AnyBusError::Ended)) => return None,
            Err(Error::I2c(error)) => {
                self.must_be_opened =
                    self.clock.is_real() && matches!(error.retry(), Retry::Reopen | Retry::Never);
                Err(Trouble::Bus(error.to_string()))
            }
            Err(Error::Packet(error)) => Err(Trouble::Packet(error)),
            Ok(faces) => Ok(faces),
        })
    }

    /// Sets a real sensor again that comes back. It has just proved to be one, so it is written to.
    fn keep_settings(&mut self, now: Duration, is_reading: bool) {
        if self.settings.are_due(now, is_reading)
            && (!self.clock.is_real() || self.sensor.configure(&self.config).is_ok())
        {
            self.settings.applied();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;

    /// The times of a recording, read as fast as life, and how long it took.
    fn read_in_real_time(name: &str, stamps: [&str; 2]) -> (Vec<Duration>, Duration) {
        let file = std::env::temp_dir().join(format!("mlsensor-{}-{name}", std::process::id()));
        std::fs::write(&file, stamps.map(|stamp| format!("{stamp} 00\n")).concat()).unwrap();
        let source = SourceName::Recorded(file.display().to_string());
        let args = SourceArgs { source, seed: None, realtime: true, every: Some(100) };
        let stop = Stop::new();
        let mut reader = Reader::open(&args, Config::default(), stop.clone()).unwrap();
        std::fs::remove_file(file).unwrap();
        let (sender, receiver) = std::sync::mpsc::channel();
        let begin = Instant::now();
        let reading = std::thread::spawn(move || {
            while let Some(Turn::Reading(reading)) = reader.next(None) {
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
