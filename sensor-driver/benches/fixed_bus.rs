//! A bus that costs nothing, so that what is measured is the drivers.

#![forbid(unsafe_code)]

use std::convert::Infallible;
use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use embedded_hal::i2c::{ErrorType, I2c, Operation};
use mlsensor::{Bounds, Face, Faces, Identity, Packet, PersonId};

/// Answers every read with the same packet.
#[derive(Debug, Clone, Copy)]
pub struct FixedBus(pub Packet);

impl FixedBus {
    fn answer(&self, operations: &mut [Operation<'_>]) {
        for operation in operations {
            if let Operation::Read(bytes) = operation {
                bytes.iter_mut().zip(self.0).for_each(|(byte, fixed)| *byte = fixed);
            }
        }
    }
}

impl ErrorType for FixedBus {
    type Error = Infallible;
}

impl I2c for FixedBus {
    fn transaction(&mut self, _: u8, operations: &mut [Operation<'_>]) -> Result<(), Infallible> {
        self.answer(operations);
        Ok(())
    }
}

impl embedded_hal_async::i2c::I2c for FixedBus {
    async fn transaction(&mut self, _: u8, operations: &mut [Operation<'_>]) -> Result<(), Infallible> {
        self.answer(operations);
        Ok(())
    }
}

/// A packet with this many faces, 0..=4, each with an identity.
#[must_use]
pub fn packet(faces: u8) -> Packet {
    (0..faces.min(4))
        .try_fold(Faces::EMPTY, |all, i| {
            let bounds = Bounds::new(10 * i, 20 * i, 100 + 10 * i, 120 + 20 * i)?;
            let identity = Identity::new(PersonId::new(i)?, 90 - i)?;
            all.with(Face::new(bounds, 95 - i, Some(identity), i % 2 == 0)?)
        })
        .map_or([0; 39], |faces| faces.emit())
}

/// The value of a future that is ready at once; `None` if it is not.
pub fn ready<F: Future>(future: F) -> Option<F::Output> {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => Some(value),
        Poll::Pending => None,
    }
}
