//! SMBus on plain messages, as the kernel emulates it for adapters that have nothing of their own.
//!
//! After drivers/i2c/i2c-core-smbus.c and linux/i2c.h, as of Linux 6.1 to 6.12: a block of no bytes is allowed there, and
//! later kernels refuse it with `EINVAL`.

use super::layout::Smbus;
use super::{I2cDev, flags};
use crate::virtual_bus::adapter::{Adapter, KernelMessage, LONGEST_BLOCK};
use crate::virtual_bus::{Errno, Memory};

/// Kinds of transfer (linux/i2c.h).
mod size {
    pub(super) const QUICK: u32 = 0;
    pub(super) const BYTE: u32 = 1;
    pub(super) const BYTE_DATA: u32 = 2;
    pub(super) const WORD_DATA: u32 = 3;
    pub(super) const PROCESS_CALL: u32 = 4;
    pub(super) const BLOCK: u32 = 5;
    pub(super) const I2C_BLOCK_BROKEN: u32 = 6;
    pub(super) const BLOCK_PROCESS_CALL: u32 = 7;
    pub(super) const I2C_BLOCK: u32 = 8;
}

/// `union i2c_smbus_data`: a length, up to 32 bytes, and one more "for user-space compatibility".
type Data = [u8; LONGEST_BLOCK as usize + 2];

/// How many bytes of a [`Data`] a kind of transfer uses.
const fn data_length(size: u32) -> usize {
    match size {
        size::BYTE | size::BYTE_DATA => 1,
        size::WORD_DATA | size::PROCESS_CALL => 2,
        _ => size_of::<Data>(),
    }
}

impl I2cDev {
    /// `I2C_SMBUS`.
    pub(super) fn smbus(
        &self,
        argument: u64,
        memory: &mut dyn Memory,
        adapter: &mut Adapter,
    ) -> Result<(), Errno> {
        let Smbus { read_write, command, mut size, data: at } = Smbus::read(memory, argument)?;
        if size > size::I2C_BLOCK || read_write > 1 {
            return Err(Errno::INVAL);
        }
        let reads = read_write == 1;
        let mut data: Data = [0; size_of::<Data>()];
        if size == size::QUICK || (size == size::BYTE && !reads) {
            return self.emulate(reads, command, size, &mut data, adapter);
        }
        if at == 0 {
            return Err(Errno::INVAL);
        }
        let is_process_call = size == size::PROCESS_CALL || size == size::BLOCK_PROCESS_CALL;
        let used = data.get_mut(..data_length(size)).unwrap_or_default();
        if is_process_call || size == size::I2C_BLOCK || !reads {
            memory.read(at, used)?;
        }
        if size == size::I2C_BLOCK_BROKEN {
            // Reads of old programs do not say how many bytes: all.
            size = size::I2C_BLOCK;
            if reads {
                set_length(&mut data, LONGEST_BLOCK);
            }
        }
        self.emulate(reads, command, size, &mut data, adapter)?;
        if is_process_call || reads {
            memory.write(at, data.get(..data_length(size)).unwrap_or_default())?;
        }
        Ok(())
    }

    /// One transfer, as messages. The kernel makes no difference between what an adapter says that it can do and what not.
    fn emulate(
        &self,
        reads: bool,
        command: u8,
        size: u32,
        data: &mut Data,
        adapter: &mut Adapter,
    ) -> Result<(), Errno> {
        let mut messages = self.messages(reads, command, size, data)?;
        let is_checked = self.checks_errors && size != size::QUICK && size != size::I2C_BLOCK;
        let written = is_checked.then(|| self.add_codes(&mut messages));
        adapter.transfer(&mut messages)?;
        let Some(read) = messages.pop().filter(|last| last.has(flags::READ)) else {
            return Ok(());
        };
        let mut bytes = read.bytes;
        if let Some(written) = written {
            let code = bytes.pop();
            if code != Some(error_code(written, read.address, true, &bytes)) {
                return Err(Errno::BADMSG);
            }
        }
        keep(&bytes, size, data)
    }

