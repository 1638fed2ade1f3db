//! Several sensors of one address on one bus: behind TCA9548A multiplexers that this program drives.
//!
//! Every Person Sensor has the address 0x62, so several on one bus need a multiplexer. Where a kernel can drive it
//! (`dtoverlay=i2c-mux,pca9548`), let it: each channel is a `/dev/i2c-N` of its own then, and nothing here is needed.
//!
//! ```
//! use mlsensor::PersonSensor;
//! use mlsensor_host::mux::Muxes;
//! use mlsensor_sim::{SimBus, SimSensor, Tca9548a};
//!
//! let bus = SimBus::new();
//! let mut simulated = Tca9548a::new(0x70);
//! let (_left, _right) = (simulated.attach(&bus, 0, SimSensor::new()), simulated.attach(&bus, 7, SimSensor::new()));
//! bus.attach(simulated);
//!
//! let muxes = Muxes::new(bus, &[0x70])?;
//! let mut left = PersonSensor::new(muxes.channel(0x70, 0)?);
//! let mut right = PersonSensor::new(muxes.channel(0x70, 7)?);
//! left.probe()?;
//! right.probe()?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Guarantees
//! * **Never a packet of another channel.** Each transaction first shuts all channels and reads back the 0, then selects its own (one
//!   byte, one bit set) and reads that back; after it the register is read once more. If any is not what was written, the
//!   transaction is an error, whatever was read. No selection is remembered: a multiplexer that was reset, or that somebody else
//!   has set, is noticed. At 100 kHz this takes 1 ms more than the 4 ms of a packet.
//! * **A failed selection shuts all channels.** If that fails too, the multiplexer is in doubt, and nothing goes through any
//!   of the bus's multiplexers until a write of 0 was read back from it. So it is at the start.
//! * **At most one channel of all multiplexers of a bus is connected**: before one is used, the others are shut, and their registers
//!   are read as well, before each transaction and after it.
//! * A channel is an embedded-hal I2C bus of its own; channels may be used from several threads, and one that panics in the
//!   middle of a transaction leaves the multiplexer in doubt.
//!
//! What the caller owes: nothing else at the address of a sensor in front of the multiplexers (ask
//! [`Muxes::is_free_in_front`]), and no other program or controller that switches them in between: what it does between two
//! reads of the register, and takes back, cannot be seen.
//!
//! What cannot be helped from here: a segment whose data line is held low takes the bus in front of it along while it is
//! connected. Only the reset pin of the multiplexer, or its power, ends that.

mod channel;
mod error;
mod select;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use embedded_hal::i2c::I2c;

pub use channel::Channel;
pub use error::{MuxError, NoSuchChannel};
use select::Bus;

/// The TCA9548A multiplexers of one bus. Clones are handles of the same ones.
///
/// All multiplexers of a bus belong into one `Muxes`: else a channel of one can be connected while another is used.
#[derive(Debug)]
pub struct Muxes<I2C> {
    bus: Arc<Mutex<Bus<I2C>>>,
}

impl<I2C> Clone for Muxes<I2C> {
    fn clone(&self) -> Self {
        Muxes { bus: self.bus.clone() }
    }
}

fn lock<I2C>(bus: &Mutex<Bus<I2C>>) -> MutexGuard<'_, Bus<I2C>> {
    // Who panicked has left the multiplexer in doubt, which is all that there is to know.
    bus.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<I2C: I2c> Muxes<I2C> {
    /// The multiplexers at these addresses, 0x70 to 0x77. Nothing is sent.
    ///
    /// # Errors
    /// [`NoSuchChannel`] if an address is none that a TCA9548A can have. One that is named twice counts once.
    pub fn new(i2c: I2C, addresses: &[u8]) -> Result<Self, NoSuchChannel> {
        let bus = Bus::new(i2c, addresses)?;
        Ok(Muxes { bus: Arc::new(Mutex::new(bus)) })
    }

    /// Channel 0 to 7 of the multiplexer at an address, as a bus. Nothing is sent.
    ///
    /// # Errors
    /// [`NoSuchChannel`].
    pub fn channel(&self, address: u8, channel: u8) -> Result<Channel<I2C>, NoSuchChannel> {
        let mux = lock(&self.bus).find(address)?;
        Channel::new(self.bus.clone(), mux, channel).ok_or(NoSuchChannel { address, channel })
    }

    /// Shuts all channels of all multiplexers, and makes sure of it: before a program ends, or to find out whether they answer.
    ///
    /// # Errors
    /// [`MuxError::InDoubt`].
    pub fn shut(&self) -> Result<(), MuxError<I2C::Error>> {
        lock(&self.bus).shut_all()
    }

    /// Shuts all channels and reads a byte of an address: whether nothing answers it in front of the multiplexers. What does
    /// would be on every channel.
    ///
    /// # Errors
    /// [`MuxError`]; a bus error other than a missing acknowledgement says neither.
    pub fn is_free_in_front(&self, address: u8) -> Result<bool, MuxError<I2C::Error>> {
        lock(&self.bus).is_free_in_front(address)
    }

    /// Whether a multiplexer is in doubt: what it connects is not known, and nothing is read until it was shut.
    #[must_use]
    pub fn is_in_doubt(&self) -> bool {
        lock(&self.bus).is_in_doubt()
    }
}
