//! A bus as a kernel's adapter drives it: message by message, with an errno for what goes wrong.

use embedded_hal::i2c::{Error as _, ErrorKind, Operation};
use mlsensor_sim::{FaultInjector, MessageBus, SimBus};

use super::Errno;

/// One message on the wire.
pub type Message<'a> = Operation<'a>;

/// A simulated bus behind the driver of an adapter.
#[derive(Debug)]
pub struct Adapter {
    wire: FaultInjector<SimBus>,
}

impl Adapter {
    /// A bus behind an adapter whose errors read as those of a Raspberry Pi.
    #[must_use]
    pub fn new(wire: FaultInjector<SimBus>) -> Adapter {
        Adapter { wire }
    }

    /// One message, and a STOP behind it if it is the last of its transaction.
    ///
    /// # Errors
    /// What an adapter reports: `EREMOTEIO` if nothing acknowledges, and so on.
    pub fn message(&mut self, address: u8, message: &mut Message<'_>, is_last: bool) -> Result<(), Errno> {
        self.wire.message(address, message, is_last).map_err(|error| match error.kind() {
            ErrorKind::NoAcknowledge(_) => Errno::REMOTEIO,
            ErrorKind::ArbitrationLoss => Errno::AGAIN,
            ErrorKind::Other => Errno::TIMEDOUT,
            _ => Errno::IO,
        })
    }

    /// A STOP, if a transaction is under way.
    pub fn stop(&mut self) {
        self.wire.stop();
    }
}
