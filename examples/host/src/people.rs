//! Making a sensor know somebody, and forget everybody, with what there is to tell the user meanwhile.

use std::io;
use std::mem::discriminant;
use std::time::Duration;

use mlsensor::PersonId;
use mlsensor::behavior::{Enroll, Erase, GaveUpReason, NotErased};

use crate::log::Event;
use crate::names::{ERASE, Names};
use crate::program::{Failure, Program};
use mlsensor_host::Report;

impl Program {
    /// Lets the sensor know who is in front of it, by an id that goes with this name from now on.
    ///
    /// # Errors
    /// A report in four parts, if it gave up, or if the name cannot be kept.
    pub fn enrol(&mut self, names: &mut Names, name: &str) -> Result<(), Failure> {
        let id = self.enrol_as(names.id_for(name)?)?;
        if let Some(other) = names.get(id).filter(|other| *other != name) {
            return Err(Failure::from(Report {
                what: format!("{name} was not enrolled: the sensor knows this person already, as {other}"),
                likely: format!("it is {other} who is in front of it"),
                run: ERASE.to_owned(),
                code: "MLSENSOR-ENROL".to_owned(),
            }));
        }
        names.set(id, name)?;
        self.event_with("enrolled", ("id", i32::from(id.get())), name, None)
    }

    /// The id by which the sensor knows who is in front of it: this one, unless it knew them by another one.
    fn enrol_as(&mut self, id: PersonId) -> Result<PersonId, Failure> {
        let mut delay = self.reader.clock.delay();
        let (clock, stop) = (delay.clone(), self.stop.clone());
        let (sensor, log) = (&mut self.reader.sensor, &mut self.log);
        let (mut told, mut printed) = (None, Ok(()));
        let outcome = sensor.enroll(&mut delay, Enroll::new(id), |progress| {
            // Only another thing to do is news, not each reading that confirms.
            let is_news = told.replace(discriminant(&progress)) != Some(discriminant(&progress));
            // After Ctrl-C nothing is read any more, and no word of that is true of the sensor.
            if is_news && printed.is_ok() && !stop.is_requested() {
                printed = log.event(&step(clock.now(), "enrol", &progress.to_string()));
            }
        });
        self.finish(printed)?;
        match outcome {
            Ok(enrolled) => Ok(enrolled.id),
            Err(error) => match error.gave_up.reason {
                GaveUpReason::KnownAs(other) => Ok(other),
                _ if self.stop.is_requested() => {
                    Err(self.interrupted("enrol", error.gave_up.labels_sent, "a label was sent: enrol again"))
                }
                _ => Err(Report {
                    what: error.to_string(),
                    likely: match error.gave_up.reason {
                        GaveUpReason::NoReading => "a loose wire, or the sensor lost its power",
                        _ => "nobody faced the sensor alone, near and still, for some seconds",
                    }
                    .to_owned(),
                    run: "watch    (shows what the sensor sees; with the same source)".to_owned(),
                    code: "MLSENSOR-ENROL".to_owned(),
                }
                .into()),
            },
        }
    }

    /// Lets the sensor forget everybody, and forgets their names.
    ///
    /// # Errors
    /// A report in four parts, if it gave up, or if the names cannot be erased.
    pub fn erase(&mut self, names: &mut Names) -> Result<(), Failure> {
        let mut delay = self.reader.clock.delay();
        let (clock, stop) = (delay.clone(), self.stop.clone());
        let (sensor, log) = (&mut self.reader.sensor, &mut self.log);
        let (mut told, mut printed) = (None, Ok(()));
        let outcome = sensor.erase_and_verify(&mut delay, Erase::default(), |progress| {
            let is_news = told.replace(discriminant(&progress)) != Some(discriminant(&progress));
            // After Ctrl-C nothing is read any more, and no word of that is true of the sensor.
            if is_news && printed.is_ok() && !stop.is_requested() {
                printed = log.event(&step(clock.now(), "erase", &progress.to_string()));
            }
        });
        self.finish(printed)?;
        let erased = outcome.map_err(|error| match error.gave_up {
            NotErased::NoReading { commands_sent } if self.stop.is_requested() => {
                self.interrupted("erase", commands_sent, "the command was sent: erase again")
            }
            _ => Failure::from(Report {
                what: error.to_string(),
                likely: "the bus failed meanwhile, or the sensor did not take the command".to_owned(),
                run: "who_is_it --erase    (again, with the same source and --names)".to_owned(),
                code: "MLSENSOR-ENROL".to_owned(),
            }),
        })?;
        names.clear()?;
        let why = if erased.is_verified { "nobody is known" } else { "nobody was there to make sure with" };
        self.event("erased", why, None)
    }

    /// Time has passed.
    fn finish(&mut self, printed: io::Result<()>) -> Result<(), Failure> {
        self.now = self.reader.clock.delay().now();
        Ok(printed?)
    }

    /// Ctrl-C came, and nothing was sent any more; what was sent before, the sensor may have done.
    fn interrupted(&mut self, event: &str, sent: u8, what: &str) -> Failure {
        let told = if sent > 0 { self.event(event, &format!("interrupted; {what}"), None) } else { Ok(()) };
        told.err().unwrap_or(Failure::Interrupted)
    }
}

fn step<'a>(at: Duration, event: &'a str, why: &'a str) -> Event<'a> {
    Event { at, event, why, value: None, reading: None }
}
