//! `mlsensor import`: the trace of a logic analyser as a recording.

use std::io::Write as _;

use crate::Report;
use crate::command_line::{Failure, exit};
use crate::recording::{Header, ImportOptions, import};
use crate::source::{quoted, read_file, unreadable};
use clap::Args;

use crate::command::events::Recorded;
use crate::command::output::OutputArgs;
use crate::command::target::{Target, TargetArgs};

/// Turns the trace of a logic analyser into a recording.
#[derive(Debug, Args)]
#[command(after_help = include_str!("import.help.txt"))]
pub(crate) struct Arguments {
    /// The file that the analyser's software exported
    file: String,
    #[command(flatten)]
    target: TargetArgs,
    /// Samples a second, in hertz: sigrok and PulseView number samples, and do not tell times
    #[arg(long, value_name = "HZ", value_parser = clap::value_parser!(u64).range(1..))]
    sample_rate: Option<u64>,
    /// Take what this decoder or analyzer saw alone, as the file calls it
    #[arg(long, value_name = "NAME")]
    only: Option<String>,
    /// The addresses in the file have the direction as their lowest bit: C4 and C5 are 0x62
    #[arg(long)]
    eight_bit: bool,
    #[command(flatten)]
    format: OutputArgs,
}

/// A decoder's export is far from this long: of a minute on a busy bus it has some megabytes.
const LONGEST: u64 = 256 << 20;

pub(crate) fn run(arguments: &Arguments) -> Result<u8, Failure> {
    let file = &arguments.file;
    let bytes = read_file(file, LONGEST)
        .map_err(|error| unreadable("trace", file, "the path is wrong".to_owned(), &error))?;
    let options = ImportOptions {
        sample_rate_hz: arguments.sample_rate,
        only: arguments.only.clone(),
        eight_bit_addresses: arguments.eight_bit,
    };
    // Whoever exported it may have another encoding for what is not ASCII, which is nothing that counts.
    let text = String::from_utf8(bytes)
        .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).replace("I\u{FFFD}C", "I²C"));
    let imported = import(&text, &options).map_err(|error| Report {
        what: format!("cannot import {file}: {error}"),
        likely: error.likely.to_owned(),
        run: match error.line {
            Some(line) => format!("sed -n {line}p {}", quoted(file)),
            None => "mlsensor import --help".to_owned(),
        },
        code: "MLSENSOR-IMPORT".to_owned(),
    })?;
    if imported.recording.transfers.is_empty() {
        return Err(Failure::from(Report {
            what: format!("cannot import {file}: it holds no transfer"),
            likely: "the decoder saw none: its two lines are swapped, or the trace begins too late"
                .to_owned(),
            run: format!("head {}", quoted(file)),
            code: "MLSENSOR-IMPORT".to_owned(),
        }));
    }
    let header = Header { source: format!("{file}, {}", imported.format), begun: None };
    let recording = imported.recording.to_string();
    let (_, lines) = recording.split_once('\n').unwrap_or_default();
    let mut target = Target::create(&arguments.target)?;
    let text = format!("{header}{lines}");
    let written =
        target.keep().and_then(|()| target.write_all(text.as_bytes())).and_then(|()| target.flush());
    written.map_err(|error| target.place().failure(error))?;
    let mut about = format!("from {}", imported.format);
    if imported.left_out > 0 {
        about += &format!("; {} that the trace shows in part alone left out", imported.left_out);
    }
    let transfers = imported.recording.transfers.len() as u64;
    let output = if target.place().is_standard_output() {
        arguments.format.open().on_standard_error()
    } else {
        arguments.format.open()
    };
    output.event(&Recorded { file: target.place().name(), transfers, about })?;
    Ok(exit::SUCCESS)
}
