//! Sources and buses.

use mlsensor_host::Report;
use mlsensor_host::linux::{LinuxError, LinuxErrorKind};
use mlsensor_host::source::{AnyBusError, SourceError, SourceNameError, quoted};
use mlsensor_sim::{FaultError, SimBusError};
use pyo3::prelude::*;

use super::{bus, closed, not_found, packet, refused};
use crate::wire::WireError;

/// What there is to know of a simulated bus.
pub(super) const SIM_HELP: &str = "python3 -c 'import mlsensor.sim; help(mlsensor.sim.SimBus)'";

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
        SourceError::Silent { error: AnyBusError::Real(error), .. }
        | SourceError::NotSet { error: AnyBusError::Real(error), .. } => real(error, report),
        SourceError::Silent { error: AnyBusError::Stopped, .. } => closed(),
        SourceError::Silent { bus, error } => {
            let error = WireError::Source(error.clone());
            not_found(unreal(bus, &error), unreal_errno(&error))
        }
        SourceError::NotAPersonSensor { error, .. } => {
            let not_found = not_found(report, None);
            Python::attach(|py| not_found.set_cause(py, Some(packet(*error))));
            not_found
        }
        _ => not_found(report, None),
    }
}

/// A transfer on the bus of this name failed.
pub(crate) fn transfer(name: &str, error: &WireError) -> PyErr {
    match error {
        WireError::Source(AnyBusError::Real(error)) => bus(for_python(error, error.report()), error.errno()),
        WireError::Source(AnyBusError::Stopped) => closed(),
        error => bus(unreal(name, error), unreal_errno(error)),
    }
}

/// Nothing answers on the bus of this name, or not to the end.
pub(crate) fn silent(name: &str, error: &WireError) -> PyErr {
    match error {
        WireError::Source(error) => {
            source(&SourceError::Silent { bus: name.to_owned(), error: error.clone() })
        }
        error => not_found(unreal(name, error), unreal_errno(error)),
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
            run: "mlsensor sim run -- python3 your_program.py".to_owned(),
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
fn unreal(name: &str, error: &WireError) -> Report {
    use AnyBusError::{Ended, Recorded, Simulated};
    let likely = match error {
        WireError::Simulated(FaultError::Injected(_)) => "the program injected it, or set a rate of faults",
        WireError::Source(Simulated(error)) | WireError::Simulated(FaultError::Bus(error)) => match error {
            SimBusError::DataLineLow => {
                "the simulated sensor holds the data line: it was interrupted in the middle of a byte"
            }
            _ => "the simulated sensor is off, not there, or has just got its power",
        },
        WireError::Source(Recorded(_)) => "so it was when this was recorded",
        WireError::Source(Ended) => "the recording was read to its end",
        _ => "so it is in this scene",
    };
    let run = if name.starts_with("sim:") || name.starts_with("replay:") {
        format!("mlsensor read {} --wait", quoted(name))
    } else {
        // An object of the program has no name by which a command could read it.
        SIM_HELP.to_owned()
    };
    Report {
        what: format!("{name}: {error}"),
        likely: likely.to_owned(),
        run,
        code: "MLSENSOR-BUS".to_owned(),
    }
}

/// What the kernel of a Raspberry Pi 0 to 4 would have called it, so that a program that looks at the errno can be tested. Of
/// a recording it is what was recorded, if that is known.
#[cfg(target_os = "linux")]
fn unreal_errno(error: &WireError) -> Option<i32> {
    use mlsensor_host::virtual_bus::errno::{Style, Trouble};
    let error = match error {
        WireError::Source(AnyBusError::Simulated(error)) => FaultError::Bus(*error),
        WireError::Simulated(error) => *error,
        WireError::Source(error) => return error.errno(),
    };
    Some(Style::Pi.errno(Trouble::from(error)).raw_os_error())
}

/// There is no such kernel here.
#[cfg(not(target_os = "linux"))]
const fn unreal_errno(_: &WireError) -> Option<i32> {
    None
}
