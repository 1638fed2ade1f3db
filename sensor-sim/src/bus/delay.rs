//! Waiting in virtual time.

use core::time::Duration;

use super::SimBus;

/// A delay that lets the virtual time of a bus pass, blocking and async, and returns at once.
#[derive(Debug, Clone)]
pub struct SimDelay {
    bus: SimBus,
}

impl SimDelay {
    pub(super) fn new(bus: SimBus) -> Self {
        SimDelay { bus }
    }
}

impl embedded_hal::delay::DelayNs for SimDelay {
    fn delay_ns(&mut self, ns: u32) {
        self.bus.advance(Duration::from_nanos(ns.into()));
    }
}

impl embedded_hal_async::delay::DelayNs for SimDelay {
    async fn delay_ns(&mut self, ns: u32) {
        self.bus.advance(Duration::from_nanos(ns.into()));
    }
}
