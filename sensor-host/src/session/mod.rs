//! A sensor that is read until its source ends: the supervisor's core on the bus and the clock of any source.
//!
//! ```
//! use mlsensor_host::session::{Session, Turn};
//! use mlsensor_host::source::{Opening, SourceName};
//! use mlsensor_host::supervisor::Settings;
//!
//! let source = "sim:walk_up".parse::<SourceName>()?.open(&Opening::default())?;
//! let mut session = Session::new(source.bus, source.clock, Settings::default());
//! let mut most = 0;
//! while let Turn::Update(update) = session.next() {
//!     most = most.max(update.faces().map_or(0, |faces| faces.count()));
//! }
//! assert_eq!(most, 1);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Guarantees
//! * Those of the [supervisor](crate::supervisor). What was asked of the sensor through [`Session::send`] and is a setting is
//!   sent again whenever the sensor comes back.
//! * A recording is read as it was recorded: each of its readings once, at its time, none of them taken for a proof. What is said
//!   between them is what was said of the sensor when they were made.
//! * [`Session::turn`] waits for nothing but the bus.

mod bus;

use std::mem::discriminant;
use std::time::Duration;

use mlsensor::{Command, Config, Error, Faces, PersonSensor};

pub use self::bus::SessionBus;
use crate::source::{AnyBusError, Clock, Stop};
use crate::supervisor::{Action, Cause, Core, Counters, Settings, Snapshot, Step, Update};

/// A sensor that is read.
#[derive(Debug)]
pub struct Session<B: SessionBus> {
    bus: B,
    clock: Clock,
    core: Core,
    address: u8,
    /// What is sent whenever the sensor was found.
    settings: Vec<Command>,
    stop: Stop,
    end: Option<Duration>,
    is_open: bool,
    /// What went wrong last, as the bus has it.
    latest: Option<Error<B::Error>>,
}

/// What came of a turn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Turn {
    /// There is something to say.
    Update(Update),
    /// Something was done, and there is nothing to say of it.
    Done,
    /// There is nothing to do before this time of the source. (Of [`Session::turn`] alone.)
    Wait(Duration),
    /// The scene or the recording has ended, or the time is over.
    End,
    /// The program is to end.
    Interrupted,
}

impl<B: SessionBus> Session<B> {
    /// Reads the sensor on this bus, by this clock. Nothing is sent yet. Of `settings.config` the mode alone is
    /// sent: see [`with_settings`](Self::with_settings).
    #[must_use]
    pub fn new(bus: B, clock: Clock, settings: Settings) -> Session<B> {
        Session {
            is_open: bus.is_open(),
            bus,
            stop: clock.stop().clone(),
            clock,
            core: Core::new(settings),
            address: mlsensor::person_sensor::ADDRESS,
            settings: vec![Command::Mode(settings.config.mode)],
            end: None,
            latest: None,
        }
    }

    /// The same, with what is sent whenever the sensor was found. Nothing, for a sensor that is to be left as it is.
    #[must_use]
    pub fn with_settings(self, settings: impl IntoIterator<Item = Command>) -> Session<B> {
        Session { settings: settings.into_iter().collect(), ..self }
    }

    /// The same, at another address.
    #[must_use]
    pub fn with_address(self, address: u8) -> Session<B> {
        Session { address, ..self }
    }

    /// The same, but not longer than until this time of the source.
    #[must_use]
    pub fn until(self, end: Option<Duration>) -> Session<B> {
        Session { end, ..self }
    }

    /// Ends at another time of the source, or at none.
    pub const fn set_end(&mut self, end: Option<Duration>) {
        self.end = end;
    }

    /// The time of the source.
    #[must_use]
    pub fn now(&self) -> Duration {
        self.clock.now()
    }

    /// The clock of the source.
    pub const fn clock(&mut self) -> &mut Clock {
        &mut self.clock
    }

    /// The bus.
    pub const fn bus(&self) -> &B {
        &self.bus
    }

    /// The bus, to do something else with it.
    pub const fn bus_mut(&mut self) -> &mut B {
        &mut self.bus
    }

    /// The sensor, to ask something of it besides: what is sent to it here is not sent again when it comes back.
    pub fn sensor(&mut self) -> PersonSensor<&mut B> {
        PersonSensor::with_address(&mut self.bus, self.address)
    }

    /// What was done and met with so far.
    #[must_use]
    pub const fn counters(&self) -> &Counters {
        self.core.counters()
    }

    /// What is known of the sensor, to be asked at any time.
    #[must_use]
    pub const fn snapshot(&self) -> &Snapshot {
        self.core.snapshot()
    }

    /// The latest reading if it is live now; otherwise why there is none.
    #[must_use]
    pub fn latest(&self) -> Update {
        self.core.snapshot().at(self.clock.now())
    }

    /// What went wrong last, as the bus has it; `None` after a good read.
    #[must_use]
    pub const fn trouble(&self) -> Option<&Error<B::Error>> {
        self.latest.as_ref()
    }

