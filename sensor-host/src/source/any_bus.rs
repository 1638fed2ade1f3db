//! One type for every bus, so that a program has one type of sensor.

use std::fmt;

use embedded_hal::i2c::{self, ErrorKind, I2c, Operation};
use mlsensor_sim::{RecordedError, Replay, ReplayError, SimBus, SimBusError};

use super::Stop;
#[cfg(target_os = "linux")]
use crate::linux::LinuxBus;
use crate::linux::{Doing, LinuxError, LinuxErrorKind, Retry};
use crate::supervisor::retry_of_kind;

/// The bus of a simulated sensor, of a recording, or of the system. When the program is to end, it does nothing any more:
/// waits are cut short then, and what is read or sent after such a wait would come too soon.
pub struct AnyBus {
    kind: Kind,
    stop: Stop,
    has_ended: bool,
}

pub(super) enum Kind {
    /// A simulated bus, in virtual time.
    Simulated(SimBus),
    /// A recording, which answers reads and takes every write.
    Recorded(Replay),
    /// A bus of the kernel.
    #[cfg(target_os = "linux")]
    Real(LinuxBus),
    /// One that could not be opened yet, and why.
    #[cfg(target_os = "linux")]
    Awaited(LinuxError),
}

impl AnyBus {
    pub(super) const fn new(kind: Kind, stop: Stop) -> AnyBus {
        AnyBus { kind, stop, has_ended: false }
    }

    /// Whether it is a bus of the system, where something else than a Person Sensor may answer.
    #[must_use]
    pub const fn is_real(&self) -> bool {
        !matches!(self.kind, Kind::Simulated(_) | Kind::Recorded(_))
    }

    /// Whether it is open: one that is waited for is not, before it was [reopened](Self::reopen).
    #[must_use]
    pub const fn is_open(&self) -> bool {
        match self.kind {
            #[cfg(target_os = "linux")]
            Kind::Awaited(_) => false,
            _ => true,
        }
    }

    /// Whether it is a recording, and more was read than it has.
    pub(super) const fn has_ended(&self) -> bool {
        self.has_ended
    }

    /// The simulated bus, if it is one.
    #[must_use]
    pub const fn simulated(&self) -> Option<&SimBus> {
        match &self.kind {
            Kind::Simulated(bus) => Some(bus),
            _ => None,
        }
    }

    /// The bus of the kernel, if it is one.
    #[cfg(target_os = "linux")]
    #[must_use]
    pub const fn real(&self) -> Option<&LinuxBus> {
        match &self.kind {
            Kind::Real(bus) => Some(bus),
            _ => None,
        }
    }

    /// Opens a bus of the system anew: what helps where [`AnyBusError::retry`] says so. The others are as they were.
    ///
    /// # Errors
    /// As opening it.
    pub fn reopen(&mut self) -> Result<(), AnyBusError> {
        match &mut self.kind {
            Kind::Simulated(_) | Kind::Recorded(_) => Ok(()),
            #[cfg(target_os = "linux")]
            Kind::Real(bus) => bus.reopen().map_err(AnyBusError::Real),
            #[cfg(target_os = "linux")]
            Kind::Awaited(error) => {
                self.kind = Kind::Real(LinuxBus::open(error.bus()).map_err(AnyBusError::Real)?);
                Ok(())
            }
        }
    }
}

impl fmt::Debug for AnyBus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            Kind::Simulated(bus) => bus.fmt(f),
            Kind::Recorded(_) => f.write_str("Replay { .. }"),
            #[cfg(target_os = "linux")]
            Kind::Real(bus) => bus.fmt(f),
            #[cfg(target_os = "linux")]
            Kind::Awaited(error) => f.debug_tuple("Awaited").field(error).finish(),
        }
    }
}

