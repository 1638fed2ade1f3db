//! What a procedure asks of whoever runs it: send, wait, read, until it is over.

use core::{fmt, time::Duration};

use super::time::{later, millis, since};
use crate::person_sensor::{Command, Error, Faces};

/// What a procedure wants next. Ask, do it, report, ask again:
///
/// | step | do | report |
/// |---|---|---|
/// | [`Send`](Step::Send) | send the command | `sent(now, was_ok)` |
/// | [`Wait`](Step::Wait) | let that much time pass, or some of it | nothing |
/// | [`Read`](Step::Read) | read | `update(now, sensor.read().as_ref().ok())` |
/// | [`Over`](Step::Over) | nothing: it stays over | nothing |
///
/// To ask twice does no harm: the answer is the same until something is reported, or time passes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Step<T> {
    /// Send this command now, once.
    Send(Command),
    /// Nothing to do for this long; never zero.
    Wait(Duration),
    /// Read now, once.
    Read,
    /// It is over, with this outcome.
    Over(T),
}

/// Readings nearer to each other than this are pointless, and a procedure that counts time by its own waits must wait
/// at some time.
pub(super) const SHORTEST_WAIT: Duration = Duration::from_millis(10);

/// A procedure, for the loops that run it: one blocking, one async.
pub(crate) trait Procedure {
    /// How it ends.
    type Outcome;
    /// What there is to tell the user meanwhile.
    type Progress: Copy + PartialEq;

    fn step(&mut self, now: Duration) -> Step<Self::Outcome>;
    fn sent(&mut self, now: Duration, is_ok: bool);
    fn update(&mut self, now: Duration, reading: Option<&Faces>);
    fn progress(&self) -> Self::Progress;
}

/// What is left until a moment: a wait, or none if it has come.
pub(super) fn until<T>(moment: Duration, now: Duration) -> Option<Step<T>> {
    let left = since(moment, now);
    if left.is_zero() { None } else { Some(Step::Wait(left)) }
}

/// A wait in whole milliseconds, rounded up: no wait is none, and time must pass for a procedure to end.
pub(crate) fn whole_ms(wait: Duration) -> u32 {
    let parts_ms = wait.subsec_nanos().div_ceil(1_000_000);
    let ms = wait.as_secs().saturating_mul(1000).saturating_add(parts_ms.into());
    u32::try_from(ms).unwrap_or(u32::MAX)
}

/// The moment so many milliseconds later.
pub(crate) const fn after_ms(now: Duration, wait_ms: u32) -> Duration {
    later(now, millis(wait_ms))
}

/// Why a procedure on a sensor gave up: its own reason, and the latest failure of a transfer. `E` is the error of your
/// bus.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub struct ProcedureError<R, E> {
    /// Why.
    pub gave_up: R,
    /// The latest transfer that failed, if one did. It is the cause if the reason is that there were no readings;
    /// otherwise the procedure got over it.
    pub last_error: Option<Error<E>>,
}

impl<R, E> ProcedureError<R, E> {
    pub(crate) const fn new(gave_up: R, last_error: Option<Error<E>>) -> Self {
        ProcedureError { gave_up, last_error }
    }
}

impl<R: fmt::Display, E: fmt::Debug> fmt::Display for ProcedureError<R, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.gave_up, f)?;
        match &self.last_error {
            Some(error) => write!(f, " (latest failure of the bus: {error})"),
            None => Ok(()),
        }
    }
}

/// The text of `Display` is whole: there is no further source.
impl<R: fmt::Debug + fmt::Display, E: fmt::Debug> core::error::Error for ProcedureError<R, E> {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_are_rounded_up_and_never_none() {
        let nanos = [1, 999_999, 1_000_000, 1_000_001, 999_999_999, 1_000_000_000].map(Duration::from_nanos);
        assert_eq!(nanos.map(whole_ms), [1, 1, 1, 2, 1000, 1000]);
        assert_eq!(whole_ms(Duration::MAX), u32::MAX);
    }

    #[test]
    fn a_moment_that_has_come_is_no_wait() {
        let ms = Duration::from_millis;
        assert_eq!(until::<()>(ms(5), ms(3)), Some(Step::Wait(ms(2))));
        assert_eq!(until::<()>(ms(5), ms(5)), None);
        assert_eq!(until::<()>(ms(5), ms(6)), None);
    }
}
