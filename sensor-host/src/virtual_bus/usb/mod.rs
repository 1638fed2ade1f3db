//! The simulated bus as a USB adapter, for real kernels: a virtual machine's, or this machine's own.
//!
//! Linux has a driver for the adapter i2c-tiny-usb, and the kernels of Debian and of the Raspberry Pi have it as a module:
//! what such a kernel then shows as `/dev/i2c-N` is its own bus, for every process and for its own drivers.
//!
//! ```text
//! usbredir (a socket of QEMU)     usbip (a socket in the kernel's hands)
//!                 \                 /
//!                      UsbBus              the adapter, plugged in, with the simulated hardware behind it
//!                        |
//!                      TinyUsb             what the adapter makes of USB's control requests
//!                        |
//!                      Adapter
//! ```
//!
//! # Guarantees
//! * [`TinyUsb`], [`usbredir::UsbRedir`] and [`usbip::UsbIp`] do no I/O, and no input makes them panic, hang, or keep
//!   more than 64 KiB and a header.
//! * Nothing here listens on a network.

mod bus;
mod descriptors;
mod serve;
mod setup;
pub mod socket;
mod tiny_usb;
pub mod usbip;
pub mod usbredir;
pub mod vhci;

pub use bus::UsbBus;
pub use serve::{Ended, Look, Session, Stop, Woken, serve};
pub use setup::{Setup, Stall};
pub use tiny_usb::TinyUsb;

/// A peer that does not keep to its protocol: the connection with it cannot go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProtocolError {
    /// What it did.
    pub what: &'static str,
    /// The number that it did it with.
    pub value: u32,
}

impl std::fmt::Display for ProtocolError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} ({:#x})", self.what, self.value)
    }
}

impl std::error::Error for ProtocolError {}
