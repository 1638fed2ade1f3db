//! What ends a program early.

use std::io::{self, ErrorKind};

use super::exit;
use crate::Report;

/// What ends a program early.
#[derive(Debug)]
pub enum Failure {
    /// An error for the user.
    Report(Report),
    /// The options are understood, but make no sense.
    WrongOptions(Report),
    /// Standard output takes nothing any more.
    Output(io::Error),
    /// Ctrl-C came in the middle of something.
    Interrupted,
}

impl From<Report> for Failure {
    fn from(report: Report) -> Self {
        Failure::Report(report)
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Failure::Output(error)
    }
}

impl Failure {
    /// The exit code. A reader of standard output that has left, as in `| head`, is no error.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        match self {
            Failure::Output(error) if error.kind() == ErrorKind::BrokenPipe => exit::SUCCESS,
            Failure::Report(_) | Failure::Output(_) => exit::ERROR,
            Failure::WrongOptions(_) => exit::WRONG_OPTIONS,
            Failure::Interrupted => exit::INTERRUPTED,
        }
    }

    /// What is to be said of it. Nothing, if the reader of standard output has left.
    #[must_use]
    pub fn report(self) -> Option<Report> {
        match self {
            Failure::Report(report) | Failure::WrongOptions(report) => Some(report),
            Failure::Interrupted => None,
            Failure::Output(error) if error.kind() == ErrorKind::BrokenPipe => None,
            Failure::Output(error) => Some(Report {
                what: format!("cannot write to standard output: {error}"),
                likely: match error.kind() {
                    ErrorKind::StorageFull => "the disk that it goes to is full".to_owned(),
                    _ => "the file or device that it goes to has trouble, or is closed".to_owned(),
                },
                run: "df -h .".to_owned(),
                code: "MLSENSOR-OUTPUT".to_owned(),
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_said_of_a_reader_that_left_and_of_any_other_trouble_with_the_output_it_is() {
        let report = |kind: ErrorKind| Failure::from(io::Error::from(kind)).report();
        assert_eq!(report(ErrorKind::BrokenPipe), None);
        for kind in [ErrorKind::StorageFull, ErrorKind::PermissionDenied, ErrorKind::Other] {
            assert_eq!(report(kind).unwrap().code, "MLSENSOR-OUTPUT", "{kind}");
        }
        assert!(report(ErrorKind::StorageFull).unwrap().likely.contains("full"));
    }
}
