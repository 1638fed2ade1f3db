//! Why a conversation with firmware ended otherwise than by its end.

use core::fmt;
use std::io;

/// Why a [`Bridge`](super::Bridge) serves a firmware no longer.
#[derive(Debug)]
#[non_exhaustive]
pub enum BridgeError {
    /// The pipe failed.
    Pipe(io::Error),
    /// The firmware was gone in the middle of a request: an emulator that was killed.
    CutShort,
    /// The first bytes are no hello: whatever this is, it does not use `mlsensor-bridge`.
    NoHello([u8; 10]),
    /// The firmware speaks another version of the protocol: this one.
    Version(u8),
    /// Bytes in the place of a request that are none: what firmware sends that overwrote its own memory, or two that write to
    /// one pipe.
    NoRequest(Vec<u8>),
}

impl From<io::Error> for BridgeError {
    fn from(error: io::Error) -> BridgeError {
        match error.kind() {
            io::ErrorKind::UnexpectedEof => BridgeError::CutShort,
            _ => BridgeError::Pipe(error),
        }
    }
}

impl fmt::Display for BridgeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            BridgeError::Pipe(error) => write!(f, "the pipe to the firmware failed: {error}"),
            BridgeError::CutShort => f.write_str("the firmware was gone in the middle of a request"),
            BridgeError::NoHello(bytes) => write!(f, "the first bytes are no hello: {bytes:02x?}"),
            BridgeError::Version(version) => write!(
                f,
                "the firmware speaks version {version} of the bridge, and this is version {}",
                mlsensor_bridge::wire::VERSION
            ),
            BridgeError::NoRequest(bytes) => write!(f, "the firmware sent what is no request: {bytes:02x?}"),
        }
    }
}

impl core::error::Error for BridgeError {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            BridgeError::Pipe(error) => Some(error),
            _ => None,
        }
    }
}
