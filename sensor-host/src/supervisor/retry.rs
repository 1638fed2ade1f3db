//! Whether it helps to try again: what an error of a bus knows of that.

use embedded_hal::i2c::{Error as _, ErrorKind};
use mlsensor::PacketError;
use mlsensor_sim::{FaultError, ReplayError, SimBusError};

use crate::Report;
use crate::linux::LinuxError;
pub(super) use crate::linux::Retry;
use crate::source::AnyBusError;

/// About as long as the sensor takes for a result.
const NEXT_RESULT: Retry = Retry::AfterMs(140);

/// What an error of this kind says, where nothing more is known.
#[must_use]
pub const fn retry_of_kind(kind: ErrorKind) -> Retry {
    match kind {
        ErrorKind::ArbitrationLoss | ErrorKind::Bus | ErrorKind::Overrun => Retry::Now,
        _ => NEXT_RESULT,
    }
}

/// What a refused packet says: bits that were lost on the way are lost once, content that makes no sense comes again.
#[must_use]
pub const fn retry_of_packet(error: &PacketError) -> Retry {
    match error {
        PacketError::Checksum { .. } => Retry::Now,
        _ => NEXT_RESULT,
    }
}

/// What the errors of a bus, and of opening it, tell a [`Supervisor`](super::Supervisor) besides their kind.
pub trait RetryHint: core::fmt::Debug {
    /// What may help.
    fn retry(&self) -> Retry;

    /// What the operating system calls it, if it was the operating system.
    fn errno(&self) -> Option<i32> {
        None
    }

    /// What it is, for people.
    fn text(&self) -> String {
        format!("{self:?}")
    }

    /// The path of the bus, if it is one of the operating system.
    fn bus(&self) -> Option<&str> {
        None
    }

    /// The same for a person, in four parts.
    fn report(&self) -> Report {
        Report {
            what: self.text(),
            likely:
                "so it is in this simulation or recording, or on a bus of another make: nothing more is known"
                    .to_owned(),
            run: "mlsensor probe".to_owned(),
            code: "MLSENSOR-BUS".to_owned(),
        }
    }
}

/// A bus that is always there.
impl RetryHint for core::convert::Infallible {
    fn retry(&self) -> Retry {
        match *self {}
    }
}

impl RetryHint for ErrorKind {
    fn retry(&self) -> Retry {
        retry_of_kind(*self)
    }

    fn text(&self) -> String {
        self.to_string()
    }
}

impl RetryHint for SimBusError {
    fn retry(&self) -> Retry {
        match self {
            // Only who opens the bus can free it.
            SimBusError::DataLineLow => Retry::Reopen,
            error => retry_of_kind(error.kind()),
        }
    }

    fn text(&self) -> String {
        self.to_string()
    }
}

impl<E: RetryHint + embedded_hal::i2c::Error> RetryHint for FaultError<E> {
    fn retry(&self) -> Retry {
        match self {
            FaultError::Bus(error) => error.retry(),
            _ => retry_of_kind(self.kind()),
        }
    }

    fn errno(&self) -> Option<i32> {
        match self {
            FaultError::Bus(error) => error.errno(),
            _ => None,
        }
    }

    fn text(&self) -> String {
        match self {
            FaultError::Bus(error) => error.text(),
            _ => format!("{} (injected)", self.kind()),
        }
    }

    fn bus(&self) -> Option<&str> {
        match self {
            FaultError::Bus(error) => error.bus(),
            _ => None,
        }
    }

    fn report(&self) -> Report {
        match self {
            FaultError::Bus(error) => error.report(),
            _ => Report {
                what: self.text(),
                likely: "the program injected it, or set a rate of faults".to_owned(),
                run: "mlsensor probe".to_owned(),
                code: "MLSENSOR-BUS".to_owned(),
            },
        }
    }
}

impl RetryHint for ReplayError {
    fn retry(&self) -> Retry {
        retry_of_kind(self.kind())
    }

    fn text(&self) -> String {
        self.to_string()
    }
}

impl RetryHint for LinuxError {
    fn bus(&self) -> Option<&str> {
        Some(LinuxError::bus(self))
    }

    fn report(&self) -> Report {
        LinuxError::report(self)
    }

    fn retry(&self) -> Retry {
        LinuxError::retry(self)
    }

    fn errno(&self) -> Option<i32> {
        LinuxError::errno(self)
    }

    fn text(&self) -> String {
        self.to_string()
    }
}

impl RetryHint for AnyBusError {
    fn bus(&self) -> Option<&str> {
        match self {
            AnyBusError::Real(error) => RetryHint::bus(error),
            _ => None,
        }
    }

    fn report(&self) -> Report {
        match self {
            AnyBusError::Real(error) => RetryHint::report(error),
            AnyBusError::Simulated(error) => error.report(),
            AnyBusError::Recorded(kind) => ReplayError::Recorded(*kind).report(),
            AnyBusError::Ended => ReplayError::Finished.report(),
            AnyBusError::Stopped => Report {
                what: self.text(),
                likely: "somebody wished it to end: Ctrl-C, or a signal".to_owned(),
                run: "mlsensor probe".to_owned(),
                code: "MLSENSOR-BUS".to_owned(),
            },
        }
    }

    fn retry(&self) -> Retry {
        match self {
            AnyBusError::Simulated(error) => error.retry(),
            error => AnyBusError::retry(error),
        }
    }

    fn errno(&self) -> Option<i32> {
        AnyBusError::errno(self)
    }

    fn text(&self) -> String {
        self.to_string()
    }
}
