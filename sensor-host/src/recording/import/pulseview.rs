//! The CSV of PulseView's tabular decoder output view, with commas escaped or fields quoted.
//!
//! ```text
//! Sample,Time,Decoder,Ann Row,Ann Class,Value
//! 1000,1.000 ms,I²C,Address/Data,Start condition,Start
//! 1008,1.008 ms,I²C,Address/Data,Address write,Address write: 62
//! ```
//! Times are of the sample numbers: the times that it shows are rounded.

use super::assembler::Assembler;
use super::table::Table;
use super::{Format, ImportError, ImportOptions, Only, SampleRate, sigrok};

pub(super) fn read(
    mut table: Table<'_>,
    options: &ImportOptions,
    assembler: &mut Assembler,
) -> Result<Format, ImportError> {
    let mut only = Only::new(options);
    let rate = SampleRate::of(options)?;
    while let Some(row) = table.next()? {
        let decoder = row.value("Decoder");
        let is_wanted = options.only.as_deref().is_none_or(|only| only == decoder);
        // A decoder on top of this one, such as of an EEPROM, has a name of its own.
        if !is_wanted
            || options.only.is_none() && !sigrok::is_i2c(decoder)
            || !only.takes(decoder, row.line)?
        {
            continue;
        }
        let sample = row.value("Sample");
        let sample = sample.parse().map_err(|_| row.error(format!("{sample:?} is no sample number")))?;
        sigrok::see(row.value("Value"), rate.nanos(sample), assembler).map_err(|what| row.error(what))?;
    }
    Ok(Format::PulseViewTable)
}
