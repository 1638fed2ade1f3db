//! What has a state is behind a lock.

use std::sync::{Mutex, PoisonError};

use pyo3::prelude::*;
use pyo3::sync::MutexExt;

/// A state that several threads may use. Whoever holds it computes for some microseconds, and neither
/// waits nor calls Python.
#[derive(Debug)]
pub(crate) struct Locked<T>(Mutex<T>);

impl<T> Locked<T> {
    pub(crate) const fn new(state: T) -> Self {
        Locked(Mutex::new(state))
    }

    /// Lends it. Who has to wait for it does so detached from the interpreter. A second one may be lent
    /// inside, in the order in which they are named in `update(now, tracker)`: the tracker last.
    pub(crate) fn with<R>(&self, py: Python<'_>, take: impl FnOnce(&mut T) -> R) -> R {
        // The state of a behaviour is whole after each of its calls, also after one that panicked.
        let mut state = self.0.lock_py_attached(py).unwrap_or_else(PoisonError::into_inner);
        take(&mut state)
    }
}
