//! Lines of annotations, as sigrok-cli prints and PulseView exports them.
//!
//! ```text
//! 1000-1000 i2c-1: Start                           sigrok-cli -A i2c --protocol-decoder-samplenum
//! 1008-1078 i2c-1: Address write: 62
//! 1008-1078 i2c-1: address-write: "Address write: 62" "AW: 62" "62"                      with -l 4
//! 1008-1078 I²C: Address/Data: Address write: 62                   PulseView, Export annotations
//! ```
//! A text that is none of an address, a byte, a START, a STOP or an acknowledgement is passed over if it is one of the
//! decoder's others (single bits, `Read`, `Write`), and an error otherwise. Lines of decoders that are stacked on the one of
//! I2C are passed over.

use mlsensor_sim::Direction;

use super::assembler::{Assembler, Ninth};
use super::{Format, ImportError, ImportOptions, Only, SampleRate};

const NO_ANNOTATION: &str =
    "it is no export that is known, or other decoders are mixed in: see docs/recordings.md";

pub(super) fn read(
    text: &str,
    options: &ImportOptions,
    assembler: &mut Assembler,
) -> Result<Format, ImportError> {
    let mut only = Only::new(options);
    let mut rate = None;
    for (line, number) in text.lines().zip(1..) {
        if line.trim().is_empty() {
            continue;
        }
        let Some(annotation) = Annotation::of(line) else {
            return Err(ImportError::at(number, "this is no annotation of an I2C decoder", NO_ANNOTATION));
        };
        // A decoder on top of this one, such as of an EEPROM, has a name of its own.
        let is_i2c = is_i2c(annotation.decoder);
        if !is_i2c && options.only.as_deref() != Some(annotation.decoder)
            || !only.takes(annotation.decoder, number)?
        {
            continue;
        }
        let Some(sample) = annotation.sample else {
            return Err(ImportError::at(
                number,
                "this annotation has no sample number, and so no time",
                "sigrok-cli was run without --protocol-decoder-samplenum",
            ));
        };
        let rate = match rate {
            Some(rate) => rate,
            None => *rate.insert(SampleRate::of(options)?),
        };
        see(annotation.text, rate.nanos(sample), assembler)
            .map_err(|what| ImportError::at(number, what, NO_ANNOTATION))?;
    }
    Ok(Format::SigrokAnnotations)
}

/// Takes what one annotation of the I2C decoder says.
pub(super) fn see(text: &str, at: i64, assembler: &mut Assembler) -> Result<(), String> {
    match text {
        "Start" | "Start repeat" => return assembler.start(at),
        "Stop" => assembler.stop(),
        "ACK" => assembler.ninth(Ninth::Acknowledged),
        "NACK" => assembler.ninth(Ninth::Refused),
        "0" | "1" | "Read" | "Write" => {}
        _ => {
            let unknown = || format!("{text:?} is no annotation of an I2C decoder");
            let (what, value) = text.rsplit_once(": ").ok_or_else(unknown)?;
            let value = u8::from_str_radix(value, 16)
                .ok()
                .filter(|_| value.len() == 2)
                .ok_or_else(|| format!("{value:?} is no hexadecimal number of two digits"))?;
            return match what {
                "Address read" => assembler.address(value, Direction::Read),
                "Address write" => assembler.address(value, Direction::Write),
                "Data read" | "Data write" => assembler.byte(value),
                _ => Err(unknown()),
            };
        }
    }
    Ok(())
}

/// Whether a decoder of this name is one of I2C: sigrok-cli numbers it, PulseView calls it by its title.
pub(super) fn is_i2c(decoder: &str) -> bool {
    let number = decoder.strip_prefix("i2c-");
    number.is_some_and(|number| number.bytes().all(|digit| digit.is_ascii_digit()))
        || decoder == "I²C"
        || decoder == "i2c"
}

#[derive(Debug)]
struct Annotation<'a> {
    sample: Option<u64>,
    decoder: &'a str,
    text: &'a str,
}

impl<'a> Annotation<'a> {
    fn of(line: &'a str) -> Option<Annotation<'a>> {
        let line = line.trim();
        let (sample, rest) = match line.split_once(' ').map(|(range, rest)| (first_sample(range), rest)) {
            Some((Some(sample), rest)) => (Some(sample), rest),
            _ => (None, line),
        };
        let (decoder, rest) = rest.split_once(": ")?;
        // PulseView's row, and sigrok-cli's class, stand before the text.
        let behind = |row: &&str| {
            rest.trim_start_matches('"').strip_prefix(*row)?.trim_start_matches('"').strip_prefix(": ")
        };
        let rest = ["Address/Data", "Bits", "Warnings"].iter().find_map(behind).unwrap_or(rest);
        let text = match rest.find('"') {
            Some(quote) => rest.get(quote + 1..)?.split('"').next()?,
            None => rest,
        };
        Some(Annotation { sample, decoder: decoder.trim_matches('"'), text })
    }
}

/// The first number of `1008-1078`.
fn first_sample(range: &str) -> Option<u64> {
    let (first, last) = range.split_once('-')?;
    last.parse::<u64>().ok()?;
    first.parse().ok()
}
