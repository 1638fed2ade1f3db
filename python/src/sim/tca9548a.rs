//! A simulated multiplexer: one bus in front, eight behind.

use mlsensor_sim::{Attached, Target, Tca9548a};
use pyo3::prelude::*;

use super::bus::PySimBus;
use crate::values::Whole;

/// A simulated TCA9548A on a simulated bus: eight segments with sensors of their own behind one address.
///
/// Threads: it may be used from any; each call is a whole.
#[pyclass(frozen, name = "Tca9548a", module = "mlsensor.sim")]
pub(crate) struct PyTca9548a {
    bus: Py<PySimBus>,
    address: u8,
    mux: Attached<Tca9548a>,
}

impl PyTca9548a {
    fn with<R: Send>(&self, py: Python<'_>, with: impl FnOnce(&mut Tca9548a) -> R + Send) -> R {
        py.detach(|| self.mux.with(with))
    }
}

#[pymethods]
impl PyTca9548a {
    /// How many segments it has.
    #[classattr]
    const CHANNELS: usize = Tca9548a::CHANNELS;

    #[new]
    #[pyo3(signature = (bus, address = Whole::Fits(0x70)), text_signature = "(bus, address=0x70)")]
    fn new(py: Python<'_>, bus: Py<PySimBus>, address: Whole) -> PyResult<PyTca9548a> {
        let address =
            address.within("address", 0x70, 0x77, "it is set by three address pins: 0x70 to 0x77")?;
        let on = bus.get().bus();
        let mux = py.detach(|| on.attach(Tca9548a::new(address)));
        Ok(PyTca9548a { bus, address, mux })
    }

    /// Its address.
    #[getter]
    const fn address(&self) -> u8 {
        self.address
    }

    /// What its register holds: bit n is channel n.
    #[getter]
    fn control(&self, py: Python<'_>) -> u8 {
        self.with(py, |mux| mux.control())
    }

    /// What is behind channel 0 to 7: the place of a `SimSensor`.
    fn segment(slf: &Bound<'_, Self>, channel: Whole) -> PyResult<PySegment> {
        let most = i64::try_from(Tca9548a::CHANNELS).unwrap_or(8) - 1;
        let channel = channel.within("channel", 0, most, "a TCA9548A has eight channels: 0 to 7")?;
        Ok(PySegment { mux: slf.clone().unbind(), channel })
    }

    /// A pulse on its reset pin, or a dip of its supply: nothing is connected.
    fn reset(&self, py: Python<'_>) {
        self.with(py, Tca9548a::reset);
    }

    /// Takes its power away: it answers nothing and connects nothing.
    fn power_off(&self, py: Python<'_>) {
        self.with(py, Tca9548a::power_off);
    }

    /// Gives it power.
    fn power_on(&self, py: Python<'_>) {
        self.with(py, Tca9548a::power_on);
    }

    /// Lets a write of its register be acknowledged and go wrong, the nth from now (0 is the next one).
    ///
    /// The bits of the mask arrive inverted; with a mask of 0 the write has no effect.
    #[pyo3(signature = (mask, *, nth = Whole::Fits(0)), text_signature = "($self, mask, *, nth=0)")]
    fn spoil_write(&self, py: Python<'_>, mask: Whole, nth: Whole) -> PyResult<()> {
        let mask = mask.within("mask", 0, 255, "the register has eight bits")?;
        let nth = nth.within("nth", 0, 255, "0 is the next write")?;
        self.with(py, |mux| mux.spoil_write(nth, mask));
        Ok(())
    }

    fn __repr__(&self, py: Python<'_>) -> String {
        format!("<Tca9548a at {:#04x}: {:#010b}>", self.address, self.control(py))
    }
}

/// What is behind one channel of a multiplexer.
///
/// Threads: it may be used from any.
#[pyclass(frozen, name = "Segment", module = "mlsensor.sim")]
pub(crate) struct PySegment {
    mux: Py<PyTca9548a>,
    channel: u8,
}

impl PySegment {
    pub(super) fn bus(&self) -> &Py<PySimBus> {
        &self.mux.get().bus
    }

    pub(super) fn attach<T: Target + Send + 'static>(&self, py: Python<'_>, target: T) -> Attached<T> {
        let mux = self.mux.get();
        let bus = mux.bus.get().bus();
        mux.with(py, |mux| mux.attach(bus, self.channel, target))
    }
}

#[pymethods]
impl PySegment {
    /// The multiplexer.
    #[getter]
    fn mux(&self, py: Python<'_>) -> Py<PyTca9548a> {
        self.mux.clone_ref(py)
    }

    /// The number of its channel, 0 to 7.
    #[getter]
    const fn channel(&self) -> u8 {
        self.channel
    }

    fn __repr__(&self) -> String {
        format!("<segment {} of a Tca9548a at {:#04x}>", self.channel, self.mux.get().address)
    }
}
