//! Options, and what is wrong with them, in four parts.

use std::process::ExitCode;

use clap::Parser;
use clap::error::ErrorKind;
use mlsensor_host::Report;

/// A program that was given wrong options exits with this code, as clap's do.
const WRONG_OPTIONS: u8 = 2;

/// The options that the command was given.
///
/// # Errors
/// The exit code, after the help or what is wrong was printed.
pub(crate) fn parse<A: Parser>() -> Result<A, ExitCode> {
    A::try_parse().map_err(|error| {
        let wants_help = error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand;
        if error.use_stderr() && !wants_help {
            eprintln!("{}", report(A::command().get_name(), &error));
            return ExitCode::from(WRONG_OPTIONS);
        }
        match error.print() {
            Ok(()) if !wants_help => ExitCode::SUCCESS,
            _ => ExitCode::from(WRONG_OPTIONS),
        }
    })
}

fn report(program: &str, error: &clap::Error) -> Report {
    let text = error.to_string();
    let first = text.lines().take_while(|line| !line.trim().is_empty());
    let what = first.map(str::trim).collect::<Vec<_>>().join(" ");
    let tip = text.lines().find_map(|line| line.trim().strip_prefix("tip: "));
    Report {
        what: what.strip_prefix("error: ").unwrap_or(&what).to_owned(),
        likely: tip.unwrap_or("a word is mistyped, or a value is out of its range").to_owned(),
        run: format!("{program} --help"),
        code: "MLSENSOR-OPTION".to_owned(),
    }
}
