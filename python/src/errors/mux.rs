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
    let (words, likely) = match error {
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
        MuxError::Mux(error) => (format!("the multiplexer: {error}"), SILENT),
        MuxError::InDoubt(Some(error)) => (format!("the multiplexer cannot be shut: {error}"), SILENT),
        MuxError::Changed { .. } => (error.to_string(), "it was reset, or another program sets it"),
        _ => (
            error.to_string(),
            "another part answers at its address, or bits are lost on the way: a loose wire, one too long",
        ),
    };
    // A sensor is looked for by our own command, but no multiplexer.
    let run = match name.rsplit_once("/dev/i2c-") {
        Some((_, number)) => format!("i2cdetect -y -r {number} 0x70 0x77    (from the package i2c-tools)"),
        None => SIM_HELP.to_owned(),
    };
    let code = "MLSENSOR-MUX".to_owned();
    bus(Report { what: format!("{name}: {words}"), likely: likely.to_owned(), run, code }, error.errno())
}

/// Why a multiplexer does not answer.
const SILENT: &str = "it does not answer: a loose wire, no power, or its address pins say another address";
