//! What went wrong, in four parts: what happened, what it most likely is, one command to run, and a code
//! to search for.

use std::fmt;

/// Why a step failed.
#[derive(Debug)]
pub(crate) struct Failure {
    pub what: String,
    pub likely: String,
    pub run: String,
    pub code: &'static str,
}

impl Failure {
    pub(crate) fn new(
        code: &'static str,
        what: impl Into<String>,
        likely: impl Into<String>,
        run: impl Into<String>,
    ) -> Self {
        Failure { what: what.into(), likely: likely.into(), run: run.into(), code }
    }

    /// A file or folder that cannot be read or written.
    pub(crate) fn io(path: &std::path::Path, error: &std::io::Error) -> Self {
        Failure::new(
            "XTASK-IO",
            format!("{}: {error}", path.display()),
            "the checkout is incomplete, or its target folder cannot be written",
            "git status",
        )
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "error: {}", self.what)?;
        writeln!(f, "  likely: {}", self.likely)?;
        writeln!(f, "  run: {}", self.run)?;
        write!(f, "  code: {}", self.code)
    }
}

impl std::error::Error for Failure {}
