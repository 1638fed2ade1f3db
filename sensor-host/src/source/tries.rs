//! Trying again what may be over soon: one transfer that fails says nothing of the next.

use std::time::Duration;

use mlsensor::{Command, PacketError, PersonSensor};

use super::{AnyBus, Source, SourceError};
use crate::linux::Retry;

/// How often a transfer is tried again.
const AGAIN: usize = 2;

impl Source {
    /// Finds the sensor at an address, without writing to it. What may be over soon is tried again twice, up to 50 ms
    /// later: one read that fails says nothing of the next.
    ///
    /// # Errors
    /// [`SourceError`]: nothing answers, or something else.
    pub fn find(&mut self, address: u8) -> Result<(), SourceError> {
        let name = self.name.to_string();
        let probe = |bus: &mut AnyBus| PersonSensor::with_address(bus, address).probe();
        self.tried(
            |bus| probe(bus).map_err(|error| SourceError::of_sensor(name.clone(), error.into())),
            |found| match found {
                Ok(_) => Retry::Never,
                // Bits may have been lost on the way. Of another part this is as true of the next read, which does it no harm.
                Err(SourceError::NotAPersonSensor { error: PacketError::Checksum { .. }, .. }) => Retry::Now,
                Err(error) => error.retry(),
            },
        )?;
        Ok(())
    }

    /// Sends a setting, which may be sent twice. It is tried again as [`find`](Self::find) does it.
    pub(crate) fn set(&mut self, setting: Command) -> Result<(), SourceError> {
        let sent = self.tried(
            |bus| PersonSensor::new(bus).send(setting),
            |sent| match sent {
                Err(mlsensor::Error::I2c(error)) => error.retry(),
                _ => Retry::Never,
            },
        );
        sent.map_err(|error| match error {
            mlsensor::Error::I2c(error) => SourceError::NotSet { bus: self.name.to_string(), error },
            error => SourceError::of_sensor(self.name.to_string(), error),
        })
    }

    /// What came of the last try: there is another one, after a pause, while this says that it may help soon.
    pub(crate) fn tried<T>(
        &mut self,
        mut attempt: impl FnMut(&mut AnyBus) -> T,
        retry: impl Fn(&T) -> Retry,
    ) -> T {
        let mut outcome = attempt(&mut self.bus);
        for _ in 0..AGAIN {
            let pause_ms = match retry(&outcome) {
                Retry::Now => 5,
                Retry::AfterMs(ms) => ms.clamp(5, 50),
                Retry::Reopen | Retry::Never => break,
            };
            self.clock.delay().wait(Duration::from_millis(pause_ms.into()));
            let next = attempt(&mut self.bus);
            // That a recording has ended says nothing of what was there.
            if self.bus.has_ended() {
                break;
            }
            outcome = next;
        }
        outcome
    }
}
