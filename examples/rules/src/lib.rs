//! What the examples decide and say, on a host and in firmware alike: `no_std`, no memory allocation, time as an argument.
//!
//! A decision that only one program has stands in that program. Here is what programs share: the fan's decision, which
//! the host, a Pico and an emulated processor run, whether a sensor hangs, when it must be set again, how a bus is freed that a sensor holds,
//! how firmware lists its pins, and the words in which they tell what happens, which are the same so that transcripts can
//! be compared line for line.

#![no_std]
#![forbid(unsafe_code)]

pub mod bus;
pub mod counts;
pub mod fan;
mod frozen;
pub mod line;
pub mod pins;
pub mod settings;
pub mod sight;
