//! What a bus needs from anything that sits on it.

use core::time::Duration;

/// The direction of a transfer, from the controller's side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Direction {
    /// The controller writes.
    Write,
    /// The controller reads.
    Read,
}

/// Something on an I2C bus: a sensor, or what could be taken for one.
///
/// Every target sees every START; those that do not acknowledge it are left alone until the next one.
pub trait Target {
    /// A START or repeated START, and an address byte. Whether the target acknowledges it.
    fn start(&mut self, address: u8, direction: Direction) -> bool;

    /// The controller writes a byte to the target that acknowledged. Whether it acknowledges this too.
    fn write_byte(&mut self, byte: u8) -> bool;

    /// The controller reads a byte; 0xFF leaves the bus undriven.
    fn read_byte(&mut self) -> u8;

    /// A STOP.
    fn stop(&mut self);

    /// Time passes.
    fn advance(&mut self, by: Duration);

    /// When something will next happen in the target by itself, from now; `None` if nothing will.
    fn next_event(&self) -> Option<Duration> {
        None
    }

    /// Whether the target holds the data line low, so that no transfer on the bus can work.
    fn holds_data_low(&self) -> bool {
        false
    }

    /// Nine clock pulses and a STOP: what frees a data line that is held.
    fn recover(&mut self) {}
}
