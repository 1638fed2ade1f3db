//! A sensor that is read and recorded, and what is said if there is none.

use std::io::{self, Write};
use std::time::Duration;

use mlsensor::{Command, Error};

use crate::Report;
use crate::command_line::Failure;
use crate::recording::{Header, Recorder};
use crate::session::{self, Turn};
use crate::source::{AnyBus, AnyBusError, Source, SourceError, SourceName};
use crate::supervisor::{Counters, Pace, Settings};

type Bus<W> = Recorder<AnyBus, Box<dyn FnMut() -> Duration>, W>;

/// A sensor that is read, and what goes over its bus written down.
pub(crate) struct Session<W: Write> {
    name: SourceName,
    session: session::Session<Bus<W>>,
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
        (to, header): (W, &Header),
    ) -> io::Result<Session<W>> {
        let Source { name, bus, clock, .. } = source;
        let time = clock.delay();
        let bus = Recorder::begin(bus, Box::new(move || time.now()) as Box<_>, to, header)?
            .with_errno(AnyBusError::errno);
        let mut supervision = Settings::default();
        if let Some(pace) = pace {
            supervision = supervision.with_pace(pace);
        }
        if settings.is_empty() {
            // A sensor that is not touched has nothing to settle.
            supervision = supervision.with_settle(Duration::ZERO);
        }
        let session = session::Session::new(bus, clock, supervision).with_settings(settings);
        Ok(Session { name, session })
    }

    /// The same, but not longer than this.
    pub(crate) fn until(self, end: Option<Duration>) -> Session<W> {
        let end = end.map(|end| self.session.now() + end);
        Session { session: self.session.until(end), ..self }
    }

    /// What was done and met with so far.
    pub(crate) const fn counters(&self) -> &Counters {
        self.session.counters()
    }

    /// Waits until there is something to say.
    ///
    /// # Errors
    /// If the recording cannot be written.
    pub(crate) fn next(&mut self) -> Result<Turn, Failure> {
        loop {
            let turn = match self.session.turn() {
                Turn::Wait(until) => self.session.wait(until),
                turn => turn,
            };
            if let Some(trouble) = self.session.bus_mut().take_trouble() {
                return Err(Failure::Output(trouble));
            }
            if turn != Turn::Done {
                return Ok(turn);
            }
        }
    }

    /// Where the recording goes.
    pub(crate) const fn target(&self) -> &W {
        self.session.bus().writer()
    }

    /// The same, to do something else with it.
    pub(crate) const fn target_mut(&mut self) -> &mut W {
        self.session.bus_mut().writer_mut()
    }

    /// How many transfers were written.
    pub(crate) const fn transfers(&self) -> u64 {
        self.session.bus().transfers()
    }

    /// Why there is no sensor, in four parts.
    pub(crate) fn report(&self) -> Report {
        let bus = self.name.to_string();
        match self.session.trouble().cloned() {
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
