//! A bus that answers every read from memory.

use core::cell::Cell;

use embedded_hal::i2c::{ErrorType, I2c, NoAcknowledgeSource, Operation};
use embedded_hal_async::i2c as awaited;

use crate::packets::Packet;

/// One target, with an address that the compiler does not know.
#[derive(Debug)]
pub struct FixedBus {
    address: u8,
    packet: Cell<Packet>,
}

/// Another address than the target's.
#[derive(Debug, Clone, Copy)]
pub struct NoAcknowledge;

impl embedded_hal::i2c::Error for NoAcknowledge {
    fn kind(&self) -> embedded_hal::i2c::ErrorKind {
        embedded_hal::i2c::ErrorKind::NoAcknowledge(NoAcknowledgeSource::Address)
    }
}

impl FixedBus {
    #[must_use]
    pub fn new() -> Self {
        FixedBus { address: core::hint::black_box(0x62), packet: Cell::new([0; 39]) }
    }

    /// What the next reads give.
    pub fn put(&self, packet: Packet) {
        self.packet.set(packet);
    }

    /// Out of line, as a bus with registers and interrupts would be: so it is the same code below every driver.
    #[inline(never)]
    fn answer(&self, address: u8, operations: &mut [Operation<'_>]) -> Result<(), NoAcknowledge> {
        if address != self.address {
            return Err(NoAcknowledge);
        }
        for operation in operations {
            match operation {
                Operation::Read(bytes) => {
                    let sent: &Cell<[u8]> = &self.packet;
                    bytes
                        .iter_mut()
                        .zip(sent.as_slice_of_cells())
                        .for_each(|(byte, sent)| *byte = sent.get());
                }
                Operation::Write(bytes) => _ = core::hint::black_box(bytes),
            }
        }
        Ok(())
    }
}

impl Default for FixedBus {
    fn default() -> Self {
        FixedBus::new()
    }
}

impl ErrorType for &FixedBus {
    type Error = NoAcknowledge;
}

impl I2c for &FixedBus {
    fn transaction(&mut self, address: u8, operations: &mut [Operation<'_>]) -> Result<(), NoAcknowledge> {
        self.answer(address, operations)
    }
}

impl awaited::I2c for &FixedBus {
    async fn transaction(
        &mut self,
        address: u8,
        operations: &mut [Operation<'_>],
    ) -> Result<(), NoAcknowledge> {
        self.answer(address, operations)
    }
}
