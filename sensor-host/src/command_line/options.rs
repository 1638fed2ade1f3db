//! Options, and what is wrong with them, in four parts.

use std::error::Error as _;
use std::ffi::OsString;
use std::time::Duration;

use clap::Parser;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::exit;
use crate::Report;
use crate::report::say;
use crate::source::SourceNameError;

/// The options that the program was given.
///
/// # Errors
/// The exit code, after the help or what is wrong was printed.
pub fn parse<A: Parser>() -> Result<A, u8> {
    parse_words(&std::env::args_os().skip(1).collect::<Vec<_>>())
}

/// The options that these words give, without the name of the program.
///
/// # Errors
/// The exit code, after the help or what is wrong was printed.
pub fn parse_words<A: Parser>(words: &[OsString]) -> Result<A, u8> {
    let command = A::command();
    let name = OsString::from(command.get_name());
    A::try_parse_from(std::iter::once(&name).chain(words))
        .map_err(|error| refuse(&error, |error| report(&program(&command, words.iter().cloned()), error)))
}

/// Prints the help that was asked for, or what is wrong; gives the exit code.
pub fn refuse(error: &clap::Error, report: impl FnOnce(&clap::Error) -> Report) -> u8 {
    let wants_help = error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand;
    if error.use_stderr() && !wants_help {
        say(report(error));
        return exit::WRONG_OPTIONS;
    }
    match error.print() {
        Ok(()) if !wants_help => exit::SUCCESS,
        Ok(()) => exit::WRONG_OPTIONS,
        // `--help | head`
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => exit::SUCCESS,
        Err(_) => exit::ERROR,
    }
}

/// The program and the subcommands that were named: `mlsensor read`.
fn program(command: &clap::Command, words: impl Iterator<Item = OsString>) -> String {
    let (mut command, mut name) = (command, command.get_name().to_owned());
    for word in words {
        let Some(subcommand) = word.to_str().and_then(|word| command.find_subcommand(word)) else { break };
        command = subcommand;
        name = format!("{name} {}", subcommand.get_name());
    }
    name
}

/// What is wrong with the options of a program.
#[must_use]
pub fn report(program: &str, error: &clap::Error) -> Report {
    if let Some(error) = error.source().and_then(|error| error.downcast_ref::<SourceNameError>()) {
        return error.report(program);
    }
    let text = error.to_string();
    // The first paragraph says what is wrong, sometimes over several lines.
    let first = text.lines().take_while(|line| !line.trim().is_empty());
    let what = first.map(str::trim).collect::<Vec<_>>().join(" ");
    // Not the tip how to write a word that begins like an option.
    let mut tips = text.lines().filter_map(|line| line.trim().strip_prefix("tip: "));
    let tip = tips.find(|tip| !tip.starts_with("to pass '"));
    let likely = tip.unwrap_or(match error.kind() {
        // Only `sim run` takes a program, and only behind `--`.
        ErrorKind::UnknownArgument if program.ends_with("sim run") && !invalid(error).starts_with('-') => {
            "`--` is missing before the program, as in `mlsensor sim run -- python3 my.py`"
        }
        ErrorKind::MissingRequiredArgument if program.ends_with("sim run") => {
            "the program to run is missing, as in `mlsensor sim run -- python3 my.py`"
        }
        ErrorKind::ArgumentConflict => "they ask for different things: use one of them",
        ErrorKind::UnknownArgument => "the option is mistyped, or one of another program",
        ErrorKind::InvalidSubcommand => "the command is mistyped",
        ErrorKind::MissingRequiredArgument => "something that has to be said is missing",
        ErrorKind::InvalidValue => "the value is missing or mistyped",
        _ => "the value is mistyped, or out of its range",
    });
    Report {
        what: what.strip_prefix("error: ").unwrap_or(&what).to_owned(),
        likely: likely.to_owned(),
        run: format!("{program} --help"),
        code: "MLSENSOR-OPTION".to_owned(),
    }
}

/// The word that an error is about.
fn invalid(error: &clap::Error) -> &str {
    match error.get(ContextKind::InvalidArg) {
        Some(ContextValue::String(word)) => word,
        _ => "",
    }
}

/// A number of seconds, from 0.1 on, as the value of an option.
///
/// # Errors
/// What is wrong with it.
pub fn seconds(text: &str) -> Result<Duration, String> {
    match text.parse() {
        Ok(seconds @ 0.1..1e6) => Ok(Duration::from_secs_f64(seconds)),
        Ok(_) => Err("less than 0.1 s or more than a million".to_owned()),
        Err(_) => Err("no number of seconds".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use clap::{Arg, Command};

    use super::*;
    use crate::source::SourceName;

    fn command() -> Command {
        let every = Arg::new("every").long("every").value_parser(clap::value_parser!(u64).range(10..=500));
        let seconds = Arg::new("for").long("for").value_parser(seconds).conflicts_with("every");
        let source = Arg::new("source").value_parser(str::parse::<SourceName>);
        Command::new("mlsensor").subcommand(Command::new("read").arg(source).arg(every).arg(seconds))
    }

    fn report_on(args: &[&str]) -> Report {
        let words = args.iter().map(OsString::from);
        let error = command().try_get_matches_from([&["mlsensor"], args].concat()).unwrap_err();
        report(&program(&command(), words), &error)
    }

    #[test]
    fn what_is_wrong_with_an_option_is_told_in_four_parts() {
        for (args, what, likely) in [
            (&["read", "--every", "x"][..], "invalid value 'x' for '--every", "mistyped, or out of"),
            (&["read", "--every", "1"], "invalid value '1' for '--every", "out of its range"),
            (&["read", "--for", "0"], "invalid value '0' for '--for", "mistyped, or out of"),
            (&["read", "--every", "20", "--for", "1"], "the argument '--every", "use one"),
            (&["read", "--evry", "20"], "unexpected argument '--evry' found", "exists: '--every'"),
            (&["read", "--xyz"], "unexpected argument '--xyz' found", "mistyped, or one of another program"),
            (&["read", "--every"], "a value is required for '--every", "missing or mistyped"),
        ] {
            let report = report_on(args);
            assert!(report.what.starts_with(what), "{report}");
            assert!(report.likely.contains(likely), "{report}");
            assert_eq!((&*report.run, &*report.code), ("mlsensor read --help", "MLSENSOR-OPTION"));
            assert_eq!(report.to_string().lines().count(), 4, "{report}");
        }
    }

    #[test]
    fn a_command_that_is_none_is_told_with_one_that_is_like_it() {
        let report = report_on(&["raed"]);
        assert_eq!(report.what, "unrecognized subcommand 'raed'");
        assert!(report.likely.contains("'read'"), "{report}");
        assert_eq!(report.run, "mlsensor --help");
    }

    #[test]
    fn a_word_that_names_no_source_is_told_with_what_was_meant() {
        let report = report_on(&["read", "walkup"]);
        assert_eq!((&*report.run, &*report.code), ("mlsensor read sim:walk_up", "MLSENSOR-SOURCE"));
    }

    #[test]
    fn seconds_are_told_from_what_is_none() {
        assert_eq!(seconds("1.5"), Ok(Duration::from_millis(1500)));
        assert!(["0", "-1", "NaN", "inf", "1e9", "x", ""].iter().all(|text| seconds(text).is_err()));
    }
}
