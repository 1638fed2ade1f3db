//! The blocking shell: does what the core says, on this thread. Its twin is `asynch.rs`; a test holds them together.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use mlsensor::Config;

use super::work::Work;
use super::{Clock, Core, Counters, Opener, Settings, Snapshot, State, Step, SystemClock, Update};

/// Reads a sensor for as long as the program runs. See the [module](crate::supervisor).
pub struct Supervisor<O: Opener, C = SystemClock> {
    core: Core,
    work: Work<O>,
    clock: C,
    latest: Arc<Mutex<Snapshot>>,
}

impl<O: Opener> Supervisor<O> {
    /// Supervises the sensor on the bus that this opens. Nothing is done yet.
    #[must_use]
    pub fn new(opener: O, settings: Settings) -> Self {
        Supervisor::with_clock(opener, settings, SystemClock)
    }
}

/// What a supervisor does in a turn.
pub(super) enum Turn {
    Update(Update),
    Done,
    Wait(Duration),
}

impl<O: Opener, C: Clock> Supervisor<O, C> {
    /// The same by another clock.
    #[must_use]
    pub fn with_clock(opener: O, settings: Settings, clock: C) -> Self {
        let latest = Arc::new(Mutex::new(Snapshot::NOTHING));
        Supervisor { core: Core::new(settings), work: Work::new(opener), clock, latest }
    }

    /// Waits until there is something to say: a reading, a read that failed, a state that got worse. That takes no longer than the
    /// longest of an interval, the longest backoff and the time in which settings settle, plus the time-outs of the bus.
    #[allow(clippy::should_implement_trait, reason = "it never ends; `updates` is the iterator")]
    pub fn next(&mut self) -> Update {
        loop {
            match self.turn() {
                Turn::Update(update) => return update,
                Turn::Done => {}
                Turn::Wait(until) => self.clock.wait_until(until),
            }
        }
    }

    /// All that there is to say, without an end.
    pub fn updates(&mut self) -> impl Iterator<Item = Update> {
        std::iter::from_fn(|| Some(self.next()))
    }

    pub(super) const fn clock(&self) -> &C {
        &self.clock
    }

    /// Does what is due now.
    pub(super) fn turn(&mut self) -> Turn {
        let now = self.clock.now();
        let update = match self.core.time_is(now) {
            Some(update) => Some(update),
            None => match self.core.step(now) {
                Step::Wait(until) => return Turn::Wait(until),
                Step::Do(action) => {
                    let done = self.work.act(action, || self.clock.now());
                    self.core.done(self.clock.now(), done)
                }
            },
        };
        *self.latest.lock().unwrap_or_else(PoisonError::into_inner) = self.core.snapshot().clone();
        update.map_or(Turn::Done, Turn::Update)
    }

    /// What is known of the sensor now.
    #[must_use]
    pub fn state(&self) -> State {
        self.core.state(self.clock.now())
    }

    /// What was done and met with so far.
    #[must_use]
    pub const fn counters(&self) -> &Counters {
        self.core.counters()
    }

    /// Sets the sensor to this from now on, and whenever it comes back.
    pub fn set_config(&mut self, config: Config) {
        self.core.set_config(config);
    }

    /// The latest reading, for other threads.
    #[must_use]
    pub fn latest(&self) -> Latest<C>
    where
        C: Clone,
    {
        Latest { snapshot: self.latest.clone(), clock: self.clock.clone() }
    }

    /// Closes the bus and gives back what opens it.
    #[must_use]
    pub fn release(self) -> O {
        self.work.opener
    }
}

impl<O: Opener, C> fmt::Debug for Supervisor<O, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Supervisor").field("core", &self.core).finish_non_exhaustive()
    }
}

/// The latest reading of a [`Supervisor`], for other threads. It grows old also while nobody calls [`Supervisor::next`].
#[derive(Debug, Clone)]
pub struct Latest<C = SystemClock> {
    snapshot: Arc<Mutex<Snapshot>>,
    clock: C,
}

impl<C: Clock> Latest<C> {
    /// The latest reading if it is live now, with its age now; otherwise why there is none.
    #[must_use]
    pub fn get(&self) -> Update {
        self.snapshot.lock().unwrap_or_else(PoisonError::into_inner).at(self.clock.now())
    }
}
