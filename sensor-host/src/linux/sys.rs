//! What no safe library does: the kernel's time-out of a bus, reads and writes that tell how many bytes they moved, and a
//! GPIO line that tokio watches.
//!
//! All of it goes through the C library, as with any program: so a library that is loaded before it can stand in for the
//! kernel, as `mlsensor sim run --preload` does. (`rustix` makes system calls of its own.)
#![allow(unsafe_code, reason = "an ioctl by its number, and a file known by its descriptor alone")]

use std::fs::File;
use std::io::{self, Read as _, Write as _};
use std::mem::ManuallyDrop;
use std::os::fd::{AsRawFd as _, FromRawFd as _};
use std::time::Duration;

use i2cdev::linux::LinuxI2CDevice;

/// `I2C_TIMEOUT` of linux/i2c-dev.h, in units of 10 ms.
const I2C_TIMEOUT: u32 = 0x0702;

/// Does something with the open file of a bus, which stays the bus's.
fn with_file<R>(bus: &LinuxI2CDevice, with: impl FnOnce(&File) -> R) -> R {
    // SAFETY: the descriptor is of a file that `bus` owns and keeps open for as long as it is borrowed here; it is never
    // closed through this `File`, because that is never dropped.
    let file = ManuallyDrop::new(unsafe { File::from_raw_fd(bus.as_raw_fd()) });
    with(&file)
}

/// Sets how long the kernel waits for the bus in one try; it is rounded up to 10 ms. It holds for the whole adapter.
pub(super) fn set_timeout(bus: &LinuxI2CDevice, timeout: Duration) -> io::Result<()> {
    let units = libc::c_ulong::try_from(timeout.as_millis().div_ceil(10)).unwrap_or(libc::c_ulong::MAX);
    // SAFETY: the descriptor is open, and this request takes a number, not an address: no memory of this process is
    // touched.
    match unsafe { libc::ioctl(bus.as_raw_fd(), I2C_TIMEOUT as _, units) } {
        -1 => Err(io::Error::last_os_error()),
        _ => Ok(()),
    }
}

/// One read: how many bytes came. Not repeated if they are too few, because that would be another transfer.
pub(super) fn read(bus: &LinuxI2CDevice, bytes: &mut [u8]) -> io::Result<usize> {
    with_file(bus, |mut file| file.read(bytes))
}

/// One write: how many bytes were taken.
pub(super) fn write(bus: &LinuxI2CDevice, bytes: &[u8]) -> io::Result<usize> {
    with_file(bus, |mut file| file.write(bytes))
}

/// A GPIO line that tokio watches.
#[cfg(feature = "tokio")]
#[derive(Debug)]
pub(super) struct Watched(gpiocdev::Request);

#[cfg(feature = "tokio")]
impl Watched {
    pub(super) const fn request(&self) -> &gpiocdev::Request {
        &self.0
    }
}

#[cfg(feature = "tokio")]
impl std::os::fd::AsRawFd for Watched {
    fn as_raw_fd(&self) -> std::os::fd::RawFd {
        self.0.as_raw_fd()
    }
}

/// Lets tokio watch a line.
#[cfg(feature = "tokio")]
pub(super) fn watch(request: gpiocdev::Request) -> io::Result<tokio::io::unix::AsyncFd<Watched>> {
    // SAFETY: the descriptor is of a file that the request owns, which is neither closed nor changed for another one as long
    // as it lives: nothing gives it out of `Watched`, but by reference.
    let watched = unsafe {
        tokio::io::unix::AsyncFd::register_with_interest(Watched(request), tokio::io::Interest::READABLE)
    };
    Ok(watched?)
}
