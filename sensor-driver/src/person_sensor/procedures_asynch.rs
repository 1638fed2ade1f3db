//! The named procedures of the async shell: the only methods with a loop. Their twin is `procedures_blocking.rs`; a test
//! holds them together.

use core::time::Duration;

use embedded_hal_async::{delay::DelayNs, i2c::I2c};

use super::{Error, PersonSensorAsync};
use crate::behavior::procedure::{Procedure, ProcedureError, Step, after_ms, whole_ms};
use crate::behavior::{
    Enroll, EnrollError, EnrollProgress, Enrolled, Erase, EraseError, EraseProgress, Erased,
};

impl<I2C: I2c> PersonSensorAsync<I2C> {
    /// Gives an id to the one person in front of the sensor, and makes sure of it: see [`Enroll`].
    ///
    /// It takes 5 s with a user who does as told, and at most [`EnrollConfig::longest`], by the waits of `delay`;
    /// the time of the transfers comes on top. `progress` is called with what to tell the user, whenever that changes.
    /// The sensor is left in continuous mode with recognition on.
    ///
    /// `delay` must wait for as long as it is asked to: time is what it was asked for. To stop halfway, call
    /// [`Enroll::step`] in a loop of your own instead.
    ///
    /// [`EnrollConfig::longest`]: crate::behavior::EnrollConfig::longest
    ///
    /// # Errors
    /// [`EnrollError`]: why it gave up, and whether somebody may hold the id now.
    pub async fn enroll(
        &mut self,
        delay: &mut impl DelayNs,
        enroll: Enroll,
        progress: impl FnMut(EnrollProgress),
    ) -> Result<Enrolled, EnrollError<I2C::Error>> {
        let (outcome, last_error) = self.run(delay, enroll, progress).await;
        outcome.map_err(|gave_up| ProcedureError::new(gave_up, last_error))
    }

    /// Forgets every label, and makes sure of it as far as somebody is there to check with: see [`Erase`].
    ///
    /// It takes 4 s if somebody is in view and 7 s if nobody is, and at most [`EraseConfig::longest`], by the waits of
    /// `delay`; the time of the transfers comes on top. The sensor is left in continuous mode with recognition on.
    ///
    /// `delay` must wait for as long as it is asked to: time is what it was asked for. To stop halfway, call
    /// [`Erase::step`] in a loop of your own instead.
    ///
    /// [`EraseConfig::longest`]: crate::behavior::EraseConfig::longest
    ///
    /// # Errors
    /// [`EraseError`]: somebody is still recognised, or there are no readings.
    pub async fn erase_and_verify(
        &mut self,
        delay: &mut impl DelayNs,
        erase: Erase,
        progress: impl FnMut(EraseProgress),
    ) -> Result<Erased, EraseError<I2C::Error>> {
        let (outcome, last_error) = self.run(delay, erase, progress).await;
        outcome.map_err(|gave_up| ProcedureError::new(gave_up, last_error))
    }

    /// Does what a procedure asks for, until it is over. Time is what `delay` was asked for.
    async fn run<P: Procedure>(
        &mut self,
        delay: &mut impl DelayNs,
        mut procedure: P,
        mut progress: impl FnMut(P::Progress),
    ) -> (P::Outcome, Option<Error<I2C::Error>>) {
        let (mut now, mut told, mut last_error) = (Duration::ZERO, None, None);
        loop {
            match procedure.step(now) {
                Step::Send(command) => {
                    let sent = self.send(command).await;
                    procedure.sent(now, sent.is_ok());
                    last_error = sent.err().or(last_error);
                }
                Step::Wait(wait) => {
                    let wait_ms = whole_ms(wait);
                    delay.delay_ms(wait_ms).await;
                    now = after_ms(now, wait_ms);
                }
                Step::Read => {
                    let reading = self.read().await;
                    procedure.update(now, reading.as_ref().ok());
                    last_error = reading.err().or(last_error);
                }
                Step::Over(outcome) => return (outcome, last_error),
            }
            let news = procedure.progress();
            if told != Some(news) {
                told = Some(news);
                progress(news);
            }
        }
    }
}
