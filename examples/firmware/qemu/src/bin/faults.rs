//! What goes wrong on the way, and how a program goes on: for the scene `scenes/faults.toml`, in which somebody is there all
//! the time, and faults of the bus. A failure is told apart by its type, is no reading, and never "nobody"; what was silent
//! for a second may have lost its settings, and gets them again with its first answer.

#![no_std]
#![no_main]

use core::fmt;
use core::time::Duration;

use embedded_hal::i2c::{Error as _, ErrorKind};
use mlsensor::behavior::Cadence;
use mlsensor::{Config, Error, Faces, PacketError, PersonId, PersonSensor};
use mlsensor_bridge::RemoteI2c;
use mlsensor_example_rules::line::Line;
use mlsensor_firmware_qemu::{Counts, Files, HostError, connect, end, entry, print, print_with};

/// The program's settings. Recognition shows that they are in force: only with it is somebody known.
const CONFIG: Config = Config::POWER_ON.with_id_enabled(true).with_led(false);

/// A sensor that was silent for so long may have been without power.
const MAY_HAVE_RESTARTED: Duration = Duration::from_secs(1);

/// A sensor that has known somebody for a while and then nobody for so long may have restarted without a silence.
const MAY_HAVE_FORGOTTEN: Duration = Duration::from_secs(2);

/// Before its first inference a sensor gives a packet without faces, which says nothing: one takes 140 to 265 ms.
const FIRST_RESULT: Duration = Duration::from_millis(500);

#[entry]
fn main() -> ! {
    end(drive())
}

fn drive() -> Result<(), Failed> {
    let host = connect()?;
    let mut sensor = PersonSensor::new(host.i2c());
    let mut cadence = Cadence::default();
    let mut program = Program::default();
    let mut counts = Counts::default();
    while host.wait_until(cadence.next_read())? {
        let begun = host.now()?;
        let reading = sensor.read();
        cadence.read_done(begun, reading.as_ref().ok());
        counts.add(&reading);
        program.doubt_settings(begun, &reading);
        program.keep_settings(begun, reading.is_ok(), &mut sensor);
        program.show(begun, &reading)?;
    }
    print(Line::new(host.end(), "end").value("of", &counts));
    Ok(())
}

/// What is wrong with the run.
#[derive(Debug)]
enum Failed {
    Host(HostError),
    /// A result without faces, with somebody there and a sensor that has had the time to see them.
    Nobody,
}

impl From<HostError> for Failed {
    fn from(error: HostError) -> Failed {
        Failed::Host(error)
    }
}

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failed::Host(error) => write!(f, "{error}"),
            Failed::Nobody => f.write_str("somebody is there, and was taken for nobody"),
        }
    }
}

#[derive(Default)]
struct Program {
    /// The kind of the reading before.
    shown: &'static str,
    silent_since: Option<Duration>,
    known_at: Option<Duration>,
    /// When the sensor was set; not yet, or not since it may have restarted: it is to be.
    set_at: Option<Duration>,
    has_labelled: bool,
}

impl Program {
    /// Whether the settings may be lost: after a silence, or if the sensor has ceased to do what it was set to.
    fn doubt_settings(&mut self, at: Duration, reading: &Result<Faces, Error<HostError>>) {
        match kind(reading) {
            "known" => (self.silent_since, self.known_at) = (None, Some(at)),
            "seen" | "nobody" => self.silent_since = None,
            _ => drop(self.silent_since.get_or_insert(at)),
        }
        let lasts =
            |since: Option<Duration>, long| since.is_some_and(|since| at.saturating_sub(since) >= long);
        if lasts(self.silent_since, MAY_HAVE_RESTARTED) || lasts(self.known_at, MAY_HAVE_FORGOTTEN) {
            (self.set_at, self.known_at) = (None, None);
        }
    }

    /// Only what has just proved to be a Person Sensor is written to. A write that fails is made again after the next
    /// reading.
    fn keep_settings(
        &mut self,
        at: Duration,
        is_reading: bool,
        sensor: &mut PersonSensor<RemoteI2c<'_, Files>>,
    ) {
        if is_reading && self.set_at.is_none() && sensor.configure(&CONFIG).is_ok() {
            self.set_at = Some(at);
            print(Line::new(at, "set").why("all settings written"));
        }
        if is_reading && !self.has_labelled {
            self.has_labelled = sensor.label_next_id(PersonId::ALL[0]).is_ok();
        }
    }

    /// Prints a reading of another kind than the one before.
    fn show(&mut self, at: Duration, reading: &Result<Faces, Error<HostError>>) -> Result<(), Failed> {
        let is_too_early = self.set_at.is_none_or(|set| at.saturating_sub(set) < FIRST_RESULT);
        let kind = match kind(reading) {
            "nobody" if is_too_early => "no result",
            kind => kind,
        };
        if kind != self.shown {
            self.shown = kind;
            print_with(Line::new(at, kind), reading);
        }
        if kind == "nobody" { Err(Failed::Nobody) } else { Ok(()) }
    }
}

/// A reading in a word; each kind of failure is one of its own.
fn kind(reading: &Result<Faces, Error<HostError>>) -> &'static str {
    match reading {
        Ok(faces) if faces.is_empty() => "nobody",
        Ok(faces) if faces.iter().any(|face| face.identity().is_some()) => "known",
        Ok(_) => "seen",
        Err(Error::I2c(error)) => match error.kind() {
            ErrorKind::NoAcknowledge(_) => "nack",
            _ => "bus",
        },
        Err(Error::Packet(PacketError::UndrivenBus)) => "all ones",
        Err(Error::Packet(PacketError::Checksum { .. })) => "checksum",
        Err(Error::Packet(_)) => "refused",
    }
}
