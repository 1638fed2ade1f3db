//! Multiplexers.

use mlsensor_host::Report;
use mlsensor_host::mux::{MuxError, NoSuchChannel};
use mlsensor_host::source::AnyBusError;
use mlsensor_host::supervisor::RetryHint as _;
use pyo3::prelude::*;

use super::bus::{SIM_HELP, for_python};
use super::{bus, closed, config, transfer};
use crate::wire::WireError;

/// There is no such multiplexer, or no such channel of it.
pub(crate) fn no_such_channel(error: &NoSuchChannel) -> PyErr {
    config(
        &error.to_string(),
        "multiplexers have addresses from 0x70 to 0x77, which are given to Muxes(), and channels from 0 to 7",
    )
}

/// A transfer through multiplexers, on the bus or the channel of this name, failed.
pub(crate) fn mux(name: &str, error: &MuxError<WireError>) -> PyErr {
    match error {
        // Not the multiplexer has failed, but what is behind its channel.
        MuxError::Bus(WireError::Source(AnyBusError::Real(error))) => {
            return bus(for_python(error, error.report_as(name)), error.errno());
        }
        MuxError::Bus(error) => return transfer(name, error),
        MuxError::Mux(WireError::Source(AnyBusError::Stopped))
        | MuxError::InDoubt(Some(WireError::Source(AnyBusError::Stopped))) => return closed(),
        MuxError::AddressOfMux(_) => {
            return config(&format!("{name}: {error}"), "the address of a sensor is wanted: 0x62");
        }
        _ => {}
    }
    let path = name.find("/dev/i2c-").and_then(|at| name.get(at..));
    let report = error.report_on(path.unwrap_or_default());
    let run = if path.is_some() { report.run } else { SIM_HELP.to_owned() };
    bus(Report { what: format!("{name}: {}", report.what), run, ..report }, error.errno())
}
