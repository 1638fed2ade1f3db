//! What the programs share: the bus, made anew for each attempt and freed after one that failed, and the time.

#![no_std]

use core::time::Duration;

use embassy_nrf::gpio::{Flex, OutputDrive::Standard0Disconnect1, Pin, Pull};
use embassy_nrf::peripherals::TWISPI0;
use embassy_nrf::twim::{Config, InterruptHandler, Twim};
use embassy_nrf::{Peri, bind_interrupts};
use embassy_time::{Delay, Instant};
use mlsensor::PersonSensorAsync;
use mlsensor_example_rules::bus;

bind_interrupts!(struct Interrupts { TWISPI0 => InterruptHandler<TWISPI0>; });

/// A Person Sensor on a controller of this chip, with its pins.
pub struct Wires<Sda: Pin, Scl: Pin> {
    /// The controller.
    pub twi: Peri<'static, TWISPI0>,
    /// The data line.
    pub sda: Peri<'static, Sda>,
    /// The clock line.
    pub scl: Peri<'static, Scl>,
    /// The controller sends from RAM alone: what a command is copied to, if the compiler has put it elsewhere.
    pub ram: [u8; 2],
}

impl<Sda: Pin, Scl: Pin> Wires<Sda, Scl> {
    /// The sensor on a controller that was begun anew, so that nothing is left of what failed. At 100 kHz, with the pull-ups of
    /// the chip, which do no harm beside those of a board.
    ///
    /// To be made inside of what may time out: `with_timeout(long, async { wires.sensor().read().await })`. Then the
    /// controller is turned off together with what it reads into, and writes nothing to memory that others have by then.
    pub fn sensor(&mut self) -> PersonSensorAsync<Twim<'_>> {
        let mut config = Config::default();
        (config.sda_pullup, config.scl_pullup) = (true, true);
        let (twi, sda, scl) = (self.twi.reborrow(), self.sda.reborrow(), self.scl.reborrow());
        PersonSensorAsync::new(Twim::new(twi, Interrupts, sda, scl, config, &mut self.ram))
    }

    /// Frees a data line that the sensor holds low.
    pub fn free(&mut self) {
        let [mut scl, mut sda] =
            [Flex::new(self.scl.reborrow()), Flex::new(self.sda.reborrow())].map(|mut line| {
                line.set_high();
                line.set_as_input_output(Pull::Up, Standard0Disconnect1);
                line
            });
        bus::free(&mut scl, &mut sda, &mut Delay);
    }
}

/// The time since the chip began.
#[must_use]
pub fn now() -> Duration {
    Duration::from_micros(Instant::now().as_micros())
}

/// The same moment, as embassy has it.
#[must_use]
pub fn instant(at: Duration) -> Instant {
    Instant::from_micros(at.as_micros() as u64)
}