/// Why a transfer failed. Its text is that of the bus.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum AnyBusError {
    /// The simulated bus failed.
    Simulated(SimBusError),
    /// It failed when it was recorded.
    Recorded(RecordedError),
    /// There is nothing more to read: the recording has ended.
    Ended,
    /// The program is to end: nothing was sent.
    Stopped,
    /// A bus of the system failed.
    Real(LinuxError),
}

impl AnyBusError {
    /// Whether another try can help, and when.
    #[must_use]
    pub const fn retry(&self) -> Retry {
        match self {
            AnyBusError::Simulated(_) => Retry::AfterMs(140),
            // As it was then.
            AnyBusError::Recorded(RecordedError { errno: Some(errno), .. }) => {
                LinuxErrorKind::of(Doing::Read, *errno).retry()
            }
            AnyBusError::Recorded(error) => retry_of_kind(error.kind),
            AnyBusError::Ended | AnyBusError::Stopped => Retry::Never,
            AnyBusError::Real(error) => error.retry(),
        }
    }
}

impl AnyBusError {
    /// What the system calls it, if it was the system; of a recording, the one on which it was made.
    #[must_use]
    pub const fn errno(&self) -> Option<i32> {
        match self {
            AnyBusError::Real(error) => error.errno(),
            AnyBusError::Recorded(error) => error.errno,
            _ => None,
        }
    }
}

impl fmt::Display for AnyBusError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            AnyBusError::Simulated(error) => error.fmt(f),
            AnyBusError::Recorded(error) => error.fmt(f),
            AnyBusError::Ended => ReplayError::Finished.fmt(f),
            AnyBusError::Stopped => f.write_str("the program was interrupted"),
            AnyBusError::Real(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for AnyBusError {}

impl i2c::Error for AnyBusError {
    fn kind(&self) -> ErrorKind {
        match self {
            AnyBusError::Simulated(error) => i2c::Error::kind(error),
            AnyBusError::Recorded(error) => error.kind,
            AnyBusError::Ended | AnyBusError::Stopped => ErrorKind::Other,
            AnyBusError::Real(error) => i2c::Error::kind(error),
        }
    }
}

impl From<ReplayError> for AnyBusError {
    fn from(error: ReplayError) -> AnyBusError {
        match error {
            ReplayError::Recorded(error) => AnyBusError::Recorded(error),
            _ => AnyBusError::Ended,
        }
    }
}

impl i2c::ErrorType for AnyBus {
    type Error = AnyBusError;
}

impl I2c for AnyBus {
    fn transaction(&mut self, address: u8, operations: &mut [Operation<'_>]) -> Result<(), AnyBusError> {
        if self.stop.is_requested() {
            return Err(AnyBusError::Stopped);
        }
        match &mut self.kind {
            Kind::Simulated(bus) => {
                I2c::transaction(bus, address, operations).map_err(AnyBusError::Simulated)
            }
            Kind::Recorded(replay) => {
                let outcome = I2c::transaction(replay, address, operations).map_err(AnyBusError::from);
                self.has_ended |= outcome == Err(AnyBusError::Ended);
                outcome
            }
            #[cfg(target_os = "linux")]
            Kind::Real(bus) => bus.transaction(address, operations).map_err(AnyBusError::Real),
            #[cfg(target_os = "linux")]
            Kind::Awaited(error) => Err(AnyBusError::Real(error.clone())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_the_wish_to_end_nothing_reaches_the_bus() {
        let (sim, stop) = (SimBus::new(), Stop::new());
        sim.start_log();
        let mut bus = AnyBus::new(Kind::Simulated(sim.clone()), stop.clone());
        assert!(matches!(bus.write(0x62, &[1, 1]), Err(AnyBusError::Simulated(_))));
        stop.request();
        assert_eq!(bus.write(0x62, &[1, 1]), Err(AnyBusError::Stopped));
        assert_eq!(AnyBusError::Stopped.retry(), Retry::Never);
        assert_eq!(sim.take_log().transfers.len(), 1);
    }
}
