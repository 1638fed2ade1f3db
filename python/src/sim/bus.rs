//! The simulated bus: virtual time, what is on it, and the faults between it and a program.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use embedded_hal::i2c::{Error as _, ErrorKind, I2c};
use mlsensor_host::Report;
use mlsensor_sim::{FaultControl, FaultError, FaultInjector, FaultKind, SimBus, SimBusError};
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyTuple, PyWeakrefReference};

use super::fault::{PyFault, PyFaultCounts};
use crate::enums::Member;
use crate::errors;
use crate::time::{Seconds, seconds};

/// A reader that lets so many readings pass at one moment does not let time pass at all.
const MOST_AT_ONE_MOMENT: u32 = 10_000;

/// A simulated I2C bus, with the faults that befall what a program does on it.
#[pyclass(frozen, weakref, name = "SimBus", module = "mlsensor.sim")]
pub(crate) struct PySimBus {
    bus: SimBus,
    faulty: FaultInjector<SimBus>,
    /// Who reads when time passes, in the order in which they came.
    readers: Mutex<Vec<Py<PyWeakrefReference>>>,
    is_driving: AtomicBool,
}

impl PySimBus {
    pub(super) fn make(bit_rate_hz: u32, fault_seed: u64) -> PySimBus {
        let bus = SimBus::with_bit_rate(bit_rate_hz);
        let faulty = FaultInjector::new(bus.clone(), fault_seed);
        PySimBus { bus, faulty, readers: Mutex::default(), is_driving: AtomicBool::new(false) }
    }

    /// The bus for a program: through the faults. Each call gives a handle of the same.
    pub(crate) fn i2c(&self) -> FaultInjector<SimBus> {
        self.faulty.clone()
    }

    /// The bus for what is not a program's: its time, and what is on it.
    pub(crate) const fn bus(&self) -> &SimBus {
        &self.bus
    }

    pub(super) fn faults(&self) -> FaultControl {
        self.faulty.control()
    }

    fn readers(&self) -> MutexGuard<'_, Vec<Py<PyWeakrefReference>>> {
        self.readers.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The readers that are still there.
    fn present<'py>(&self, py: Python<'py>) -> Vec<Bound<'py, PyAny>> {
        let all: Vec<_> = self.readers().iter().map(|reader| reader.clone_ref(py)).collect();
        all.iter().filter_map(|reader| reader.bind(py).upgrade()).collect()
    }

    /// Who reads next, and when, up to `end`; of several at one moment, who came first.
    fn next_reader<'py>(&self, py: Python<'py>, end: f64) -> PyResult<Option<(f64, Bound<'py, PyAny>)>> {
        let mut next: Option<(f64, Bound<'py, PyAny>)> = None;
        for reader in self.present(py) {
            let due: Option<f64> = reader.call_method0("_next_due")?.extract()?;
            let Some(due) = due.filter(|due| *due <= end) else { continue };
            if next.as_ref().is_none_or(|(first, _)| due < *first) {
                next = Some((due, reader));
            }
        }
        Ok(next)
    }

    /// Lets the readers read at their times until `end`, or until the later time to which one of them went.
    fn drive(&self, py: Python<'_>, end: Duration) -> PyResult<()> {
        let (mut moment, mut times) = (self.bus.now(), 0);
        loop {
            let now = self.bus.now();
            times = if now > moment { 0 } else { times + 1 };
            moment = now;
            let Some((due, reader)) = self.next_reader(py, seconds(end.max(now)))? else { return Ok(()) };
            if times > MOST_AT_ONE_MOMENT {
                let message = format!("{} wants to read at {due} s for ever", reader.repr()?);
                return Err(PyRuntimeError::new_err(message));
            }
            reader.call_method1("_drive_until", (due,))?;
        }
    }

    pub(super) fn let_pass(&self, py: Python<'_>, by: Duration) -> PyResult<()> {
        let end = self.bus.now().saturating_add(by);
        // What a reader's callback lets pass only passes: the drive that is under way goes on with the readers.
        if !self.is_driving.swap(true, Ordering::AcqRel) {
            let outcome = self.drive(py, end);
            self.is_driving.store(false, Ordering::Release);
            outcome?;
        }
        py.detach(|| self.bus.advance(end.saturating_sub(self.bus.now())));
        Ok(())
    }

    pub(super) fn inject_all(&self, faults: &Bound<'_, PyTuple>) -> PyResult<()> {
        // All are looked at before the first one is injected.
        let faults: Vec<PyFault> =
            faults.iter().map(|fault| Ok(*fault.cast::<PyFault>()?.get())).collect::<PyResult<_>>()?;
        faults.into_iter().for_each(|fault| self.faulty.inject(fault.0));
        Ok(())
    }

    fn transfer<R: Send>(
        &self,
        py: Python<'_>,
        address: u8,
        with: impl FnOnce(&mut FaultInjector<SimBus>) -> Result<R, FaultError<SimBusError>> + Send,
    ) -> PyResult<R> {
        if address > 0x7F {
            return Err(errors::config(
                &format!("{address:#04x} is no address"),
                "an address on an I2C bus has 7 bits: it is below 0x80",
            ));
        }
        let mut bus = self.i2c();
        py.detach(|| with(&mut bus)).map_err(|error| failed(address, error))
    }
}

