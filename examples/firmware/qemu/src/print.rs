//! Lines of a transcript, to the standard output of QEMU.

use core::fmt::{self, Write as _};

use heapless::String;
use mlsensor::{Error, Faces};
use mlsensor_example_rules::line::Line;
use semihosting::io::{self, Write as _};

/// A line, in one call of the host: each one stops the processor.
pub fn print(line: impl fmt::Display) {
    let mut buffer = text::<512>(&line);
    let _ = buffer.push('\n');
    // Nobody is left to be told that nothing can be told.
    let _ = io::stdout().and_then(|mut out| out.write_all(buffer.as_bytes()));
}

/// A line, with what the sensor reported, or why it did not.
pub fn print_with<E: fmt::Debug>(line: Line<'_>, reading: &Result<Faces, Error<E>>) {
    match reading {
        Ok(faces) => print(line.report(faces)),
        Err(error) => print(line.report(&format_args!("no reading: {error}"))),
    }
}

/// As much of it in words as there is room for.
pub fn text<const ROOM: usize>(what: &dyn fmt::Display) -> String<ROOM> {
    let mut text = String::new();
    let _ = write!(text, "{what}");
    text
}
