//! Why something did not come to pass over a bridge.

use core::fmt;

use embedded_hal::{digital, i2c};

/// Why a call over the bridge failed. `E` is the error of the pipe.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum BridgeError<E> {
    /// The bus failed, and this is how: the kind is that of the host's bus.
    I2c(i2c::ErrorKind),
    /// The pipe failed: the host is gone, or was never there.
    Pipe(E),
    /// A call before has failed in a way after which the two ends do not know any more what the other one means.
    Closed,
    /// What answers speaks another version of the protocol: this one.
    Version(u8),
    /// What answers is no host end of this bridge.
    NotABridge,
    /// The host took a request for none.
    Refused,
    /// More than a transaction over the bridge can carry: 65,535 operations, 65,535 bytes to read, 4 GiB a write.
    TooLong,
    /// A wait of more than 49 days, or of more than a day for the pin.
    TooFar,
    /// The scene ended while a level was waited for.
    SceneEnded,
    /// A level is waited for that nothing will ever bring.
    NothingWillHappen,
    /// There is no presence pin.
    NoPin,
}

impl<E: fmt::Debug> fmt::Display for BridgeError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            BridgeError::I2c(kind) => write!(f, "I2C: {kind}"),
            BridgeError::Pipe(error) => write!(f, "the pipe to the host failed: {error:?}"),
            BridgeError::Closed => f.write_str("the bridge is closed by an error before"),
            BridgeError::Version(version) => write!(f, "the host speaks version {version} of the protocol"),
            BridgeError::NotABridge => f.write_str("what answers is no host end of a bridge"),
            BridgeError::Refused => f.write_str("the host refused a request"),
            BridgeError::TooLong => f.write_str("the transaction is too long for the bridge"),
            BridgeError::TooFar => f.write_str("the wait is longer than the bridge allows"),
            BridgeError::SceneEnded => f.write_str("the scene ended before the level came"),
            BridgeError::NothingWillHappen => f.write_str("waiting for a level that nothing will bring"),
            BridgeError::NoPin => f.write_str("there is no presence pin"),
        }
    }
}

impl<E: fmt::Debug> core::error::Error for BridgeError<E> {}

impl<E: fmt::Debug> i2c::Error for BridgeError<E> {
    fn kind(&self) -> i2c::ErrorKind {
        match self {
            BridgeError::I2c(kind) => *kind,
            _ => i2c::ErrorKind::Other,
        }
    }
}

impl<E: fmt::Debug> digital::Error for BridgeError<E> {
    fn kind(&self) -> digital::ErrorKind {
        digital::ErrorKind::Other
    }
}
