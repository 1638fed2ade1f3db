//! What the kernel's i2c-dev makes of calls on `/dev/i2c-N`: which checks it makes, in which order, with which errno.
//!
//! After drivers/i2c/i2c-dev.c and linux/i2c-dev.h, as of Linux 6.1 to 6.12.
//!
//! # Guarantees
//! * No input of a program makes it panic, wait or take more memory than 42 messages of 8192 bytes.
//! * A file has its own address, address width and packet error checking; retries and time-out belong to the adapter, and
//!   so to all programs.

mod layout;
mod smbus;

use std::time::Duration;

use super::adapter::{Adapter, KernelMessage, LONGEST_BLOCK, flags};
use super::{Answer, Call, Errno, Memory};
use layout::{Header, Transfer};

/// The longest plain read or write, in bytes: more is cut to this. Also the longest message of a transfer.
const LONGEST: u16 = 8192;

/// `I2C_RDWR_IOCTL_MAX_MSGS`.
const MOST_MESSAGES: u32 = 42;

/// The highest address that a program may address: the highest of 10 bits.
const HIGHEST_ADDRESS: u16 = 0x3FF;

/// The requests (linux/i2c-dev.h).
mod request {
    pub(super) const RETRIES: u32 = 0x0701;
    pub(super) const TIMEOUT: u32 = 0x0702;
    pub(super) const SLAVE: u32 = 0x0703;
    pub(super) const TENBIT: u32 = 0x0704;
    pub(super) const FUNCS: u32 = 0x0705;
    pub(super) const SLAVE_FORCE: u32 = 0x0706;
    pub(super) const RDWR: u32 = 0x0707;
    pub(super) const PEC: u32 = 0x0708;
    pub(super) const SMBUS: u32 = 0x0720;
}

/// An open `/dev/i2c-N`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct I2cDev {
    /// The number of the bus.
    pub bus: u32,
    /// 0 until a program chooses one, as in the kernel.
    address: u16,
    is_ten_bit: bool,
    /// Whether SMBus transfers carry a packet error code.
    checks_errors: bool,
}

impl I2cDev {
    /// A file that was just opened.
    #[must_use]
    pub const fn new(bus: u32) -> I2cDev {
        I2cDev { bus, address: 0, is_ten_bit: false, checks_errors: false }
    }

    /// Does what a call asks for.
    ///
    /// # Errors
    /// As the kernel's.
    pub fn call(
        &mut self,
        call: Call,
        memory: &mut dyn Memory,
        adapter: &mut Adapter,
    ) -> Result<Answer, Errno> {
        let number = match call {
            Call::Read { at, len } => {
                let mut message = self.message(flags::READ, vec![0; plain_length(at, len)?]);
                adapter.transfer(std::slice::from_mut(&mut message))?;
                give(memory, at, &message.bytes)?;
                message.bytes.len() as i64
            }
            Call::Write { at, len } => {
                let mut message = self.message(0, vec![0; plain_length(at, len)?]);
                take(memory, at, &mut message.bytes)?;
                adapter.transfer(std::slice::from_mut(&mut message))?;
                message.bytes.len() as i64
            }
            Call::Ioctl { request, argument } => self.ioctl(request, argument, memory, adapter)?,
        };
        Ok(Answer::Number(number))
    }

    fn message(&self, flags: u16, bytes: Vec<u8>) -> KernelMessage {
        KernelMessage { address: self.address, flags: flags | self.address_flag(), bytes }
    }

    fn address_flag(&self) -> u16 {
        if self.is_ten_bit { flags::TEN_BIT } else { 0 }
    }

