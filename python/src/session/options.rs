//! How a source is read, as it was asked for.

use std::time::Duration;

use pyo3::prelude::*;

use crate::errors;
use crate::time::{Seconds, seconds};
use crate::values::{Config, Whole};

/// How a source is read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Options {
    pub(super) address: u8,
    pub(super) config: Option<mlsensor::Config>,
    pub(super) every: Option<Duration>,
}

impl Options {
    pub(super) fn new(address: Whole, config: Option<&Config>, every: Option<Seconds>) -> PyResult<Options> {
        let likely = "addresses of parts on I2C are 0x08 to 0x77; a Person Sensor has 0x62";
        let address = address.within("address", 0x08, 0x77, likely)?;
        let every = every.map(|Seconds(every)| every);
        if let Some(every) = every.filter(|every| !(10..=500).contains(&every.as_millis())) {
            return Err(errors::config(
                &format!("a sensor is not read every {} s", seconds(every)),
                "every is 0.01 to 0.5; without it, it is read just after each inference",
            ));
        }
        Ok(Options { address, config: config.map(|config| config.0), every })
    }
}
