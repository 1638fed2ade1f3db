//! The presence pin.

use embedded_hal::digital::{ErrorType, InputPin};
use embedded_hal_async::digital::Wait;

use crate::wire::PinWait;
use crate::{BridgeError, Pipe, Remote};

/// The sensor's presence pin as an input, blocking and async: [`Remote::presence_pin`].
///
/// A wait lets virtual time pass until the level is there, and is ready at once. It fails if the scene ends before.
#[derive(Debug)]
pub struct RemotePin<'a, P> {
    remote: &'a Remote<P>,
}

impl<'a, P> RemotePin<'a, P> {
    pub(crate) fn new(remote: &'a Remote<P>) -> Self {
        RemotePin { remote }
    }
}

impl<P> Clone for RemotePin<'_, P> {
    fn clone(&self) -> Self {
        RemotePin { remote: self.remote }
    }
}

impl<P: Pipe> ErrorType for RemotePin<'_, P> {
    type Error = BridgeError<P::Error>;
}

impl<P: Pipe> InputPin for RemotePin<'_, P> {
    fn is_high(&mut self) -> Result<bool, Self::Error> {
        self.remote.pin()
    }

    fn is_low(&mut self) -> Result<bool, Self::Error> {
        self.remote.pin().map(|is_high| !is_high)
    }
}

impl<P: Pipe> Wait for RemotePin<'_, P> {
    async fn wait_for_high(&mut self) -> Result<(), Self::Error> {
        self.remote.wait_for_pin(PinWait::High)
    }

    async fn wait_for_low(&mut self) -> Result<(), Self::Error> {
        self.remote.wait_for_pin(PinWait::Low)
    }

    async fn wait_for_rising_edge(&mut self) -> Result<(), Self::Error> {
        self.remote.wait_for_pin(PinWait::RisingEdge)
    }

    async fn wait_for_falling_edge(&mut self) -> Result<(), Self::Error> {
        self.remote.wait_for_pin(PinWait::FallingEdge)
    }

    async fn wait_for_any_edge(&mut self) -> Result<(), Self::Error> {
        self.remote.wait_for_pin(PinWait::AnyEdge)
    }
}
