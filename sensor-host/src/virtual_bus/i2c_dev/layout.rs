//! What a program passes to the ioctls of i2c-dev, byte by byte (linux/i2c-dev.h, linux/i2c.h).
//!
//! | structure | 64 bits | 32 bits |
//! |---|---|---|
//! | `i2c_rdwr_ioctl_data` | `msgs` 0..8, `nmsgs` 8..12, of 16 | `msgs` 0..4, `nmsgs` 4..8, of 8 |
//! | `i2c_msg` | `addr` 0..2, `flags` 2..4, `len` 4..6, `buf` 8..16, of 16 | the same, but `buf` 8..12, of 12 |
//! | `i2c_smbus_ioctl_data` | `read_write` 0, `command` 1, `size` 4..8, `data` 8..16, of 16 | the same, but `data` 8..12, of 12 |

use crate::virtual_bus::{Errno, Memory};

/// The first bytes of a structure in the program's memory: all of it, and zeros behind a shorter one.
fn structure(memory: &mut dyn Memory, at: u64, long: usize, short: usize) -> Result<[u8; 16], Errno> {
    let mut bytes = [0; 16];
    let len = if memory.is_32_bit() { short } else { long };
    memory.read(at, bytes.get_mut(..len).unwrap_or_default())?;
    Ok(bytes)
}

fn two<const AT: usize>(bytes: &[u8; 16]) -> u16 {
    u16::from_ne_bytes([bytes.get(AT), bytes.get(AT + 1)].map(|byte| byte.copied().unwrap_or(0)))
}

fn four<const AT: usize>(bytes: &[u8; 16]) -> u32 {
    let byte = |at: usize| bytes.get(AT + at).copied().unwrap_or(0);
    u32::from_ne_bytes([byte(0), byte(1), byte(2), byte(3)])
}

/// A pointer at this place.
fn pointer<const AT: usize>(bytes: &[u8; 16], is_32_bit: bool) -> u64 {
    if is_32_bit {
        return four::<AT>(bytes).into();
    }
    let byte = |at: usize| bytes.get(AT + at).copied().unwrap_or(0);
    u64::from_ne_bytes([0, 1, 2, 3, 4, 5, 6, 7].map(byte))
}

/// `struct i2c_rdwr_ioctl_data`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Transfer {
    pub(super) messages: u64,
    pub(super) count: u32,
}

impl Transfer {
    pub(super) fn read(memory: &mut dyn Memory, at: u64) -> Result<Transfer, Errno> {
        let bytes = structure(memory, at, 16, 8)?;
        Ok(if memory.is_32_bit() {
            Transfer { messages: pointer::<0>(&bytes, true), count: four::<4>(&bytes) }
        } else {
            Transfer { messages: pointer::<0>(&bytes, false), count: four::<8>(&bytes) }
        })
    }
}

/// `struct i2c_msg`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) address: u16,
    pub(super) flags: u16,
    pub(super) len: u16,
    pub(super) buffer: u64,
}

impl Header {
    /// So many, one behind the other.
    pub(super) fn read(memory: &mut dyn Memory, at: u64, count: u32) -> Result<Vec<Header>, Errno> {
        let is_32_bit = memory.is_32_bit();
        let len = if is_32_bit { 12 } else { 16 };
        let one = |number: u32| {
            let at = at.checked_add(u64::from(number) * len).ok_or(Errno::FAULT)?;
            let bytes = structure(memory, at, 16, 12)?;
            Ok(Header {
                address: two::<0>(&bytes),
                flags: two::<2>(&bytes),
                len: two::<4>(&bytes),
                buffer: pointer::<8>(&bytes, is_32_bit),
            })
        };
        (0..count).map(one).collect()
    }
}

/// `struct i2c_smbus_ioctl_data`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Smbus {
    pub(super) read_write: u8,
    pub(super) command: u8,
    pub(super) size: u32,
    pub(super) data: u64,
}

impl Smbus {
    pub(super) fn read(memory: &mut dyn Memory, at: u64) -> Result<Smbus, Errno> {
        let bytes = structure(memory, at, 16, 12)?;
        let [read_write, command] = two::<0>(&bytes).to_ne_bytes();
        let data = pointer::<8>(&bytes, memory.is_32_bit());
        Ok(Smbus { read_write, command, size: four::<4>(&bytes), data })
    }
}
