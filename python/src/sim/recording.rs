//! Traffic of a bus as data and as text.

use mlsensor_host::Report;
use mlsensor_sim::{Direction, Recording, Transfer};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyTuple};

use crate::errors;
use crate::time::seconds;

/// The traffic of a bus, in order. ``str(recording)`` is the text of a file that ``mlsensor replay`` and
/// ``PersonSensor("replay:FILE")`` read.
///
/// Threads: a frozen value, which any thread may use.
#[pyclass(frozen, eq, name = "Recording", module = "mlsensor.sim")]
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct PyRecording(pub(super) Recording);

#[pymethods]
impl PyRecording {
    /// Reads the text of a recording.
    #[staticmethod]
    fn parse(text: &str) -> PyResult<PyRecording> {
        Recording::parse(text).map(PyRecording).map_err(|error| {
            errors::refused(Report {
                what: format!("cannot read the recording: {error}"),
                likely: "a line is no time in seconds followed by bytes of two hexadecimal digits".to_owned(),
                run: "python3 -c 'import mlsensor.sim; help(mlsensor.sim.Recording)'".to_owned(),
                code: "MLSENSOR-RECORDING".to_owned(),
            })
        })
    }

    /// Transfer by transfer.
    #[getter]
    fn transfers<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.0.transfers.iter().cloned().map(PyTransfer))
    }

    fn __len__(&self) -> usize {
        self.0.transfers.len()
    }

    fn __iter__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.transfers(py)?.try_iter().map(Bound::into_any)
    }

    fn __str__(&self) -> String {
        self.0.to_string()
    }

    fn __repr__(&self) -> String {
        format!("<Recording of {} transfers>", self.0.transfers.len())
    }
}

/// One transfer in one direction. ``str(transfer)`` is its line in a recording, with what it means.
///
/// Threads: a frozen value, which any thread may use.
#[pyclass(frozen, eq, name = "Transfer", module = "mlsensor.sim")]
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct PyTransfer(Transfer);

#[pymethods]
impl PyTransfer {
    /// When its transaction began, in seconds.
    #[getter]
    fn at(&self) -> f64 {
        seconds(self.0.at)
    }

    /// The 7-bit address.
    #[getter]
    const fn address(&self) -> u8 {
        self.0.address
    }

    /// Whether it is a read; otherwise it is a write.
    #[getter]
    fn is_read(&self) -> bool {
        self.0.direction == Direction::Read
    }

    /// Whether it followed another one after a repeated START.
    #[getter]
    const fn is_repeated_start(&self) -> bool {
        self.0.is_repeated_start
    }

    /// The bytes; none are recorded of a read that failed.
    #[getter]
    fn data<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, &self.0.bytes)
    }

    /// The error that ended the transaction here, by the name that recordings use; `None` if there was none.
    #[getter]
    fn error(&self) -> Option<String> {
        self.0.error?;
        let line = self.0.to_string();
        line.rsplit_once("! ").map(|(_, name)| name.to_owned())
    }

    fn __str__(&self) -> String {
        self.0.to_string()
    }

    fn __repr__(&self) -> String {
        format!("<Transfer: {}>", self.0)
    }
}
