//! Who stands where: people in metres and degrees, and the lens that projects them to view units.
//!
//! # Guarantees
//! Floating point occurs in arguments alone. What is kept are whole millimetres and thousandths of a degree, and
//! the projection is in integers: the same scene gives the same view on every machine.

use alloc::vec::Vec;

use mlsensor::behavior::Direction;

use crate::geometry::{angle_millideg, length_mm, polar_mm, round_div, seen_from, wrap_millideg};
use crate::person_sensor::one_of;

/// A face is about this wide. (Users: a face 30 to 35 units wide is 0.6 m away; 14 degrees there is 0.15 m.)
const FACE_WIDTH_MM: i32 = 150;

/// A face is about this high. (Captured: 25 units wide and 42 high, where 3:4 units are square.)
const FACE_HEIGHT_MM: i32 = 190;

/// Half of the field of view across, in thousandths of a degree (Guide: 110 degrees).
const HALF_FIELD_ACROSS: i32 = 55_000;

/// Half of the field of view down, derived: the picture is 4:3.
const HALF_FIELD_DOWN: i32 = 41_250;

/// Somebody in front of the sensor.
///
/// ```
/// use mlsensor_sim::Person;
///
/// let passer_by = Person::at(2.5, -20.0).with_heading(80.0); // to the sensor's left, in profile
/// let owner = Person::at(0.8, 0.0).with_eye_height(1.2).known_as(1); // sits at the desk
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Person {
    /// How far to the right of straight ahead, seen from the sensor, in millimetres; negative is left.
    pub right_mm: i32,
    /// How far straight ahead of the sensor, in millimetres. (Where its lens axis points, unless it was
    /// [turned](crate::SimSensor::point).)
    pub ahead_mm: i32,
    /// The height of the eyes over the floor, in millimetres.
    pub eye_height_mm: i32,
    /// How far the head is turned from the sensor, in thousandths of a degree: 0 faces it, 90000 is a
    /// profile, 180000 the back of the head. To which side makes no difference.
    pub heading_millideg: i32,
    /// Who it is. The sensor never learns this; it decides which faces are one and the same person's.
    pub who: u32,
}

impl Person {
    /// Somebody at this distance in metres and bearing in degrees (negative is the sensor's left, 180 is behind it),
    /// with eyes 1.6 m over the floor, facing the sensor. What is no number is taken for 0.
    ///
    /// To recognition all who are made so are one and the same person: tell them apart with
    /// [`known_as`](Person::known_as).
    #[must_use]
    pub fn at(distance_m: f64, bearing_deg: f64) -> Person {
        let bearing_millideg = wrap_millideg(thousandths(bearing_deg % 360.0).into());
        let (ahead_mm, right_mm) = polar_mm(thousandths(distance_m), bearing_millideg);
        Person { right_mm, ahead_mm, eye_height_mm: 1600, heading_millideg: 0, who: 0 }
    }

    /// The same, with the head turned this many degrees from the sensor.
    #[must_use]
    pub fn with_heading(self, heading_deg: f64) -> Person {
        Person { heading_millideg: thousandths(heading_deg), ..self }
    }

    /// The same, with eyes this many metres over the floor.
    #[must_use]
    pub fn with_eye_height(self, eye_height_m: f64) -> Person {
        Person { eye_height_mm: thousandths(eye_height_m), ..self }
    }

    /// The same, as a person that can be told from others by recognition.
    #[must_use]
    pub fn known_as(self, who: u32) -> Person {
        Person { who, ..self }
    }
}

/// To whole thousandths, halves away from zero; what does not fit is clamped, what is no number is 0.
pub(crate) fn thousandths(value: f64) -> i32 {
    let scaled = value * 1000.0;
    (if scaled < 0.0 { scaled - 0.5 } else { scaled + 0.5 }) as i32
}

/// Everybody in front of a sensor, at one moment.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Scene {
    /// Who is there, in any number and order.
    pub people: Vec<Person>,
    /// The height of the sensor over the floor, in millimetres. 1400 unless changed.
    pub sensor_height_mm: i32,
}

impl Scene {
    /// A room with nobody in it.
    #[must_use]
    pub const fn empty() -> Scene {
        Scene { people: Vec::new(), sensor_height_mm: 1400 }
    }
}

impl Default for Scene {
    fn default() -> Self {
        Scene::empty()
    }
}

impl<const N: usize> From<[Person; N]> for Scene {
    fn from(people: [Person; N]) -> Self {
        Scene { people: people.into(), ..Scene::empty() }
    }
}

impl From<Vec<Person>> for Scene {
    fn from(people: Vec<Person>) -> Self {
        Scene { people, ..Scene::empty() }
    }
}

/// How the lens maps angles to the picture. The vendor has not said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Lens {
    /// Equal angles are equal lengths in the picture.
    Equidistant,
    /// Straight lines stay straight, as in a pinhole camera.
    Rectilinear,
}

one_of!(Lens { Equidistant, Rectilinear });

impl Lens {
    /// View units times 1000 off the axis, for an angle within a half field that is 127.5 units wide.
    fn project(self, millideg: i32, half_field: i32) -> i32 {
        let share = match self {
            Lens::Equidistant => (i64::from(millideg), i64::from(half_field)),
            Lens::Rectilinear => {
                // tan(angle) / tan(half field); beyond 80 degrees everything is far outside.
                let tan = |angle| {
                    let (cos, sin) = polar_mm(1_000_000, angle);
                    i64::from(sin) * 1_000_000 / i64::from(cos).max(1)
                };
                (tan(millideg.clamp(-80_000, 80_000)), tan(half_field))
            }
        };
        round_div(share.0 * 127_500, share.1) as i32
    }
}

