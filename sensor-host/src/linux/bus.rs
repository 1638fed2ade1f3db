//! A bus of the kernel, `/dev/i2c-N`, as embedded-hal wants one.
//!
//! A single read or write is one `read` or `write` of the file: one message on the wire, the last one too, which is all
//! that every adapter can do (a Raspberry Pi's `i2c-bcm2835` takes one read message a transfer). And it tells how many
//! bytes it moved, which `I2C_RDWR` does not: there an adapter that made no message at all leaves old bytes in the
//! buffer. `linux-embedded-hal` uses `I2C_RDWR` for everything, does not look at how many messages were made, and opens
//! the file anew for each change of address; so what it is made of, `i2cdev`, is used here itself.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use embedded_hal::i2c::{self, I2c, Operation};
use i2cdev::core::{I2CMessage as _, I2CTransfer as _};
use i2cdev::linux::{LinuxI2CDevice, LinuxI2CError, LinuxI2CMessage};

use super::error::errno::EINVAL;
use super::{Doing, LinuxError, LinuxErrorKind, sys};

/// The longest message of a transaction that the kernel takes, in bytes (`i2c-dev`).
const LONGEST_MESSAGE: usize = 8192;

/// A bus of the kernel.
#[derive(Debug)]
pub struct LinuxBus {
    path: Arc<str>,
    device: LinuxI2CDevice,
    /// The address that the open file has.
    address: Option<u8>,
    timeout_refused: Option<i32>,
}

impl LinuxBus {
    /// How long the kernel is told to wait for the bus in one try. Its own default is a second. A 39-byte read takes 4 ms
    /// at 100 kHz and 36 ms at 10 kHz.
    pub const TIMEOUT: Duration = Duration::from_millis(50);

    /// Opens a bus by its path, such as `/dev/i2c-1`. Nothing goes over the wire. The kernel's time-out is set to
    /// [`TIMEOUT`](Self::TIMEOUT), for the whole adapter; see [`timeout`](Self::timeout).
    ///
    /// # Errors
    /// [`LinuxError`], with the errno.
    pub fn open(path: impl Into<Arc<str>>) -> Result<LinuxBus, LinuxError> {
        let path = path.into();
        let device = LinuxI2CDevice::new(&*path, 0)
            .map_err(|error| LinuxError::new(path.clone(), Doing::Open, errno_of(&error)))?;
        let timeout_refused =
            sys::set_timeout(&device, LinuxBus::TIMEOUT).err().map(|error| errno_of_io(&error));
        Ok(LinuxBus { path, device, address: None, timeout_refused })
    }

    /// Closes the bus and opens it again: what helps after its adapter was gone.
    ///
    /// # Errors
    /// As [`open`](Self::open). The old file is kept then.
    pub fn reopen(&mut self) -> Result<(), LinuxError> {
        *self = LinuxBus::open(self.path.clone())?;
        Ok(())
    }

    /// The path.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// How long the kernel waits for the bus in one try.
    ///
    /// # Errors
    /// The errno with which the kernel refused [`TIMEOUT`](Self::TIMEOUT): it waits as long as it always did then, a second
    /// unless somebody has set something else.
    pub const fn timeout(&self) -> Result<Duration, i32> {
        match self.timeout_refused {
            Some(errno) => Err(errno),
            None => Ok(LinuxBus::TIMEOUT),
        }
    }

    fn error(&self, doing: Doing, errno: i32) -> LinuxError {
        LinuxError::new(self.path.clone(), doing, errno)
    }

    fn short(&self, doing: Doing, kind: LinuxErrorKind) -> LinuxError {
        LinuxError::without_errno(self.path.clone(), doing, kind)
    }

    fn set_address(&mut self, address: u8) -> Result<(), LinuxError> {
        if self.address != Some(address) {
            self.address = None;
            let set = self.device.set_slave_address(address.into());
            set.map_err(|error| self.error(Doing::Address, errno_of(&error)))?;
            self.address = Some(address);
        }
        Ok(())
    }

    fn read_plain(&self, bytes: &mut [u8]) -> Result<(), LinuxError> {
        let wanted = bytes.len();
        match sys::read(&self.device, bytes) {
            Ok(got) if got == wanted => Ok(()),
            Ok(got) => Err(self.short(Doing::Read, LinuxErrorKind::ShortRead { got, wanted })),
            Err(error) => Err(self.error(Doing::Read, errno_of_io(&error))),
        }
    }

    fn write_plain(&self, bytes: &[u8]) -> Result<(), LinuxError> {
        let of = bytes.len();
        match sys::write(&self.device, bytes) {
            Ok(taken) if taken == of => Ok(()),
            Ok(taken) => Err(self.short(Doing::Write, LinuxErrorKind::ShortWrite { taken, of })),
            Err(error) => Err(self.error(Doing::Write, errno_of_io(&error))),
        }
    }

    fn transfer(&mut self, operations: &mut [Operation<'_>]) -> Result<(), LinuxError> {
        let mut messages = Vec::with_capacity(operations.len());
        for operation in operations {
            let (message, len) = match operation {
                Operation::Read(bytes) => {
                    let len = bytes.len();
                    (LinuxI2CMessage::read(bytes), len)
                }
                Operation::Write(bytes) => (LinuxI2CMessage::write(bytes), bytes.len()),
            };
            if len > LONGEST_MESSAGE {
                // What the kernel says; but the length would have been cut to 16 bits on the way there.
                return Err(self.error(Doing::Transfer, EINVAL));
            }
            messages.push(message);
        }
        let of = messages.len();
        match self.device.transfer(&mut messages) {
            Ok(done) if done as usize == of => Ok(()),
            Ok(done) => {
                let kind = LinuxErrorKind::Incomplete { done: done as usize, of };
                Err(self.short(Doing::Transfer, kind))
            }
            Err(error) => Err(self.error(Doing::Transfer, errno_of(&error))),
        }
    }
}

/// The errno of an error. Without one it was the path, which holds a zero byte: what the kernel calls invalid.
fn errno_of(error: &LinuxI2CError) -> i32 {
    match error {
        LinuxI2CError::Errno(errno) => *errno,
        LinuxI2CError::Io(error) => errno_of_io(error),
    }
}

fn errno_of_io(error: &io::Error) -> i32 {
    error.raw_os_error().unwrap_or(EINVAL)
}

impl i2c::ErrorType for LinuxBus {
    type Error = LinuxError;
}

impl I2c for LinuxBus {
    fn transaction(&mut self, address: u8, operations: &mut [Operation<'_>]) -> Result<(), LinuxError> {
        self.set_address(address)?;
        match operations {
            [] => Ok(()),
            [Operation::Read(bytes)] => self.read_plain(bytes),
            [Operation::Write(bytes)] => self.write_plain(bytes),
            operations => self.transfer(operations),
        }
    }
}
