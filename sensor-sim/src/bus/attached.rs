//! The handle of a target that is on a bus, for the test that put it there.

use std::sync::{Arc, Mutex, MutexGuard};
use std::thread::{self, ThreadId};

use super::{SimBus, SimPin, lock};

/// A target that is on a [`SimBus`], for the test that put it there.
pub struct Attached<T> {
    target: Arc<Mutex<T>>,
    bus: SimBus,
}

impl<T> Attached<T> {
    pub(super) fn new(target: Arc<Mutex<T>>, bus: SimBus) -> Self {
        Attached { target, bus }
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, T> {
        self.bus.inside.refuse_target(&self.target);
        lock(&self.target)
    }

    /// Looks at the target, or changes it.
    ///
    /// # Panics
    /// If the bus, or another handle of this target, is used inside: it would wait for this call to end, for ever.
    pub fn with<R>(&self, with: impl FnOnce(&mut T) -> R) -> R {
        let mut target = self.lock();
        let _leaves = self.bus.inside.enter(&self.target);
        with(&mut target)
    }

    /// An output pin of the target, as the input of a program; `level` says whether it is high.
    #[must_use]
    pub fn output_pin(&self, level: fn(&T) -> bool) -> SimPin
    where
        T: Send + 'static,
    {
        let handle = self.clone();
        SimPin::new(self.bus.clone(), move || level(&handle.lock()))
    }
}

impl<T> Clone for Attached<T> {
    fn clone(&self) -> Self {
        Attached { target: self.target.clone(), bus: self.bus.clone() }
    }
}

impl<T: core::fmt::Debug> core::fmt::Debug for Attached<T> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        self.lock().fmt(f)
    }
}

/// Who is inside an [`Attached::with`] of a bus now: which thread, at which target.
#[derive(Clone, Default)]
pub(super) struct Inside(Arc<Mutex<Vec<(ThreadId, usize)>>>);

impl Inside {
    /// Refuses the use of the bus, which needs every target, to who is inside.
    pub(super) fn refuse_bus(&self) {
        self.refuse(|_| true);
    }

    /// Refuses the use of a target to who is inside it.
    pub(super) fn refuse_target<T>(&self, target: &Arc<Mutex<T>>) {
        self.refuse(|inside| inside == name(target));
    }

    /// Ends a call that could only wait for itself.
    #[allow(clippy::panic, reason = "the other outcome is to wait for oneself for ever, without a word")]
    fn refuse(&self, concerns: impl Fn(usize) -> bool) {
        let this = thread::current().id();
        if lock(&self.0).iter().any(|&(thread, target)| thread == this && concerns(target)) {
            panic!(
                "a bus is used inside `Attached::with`, which holds a target of it: use it before or after"
            );
        }
    }

    fn enter<T>(&self, target: &Arc<Mutex<T>>) -> Leaves<'_> {
        let entry = (thread::current().id(), name(target));
        lock(&self.0).push(entry);
        Leaves { inside: self, entry }
    }
}

/// What tells one target from another.
fn name<T>(target: &Arc<Mutex<T>>) -> usize {
    Arc::as_ptr(target).addr()
}

/// Ends being inside when it is dropped.
struct Leaves<'a> {
    inside: &'a Inside,
    entry: (ThreadId, usize),
}

impl Drop for Leaves<'_> {
    fn drop(&mut self) {
        lock(&self.inside.0).retain(|entry| *entry != self.entry);
    }
}
