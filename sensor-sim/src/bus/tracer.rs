//! The traffic of any bus, recorded and decoded.

use core::time::Duration;

use embedded_hal::i2c::{self, Error as _, Operation};

use super::Recording;

/// Wraps any bus, a real one too, and records all that goes over it.
///
/// ```
/// use mlsensor::{Mode, PersonSensor};
/// use mlsensor_sim::{SimBus, SimSensor, Tracer};
///
/// let (bus, _sim) = SimBus::with_sensor(SimSensor::new());
/// let clock = bus.clone();
/// let mut sensor = PersonSensor::new(Tracer::new(bus, move || clock.now()));
/// sensor.set_mode(Mode::Standby)?;
/// let text = sensor.release().into_recording().to_string();
/// assert!(text.ends_with("0.000000 62 w 01 00 # mode = standby\n"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Tracer<B, C> {
    bus: B,
    clock: C,
    recording: Recording,
}

impl<B, C: FnMut() -> Duration> Tracer<B, C> {
    /// Wraps a bus. `clock` gives the time since the program began, or since any other moment.
    pub fn new(bus: B, clock: C) -> Self {
        Tracer { bus, clock, recording: Recording::default() }
    }

    /// What went over the bus so far.
    pub const fn recording(&self) -> &Recording {
        &self.recording
    }

    /// What went over the bus. The bus is dropped.
    pub fn into_recording(self) -> Recording {
        self.recording
    }

    /// Gives the bus back. The recording is dropped.
    pub fn release(self) -> B {
        self.bus
    }
}

impl<B: i2c::ErrorType, C> i2c::ErrorType for Tracer<B, C> {
    type Error = B::Error;
}

impl<B: i2c::I2c, C: FnMut() -> Duration> i2c::I2c for Tracer<B, C> {
    fn transaction(&mut self, address: u8, operations: &mut [Operation<'_>]) -> Result<(), B::Error> {
        let begin = (self.clock)();
        let outcome = self.bus.transaction(address, operations);
        let error = outcome.as_ref().err().map(|error| error.kind());
        self.recording.push_transaction(begin, address, operations, error);
        outcome
    }
}

impl<B: embedded_hal_async::i2c::I2c, C: FnMut() -> Duration> embedded_hal_async::i2c::I2c for Tracer<B, C> {
    async fn transaction(&mut self, address: u8, operations: &mut [Operation<'_>]) -> Result<(), B::Error> {
        let begin = (self.clock)();
        let outcome = self.bus.transaction(address, operations).await;
        let error = outcome.as_ref().err().map(|error| error.kind());
        self.recording.push_transaction(begin, address, operations, error);
        outcome
    }
}
