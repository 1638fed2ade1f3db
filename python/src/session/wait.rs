//! Waiting in real time that another thread or a signal ends.

use std::sync::{Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How long a signal may go unnoticed.
const LONGEST: Duration = Duration::from_millis(100);

/// The wish that a wait ends. It is kept until a wait has ended by it.
#[derive(Debug, Default)]
pub(super) struct Wake {
    is_wanted: Mutex<bool>,
    changed: Condvar,
}

impl Wake {
    /// Ends the wait that is, or else the next one.
    pub(super) fn wake(&self) {
        *self.is_wanted.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.changed.notify_all();
    }

    /// Whether it is to end; that is noted.
    pub(super) fn take(&self) -> bool {
        std::mem::take(&mut *self.is_wanted.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Waits until a moment, and no longer than a signal may go unnoticed.
    pub(super) fn wait_until(&self, moment: Instant) {
        let left = moment.saturating_duration_since(Instant::now()).min(LONGEST);
        let wanted = self.is_wanted.lock().unwrap_or_else(PoisonError::into_inner);
        // Woken too early does no harm: who waits looks again.
        drop(self.changed.wait_timeout_while(wanted, left, |wanted| !*wanted));
    }
}
