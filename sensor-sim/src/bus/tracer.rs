//! The traffic of any bus, recorded and decoded.

use core::time::Duration;
use std::sync::{Arc, Mutex};

use embedded_hal::i2c::{self, Error as _, ErrorKind, Operation};

use super::{Recording, lock};

/// Wraps any bus, a real one too, and records all that goes over it.
///
/// An application owns its sensor, and the sensor owns the bus. Its test keeps a [`Trace`]:
///
/// ```
/// use mlsensor::{Mode, PersonSensor};
/// use mlsensor_sim::{SimBus, SimSensor, Tracer};
///
/// let (bus, _sim) = SimBus::with_sensor(SimSensor::new());
/// let clock = bus.clone();
/// let tracer = Tracer::new(bus, move || clock.now());
/// let trace = tracer.handle();
/// let mut application = move || {
///     let mut sensor = PersonSensor::new(tracer);
///     sensor.set_mode(Mode::Standby)
/// };
/// application()?;
/// assert!(trace.recording().to_string().ends_with("0.000000 62 w 01 00 # mode = standby\n"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Tracer<B, C> {
    bus: B,
    clock: C,
    trace: Trace,
}

/// What a [`Tracer`] records, for a test whose application owns the tracer. Clones are handles of the same trace,
/// and outlive the tracer.
#[derive(Debug, Clone, Default)]
pub struct Trace {
    recording: Arc<Mutex<Recording>>,
}

impl Trace {
    /// What went over the bus so far.
    #[must_use]
    pub fn recording(&self) -> Recording {
        lock(&self.recording).clone()
    }

    fn push(&self, at: Duration, address: u8, operations: &[Operation<'_>], error: Option<ErrorKind>) {
        lock(&self.recording).push_transaction(at, address, operations, error);
    }
}

impl<B, C: FnMut() -> Duration> Tracer<B, C> {
    /// Wraps a bus. `clock` gives the time since the program began, or since any other moment.
    #[must_use]
    pub fn new(bus: B, clock: C) -> Self {
        Tracer { bus, clock, trace: Trace::default() }
    }

    /// A handle for the test, while the tracer belongs to the application.
    #[must_use]
    pub fn handle(&self) -> Trace {
        self.trace.clone()
    }

    /// What went over the bus so far.
    #[must_use]
    pub fn recording(&self) -> Recording {
        self.trace.recording()
    }

    /// What went over the bus. The bus is dropped.
    #[must_use]
    pub fn into_recording(self) -> Recording {
        self.trace.recording()
    }

    /// Gives the bus back. The recording stays with the traces that were taken of it.
    #[must_use]
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
        self.trace.push(begin, address, operations, error);
        outcome
    }
}

impl<B: embedded_hal_async::i2c::I2c, C: FnMut() -> Duration> embedded_hal_async::i2c::I2c for Tracer<B, C> {
    async fn transaction(&mut self, address: u8, operations: &mut [Operation<'_>]) -> Result<(), B::Error> {
        let begin = (self.clock)();
        let outcome = self.bus.transaction(address, operations).await;
        let error = outcome.as_ref().err().map(|error| error.kind());
        self.trace.push(begin, address, operations, error);
        outcome
    }
}
