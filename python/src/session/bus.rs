//! One type for every bus that a sensor of Python can be on.

use std::fmt;

use embedded_hal::i2c::{self, ErrorKind, I2c, Operation};
use mlsensor_host::Report;
use mlsensor_host::mux::{Channel, MuxError};
use mlsensor_host::session::SessionBus;
use mlsensor_host::source::AnyBusError;
use mlsensor_host::supervisor::{Retry, RetryHint};

use crate::wire::{Wire, WireError};

/// A bus, or a channel of a multiplexer on one.
pub(crate) enum AnyI2c {
    Wire(Wire),
    Channel(Channel<Wire>),
}

/// Why a transfer on it failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum AnyI2cError {
    Wire(WireError),
    Channel(MuxError<WireError>),
}

impl fmt::Display for AnyI2cError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text())
    }
}

impl i2c::Error for AnyI2cError {
    fn kind(&self) -> ErrorKind {
        match self {
            AnyI2cError::Wire(error) => i2c::Error::kind(error),
            AnyI2cError::Channel(error) => i2c::Error::kind(error),
        }
    }
}

impl RetryHint for AnyI2cError {
    fn retry(&self) -> Retry {
        match self {
            AnyI2cError::Wire(error) => RetryHint::retry(error),
            AnyI2cError::Channel(error) => RetryHint::retry(error),
        }
    }

    fn errno(&self) -> Option<i32> {
        match self {
            AnyI2cError::Wire(error) => RetryHint::errno(error),
            AnyI2cError::Channel(error) => RetryHint::errno(error),
        }
    }

    fn text(&self) -> String {
        match self {
            AnyI2cError::Wire(error) => RetryHint::text(error),
            AnyI2cError::Channel(error) => RetryHint::text(error),
        }
    }

    fn bus(&self) -> Option<&str> {
        match self {
            AnyI2cError::Wire(error) => error.bus(),
            AnyI2cError::Channel(error) => error.bus(),
        }
    }

    fn report(&self) -> Report {
        match self {
            AnyI2cError::Wire(error) => error.report(),
            AnyI2cError::Channel(error) => error.report(),
        }
    }
}

impl i2c::ErrorType for AnyI2c {
    type Error = AnyI2cError;
}

impl I2c for AnyI2c {
    fn transaction(&mut self, address: u8, operations: &mut [Operation<'_>]) -> Result<(), AnyI2cError> {
        match self {
            AnyI2c::Wire(bus) => bus.transaction(address, operations).map_err(AnyI2cError::Wire),
            AnyI2c::Channel(bus) => bus.transaction(address, operations).map_err(AnyI2cError::Channel),
        }
    }
}

impl SessionBus for AnyI2c {
    fn reopen(&mut self) -> Result<(), AnyI2cError> {
        match self {
            AnyI2c::Wire(bus) => bus.reopen().map_err(AnyI2cError::Wire),
            AnyI2c::Channel(bus) => SessionBus::reopen(bus).map_err(AnyI2cError::Channel),
        }
    }

    fn is_open(&self) -> bool {
        match self {
            AnyI2c::Wire(bus) => SessionBus::is_open(bus),
            AnyI2c::Channel(bus) => SessionBus::is_open(bus),
        }
    }

    fn source_error(error: &AnyI2cError) -> Option<&AnyBusError> {
        match error {
            AnyI2cError::Wire(error) => Wire::source_error(error),
            AnyI2cError::Channel(error) => Channel::<Wire>::source_error(error),
        }
    }
}
