//! Presence.

use core::time::Duration;

use bare_metal::{byte, bytes, keep};
use mlsensor::Faces;
use mlsensor::behavior::{Gate, Presence, PresenceConfig, PresenceEvent};

fn duration() -> Duration {
    Duration::from_micros(u64::from_le_bytes(bytes()))
}

#[inline(never)]
pub(crate) fn run() {
    keep((Presence::default() == Presence::new(PresenceConfig::WITH_RECOGNITION), PresenceConfig::default()));
    let gate = Gate::OPEN.with_min_confidence(byte()).with_min_width(byte());
    let config = PresenceConfig::DEFAULT.with_arrive_after(duration()).with_leave_after(duration());
    let config = config.with_tolerated_gap(duration()).with_stale_after(duration()).with_gate(gate);
    let mut presence = Presence::new(config);
    while byte() != 0 {
        let reading = Faces::parse(&bytes());
        let event = presence.update(duration(), reading.as_ref().ok());
        keep((event, event.as_ref().map(PresenceEvent::outcome)));
        keep((presence.outcome(), presence.since(), presence.last_seen(), *presence.config()));
    }
}
