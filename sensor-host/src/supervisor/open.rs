//! What opens a bus, again and again.

use embedded_hal::i2c::I2c;

use super::RetryHint;

/// Opens the bus that a sensor is on: a real one, a simulated one, a recording, a channel of a multiplexer.
///
/// It is asked again whenever the bus was given up: what was open before is dropped first. If a bus can be freed that hangs, this
/// is the place to do it. Any function that returns a bus is an opener:
///
/// ```
/// use mlsensor_host::supervisor::{Opener, Supervisor, Settings};
/// use mlsensor_sim::{SimBus, SimSensor};
///
/// let (bus, _sensor) = SimBus::with_sensor(SimSensor::new());
/// let opener = move || Ok::<_, std::convert::Infallible>(bus.clone());
/// let supervisor = Supervisor::new(opener, Settings::default());
/// # drop(supervisor);
/// ```
pub trait Opener {
    /// The bus.
    type Bus: I2c<Error: RetryHint>;
    /// Why it could not be opened.
    type Error: RetryHint;

    /// Opens the bus. Nothing may be sent to a sensor: it is not known yet whether there is one.
    ///
    /// # Errors
    /// If it cannot be opened; it is tried again later, whatever the error says.
    fn open(&mut self) -> Result<Self::Bus, Self::Error>;
}

impl<F, B, E> Opener for F
where
    F: FnMut() -> Result<B, E>,
    B: I2c<Error: RetryHint>,
    E: RetryHint,
{
    type Bus = B;
    type Error = E;

    fn open(&mut self) -> Result<B, E> {
        self()
    }
}
