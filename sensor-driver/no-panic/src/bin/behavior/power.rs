//! The duty cycle, and the estimate of its current.

use bare_metal::{byte, bytes, keep};
use mlsensor::behavior::{CurrentFigures, Gate, Power, PowerConfig};

use crate::input::{reading, time};

pub(crate) fn run() {
    let config = PowerConfig::DEFAULT
        .with_period(time())
        .with_capture_wait(time())
        .with_read_every(time())
        .with_stay_awake(time())
        .with_glance(time(), time())
        .with_gate(Gate::OPEN.with_min_width(byte()));
    let figures = CurrentFigures::PUBLISHED
        .with_active_ua(u32::from_le_bytes(bytes()))
        .with_standby_ua(u32::from_le_bytes(bytes()))
        .with_shot(time());
    keep(config.estimate_empty_room(&figures));
    let mut power = if byte() == 0 { Power::default() } else { Power::new(config) };
    while byte() != 0 {
        keep((power.step(time()), power.is_awake(), power.mode(), power.shots(), *power.config()));
        power.sent(time(), byte() == 0);
        power.update(time(), reading().as_ref());
        keep(power.estimate(&figures));
    }
}
