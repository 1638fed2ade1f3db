//! What goes wrong on the way, and how a program goes on: what both programs for the scene `scenes/faults.toml` share. In it
//! somebody is there all the time. A failure is told apart by its type, is no reading, and never "nobody"; what was silent
//! for a second may have lost its settings, and gets them again with its first answer.

use core::fmt;
use core::time::Duration;

use embedded_hal::i2c::{Error as _, ErrorKind};
use mlsensor::behavior::Cadence;
use mlsensor::{Error, Faces, PacketError};
use mlsensor_example_rules::counts::Counts;
use mlsensor_example_rules::line::Line;
use mlsensor_example_rules::settings::Settings;

use crate::print::{print, print_with};
use crate::{Host, HostError};

/// A sensor that has known somebody for a while and then nobody for so long may have restarted without a silence.
const MAY_HAVE_FORGOTTEN: Duration = Duration::from_secs(2);

/// Before its first inference a sensor gives a packet without faces, which says nothing: one takes 140 to 265 ms.
const FIRST_RESULT: Duration = Duration::from_millis(500);

/// What is wrong with the run.
#[derive(Debug)]
pub enum Failed {
    /// The host is gone.
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

/// A run, from the start of the scene to its end: when to read, when to write, and the transcript.
pub struct Faults<'a> {
    host: &'a Host,
    cadence: Cadence,
    counts: Counts,
    /// When the reading that is due began.
    begun: Duration,
    /// The kind of the reading before.
    shown: &'static str,
    settings: Settings,
    is_to_be_set: bool,
    known_at: Option<Duration>,
    /// When the sensor was last set.
    set_at: Option<Duration>,
    has_labelled: bool,
}

impl<'a> Faults<'a> {
    /// Nothing was read yet.
    #[must_use]
    pub fn new(host: &'a Host) -> Faults<'a> {
        Faults {
            host,
            cadence: Cadence::default(),
            counts: Counts::default(),
            begun: Duration::ZERO,
            shown: "",
            settings: Settings::default(),
            is_to_be_set: true,
            known_at: None,
            set_at: None,
            has_labelled: false,
        }
    }

    /// Waits until a reading is due; false at the end of the scene.
    ///
    /// # Errors
    /// If the host is gone.
    pub fn is_due(&mut self) -> Result<bool, HostError> {
        let is_in_scene = self.host.wait_until(self.cadence.next_read())?;
        self.begun = self.host.now()?;
        Ok(is_in_scene)
    }

    /// What came of the reading that was due. The settings may be lost after a silence, or if the sensor has ceased to do
    /// what it was set to.
    pub fn reading(&mut self, reading: &Result<Faces, Error<HostError>>) {
        let at = self.begun;
        self.cadence.read_done(at, reading.as_ref().ok());
        self.counts.add(reading);
        if kind(reading) == "known" {
            self.known_at = Some(at);
        }
        if self.known_at.is_some_and(|known| at.saturating_sub(known) >= MAY_HAVE_FORGOTTEN) {
            self.settings.lost();
        }
        self.is_to_be_set = self.settings.are_due(at, reading.is_ok());
    }

    /// Whether the settings are to be written, now that the sensor has answered.
    #[must_use]
    pub fn is_to_be_set(&self) -> bool {
        self.is_to_be_set
    }

    /// The settings were written.
    pub fn was_set(&mut self) {
        self.settings.applied();
        (self.set_at, self.known_at) = (Some(self.begun), None);
        print(Line::new(self.begun, "set").why("all settings written"));
    }

    /// Whether a label is to be given, now that the sensor has answered.
    #[must_use]
    pub fn is_to_be_labelled(&self) -> bool {
        !self.has_labelled
    }

    /// The label was asked for.
    pub fn was_labelled(&mut self) {
        self.has_labelled = true;
    }

    /// Prints a reading of another kind than the one before.
    ///
    /// # Errors
    /// If somebody was taken for nobody.
    pub fn show(&mut self, reading: &Result<Faces, Error<HostError>>) -> Result<(), Failed> {
        let is_too_early = self.set_at.is_none_or(|set| self.begun.saturating_sub(set) < FIRST_RESULT);
        let kind = match kind(reading) {
            "nobody" if is_too_early => "no result",
            kind => kind,
        };
        if kind != self.shown {
            self.shown = kind;
            print_with(Line::new(self.begun, kind), reading);
        }
        if kind == "nobody" { Err(Failed::Nobody) } else { Ok(()) }
    }

    /// Prints the end.
    pub fn end(self) {
        print(Line::new(self.host.end(), "end").value("of", &self.counts));
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
