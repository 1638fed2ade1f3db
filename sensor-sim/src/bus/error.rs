//! Why a transfer on a simulated bus failed.

use embedded_hal::i2c::{self, ErrorKind, NoAcknowledgeSource};

/// Why a transfer on a simulated bus failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SimBusError {
    /// Nothing acknowledged.
    NoAcknowledge {
        /// The address that was called.
        address: u8,
        /// Whether the address or a byte of data was not acknowledged.
        source: NoAcknowledgeSource,
    },
    /// A target holds the data line low; see [`SimBus::recover`](super::SimBus::recover).
    DataLineLow,
}

impl core::fmt::Display for SimBusError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            SimBusError::NoAcknowledge { address, source: NoAcknowledgeSource::Data } => {
                write!(f, "{address:#04x} did not acknowledge a byte")
            }
            SimBusError::NoAcknowledge { address, .. } => write!(f, "nothing acknowledged {address:#04x}"),
            SimBusError::DataLineLow => f.write_str("the data line is held low"),
        }
    }
}

impl core::error::Error for SimBusError {}

impl i2c::Error for SimBusError {
    fn kind(&self) -> ErrorKind {
        match self {
            SimBusError::NoAcknowledge { source, .. } => ErrorKind::NoAcknowledge(*source),
            SimBusError::DataLineLow => ErrorKind::Bus,
        }
    }
}
