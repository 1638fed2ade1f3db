//! The two calls on an open bus that no safe library makes: the kernel's time-out, and reads and writes that tell how
//! many bytes they moved.
#![allow(unsafe_code, reason = "an ioctl by its number, and a file known by its descriptor alone")]

use std::os::fd::{AsRawFd as _, BorrowedFd};
use std::time::Duration;

use i2cdev::linux::LinuxI2CDevice;
use rustix::io::Errno;
use rustix::ioctl::{IntegerSetter, Opcode, ioctl};

/// `I2C_TIMEOUT` of linux/i2c-dev.h, in units of 10 ms.
const I2C_TIMEOUT: Opcode = 0x0702;

/// The open file of a bus.
fn file(bus: &LinuxI2CDevice) -> BorrowedFd<'_> {
    // SAFETY: the descriptor is of a file that `bus` owns and closes when it is dropped; the borrow ends before.
    unsafe { BorrowedFd::borrow_raw(bus.as_raw_fd()) }
}

/// Sets how long the kernel waits for the bus in one try; it is rounded up to 10 ms. It holds for the whole adapter.
pub(super) fn set_timeout(bus: &LinuxI2CDevice, timeout: Duration) -> Result<(), Errno> {
    let units = timeout.as_millis().div_ceil(10) as usize;
    // SAFETY: this request takes a number, not an address, and touches no memory of this process.
    unsafe { ioctl(file(bus), IntegerSetter::<I2C_TIMEOUT>::new_usize(units)) }
}

/// One read: how many bytes came. Not repeated if they are too few, because that would be another transfer.
pub(super) fn read(bus: &LinuxI2CDevice, bytes: &mut [u8]) -> Result<usize, Errno> {
    rustix::io::read(file(bus), bytes)
}

/// One write: how many bytes were taken.
pub(super) fn write(bus: &LinuxI2CDevice, bytes: &[u8]) -> Result<usize, Errno> {
    rustix::io::write(file(bus), bytes)
}
