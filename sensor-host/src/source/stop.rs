//! The wish that a program ends, and waiting that it interrupts.

use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

#[cfg(feature = "signals")]
use crate::Report;

/// Whether the program is to end. Clones are the same.
#[derive(Debug, Clone, Default)]
pub struct Stop {
    inner: Arc<(Mutex<bool>, Condvar)>,
}

impl Stop {
    /// Something that nobody has asked for yet.
    #[must_use]
    pub fn new() -> Stop {
        Stop::default()
    }

    /// Lets Ctrl-C, SIGTERM and SIGHUP end the program. Once a process.
    ///
    /// # Errors
    /// If the system cannot tell of signals.
    #[cfg(feature = "signals")]
    pub fn on_signals(&self) -> Result<(), Report> {
        let stop = self.clone();
        ctrlc::set_handler(move || stop.request()).map_err(|error| Report {
            what: format!("cannot catch Ctrl-C: {error}"),
            likely: "the system is out of something".to_owned(),
            run: "ulimit -a".to_owned(),
            code: "MLSENSOR-SIGNAL".to_owned(),
        })
    }

    /// Asks the program to end.
    pub fn request(&self) {
        let (flag, changed) = &*self.inner;
        *flag.lock().unwrap_or_else(PoisonError::into_inner) = true;
        changed.notify_all();
    }

    /// Whether the program is to end.
    #[must_use]
    pub fn is_requested(&self) -> bool {
        *self.inner.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until a moment, but not longer than the program is to go on.
    pub fn wait_until(&self, moment: Instant) {
        let (flag, changed) = &*self.inner;
        let mut requested = flag.lock().unwrap_or_else(PoisonError::into_inner);
        while !*requested {
            let left = moment.saturating_duration_since(Instant::now());
            if left == Duration::ZERO {
                return;
            }
            requested = changed.wait_timeout(requested, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_ends_when_the_program_is_to_end() {
        let stop = Stop::new();
        let other = stop.clone();
        let asking = std::thread::spawn(move || other.request());
        stop.wait_until(Instant::now() + Duration::from_secs(3600));
        assert!(stop.is_requested());
        asking.join().unwrap();
    }
}
