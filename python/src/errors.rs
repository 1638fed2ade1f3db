//! Exceptions: they are classes of `mlsensor._errors`, and each has four parts.

mod bus;
mod mux;
mod pin;

use mlsensor::PacketError;
use mlsensor::person_sensor::PACKET_LEN;
use mlsensor_host::{Report, identify};
use pyo3::prelude::*;

pub(crate) use bus::{silent, source, source_name, transfer};
pub(crate) use mux::{mux, no_such_channel};
pub(crate) use pin::{line, line_name};

mod classes {
    pyo3::import_exception!(mlsensor._errors, BusError);
    pyo3::import_exception!(mlsensor._errors, NotFoundError);
    pyo3::import_exception!(mlsensor._errors, PacketError);
    pyo3::import_exception!(mlsensor._errors, ConfigError);
    pyo3::import_exception!(mlsensor._errors, ClosedError);
}

/// Something was asked for that does not exist or is out of its range.
pub(crate) fn config(what: &str, likely: &str) -> PyErr {
    let report = Report {
        what: what.to_owned(),
        likely: likely.to_owned(),
        run: "python3 -c 'import mlsensor; help(mlsensor)'".to_owned(),
        code: "MLSENSOR-CONFIG".to_owned(),
    };
    refused(report)
}

/// The same, with a report of its own.
pub(crate) fn refused(Report { what, likely, run, code }: Report) -> PyErr {
    classes::ConfigError::new_err((what, likely, run, code))
}

/// The sensor is closed.
pub(crate) fn closed() -> PyErr {
    closed_one("sensor", "PersonSensor")
}

/// This thing, which is made by this class, is closed.
pub(crate) fn closed_one(thing: &str, class: &str) -> PyErr {
    classes::ClosedError::new_err((
        format!("the {thing} is closed"),
        "it is used after close(), or after the `with` in which it was opened",
        format!("python3 -c 'import mlsensor; help(mlsensor.{class})'"),
        "MLSENSOR-CLOSED",
    ))
}

/// A transfer failed, or a bus could not be opened.
pub(crate) fn bus(Report { what, likely, run, code }: Report, errno: Option<i32>) -> PyErr {
    classes::BusError::new_err((what, likely, run, code, errno))
}

/// There is no sensor.
pub(crate) fn not_found(Report { what, likely, run, code }: Report, errno: Option<i32>) -> PyErr {
    classes::NotFoundError::new_err((what, likely, run, code, errno))
}

/// A packet was refused.
pub(crate) fn packet(error: PacketError) -> PyErr {
    classes::PacketError::new_err((
        error.to_string(),
        identify::likely(&error),
        "mlsensor probe",
        "MLSENSOR-PACKET",
        error.rule(),
        error.offset(),
        error.value(),
    ))
}

/// What is to be a packet has another length: `place` is the first byte that is missing or too many, `value` the length.
pub(crate) fn packet_length(found: usize) -> PyErr {
    classes::PacketError::new_err((
        format!("{found} bytes, where a packet has {PACKET_LEN}"),
        "a read was cut short, or more than one packet was put together",
        "python3 -c 'import mlsensor; help(mlsensor.Faces.from_bytes)'",
        "MLSENSOR-PACKET",
        "length 39",
        found.min(PACKET_LEN),
        found,
    ))
}
