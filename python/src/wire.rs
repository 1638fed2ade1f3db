//! What a sensor or a multiplexer of Python is wired to: the bus of a source, or a simulated bus with its faults.

use std::fmt;

use embedded_hal::i2c::{self, ErrorKind, I2c, Operation};
use mlsensor_host::Report;
use mlsensor_host::session::SessionBus;
use mlsensor_host::source::{AnyBus, AnyBusError, Stop};
use mlsensor_host::supervisor::{Retry, RetryHint};
use mlsensor_sim::{FaultError, FaultInjector, SimBus, SimBusError};

/// A bus.
pub(crate) enum Wire {
    /// That of a source.
    Source(AnyBus),
    /// A simulated bus of the program, through the faults that a test has set.
    Simulated(FaultInjector<SimBus>, Stop),
}

/// Why a transfer on it failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum WireError {
    Source(AnyBusError),
    Simulated(FaultError<SimBusError>),
}

impl fmt::Display for WireError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            WireError::Source(error) => error.fmt(f),
            // Its own words for what has failed without a fault are for developers.
            WireError::Simulated(FaultError::Bus(error)) => error.fmt(f),
            WireError::Simulated(error) => error.fmt(f),
        }
    }
}

impl i2c::Error for WireError {
    fn kind(&self) -> ErrorKind {
        match self {
            WireError::Source(error) => i2c::Error::kind(error),
            WireError::Simulated(error) => i2c::Error::kind(error),
        }
    }
}

impl RetryHint for WireError {
    fn retry(&self) -> Retry {
        match self {
            WireError::Source(error) => RetryHint::retry(error),
            WireError::Simulated(error) => RetryHint::retry(error),
        }
    }

    fn errno(&self) -> Option<i32> {
        match self {
            WireError::Source(error) => RetryHint::errno(error),
            WireError::Simulated(error) => RetryHint::errno(error),
        }
    }

    fn text(&self) -> String {
        self.to_string()
    }

    fn bus(&self) -> Option<&str> {
        match self {
            WireError::Source(error) => error.bus(),
            WireError::Simulated(error) => error.bus(),
        }
    }

    fn report(&self) -> Report {
        match self {
            WireError::Source(error) => error.report(),
            WireError::Simulated(error) => error.report(),
        }
    }
}

impl i2c::ErrorType for Wire {
    type Error = WireError;
}

impl I2c for Wire {
    fn transaction(&mut self, address: u8, operations: &mut [Operation<'_>]) -> Result<(), WireError> {
        match self {
            Wire::Source(bus) => bus.transaction(address, operations).map_err(WireError::Source),
            Wire::Simulated(_, stop) if stop.is_requested() => Err(WireError::Source(AnyBusError::Stopped)),
            Wire::Simulated(bus, _) => bus.transaction(address, operations).map_err(WireError::Simulated),
        }
    }
}

impl SessionBus for Wire {
    fn reopen(&mut self) -> Result<(), WireError> {
        match self {
            Wire::Source(bus) => bus.reopen().map_err(WireError::Source),
            Wire::Simulated(..) => Ok(()),
        }
    }

    fn is_open(&self) -> bool {
        match self {
            Wire::Source(bus) => bus.is_open(),
            Wire::Simulated(..) => true,
        }
    }

    fn source_error(error: &WireError) -> Option<&AnyBusError> {
        match error {
            WireError::Source(error) => Some(error),
            WireError::Simulated(_) => None,
        }
    }
}
