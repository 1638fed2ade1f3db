//! The simulated bus: virtual time, what is on it, and the faults between it and a program.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use embedded_hal::i2c::I2c;
use mlsensor_sim::{FaultControl, FaultError, FaultInjector, FaultKind, SimBus, SimBusError};
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyTuple, PyWeakrefReference};

use super::fault::{PyFault, PyFaultCounts};
use super::recording::PyRecording;
use crate::enums::Member;
use crate::errors;
use crate::time::{Seconds, seconds};
use crate::values::Whole;
use crate::wire::WireError;

/// A reader that lets so many readings pass at one moment does not let time pass at all.
const MOST_AT_ONE_MOMENT: u32 = 10_000;

/// How much time passes until Python is asked whether Ctrl-C was pressed: some milliseconds of real time.
const AT_ONCE: Duration = Duration::from_secs(3600);

/// The longest read, which is Linux's.
const LONGEST_READ: i64 = 8192;

/// A simulated I2C bus in virtual time, with the faults that befall what programs do on it.
///
/// ``SimBus(bit_rate_hz=100000, *, fault_seed=0)``: the seed is that of faults by chance.
///
/// Threads: it may be used from any; each transfer is a whole. Let one thread alone let time pass.
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

    /// The readers that are still there; those that are not are forgotten.
    fn present<'py>(&self, py: Python<'py>) -> Vec<Bound<'py, PyAny>> {
        let all: Vec<_> = self.readers().iter().map(|reader| reader.clone_ref(py)).collect();
        // Not while the list is locked: what ends with the last reference to a reader may be Python.
        let (present, gone): (Vec<_>, Vec<_>) = all
            .iter()
            .map(|reader| (reader, reader.bind(py).upgrade()))
            .partition(|(_, there)| there.is_some());
        if !gone.is_empty() {
            self.readers().retain(|reader| !gone.iter().any(|(other, _)| reader.is(*other)));
        }
        present.into_iter().filter_map(|(_, there)| there).collect()
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
        loop {
            let left = end.saturating_sub(self.bus.now());
            py.detach(|| self.bus.advance(left.min(AT_ONCE)));
            if left <= AT_ONCE {
                return Ok(());
            }
            py.check_signals()?;
        }
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
        with: impl FnOnce(&mut FaultInjector<SimBus>) -> Result<R, FaultError<SimBusError>> + Send,
    ) -> PyResult<R> {
        let mut bus = self.i2c();
        py.detach(|| with(&mut bus)).map_err(|error| {
            errors::transfer("a simulated bus of this program", &WireError::Simulated(error))
        })
    }
}

fn address_of(address: Whole) -> PyResult<u8> {
    address.within("address", 0, 0x7F, "an address on an I2C bus has 7 bits")
}

fn buffer(length: Whole) -> PyResult<Vec<u8>> {
    let length: usize = length.within("length", 0, LONGEST_READ, "no adapter of Linux reads more at once")?;
    Ok(vec![0; length])
}

