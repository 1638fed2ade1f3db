//! The decision that `fan` and `follow --fan` share: on while somebody's attention is had, and how fast.

use std::time::Duration;

use mlsensor::behavior::{Attention, AttentionConfig, AttentionEvent, Look, Tracker};

/// When a fan runs. What cannot see must not keep a fan running, so it is blind sooner than others: after a second.
pub const FAN_ATTENTION: AttentionConfig = AttentionConfig::DEFAULT
    .with_hold(Duration::from_millis(600))
    .with_release(Duration::from_secs(2))
    .with_stale_after(Duration::from_secs(1));

/// The speed while somebody has the attention, in percent, 0 for off: the further away, the faster.
#[must_use]
pub fn speed_percent(attention: &Attention) -> u8 {
    let speed = |look: &Look| (look.distance_mm().unwrap_or(u16::MAX) / 25).clamp(30, 100) as u8;
    attention.look().map_or(0, speed)
}

/// What a fan does, and why, by an attention as [`FAN_ATTENTION`] has it: to be asked after every update of the tracker.
/// Where one look ends and another begins at once, the fan goes on.
pub fn fan_event(
    attention: &mut Attention,
    now: Duration,
    tracker: &Tracker,
) -> Option<(&'static str, &'static str)> {
    match attention.update(now, tracker)? {
        AttentionEvent::Began(_) => Some(("fan on", "faced for 0.6 s")),
        // Whoever is ready to follow begins with the next update.
        AttentionEvent::Ended(_) => match attention.update(now, tracker) {
            Some(AttentionEvent::Began(_)) => None,
            _ => Some(("fan off", "not faced for 2 s")),
        },
        _ => Some(("fan off", "no reading for 1 s")),
    }
}
