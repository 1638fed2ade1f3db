//! The I/O that a supervisor does, one action at a time: the same for both shells.

use std::time::Duration;

use mlsensor::{Config, Faces, PersonSensor};

use super::{Action, Cause, Core, Opener, Update};

/// What opens the bus, and the sensor on what was opened.
pub(super) struct Work<O: Opener> {
    pub(super) opener: O,
    sensor: Option<PersonSensor<O::Bus>>,
}

/// What came of an action.
pub(super) enum Done {
    Opened(Result<(), Cause>),
    Read { started: Duration, ended: Duration, outcome: Result<Faces, Cause> },
    Configured { config: Config, outcome: Result<(), Cause> },
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
                Done::Read { started, ended: now(), outcome }
            }
            Action::Configure(config) => {
                let outcome = match &mut self.sensor {
                    Some(sensor) => sensor.configure(&config).map_err(Cause::from),
                    None => Err(Cause::not_open()),
                };
                Done::Configured { config, outcome }
            }
        }
    }
}

impl Core {
    /// Takes note of what came of an action.
    pub(super) fn done(&mut self, now: Duration, done: Done) -> Option<Update> {
        // It may be taken note of long after it was done.
        self.set_now(now);
        match done {
            Done::Opened(outcome) => self.opened(now, outcome),
            Done::Configured { config, outcome } => self.configured(now, config, outcome),
            Done::Read { started, ended, outcome } => self.read_done(started, ended, outcome),
        }
    }
}
