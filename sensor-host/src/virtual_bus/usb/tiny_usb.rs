//! The adapter i2c-tiny-usb: a bus that is driven by USB's control requests.
//!
//! What it must do is what the kernel's driver `drivers/i2c/busses/i2c-tiny-usb.c` asks for. Each message of a
//! transaction is a request of its own, with a bit that says START and one that says STOP, and the driver asks behind
//! each whether it was acknowledged.
//!
//! # Guarantees
//! * Any request has an answer: bytes, or a [`Stall`].
//! * A transaction is over (there was a STOP) when its last message is, when anything goes wrong, and at a reset.

use super::descriptors::descriptor;
use super::{Setup, Stall};
use crate::virtual_bus::Errno;
use crate::virtual_bus::adapter::{Adapter, Message};

/// Plain messages and all that SMBus can be made of: `I2C_FUNC_I2C | I2C_FUNC_SMBUS_EMUL` of linux/i2c.h.
const FUNCTIONS: u32 = 0x0EFF_0009;

/// Flags of a message, of linux/i2c.h: it is a read; its address has ten bits.
const IS_READ: u16 = 0x0001;
const IS_TEN_BITS: u16 = 0x0010;

/// What the driver is told of its latest message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Status {
    #[default]
    Idle = 0,
    Acknowledged = 1,
    NotAcknowledged = 2,
}

/// An adapter i2c-tiny-usb, from the moment it is plugged in.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TinyUsb {
    address: u8,
    configuration: u8,
    status: Status,
    delay_us: u16,
}

impl TinyUsb {
    /// An adapter that was just plugged in.
    #[must_use]
    pub fn new() -> TinyUsb {
        TinyUsb::default()
    }

    /// The configuration that the host chose: 1, or 0 before it did.
    #[must_use]
    pub const fn configuration(&self) -> u8 {
        self.configuration
    }

    /// Half a period of the clock in microseconds, as the host set it. The simulated bus has its own bit rate.
    #[must_use]
    pub const fn delay_us(&self) -> u16 {
        self.delay_us
    }

    /// The host reset the device: it is as if just plugged in, and a transaction that was under way is over.
    pub fn reset(&mut self, bus: &mut Adapter) {
        bus.stop();
        *self = TinyUsb::new();
    }

    /// Answers a control request. `data` is what the host sends behind it, which is nothing for a request to the host.
    ///
    /// # Errors
    /// A [`Stall`] for what the adapter does not know, and for an error of the bus that it has no word for: a NACK alone
    /// has one, and is known by its errno, `ENXIO` or `EREMOTEIO`. The kernel's driver makes `EIO` of a stall and `ENXIO`
    /// of a NACK.
    pub fn control(&mut self, setup: Setup, data: &[u8], bus: &mut Adapter) -> Result<Vec<u8>, Stall> {
        let expected = if setup.is_to_host() { 0 } else { setup.length };
        if data.len() != usize::from(expected) {
            return Err(Stall);
        }
        let mut answer = match setup.request_type & 0x60 {
            0x00 => self.standard(setup)?,
            0x40 if self.configuration != 0 => self.vendor(setup, data, bus)?,
            _ => return Err(Stall),
        };
        answer.truncate(usize::from(setup.length));
        Ok(answer)
    }

    /// The requests that every device has (USB 2.0, 9.4).
    fn standard(&mut self, setup: Setup) -> Result<Vec<u8>, Stall> {
        let Setup { request_type, request, value, index, .. } = setup;
        let [low, high] = value.to_le_bytes();
        match (request_type, request) {
            // GET_STATUS: of the device, which has no power of its own; of its interface and its endpoint, which have
            // nothing to tell.
            (0x80, 0) if value == 0 && index == 0 => Ok(vec![0, 0]),
            (0x81, 0) if value == 0 && self.is_interface(index) => Ok(vec![0, 0]),
            (0x82, 0) if value == 0 && index & 0xFF7F == 0 => Ok(vec![0, 0]),
            // SET_ADDRESS.
            (0x00, 5) if value < 128 && index == 0 => {
                self.address = low;
                Ok(Vec::new())
            }
            // GET_DESCRIPTOR.
            (0x80, 6) => descriptor(high, low).ok_or(Stall),
            // GET_CONFIGURATION, SET_CONFIGURATION.
            (0x80, 8) if value == 0 && index == 0 => Ok(vec![self.configuration]),
            (0x00, 9) if value <= 1 && index == 0 => {
                self.configuration = low;
                Ok(Vec::new())
            }
            // GET_INTERFACE, SET_INTERFACE: there is one, in one form.
            (0x81, 10) if value == 0 && self.is_interface(index) => Ok(vec![0]),
            (0x01, 11) if value == 0 && self.is_interface(index) => Ok(Vec::new()),
            // CLEAR_FEATURE and SET_FEATURE of what cannot halt and cannot wake a host, SET_DESCRIPTOR, SYNCH_FRAME.
            _ => Err(Stall),
        }
    }

    const fn is_interface(&self, index: u16) -> bool {
        self.configuration != 0 && index == 0
    }

    /// The requests of the adapter, to its interface.
    fn vendor(&mut self, setup: Setup, data: &[u8], bus: &mut Adapter) -> Result<Vec<u8>, Stall> {
        match (setup.request_type, setup.request) {
            // Echo the value: a test of the connection.
            (0xC1, 0) => Ok(setup.value.to_le_bytes().to_vec()),
            (0xC1, 1) => Ok(FUNCTIONS.to_le_bytes().to_vec()),
            (0x41, 2) => {
                self.delay_us = setup.value;
                Ok(Vec::new())
            }
            (0xC1, 3) => Ok(vec![self.status as u8]),
            (0x41 | 0xC1, 4..=7) => self.message(setup, data, bus),
            _ => Err(Stall),
        }
    }

    fn message(&mut self, setup: Setup, data: &[u8], bus: &mut Adapter) -> Result<Vec<u8>, Stall> {
        // Bit 0, "with a START", says nothing new: between two messages there always is one, repeated or not.
        let is_last = setup.request & 2 != 0;
        let is_read = setup.value & IS_READ != 0;
        // A request without data has no direction of its own (USB 2.0, 9.3.1).
        if setup.length != 0 && is_read != setup.is_to_host() {
            bus.stop();
            self.status = Status::Idle;
            return Err(Stall);
        }
        let mut bytes = if is_read { vec![0xFF; usize::from(setup.length)] } else { Vec::new() };
        let mut message = if is_read { Message::Read(&mut bytes) } else { Message::Write(data) };
        let address = u8::try_from(setup.index).ok().filter(|&address| address < 0x80);
        let outcome = match address {
            Some(address) if setup.value & IS_TEN_BITS == 0 => bus.message(address, &mut message, is_last),
            // Nothing on this bus has ten bits.
            _ => {
                bus.stop();
                Err(Errno::NXIO)
            }
        };
        match outcome {
            Ok(()) => self.status = Status::Acknowledged,
            // As many bytes as were asked for, or the driver takes it for an error of USB and never asks for the status.
            Err(Errno::NXIO | Errno::REMOTEIO) => {
                self.status = Status::NotAcknowledged;
                bytes.fill(0xFF);
            }
            Err(_) => {
                self.status = Status::Idle;
                return Err(Stall);
            }
        }
        Ok(bytes)
    }
}
