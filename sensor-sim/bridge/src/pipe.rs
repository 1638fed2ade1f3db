//! What carries the bytes.

use core::fmt;

/// A pair of byte streams to the host: files of the emulator's host by semihosting, a serial line, a socket.
///
/// Both calls block until all bytes have gone through. An end of the stream is an error: what comes of a host that is gone
/// must not be a wait.
pub trait Pipe {
    /// Why bytes did not go through.
    type Error: fmt::Debug;

    /// Sends all of these bytes.
    ///
    /// # Errors
    /// If not all could be sent.
    fn write_all(&mut self, bytes: &[u8]) -> Result<(), Self::Error>;

    /// Fills the buffer with what comes.
    ///
    /// # Errors
    /// If the stream ends, or breaks, before it is full.
    fn read_exact(&mut self, bytes: &mut [u8]) -> Result<(), Self::Error>;
}

impl<P: Pipe + ?Sized> Pipe for &mut P {
    type Error = P::Error;

    fn write_all(&mut self, bytes: &[u8]) -> Result<(), P::Error> {
        P::write_all(self, bytes)
    }

    fn read_exact(&mut self, bytes: &mut [u8]) -> Result<(), P::Error> {
        P::read_exact(self, bytes)
    }
}
