//! What the example programs share: where readings come from, what they say, and how errors read.
//!
//! The decision of each example stands in the example itself, but for the fan's, which firmware has too: it is in
//! `mlsensor_example_rules`.

#![forbid(unsafe_code)]

mod commands;
pub mod fan_output;
pub mod head_output;
mod log;
pub mod names;
mod options;
mod pace;
mod people;
pub mod picture;
pub mod program;
mod reader;
mod reading;
mod screen;
pub mod screen_commands;
pub mod seat;
pub mod strangers;
pub mod switch_output;
pub mod words;

/// The program in the project's README is a test.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
struct Readme;
