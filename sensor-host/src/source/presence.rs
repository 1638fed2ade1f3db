//! One type for every presence pin.

use std::fmt;

use embedded_hal::digital::{self, InputPin};
use mlsensor_sim::{SimPin, SimPinError};

#[cfg(target_os = "linux")]
use crate::linux::{GpioError, GpioInput};

/// The presence pin of a simulated sensor, or a GPIO line that is wired to one: for
/// [`mlsensor::PresencePin`].
#[derive(Debug)]
#[non_exhaustive]
pub enum AnyPin {
    /// The pin of the simulated sensor.
    Simulated(SimPin),
    /// A GPIO line of the system.
    #[cfg(target_os = "linux")]
    Line(GpioInput),
}

/// Why a pin cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum AnyPinError {
    /// A wait for the simulated pin will not end.
    Simulated(SimPinError),
    /// A GPIO line fails.
    #[cfg(target_os = "linux")]
    Line(GpioError),
}

impl fmt::Display for AnyPinError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            AnyPinError::Simulated(error) => error.fmt(f),
            #[cfg(target_os = "linux")]
            AnyPinError::Line(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for AnyPinError {}

impl digital::Error for AnyPinError {
    fn kind(&self) -> digital::ErrorKind {
        digital::ErrorKind::Other
    }
}

impl digital::ErrorType for AnyPin {
    type Error = AnyPinError;
}

impl InputPin for AnyPin {
    fn is_high(&mut self) -> Result<bool, AnyPinError> {
        match self {
            AnyPin::Simulated(pin) => pin.is_high().map_err(AnyPinError::Simulated),
            #[cfg(target_os = "linux")]
            AnyPin::Line(pin) => pin.is_high().map_err(AnyPinError::Line),
        }
    }

    fn is_low(&mut self) -> Result<bool, AnyPinError> {
        self.is_high().map(|is_high| !is_high)
    }
}
