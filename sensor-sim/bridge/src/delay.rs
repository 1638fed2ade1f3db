//! Waiting in virtual time.

use crate::{Pipe, Remote};

/// A delay that lets virtual time pass, blocking and async: [`Remote::delay`]. It returns when the host says that the time
/// has passed, which takes none of the firmware's.
///
/// A delay cannot fail. If the bridge does, it returns at once, and the next call of the bridge tells.
#[derive(Debug)]
pub struct RemoteDelay<'a, P> {
    remote: &'a Remote<P>,
}

impl<'a, P: Pipe> RemoteDelay<'a, P> {
    pub(crate) fn new(remote: &'a Remote<P>) -> Self {
        RemoteDelay { remote }
    }

    /// A length of 32 bits, of a unit of up to a million nanoseconds: far from what overflows.
    fn pass(&self, units: u32, ns: u32) {
        // Whatever fails here closes the bridge, and so is not lost.
        let _ = self.remote.pass(u64::from(units).saturating_mul(u64::from(ns)));
    }
}

impl<P> Clone for RemoteDelay<'_, P> {
    fn clone(&self) -> Self {
        RemoteDelay { remote: self.remote }
    }
}

impl<P: Pipe> embedded_hal::delay::DelayNs for RemoteDelay<'_, P> {
    fn delay_ns(&mut self, ns: u32) {
        self.pass(ns, 1);
    }

    fn delay_us(&mut self, us: u32) {
        self.pass(us, 1000);
    }

    fn delay_ms(&mut self, ms: u32) {
        self.pass(ms, 1_000_000);
    }
}

impl<P: Pipe> embedded_hal_async::delay::DelayNs for RemoteDelay<'_, P> {
    async fn delay_ns(&mut self, ns: u32) {
        self.pass(ns, 1);
    }

    async fn delay_us(&mut self, us: u32) {
        self.pass(us, 1000);
    }

    async fn delay_ms(&mut self, ms: u32) {
        self.pass(ms, 1_000_000);
    }
}
