//! What happens on the two wires, event by event, and how long it takes.

use core::task::Waker;
use core::time::Duration;

use embedded_hal::i2c::{NoAcknowledgeSource, Operation};

use super::{Recording, SharedTarget, SimBusError, lock};
use crate::Direction;

/// The bus behind the handles.
pub(super) struct Inner {
    pub(super) now: Duration,
    pub(super) bit_rate_hz: u32,
    pub(super) targets: Vec<SharedTarget>,
    /// Who acknowledged the latest START, until the STOP; `None` between transactions.
    pub(super) answering: Option<Vec<SharedTarget>>,
    pub(super) waiting: Vec<Waker>,
    pub(super) log: Option<Recording>,
}

impl Inner {
    pub(super) fn advance(&mut self, by: Duration) {
        self.now = self.now.saturating_add(by);
        for target in &self.targets {
            lock(target).advance(by);
        }
    }

    pub(super) fn clock(&mut self, bits: u32) {
        let nanos = u64::from(bits) * 1_000_000_000 / u64::from(self.bit_rate_hz);
        self.advance(Duration::from_nanos(nanos));
    }

    pub(super) fn transaction(
        &mut self,
        address: u8,
        operations: &mut [Operation<'_>],
    ) -> Result<(), SimBusError> {
        self.check_idle()?;
        let outcome = self.operations(address, operations);
        self.stop();
        outcome
    }

    fn operations(&mut self, address: u8, operations: &mut [Operation<'_>]) -> Result<(), SimBusError> {
        let mut under_way = None;
        for operation in operations {
            let direction = direction_of(operation);
            if under_way != Some(direction) {
                under_way = Some(direction);
                self.start(address, direction)?;
            }
            self.bytes(address, operation)?;
        }
        Ok(())
    }

    /// One message; see [`MessageBus`].
    pub(super) fn message(
        &mut self,
        address: u8,
        message: &mut Operation<'_>,
        is_last: bool,
    ) -> Result<(), SimBusError> {
        if self.answering.is_none() {
            self.check_idle()?;
        }
        let outcome = match self.start(address, direction_of(message)) {
            Ok(()) => self.bytes(address, message),
            Err(error) => Err(error),
        };
        if is_last || outcome.is_err() {
            self.stop();
        }
        outcome
    }

    /// More of the message before; see [`MessageBus::more`].
    pub(super) fn more(
        &mut self,
        address: u8,
        message: &mut Operation<'_>,
        is_last: bool,
    ) -> Result<(), SimBusError> {
        let outcome = match self.answering {
            Some(_) => self.bytes(address, message),
            None => Err(SimBusError::NoAcknowledge { address, source: NoAcknowledgeSource::Address }),
        };
        if self.answering.is_some() && (is_last || outcome.is_err()) {
            self.stop();
        }
        outcome
    }

    fn check_idle(&self) -> Result<(), SimBusError> {
        if self.targets.iter().any(|target| lock(target).holds_data_low()) {
            return Err(SimBusError::DataLineLow);
        }
        Ok(())
    }

    /// A START, or a repeated one, and the address.
    fn start(&mut self, address: u8, direction: Direction) -> Result<(), SimBusError> {
        self.clock(1 + 9);
        let answering: Vec<SharedTarget> =
            self.targets.iter().filter(|target| lock(target).start(address, direction)).cloned().collect();
        let is_nobody = answering.is_empty();
        self.answering = Some(answering);
        if is_nobody {
            return Err(SimBusError::NoAcknowledge { address, source: NoAcknowledgeSource::Address });
        }
        Ok(())
    }

    fn bytes(&mut self, address: u8, operation: &mut Operation<'_>) -> Result<(), SimBusError> {
        match operation {
            Operation::Read(bytes) => bytes.iter_mut().for_each(|byte| *byte = self.read_byte()),
            Operation::Write(bytes) => {
                for &byte in bytes.iter() {
                    if !self.write_byte(byte) {
                        return Err(SimBusError::NoAcknowledge {
                            address,
                            source: NoAcknowledgeSource::Data,
                        });
                    }
                }
            }
        }
        Ok(())
    }

    fn read_byte(&mut self) -> u8 {
        // Open drain: whoever pulls low wins.
        let answering = self.answering.iter().flatten();
        let byte = answering.fold(0xFF, |byte, target| byte & lock(target).read_byte());
        self.clock(9);
        byte
    }

    /// Whether anybody acknowledges.
    fn write_byte(&mut self, byte: u8) -> bool {
        self.clock(9);
        let acknowledgements = self.answering.iter().flatten().map(|target| lock(target).write_byte(byte));
        acknowledgements.fold(false, |any, one| any | one)
    }

    pub(super) fn stop(&mut self) {
        self.answering = None;
        for target in &self.targets {
            lock(target).stop();
        }
        self.clock(1);
    }
}

pub(super) fn direction_of(operation: &Operation<'_>) -> Direction {
    match operation {
        Operation::Read(_) => Direction::Read,
        Operation::Write(_) => Direction::Write,
    }
}
