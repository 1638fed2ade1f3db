//! What the programs share: a sensor that is read when a reading is due, whatever the bus does, and a log for people.

#![no_std]

mod log;
mod reader;

pub use log::Log;
pub use reader::{Reader, Reading, Trouble, now};

// A panic halts the chip. Where something is driven, the watchdog then resets it, which turns all pins off.
use panic_halt as _;

#[cfg(feature = "defmt")]
use defmt_rtt as _;
