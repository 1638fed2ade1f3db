//! `mlsensor record`: what goes over a bus, written down as it happens.

use std::fs::{File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::time::SystemTime;

use crate::Report;
use crate::command_line::{Failure, exit};
use crate::recording::Header;
use crate::source::{SourceName, Stop, quoted};
use crate::supervisor::State;
use clap::Args;

use crate::command::events::{Opened, Recorded, Remark};
use crate::command::output::{Output, OutputArgs};
use crate::command::read::{self, Supervision};
use crate::command::session::Session;
use crate::command::source_options::{self, SimArgs, TimeArgs};
use crate::session::Turn;

/// Reads a sensor, and writes everything that goes over the bus into a file, line by line.
#[derive(Debug, Args)]
#[command(after_help = include_str!("record.help.txt"))]
pub(crate) struct Arguments {
    /// Where to read; see `mlsensor --help`. Without it, the only bus that has a sensor
    source: Option<SourceName>,
    #[command(flatten)]
    target: TargetArgs,
    #[command(flatten)]
    supervision: Supervision,
    #[command(flatten)]
    time: TimeArgs,
    #[command(flatten)]
    sim: SimArgs,
    #[command(flatten)]
    format: OutputArgs,
}

/// Options for where a recording is written.
#[derive(Debug, Args)]
pub(crate) struct TargetArgs {
    /// The file to write; without it, or with -, standard output
    #[arg(short, long, value_name = "FILE", default_value = "-", hide_default_value = true)]
    output: String,
    /// Write over a file that is there
    #[arg(long)]
    force: bool,
}

/// Where a recording is written.
#[derive(Debug)]
pub(crate) struct Target {
    name: String,
    /// Standard output otherwise.
    file: Option<File>,
    is_new: bool,
}

impl Target {
    /// Creates the file. One that is there is not touched, unless the options say so.
    pub(crate) fn create(arguments: &TargetArgs) -> Result<Target, Failure> {
        let (name, force) = (arguments.output.clone(), arguments.force);
        if name == "-" {
            return Ok(Target { name, file: None, is_new: false });
        }
        let mut options = OpenOptions::new();
        let options = if force {
            options.write(true).create(true).truncate(true)
        } else {
            options.write(true).create_new(true)
        };
        match options.open(&name) {
            Ok(file) => Ok(Target { name, file: Some(file), is_new: !force }),
            Err(error) => Err(Failure::Report(Report {
                what: format!("cannot create {name}: {error}"),
                likely: match error.kind() {
                    ErrorKind::AlreadyExists => "it is there already; --force writes over it",
                    ErrorKind::NotFound => "its folder does not exist",
                    ErrorKind::PermissionDenied => "this user may not write there",
                    _ => "it is a folder, or the disk has trouble",
                }
                .to_owned(),
                run: format!("ls -l {}", quoted(&name)),
                code: "MLSENSOR-FILE".to_owned(),
            })),
        }
    }

    pub(crate) const fn is_standard_output(&self) -> bool {
        self.file.is_none()
    }

    pub(crate) fn name(&self) -> &str {
        if self.is_standard_output() { "standard output" } else { &self.name }
    }

    /// Removes a file that holds nothing of use, if it was not there before.
    fn discard(&self) {
        if self.is_new {
            // If it stays, it does no harm.
            let _ = std::fs::remove_file(&self.name);
        }
    }

    /// What an error of writing is to the user.
    pub(crate) fn failure(&self, error: io::Error) -> Failure {
        if self.is_standard_output() {
            return Failure::Output(error);
        }
        Failure::Report(Report {
            what: format!("cannot write {}: {error}", self.name),
            likely: "the disk is full, or has trouble".to_owned(),
            run: "df -h .".to_owned(),
            code: "MLSENSOR-OUTPUT".to_owned(),
        })
    }
}

impl Write for Target {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.file {
            Some(file) => file.write(bytes),
            None => io::stdout().lock().write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.file {
            Some(file) => file.flush(),
            None => io::stdout().lock().flush(),
        }
    }
}

pub(crate) fn run(arguments: &Arguments) -> Result<u8, Failure> {
    let name = read::source(arguments.source.as_ref(), "record")?;
    if let SourceName::Recorded(file) = &name {
        return Err(Failure::WrongOptions(Report {
            what: format!("{name} is a recording already"),
            likely: "a bus was meant, or the trace of a logic analyser".to_owned(),
            run: format!("mlsensor replay {}", quoted(file)),
            code: "MLSENSOR-OPTION".to_owned(),
        }));
    }
    let stop = Stop::new();
    stop.on_signals()?;
    let source = source_options::open(&name, arguments.time, arguments.sim, &stop)?;
    let target = Target::create(&arguments.target)?;
    let output = arguments.format.open();
    let output = if target.is_standard_output() { output.on_standard_error() } else { output };
    output.event(&Opened::of(&source))?;
    source.remarks.iter().try_for_each(|text| output.event(&Remark { text }))?;
    // A simulated bus has no date: what is recorded of it is the same each time.
    let begun = name.is_bus().then(|| SystemTime::now().checked_sub(source.clock.now())).flatten();
    let header = Header { source: name.to_string(), begun };
    let session = arguments.supervision.session(source, target, &header)?;
    record(session.until(arguments.time.duration), arguments.supervision.waits(), output)
}

fn record(mut session: Session<Target>, waits: bool, output: Output) -> Result<u8, Failure> {
    let mut has_been_there = waits;
    let why = loop {
        match session.next() {
            Ok(Turn::Update(update)) if update.state() == State::Absent && !has_been_there => {
                session.target().discard();
                return Err(Failure::Report(session.report()));
            }
            Ok(Turn::Update(update)) => has_been_there |= update.reading().is_some(),
            Ok(Turn::Done | Turn::Wait(_)) => {}
            Ok(Turn::End) => break "to the end",
            Ok(Turn::Interrupted) => break "interrupted",
            Err(Failure::Output(error)) => return Err(session.target().failure(error)),
            Err(failure) => return Err(failure),
        }
    };
    let file = session.target().name();
    output.event(&Recorded { file, transfers: session.transfers(), about: why.to_owned() })?;
    if why == "interrupted" { Err(Failure::Interrupted) } else { Ok(exit::SUCCESS) }
}
