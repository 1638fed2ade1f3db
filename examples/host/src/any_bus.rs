//! One type for every bus that an example reads from, so that an example has one type of sensor.

use std::fmt;
use std::time::{Duration, Instant};

use embedded_hal::delay::DelayNs;
use embedded_hal::i2c::{self, Error as _, ErrorKind, I2c, Operation};
use mlsensor_sim::{Replay, ReplayError, SimBus};

use crate::stop::Stop;

/// The bus of a simulated sensor, of a recording, or of the system. When the program is to end, it does nothing any more:
/// waits are cut short then, and what is read or sent after such a wait would come too soon.
pub(crate) struct AnyBus {
    pub(crate) kind: Kind,
    pub(crate) stop: Stop,
}

pub(crate) enum Kind {
    /// A simulated bus, in virtual time.
    Simulated(SimBus),
    /// A recording, which answers reads and takes every write.
    Recorded(Replay),
    /// A bus of the kernel.
    #[cfg(target_os = "linux")]
    Real(crate::linux_bus::LinuxBus),
}

/// Why a transfer failed, in the words of the bus.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AnyBusError {
    kind: ErrorKind,
    words: String,
    /// There is nothing more to read: the recording has ended.
    pub(crate) is_end: bool,
}

impl fmt::Display for AnyBusError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words)
    }
}

impl std::error::Error for AnyBusError {}

impl i2c::Error for AnyBusError {
    fn kind(&self) -> ErrorKind {
        self.kind
    }
}

impl i2c::ErrorType for AnyBus {
    type Error = AnyBusError;
}

impl I2c for AnyBus {
    fn transaction(&mut self, address: u8, operations: &mut [Operation<'_>]) -> Result<(), AnyBusError> {
        if self.stop.is_requested() {
            let words = "the program was interrupted".to_owned();
            return Err(AnyBusError { kind: ErrorKind::Other, words, is_end: false });
        }
        match &mut self.kind {
            Kind::Simulated(bus) => bus.transaction(address, operations).map_err(|kind| AnyBusError {
                kind: kind.kind(),
                words: kind.to_string(),
                is_end: false,
            }),
            Kind::Recorded(replay) => replay.transaction(address, operations).map_err(|error| AnyBusError {
                kind: error.kind(),
                words: error.to_string(),
                is_end: error == ReplayError::Finished,
            }),
            #[cfg(target_os = "linux")]
            Kind::Real(bus) => bus.transaction(address, operations).map_err(|error| AnyBusError {
                kind: error.kind(),
                words: error.0.to_string(),
                is_end: false,
            }),
        }
    }
}

/// Waits as the bus lets time pass: a simulated one in virtual time, a real one in real time, until Ctrl-C.
#[derive(Clone)]
pub(crate) struct AnyDelay {
    pub(crate) simulated: Option<SimBus>,
    /// When time began.
    pub(crate) begin: Instant,
    /// Whether real time is to pass: for a real bus, and for a simulated one that is to be as slow.
    pub(crate) is_real: bool,
    pub(crate) stop: Stop,
}

impl AnyDelay {
    /// The time from the start.
    pub(crate) fn now(&self) -> Duration {
        self.simulated.as_ref().map_or_else(|| self.begin.elapsed(), SimBus::now)
    }
}

impl DelayNs for AnyDelay {
    fn delay_ns(&mut self, ns: u32) {
        let time = Duration::from_nanos(ns.into());
        if let Some(bus) = &self.simulated {
            bus.advance(time);
        }
        if self.is_real {
            self.stop.wait_until(Instant::now() + time);
        }
    }
}
