//! What the programs share that are run and counted: a machine, a bus, packets, and the loop that reads them.
//!
//! What is counted is the call of [`run::measured`]: from its first instruction to its return, the bus included. Every
//! driver gets the same bus and the same packets, and its result is kept whole.
#![no_std]

pub mod bus;
pub mod machine;
pub mod packets;
pub mod run;
