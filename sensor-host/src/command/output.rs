//! What the command prints: lines for people, or a JSON object a line.

use std::fmt::Display;
use std::io::{self, Write as _};

use crate::command_line::Failure;
use clap::Args;
use serde::Serialize;

/// The option that every subcommand has.
#[derive(Debug, Clone, Copy, Args)]
pub(crate) struct OutputArgs {
    /// Print a JSON object a line
    #[arg(long)]
    json: bool,
}

/// Prints events to standard output. No colours: what is printed is the same in a terminal and in a file.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Output {
    json: bool,
    /// Standard output carries something else.
    on_standard_error: bool,
}

impl OutputArgs {
    pub(crate) const fn open(self) -> Output {
        Output { json: self.json, on_standard_error: false }
    }
}

impl Output {
    /// Events go to standard error: standard output carries something else.
    pub(crate) const fn on_standard_error(self) -> Output {
        Output { on_standard_error: true, ..self }
    }

    pub(crate) const fn is_json(self) -> bool {
        self.json
    }

    /// Prints one event, as a line of its own.
    ///
    /// # Errors
    /// If standard output takes nothing any more.
    pub(crate) fn event(self, event: &(impl Serialize + Display)) -> Result<(), Failure> {
        let mut line = if self.json {
            serde_json::to_string(event).map_err(io::Error::from)?
        } else {
            event.to_string()
        };
        line.push('\n');
        if self.on_standard_error {
            // What is printed there is beside the point: that nobody reads it ends nothing.
            let _unheard = io::stderr().lock().write_all(line.as_bytes());
        } else {
            // Flushed, because who reads it through a pipe wants it now.
            let mut out = io::stdout().lock();
            out.write_all(line.as_bytes())?;
            out.flush()?;
        }
        Ok(())
    }
}
