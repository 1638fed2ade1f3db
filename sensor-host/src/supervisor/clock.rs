//! The time of a supervisor, and waiting for it.

use std::time::Duration;

/// Time that is never set, and waiting for it. In a test, virtual time.
pub trait Clock {
    /// The time since any fixed moment.
    fn now(&self) -> Duration;

    /// Waits until this time; it may return early.
    fn wait_until(&self, at: Duration);
}

/// Time that is never set, and waiting for it without a thread. In a test, virtual time.
#[cfg(feature = "tokio")]
pub trait ClockAsync {
    /// The time since any fixed moment.
    fn now(&self) -> Duration;

    /// Waits until this time; it may return early.
    fn wait_until(&self, at: Duration) -> impl Future<Output = ()> + Send;
}

/// The time since the system started, which goes on while it is suspended: what was read before that is old afterwards. (Where
/// there is no Linux, as `Instant` has it.)
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl SystemClock {
    /// The time now.
    #[cfg(target_os = "linux")]
    fn time(self) -> Duration {
        let time = rustix::time::clock_gettime(rustix::time::ClockId::Boottime);
        let secs = u64::try_from(time.tv_sec).unwrap_or(0);
        Duration::new(secs, u32::try_from(time.tv_nsec).unwrap_or(0))
    }

    /// The time now.
    #[cfg(not(target_os = "linux"))]
    fn time(self) -> Duration {
        use std::sync::OnceLock;
        use std::time::Instant;
        static BEGIN: OnceLock<Instant> = OnceLock::new();
        BEGIN.get_or_init(Instant::now).elapsed()
    }
}

impl Clock for SystemClock {
    fn now(&self) -> Duration {
        self.time()
    }

    fn wait_until(&self, at: Duration) {
        std::thread::sleep(at.saturating_sub(self.time()));
    }
}

#[cfg(feature = "tokio")]
impl ClockAsync for SystemClock {
    fn now(&self) -> Duration {
        self.time()
    }

    async fn wait_until(&self, at: Duration) {
        tokio::time::sleep(at.saturating_sub(self.time())).await;
    }
}
