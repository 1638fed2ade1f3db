//! A sensor that is read until its source ends, the time is over, or Ctrl-C: the supervisor on the clock of any source.

use std::io::{self, Write};
use std::time::Duration;

use crate::Report;
use crate::command_line::Failure;
use crate::recording::{Header, Recorder};
use crate::source::{AnyBus, AnyBusError, Clock, Source, SourceError, SourceName, Stop};
use crate::supervisor::{Action, Cause, Core, Pace, Settings, Step, Update};
use mlsensor::{Command, Error, Faces, PersonSensor};

type Bus<W> = Recorder<AnyBus, Box<dyn FnMut() -> Duration>, W>;

/// A sensor that is read.
pub(crate) struct Session<W> {
    name: SourceName,
    bus: Bus<W>,
    clock: Clock,
    core: Core,
    /// What is sent whenever the sensor was found.
    settings: Vec<Command>,
    stop: Stop,
    end: Option<Duration>,
    is_open: bool,
    /// What went wrong last, as the bus has it.
    latest: Option<Error<AnyBusError>>,
}

/// What came of waiting.
pub(crate) enum Turn {
    /// There is something to say.
    Update(Update),
    /// The scene has ended, or the time is over.
    End,
    /// Ctrl-C.
    Interrupted,
}

impl<W: Write> Session<W> {
    /// Reads a source, and writes what goes over its bus to `to`.
    ///
    /// # Errors
    /// If the header of the recording cannot be written.
    pub(crate) fn begin(
        source: Source,
        settings: Vec<Command>,
        pace: Option<Pace>,
        stop: &Stop,
        (to, header): (W, &Header),
    ) -> io::Result<Session<W>> {
        let Source { name, bus, clock, .. } = source;
        let time = clock.delay();
        let bus = Recorder::begin(bus, Box::new(move || time.now()) as Box<_>, to, header)?.with_errno(errno);
        let mut supervision = Settings::default();
        if let Some(pace) = pace {
            supervision = supervision.with_pace(pace);
        }
        if settings.is_empty() {
            // A sensor that is not touched has nothing to settle.
            supervision = supervision.with_settle(Duration::ZERO);
        }
        Ok(Session {
            name,
            bus,
            clock,
            core: Core::new(supervision),
            settings,
            stop: stop.clone(),
            end: None,
            is_open: true,
            latest: None,
        })
    }

    /// The same, but not longer than this.
    pub(crate) fn until(self, end: Option<Duration>) -> Session<W> {
        let end = end.map(|end| self.clock.now() + end);
        Session { end, ..self }
    }

    /// The time of the source.
    pub(crate) fn now(&self) -> Duration {
        self.clock.now()
    }

    /// Waits until there is something to say.
    ///
    /// # Errors
    /// If the recording cannot be written.
    pub(crate) fn next(&mut self) -> Result<Turn, Failure> {
        loop {
            if self.stop.is_requested() {
                return Ok(Turn::Interrupted);
            }
            let now = self.clock.now();
            if self.end.is_some_and(|end| now >= end) {
                return Ok(Turn::End);
            }
            if let Some(update) = self.core.time_is(now) {
                return Ok(Turn::Update(update));
            }
            let update = match self.core.step(now) {
                Step::Wait(until) => {
                    let until = self.end.map_or(until, |end| until.min(end));
                    match self.clock.pass_until(until) {
                        Some(()) => continue,
                        None if self.stop.is_requested() => return Ok(Turn::Interrupted),
                        None => return Ok(Turn::End),
                    }
                }
                Step::Do(action) => self.act(action),
            };
            if let Some(trouble) = self.bus.take_trouble() {
                return Err(Failure::Output(trouble));
            }
            if matches!(self.latest, Some(Error::I2c(AnyBusError::Stopped))) {
                return Ok(Turn::Interrupted);
            }
            if let Some(update) = update {
                return Ok(Turn::Update(update));
            }
        }
    }

    fn act(&mut self, action: Action) -> Option<Update> {
        let started = self.clock.now();
        match action {
            Action::Open => {
                // It was opened to begin with.
                let outcome = if self.is_open { Ok(()) } else { self.bus.bus_mut().reopen() };
                self.is_open = false;
                let outcome = self.note(outcome.map_err(Error::I2c)).map_err(|cause| match cause {
                    Cause::Bus { errno, text, .. } => Cause::NotOpened { errno, text },
                    cause => cause,
                });
                self.core.opened(self.clock.now(), outcome)
            }
            Action::Read => {
                let outcome: Result<Faces, _> = PersonSensor::new(&mut self.bus).read();
                let outcome = self.note(outcome);
                self.core.read_done(started, self.clock.now(), outcome)
            }
            Action::Configure(config) => {
                let mut sensor = PersonSensor::new(&mut self.bus);
                let outcome = self.settings.iter().try_for_each(|command| sensor.send(*command));
                let outcome = self.note(outcome);
                self.core.configured(self.clock.now(), config, outcome)
            }
        }
    }

    fn note<T>(&mut self, outcome: Result<T, Error<AnyBusError>>) -> Result<T, Cause> {
        self.latest = outcome.as_ref().err().cloned();
        outcome.map_err(Cause::from)
    }

    /// Where the recording goes.
    pub(crate) const fn target(&self) -> &W {
        self.bus.writer()
    }

    /// How many transfers were written.
    pub(crate) const fn transfers(&self) -> u64 {
        self.bus.transfers()
    }

    /// Why there is no sensor, in four parts.
    pub(crate) fn report(&self) -> Report {
        let bus = self.name.to_string();
        match self.latest.clone() {
            Some(Error::Packet(error)) => SourceError::NotAPersonSensor { bus, error }.report(),
            Some(Error::I2c(error)) => silent(bus, error),
            None => silent(bus, AnyBusError::Ended),
        }
    }
}

/// Nothing answers on a bus.
pub(crate) fn silent(bus: String, error: AnyBusError) -> Report {
    match error {
        AnyBusError::Real(_) => SourceError::Silent { bus, error }.report(),
        error => Report {
            what: format!("no Person Sensor on {bus}: {error}"),
            likely: "so it is in this scene or recording at its begin".to_owned(),
            run: format!("mlsensor read {} --wait", crate::source::quoted(&bus)),
            code: "MLSENSOR-BUS".to_owned(),
        },
    }
}

/// What the system calls an error, if it was one of the system.
pub(crate) fn errno(error: &AnyBusError) -> Option<i32> {
    match error {
        AnyBusError::Real(error) => error.errno(),
        _ => None,
    }
}
