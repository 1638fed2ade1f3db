//! What a session asks of a bus.

use std::io;
use std::time::Duration;

use embedded_hal::i2c::{self, I2c};
use mlsensor::Error;

use crate::mux::{Channel, MuxError};
use crate::recording::Recorder;
use crate::source::{AnyBus, AnyBusError};
use crate::supervisor::RetryHint;

/// A bus that a [`Session`](super::Session) can read: one that can be opened anew, and may end.
pub trait SessionBus: I2c<Error: RetryHint + Clone> {
    /// Opens it anew, if it is one of the system.
    ///
    /// # Errors
    /// If it cannot be opened.
    fn reopen(&mut self) -> Result<(), Self::Error>;

    /// Whether it is open. One that is not is opened before anything goes over it.
    fn is_open(&self) -> bool {
        true
    }

    /// The error of the bus of a source, if it is one.
    fn source_error(error: &Self::Error) -> Option<&AnyBusError>;

    /// Whether it is this error of the bus of a source.
    fn is(error: &Error<Self::Error>, other: &AnyBusError) -> bool {
        matches!(error, Error::I2c(error) if Self::source_error(error) == Some(other))
    }
}

impl SessionBus for AnyBus {
    fn reopen(&mut self) -> Result<(), AnyBusError> {
        AnyBus::reopen(self)
    }

    fn is_open(&self) -> bool {
        AnyBus::is_open(self)
    }

    fn source_error(error: &AnyBusError) -> Option<&AnyBusError> {
        Some(error)
    }
}

impl<B: SessionBus, C: FnMut() -> Duration, W: io::Write> SessionBus for Recorder<B, C, W> {
    fn reopen(&mut self) -> Result<(), B::Error> {
        self.bus_mut().reopen()
    }

    fn is_open(&self) -> bool {
        self.bus().is_open()
    }

    fn source_error(error: &B::Error) -> Option<&AnyBusError> {
        B::source_error(error)
    }
}

impl<B: SessionBus> SessionBus for Channel<B>
where
    MuxError<B::Error>: RetryHint + Clone + i2c::Error,
{
    fn reopen(&mut self) -> Result<(), Self::Error> {
        self.with_bus(B::reopen).map_err(MuxError::Bus)
    }

    fn source_error(error: &Self::Error) -> Option<&AnyBusError> {
        match error {
            MuxError::Bus(error) => B::source_error(error),
            _ => None,
        }
    }
}