    /// Sends a command. If it is a setting, and was sent, it is sent again whenever the sensor comes back.
    ///
    /// # Errors
    /// If it was not sent.
    pub fn send(&mut self, command: Command) -> Result<(), Error<B::Error>> {
        self.sensor().send(command)?;
        match command {
            Command::Mode(mode) => self.core.set_config(self.core.config().with_mode(mode)),
            Command::EnableId(_) | Command::PersistIds(_) | Command::DebugMode(_) => {}
            // What is done once.
            _ => return Ok(()),
        }
        self.settings.retain(|held| discriminant(held) != discriminant(&command));
        self.settings.push(command);
        Ok(())
    }

    /// Sends all settings, and sends them again whenever the sensor comes back.
    ///
    /// # Errors
    /// If one was not sent; those before it were.
    pub fn configure(&mut self, config: &Config) -> Result<(), Error<B::Error>> {
        config.commands().into_iter().try_for_each(|command| self.send(command))
    }

    /// Does what is due, and waits for nothing but the bus. Where simulated time passes as for the user, let it
    /// [keep up](Clock::keep_up) before, unless all waiting is done here.
    pub fn turn(&mut self) -> Turn {
        if self.stop.is_requested() {
            return Turn::Interrupted;
        }
        let now = self.clock.now();
        if self.clock.is_recorded() {
            self.clock.keep_up();
            return self.replay();
        }
        if self.end.is_some_and(|end| now >= end) {
            return Turn::End;
        }
        if let Some(update) = self.core.time_is(now) {
            return Turn::Update(update);
        }
        let update = match self.core.step(now) {
            Step::Wait(until) => return Turn::Wait(self.end.map_or(until, |end| until.min(end))),
            Step::Do(action) => self.act(action),
        };
        if self.is_stopped() {
            return Turn::Interrupted;
        }
        update.map_or(Turn::Done, Turn::Update)
    }

    /// Waits until there is something to do.
    pub fn wait(&mut self, until: Duration) -> Turn {
        match self.clock.pass_until(until) {
            _ if self.stop.is_requested() => Turn::Interrupted,
            Some(()) => Turn::Done,
            None => Turn::End,
        }
    }

    /// Waits until there is something to say.
    #[allow(clippy::should_implement_trait, reason = "its end is said in words")]
    pub fn next(&mut self) -> Turn {
        loop {
            let turn = match self.turn() {
                Turn::Wait(until) => self.wait(until),
                turn => turn,
            };
            if turn != Turn::Done {
                return turn;
            }
        }
    }

    /// When there is something to do, in the time of the source; `None` at the end.
    #[must_use]
    pub fn due(&self) -> Option<Duration> {
        let now = self.clock.now();
        let due = match self.core.step(now) {
            Step::Wait(until) => until,
            Step::Do(_) => now,
        };
        let due = match self.clock.due(due)? {
            read if self.clock.is_recorded() => self.core.replay_goes_stale(read).unwrap_or(read),
            due => due,
        };
        Some(due).filter(|due| self.end.is_none_or(|end| *due < end))
    }

    /// What comes next in a recording, if its time has come: a read, or that what was live is not so any more.
    fn replay(&mut self) -> Turn {
        let Some(at) = self.clock.due(Duration::ZERO) else { return Turn::End };
        let stale_at = self.core.replay_goes_stale(at);
        let due = stale_at.unwrap_or(at);
        if self.end.is_some_and(|end| due >= end) {
            return Turn::End;
        }
        if self.clock.comes_at(due).is_some() {
            return Turn::Wait(due);
        }
        if let Some(update) = stale_at.and_then(|stale_at| self.core.time_is(stale_at)) {
            return Turn::Update(update);
        }
        let outcome = self.sensor().read();
        self.clock.reading_done();
        self.latest = None;
        let outcome = self.note(outcome);
        if self.is_stopped() {
            return Turn::Interrupted;
        }
        if self.latest.as_ref().is_some_and(|error| B::is(error, &AnyBusError::Ended)) {
            return Turn::End;
        }
        let next_read = self.clock.due(Duration::ZERO);
        self.core.replayed(at, outcome, next_read).map_or(Turn::Done, Turn::Update)
    }

    fn act(&mut self, action: Action) -> Option<Update> {
        let started = self.clock.now();
        match action {
            Action::Open => {
                // It was opened to begin with.
                let outcome = if self.is_open { Ok(()) } else { self.bus.reopen() };
                self.is_open = false;
                let outcome = self.note(outcome.map_err(Error::I2c)).map_err(Cause::of_opening);
                self.core.opened(self.clock.now(), outcome)
            }
            Action::Read => {
                let outcome: Result<Faces, _> = self.sensor().read();
                self.latest = None;
                let outcome = self.note(outcome);
                self.core.read_done(started, self.clock.now(), outcome)
            }
            Action::Configure(config) => {
                let mut sensor = PersonSensor::with_address(&mut self.bus, self.address);
                let outcome = self.settings.iter().try_for_each(|command| sensor.send(*command));
                let outcome = self.note(outcome);
                self.core.configured(self.clock.now(), config, outcome)
            }
        }
    }

    fn note<T>(&mut self, outcome: Result<T, Error<B::Error>>) -> Result<T, Cause> {
        if let Err(error) = &outcome {
            self.latest = Some(error.clone());
        }
        outcome.map_err(Cause::from)
    }

    fn is_stopped(&self) -> bool {
        self.latest.as_ref().is_some_and(|error| B::is(error, &AnyBusError::Stopped))
    }
}