#[pymethods]
impl PySimBus {
    #[new]
    #[pyo3(
        signature = (bit_rate_hz = Whole::Fits(SimBus::DEFAULT_BIT_RATE_HZ.into()), *, fault_seed = 0),
        text_signature = "(bit_rate_hz=100000, *, fault_seed=0)"
    )]
    fn new(bit_rate_hz: Whole, fault_seed: u64) -> PyResult<PySimBus> {
        let bit_rate_hz =
            bit_rate_hz.within("bit_rate_hz", 1, 10_000_000, "a bus has 100000 or 400000 bits a second")?;
        Ok(PySimBus::make(bit_rate_hz, fault_seed))
    }

    /// The virtual time since the bus was made, in seconds.
    #[getter]
    fn now(&self, py: Python<'_>) -> f64 {
        seconds(py.detach(|| self.bus.now()))
    }

    /// Lets so many seconds of virtual time pass, for everything on the bus.
    ///
    /// Sensors that are open on it and listened to are read at their times on the way, and their callbacks run in this
    /// thread. Where a callback lets time pass itself, it only passes: the readers follow when the callback is over.
    fn advance(&self, py: Python<'_>, seconds: Seconds) -> PyResult<()> {
        self.let_pass(py, seconds.0)
    }

    /// Frees a data line that a target holds low: nine clock pulses and a STOP.
    fn recover(&self, py: Python<'_>) {
        py.detach(|| self.bus.recover());
    }

    /// Reads so many bytes, 0 to 8192, at a 7-bit address, as a program does: through the faults. Raises BusError.
    fn read<'py>(&self, py: Python<'py>, address: Whole, length: Whole) -> PyResult<Bound<'py, PyBytes>> {
        let (address, mut bytes) = (address_of(address)?, buffer(length)?);
        self.transfer(py, |bus| bus.read(address, &mut bytes))?;
        Ok(PyBytes::new(py, &bytes))
    }

    /// Writes bytes at a 7-bit address, as a program does: through the faults. Raises BusError.
    fn write(&self, py: Python<'_>, address: Whole, data: Vec<u8>) -> PyResult<()> {
        let address = address_of(address)?;
        self.transfer(py, |bus| bus.write(address, &data))
    }

    /// Writes bytes, then reads so many after a repeated START, as a program does. Raises BusError.
    fn write_read<'py>(
        &self,
        py: Python<'py>,
        address: Whole,
        data: Vec<u8>,
        length: Whole,
    ) -> PyResult<Bound<'py, PyBytes>> {
        let (address, mut bytes) = (address_of(address)?, buffer(length)?);
        self.transfer(py, |bus| bus.write_read(address, &data, &mut bytes))?;
        Ok(PyBytes::new(py, &bytes))
    }

    /// Begins to log what goes over the bus, anew if it was logged already.
    ///
    /// It is what happens on the wires: a fault that spoils a reading does so behind them, on its way to the program.
    fn start_log(&self, py: Python<'_>) {
        py.detach(|| self.bus.start_log());
    }

    /// What went over the bus since `start_log`; from now on it is not logged.
    fn take_log(&self, py: Python<'_>) -> PyRecording {
        PyRecording(py.detach(|| self.bus.take_log()))
    }

    /// Lets these faults befall the next transactions of programs that they can befall, in turn.
    ///
    /// A fault of what is read waits for a read, and those behind it wait with it.
    #[pyo3(signature = (*faults))]
    fn inject(&self, faults: &Bound<'_, PyTuple>) -> PyResult<()> {
        self.inject_all(faults)
    }

    /// Lets this kind of fault befall so many in a million of the transactions that it can befall, by seeded chance.
    ///
    /// If the rates of all kinds add up to more than a million, they are scaled down in proportion.
    pub(super) fn set_fault_rate(&self, kind: Member<FaultKind>, per_million: Whole) -> PyResult<()> {
        let per_million = per_million.within("rate", 0, 1_000_000, "it is of a million transactions")?;
        self.faults().set_rate(kind.0, per_million);
        Ok(())
    }

    /// Lets all transactions through untouched, until `resume_faults`. What was injected waits.
    pub(super) fn pause_faults(&self) {
        self.faults().pause();
    }

    /// Goes on where `pause_faults` stopped.
    pub(super) fn resume_faults(&self) {
        self.faults().resume();
    }

    /// The fault that had an effect on the latest transaction of a program; `None` if none had.
    #[getter]
    pub(super) fn latest_fault(&self) -> Option<PyFault> {
        self.faulty.latest().map(PyFault)
    }

    /// What faults have done so far to the transactions of programs with the sensor's address.
    pub(super) fn fault_counts(&self) -> PyFaultCounts {
        PyFaultCounts(self.faulty.counts())
    }

    /// Has this called when time passes: `_next_due() -> float | None` and `_drive_until(at: float)`.
    ///
    /// It is held weakly.
    fn _attach_reader(&self, reader: &Bound<'_, PyAny>) -> PyResult<()> {
        // Of one reader there is one weak reference.
        let weak = PyWeakrefReference::new(reader)?.unbind();
        // Those that are gone are forgotten here too: a program may open and close thousands while no time passes.
        drop(self.present(reader.py()));
        let mut readers = self.readers();
        readers.retain(|other| !other.is(&weak));
        readers.push(weak);
        Ok(())
    }

    /// No more.
    fn _detach_reader(&self, reader: &Bound<'_, PyAny>) -> PyResult<()> {
        let weak = PyWeakrefReference::new(reader)?.unbind();
        self.readers().retain(|other| !other.is(&weak));
        Ok(())
    }

    fn __repr__(&self, py: Python<'_>) -> String {
        format!("<SimBus at {:.3} s>", self.now(py))
    }
}
