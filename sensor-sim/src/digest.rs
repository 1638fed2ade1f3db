//! One number for all that a simulated sensor says in a while.

use core::time::Duration;

use crate::SimSensor;

/// A digest of every result that the sensor publishes within `duration`: FNV-1a, 64 bits, over the time of each
/// in nanoseconds (eight bytes, little-endian) and its 39 bytes.
///
/// The same scenario and seed give the same digest on every machine.
#[must_use]
pub fn digest(sensor: &mut SimSensor, duration: Duration) -> u64 {
    let until = sensor.now().saturating_add(duration);
    let mut digest = 0xCBF2_9CE4_8422_2325;
    while let Some(step) = sensor.next_event().filter(|&step| sensor.now().saturating_add(step) <= until) {
        let published = sensor.results();
        sensor.advance(step);
        if sensor.results() != published {
            let time = u64::try_from(sensor.now().as_nanos()).unwrap_or(u64::MAX);
            for byte in time.to_le_bytes().iter().chain(sensor.result()) {
                digest = (digest ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01B3);
            }
        }
    }
    sensor.advance(until.saturating_sub(sensor.now()));
    digest
}
