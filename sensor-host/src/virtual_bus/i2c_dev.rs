//! What the kernel's i2c-dev makes of calls on `/dev/i2c-N`.

use super::adapter::{Adapter, Message};
use super::{Answer, Call, Errno, Memory};

/// The longest plain read or write, in bytes: more is cut to this.
const LONGEST: u64 = 8192;

/// An open `/dev/i2c-N`: its own address and options.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct I2cDev {
    /// The number of the bus.
    pub bus: u32,
    address: u8,
}

impl I2cDev {
    /// A file that was just opened.
    #[must_use]
    pub const fn new(bus: u32) -> I2cDev {
        I2cDev { bus, address: 0 }
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
        match call {
            Call::Read { at, len } => {
                let mut bytes = vec![0; len.min(LONGEST) as usize];
                adapter.message(self.address, &mut Message::Read(&mut bytes), true)?;
                memory.write(at, &bytes)?;
                Ok(Answer::Number(bytes.len() as i64))
            }
            Call::Write { at, len } => {
                let mut bytes = vec![0; len.min(LONGEST) as usize];
                memory.read(at, &mut bytes)?;
                adapter.message(self.address, &mut Message::Write(&bytes), true)?;
                Ok(Answer::Number(bytes.len() as i64))
            }
            Call::Ioctl { request: 0x703 | 0x706, argument } => {
                self.address = u8::try_from(argument).ok().filter(|&a| a < 0x80).ok_or(Errno::INVAL)?;
                Ok(Answer::Number(0))
            }
            Call::Ioctl { request: 0x705, argument } => {
                memory.write(argument, &0x0EFF_0001_u64.to_ne_bytes())?;
                Ok(Answer::Number(0))
            }
            Call::Ioctl { request: 0x701 | 0x702 | 0x704 | 0x708, .. } => Ok(Answer::Number(0)),
            Call::Ioctl { .. } => Err(Errno::NOTTY),
        }
    }
}
