//! A simulated I2C multiplexer: one bus in front, eight behind.

use core::time::Duration;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use super::{Attached, SharedTarget, SimBus, lock};
use crate::{Direction, Target};

/// A TCA9548A (or PCA9548A), as a target for a [`SimBus`]: eight segments with targets of their own behind one address.
///
/// Its only register says by a bit each which segments are connected; all that are connected are one bus with the one
/// in front, in parallel. What is written takes effect at the STOP, the last byte of several counts, and after a loss of power
/// or a reset nothing is connected (TCA9548A datasheet, SCPS207: control register, power-on reset).
///
/// ```
/// use embedded_hal::i2c::I2c;
/// use mlsensor::PersonSensor;
/// use mlsensor_sim::{SimBus, SimSensor, Tca9548a};
///
/// let mut bus = SimBus::new();
/// let mut mux = Tca9548a::new(0x70);
/// let _sensor = mux.attach(&bus, 3, SimSensor::new());
/// let mux = bus.attach(mux);
/// assert!(PersonSensor::new(bus.clone()).probe().is_err());
/// bus.write(0x70, &[1 << 3])?;
/// assert!(PersonSensor::new(bus.clone()).probe().is_ok());
/// mux.with(Tca9548a::reset);
/// assert!(PersonSensor::new(bus).probe().is_err());
/// # Ok::<(), mlsensor_sim::SimBusError>(())
/// ```
pub struct Tca9548a {
    address: u8,
    segments: [Vec<SharedTarget>; Tca9548a::CHANNELS],
    is_powered: bool,
    control: u8,
    /// What was written, until the STOP.
    written: Option<u8>,
    /// Whether it was addressed itself.
    selected: Option<Direction>,
    /// Who behind it acknowledged the latest START.
    answering: Vec<SharedTarget>,
    /// What the next writes of the register suffer, if anything: these bits are inverted, or, if none, the write is lost.
    spoils: VecDeque<Option<u8>>,
}

impl Tca9548a {
    /// How many segments it has.
    pub const CHANNELS: usize = 8;

    /// A multiplexer at this address, 0x70 to 0x77 by its three address pins, with nothing behind it.
    #[must_use]
    pub fn new(address: u8) -> Tca9548a {
        Tca9548a {
            address,
            segments: Default::default(),
            is_powered: true,
            control: 0,
            written: None,
            selected: None,
            answering: Vec::new(),
            spoils: VecDeque::new(),
        }
    }

    /// Puts a target behind channel 0 to 7 (others are taken for 7). `bus` is the bus that the multiplexer is on, or
    /// will be: its time is the target's.
    pub fn attach<T: Target + Send + 'static>(
        &mut self,
        bus: &SimBus,
        channel: u8,
        target: T,
    ) -> Attached<T> {
        let target = Arc::new(Mutex::new(target));
        let last = Tca9548a::CHANNELS - 1;
        if let Some(segment) = self.segments.get_mut(usize::from(channel).min(last)) {
            segment.push(target.clone());
        }
        Attached::new(target, bus.clone())
    }

    /// What the register holds: bit n is channel n.
    #[must_use]
    pub const fn control(&self) -> u8 {
        self.control
    }

    /// A pulse on its reset pin, or a dip of its supply: nothing is connected.
    pub fn reset(&mut self) {
        self.control = 0;
        self.written = None;
        self.selected = None;
        self.answering.clear();
    }

    /// Takes its power away: it answers nothing and connects nothing.
    pub fn power_off(&mut self) {
        self.reset();
        self.is_powered = false;
    }

    /// Gives it power.
    pub fn power_on(&mut self) {
        self.is_powered = true;
    }

    /// Lets a write of its register be acknowledged and go wrong, the `nth` from now (0 is the next one): the bits of `mask`
    /// arrive inverted, or with a mask of 0, the write has no effect.
    pub fn spoil_write(&mut self, nth: u8, mask: u8) {
        let nth = usize::from(nth);
        if self.spoils.len() <= nth {
            self.spoils.resize(nth + 1, None);
        }
        if let Some(spoil) = self.spoils.get_mut(nth) {
            *spoil = Some(mask);
        }
    }

    /// Undoes all [`spoil_write`](Self::spoil_write) that have not come to pass.
    pub fn spoil_no_write(&mut self) {
        self.spoils.clear();
    }

    fn connected(&self) -> impl Iterator<Item = &SharedTarget> {
        let control = self.control;
        let segments = self.segments.iter().enumerate();
        segments.filter(move |(channel, _)| control >> channel & 1 == 1).flat_map(|(_, segment)| segment)
    }

    fn all(&self) -> impl Iterator<Item = &SharedTarget> {
        self.segments.iter().flatten()
    }
}

impl Target for Tca9548a {
    fn start(&mut self, address: u8, direction: Direction) -> bool {
        if !self.is_powered {
            return false;
        }
        self.answering =
            self.connected().filter(|target| lock(target).start(address, direction)).cloned().collect();
        self.selected = (address == self.address).then_some(direction);
        self.selected.is_some() || !self.answering.is_empty()
    }

    fn write_byte(&mut self, byte: u8) -> bool {
        let mut is_acknowledged = false;
        if self.selected == Some(Direction::Write) {
            self.written = Some(byte);
            is_acknowledged = true;
        }
        for target in &self.answering {
            is_acknowledged |= lock(target).write_byte(byte);
        }
        is_acknowledged
    }

    fn read_byte(&mut self) -> u8 {
        let own = if self.selected == Some(Direction::Read) { self.control } else { 0xFF };
        self.answering.iter().fold(own, |byte, target| byte & lock(target).read_byte())
    }

    fn stop(&mut self) {
        self.connected().for_each(|target| lock(target).stop());
        self.answering.clear();
        self.selected = None;
        if let Some(written) = self.written.take() {
            match self.spoils.pop_front().flatten() {
                None => self.control = written,
                Some(0) => {}
                Some(mask) => self.control = written ^ mask,
            }
        }
    }

    fn advance(&mut self, by: Duration) {
        self.all().for_each(|target| lock(target).advance(by));
    }

    fn next_event(&self) -> Option<Duration> {
        self.all().filter_map(|target| lock(target).next_event()).min()
    }

    fn holds_data_low(&self) -> bool {
        self.connected().any(|target| lock(target).holds_data_low())
    }

    fn recover(&mut self) {
        self.written = None;
        self.connected().for_each(|target| lock(target).recover());
        self.stop();
    }
}

impl core::fmt::Debug for Tca9548a {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let targets = self.segments.each_ref().map(Vec::len);
        f.debug_struct("Tca9548a")
            .field("address", &self.address)
            .field("control", &self.control)
            .field("targets", &targets)
            .finish_non_exhaustive()
    }
}
