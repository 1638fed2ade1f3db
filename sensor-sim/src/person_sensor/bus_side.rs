//! What the sensor does on the bus: acknowledges, takes two-byte writes, gives 39 bytes.

use alloc::vec::Vec;
use core::time::Duration;

use mlsensor::person_sensor::{ADDRESS, PACKET_LEN};
use mlsensor::{Command, CommandError, Packet};

use super::assumptions::{Latch, NextRead, PastTheEnd, SeveralPairs, UndocumentedValue};
use super::sensor::SimSensor;
use crate::target::{Direction, Target};

/// What v1 boards acknowledge besides their own address.
const EXTRA_ADDRESSES: [u8; 2] = [0x39, 0x4F];

/// The state of the transfer that is under way, and where the last one ended.
#[derive(Debug, Clone)]
pub(crate) struct BusSide {
    /// Addressed since the last STOP, and in which direction; `None` while another target is.
    selected: Option<Direction>,
    /// Whether it was addressed by one of the extra addresses.
    is_extra: bool,
    /// The next byte of a packet that a read gives.
    next_byte: usize,
    latched: Packet,
    written: Vec<u8>,
}

impl BusSide {
    pub(crate) fn new(packet: Packet) -> BusSide {
        BusSide { selected: None, is_extra: false, next_byte: 0, latched: packet, written: Vec::new() }
    }
}

impl SimSensor {
    /// A START or repeated START, and an address byte. Whether the sensor acknowledges it.
    pub fn start(&mut self, address: u8, direction: Direction) -> bool {
        self.end_of_write();
        let is_repeated = self.bus.selected.is_some();
        let is_extra = self.assumptions().extra_addresses && EXTRA_ADDRESSES.contains(&address);
        if address != ADDRESS && !is_extra {
            self.bus.selected = None;
            return false;
        }
        self.note_probe();
        if !self.is_listening() {
            self.bus.selected = None;
            return false;
        }
        self.bus.selected = Some(direction);
        self.bus.is_extra = is_extra;
        if is_repeated && self.assumptions().after_repeated_start == NextRead::Restarts {
            self.bus.next_byte = 0;
        }
        if direction == Direction::Read {
            if self.bus.next_byte >= PACKET_LEN {
                self.bus.next_byte = 0;
            }
            let latch = self.assumptions().latch;
            if self.bus.next_byte == 0 || latch == Latch::AtStart {
                self.bus.latched = *self.result();
            }
        }
        true
    }

    /// The controller writes a byte. Whether the sensor acknowledges it.
    pub fn write_byte(&mut self, byte: u8) -> bool {
        let listens = self.bus.selected == Some(Direction::Write) && self.is_listening();
        if listens && !self.bus.is_extra {
            self.bus.written.push(byte);
        }
        listens
    }

    /// The controller reads a byte. 0xFF if the sensor does not drive the bus.
    pub fn read_byte(&mut self) -> u8 {
        if self.bus.selected != Some(Direction::Read) || self.bus.is_extra || !self.is_listening() {
            return 0xFF;
        }
        let at = self.bus.next_byte;
        self.bus.next_byte = at.saturating_add(1);
        let live = self.assumptions().latch == Latch::Never;
        let packet = if live { self.result() } else { &self.bus.latched };
        match (packet.get(at), self.assumptions().past_the_end) {
            (Some(&byte), _) => byte,
            (None, PastTheEnd::Ones) => 0xFF,
            (None, PastTheEnd::Zeros) => 0x00,
            (None, PastTheEnd::Repeats) => packet.get(at % PACKET_LEN).copied().unwrap_or(0xFF),
        }
    }

    /// A STOP.
    pub fn stop(&mut self) {
        self.end_of_write();
        self.bus.selected = None;
        if self.assumptions().after_stop == NextRead::Restarts {
            self.bus.next_byte = 0;
        }
    }

    /// A whole write: START, address, bytes, STOP. Whether all was acknowledged.
    pub fn write(&mut self, bytes: &[u8]) -> bool {
        let acknowledged =
            self.start(ADDRESS, Direction::Write) && bytes.iter().all(|&byte| self.write_byte(byte));
        self.stop();
        acknowledged
    }

    /// A whole read: START, address, bytes, STOP, in no time. Whether the address was acknowledged; if not,
    /// the bytes are 0xFF.
    pub fn read(&mut self, bytes: &mut [u8]) -> bool {
        let acknowledged = self.start(ADDRESS, Direction::Read);
        bytes.fill_with(|| self.read_byte());
        self.stop();
        acknowledged
    }

    /// Written pairs take effect when the write ends.
    fn end_of_write(&mut self) {
        if self.bus.written.is_empty() {
            return;
        }
        let written = core::mem::take(&mut self.bus.written);
        let pairs = written.chunks_exact(2);
        let last = pairs.len().saturating_sub(1);
        for (i, pair) in pairs.enumerate() {
            let counts = match self.assumptions().several_pairs {
                SeveralPairs::FirstOnly => i == 0,
                SeveralPairs::LastOnly => i == last,
                SeveralPairs::All => true,
            };
            if let (true, [register, value]) = (counts, pair) {
                self.register_write(*register, *value);
            }
        }
        self.bus.written = written;
        self.bus.written.clear();
    }

    fn register_write(&mut self, register: u8, value: u8) {
        match Command::parse([register, value]) {
            Ok(command) => self.command(command),
            Err(CommandError::Value { register, .. })
                if self.assumptions().undocumented_value == UndocumentedValue::IsOn =>
            {
                // No such label exists either way; of the others, 1 is "on".
                if let Ok(command) = Command::parse([register, 1]) {
                    if !matches!(command, Command::LabelNextId(_)) {
                        self.command(command);
                    }
                }
            }
            Err(_) => {}
        }
    }
}

impl Target for SimSensor {
    fn start(&mut self, address: u8, direction: Direction) -> bool {
        SimSensor::start(self, address, direction)
    }

    fn write_byte(&mut self, byte: u8) -> bool {
        SimSensor::write_byte(self, byte)
    }

    fn read_byte(&mut self) -> u8 {
        SimSensor::read_byte(self)
    }

    fn stop(&mut self) {
        SimSensor::stop(self);
    }

    fn advance(&mut self, by: Duration) {
        SimSensor::advance(self, by);
    }

    fn next_event(&self) -> Option<Duration> {
        SimSensor::next_event(self)
    }

    fn holds_data_low(&self) -> bool {
        self.holds_data_low
    }

    fn recover(&mut self) {
        self.holds_data_low = false;
        SimSensor::stop(self);
    }
}
