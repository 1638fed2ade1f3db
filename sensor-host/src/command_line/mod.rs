//! What programs of this kind share on the command line: what is wrong with options in four parts, how they end, and the exit
//! codes.

mod failure;
mod options;

pub use failure::Failure;
pub use options::{parse, parse_words, refuse, report, seconds};

/// Exit codes.
pub mod exit {
    /// All is well.
    pub const SUCCESS: u8 = 0;
    /// Something failed, or was not found.
    pub const ERROR: u8 = 1;
    /// The options are wrong.
    pub const WRONG_OPTIONS: u8 = 2;
    /// Ctrl-C, SIGTERM or SIGHUP ended it, as shells expect.
    pub const INTERRUPTED: u8 = 130;
}
