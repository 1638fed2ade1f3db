//! Why there is no reading: the error, what was being done, and what to make of it.

use std::fmt;

use embedded_hal::i2c::{self, ErrorKind};
use mlsensor::{Error, PacketError};
use serde::Serialize;

use super::retry::{Retry, RetryHint, retry_of_packet};
use crate::{Report, identify};

/// What a supervisor does with a sensor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Doing {
    /// Opening the bus.
    Opening,
    /// Reading, to find out whether it is a Person Sensor that answers.
    Probing,
    /// Writing the settings.
    Configuring,
    /// Reading.
    Reading,
}

/// What went wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Cause {
    /// The bus could not be opened.
    NotOpened {
        /// What the operating system calls it, if it was that.
        errno: Option<i32>,
        /// The error, for people.
        text: String,
        /// The same in four parts.
        report: Box<Report>,
    },
    /// A transfer failed.
    Bus {
        /// What kind of failure it was.
        kind: ErrorKind,
        /// What may help.
        retry: Retry,
        /// What the operating system calls it, if it was that.
        errno: Option<i32>,
        /// The error, for people.
        text: String,
        /// The same in four parts.
        report: Box<Report>,
    },
    /// What came was refused: it is no packet of a Person Sensor.
    Packet(PacketError),
}

impl Cause {
    /// A bus that could not be opened.
    pub(crate) fn not_opened(error: &impl RetryHint) -> Cause {
        Cause::NotOpened { errno: error.errno(), text: error.text(), report: Box::new(error.report()) }
    }

    /// An action without an open bus: an opener that has panicked.
    pub(crate) fn not_open() -> Cause {
        let what = "the bus is not open";
        let report = Report {
            what: what.to_owned(),
            likely: "the program failed while it opened it".to_owned(),
            run: "mlsensor probe".to_owned(),
            code: "MLSENSOR-BUS".to_owned(),
        };
        Cause::NotOpened { errno: None, text: what.to_owned(), report: Box::new(report) }
    }

    /// The same, of opening.
    pub(crate) fn of_opening(self) -> Cause {
        match self {
            Cause::Bus { errno, text, report, .. } => Cause::NotOpened { errno, text, report },
            cause => cause,
        }
    }

    /// What is to be told to a person.
    #[must_use]
    pub fn report(&self) -> Report {
        match self {
            Cause::NotOpened { report, .. } | Cause::Bus { report, .. } => Report::clone(report),
            Cause::Packet(error) => Report {
                what: error.to_string(),
                likely: identify::likely(error).to_owned(),
                run: "mlsensor probe".to_owned(),
                code: "MLSENSOR-PACKET".to_owned(),
            },
        }
    }

    /// What may help.
    #[must_use]
    pub fn retry(&self) -> Retry {
        match self {
            Cause::NotOpened { .. } => Retry::Reopen,
            Cause::Bus { retry, .. } => *retry,
            Cause::Packet(error) => retry_of_packet(error),
        }
    }

    /// What the operating system calls it, if it was that.
    #[must_use]
    pub const fn errno(&self) -> Option<i32> {
        match self {
            Cause::NotOpened { errno, .. } | Cause::Bus { errno, .. } => *errno,
            Cause::Packet(_) => None,
        }
    }
}

impl<E: i2c::Error + RetryHint> From<Error<E>> for Cause {
    fn from(error: Error<E>) -> Cause {
        match error {
            Error::I2c(error) => Cause::Bus {
                kind: error.kind(),
                retry: error.retry(),
                errno: error.errno(),
                text: error.text(),
                report: Box::new(error.report()),
            },
            Error::Packet(error) => Cause::Packet(error),
        }
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Cause::NotOpened { text, .. } | Cause::Bus { text, .. } => f.write_str(text),
            Cause::Packet(error) => error.fmt(f),
        }
    }
}

/// As its text.
impl Serialize for Cause {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// What went wrong, and with what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Trouble {
    /// What was being done.
    pub doing: Doing,
    /// The error.
    pub cause: Cause,
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let doing = match self.doing {
            Doing::Opening => "opening",
            Doing::Probing => "probing",
            Doing::Configuring => "configuring",
            Doing::Reading => "reading",
        };
        write!(f, "{doing}: {}", self.cause)
    }
}
