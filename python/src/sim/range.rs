//! Numbers that their place may hold.

use core::ops::RangeInclusive;

use pyo3::PyResult;

use crate::errors;

/// A number within its range; what is not a number is in none.
pub(super) fn within(name: &str, value: f64, range: RangeInclusive<f64>, unit: &str) -> PyResult<f64> {
    if range.contains(&value) {
        return Ok(value);
    }
    let (least, most) = range.into_inner();
    Err(errors::config(
        &format!("{name} is {value}"),
        &format!("it must be a number from {least} to {most}, in {unit}"),
    ))
}

/// A height over the floor, in metres, in the simulator's millimetres.
pub(super) fn height_mm(name: &str, metres: f64) -> PyResult<i32> {
    // The range makes the conversion exact to the millimetre.
    within(name, metres, 0.0..=100.0, "metres over the floor").map(|metres| (metres * 1000.0).round() as i32)
}
