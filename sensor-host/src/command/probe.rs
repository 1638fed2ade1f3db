//! `mlsensor probe`: what is at the sensor's address.

use crate::Report;
use crate::command_line::{Failure, exit};
use crate::identify::Answer;
use crate::linux::{LinuxErrorKind, Retry};
use crate::source::{AnyBus, AnyBusError, Opening, SourceError, SourceName};
use clap::Args;
use mlsensor::{Error, PersonSensor};

use crate::command::events::Probe;
use crate::command::output::{Output, OutputArgs};

/// Says what is at the sensor's address, 0x62, of one bus or of each. It reads and never writes.
#[derive(Debug, Args)]
#[command(after_help = include_str!("probe.help.txt"))]
pub(crate) struct Arguments {
    /// The bus; see `mlsensor --help`. Without it, every bus of the system
    source: Option<SourceName>,
    #[command(flatten)]
    format: OutputArgs,
}

/// What came of probing a bus.
enum Found {
    Answer(Answer),
    /// Nobody acknowledged.
    Nothing(AnyBusError),
    /// The bus could not be used.
    Failed(SourceError),
}

pub(crate) fn run(arguments: &Arguments) -> Result<u8, Failure> {
    let output = arguments.format.open();
    let names = match &arguments.source {
        Some(name) => vec![name.clone()],
        None => buses()?,
    };
    if names.is_empty() {
        return Err(Failure::Report(no_buses("probe")));
    }
    let mut is_found = false;
    for name in &names {
        let found = probe(name);
        is_found |= matches!(&found, Found::Answer(answer) if answer.faces().is_some());
        match found {
            // The only bus there is to look at: all four parts are worth reading.
            Found::Failed(error) if names.len() == 1 && !output.is_json() => {
                return Err(Failure::Report(error.report()));
            }
            found => print(name, &found, output)?,
        }
    }
    Ok(if is_found { exit::SUCCESS } else { exit::ERROR })
}

/// The only bus that has a sensor, for who names none.
pub(crate) fn only_sensor(program: &str) -> Result<SourceName, Failure> {
    let names = buses()?;
    if names.is_empty() {
        return Err(Failure::Report(no_buses(program)));
    }
    let answers: Vec<Found> = names.iter().map(probe).collect();
    if let Some(report) = refused(&answers) {
        return Err(Failure::Report(report));
    }
    let has_sensor = |answer: &Found| matches!(answer, Found::Answer(Answer::PersonSensor(_)));
    let found: Vec<SourceName> = names
        .iter()
        .zip(&answers)
        .filter(|(_, answer)| has_sensor(answer))
        .map(|(name, _)| name.clone())
        .collect();
    let words = |names: &[SourceName]| names.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    match &*found {
        [name] => Ok(name.clone()),
        [] => Err(Failure::Report(Report {
            what: format!("no Person Sensor on {}", words(&names)),
            likely: format!(
                "a loose wire, or power came less than 3 seconds ago (without a sensor: mlsensor {program} sim:walk_up)"
            ),
            run: "mlsensor probe".to_owned(),
            code: "MLSENSOR-NO-SENSOR".to_owned(),
        })),
        [first, ..] => Err(Failure::Report(Report {
            what: format!("there are several Person Sensors: on {}", words(&found)),
            likely: "which of them was meant has to be said".to_owned(),
            run: format!("mlsensor {program} {first}"),
            code: "MLSENSOR-SEVERAL-SENSORS".to_owned(),
        })),
    }
}

/// Why no bus can be opened, if somebody has to change something first: of what is on them nothing is known then.
fn refused(answers: &[Found]) -> Option<Report> {
    let is_refused = |found: &Found| match found {
        Found::Failed(SourceError::Bus(error)) => error.retry() == Retry::Never,
        _ => false,
    };
    match answers.first() {
        Some(Found::Failed(error)) if answers.iter().all(is_refused) => Some(error.report()),
        _ => None,
    }
}

