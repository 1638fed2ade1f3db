//! The sensor's pin TP1, which the guide calls an interrupt and which is a level.
//!
//! # Guarantees
//! One look at the pin, or one wait, a call. No debouncing: the level follows every single inference,
//! with its misses and false faces.

use embedded_hal::digital::InputPin;

/// The presence pin: high while the latest result holds at least one face, in continuous mode
/// (Guide, Interrupt pin). What it does in standby and after a single shot, nobody has established.
///
/// It is a *level*. While somebody stays, waiting for presence returns at once, again and again: to
/// handle each arrival once, wait for presence and then for absence.
#[derive(Debug, Clone, Copy)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct PresencePin<P> {
    pin: P,
}

impl<P> PresencePin<P> {
    /// Takes the pin, an input.
    pub const fn new(pin: P) -> Self {
        PresencePin { pin }
    }

    /// Gives the pin back.
    pub fn release(self) -> P {
        self.pin
    }
}

impl<P: InputPin> PresencePin<P> {
    /// Whether the latest result holds a face.
    ///
    /// # Errors
    /// The pin's own error.
    pub fn is_present(&mut self) -> Result<bool, P::Error> {
        self.pin.is_high()
    }
}

#[cfg(feature = "async")]
impl<P: embedded_hal_async::digital::Wait> PresencePin<P> {
    /// Waits until the latest result holds a face; returns at once if it does.
    ///
    /// # Errors
    /// The pin's own error.
    pub async fn wait_for_presence(&mut self) -> Result<(), P::Error> {
        self.pin.wait_for_high().await
    }

    /// Waits until the latest result holds no face; returns at once if it does not.
    ///
    /// # Errors
    /// The pin's own error.
    pub async fn wait_for_absence(&mut self) -> Result<(), P::Error> {
        self.pin.wait_for_low().await
    }

    /// Waits until the level changes, either way: a result was published just then, which is what
    /// [`Cadence::pin_changed`](crate::behavior::Cadence::pin_changed) wants to know. A change before the call is not
    /// waited for.
    ///
    /// # Errors
    /// The pin's own error.
    pub async fn wait_for_change(&mut self) -> Result<(), P::Error> {
        self.pin.wait_for_any_edge().await
    }
}
