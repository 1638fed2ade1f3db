//! The tracker and attention.

use bare_metal::{byte, bytes, keep};
use core::time::Duration;
use mlsensor::Faces;
use mlsensor::behavior::{
    Attention, AttentionConfig, AttentionEvent, Direction, Gate, Look, Track, Tracker, TrackerConfig, View,
};

pub(crate) fn run() {
    let mut tracker = tracker();
    let mut attention = attention();
    for _ in 0..byte() {
        let (now, reading) = (duration(), Faces::parse(&bytes()));
        if byte() == 0 {
            let direction = Direction::new(i32::from_le_bytes(bytes()), i32::from_le_bytes(bytes()));
            let view = View { direction, uncertainty_millideg: u32::from_le_bytes(bytes()) };
            tracker.update_from(now, view, reading.as_ref().ok());
        } else {
            tracker.update(now, reading.as_ref().ok());
        }
        keep((tracker.outcome(), tracker.last_reading(), tracker.config()));
        tracker.tracks().for_each(|one| {
            track(one, now);
            keep(tracker.get(one.id()));
        });
        match attention.update(now, &tracker) {
            Some(AttentionEvent::Began(one) | AttentionEvent::Ended(one)) => look(&one),
            other => keep(other),
        }
        keep((attention.outcome(), attention.look(), attention.config()));
    }
    keep((Tracker::default(), Attention::default()));
}

fn duration() -> Duration {
    Duration::from_micros(u64::from_le_bytes(bytes()))
}

#[inline(never)]
fn tracker() -> Tracker {
    let config = if byte() == 0 { TrackerConfig::WITH_RECOGNITION } else { TrackerConfig::default() };
    let config = config.with_birth_after(duration()).with_tolerated_gap(duration());
    let config = config.with_death_after(duration()).with_stale_after(duration());
    Tracker::new(config.with_gate(Gate::OPEN.with_min_confidence(byte()).with_min_width(byte())))
}

#[inline(never)]
fn attention() -> Attention {
    let config = if byte() == 0 { AttentionConfig::WITH_RECOGNITION } else { AttentionConfig::default() };
    let config = config.with_hold(duration()).with_flicker(duration()).with_release(duration());
    Attention::new(config.with_rearm(duration()).with_stale_after(duration()))
}

#[inline(never)]
fn track(track: &Track, now: Duration) {
    keep((track.id().get(), track.face(), track.bounds(), track.direction(), track.direction_at(now)));
    keep((track.velocity(), track.first_seen(), track.last_seen(), track.age(now)));
    keep((track.is_seen(), track.is_facing(), track.identity()));
}

#[inline(never)]
fn look(look: &Look) {
    keep((look.track(), look.since(), look.last_faced(), look.lasted(), look.bounds()));
    keep((look.direction(), look.distance_mm(), look.identity()));
}