/// Reads what answers.
fn probe(name: &SourceName) -> Found {
    let mut source = match name.open(&Opening::default()) {
        Ok(source) => source,
        Err(error) => return Found::Failed(error),
    };
    let mut before = None;
    let answer = source.tried(
        |bus| {
            // What has answered once is not called silent because a later read fails.
            let answer = read(bus).or_else(|error| before.ok_or(error))?;
            before = Some(answer);
            Ok(answer)
        },
        |answer| match answer {
            // Bits may be lost on the way: what is damaged is read again.
            Ok(Answer::Damaged(_) | Answer::OtherPart(_)) => Retry::Now,
            Ok(_) => Retry::Never,
            Err(error) => AnyBusError::retry(error),
        },
    );
    match answer {
        Ok(answer) => Found::Answer(answer),
        Err(error) if is_nobody(&error) => Found::Nothing(error),
        Err(error) => Found::Failed(SourceError::Silent { bus: name.to_string(), error }),
    }
}

fn read(bus: &mut AnyBus) -> Result<Answer, AnyBusError> {
    match PersonSensor::new(bus).read_packet() {
        Ok(packet) => Ok(Answer::of(&packet)),
        Err(Error::I2c(error)) => Err(error),
        // Reading alone checks nothing.
        Err(Error::Packet(error)) => Ok(Answer::OtherPart(error)),
    }
}

/// Whether nobody acknowledged: a bus on which there is nothing, and not one that fails.
fn is_nobody(error: &AnyBusError) -> bool {
    use embedded_hal::i2c::{Error as _, ErrorKind};
    match error {
        AnyBusError::Real(error) => error.kind() == LinuxErrorKind::NoAcknowledge,
        error => matches!(error.kind(), ErrorKind::NoAcknowledge(_)),
    }
}

fn print(name: &SourceName, found: &Found, output: Output) -> Result<(), Failure> {
    let (what, about, errno) = match found {
        Found::Answer(answer) => return output.event(&Probe::of(name, answer)),
        Found::Nothing(error) => ("nothing", format!("nothing answers at 0x62 ({error})"), error.errno()),
        Found::Failed(error) => {
            let number = match error {
                SourceError::Bus(error) => error.errno(),
                SourceError::Silent { error, .. } => error.errno(),
                _ => None,
            };
            ("error", error.to_string(), number)
        }
    };
    output.event(&Probe { source: name.to_string(), found: false, what, about, faces: None, errno })
}

/// Every bus of the system.
#[cfg(target_os = "linux")]
fn buses() -> Result<Vec<SourceName>, Report> {
    match crate::linux::buses() {
        Ok(buses) => Ok(buses.into_iter().map(|bus| SourceName::Bus(bus.path)).collect()),
        Err(error) => Err(Report {
            what: format!("cannot list the buses in /dev: {error}"),
            likely: "this user may not read /dev".to_owned(),
            run: "ls -ld /dev".to_owned(),
            code: "MLSENSOR-FILE".to_owned(),
        }),
    }
}

/// Every bus of the system: elsewhere than on Linux none is known.
#[cfg(not(target_os = "linux"))]
fn buses() -> Result<Vec<SourceName>, Report> {
    Ok(Vec::new())
}

fn no_buses(program: &str) -> Report {
    Report {
        what: "this computer has no I2C bus".to_owned(),
        likely: "I2C is off (on a Raspberry Pi: sudo raspi-config nonint do_i2c 0), or there is none; a simulated sensor works everywhere"
            .to_owned(),
        run: format!("mlsensor {program} sim:walk_up"),
        code: "MLSENSOR-NO-BUS".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use crate::linux::{Doing, LinuxError};

    use super::*;

    /// To wait would not help, and a loose wire is not why.
    #[test]
    fn buses_that_this_user_may_not_use_are_not_taken_for_empty_ones() {
        let opened = |path, errno| Found::Failed(SourceError::Bus(LinuxError::new(path, Doing::Open, errno)));
        let empty = || Found::Nothing(AnyBusError::Real(LinuxError::new("/dev/i2c-2", Doing::Read, 121)));
        let report = refused(&[opened("/dev/i2c-1", 13), opened("/dev/i2c-2", 13)]).unwrap();
        assert!(report.what.contains("/dev/i2c-1"), "{report}");
        assert_eq!(report.code, "MLSENSOR-BUS-13");
        for answers in [vec![], vec![opened("/dev/i2c-1", 13), empty()], vec![opened("/dev/i2c-1", 19)]] {
            assert_eq!(refused(&answers), None);
        }
    }
}
