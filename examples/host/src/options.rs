//! The options that every example has, and what is wrong with options, in four parts.

use std::error::Error as _;
use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::parser::ValueSource;
use clap::{ArgMatches, Args, Command, Parser};
use mlsensor::behavior::Gate;

use crate::reader::{FITS, SourceArgs};
use mlsensor_host::Report;
use mlsensor_host::command_line::{self, refuse};
use mlsensor_host::linux::LineNameError;
use mlsensor_host::source::SourceName;

/// The options that every example has.
#[derive(Debug, Args)]
pub struct Options {
    #[command(flatten)]
    pub(crate) source: SourceArgs,
    /// Print a JSON object a line
    #[arg(long)]
    pub(crate) json: bool,
}

/// The options that the program was given.
///
/// # Errors
/// The exit code, after the help or what is wrong was printed.
pub(crate) fn parse<A: Parser>() -> Result<A, ExitCode> {
    let mut command = A::command();
    let matches = command.try_get_matches_from_mut(std::env::args_os());
    let matches = matches.and_then(|matches| fitting(&mut command, matches));
    let options = matches.and_then(|matches| A::from_arg_matches(&matches));
    options.map_err(|error| refuse(&error, |error| report(A::command().get_name(), error)).into())
}

/// The same, if each option that was given is for the source that was named.
fn fitting(command: &mut Command, matches: ArgMatches) -> Result<ArgMatches, clap::Error> {
    let source = matches.get_one::<SourceName>("source").cloned().unwrap_or_default();
    for (option, is_for, why) in FITS {
        let is_known = matches.try_contains_id(option).is_ok();
        let is_given = is_known && matches.value_source(option) == Some(ValueSource::CommandLine);
        if is_given && !is_for(&source) {
            let what = format!("the option '--{option}' is not for {source}: {why}");
            return Err(command.error(ErrorKind::ArgumentConflict, what));
        }
    }
    Ok(matches)
}

/// The gate that admits faces up to so many metres away.
///
/// # Errors
/// What is wrong with the number.
pub(crate) fn gate(text: &str) -> Result<Gate, String> {
    match text.parse::<f64>() {
        // Width times distance is about 20 unit-metres, so a face beyond 20 m has no width.
        Ok(metres @ 0.1..20.0) => Ok(Gate::OPEN.with_min_width((20.0 / metres).round() as u8)),
        Ok(_) => Err("not between 0.1 m and 20 m".to_owned()),
        Err(_) => Err("no number of metres".to_owned()),
    }
}

fn report(program: &str, error: &clap::Error) -> Report {
    if let Some(error) = error.source().and_then(|error| error.downcast_ref::<LineNameError>()) {
        return error.clone().into();
    }
    let mut report = command_line::report(program, error);
    if error.kind() == ErrorKind::MissingRequiredArgument {
        "another option that was given means nothing without it".clone_into(&mut report.likely);
    }
    let is_left_out =
        !cfg!(feature = "rppal") && WITH_RPPAL.iter().any(|option| report.what.contains(option));
    if is_left_out && error.kind() == ErrorKind::UnknownArgument {
        "this program was built without the feature rppal".clone_into(&mut report.likely);
        report.run = format!("cargo run --bin {program} --features rppal -- --help");
    }
    report
}

/// Options that are there with the feature rppal alone, as an error names them.
const WITH_RPPAL: [&str; 2] = ["'--pwm'", "'--servos'"];

#[cfg(test)]
mod tests {
    use super::*;

    fn report_on(args: &[&str]) -> Report {
        let mut command = Options::augment_args(Command::new("fan"));
        let matches = command.try_get_matches_from_mut([&["fan"], args].concat());
        report("fan", &matches.and_then(|matches| fitting(&mut command, matches)).unwrap_err())
    }

    #[test]
    fn the_nearer_the_wider() {
        let width = |metres| gate(metres).map(|gate| gate.min_width);
        assert_eq!([width("0.6"), width("1"), width("1.5")], [Ok(33), Ok(20), Ok(13)]);
        assert!(width("0").is_err() && width("-1").is_err() && width("NaN").is_err() && width("x").is_err());
    }

    #[cfg(not(feature = "rppal"))]
    #[test]
    fn an_option_that_was_left_out_of_the_program_is_not_taken_for_a_mistyped_one() {
        for option in ["--pwm", "--servos"] {
            let report = report_on(&[option, "0"]);
            assert!(
                report.what.contains(option) && report.likely.contains("without the feature"),
                "{report}"
            );
            assert_eq!(report.run, "cargo run --bin fan --features rppal -- --help");
        }
    }

    #[test]
    fn a_word_that_names_no_source_brings_what_was_meant() {
        let report = report_on(&["walk_up"]);
        assert_eq!(report.what, "there is no source called walk_up");
        assert_eq!((&*report.run, &*report.code), ("fan sim:walk_up", "MLSENSOR-SOURCE"));
    }

    #[test]
    fn what_is_wrong_with_an_option_is_told_in_four_parts() {
        for (args, what, likely) in [
            (
                &["--seed", "x"][..],
                "invalid value 'x' for '--seed <N>': invalid digit",
                "mistyped, or out of",
            ),
            (
                &["--every", "1"],
                "invalid value '1' for '--every <MS>': 1 is not in 10..=500",
                "out of its range",
            ),
            (&["1", "--seed", "1"], "the option '--seed' is not for /dev/i2c-1: ", "use one"),
            (&["replay:a", "--every", "100"], "the option '--every' is not for replay:a: ", "use one"),
            (&["--sed", "1"], "unexpected argument '--sed' found", "exists: '--seed'"),
            (&["--xyz"], "unexpected argument '--xyz' found", "mistyped, or one of another program"),
            (&["--every"], "a value is required for '--every <MS>'", "missing or mistyped"),
        ] {
            let report = report_on(args);
            assert!(report.what.starts_with(what), "{report}");
            assert!(report.likely.contains(likely), "{report}");
            assert_eq!((&*report.run, &*report.code), ("fan --help", "MLSENSOR-OPTION"));
            assert_eq!(report.to_string().lines().count(), 4, "{report}");
        }
    }
}
