//! Presence pins.

use mlsensor_host::Report;
use mlsensor_host::linux::{GpioError, GpioErrorKind, LineNameError};
use pyo3::prelude::*;

use super::{bus, not_found, refused};

/// A GPIO line cannot be used.
pub(crate) fn line(error: &GpioError) -> PyErr {
    let report = error.report();
    match error.kind() {
        GpioErrorKind::NoChips
        | GpioErrorKind::NoSuchLine
        | GpioErrorKind::NoSuchChip
        | GpioErrorKind::NoSuchOffset { .. } => not_found(report, error.errno()),
        GpioErrorKind::Ambiguous => refused(report),
        _ => bus(report, error.errno()),
    }
}

/// A word names no GPIO line.
pub(crate) fn line_name(error: LineNameError) -> PyErr {
    refused(Report::from(error))
}
