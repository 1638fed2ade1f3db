//! A recording as a bus.

use core::time::Duration;
use std::sync::{Arc, Mutex};

use embedded_hal::i2c::{self, ErrorKind, Operation};

use super::{Recording, Transfer, lock};
use crate::Direction;

/// A bus that answers each read with the next recorded read of that address, errors included. Writes are
/// acknowledged and change nothing. Clones are handles of the same replay.
///
/// ```
/// use mlsensor::{Error, PersonSensor};
/// use mlsensor_sim::{Recording, ReplayError};
///
/// let replay = Recording::parse("0.14 62 r ! nack-address")?.replay();
/// let mut sensor = PersonSensor::new(replay.clone());
/// assert!(matches!(sensor.read(), Err(Error::I2c(ReplayError::Recorded(_)))));
/// assert_eq!(replay.now().as_millis(), 140);
/// assert_eq!(sensor.read(), Err(Error::I2c(ReplayError::Finished)));
/// # Ok::<(), mlsensor_sim::RecordingError>(())
/// ```
#[derive(Debug, Clone)]
pub struct Replay {
    inner: Arc<Mutex<Inner>>,
}

#[derive(Debug)]
struct Inner {
    transfers: Vec<Transfer>,
    next: usize,
    now: Duration,
}

impl Inner {
    fn next_read(&mut self, address: u8) -> Option<&Transfer> {
        let ahead = self.transfers.get(self.next..)?;
        let wanted =
            |transfer: &Transfer| transfer.direction == Direction::Read && transfer.address == address;
        let found = self.next + ahead.iter().position(wanted)?;
        self.next = found + 1;
        let transfer = self.transfers.get(found)?;
        self.now = transfer.at;
        Some(transfer)
    }
}

impl Replay {
    pub(super) fn new(recording: Recording) -> Replay {
        let inner = Inner { transfers: recording.transfers, next: 0, now: Duration::ZERO };
        Replay { inner: Arc::new(Mutex::new(inner)) }
    }

    /// The time stamp of the read that was replayed last.
    #[must_use]
    pub fn now(&self) -> Duration {
        lock(&self.inner).now
    }

    fn transfer(&self, address: u8, operations: &mut [Operation<'_>]) -> Result<(), ReplayError> {
        let mut inner = lock(&self.inner);
        // Adjacent reads are one transfer, as they were when it was recorded.
        let mut under_way: Option<std::vec::IntoIter<u8>> = None;
        for operation in operations {
            let Operation::Read(bytes) = operation else {
                under_way = None;
                continue;
            };
            let recorded = match &mut under_way {
                Some(recorded) => recorded,
                None => {
                    let read = inner.next_read(address).ok_or(ReplayError::Finished)?;
                    if let Some(error) = read.error {
                        return Err(ReplayError::Recorded(RecordedError { kind: error, errno: read.errno }));
                    }
                    under_way.insert(read.bytes.clone().into_iter())
                }
            };
            // What was not recorded reads as an undriven bus.
            bytes.fill_with(|| recorded.next().unwrap_or(0xFF));
        }
        Ok(())
    }
}

/// An error as it was recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct RecordedError {
    /// What kind of failure it was.
    pub kind: ErrorKind,
    /// What the operating system called it, if that was recorded.
    pub errno: Option<i32>,
}

/// An error whose errno nobody recorded.
impl From<ErrorKind> for RecordedError {
    fn from(kind: ErrorKind) -> RecordedError {
        RecordedError { kind, errno: None }
    }
}

impl core::fmt::Display for RecordedError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "recorded: {}", self.kind)?;
        // In no words of this system: it was recorded on another one.
        self.errno.map_or(Ok(()), |errno| write!(f, " (errno {errno})"))
    }
}

/// Why a replayed transfer failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ReplayError {
    /// It failed when it was recorded.
    Recorded(RecordedError),
    /// The recording has no more reads of this address.
    Finished,
}

impl core::fmt::Display for ReplayError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            ReplayError::Recorded(error) => error.fmt(f),
            ReplayError::Finished => f.write_str("the recording has ended"),
        }
    }
}

impl core::error::Error for ReplayError {}

impl i2c::Error for ReplayError {
    fn kind(&self) -> ErrorKind {
        match self {
            ReplayError::Recorded(error) => error.kind,
            ReplayError::Finished => ErrorKind::Other,
        }
    }
}

impl i2c::ErrorType for Replay {
    type Error = ReplayError;
}

impl i2c::I2c for Replay {
    fn transaction(&mut self, address: u8, operations: &mut [Operation<'_>]) -> Result<(), ReplayError> {
        self.transfer(address, operations)
    }
}

impl embedded_hal_async::i2c::I2c for Replay {
    async fn transaction(
        &mut self,
        address: u8,
        operations: &mut [Operation<'_>],
    ) -> Result<(), ReplayError> {
        self.transfer(address, operations)
    }
}
