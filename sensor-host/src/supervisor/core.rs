//! What to do next, and what follows from how it went. No I/O, no clock.

use std::time::Duration;

use mlsensor::behavior::Freshness;
use mlsensor::{Config, Faces, Mode};

use super::backoff::Waits;
use super::pace::Pace;
use super::sameness::Sameness;
use super::step::{LONGEST_GAP, gap};
use super::{
    Action, Cause, Counters, Doing, Reading, Retry, Settings, Snapshot, State, Step, Trouble, Update,
};

/// For how long a valid packet shows that it is a Person Sensor that will take the settings. They are written at once; this
/// is for a program that does something else in between.
const PROOF_LASTS: Duration = Duration::from_millis(100);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// The bus is not open, or of no use.
    Closed,
    /// Nothing has proved yet to be a Person Sensor.
    Unproven,
    /// It has just proved to be one, and must be set.
    Proven,
    /// It is set.
    Set,
}

/// The supervisor without a bus and without a clock: [`step`](Core::step) says what to do, and is told how it went.
///
/// Times are of one clock that is never set; one that goes backward counts as one that stands still.
///
/// # Guarantees
/// * Settings are written only directly after a valid packet: the transfer before the first write is a read that gave one and ended
///   no more than 100 ms before, on what was opened last.
/// * A read that failed is tried again at once [`Settings::retries`] times at most, 5 to 50 ms apart as the error says, and only if the one before it was
///   good; otherwise reads are no oftener than the pace asks for. The bus is opened no oftener than the backoff says.
/// * If faults end: when the next read is due (by the pace, or when the backoff is over and the bus was opened), it is good; if the
///   sensor may have restarted, that one is its proof, it is set, and when it has settled, the next one is a reading. So it is live
///   after two reads, and no later than [`Backoff::longest`](super::Backoff::longest) + [`Settings::settle`] + an
///   interval after it answers.
/// * Total: no order of calls, no time and no outcome panics.
#[derive(Debug, Clone)]
pub struct Core {
    settings: Settings,
    pace: Pace,
    waits: Waits,
    counters: Counters,
    snapshot: Snapshot,
    phase: Phase,
    now: Duration,
    /// When the next action is due, apart from the pace.
    due: Duration,
    /// When the read of the latest valid packet ended.
    proved_at: Duration,
    /// When the settings were written last.
    set_at: Duration,
    /// Before this, readings are not believed.
    settled_at: Duration,
    /// What was written last.
    written: Config,
    /// Other settings than those are to be written after the next reading, or the same again.
    is_outdated: bool,
    /// It may have restarted since they were written.
    may_have_restarted: bool,
    /// Retries of this poll, and failed polls since the latest good one.
    retries: u8,
    misses: u32,
    sameness: Sameness,
    told: State,
}

impl Core {
    /// A supervisor that has done nothing yet. Settings out of their range are brought into it.
    #[must_use]
    pub fn new(settings: Settings) -> Core {
        let settings = settings.within_range();
        Core {
            pace: Pace::new(settings.pace),
            waits: Waits::new(settings.backoff, settings.seed),
            counters: Counters::default(),
            snapshot: Snapshot::NOTHING,
            phase: Phase::Closed,
            now: Duration::ZERO,
            due: Duration::ZERO,
            proved_at: Duration::ZERO,
            set_at: Duration::ZERO,
            settled_at: Duration::ZERO,
            written: settings.config,
            is_outdated: false,
            may_have_restarted: true,
            retries: 0,
            misses: 0,
            sameness: Sameness::default(),
            told: State::Absent,
            settings,
        }
    }

    /// What was done and met with so far.
    #[must_use]
    pub const fn counters(&self) -> &Counters {
        &self.counters
    }

    /// What is known now, to be asked later.
    #[must_use]
    pub const fn snapshot(&self) -> &Snapshot {
        &self.snapshot
    }

    /// What is known of the sensor at this time.
    #[must_use]
    pub fn state(&self, now: Duration) -> State {
        self.snapshot.state(now.max(self.now))
    }

    /// What the sensor is to be set to.
    #[must_use]
    pub const fn config(&self) -> Config {
        self.settings.config
    }

    /// Sets the sensor to this from now on: it is written after the next good read.
    pub fn set_config(&mut self, config: Config) {
        self.settings.config = config;
        self.is_outdated = true;
    }

