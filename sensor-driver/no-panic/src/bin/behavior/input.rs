//! Readings and times of which the compiler knows nothing.

use core::time::Duration;

use bare_metal::{byte, bytes};
use mlsensor::Faces;

/// Any moment, before or after the last one.
pub(crate) fn time() -> Duration {
    Duration::from_nanos(u64::from_le_bytes(bytes()))
}

/// Any number.
pub(crate) fn number() -> i32 {
    i32::from_le_bytes(bytes())
}

/// Any reading, or none.
pub(crate) fn reading() -> Option<Faces> {
    if byte() == 0 { None } else { Faces::parse(&bytes()).ok() }
}
