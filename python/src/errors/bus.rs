//! Sources and buses.

use mlsensor_host::Report;
use mlsensor_host::linux::{LinuxError, LinuxErrorKind};
use mlsensor_host::source::{AnyBusError, SourceError, SourceNameError, quoted};
use mlsensor_sim::{FaultError, SimBusError};
use pyo3::prelude::*;

use super::{bus, closed, not_found, packet, refused};

/// The package and its documentation of what can be opened.
const HELP: &str = "python3 -c 'import mlsensor; help(mlsensor.PersonSensor)'";

/// A word names no source.
pub(crate) fn source_name(error: &SourceNameError) -> PyErr {
    let report = error.report("mlsensor read");
    refused(report)
}

/// A source cannot be opened, or there is no sensor on it.
pub(crate) fn source(error: &SourceError) -> PyErr {
    let report = error.report();
    match error {
        SourceError::File(_) => refused(report),
        SourceError::Bus(error) => real(error, report),
        SourceError::Silent { error: AnyBusError::Real(error), .. } => real(error, report),
        SourceError::Silent { error: AnyBusError::Stopped, .. } => closed(),
        SourceError::Silent { bus, error } => not_found(unreal(bus, error), None),
        SourceError::NotAPersonSensor { bus, error } => {
            let run = format!("mlsensor probe {}", quoted(bus));
            let not_found = not_found(Report { run, ..report }, None);
            Python::attach(|py| not_found.set_cause(py, Some(packet(*error))));
            not_found
        }
        _ => not_found(report, None),
    }
}

/// A transfer on the bus of this name failed.
pub(crate) fn transfer(name: &str, error: &AnyBusError) -> PyErr {
    match error {
        AnyBusError::Real(error) => bus(for_python(error, error.report()), error.errno()),
        AnyBusError::Stopped => closed(),
        error => bus(unreal(name, error), None),
    }
}

/// A bus of the system has no sensor, or is none.
fn real(error: &LinuxError, report: Report) -> PyErr {
    let report = for_python(error, report);
    match error.kind() {
        LinuxErrorKind::NoSuchBus
        | LinuxErrorKind::NotABus
        | LinuxErrorKind::Gone
        | LinuxErrorKind::NoAcknowledge
        | LinuxErrorKind::Incomplete { .. } => not_found(report, error.errno()),
        _ => bus(report, error.errno()),
    }
}

/// The same, for who has this package, and maybe nothing else that knows I2C.
pub(super) fn for_python(error: &LinuxError, report: Report) -> Report {
    match error.kind() {
        LinuxErrorKind::NoSuchBus => no_such_bus(report),
        LinuxErrorKind::NoAcknowledge
        | LinuxErrorKind::Incomplete { .. }
        | LinuxErrorKind::BusFault
        | LinuxErrorKind::TimedOut
        | LinuxErrorKind::ArbitrationLost
        | LinuxErrorKind::BusBusy
        | LinuxErrorKind::Interrupted => {
            Report { run: format!("mlsensor probe {}", quoted(error.bus())), ..report }
        }
        _ => report,
    }
}

/// There is no such bus: because there is none at all, or because it has another number.
fn no_such_bus(report: Report) -> Report {
    let buses = mlsensor_host::linux::buses().unwrap_or_default();
    if buses.is_empty() {
        return Report {
            what: format!("this computer has no I2C bus: {}", report.what),
            likely: "I2C is off (on a Raspberry Pi: sudo raspi-config nonint do_i2c 0), or there is none; \
                     PersonSensor.simulated(\"walk_up\") needs none"
                .to_owned(),
            run: "MLSENSOR_BUS=sim:walk_up python3 your_program.py".to_owned(),
            code: "MLSENSOR-NO-BUS".to_owned(),
        };
    }
    let paths: Vec<&str> = buses.iter().map(|bus| &*bus.path).collect();
    Report {
        likely: format!("the bus has another number: there is {}", paths.join(", ")),
        run: "mlsensor probe".to_owned(),
        ..report
    }
}

/// A bus that is simulated, or recorded.
fn unreal(name: &str, error: &AnyBusError) -> Report {
    let likely = match error {
        AnyBusError::Simulated(SimBusError::DataLineLow) => {
            "the simulated sensor holds the data line: it was interrupted in the middle of a byte"
        }
        AnyBusError::Simulated(_) => "the simulated sensor is off, not there, or has just got its power",
        AnyBusError::Recorded(_) => "so it was when this was recorded",
        AnyBusError::Ended => "the recording was read to its end",
        _ => "so it is in this scene",
    };
    Report {
        what: format!("{name}: {error}"),
        likely: likely.to_owned(),
        // An object of the program has no name by which a command could read it.
        run: if name.starts_with("sim:") || name.starts_with("replay:") {
            format!("mlsensor read {} --wait", quoted(name))
        } else {
            HELP.to_owned()
        },
        code: "MLSENSOR-BUS".to_owned(),
    }
}

/// A transfer on a simulated bus of the program failed.
pub(crate) fn simulated(name: &str, error: &FaultError<SimBusError>) -> PyErr {
    match error {
        FaultError::Bus(error) => bus(unreal(name, &AnyBusError::Simulated(*error)), None),
        error => {
            let report = Report {
                what: format!("{name}: {error}"),
                likely: "the program injected it, or set a rate of faults".to_owned(),
                run: "python3 -c 'import mlsensor.sim; help(mlsensor.sim.SimSensor)'".to_owned(),
                code: "MLSENSOR-BUS".to_owned(),
            };
            bus(report, None)
        }
    }
}