    fn ioctl(
        &mut self,
        request: u32,
        argument: u64,
        memory: &mut dyn Memory,
        adapter: &mut Adapter,
    ) -> Result<i64, Errno> {
        match request {
            request::SLAVE | request::SLAVE_FORCE => {
                let highest = if self.is_ten_bit { HIGHEST_ADDRESS } else { 0x7F };
                let address = u16::try_from(argument).ok().filter(|&address| address <= highest);
                let address = address.ok_or(Errno::INVAL)?;
                if request == request::SLAVE && adapter.is_claimed(address) {
                    return Err(Errno::BUSY);
                }
                self.address = address;
            }
            request::TENBIT => self.is_ten_bit = argument != 0,
            request::PEC => self.checks_errors = argument != 0,
            request::FUNCS => {
                let functions = adapter.style().functions();
                if memory.is_32_bit() {
                    memory.write(argument, &functions.to_ne_bytes())?;
                } else {
                    memory.write(argument, &u64::from(functions).to_ne_bytes())?;
                }
            }
            request::RDWR => return transfer(argument, memory, adapter),
            request::SMBUS => self.smbus(argument, memory, adapter)?,
            request::RETRIES => adapter.retries = positive(argument)?,
            // In units of 10 ms.
            request::TIMEOUT => adapter.timeout = Duration::from_millis(u64::from(positive(argument)?) * 10),
            _ => return Err(Errno::NOTTY),
        }
        Ok(0)
    }
}

/// A number that the kernel's `int` holds.
fn positive(argument: u64) -> Result<u32, Errno> {
    i32::try_from(argument).map(i32::unsigned_abs).map_err(|_| Errno::INVAL)
}

/// Copies from the program. Nothing is nowhere.
fn take(memory: &mut dyn Memory, at: u64, into: &mut [u8]) -> Result<(), Errno> {
    if into.is_empty() { Ok(()) } else { memory.read(at, into) }
}

/// Copies to the program. Nothing fits anywhere.
fn give(memory: &mut dyn Memory, at: u64, bytes: &[u8]) -> Result<(), Errno> {
    if bytes.is_empty() { Ok(()) } else { memory.write(at, bytes) }
}

/// How many bytes a plain read or write is of. The kernel's file layer refuses what no program's memory can hold.
fn plain_length(at: u64, len: u64) -> Result<usize, Errno> {
    let ends = at.checked_add(len).filter(|&end| i64::try_from(end).is_ok());
    ends.map(|_| len.min(LONGEST.into()) as usize).ok_or(Errno::FAULT)
}

/// `I2C_RDWR`. How many messages were transferred: all of them.
fn transfer(argument: u64, memory: &mut dyn Memory, adapter: &mut Adapter) -> Result<i64, Errno> {
    let Transfer { messages, count } = Transfer::read(memory, argument)?;
    if messages == 0 || !(1..=MOST_MESSAGES).contains(&count) {
        return Err(Errno::INVAL);
    }
    let headers = Header::read(memory, messages, count)?;
    let mut messages = Vec::with_capacity(headers.len());
    for header in &headers {
        messages.push(kernel_message(header, memory)?);
    }
    adapter.transfer(&mut messages)?;
    let mut outcome = Ok(count.into());
    for (header, message) in headers.iter().zip(&messages).rev() {
        if message.has(flags::READ) && give(memory, header.buffer, &message.bytes).is_err() {
            outcome = Err(Errno::FAULT);
        }
    }
    outcome
}

/// Takes a message over from the program. Also what is to be read over is, as the kernel does it: it is refused here if it
/// is nowhere.
fn kernel_message(header: &Header, memory: &mut dyn Memory) -> Result<KernelMessage, Errno> {
    if header.len > LONGEST {
        return Err(Errno::INVAL);
    }
    let mut bytes = vec![0; header.len.into()];
    take(memory, header.buffer, &mut bytes)?;
    if header.flags & flags::LENGTH_FIRST != 0 {
        // The first byte says how many bytes there are besides the block; there has to be room for the longest block.
        let besides = bytes.first().copied().filter(|&besides| besides > 0).ok_or(Errno::INVAL)?;
        let needed = usize::from(besides) + usize::from(LONGEST_BLOCK);
        if header.flags & flags::READ == 0 || bytes.len() < needed {
            return Err(Errno::INVAL);
        }
        bytes.truncate(besides.into());
    }
    Ok(KernelMessage { address: header.address, flags: header.flags, bytes })
}
