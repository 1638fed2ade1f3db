//! Exceptions: they are classes of `mlsensor._errors`, and each has four parts.

use mlsensor::PacketError;
use mlsensor::person_sensor::PACKET_LEN;
use mlsensor_host::Report;
use mlsensor_host::linux::LinuxErrorKind;
use mlsensor_host::mux::MuxError;
use mlsensor_host::source::{AnyBusError, SourceError};
use mlsensor_host::supervisor::RetryHint;
use pyo3::prelude::*;

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

/// It is closed.
pub(crate) fn closed() -> PyErr {
    classes::ClosedError::new_err((
        "the sensor is closed",
        "it is used after close(), or after the `with` in which it was opened",
        "python3 -c 'import mlsensor; help(mlsensor.PersonSensor)'",
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
        "bits were lost on the way, or another part has the address of the sensor",
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

/// A source cannot be opened, or there is no sensor on it.
pub(crate) fn source(error: &SourceError) -> PyErr {
    let report = error.report();
    match error {
        SourceError::File(_) => refused(report),
        SourceError::Bus(error) if error.kind() == LinuxErrorKind::NoSuchBus => {
            let run = format!(
                "{}    (or, without a sensor: MLSENSOR_BUS=sim:walk_up python3 your_program.py)",
                report.run
            );
            not_found(Report { run, ..report }, error.errno())
        }
        SourceError::Bus(error) => bus(report, error.errno()),
        SourceError::Silent { error: AnyBusError::Real(error), .. } => not_found(report, error.errno()),
        _ => not_found(report, None),
    }
}

/// A transfer on the bus of this name failed.
pub(crate) fn transfer(name: &str, error: &AnyBusError) -> PyErr {
    match error {
        AnyBusError::Real(error) => bus(error.report(), error.errno()),
        AnyBusError::Stopped => closed(),
        error => bus(
            Report {
                what: format!("{name}: {error}"),
                likely: "so it is in this scene or recording".to_owned(),
                run: format!("mlsensor read {}", mlsensor_host::source::quoted(name)),
                code: "MLSENSOR-BUS".to_owned(),
            },
            None,
        ),
    }
}

/// A transfer through a multiplexer failed.
pub(crate) fn mux(name: &str, error: &MuxError<AnyBusError>) -> PyErr {
    match error {
        MuxError::Bus(error) => transfer(name, error),
        error => bus(
            Report {
                what: format!("{name}: {error}"),
                likely: "the multiplexer does not answer, was reset, or somebody else switches it".to_owned(),
                run: "i2cdetect -y -r 1 0x70 0x77".to_owned(),
                code: "MLSENSOR-MUX".to_owned(),
            },
            RetryHint::errno(error),
        ),
    }
}
