//! Prints the figures of docs/behavior.md, or writes them there.

use std::process::ExitCode;

use mlsensor_figures::{Page, Row, measure, tables};

const HELP: &str = "\
Measures how well each behaviour does, on the simulator, and prints the tables of docs/behavior.md.

    cargo run -p mlsensor-figures                print them
    cargo run -p mlsensor-figures -- --write     write them into docs/behavior.md

The exit code is 1 if a figure is not what it must be, 2 if the page cannot be written.
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let rows = match arguments.as_slice() {
        [] => {
            let rows = measure();
            print!("{}", tables(&rows));
            rows
        }
        ["--write"] => {
            let rows = measure();
            if let Err(error) = Page::read().and_then(|page| page.write(&rows)) {
                eprintln!("{error}");
                return ExitCode::from(2);
            }
            rows
        }
        _ => {
            print!("{HELP}");
            return if arguments == ["--help"] { ExitCode::SUCCESS } else { ExitCode::from(2) };
        }
    };
    let broken: Vec<&Row> = rows.iter().filter(|row| !row.holds()).collect();
    for row in &broken {
        eprintln!("NOT SO: {row}");
    }
    if broken.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
