//! What the programs for emulated processors share: how they start and end, the way to the simulated sensor, and what
//! the fan and the program for faults do besides reading, which is the same whether reading blocks or is awaited.

#![no_std]

mod board;
mod faults;
mod files;
mod print;
mod run;

pub use board::entry;
pub use faults::{Failed, Faults};
pub use files::{Files, Host, HostError, connect};
pub use print::{print, print_with};
pub use run::Run;

use semihosting::{eprintln, process};

/// Ends the emulator: with 0, or with 1 after the error was printed. (A panic prints itself and ends it with 101.)
pub fn end<E: core::fmt::Display>(outcome: Result<(), E>) -> ! {
    match outcome {
        Ok(()) => process::exit(0),
        Err(error) => {
            eprintln!("error: {error}");
            process::exit(1)
        }
    }
}
