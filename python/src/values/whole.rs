//! Whole numbers that have to be in a range.

use pyo3::exceptions::PyOverflowError;
use pyo3::prelude::*;

use crate::errors;

/// A whole number as it was given, of any size: a number that is too large is out of range, and no overflow.
#[derive(Debug, Clone)]
pub(crate) enum Whole {
    /// One that fits.
    Fits(i64),
    /// One that does not, in words.
    Beyond(String),
}

impl<'py> FromPyObject<'_, 'py> for Whole {
    type Error = PyErr;

    fn extract(object: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        match object.extract::<i64>() {
            Ok(number) => Ok(Whole::Fits(number)),
            // Not its digits: there may be thousands, and Python refuses to print so many.
            Err(error) if error.is_instance_of::<PyOverflowError>(object.py()) => {
                let below = object.lt(0)?;
                Ok(Whole::Beyond(if below { "below -2**63" } else { "above 2**63" }.to_owned()))
            }
            Err(error) => Err(error),
        }
    }
}

impl Whole {
    /// The number, if it is in the range.
    pub(crate) fn within<T: TryFrom<i64>>(self, what: &str, min: i64, max: i64, likely: &str) -> PyResult<T> {
        let given = match self {
            Whole::Fits(number) => {
                if let (true, Ok(number)) = (min <= number && number <= max, T::try_from(number)) {
                    return Ok(number);
                }
                number.to_string()
            }
            Whole::Beyond(words) => words,
        };
        Err(errors::config(&format!("{what} {given} is outside {min} to {max}"), likely))
    }
}

/// A value that the driver refuses.
pub(crate) fn refused(error: mlsensor::OutOfRange, likely: &str) -> PyErr {
    let mlsensor::OutOfRange { what, value, min, max } = error;
    errors::config(&format!("{what} {value} is outside {min} to {max}"), likely)
}
