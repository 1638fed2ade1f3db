//! The async shell, on tokio: the same, awaited. Its twin is `blocking.rs`; a test holds them together.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use mlsensor::Config;
use tokio::sync::watch;
use tokio::task::{JoinHandle, spawn_blocking};

use super::work::{Done, Work};
use super::{ClockAsync, Core, Counters, Opener, Settings, Snapshot, State, Step, SystemClock, Update};

/// Reads a sensor for as long as the program runs. See the [module](crate::supervisor).
///
/// Transfers run on tokio's threads for blocking work, one at a time for each supervisor.
pub struct SupervisorAsync<O: Opener, C = SystemClock> {
    core: Core,
    work: Arc<Mutex<Work<O>>>,
    /// The action that is under way, kept here so that nothing is lost if a future is dropped.
    under_way: Option<JoinHandle<Done>>,
    clock: Arc<C>,
    latest: watch::Sender<Snapshot>,
}

impl<O: Opener> SupervisorAsync<O> {
    /// Supervises the sensor on the bus that this opens. Nothing is done yet.
    #[must_use]
    pub fn new(opener: O, settings: Settings) -> Self {
        SupervisorAsync::with_clock(opener, settings, SystemClock)
    }
}

impl<O: Opener, C> SupervisorAsync<O, C> {
    /// The same by another clock.
    #[must_use]
    pub fn with_clock(opener: O, settings: Settings, clock: C) -> Self {
        SupervisorAsync {
            core: Core::new(settings),
            work: Arc::new(Mutex::new(Work::new(opener))),
            under_way: None,
            clock: Arc::new(clock),
            latest: watch::Sender::new(Snapshot::NOTHING),
        }
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

    /// The latest reading, for other tasks.
    #[must_use]
    pub fn latest(&self) -> LatestAsync<C> {
        LatestAsync { snapshot: self.latest.subscribe(), clock: self.clock.clone() }
    }

    /// Closes the bus and gives back what opens it; `None` while a transfer is under way whose future was dropped.
    #[must_use]
    pub fn release(self) -> Option<O> {
        let work = Arc::into_inner(self.work)?;
        Some(work.into_inner().unwrap_or_else(PoisonError::into_inner).opener)
    }
}

impl<O, C> SupervisorAsync<O, C>
where
    O: Opener<Bus: Send> + Send + 'static,
    C: ClockAsync + Send + Sync + 'static,
{
    /// Waits until there is something to say: a reading, a read that failed, a state that got worse. That takes no longer than the
    /// longest of an interval, the longest backoff and the time in which settings settle, plus the time-outs of the bus.
    ///
    /// Cancel safe: a transfer that is under way when the future is dropped goes on, and the next call waits for its outcome, or has
    /// it at once. What it read is as old then as it is.
    ///
    /// # Panics
    /// If the opener or the bus panics, or outside of a tokio runtime.
    pub async fn next(&mut self) -> Update {
        loop {
            let update = match &mut self.under_way {
                Some(under_way) => {
                    let done = under_way.await;
                    self.under_way = None;
                    match done {
                        Ok(done) => self.core.done(self.clock.now(), done),
                        Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
                        // The runtime ends, and this with it; should it not, the action is still due.
                        Err(_) => None,
                    }
                }
                None => {
                    let now = self.clock.now();
                    match (self.core.time_is(now), self.core.step(now)) {
                        (Some(update), _) => Some(update),
                        (None, Step::Wait(until)) => {
                            self.clock.wait_until(until).await;
                            continue;
                        }
                        (None, Step::Do(action)) => {
                            let (work, clock) = (self.work.clone(), self.clock.clone());
                            self.under_way = Some(spawn_blocking(move || {
                                let mut work = work.lock().unwrap_or_else(PoisonError::into_inner);
                                work.act(action, || clock.now())
                            }));
                            continue;
                        }
                    }
                }
            };
            self.latest.send_replace(self.core.snapshot().clone());
            if let Some(update) = update {
                return update;
            }
        }
    }

    /// What is known of the sensor now.
    #[must_use]
    pub fn state(&self) -> State {
        self.core.state(self.clock.now())
    }

    /// Reads on in a task of its own, until all handles of the latest reading are dropped; it takes up to the longest wait of
    /// [`next`](Self::next) to notice.
    #[must_use = "the task ends when this is dropped"]
    pub fn spawn(mut self) -> LatestAsync<C> {
        let latest = self.latest();
        tokio::spawn(async move {
            while self.latest.receiver_count() > 0 {
                self.next().await;
            }
        });
        latest
    }
}

impl<O: Opener, C> fmt::Debug for SupervisorAsync<O, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SupervisorAsync").field("core", &self.core).finish_non_exhaustive()
    }
}

/// The latest reading of a [`SupervisorAsync`], for other tasks. It grows old also while nobody awaits
/// [`SupervisorAsync::next`].
#[derive(Debug)]
pub struct LatestAsync<C = SystemClock> {
    snapshot: watch::Receiver<Snapshot>,
    clock: Arc<C>,
}

impl<C> Clone for LatestAsync<C> {
    fn clone(&self) -> Self {
        LatestAsync { snapshot: self.snapshot.clone(), clock: self.clock.clone() }
    }
}

impl<C: ClockAsync> LatestAsync<C> {
    /// The latest reading if it is live now, with its age now; otherwise why there is none.
    #[must_use]
    pub fn get(&self) -> Update {
        self.snapshot.borrow().at(self.clock.now())
    }

    /// Waits until something was done since the last call: a read, a failure. `None` if the supervisor is gone. Cancel safe.
    pub async fn changed(&mut self) -> Option<Update> {
        self.snapshot.changed().await.ok()?;
        Some(self.snapshot.borrow_and_update().at(self.clock.now()))
    }
}
