//! A scripted scene over virtual time: who walks where, and what happens to the sensor.
//!
//! # Guarantees
//! A timeline is data. What it shows depends on the time asked for alone, in integer arithmetic.

use alloc::{vec, vec::Vec};
use core::time::Duration;

use mlsensor::Command;

use crate::geometry::interpolate;
use crate::scene::Person;

/// Where somebody is at one moment, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct KeyPoint {
    /// The moment, from the start of the timeline.
    pub at: Duration,
    /// The person then.
    pub person: Person,
}

impl KeyPoint {
    /// A person at a moment.
    #[must_use]
    pub const fn new(at: Duration, person: Person) -> KeyPoint {
        KeyPoint { at, person }
    }
}

/// The way of one person: in a straight line from key point to key point, there from the first to the last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Walk {
    points: Vec<KeyPoint>,
}

impl Walk {
    /// A walk through these points, sorted by time.
    #[must_use]
    pub fn new(mut points: Vec<KeyPoint>) -> Walk {
        points.sort_by_key(|point| point.at);
        Walk { points }
    }

    /// The key points, in order of time.
    #[must_use]
    pub fn points(&self) -> &[KeyPoint] {
        &self.points
    }

    /// The person at a moment; `None` before the first key point and after the last.
    #[must_use]
    pub fn at(&self, now: Duration) -> Option<Person> {
        let behind = self.points.partition_point(|point| point.at <= now);
        let from = self.points.get(behind.checked_sub(1)?)?;
        let Some(to) = self.points.get(behind) else {
            return (from.at == now).then_some(from.person);
        };
        let part = micros(now.saturating_sub(from.at));
        let whole = micros(to.at.saturating_sub(from.at));
        let along = |a: i32, b: i32| interpolate(a, b, part, whole);
        Some(Person {
            right_mm: along(from.person.right_mm, to.person.right_mm),
            ahead_mm: along(from.person.ahead_mm, to.person.ahead_mm),
            eye_height_mm: along(from.person.eye_height_mm, to.person.eye_height_mm),
            heading_millideg: along(from.person.heading_millideg, to.person.heading_millideg),
            ..from.person
        })
    }
}

fn micros(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(u64::MAX)
}

/// Something that is done to the sensor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event {
    /// A command reaches it, as if over the bus.
    Command(Command),
    /// It loses power.
    PowerOff,
    /// It gets power.
    PowerOn,
}

/// A scripted scene.
///
/// ```
/// use core::time::Duration;
/// use mlsensor_sim::{KeyPoint, Person, Timeline, Walk};
///
/// let seconds = Duration::from_secs;
/// let approach = Walk::new(vec![
///     KeyPoint::new(seconds(0), Person::at(4.0, 0.0)),
///     KeyPoint::new(seconds(6), Person::at(1.0, 0.0)),
/// ]);
/// let timeline = Timeline::new(vec![approach]);
/// assert_eq!(timeline.people(seconds(3)).next().map(|person| person.ahead_mm), Some(2500));
/// assert_eq!(timeline.people(seconds(7)).count(), 0);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Timeline {
    /// Everybody's walks.
    pub walks: Vec<Walk>,
    /// The height of the sensor over the floor, in millimetres. 1400 unless changed.
    pub sensor_height_mm: i32,
    /// What happens to the sensor, in order of time.
    pub(crate) events: Vec<(Duration, Event)>,
}

impl Timeline {
    /// A timeline of walks, with the sensor 1.4 m over the floor.
    #[must_use]
    pub fn new(walks: Vec<Walk>) -> Timeline {
        Timeline { walks, sensor_height_mm: 1400, events: vec![] }
    }

    /// The same, and this happens to the sensor.
    #[must_use]
    pub fn with_event(mut self, at: Duration, event: Event) -> Timeline {
        self.events.push((at, event));
        self.events.sort_by_key(|(at, _)| *at);
        self
    }

    /// What happens to the sensor, in order of time.
    #[must_use]
    pub fn events(&self) -> &[(Duration, Event)] {
        &self.events
    }

    /// Who is there at a moment.
    pub fn people(&self, now: Duration) -> impl Iterator<Item = Person> + '_ {
        self.walks.iter().filter_map(move |walk| walk.at(now))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_there_from_their_first_key_point_to_their_last() {
        let ms = Duration::from_millis;
        let turn = Walk::new(vec![
            KeyPoint::new(ms(2000), Person::at(1.0, 0.0).with_heading(90.0)),
            KeyPoint::new(ms(1000), Person::at(1.0, 0.0)),
        ]);
        assert_eq!(turn.at(ms(999)), None);
        assert_eq!(turn.at(ms(1000)).map(|person| person.heading_millideg), Some(0));
        assert_eq!(turn.at(ms(1250)).map(|person| person.heading_millideg), Some(22_500));
        assert_eq!(turn.at(ms(2000)).map(|person| person.heading_millideg), Some(90_000));
        assert_eq!(turn.at(ms(2001)), None);
    }

    #[test]
    fn what_is_scripted_can_be_read_back_in_order_of_time() {
        let ms = Duration::from_millis;
        let point = |at| KeyPoint::new(ms(at), Person::at(1.0, 0.0));
        let timeline = Timeline::new(vec![Walk::new(vec![point(30), point(10), point(20)])])
            .with_event(ms(9), Event::PowerOn)
            .with_event(ms(7), Event::PowerOff);
        assert_eq!(timeline.walks[0].points(), [point(10), point(20), point(30)]);
        assert_eq!(timeline.events(), [(ms(7), Event::PowerOff), (ms(9), Event::PowerOn)]);
    }

    #[test]
    fn two_key_points_at_one_moment_are_a_jump() {
        let at = Duration::from_secs(1);
        let jump = Walk::new(vec![
            KeyPoint::new(Duration::ZERO, Person::at(1.0, 0.0)),
            KeyPoint::new(at, Person::at(2.0, 0.0)),
            KeyPoint::new(at, Person::at(5.0, 0.0)),
            KeyPoint::new(at * 2, Person::at(5.0, 0.0)),
        ]);
        assert_eq!(jump.at(at - Duration::from_micros(1)).map(|person| person.ahead_mm), Some(1999));
        assert_eq!(jump.at(at).map(|person| person.ahead_mm), Some(5000));
    }
}
