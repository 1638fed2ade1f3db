//! Multiplexers that this program drives: `mlsensor_host::mux`, for Python.

use std::sync::Arc;

use mlsensor_host::mux;
use mlsensor_host::source::{Opening, SourceName, Stop};
use mlsensor_sim::SimBus;
use pyo3::prelude::*;
use pyo3::types::PyInt;

use crate::errors;
use crate::sim::PySimBus;
use crate::values::Whole;
use crate::wire::Wire;

/// A bus by its name, or by its number.
fn source_name(bus: &Bound<'_, PyAny>) -> PyResult<SourceName> {
    let text = if bus.is_instance_of::<PyInt>() {
        let number: Whole = bus.extract()?;
        let likely = "the number of a bus is that of its /dev/i2c-N";
        number.within::<u32>("bus", 0, i64::from(u32::MAX), likely)?.to_string()
    } else {
        bus.extract()?
    };
    text.parse().map_err(|error| errors::source_name(&error))
}

/// An address of a multiplexer.
fn mux_address(address: Whole) -> PyResult<u8> {
    address.within("address", 0x70, 0x77, "a TCA9548A has three address pins: 0x70 to 0x77")
}

/// The bus that the multiplexers are on.
struct On {
    /// Its name, for errors.
    name: Arc<str>,
    /// The simulated bus, if it is one: its time is virtual.
    simulated: Option<SimBus>,
    /// The same, if it is one of the program.
    of_program: Option<Py<PySimBus>>,
}

impl On {
    fn clone_ref(&self, py: Python<'_>) -> On {
        On {
            name: self.name.clone(),
            simulated: self.simulated.clone(),
            of_program: self.of_program.as_ref().map(|bus| bus.clone_ref(py)),
        }
    }
}

/// The TCA9548A multiplexers of one bus, which this program drives: for several sensors of one address.
///
/// ``bus`` is a path, a number, the name of any source, or a :class:`mlsensor.sim.SimBus`; ``addresses`` are
/// 0x70 to 0x77; without them, there is one at 0x70. Nothing is sent. All multiplexers of a bus belong into
/// one ``Muxes``. Where the kernel drives them (``dtoverlay=i2c-mux,pca9548``), each channel is a bus of its
/// own, and this is not needed. Raises :class:`ConfigError`, :class:`NotFoundError` or :class:`BusError`.
///
/// Threads: may be used from several, and so may its channels; their transfers come one after the other.
#[pyclass(frozen, module = "mlsensor")]
pub(crate) struct Muxes {
    muxes: mux::Muxes<Wire>,
    on: On,
}

#[pymethods]
impl Muxes {
    #[new]
    #[pyo3(signature = (bus, addresses = None))]
    fn new(py: Python<'_>, bus: &Bound<'_, PyAny>, addresses: Option<&Bound<'_, PyAny>>) -> PyResult<Muxes> {
        let addresses = match addresses {
            None => vec![0x70],
            Some(addresses) => addresses
                .try_iter()?
                .map(|address| mux_address(address?.extract()?))
                .collect::<PyResult<_>>()?,
        };
        let (on, bus) = if let Ok(bus) = bus.cast::<PySimBus>() {
            let on = On {
                name: "a simulated bus of this program".into(),
                simulated: Some(bus.get().bus().clone()),
                of_program: Some(bus.clone().unbind()),
            };
            (on, Wire::Simulated(bus.get().i2c(), Stop::new()))
        } else {
            let name = source_name(bus)?;
            let opened = py.detach(|| name.open(&Opening::default()));
            let bus = opened.map_err(|error| errors::source(&error))?.bus;
            let simulated = bus.simulated().cloned();
            (On { name: name.to_string().into(), simulated, of_program: None }, Wire::Source(bus))
        };
        let muxes = mux::Muxes::new(bus, &addresses).map_err(|error| errors::no_such_channel(&error))?;
        Ok(Muxes { muxes, on })
    }

    /// Channel 0 to 7 of the multiplexer at an address, as a bus:
    /// ``PersonSensor(muxes.channel(0x70, 3))``. Nothing is sent. Raises :class:`ConfigError`.
    fn channel(&self, py: Python<'_>, address: Whole, channel: Whole) -> PyResult<Channel> {
        let address = mux_address(address)?;
        let channel = channel.within("channel", 0, 7, "a TCA9548A has eight channels: 0 to 7")?;
        // The multiplexers are locked for as long as a transfer takes.
        let found = py.detach(|| self.muxes.channel(address, channel));
        let found = found.map_err(|error| errors::no_such_channel(&error))?;
        let name = format!("channel {channel} of {address:#04x} on {}", self.on.name);
        Ok(Channel { channel: found, address, name: name.into(), on: self.on.clone_ref(py) })
    }

    /// Shuts all channels of all multiplexers, and makes sure of it. Raises :class:`BusError`.
    fn shut(&self, py: Python<'_>) -> PyResult<()> {
        py.detach(|| self.muxes.shut()).map_err(|error| errors::mux(&self.on.name, &error))
    }

    /// Shuts all channels and reads a byte of an address: whether nothing answers it in front of the
    /// multiplexers. What does would be on every channel. Raises :class:`BusError`.
    #[pyo3(signature = (address = Whole::Fits(0x62)), text_signature = "($self, address=0x62)")]
    fn is_free_in_front(&self, py: Python<'_>, address: Whole) -> PyResult<bool> {
        let address = address.within("address", 0x08, 0x77, "addresses of parts on I2C are 0x08 to 0x77")?;
        let is_free = py.detach(|| self.muxes.is_free_in_front(address));
        is_free.map_err(|error| errors::mux(&self.on.name, &error))
    }

    /// Whether it is not known what a multiplexer connects; it is shut before anything is read.
    #[getter]
    fn is_in_doubt(&self, py: Python<'_>) -> bool {
        py.detach(|| self.muxes.is_in_doubt())
    }
}

/// A channel of a multiplexer, as a bus for a :class:`PersonSensor`. Each reading comes from this channel,
/// or is an error.
///
/// Threads: may be used from several.
#[pyclass(frozen, module = "mlsensor")]
pub(crate) struct Channel {
    channel: mux::Channel<Wire>,
    address: u8,
    name: Arc<str>,
    on: On,
}

impl Channel {
    /// The bus of this channel.
    pub(crate) fn bus(&self) -> mux::Channel<Wire> {
        self.channel.clone()
    }

    /// What it is called in errors.
    pub(crate) fn called(&self) -> Arc<str> {
        self.name.clone()
    }

    /// The simulated bus in front of the multiplexers, if it is one: its time is virtual.
    pub(crate) const fn simulated(&self) -> Option<&SimBus> {
        self.on.simulated.as_ref()
    }
}

#[pymethods]
impl Channel {
    /// The address of its multiplexer, 0x70 to 0x77.
    #[getter]
    const fn address(&self) -> u8 {
        self.address
    }

    /// Its number, 0 to 7.
    #[getter]
    const fn number(&self) -> u8 {
        self.channel.number()
    }

    /// What it is called in errors.
    #[getter]
    fn name(&self) -> &str {
        &self.name
    }

    /// The simulated bus of the program that the multiplexers are on, if it is one.
    #[getter]
    fn sim_bus(&self, py: Python<'_>) -> Option<Py<PySimBus>> {
        self.on.of_program.as_ref().map(|bus| bus.clone_ref(py))
    }

    fn __repr__(&self) -> String {
        format!("<mlsensor.Channel: {}>", self.name)
    }
}