    fn messages(
        &self,
        reads: bool,
        command: u8,
        size: u32,
        data: &Data,
    ) -> Result<Vec<KernelMessage>, Errno> {
        let [first, second, ..] = *data;
        let block = |from: usize| {
            let block = data.get(from..=first.into());
            block.filter(|_| first <= LONGEST_BLOCK).ok_or(Errno::INVAL)
        };
        let word = u16::from_ne_bytes([first, second]).to_le_bytes();
        let write = |bytes: &[u8]| self.message(0, [&[command][..], bytes].concat());
        let read = |len: u8| self.message(flags::READ, vec![0; len.into()]);
        let read_block = || self.message(flags::READ | flags::LENGTH_FIRST, vec![0]);
        Ok(match (size, reads) {
            (size::QUICK, true) => vec![read(0)],
            (size::QUICK, false) => vec![self.message(0, Vec::new())],
            (size::BYTE, true) => vec![read(1)],
            (size::BYTE, false) => vec![write(&[])],
            (size::BYTE_DATA, true) => vec![write(&[]), read(1)],
            (size::BYTE_DATA, false) => vec![write(&[first])],
            (size::WORD_DATA, true) => vec![write(&[]), read(2)],
            (size::WORD_DATA, false) => vec![write(&word)],
            (size::PROCESS_CALL, _) => vec![write(&word), read(2)],
            (size::BLOCK, true) => vec![write(&[]), read_block()],
            (size::BLOCK, false) => vec![write(block(0)?)],
            (size::BLOCK_PROCESS_CALL, _) => vec![write(block(0)?), read_block()],
            (size::I2C_BLOCK, true) => {
                block(0)?;
                vec![write(&[]), read(first)]
            }
            (size::I2C_BLOCK, false) => vec![write(block(1)?)],
            _ => return Err(Errno::OPNOTSUPP),
        })
    }

    /// Adds a code behind what is written, or room for one behind what is read. The code so far of what is written before a
    /// read.
    fn add_codes(&self, messages: &mut [KernelMessage]) -> u8 {
        let mut so_far = 0;
        let count = messages.len();
        for (number, message) in (1..).zip(messages) {
            let reads = message.has(flags::READ);
            if !reads {
                so_far = error_code(so_far, message.address, false, &message.bytes);
            }
            if number == count {
                message.bytes.push(if reads { 0 } else { so_far });
            }
        }
        so_far
    }
}

/// Takes over what was read.
fn keep(bytes: &[u8], size: u32, data: &mut Data) -> Result<(), Errno> {
    match size {
        size::QUICK => {}
        size::WORD_DATA | size::PROCESS_CALL => {
            let word: [u8; 2] = bytes.try_into().unwrap_or_default();
            copy(&u16::from_le_bytes(word).to_ne_bytes(), data);
        }
        size::BLOCK | size::BLOCK_PROCESS_CALL => {
            let length = bytes.first().copied().unwrap_or(0);
            if length > LONGEST_BLOCK {
                return Err(Errno::PROTO);
            }
            // An adapter that cannot read a block reads its length alone.
            data.fill(0);
            copy(bytes.get(..=length.into()).unwrap_or(bytes), data);
        }
        size::I2C_BLOCK => copy(bytes, data.get_mut(1..).unwrap_or_default()),
        _ => copy(bytes, data),
    }
    Ok(())
}

fn copy(from: &[u8], to: &mut [u8]) {
    to.iter_mut().zip(from).for_each(|(to, from)| *to = *from);
}

fn set_length(data: &mut Data, length: u8) {
    copy(&[length], data);
}

/// The packet error code: CRC-8 with polynomial 0x07 over the address byte and the bytes, behind what came before.
fn error_code(so_far: u8, address: u16, reads: bool, bytes: &[u8]) -> u8 {
    let [_, address] = (address << 1).to_be_bytes();
    let first = address | u8::from(reads);
    [first].iter().chain(bytes).fold(so_far, |crc, byte| {
        (0..8).fold(crc ^ byte, |crc, _| (crc << 1) ^ (if crc & 0x80 == 0 { 0 } else { 0x07 }))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_error_code_has_its_published_check_value() {
        // CRC-8/SMBUS of "123456789" is 0xF4. The address byte '1' is 0x31: address 0x18, read.
        assert_eq!(error_code(0, 0x18, true, b"23456789"), 0xF4);
    }
}
