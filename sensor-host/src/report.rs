//! Errors for people, in four parts: what happened, what it most likely is, one command to run, the code to
//! search for.

use std::fmt::{self, Write as _};
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
        let parts = [("error", what), ("likely", likely), ("run", run), ("code", code)];
        for (number, (name, part)) in parts.into_iter().enumerate() {
            f.write_str(if number == 0 { "" } else { "\n" })?;
            write!(f, "{name}: ")?;
            // Four lines, whatever a file of the user is called; and nothing that a terminal would obey.
            for c in part.chars() {
                if c.is_control() { write!(f, "{}", c.escape_default()) } else { f.write_char(c) }?;
            }
        }
        Ok(())
    }
}

impl std::error::Error for Report {}

/// Says a line on standard error, in one piece. If nobody can read it (a full disk, a reader that has left), nothing
/// happens: that is no reason to end, where `eprintln!` panics.
pub fn say(line: impl fmt::Display) {
    let _unheard = io::stderr().lock().write_all(format!("{line}\n").as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_four_lines_whatever_a_file_is_called() {
        let report = Report {
            what: "cannot read a\nb\u{1b}[2Jc".to_owned(),
            likely: "the path is wrong: \u{e9}".to_owned(),
            run: "ls -l 'a\r\nb'".to_owned(),
            code: "MLSENSOR-FILE".to_owned(),
        };
        assert_eq!(
            report.to_string(),
            "error: cannot read a\\nb\\u{1b}[2Jc\nlikely: the path is wrong: \u{e9}\nrun: ls -l 'a\\r\\nb'\ncode: MLSENSOR-FILE"
        );
    }
}