    /// What to do at this time. Ask again after each action and after each wait.
    #[must_use]
    pub fn step(&self, now: Duration) -> Step {
        let now = now.max(self.now);
        let (action, due) = match self.phase {
            Phase::Closed => (Action::Open, self.due),
            Phase::Unproven => (Action::Read, self.due),
            Phase::Proven if now.saturating_sub(self.proved_at) <= PROOF_LASTS => {
                (Action::Configure(self.settings.config), now)
            }
            Phase::Proven => (Action::Read, now),
            Phase::Set if self.retries > 0 => (Action::Read, self.due),
            Phase::Set if self.misses > 0 => (Action::Read, self.pace.due().max(self.due)),
            Phase::Set => (Action::Read, self.pace.due().max(self.settled_at)),
        };
        if due <= now {
            return Step::Do(action);
        }
        let stale_at = self.snapshot.reading.map(|reading| reading.stale_at).filter(|&at| at > now);
        Step::Wait(stale_at.map_or(due, |at| at.min(due)))
    }

    /// The time is now this. Says so if what was live is not so any more. To be called before each [`step`](Core::step).
    pub fn time_is(&mut self, now: Duration) -> Option<Update> {
        self.set_now(now);
        let state = self.snapshot.state(self.now);
        // Better news than was told comes as a reading, or is of no use.
        (state > self.told).then(|| self.tell(self.snapshot.outage(self.now)))
    }

    pub(super) fn set_now(&mut self, now: Duration) {
        self.now = self.now.max(now);
    }

    /// The bus was opened, or not.
    pub fn opened(&mut self, now: Duration, outcome: Result<(), Cause>) -> Option<Update> {
        self.now = self.now.max(now);
        match outcome {
            Ok(()) => {
                self.counters.opened += 1;
                self.enter(Phase::Unproven);
                self.due = self.now;
                None
            }
            Err(cause) => {
                self.trouble(Doing::Opening, cause);
                Some(self.give_up())
            }
        }
    }

    /// These settings were written, or not.
    pub fn configured(
        &mut self,
        now: Duration,
        config: Config,
        outcome: Result<(), Cause>,
    ) -> Option<Update> {
        self.now = self.now.max(now);
        match outcome {
            Ok(()) => {
                self.counters.configured += 1;
                self.enter(Phase::Set);
                self.set_at = self.now;
                let wakes = self.written.mode == Mode::Standby && config.mode == Mode::Continuous;
                let must_settle = std::mem::take(&mut self.may_have_restarted) || wakes;
                self.written = config;
                // Others may have been asked for meanwhile.
                self.is_outdated = self.settings.config != config;
                self.settled_at =
                    if must_settle { self.now.saturating_add(self.settings.settle) } else { self.now };
                if must_settle {
                    self.sameness.begin_anew();
                }
                None
            }
            Err(cause) => {
                self.trouble(Doing::Configuring, cause);
                Some(self.give_up())
            }
        }
    }

    /// A read started and ended at these times, and gave this. If that is told later, tell the time before
    /// ([`time_is`](Core::time_is)).
    pub fn read_done(
        &mut self,
        started: Duration,
        ended: Duration,
        outcome: Result<Faces, Cause>,
    ) -> Option<Update> {
        let ended = ended.max(started);
        self.now = self.now.max(ended);
        match outcome {
            Ok(faces) => self.good_read(started, ended, faces),
            Err(cause) => self.failed_read(started, cause),
        }
    }

    /// A recording gives this at this time: a reading as it is, without a proof and without settings; a read that failed is
    /// what it was when it was made, so one that was tried again at once, as the time of the next read shows, goes unnoticed.
    pub fn replayed(
        &mut self,
        at: Duration,
        outcome: Result<Faces, Cause>,
        next_read: Option<Duration>,
    ) -> Option<Update> {
        self.set_now(at);
        if self.phase == Phase::Closed {
            self.enter(Phase::Unproven);
        }
        let faces = match outcome {
            Ok(faces) => faces,
            Err(cause) => {
                // The wait between them, and a transfer that takes as long.
                if next_read.is_none_or(|next| next.saturating_sub(at) > LONGEST_GAP * 2) {
                    self.retries = self.settings.retries;
                }
                return self.failed_read(at, cause);
            }
        };
        self.counters.reads += 1;
        self.counters.ok += 1;
        if self.phase != Phase::Set {
            self.sameness.begin_anew();
        }
        self.enter(Phase::Set);
        self.may_have_restarted = false;
        self.proved_at = self.now;
        let freshness = self.pace.read_done(at, self.now, Some(&faces));
        Some(self.reading(at, faces, freshness))
    }

