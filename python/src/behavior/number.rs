//! Numbers as they come from Python and go there: what does not fit is refused with a `ConfigError`,
//! never cut.

use std::convert::Infallible;

use mlsensor::PersonId;
use pyo3::exceptions::PyOverflowError;
use pyo3::prelude::*;
use pyo3::types::{PyFloat, PyInt};

use crate::errors;

/// An integer of the driver's: up to what its type holds, from 0.
pub(crate) trait Unsigned: Copy + TryFrom<i64> + Into<u32> + 'static {
    const MAX: u32;
}

impl Unsigned for u8 {
    const MAX: u32 = u8::MAX as u32;
}

impl Unsigned for u16 {
    const MAX: u32 = u16::MAX as u32;
}

impl Unsigned for u32 {
    const MAX: u32 = u32::MAX;
}

/// A whole number of any size, and how to name it.
fn whole(object: &Bound<'_, PyAny>) -> PyResult<(Option<i64>, String)> {
    match object.extract::<i64>() {
        Ok(number) => Ok((Some(number), number.to_string())),
        // Not its digits: there may be thousands, and Python refuses to print so many.
        Err(error) if error.is_instance_of::<PyOverflowError>(object.py()) => {
            let words = if object.lt(0)? { "a number below -2**63" } else { "a number of 2**63 or more" };
            Ok((None, words.to_owned()))
        }
        Err(error) => Err(error),
    }
}

/// A whole number that fits.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Whole<T>(pub(crate) T);

impl<T> From<T> for Whole<T> {
    fn from(number: T) -> Whole<T> {
        Whole(number)
    }
}

impl<'py, T: Unsigned> FromPyObject<'_, 'py> for Whole<T> {
    type Error = PyErr;

    fn extract(object: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        let (number, given) = whole(&object)?;
        let fitting = number.and_then(|number| T::try_from(number).ok());
        fitting.map(Whole).ok_or_else(|| outside(&given, "a whole number", 0, T::MAX))
    }
}

impl<'py, T: Unsigned> IntoPyObject<'py> for Whole<T> {
    type Target = PyInt;
    type Output = Bound<'py, PyInt>;
    type Error = Infallible;

    fn into_pyobject(self, py: Python<'py>) -> Result<Self::Output, Self::Error> {
        self.0.into().into_pyobject(py)
    }
}

/// The id of a person, 0 to 7: a plain number in Python.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Id(pub(crate) PersonId);

impl From<PersonId> for Id {
    fn from(id: PersonId) -> Id {
        Id(id)
    }
}

impl<'py> FromPyObject<'_, 'py> for Id {
    type Error = PyErr;

    fn extract(object: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        let (number, given) = whole(&object)?;
        let id = number.and_then(|number| PersonId::new(u8::try_from(number).ok()?).ok());
        id.map(Id).ok_or_else(|| outside(&given, "an id", 0, 7))
    }
}

impl<'py> IntoPyObject<'py> for Id {
    type Target = PyInt;
    type Output = Bound<'py, PyInt>;
    type Error = Infallible;

    fn into_pyobject(self, py: Python<'py>) -> Result<Self::Output, Self::Error> {
        self.0.get().into_pyobject(py)
    }
}

/// An angle: degrees in Python, whole thousandths of a degree in the driver.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Degrees(pub(crate) i32);

impl From<i32> for Degrees {
    fn from(millideg: i32) -> Degrees {
        Degrees(millideg)
    }
}

impl<'py> FromPyObject<'_, 'py> for Degrees {
    type Error = PyErr;

    fn extract(object: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        let degrees: f64 = object.extract()?;
        let millideg = (degrees * 1000.0).round();
        if (f64::from(i32::MIN)..=f64::from(i32::MAX)).contains(&millideg) {
            Ok(Degrees(millideg as i32))
        } else {
            Err(errors::config(
                &format!("{degrees} is no angle"),
                "it is too large, or not a number of degrees",
            ))
        }
    }
}

impl<'py> IntoPyObject<'py> for Degrees {
    type Target = PyFloat;
    type Output = Bound<'py, PyFloat>;
    type Error = Infallible;

    fn into_pyobject(self, py: Python<'py>) -> Result<Self::Output, Self::Error> {
        Ok(PyFloat::new(py, f64::from(self.0) / 1000.0))
    }
}

/// An angle, or a speed, that is not below 0.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Magnitude(pub(crate) u32);

impl From<u32> for Magnitude {
    fn from(millideg: u32) -> Magnitude {
        Magnitude(millideg)
    }
}

impl<'py> FromPyObject<'_, 'py> for Magnitude {
    type Error = PyErr;

    fn extract(object: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        let Degrees(millideg) = object.extract()?;
        u32::try_from(millideg).map(Magnitude).map_err(|_| {
            let degrees = f64::from(millideg) / 1000.0;
            errors::config(&format!("{degrees} degrees are below 0"), "only the size is asked for here")
        })
    }
}

impl<'py> IntoPyObject<'py> for Magnitude {
    type Target = PyFloat;
    type Output = Bound<'py, PyFloat>;
    type Error = Infallible;

    fn into_pyobject(self, py: Python<'py>) -> Result<Self::Output, Self::Error> {
        Ok(PyFloat::new(py, f64::from(self.0) / 1000.0))
    }
}

/// A number is not between two others.
pub(super) fn outside(number: &str, what: &str, min: u32, max: u32) -> PyErr {
    errors::config(&format!("{number} is outside {min} to {max}"), &format!("{what} of this range is wanted"))
}