/// What a program is told of a transfer that failed.
fn failed(address: u8, error: FaultError<SimBusError>) -> PyErr {
    let likely = match (error, error.kind()) {
        (FaultError::Injected(_), _) => "the test injected it, or a rate of faults is set",
        (_, ErrorKind::NoAcknowledge(_)) => {
            "nothing on the simulated bus has this address, or it has no power or still boots"
        }
        _ => "a target holds the data line low: SimBus.recover() frees it",
    };
    let report = Report {
        what: format!("simulated bus, {address:#04x}: {error}"),
        likely: likely.to_owned(),
        run: "python3 -c 'import mlsensor.sim; help(mlsensor.sim.SimBus)'".to_owned(),
        code: "MLSENSOR-BUS".to_owned(),
    };
    errors::bus(report, None)
}

#[pymethods]
impl PySimBus {
    #[new]
    #[pyo3(signature = (bit_rate_hz = SimBus::DEFAULT_BIT_RATE_HZ, *, fault_seed = 0))]
    fn new(bit_rate_hz: u32, fault_seed: u64) -> PyResult<PySimBus> {
        if bit_rate_hz == 0 {
            return Err(errors::config("bit_rate_hz is 0", "a bus has 100000 or 400000 bits a second"));
        }
        Ok(PySimBus::make(bit_rate_hz, fault_seed))
    }

    #[getter]
    fn now(&self, py: Python<'_>) -> f64 {
        seconds(py.detach(|| self.bus.now()))
    }

    fn advance(&self, py: Python<'_>, seconds: Seconds) -> PyResult<()> {
        self.let_pass(py, seconds.0)
    }

    fn recover(&self, py: Python<'_>) {
        py.detach(|| self.bus.recover());
    }

    fn read<'py>(&self, py: Python<'py>, address: u8, length: usize) -> PyResult<Bound<'py, PyBytes>> {
        let mut bytes = vec![0; length];
        self.transfer(py, address, |bus| bus.read(address, &mut bytes))?;
        Ok(PyBytes::new(py, &bytes))
    }

    fn write(&self, py: Python<'_>, address: u8, data: Vec<u8>) -> PyResult<()> {
        self.transfer(py, address, |bus| bus.write(address, &data))
    }

    fn write_read<'py>(
        &self,
        py: Python<'py>,
        address: u8,
        data: Vec<u8>,
        length: usize,
    ) -> PyResult<Bound<'py, PyBytes>> {
        let mut bytes = vec![0; length];
        self.transfer(py, address, |bus| bus.write_read(address, &data, &mut bytes))?;
        Ok(PyBytes::new(py, &bytes))
    }

    #[pyo3(signature = (*faults))]
    fn inject(&self, faults: &Bound<'_, PyTuple>) -> PyResult<()> {
        self.inject_all(faults)
    }

    pub(super) fn set_fault_rate(&self, kind: Member<FaultKind>, per_million: u32) -> PyResult<()> {
        if per_million > 1_000_000 {
            return Err(errors::config(
                &format!("{per_million} faults in a million transactions"),
                "the rate of a fault is from 0 to 1000000",
            ));
        }
        self.faults().set_rate(kind.0, per_million);
        Ok(())
    }

    pub(super) fn pause_faults(&self) {
        self.faults().pause();
    }

    pub(super) fn resume_faults(&self) {
        self.faults().resume();
    }

    #[getter]
    pub(super) fn latest_fault(&self) -> Option<PyFault> {
        self.faulty.latest().map(PyFault)
    }

    pub(super) fn fault_counts(&self) -> PyFaultCounts {
        PyFaultCounts(self.faulty.counts())
    }

    fn _attach_reader(&self, reader: &Bound<'_, PyAny>) -> PyResult<()> {
        let weak = PyWeakrefReference::new(reader)?.unbind();
        let py = reader.py();
        let mut readers = self.readers();
        readers.retain(|other| other.bind(py).upgrade().is_some_and(|other| !other.is(reader)));
        readers.push(weak);
        Ok(())
    }

    fn _detach_reader(&self, reader: &Bound<'_, PyAny>) {
        let py = reader.py();
        self.readers().retain(|other| other.bind(py).upgrade().is_some_and(|other| !other.is(reader)));
    }

    fn __repr__(&self, py: Python<'_>) -> String {
        format!("<SimBus at {:.3} s>", self.now(py))
    }
}
