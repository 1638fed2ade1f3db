//! Time in Python is a number of seconds, and in Rust a `Duration`.

use std::convert::Infallible;
use std::time::Duration;

use pyo3::prelude::*;
use pyo3::types::PyFloat;

use crate::errors;

/// A time or a span, from a number of seconds that is not below 0.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Seconds(pub(crate) Duration);

impl From<Duration> for Seconds {
    fn from(duration: Duration) -> Seconds {
        Seconds(duration)
    }
}

impl From<Seconds> for Duration {
    fn from(Seconds(duration): Seconds) -> Duration {
        duration
    }
}

impl<'py> IntoPyObject<'py> for Seconds {
    type Target = PyFloat;
    type Output = Bound<'py, PyFloat>;
    type Error = Infallible;

    fn into_pyobject(self, py: Python<'py>) -> Result<Self::Output, Self::Error> {
        Ok(PyFloat::new(py, seconds(self.0)))
    }
}

impl<'py> FromPyObject<'_, 'py> for Seconds {
    type Error = PyErr;

    fn extract(object: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        let seconds: f64 = object.extract()?;
        Duration::try_from_secs_f64(seconds).map(Seconds).map_err(|_| {
            errors::config(
                &format!("{seconds} is no span of time"),
                "it is below 0, too large, or not a number of seconds",
            )
        })
    }
}

/// The number of seconds.
pub(crate) const fn seconds(duration: Duration) -> f64 {
    duration.as_secs_f64()
}
