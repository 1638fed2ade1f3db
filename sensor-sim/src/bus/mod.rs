//! A simulated I2C bus in virtual time, and what can be wrapped around any bus.
//!
//! # Guarantees
//! * Everything goes through `transaction`, as embedded-hal defines it: one START, a repeated START where the
//!   direction changes, one STOP, adjacent operations of one direction joined.
//! * Time on the bus is real: each bit takes its time at the bit rate, and all targets live through it.
//! * Blocking and async are the same; an async call is ready at once, because only virtual time passes.

mod attached;
mod delay;
mod error;
mod fault;
mod fault_control;
mod fault_injector;
mod lookalike;
mod message;
mod pin;
mod recording;
mod replay;
mod spoil;
mod tca9548a;
mod tracer;
mod wire;

use core::task::Waker;
use core::time::Duration;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use embedded_hal::i2c::{self, Operation};

pub use attached::Attached;
use attached::Inside;
pub use delay::SimDelay;
pub use error::SimBusError;
pub use fault::{Fault, FaultKind, Nonsense};
pub use fault_control::{FaultControl, FaultCounts};
pub use fault_injector::{FaultError, FaultInjector};
pub use lookalike::{Lookalike, LookalikeKind};
pub use message::MessageBus;
pub use pin::{SimPin, SimPinError};
pub use recording::{Recording, RecordingError, Transfer};
pub use replay::{RecordedError, Replay, ReplayError};
pub use tca9548a::Tca9548a;
pub use tracer::{Trace, Tracer};
use wire::{Inner, direction_of};

use crate::{SimSensor, Target};

type SharedTarget = Arc<Mutex<dyn Target + Send>>;

/// A lock that a panicked test left behind is still a lock.
fn lock<T: ?Sized>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A simulated I2C bus. Clones are handles of the same bus: one for the program, one for its test.
///
/// ```
/// use core::time::Duration;
/// use mlsensor::PersonSensor;
/// use mlsensor_sim::{Person, SimBus, SimSensor};
///
/// let (bus, sim) = SimBus::with_sensor(SimSensor::new());
/// let mut sensor = PersonSensor::new(bus.clone());
/// sim.set_scene([Person::at(1.0, 0.0)]); // a metre away, straight ahead, facing
/// bus.advance(Duration::from_millis(500));
/// assert_eq!(sensor.read()?.facing().count(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct SimBus {
    inner: Arc<Mutex<Inner>>,
    inside: Inside,
}

impl SimBus {
    /// The safe bit rate for a Person Sensor, and what a Raspberry Pi uses unless told otherwise.
    pub const DEFAULT_BIT_RATE_HZ: u32 = 100_000;

    /// A bus with nothing on it, at 100 kHz.
    #[must_use]
    pub fn new() -> SimBus {
        SimBus::with_bit_rate(SimBus::DEFAULT_BIT_RATE_HZ)
    }

    /// A bus with nothing on it, at this bit rate in hertz; 0 is taken for 1.
    #[must_use]
    pub fn with_bit_rate(bit_rate_hz: u32) -> SimBus {
        let (targets, waiting) = (Vec::new(), Vec::new());
        let inner = Inner {
            now: Duration::ZERO,
            bit_rate_hz: bit_rate_hz.max(1),
            targets,
            answering: None,
            waiting,
            log: None,
        };
        SimBus { inner: Arc::new(Mutex::new(inner)), inside: Inside::default() }
    }

    /// A bus at 100 kHz with this sensor on it, and the handle by which a test gets at the sensor.
    #[must_use]
    pub fn with_sensor(sensor: SimSensor) -> (SimBus, Attached<SimSensor>) {
        let bus = SimBus::new();
        let attached = bus.attach(sensor);
        (bus, attached)
    }

    /// Puts one more target on the bus. Its time runs with the bus from now on.
    pub fn attach<T: Target + Send + 'static>(&self, target: T) -> Attached<T> {
        let target = Arc::new(Mutex::new(target));
        self.lock().targets.push(target.clone());
        Attached::new(target, self.clone())
    }

    /// The virtual time since the bus was made.
    #[must_use]
    pub fn now(&self) -> Duration {
        self.lock().now
    }

    /// Lets virtual time pass, for everything on the bus.
    pub fn advance(&self, by: Duration) {
        self.with_inner(|inner| inner.advance(by));
    }

    /// How long until something on the bus next happens by itself; `None` if nothing ever will.
    #[must_use]
    pub fn next_event(&self) -> Option<Duration> {
        self.lock().targets.iter().filter_map(|target| lock(target).next_event()).min()
    }

    /// A delay that lets virtual time pass, for `capture` and everything else that waits.
    #[must_use]
    pub fn delay(&self) -> SimDelay {
        SimDelay::new(self.clone())
    }

    /// Frees a data line that a target holds low: nine clock pulses and a STOP.
    pub fn recover(&self) {
        let mut inner = self.lock();
        inner.clock(10);
        for target in &inner.targets {
            lock(target).recover();
        }
    }

    /// Begins to log the traffic of the bus, anew if it was logged already.
    pub fn start_log(&self) {
        self.lock().log = Some(Recording::default());
    }

    /// The traffic since [`start_log`](Self::start_log), which is then no longer logged.
    #[must_use]
    pub fn take_log(&self) -> Recording {
        self.lock().log.take().unwrap_or_default()
    }

    pub(crate) fn wake_on_advance(&self, waker: &Waker) {
        let mut inner = self.lock();
        if !inner.waiting.iter().any(|waiting| waiting.will_wake(waker)) {
            inner.waiting.push(waker.clone());
        }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inside.refuse_bus();
        lock(&self.inner)
    }

    fn transfer(&self, address: u8, operations: &mut [Operation<'_>]) -> Result<(), SimBusError> {
        self.with_inner(|inner| {
            let begin = inner.now;
            let outcome = inner.transaction(address, operations);
            if let Some(log) = &mut inner.log {
                let error = outcome.as_ref().err().map(i2c::Error::kind);
                log.push_transaction(begin, address, operations, error);
            }
            outcome
        })
    }

    /// Does something that lets time pass, then wakes who waits for that.
    fn with_inner<R>(&self, with: impl FnOnce(&mut Inner) -> R) -> R {
        let mut inner = self.lock();
        let outcome = with(&mut inner);
        let waiting = core::mem::take(&mut inner.waiting);
        drop(inner);
        waiting.into_iter().for_each(Waker::wake);
        outcome
    }
}

impl Default for SimBus {
    fn default() -> Self {
        SimBus::new()
    }
}

impl core::fmt::Debug for SimBus {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let inner = lock(&self.inner);
        let targets = inner.targets.len();
        f.debug_struct("SimBus").field("now", &inner.now).field("targets", &targets).finish_non_exhaustive()
    }
}

impl i2c::ErrorType for SimBus {
    type Error = SimBusError;
}

impl i2c::I2c for SimBus {
    fn transaction(&mut self, address: u8, operations: &mut [Operation<'_>]) -> Result<(), SimBusError> {
        self.transfer(address, operations)
    }
}

impl embedded_hal_async::i2c::I2c for SimBus {
    async fn transaction(
        &mut self,
        address: u8,
        operations: &mut [Operation<'_>],
    ) -> Result<(), SimBusError> {
        self.transfer(address, operations)
    }
}
