//! The I/O that a supervisor does, one action at a time: the same for both shells.

use std::time::Duration;

use mlsensor::{Faces, PersonSensor};

use super::{Action, Cause, Core, Opener, Update};

/// What opens the bus, and the sensor on what was opened.
pub(super) struct Work<O: Opener> {
    pub(super) opener: O,
    sensor: Option<PersonSensor<O::Bus>>,
}

/// What came of an action.
pub(super) enum Done {
    Opened(Result<(), Cause>),
    Read { started: Duration, outcome: Result<Faces, Cause> },
    Configured(Result<(), Cause>),
}

impl<O: Opener> Work<O> {
    pub(super) const fn new(opener: O) -> Work<O> {
        Work { opener, sensor: None }
    }

    pub(super) fn act(&mut self, action: Action, now: impl Fn() -> Duration) -> Done {
        match action {
            Action::Open => {
                // Closed first: some buses can be open only once.
                self.sensor = None;
                Done::Opened(match self.opener.open() {
                    Ok(bus) => {
                        self.sensor = Some(PersonSensor::new(bus));
                        Ok(())
                    }
                    Err(error) => Err(Cause::not_opened(&error)),
                })
            }
            Action::Read => {
                let started = now();
                let outcome = match &mut self.sensor {
                    Some(sensor) => sensor.read().map_err(Cause::from),
                    None => Err(Cause::not_open()),
                };
                Done::Read { started, outcome }
            }
            Action::Configure(config) => Done::Configured(match &mut self.sensor {
                Some(sensor) => sensor.configure(&config).map_err(Cause::from),
                None => Err(Cause::not_open()),
            }),
        }
    }
}

impl Core {
    /// Takes note of what came of an action.
    pub(super) fn done(&mut self, now: Duration, done: Done) -> Option<Update> {
        match done {
            Done::Opened(outcome) => self.opened(now, outcome),
            Done::Configured(outcome) => self.configured(now, outcome),
            Done::Read { started, outcome } => self.read_done(started, now, outcome),
        }
    }
}
