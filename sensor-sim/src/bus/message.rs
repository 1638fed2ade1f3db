//! A bus that is driven message by message.

use embedded_hal::i2c::{self, Operation};

use super::{FaultError, FaultInjector, SimBus, SimBusError};

/// A bus that is driven message by message, as the adapters of operating systems drive theirs: who drives it says where a
/// transaction ends, and its messages may be for different addresses.
///
/// ```
/// use embedded_hal::i2c::Operation;
/// use mlsensor_sim::{MessageBus, SimBus, SimSensor};
///
/// let (mut bus, _sim) = SimBus::with_sensor(SimSensor::new());
/// bus.message(0x62, &mut Operation::Write(&[]), false)?; // START, the address
/// let mut packet = [0; 39];
/// bus.message(0x62, &mut Operation::Read(&mut packet), true)?; // a repeated START, the address, 39 bytes, STOP
/// assert_eq!(packet[2], 33);
/// # Ok::<(), mlsensor_sim::SimBusError>(())
/// ```
pub trait MessageBus: i2c::ErrorType {
    /// START, or a repeated START if there was no STOP since the last one; the address; the bytes; and a STOP, if it is
    /// the last message of its transaction.
    ///
    /// # Errors
    /// As those of a transaction. The STOP was sent then, and the transaction is over.
    fn message(&mut self, address: u8, message: &mut Operation<'_>, is_last: bool)
    -> Result<(), Self::Error>;

    /// More bytes of the message before, without a START: what a kernel does for `I2C_M_NOSTART`, and to read as many
    /// bytes as the first one says. If there is no transaction under way, nothing acknowledges.
    ///
    /// # Errors
    /// As those of a message.
    fn more(&mut self, address: u8, message: &mut Operation<'_>, is_last: bool) -> Result<(), Self::Error>;

    /// A STOP, if a transaction is under way.
    fn stop(&mut self);
}

impl MessageBus for SimBus {
    fn message(
        &mut self,
        address: u8,
        message: &mut Operation<'_>,
        is_last: bool,
    ) -> Result<(), SimBusError> {
        self.with_inner(|inner| {
            let begin = inner.now;
            let is_first = inner.answering.is_none();
            let outcome = inner.message(address, message, is_last);
            if let Some(log) = &mut inner.log {
                let error = outcome.as_ref().err().map(i2c::Error::kind);
                log.push_message(begin, address, message, is_first, error);
            }
            outcome
        })
    }

    fn more(&mut self, address: u8, message: &mut Operation<'_>, is_last: bool) -> Result<(), SimBusError> {
        self.with_inner(|inner| {
            let outcome = inner.more(address, message, is_last);
            if let Some(log) = &mut inner.log {
                let error = outcome.as_ref().err().map(i2c::Error::kind);
                log.push_more(message, error);
            }
            outcome
        })
    }

    fn stop(&mut self) {
        self.with_inner(|inner| {
            if inner.answering.is_some() {
                inner.stop();
            }
        });
    }
}

/// A fault befalls a message, as if it were a transaction of its own. One that takes the message's place ends the
/// transaction with a STOP. What goes on without a START is let through.
impl<B: MessageBus> MessageBus for FaultInjector<B> {
    fn message(
        &mut self,
        address: u8,
        message: &mut Operation<'_>,
        is_last: bool,
    ) -> Result<(), FaultError<B::Error>> {
        let operations = core::slice::from_mut(message);
        let Some(turn) = self.control.begin(address, operations) else {
            return forward(&mut self.bus, address, operations, is_last);
        };
        let mut is_written = false;
        for bytes in &turn.writes {
            if let Err(error) = self.bus.message(address, &mut Operation::Write(bytes), true) {
                self.control.failed(&turn, is_written);
                return Err(FaultError::Bus(error));
            }
            is_written = true;
        }
        if let Some(fault) = turn.error() {
            self.bus.stop();
            self.control.replaced(&turn);
            return Err(FaultError::Injected(fault));
        }
        let outcome = forward(&mut self.bus, address, operations, is_last);
        match outcome {
            Ok(()) => self.control.happened(&turn, is_written, operations),
            Err(_) => self.control.failed(&turn, is_written),
        }
        outcome
    }

    fn more(
        &mut self,
        address: u8,
        message: &mut Operation<'_>,
        is_last: bool,
    ) -> Result<(), FaultError<B::Error>> {
        self.bus.more(address, message, is_last).map_err(FaultError::Bus)
    }

    fn stop(&mut self) {
        self.bus.stop();
    }
}

fn forward<B: MessageBus>(
    bus: &mut B,
    address: u8,
    messages: &mut [Operation<'_>],
    is_last: bool,
) -> Result<(), FaultError<B::Error>> {
    messages
        .iter_mut()
        .try_for_each(|message| bus.message(address, message, is_last).map_err(FaultError::Bus))
}
