//! What went wrong with a sensor, as an exception.

use mlsensor::Error;
use mlsensor_host::mux::MuxError;
use mlsensor_host::source::SourceError;
use pyo3::prelude::*;

use super::bus::AnyI2cError;
use crate::errors;

/// It failed, though a sensor is there.
pub(crate) fn of_sensor(name: &str, error: &Error<AnyI2cError>) -> PyErr {
    match error {
        Error::I2c(AnyI2cError::Wire(error)) => errors::transfer(name, error),
        Error::I2c(AnyI2cError::Channel(error)) => errors::mux(name, error),
        Error::Packet(error) => errors::packet(*error),
    }
}

/// There is no sensor, or none any more.
pub(crate) fn absent(name: &str, error: &Error<AnyI2cError>) -> PyErr {
    match error {
        Error::Packet(error) => {
            errors::source(&SourceError::NotAPersonSensor { bus: name.to_owned(), error: *error })
        }
        Error::I2c(AnyI2cError::Wire(error) | AnyI2cError::Channel(MuxError::Bus(error))) => {
            errors::silent(name, error)
        }
        error => of_sensor(name, error),
    }
}
