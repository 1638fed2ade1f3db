//! Transactions from what a decoder saw on the lines: START, bytes with their acknowledgements, STOP.

use std::time::Duration;

use embedded_hal::i2c::{ErrorKind, NoAcknowledgeSource, Operation};
use mlsensor_sim::{Direction, Recording};

/// The ninth bit of a byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ninth {
    Acknowledged,
    Refused,
    /// A START or a STOP came in its place.
    Missing,
}

/// One transfer, times in nanoseconds of the trace.
#[derive(Debug)]
struct Part {
    address: u8,
    direction: Direction,
    bytes: Vec<u8>,
    error: Option<ErrorKind>,
}

/// Puts transactions together.
#[derive(Debug)]
pub(super) struct Assembler {
    eight_bit_addresses: bool,
    done: Vec<(i64, Vec<Part>)>,
    under_way: Option<(i64, Vec<Part>)>,
    /// Whether the next byte is an address.
    expects_address: bool,
    began_inside: bool,
}

const NO_ADDRESS: &str = "a byte without an address before it";

impl Assembler {
    pub(super) fn new(eight_bit_addresses: bool) -> Assembler {
        Assembler {
            eight_bit_addresses,
            done: Vec::new(),
            under_way: None,
            expects_address: false,
            began_inside: false,
        }
    }

    /// A START; a repeated one, if there was no STOP since the last.
    pub(super) fn start(&mut self, at: i64) -> Result<(), String> {
        let before = self.under_way.as_ref().or(self.done.last());
        if before.is_some_and(|(before, _)| *before > at) {
            return Err("the time is earlier than that of the START before".to_owned());
        }
        self.under_way.get_or_insert_with(|| (at, Vec::new()));
        self.expects_address = true;
        Ok(())
    }

    /// Whether the next byte is an address.
    pub(super) const fn expects_address(&self) -> bool {
        self.expects_address
    }

    /// The address, as the trace has it.
    pub(super) fn address(&mut self, shown: u8, direction: Direction) -> Result<(), String> {
        let address = if self.eight_bit_addresses { shown >> 1 } else { shown };
        if address > 0x7F {
            return Err(format!("the address {shown:#04x} is above 0x7f"));
        }
        let Some((_, parts)) = &mut self.under_way else {
            self.began_inside |= self.done.is_empty();
            return if self.done.is_empty() {
                Ok(())
            } else {
                Err("an address without a START before it".to_owned())
            };
        };
        if !self.expects_address {
            return Err("a second address behind one START".to_owned());
        }
        self.expects_address = false;
        parts.push(Part { address, direction, bytes: Vec::new(), error: None });
        Ok(())
    }

    /// A byte behind the address.
    pub(super) fn byte(&mut self, byte: u8) -> Result<(), String> {
        let Some((_, parts)) = &mut self.under_way else {
            self.began_inside |= self.done.is_empty();
            return if self.done.is_empty() { Ok(()) } else { Err(NO_ADDRESS.to_owned()) };
        };
        match parts.last_mut().filter(|_| !self.expects_address) {
            Some(part) => part.bytes.push(byte),
            None => return Err(NO_ADDRESS.to_owned()),
        }
        Ok(())
    }

    /// The ninth bit of the address, or of the latest byte. That of an address that was cut short is nobody's.
    pub(super) fn ninth(&mut self, ninth: Ninth) {
        if self.expects_address {
            return;
        }
        let Some(part) = self.under_way.as_mut().and_then(|(_, parts)| parts.last_mut()) else { return };
        let error = match (ninth, part.direction, &*part.bytes) {
            (Ninth::Acknowledged, _, _) => return,
            (Ninth::Missing, _, _) => ErrorKind::Bus,
            (Ninth::Refused, _, []) => ErrorKind::NoAcknowledge(NoAcknowledgeSource::Address),
            (Ninth::Refused, Direction::Write, _) => ErrorKind::NoAcknowledge(NoAcknowledgeSource::Data),
            // So the controller says that it has read enough.
            (Ninth::Refused, Direction::Read, _) => return,
        };
        part.error.get_or_insert(error);
    }

    /// A STOP.
    pub(super) fn stop(&mut self) {
        if let Some((at, parts)) = self.under_way.take() {
            if !parts.is_empty() {
                self.done.push((at, parts));
            }
        }
        self.expects_address = false;
    }

    /// What was put together, and how many transactions were seen in part alone.
    pub(super) fn finish(self) -> (Recording, u8) {
        let left_out = u8::from(self.began_inside) + u8::from(self.under_way.is_some());
        let mut recording = Recording::default();
        let origin = self.done.first().map_or(0, |(at, _)| (*at).min(0));
        for (at, parts) in self.done {
            let at = Duration::from_nanos(at.saturating_sub(origin).unsigned_abs());
            for (number, mut part) in parts.into_iter().enumerate() {
                let operation = match part.direction {
                    Direction::Read => Operation::Read(&mut part.bytes),
                    Direction::Write => Operation::Write(&part.bytes),
                };
                recording.push_transaction(at, part.address, &[operation], part.error);
                if let Some(last) = recording.transfers.last_mut() {
                    last.is_repeated_start = number > 0;
                }
            }
        }
        (recording, left_out)
    }
}
