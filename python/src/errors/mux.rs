//! Multiplexers.

use mlsensor_host::Report;
use mlsensor_host::mux::{MuxError, NoSuchChannel};
use mlsensor_host::source::AnyBusError;
use mlsensor_host::supervisor::RetryHint as _;
use pyo3::prelude::*;

use super::{bus, closed, config, transfer};

/// There is no such multiplexer, or no such channel of it.
pub(crate) fn no_such_channel(error: &NoSuchChannel) -> PyErr {
    config(
        &error.to_string(),
        "multiplexers have addresses from 0x70 to 0x77, which are given to Muxes(), and channels from 0 to 7",
    )
}

/// A transfer on the channel of this name failed.
pub(crate) fn channel(name: &str, error: &MuxError<AnyBusError>) -> PyErr {
    match error {
        // What is behind the channel, and not the multiplexer, has failed.
        MuxError::Bus(AnyBusError::Real(error)) => {
            let report = error.report_as(&format!("cannot use 0x62 on {name}"));
            bus(bus::for_python(error, report), error.errno())
        }
        MuxError::Bus(error) => transfer(name, error),
        error => mux(name, error),
    }
}

/// A multiplexer on the bus of this name fails.
pub(crate) fn mux(name: &str, error: &MuxError<AnyBusError>) -> PyErr {
    let (likely, errno) = match error {
        MuxError::Bus(error) => return transfer(name, error),
        MuxError::Mux(AnyBusError::Stopped) | MuxError::InDoubt(Some(AnyBusError::Stopped)) => {
            return closed();
        }
        MuxError::AddressOfMux(_) => {
            return config(&format!("{name}: {error}"), "the address of a sensor is wanted: 0x62");
        }
        MuxError::Mux(_) | MuxError::InDoubt(Some(_)) => (
            "the multiplexer does not answer: a loose wire, no power, or its address pins say another address",
            error.errno(),
        ),
        MuxError::Changed { .. } => ("it was reset, or another program sets it", None),
        _ => (
            "another part answers at its address, or bits are lost on the way: a loose wire, one too long",
            None,
        ),
    };
    let words = match error {
        // Its own text is for the developers of this package.
        MuxError::Mux(error) => format!("the multiplexer: {error}"),
        MuxError::InDoubt(Some(error)) => format!("the multiplexer cannot be shut: {error}"),
        error => error.to_string(),
    };
    let report = Report {
        what: format!("{name}: {words}"),
        likely: likely.to_owned(),
        run: "mlsensor probe".to_owned(),
        code: "MLSENSOR-MUX".to_owned(),
    };
    bus(report, errno)
}
