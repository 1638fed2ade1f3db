use bare_metal::{byte, keep};
use mlsensor::behavior::{Direction, Gate, Track, Tracker, TrackerConfig, View};

use crate::input::{number, reading, time};

#[inline(never)]
pub(crate) fn run() {
    let gate = Gate::OPEN.with_min_confidence(byte()).with_min_width(byte());
    let config = if byte() == 0 { TrackerConfig::DEFAULT } else { TrackerConfig::WITH_RECOGNITION };
    let config = config.with_birth_after(time()).with_tolerated_gap(time()).with_death_after(time());
    let mut tracker = Tracker::new(config.with_stale_after(time()).with_gate(gate));
    for _ in 0..byte() {
        tracker.update(time(), reading().as_ref());
        let view = View {
            direction: Direction::new(number(), number()),
            uncertainty_millideg: number().unsigned_abs(),
        };
        tracker.update_from(time(), view, reading().as_ref());
        keep((tracker.outcome(), tracker.last_reading(), tracker.last_heard(), *tracker.config()));
        let outcome = tracker.outcome();
        keep((outcome.is_present(), outcome.is_absent(), outcome.is_unknown()));
        for track in tracker.tracks() {
            look(track);
            keep(tracker.get(track.id()));
        }
    }
    if let Some(faces) = reading() {
        gate.admitted(&faces).for_each(|face| keep((face, gate.admits(face))));
    }
}

#[inline(never)]
fn look(track: &Track) {
    keep((track.id().get(), *track.face(), track.bounds(), track.direction(), track.direction_at(time())));
    keep((track.velocity(), track.first_seen(), track.last_seen(), track.age(time())));
    keep((track.is_seen(), track.is_facing(), track.identity()));
}