/// Where a face falls in the picture, before the sensor has looked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct View {
    pub(crate) left: u8,
    pub(crate) top: u8,
    pub(crate) right: u8,
    pub(crate) bottom: u8,
    pub(crate) distance_mm: i32,
    /// How far the head is turned from the sensor, 0..=180000 thousandths of a degree.
    pub(crate) turned_millideg: u32,
    pub(crate) who: u32,
}

impl View {
    /// Projects a person for a sensor that looks in this direction; `None` if less than half of the face is in the
    /// picture.
    pub(crate) fn of(
        person: &Person,
        sensor_height_mm: i32,
        direction: Direction,
        lens: Lens,
    ) -> Option<View> {
        let distance_mm = length_mm(person.ahead_mm, person.right_mm).max(1);
        let bearing = angle_millideg(person.ahead_mm, person.right_mm);
        let above_mm = person.eye_height_mm.saturating_sub(sensor_height_mm);
        let elevation = angle_millideg(distance_mm, above_mm);
        let (bearing, elevation) = seen_from(direction, bearing, elevation);
        let line_of_sight_mm = length_mm(distance_mm, above_mm).max(1);
        let half = |size_mm| angle_millideg(line_of_sight_mm, size_mm / 2);
        let (left, right) = lens.edges(bearing, half(FACE_WIDTH_MM), HALF_FIELD_ACROSS)?;
        // The picture counts downward.
        let (top, bottom) = lens.edges(-elevation, half(FACE_HEIGHT_MM), HALF_FIELD_DOWN)?;
        let turned = person.heading_millideg.unsigned_abs() % 360_000;
        let turned_millideg = turned.min(360_000 - turned);
        Some(View { left, top, right, bottom, distance_mm, turned_millideg, who: person.who })
    }
}

impl Lens {
    /// The two edges of something `half` wide to either side of `middle`, cut to the picture.
    fn edges(self, middle: i32, half: i32, half_field: i32) -> Option<(u8, u8)> {
        if middle.abs() >= half_field {
            return None; // half of it is outside
        }
        let unit = |angle| {
            let off_axis = i64::from(self.project(angle, half_field));
            round_div(127_500 + off_axis, 1000).clamp(0, 255) as u8
        };
        Some((unit(middle - half), unit(middle + half)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn view(person: Person) -> Option<View> {
        View::of(&person, 1400, Direction::AHEAD, Lens::Equidistant)
    }

    #[test]
    fn width_times_distance_is_about_twenty_unit_metres() {
        for distance in [0.6, 1.0, 2.0, 4.0] {
            let seen = view(Person::at(distance, 0.0)).unwrap();
            let product = f64::from(seen.right - seen.left) * distance;
            assert!((18.0..=21.0).contains(&product), "{distance} m: {product}");
        }
    }

    #[test]
    fn a_person_at_a_bearing_is_seen_at_that_bearing() {
        for bearing in -50..=50 {
            let seen = view(Person::at(2.0, f64::from(bearing))).unwrap();
            let middle = (f64::from(seen.left) + f64::from(seen.right)) / 2.0;
            let expected = 127.5 + f64::from(bearing) * 127.5 / 55.0;
            assert!((middle - expected).abs() <= 0.6, "{bearing} degrees: {middle}, not {expected}");
        }
    }

    #[test]
    fn bearings_go_round() {
        for (bearing, same) in [(200.0, -160.0), (270.0, -90.0), (360.0, 0.0), (-350.0, 10.0), (720.0, 0.0)] {
            assert_eq!(Person::at(2.0, bearing), Person::at(2.0, same), "{bearing}");
        }
        assert_eq!(Person::at(2.0, f64::NAN), Person::at(2.0, 0.0));
        assert_eq!(Person::at(2.0, f64::INFINITY), Person::at(2.0, 0.0));
    }

    #[test]
    fn taller_people_are_higher_up_in_the_picture() {
        let tall = view(Person::at(1.0, 0.0).with_eye_height(1.8)).unwrap();
        let small = view(Person::at(1.0, 0.0).with_eye_height(1.0)).unwrap();
        assert!(tall.bottom < 127 && small.top > 127);
    }

    #[test]
    fn outside_the_field_of_view_and_behind_there_is_nothing_to_see() {
        assert_eq!(view(Person::at(1.0, 56.0)), None);
        assert_eq!(view(Person::at(1.0, -120.0)), None);
        assert_eq!(view(Person::at(1.0, 180.0)), None);
        assert_eq!(view(Person::at(0.3, 0.0).with_eye_height(2.5)), None);
        assert!(view(Person::at(1.0, 54.0)).is_some_and(|seen| seen.right == 255));
    }

    #[test]
    fn a_pinhole_lens_pushes_the_middle_inward_and_keeps_the_edge() {
        let person = Person::at(2.0, 27.5);
        let pinhole = View::of(&person, 1400, Direction::AHEAD, Lens::Rectilinear).unwrap();
        let linear = view(person).unwrap();
        let middle = |seen: View| (i32::from(seen.left) + i32::from(seen.right)) / 2;
        assert!(middle(linear) - middle(pinhole) > 15, "{linear:?} {pinhole:?}");
        let edge = View::of(&Person::at(2.0, 54.5), 1400, Direction::AHEAD, Lens::Rectilinear).unwrap();
        assert_eq!(edge.right, 255);
    }

    #[test]
    fn heading_wraps_round() {
        for (heading, turned) in [(0.0, 0), (-30.0, 30_000), (190.0, 170_000), (360.0, 0), (-270.0, 90_000)] {
            let seen = view(Person::at(1.0, 0.0).with_heading(heading)).unwrap();
            assert_eq!(seen.turned_millideg, turned, "{heading}");
        }
    }
}
