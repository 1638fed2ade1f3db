//! What the sensor reports: a picture of its field of view in a terminal, a line a report elsewhere.

use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use mlsensor::Faces;
use mlsensor_examples::picture::drawn;
use mlsensor_examples::program::{self, Failure, Options, Program, Reading, Setup, Talk, Trouble};

/// The decision: a report is worth a line if it says something else than the one before. Sensors are read more often
/// than they look, and the same packet again is no news.
#[derive(Debug, Default)]
struct News {
    last: Option<Result<Faces, Trouble>>,
}

impl News {
    fn is_news(&mut self, reading: &Reading) -> bool {
        let is_news = self.last.as_ref() != Some(&reading.faces);
        self.last = Some(reading.faces.clone());
        is_news
    }
}

/// Shows what the sensor reports. Without options it runs on a simulated sensor, so no hardware is needed: in a terminal
/// a person walks through a picture of the field of view; elsewhere each report is a line.
#[derive(Parser)]
#[command(name = "watch", version, after_help = include_str!("watch.help.txt"))]
struct Arguments {
    #[command(flatten)]
    options: Options,
    /// Print one report and end
    #[arg(long)]
    once: bool,
    /// Print nothing before this many seconds have passed
    #[arg(long, value_name = "SECONDS", default_value_t = 0)]
    after: u32,
    /// Draw pictures where no terminal is, too
    #[arg(long, conflicts_with = "json")]
    draw: bool,
}

fn main() -> ExitCode {
    program::run(drive)
}

fn drive(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let talk = if arguments.once { Talk::Nothing } else { Talk::BeginAndEnd };
    let setup = Setup { draws: !arguments.once, talk, ..Setup::default() };
    let mut program = Program::start(&arguments.options, setup)?;
    let mut news = News::default();
    while let Some(reading) = program.read()? {
        if reading.at < Duration::from_secs(arguments.after.into()) || !news.is_news(&reading) {
            continue;
        }
        match arguments.draw || program.draws() {
            true => program.show(drawn(&reading, ""))?,
            false => program.event("report", "", Some(&reading))?,
        }
        if arguments.once {
            return Ok(ExitCode::from(u8::from(reading.faces.is_err())));
        }
    }
    match arguments.once {
        true => {
            program.end_in_vain("no report came that late", "the scene or the recording ends before that")
        }
        false => program.end(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mlsensor::{Bounds, Face, PacketError};

    fn face(left: u8) -> Result<Faces, Trouble> {
        let face = Face::new(Bounds::new(left, 100, left + 20, 130).unwrap(), 90, None, true).unwrap();
        Ok(Faces::new(&[face]).unwrap())
    }

    #[test]
    fn what_was_said_already_is_no_news() {
        let lost = || Err(Trouble::Packet(PacketError::UndrivenBus));
        let reports = [face(10), face(10), face(11), lost(), lost(), face(11), Ok(Faces::EMPTY)];
        let mut news = News::default();
        let is_news = reports.map(|faces| news.is_news(&Reading { at: Duration::ZERO, faces }));
        assert_eq!(is_news, [true, false, true, true, false, true, true]);
    }
}
