//! What the kernel's GPIO character device makes of calls on `/dev/gpiochip0`, versions 1 and 2 of its interface.
//!
//! # Guarantees
//! * Any call, with any memory behind it, ends in an answer or in the errno that the kernel gives.
//! * A request takes all of its lines or none. A line is free again when its file is closed; an output keeps what it
//!   drives until then and after.
//! * The time of an event is what the clock of the program showed when the level changed: the monotonic one, or the
//!   real-time one where it is asked for.
//! * A level that has to stay for a while (debounce) does so by the same clock.
//!
//! Left out: timestamps by hardware (`EOPNOTSUPP`, as on a kernel without them), and 32-bit programs on a 64-bit
//! machine, whose `gpioevent_data` is four bytes shorter.

mod calls_on_chip;
mod calls_on_lines;
mod chip;
mod flags;
mod line;
mod request;
mod uapi;

use std::time::Duration;

pub use chip::GpioChip;

/// What the chip is called, and its lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChipLayout {
    /// By what programs find the chip: `pinctrl-bcm2711` unless told otherwise, as on a Raspberry Pi 4.
    pub label: String,
    /// The names of the lines, in order: `GPIO0` to `GPIO57` unless told otherwise; 0 to 27 are on the header of a
    /// Raspberry Pi. Names are cut to 31 bytes.
    pub names: Vec<String>,
}

impl Default for ChipLayout {
    fn default() -> Self {
        let names = (0..58).map(|line| format!("GPIO{line}")).collect();
        ChipLayout { label: "pinctrl-bcm2711".to_owned(), names }
    }
}

/// What a file of the chip gives when it is read: records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Queue {
    /// The length of a record in bytes.
    pub record: usize,
    /// So many wait to be read at most.
    pub most: usize,
    /// A read of less than a record is an error before anything waits. Else it is one as soon as there is a record.
    pub is_checked_first: bool,
}

/// What a program has made of an output.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutputChange {
    /// The line.
    pub line: u32,
    /// What the line is called.
    pub name: String,
    /// Whether it is driven high; `None` if it is no longer driven.
    pub level: Option<bool>,
    /// When, by the monotonic clock.
    pub at: Duration,
}
