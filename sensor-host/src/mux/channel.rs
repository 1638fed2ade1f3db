//! One channel, as a bus.

use std::fmt;
use std::sync::{Arc, Mutex};

use embedded_hal::i2c::{self, I2c, Operation};

use super::select::Bus;
use super::{MuxError, lock};

/// What is behind one channel of a multiplexer, as an I2C bus. Clones are handles of the same channel.
pub struct Channel<I2C> {
    bus: Arc<Mutex<Bus<I2C>>>,
    mux: usize,
    channel: u8,
}

impl<I2C> Channel<I2C> {
    /// `None` for a channel above 7.
    pub(super) fn new(bus: Arc<Mutex<Bus<I2C>>>, mux: usize, channel: u8) -> Option<Self> {
        (channel < 8).then_some(Channel { bus, mux, channel })
    }

    /// Its number, 0 to 7.
    #[must_use]
    pub const fn number(&self) -> u8 {
        self.channel
    }

    /// Does something with the bus that the multiplexers are on, such as opening it anew. What they connect is not known
    /// afterwards: they are shut before anything else goes through.
    pub fn with_bus<R>(&self, with: impl FnOnce(&mut I2C) -> R) -> R {
        lock(&self.bus).with_bus(with)
    }
}

impl<I2C> Clone for Channel<I2C> {
    fn clone(&self) -> Self {
        Channel { bus: self.bus.clone(), mux: self.mux, channel: self.channel }
    }
}

impl<I2C> fmt::Debug for Channel<I2C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Channel").field("channel", &self.channel).finish_non_exhaustive()
    }
}

impl<I2C: I2c> i2c::ErrorType for Channel<I2C> {
    type Error = MuxError<I2C::Error>;
}

impl<I2C: I2c> I2c for Channel<I2C> {
    fn transaction(&mut self, address: u8, operations: &mut [Operation<'_>]) -> Result<(), Self::Error> {
        lock(&self.bus).transaction(self.mux, 1 << self.channel, address, operations)
    }
}
