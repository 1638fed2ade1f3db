//! An output pin of something on the bus, as the input of a program.

use core::future::poll_fn;
use core::task::Poll;
use core::time::Duration;
use std::sync::Arc;

use embedded_hal::digital::{self, InputPin};
use embedded_hal_async::digital::Wait;

use super::SimBus;

/// An input that is wired to a pin of something on the bus, such as a sensor's presence pin.
///
/// Waiting lets virtual time pass until the level is there, so a program that waits runs on, and nothing sleeps.
/// If it is another task that lets time pass, use [`SimPin::passive`].
#[derive(Clone)]
pub struct SimPin {
    bus: SimBus,
    level: Arc<dyn Fn() -> bool + Send + Sync>,
    is_passive: bool,
}

impl core::fmt::Debug for SimPin {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("SimPin").field("is_passive", &self.is_passive).finish_non_exhaustive()
    }
}

/// A wait that will not end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SimPinError {
    /// Nothing on the bus will ever happen by itself again.
    NothingWillHappen,
    /// The level did not come within [`SimPin::LONGEST_WAIT`] of virtual time.
    TimedOut,
}

impl core::fmt::Display for SimPinError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            SimPinError::NothingWillHappen => "waiting for a pin that nothing will change",
            SimPinError::TimedOut => "waited a virtual day for a pin",
        })
    }
}

impl core::error::Error for SimPinError {}

impl digital::Error for SimPinError {
    fn kind(&self) -> digital::ErrorKind {
        digital::ErrorKind::Other
    }
}

impl SimPin {
    /// The longest that a wait lets virtual time pass: a day.
    pub const LONGEST_WAIT: Duration = Duration::from_secs(24 * 60 * 60);

    pub(super) fn new(bus: SimBus, level: impl Fn() -> bool + Send + Sync + 'static) -> SimPin {
        SimPin { bus, level: Arc::new(level), is_passive: false }
    }

    /// The same pin, whose waits are woken when somebody else advances the bus. A level that comes and goes within
    /// one advance is not seen.
    #[must_use]
    pub fn passive(self) -> SimPin {
        SimPin { is_passive: true, ..self }
    }

    fn level(&self) -> bool {
        (self.level)()
    }

    async fn wait_for(&mut self, level: bool) -> Result<(), SimPinError> {
        if self.is_passive {
            return poll_fn(|context| {
                // Registered first: another thread may advance the bus between the look and the return.
                self.bus.wake_on_advance(context.waker());
                if self.level() == level { Poll::Ready(Ok(())) } else { Poll::Pending }
            })
            .await;
        }
        let begin = self.bus.now();
        while self.level() != level {
            let step = self.bus.next_event().ok_or(SimPinError::NothingWillHappen)?;
            if self.bus.now().saturating_sub(begin) > SimPin::LONGEST_WAIT {
                return Err(SimPinError::TimedOut);
            }
            self.bus.advance(step);
        }
        Ok(())
    }
}

impl digital::ErrorType for SimPin {
    type Error = SimPinError;
}

impl InputPin for SimPin {
    fn is_high(&mut self) -> Result<bool, SimPinError> {
        Ok(self.level())
    }

    fn is_low(&mut self) -> Result<bool, SimPinError> {
        Ok(!self.level())
    }
}

impl Wait for SimPin {
    async fn wait_for_high(&mut self) -> Result<(), SimPinError> {
        self.wait_for(true).await
    }

    async fn wait_for_low(&mut self) -> Result<(), SimPinError> {
        self.wait_for(false).await
    }

    async fn wait_for_rising_edge(&mut self) -> Result<(), SimPinError> {
        self.wait_for(false).await?;
        self.wait_for(true).await
    }

    async fn wait_for_falling_edge(&mut self) -> Result<(), SimPinError> {
        self.wait_for(true).await?;
        self.wait_for(false).await
    }

    async fn wait_for_any_edge(&mut self) -> Result<(), SimPinError> {
        let now = self.level();
        self.wait_for(!now).await
    }
}
