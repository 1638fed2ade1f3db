//! Who stands behind each face: the projection, typed here a second time and in floating point, as an oracle.

use std::time::Duration;

use mlsensor::{Bounds, Face, Faces};
use mlsensor_sim::{Person, SimSensor, Timeline};

/// A capture begins every 140 ms from zero on, and can be read 200 ms later (the simulator's assumptions).
const INFERENCE: Duration = Duration::from_millis(140);

/// Runs a sensor and hands over every new packet, with the moment it was taken and the moment it is read: at the first
/// multiple of `every` after it came up. Packets that are replaced before they are read are not seen.
pub(crate) fn each_packet(
    mut sensor: SimSensor,
    until: Duration,
    every: Duration,
    mut each: impl FnMut(Duration, Duration, &Faces),
) {
    let mut known = 0;
    while sensor.now() < until {
        sensor.advance(every);
        let results = sensor.results();
        if results != known {
            known = results;
            let taken = INFERENCE * u32::try_from(results - 1).unwrap();
            each(taken, sensor.now(), &Faces::parse(sensor.result()).unwrap());
        }
    }
}

/// Bearing and elevation in degrees, and the width of the face in degrees.
fn seen_at(person: &Person, sensor_height_mm: i32) -> [f64; 3] {
    let [right, ahead, up] =
        [person.right_mm, person.ahead_mm, person.eye_height_mm - sensor_height_mm].map(f64::from);
    let away = right.hypot(ahead);
    let width = 2.0 * (75.0 / away.hypot(up)).atan().to_degrees();
    [right.atan2(ahead).to_degrees(), up.atan2(away).to_degrees(), width]
}

fn of_face(bounds: Bounds) -> [f64; 3] {
    let [left, top, right, bottom] =
        [bounds.left(), bounds.top(), bounds.right(), bounds.bottom()].map(f64::from);
    let across = ((left + right) / 2.0 - 127.5) * 110.0 / 255.0;
    let up = -((top + bottom) / 2.0 - 127.5) * 82.5 / 255.0;
    [across, up, (right - left) * 110.0 / 255.0]
}

/// The walk of the person whose face this is in a picture taken at `taken`; `None` for a false face, and if two people
/// are so close together that it might be either's.
pub(crate) fn behind(face: &Face, timeline: &Timeline, taken: Duration) -> Option<usize> {
    let [across, up, width] = of_face(face.bounds());
    let off = |person: &Person| {
        let [there_across, there_up, there_width] = seen_at(person, timeline.sensor_height_mm);
        (across - there_across).abs() + (up - there_up).abs() + (width - there_width).abs() / 2.0
    };
    let people = timeline.walks.iter().enumerate();
    let mut offs: Vec<_> = people.filter_map(|(walk, way)| Some((off(&way.at(taken)?), walk))).collect();
    offs.sort_by(|(a, _), (b, _)| a.total_cmp(b));
    let (nearest, walk) = *offs.first()?;
    let is_clear = offs.get(1).is_none_or(|(next, _)| next - nearest > 1.5);
    // Half of a split face lies a quarter of its width aside, and is half as wide.
    (nearest < 2.5 + width && is_clear).then_some(walk)
}
