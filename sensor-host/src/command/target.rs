//! Where a recording is written.

use std::fs::OpenOptions;
use std::io::{self, ErrorKind, Write};

use clap::Args;

use crate::Report;
use crate::command::held::Held;
use crate::command_line::Failure;
use crate::recording::LineFile;
use crate::source::quoted;

/// Options for where a recording is written.
#[derive(Debug, Args)]
pub(crate) struct TargetArgs {
    /// The file to write; without it, or with -, standard output
    #[arg(short, long, value_name = "FILE", default_value = "-", hide_default_value = true)]
    output: String,
    /// Write over a file that is there, as soon as there is something to write
    #[arg(long)]
    force: bool,
}

impl TargetArgs {
    pub(crate) fn is_standard_output(&self) -> bool {
        self.output == STANDARD_OUTPUT
    }
}

/// The name of standard output.
const STANDARD_OUTPUT: &str = "-";

/// Where a recording is written.
#[derive(Debug)]
pub(crate) struct Target {
    place: Place,
    /// Standard output otherwise.
    file: Option<LineFile>,
    /// What was written so far, while it is not known whether what is in the file is to be given up for it.
    held: Option<Held>,
    left_out: u64,
}

/// The name of a target, and what is to be said and done if it takes nothing.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    name: String,
    is_new: bool,
}

impl Target {
    /// Creates the file. One that is there is not touched, unless the options say so; and then not before what is written is to be
    /// [kept](Self::keep).
    pub(crate) fn create(arguments: &TargetArgs) -> Result<Target, Failure> {
        let (name, force) = (arguments.output.clone(), arguments.force);
        if arguments.is_standard_output() {
            return Ok(Target { place: Place { name, is_new: false }, file: None, held: None, left_out: 0 });
        }
        let opened = match OpenOptions::new().write(true).create_new(true).open(&name) {
            Err(error) if force && error.kind() == ErrorKind::AlreadyExists => {
                OpenOptions::new().write(true).open(&name).map(|file| (file, false))
            }
            created => created.map(|file| (file, true)),
        };
        match opened.and_then(|(file, is_new)| Ok((file.metadata()?, LineFile::new(file)?, is_new))) {
            Ok((there, file, is_new)) => {
                let held = (there.is_file() && there.len() > 0).then(Held::default);
                Ok(Target { place: Place { name, is_new }, file: Some(file), held, left_out: 0 })
            }
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

    pub(crate) const fn place(&self) -> &Place {
        &self.place
    }

    /// What is written is of use: it takes the place of what was in the file.
    pub(crate) fn keep(&mut self) -> io::Result<()> {
        let (Some(held), Some(file)) = (self.held.take(), &mut self.file) else { return Ok(()) };
        file.begin_anew()?;
        self.left_out = held.left_out();
        file.write_all(&held.into_bytes())
    }

    /// How many of the lines that were written first are not in it.
    pub(crate) const fn left_out(&self) -> u64 {
        self.left_out
    }

    /// Whether what is written goes where it is to go.
    pub(crate) const fn is_kept(&self) -> bool {
        self.held.is_none()
    }
}

impl Place {
    pub(crate) fn is_standard_output(&self) -> bool {
        self.name == STANDARD_OUTPUT
    }

    pub(crate) fn name(&self) -> &str {
        if self.is_standard_output() { "standard output" } else { &self.name }
    }

    /// Removes a file that holds nothing of use, if it was not there before.
    pub(crate) fn discard(&self) {
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
        if let Some(held) = &mut self.held {
            held.push(bytes);
            return Ok(bytes.len());
        }
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
