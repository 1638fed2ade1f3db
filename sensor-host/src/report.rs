//! Errors for people, in four parts: what happened, what it most likely is, one command to run, the code to
//! search for.

use std::fmt;
use std::io::{self, Write as _};

/// An error that ends a program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// What happened.
    pub what: String,
    /// The likeliest cause.
    pub likely: String,
    /// One command to run.
    pub run: String,
    /// The code to search for, in docs/errors.md.
    pub code: String,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Report { what, likely, run, code } = self;
        write!(f, "error: {what}\nlikely: {likely}\nrun: {run}\ncode: {code}")
    }
}

impl std::error::Error for Report {}

/// Says a line on standard error, in one piece. If nobody can read it (a full disk, a reader that has left), nothing
/// happens: that is no reason to end, where `eprintln!` panics.
pub fn say(line: impl fmt::Display) {
    let _unheard = io::stderr().lock().write_all(format!("{line}\n").as_bytes());
}
