//! What went wrong with a sensor, as an exception.

use mlsensor::Error;
use mlsensor_host::mux::MuxError;
use mlsensor_host::source::{AnyBusError, SourceError};
use pyo3::prelude::*;

use super::bus::AnyI2cError;
use crate::errors;

/// It failed, though a sensor is there.
pub(crate) fn of_sensor(name: &str, error: &Error<AnyI2cError>) -> PyErr {
    match error {
        Error::I2c(AnyI2cError::Source(error)) => errors::transfer(name, error),
        Error::I2c(AnyI2cError::Channel(error)) => errors::channel(name, error),
        Error::I2c(AnyI2cError::Simulated(error)) => errors::simulated(name, error),
        Error::Packet(error) => errors::packet(*error),
    }
}

/// There is no sensor, or none any more.
pub(crate) fn absent(name: &str, error: &Error<AnyI2cError>) -> PyErr {
    let bus = name.to_owned();
    match error {
        Error::Packet(error) => errors::source(&SourceError::NotAPersonSensor { bus, error: *error }),
        Error::I2c(AnyI2cError::Source(error @ AnyBusError::Real(_)))
        | Error::I2c(AnyI2cError::Channel(MuxError::Bus(error @ AnyBusError::Real(_)))) => {
            errors::source(&SourceError::Silent { bus, error: error.clone() })
        }
        error => of_sensor(name, error),
    }
}
