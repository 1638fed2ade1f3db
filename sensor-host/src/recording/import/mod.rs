//! Traces of logic analysers as recordings.
//!
//! An analyser's software decodes what it saw on SCL and SDA, and exports that as text; what is imported is that text:
//! * sigrok: `sigrok-cli -P i2c ... -A i2c --protocol-decoder-samplenum`, and PulseView's "Export annotations";
//! * PulseView: the CSV of its "Tabular Decoder Output View";
//! * Saleae Logic 2: the CSV of "Export Table";
//! * Saleae Logic 1, and "Export to TXT/CSV" of one analyzer of Logic 2.
//!
//! # Guarantees
//! * Total: any text gives a recording, or an error with the number of the line.
//! * A transaction that the trace shows in part, at its begin or its end, is left out and counted, never made up.

mod assembler;
mod pulseview;
mod saleae;
mod saleae_bytes;
mod sigrok;
mod table;

use std::fmt;

use mlsensor_sim::Recording;

use assembler::Assembler;
use table::Table;

/// What the text itself does not tell. `Default` tells nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ImportOptions {
    /// Samples a second, in hertz: sigrok and PulseView number samples, and do not tell times.
    pub sample_rate_hz: Option<u64>,
    /// Take what this decoder or analyzer saw alone, by the name that the trace calls it: `i2c-1`, `I2C`.
    pub only: Option<String>,
    /// The addresses in the trace have the direction as their lowest bit: 0xC4 and 0xC5 are 0x62.
    pub eight_bit_addresses: bool,
}

impl ImportOptions {
    /// These options with a sample rate, in hertz.
    #[must_use]
    pub const fn with_sample_rate_hz(mut self, sample_rate_hz: u64) -> ImportOptions {
        self.sample_rate_hz = Some(sample_rate_hz);
        self
    }

    /// These options for one decoder or analyzer alone.
    #[must_use]
    pub fn with_only(mut self, name: &str) -> ImportOptions {
        self.only = Some(name.to_owned());
        self
    }

    /// These options for addresses that have the direction as their lowest bit.
    #[must_use]
    pub const fn with_eight_bit_addresses(mut self) -> ImportOptions {
        self.eight_bit_addresses = true;
        self
    }
}

/// What kind of export a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Format {
    /// Lines of annotations, of sigrok-cli or PulseView.
    SigrokAnnotations,
    /// The table of PulseView's tabular decoder output view.
    PulseViewTable,
    /// The data table of Saleae Logic 2.
    SaleaeTable,
    /// A row a byte, of Saleae Logic 1, or of one analyzer in Logic 2.
    SaleaeBytes,
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Format::SigrokAnnotations => "annotations of sigrok",
            Format::PulseViewTable => "table of PulseView",
            Format::SaleaeTable => "table of Saleae Logic 2",
            Format::SaleaeBytes => "bytes of a Saleae analyzer",
        })
    }
}

/// A trace that was imported.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Imported {
    /// What went over the bus. Times are those of the trace; if that begins before zero, its first transaction is at zero.
    pub recording: Recording,
    /// What kind of export it was.
    pub format: Format,
    /// Transactions that were left out, because the trace shows a part of them alone: 0 to 2.
    pub left_out: u8,
}

/// Reads a trace.
///
/// ```
/// use mlsensor_host::recording::{ImportOptions, import};
///
/// let trace = "\
/// 1000-1000 i2c-1: Start
/// 1008-1078 i2c-1: Address write: 62
/// 1088-1098 i2c-1: ACK
/// 1098-1178 i2c-1: Data write: 01
/// 1178-1188 i2c-1: ACK
/// 1188-1268 i2c-1: Data write: 00
/// 1268-1278 i2c-1: ACK
/// 1283-1283 i2c-1: Stop
/// ";
/// let imported = import(trace, &ImportOptions::default().with_sample_rate_hz(1_000_000))?;
/// assert_eq!(imported.recording.transfers[0].to_string(), "0.001000 62 w 01 00 # mode = standby");
/// # Ok::<(), mlsensor_host::recording::ImportError>(())
/// ```
///
/// # Errors
/// The first line that is not as its format has it, or what the options have to tell.
pub fn import(text: &str, options: &ImportOptions) -> Result<Imported, ImportError> {
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    let mut assembler = Assembler::new(options.eight_bit_addresses);
    let format = match Table::find(text) {
        Some((Format::PulseViewTable, table)) => pulseview::read(table, options, &mut assembler)?,
        Some((Format::SaleaeTable, table)) => saleae::read(table, options, &mut assembler)?,
        Some((_, table)) => saleae_bytes::read(table, &mut assembler)?,
        None => sigrok::read(text, options, &mut assembler)?,
    };
    let (recording, left_out) = assembler.finish();
    Ok(Imported { recording, format, left_out })
}

/// Why a text was not imported.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ImportError {
    /// The line's number, from 1; `None` if it is not about a line.
    pub line: Option<u64>,
    /// What is wrong.
    pub what: String,
    /// What is the likeliest cause, or helps.
    pub likely: &'static str,
}

impl ImportError {
    fn at(line: u64, what: impl Into<String>, likely: &'static str) -> ImportError {
        ImportError { line: Some(line), what: what.into(), likely }
    }
}

impl fmt::Display for ImportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "line {line}: {}", self.what),
            None => f.write_str(&self.what),
        }
    }
}

impl std::error::Error for ImportError {}

/// Of several decoders or analyzers in one trace, the one that is wanted.
#[derive(Debug)]
struct Only<'a> {
    wanted: Option<&'a str>,
    seen: Option<String>,
}

impl Only<'_> {
    fn new(options: &ImportOptions) -> Only<'_> {
        Only { wanted: options.only.as_deref(), seen: None }
    }

    /// Whether a line of this one is wanted.
    fn takes(&mut self, name: &str, line: u64) -> Result<bool, ImportError> {
        if let Some(wanted) = self.wanted {
            return Ok(name == wanted);
        }
        let seen = self.seen.get_or_insert_with(|| name.to_owned());
        if seen == name {
            return Ok(true);
        }
        let what = format!("this is of {name:?}, and what came before is of {seen:?}");
        Err(ImportError::at(
            line,
            what,
            "several decoders are in one file: choose one by its name, with --only",
        ))
    }
}

/// Nanoseconds from samples.
#[derive(Debug, Clone, Copy)]
struct SampleRate(u64);

impl SampleRate {
    fn of(options: &ImportOptions) -> Result<SampleRate, ImportError> {
        let rate = options.sample_rate_hz.filter(|&rate| rate > 0).map(SampleRate);
        rate.ok_or(ImportError {
            line: None,
            what: "this trace numbers samples, and does not tell how many a second has".to_owned(),
            likely: "the sample rate has to be given: --sample-rate 1000000 for 1 MHz",
        })
    }

    fn nanos(self, sample: u64) -> i64 {
        let nanos = u128::from(sample) * 1_000_000_000 / u128::from(self.0);
        i64::try_from(nanos).unwrap_or(i64::MAX)
    }
}
