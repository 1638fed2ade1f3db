//! A GPIO line as the presence pin of a sensor. What waits for it is in the package: it is one `poll`, or asyncio's loop.

use std::os::fd::{AsFd as _, AsRawFd as _};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use embedded_hal::digital::InputPin as _;
use mlsensor_host::linux::{GpioError, GpioInput, LineEdge, LineName, Pull};
use pyo3::prelude::*;

use crate::enums::{Member, python_enum};
use crate::errors;
use crate::sim::PySimSensor;
use crate::time::seconds;

python_enum!(Pull: Pull { AS_IS = AsIs, DOWN = Down, UP = Up, NONE = None });

/// A line that is open, and how often it changed.
struct Open {
    input: GpioInput,
    rises: u64,
    falls: u64,
}

/// A GPIO line.
#[pyclass(frozen, module = "mlsensor._native")]
pub(crate) struct Line {
    open: Mutex<Option<Open>>,
    name: String,
}

impl Line {
    /// Does something with the line, which waits for nothing.
    fn with<R: Send>(
        &self,
        py: Python<'_>,
        with: impl FnOnce(&mut Open) -> Result<R, GpioError> + Send,
    ) -> PyResult<R> {
        let outcome = py.detach(|| {
            let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
            open.as_mut().map(with)
        });
        let outcome = outcome.ok_or_else(|| errors::closed_one("presence pin", "PresencePin"))?;
        outcome.map_err(|error| errors::line(&error))
    }
}

#[pymethods]
impl Line {
    #[new]
    #[pyo3(signature = (name, pull = Member(Pull::AsIs)))]
    fn new(py: Python<'_>, name: &str, pull: Member<Pull>) -> PyResult<Line> {
        let line: LineName = name.parse().map_err(errors::line_name)?;
        let input = py.detach(|| GpioInput::open(&line, pull.0)).map_err(|error| errors::line(&error))?;
        let open = Mutex::new(Some(Open { input, rises: 0, falls: 0 }));
        Ok(Line { open, name: line.to_string() })
    }

    /// Its name.
    #[getter]
    fn name(&self) -> &str {
        &self.name
    }

    /// Whether it is high.
    fn is_high(&self, py: Python<'_>) -> PyResult<bool> {
        self.with(py, |open| open.input.is_high())
    }

    /// How often it rose and fell since it was opened, as far as the kernel has told.
    fn changes(&self, py: Python<'_>) -> PyResult<(u64, u64)> {
        self.with(py, |open| {
            while let Some(LineEdge { is_high, .. }) = open.input.wait_for_edge(Duration::ZERO)? {
                let count = if is_high { &mut open.rises } else { &mut open.falls };
                *count += 1;
            }
            Ok((open.rises, open.falls))
        })
    }

    /// Its descriptor: readable while there are changes that were not counted yet.
    fn fileno(&self, py: Python<'_>) -> PyResult<i32> {
        self.with(py, |open| Ok(open.input.as_fd().as_raw_fd()))
    }

    /// Gives it back to the system.
    fn close(&self, py: Python<'_>) {
        let open = &self.open;
        py.detach(|| drop(open.lock().unwrap_or_else(PoisonError::into_inner).take()));
    }
}

/// How many seconds it takes until something on the bus of a simulated sensor happens by itself; `None` if nothing ever will.
#[pyfunction]
pub(crate) fn next_event(py: Python<'_>, sensor: &PySimSensor) -> Option<f64> {
    let bus = sensor.bus.get().bus();
    py.detach(|| bus.next_event()).map(seconds)
}
