//! What the programs share: a sensor that is read when a reading is due, whatever the bus does, and a log for people.

#![no_std]

mod log;
mod reader;

pub use log::Log;
pub use reader::{Reader, Reading, Trouble, now};

// A panic halts the chip. `fan` has a watchdog, which then resets it, and that turns all pins off.
use panic_halt as _;

#[cfg(feature = "defmt")]
use defmt_rtt as _;
