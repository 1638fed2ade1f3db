//! Adversity as a wrapper around any bus.

use embedded_hal::i2c::{self, ErrorKind, Operation};

use super::{Fault, FaultControl, FaultCounts, FaultKind};

/// Wraps any bus, a real one too, and lets its transfers go wrong: on demand, or by seeded chance.
///
/// At most one fault befalls a transaction. What is done is counted by kind, so that a test can ask whether all
/// that it expects to survive did happen. Only transactions for one address are interfered with, and counted.
///
/// An application owns its sensor, and the sensor owns the bus. Its test keeps a [`FaultControl`]:
///
/// ```
/// use mlsensor::PersonSensor;
/// use mlsensor_sim::{Fault, FaultInjector, FaultKind, SimBus, SimSensor};
///
/// struct Application {
///     sensor: PersonSensor<FaultInjector<SimBus>>,
///     is_somebody_there: Option<bool>,
/// }
///
/// impl Application {
///     fn step(&mut self) {
///         self.is_somebody_there = self.sensor.read().ok().map(|faces| !faces.is_empty());
///     }
/// }
///
/// let (bus, _sim) = SimBus::with_sensor(SimSensor::new());
/// let faulty = FaultInjector::new(bus, 7);
/// let control = faulty.control();
/// let mut application = Application { sensor: PersonSensor::new(faulty), is_somebody_there: None };
///
/// application.step();
/// assert_eq!(application.is_somebody_there, Some(false));
/// control.inject(Fault::AllOnes);
/// application.step();
/// assert_eq!(application.is_somebody_there, None); // a bad packet is not nobody
/// assert_eq!(control.counts().of(FaultKind::AllOnes), 1);
/// ```
///
/// Clones are one injector: what is injected at one befalls the next transaction of any.
#[derive(Debug, Clone)]
pub struct FaultInjector<B> {
    pub(super) bus: B,
    pub(super) control: FaultControl,
}

impl<B> FaultInjector<B> {
    /// Wraps a bus. Nothing goes wrong yet. The same seed gives the same faults.
    #[must_use]
    pub fn new(bus: B, seed: u64) -> Self {
        FaultInjector { bus, control: FaultControl::new(seed) }
    }

    /// Lets this kind of fault befall so many transactions in a million; see [`FaultControl::set_rate`].
    #[must_use]
    pub fn with(self, kind: FaultKind, per_million: u32) -> Self {
        self.control.set_rate(kind, per_million);
        self
    }

    /// Lets every kind of fault befall so many transactions in a million, each; see [`FaultControl::set_rate`].
    #[must_use]
    pub fn with_every_fault(self, per_million: u32) -> Self {
        FaultKind::ALL.iter().for_each(|&kind| self.control.set_rate(kind, per_million));
        self
    }

    /// Interferes with the transactions for this address, instead of those for the Person Sensor's.
    #[must_use]
    pub fn for_address(self, address: u8) -> Self {
        self.control.set_address(address);
        self
    }

    /// A handle for the test, while the injector belongs to the application.
    #[must_use]
    pub fn control(&self) -> FaultControl {
        self.control.clone()
    }

    /// See [`FaultControl::inject`].
    pub fn inject(&self, fault: Fault) {
        self.control.inject(fault);
    }

    /// See [`FaultControl::latest`].
    #[must_use]
    pub fn latest(&self) -> Option<Fault> {
        self.control.latest()
    }

    /// See [`FaultControl::counts`].
    #[must_use]
    pub fn counts(&self) -> FaultCounts {
        self.control.counts()
    }

    /// Gives the bus back.
    #[must_use]
    pub fn release(self) -> B {
        self.bus
    }
}

/// What a faulty bus reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FaultError<E> {
    /// The fault that was injected.
    Injected(Fault),
    /// An error of the bus itself.
    Bus(E),
}

impl<E: core::fmt::Debug> core::fmt::Display for FaultError<E> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            FaultError::Injected(fault) => write!(f, "injected: {fault:?}"),
            FaultError::Bus(error) => write!(f, "{error:?}"),
        }
    }
}

impl<E: core::fmt::Debug> core::error::Error for FaultError<E> {}

impl<E: i2c::Error> i2c::Error for FaultError<E> {
    fn kind(&self) -> ErrorKind {
        match self {
            FaultError::Bus(error) => error.kind(),
            FaultError::Injected(fault) => fault.error_kind().unwrap_or(ErrorKind::Other),
        }
    }
}

impl<B: i2c::ErrorType> i2c::ErrorType for FaultInjector<B> {
    type Error = FaultError<B::Error>;
}

/// The part of a transaction that is the same blocking and awaited.
macro_rules! transaction {
    ($self:ident, $address:ident, $operations:ident $(, $await:tt)?) => {{
        let Some(turn) = $self.control.begin($address, $operations) else {
            return $self.bus.transaction($address, $operations)$(.$await)?.map_err(FaultError::Bus);
        };
        let mut is_written = false;
        for bytes in &turn.writes {
            if let Err(error) = $self.bus.write($address, bytes)$(.$await)? {
                $self.control.failed(&turn, is_written);
                return Err(FaultError::Bus(error));
            }
            is_written = true;
        }
        if let Some(fault) = turn.error() {
            $self.control.replaced(&turn);
            return Err(FaultError::Injected(fault));
        }
        match $self.bus.transaction($address, $operations)$(.$await)? {
            Ok(()) => {
                $self.control.happened(&turn, is_written, $operations);
                Ok(())
            }
            Err(error) => {
                $self.control.failed(&turn, is_written);
                Err(FaultError::Bus(error))
            }
        }
    }};
}

impl<B: i2c::I2c> i2c::I2c for FaultInjector<B> {
    fn transaction(&mut self, address: u8, operations: &mut [Operation<'_>]) -> Result<(), Self::Error> {
        transaction!(self, address, operations)
    }
}

impl<B: embedded_hal_async::i2c::I2c> embedded_hal_async::i2c::I2c for FaultInjector<B> {
    async fn transaction(
        &mut self,
        address: u8,
        operations: &mut [Operation<'_>],
    ) -> Result<(), Self::Error> {
        transaction!(self, address, operations, await)
    }
}
