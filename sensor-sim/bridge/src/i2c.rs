//! The bus.

use embedded_hal::i2c::{self, Operation};

use crate::{BridgeError, Pipe, Remote};

/// The simulated I2C bus: [`Remote::i2c`]. An awaited call blocks on the pipe and is ready at once.
#[derive(Debug)]
pub struct RemoteI2c<'a, P> {
    remote: &'a Remote<P>,
}

impl<'a, P> RemoteI2c<'a, P> {
    pub(crate) fn new(remote: &'a Remote<P>) -> Self {
        RemoteI2c { remote }
    }
}

impl<P> Clone for RemoteI2c<'_, P> {
    fn clone(&self) -> Self {
        RemoteI2c { remote: self.remote }
    }
}

impl<P: Pipe> i2c::ErrorType for RemoteI2c<'_, P> {
    type Error = BridgeError<P::Error>;
}

impl<P: Pipe> i2c::I2c for RemoteI2c<'_, P> {
    fn transaction(&mut self, address: u8, operations: &mut [Operation<'_>]) -> Result<(), Self::Error> {
        self.remote.transaction(address, operations)
    }
}

impl<P: Pipe> embedded_hal_async::i2c::I2c for RemoteI2c<'_, P> {
    async fn transaction(
        &mut self,
        address: u8,
        operations: &mut [Operation<'_>],
    ) -> Result<(), Self::Error> {
        self.remote.transaction(address, operations)
    }
}