    /// When what was live in a recording becomes stale, if that is no later than its next read, and is to be told. Where no read has failed, nobody looked in between, and there is nothing to tell.
    #[must_use]
    pub fn replay_goes_stale(&self, next_read: Duration) -> Option<Duration> {
        let has_failed = self.snapshot.trouble.is_some() && self.told == State::Live;
        let stale_at = self.snapshot.reading.filter(|_| has_failed)?.stale_at;
        (stale_at <= next_read).then_some(stale_at.max(self.now))
    }

    fn good_read(&mut self, started: Duration, ended: Duration, faces: Faces) -> Option<Update> {
        self.counters.reads += 1;
        self.counters.ok += 1;
        let seen_at = self.proved_at.max(self.set_at);
        self.may_have_restarted |= started.saturating_sub(seen_at) >= self.settings.may_have_restarted;
        (self.proved_at, self.retries, self.misses) = (ended, 0, 0);
        if self.may_have_restarted {
            // What it gives before it was set is its proof, and no reading.
            self.enter(Phase::Proven);
            return None;
        }
        self.waits.reset();
        let freshness = self.pace.read_done(started, self.now, Some(&faces));
        let is_time = |every| self.now.saturating_sub(self.set_at) >= every;
        if self.settings.reapply_every.is_some_and(is_time) {
            self.is_outdated = true;
        }
        if self.is_outdated {
            self.enter(Phase::Proven);
        }
        if self.written.mode == Mode::Standby {
            self.snapshot.trouble = None;
            return Some(self.tell(self.snapshot.outage(self.now)));
        }
        Some(self.reading(started, faces, freshness))
    }

    fn reading(&mut self, started: Duration, faces: Faces, freshness: Freshness) -> Update {
        let bound = self.pace.interval(started).saturating_mul(self.settings.missed_intervals);
        let reading = Reading {
            faces,
            at: started,
            age: self.now.saturating_sub(started),
            stale_at: started.saturating_add(bound),
            freshness,
            published: self.pace.published(),
            same_for: Duration::ZERO,
            is_frozen: false,
        };
        let reading = self.sameness.judge(reading, self.settings.frozen_after);
        self.counters.frozen = self.sameness.frozen();
        self.snapshot.trouble = None;
        if !reading.is_live(self.now) {
            // The read itself has taken so long.
            self.counters.late += 1;
            return self.tell(self.snapshot.outage(self.now));
        }
        self.snapshot.reading = Some(reading);
        self.counters.readings += 1;
        self.counters.fresh += u64::from(reading.is_fresh());
        self.tell(Update::Live(reading))
    }

    fn failed_read(&mut self, started: Duration, cause: Cause) -> Option<Update> {
        let retry = cause.retry();
        let doing = if self.phase == Phase::Set { Doing::Reading } else { Doing::Probing };
        self.trouble(doing, cause);
        let has_retries = self.misses == 0 && self.retries < self.settings.retries;
        if let Some(gap) = gap(retry).filter(|_| has_retries) {
            self.retries += 1;
            self.counters.retries += 1;
            self.due = self.now.saturating_add(gap);
            return None;
        }
        self.retries = 0;
        self.misses = self.misses.saturating_add(1);
        self.counters.missed += 1;
        let seen_at = self.proved_at.max(self.set_at);
        let is_lost = started.saturating_sub(seen_at) >= self.settings.may_have_restarted;
        // What no try can help is tried again with what was opened anew: somebody may have changed something.
        let is_useless = matches!(retry, Retry::Reopen | Retry::Never);
        if self.phase != Phase::Set || is_lost || is_useless {
            return Some(self.give_up());
        }
        self.pace.read_done(started, self.now, None);
        // Whatever the pace is up to: it may be searching, in steps of 10 ms.
        self.due = self.now.saturating_add(LONGEST_GAP);
        Some(self.tell(self.snapshot.outage(self.now)))
    }

    /// Closes the bus, to open it again after a while.
    fn give_up(&mut self) -> Update {
        if self.phase != Phase::Closed {
            self.counters.given_up += 1;
        }
        self.enter(Phase::Closed);
        self.due = self.now.saturating_add(self.waits.next());
        self.tell(self.snapshot.outage(self.now))
    }

    fn trouble(&mut self, doing: Doing, cause: Cause) {
        let trouble = Trouble { doing, cause };
        self.counters.add(&trouble);
        self.snapshot.trouble = Some(trouble);
    }

    fn enter(&mut self, phase: Phase) {
        (self.phase, self.retries, self.misses) = (phase, 0, 0);
        self.snapshot.is_proven = matches!(phase, Phase::Proven | Phase::Set);
        self.may_have_restarted |= !self.snapshot.is_proven;
    }

    fn tell(&mut self, update: Update) -> Update {
        let state = update.state();
        self.counters.went(self.told, state);
        self.told = state;
        update
    }
}
