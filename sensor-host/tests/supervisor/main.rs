//! Does the supervisor keep its word on a simulated sensor, whatever befalls it? In virtual time.

#[cfg(feature = "tokio")]
mod asynch;
mod bench;
mod cases;
mod decisions;
mod drive;
#[cfg(target_os = "linux")]
mod kernel;
mod pauses;
mod properties;
mod shells;
