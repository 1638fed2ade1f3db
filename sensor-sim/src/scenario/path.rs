//! The path of a person: points in the words of the file, each saying what is new.

use alloc::borrow::ToOwned;
use alloc::format;
use alloc::vec::Vec;

use serde::Deserialize;
use toml::Spanned;

use super::Wrong;
use super::limits::{time, within};
use crate::scene::thousandths;
use crate::{KeyPoint, Person, Walk};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Point {
    at_s: Spanned<f64>,
    distance_m: Option<Spanned<f64>>,
    bearing_deg: Option<Spanned<f64>>,
    right_m: Option<Spanned<f64>>,
    ahead_m: Option<Spanned<f64>>,
    heading_deg: Option<Spanned<f64>>,
}

/// The walk of this person along a path.
pub(super) fn walk(mut person: Person, path: Spanned<Vec<Spanned<Point>>>) -> Result<Walk, Wrong> {
    let span = path.span();
    let mut place = None;
    let mut points: Vec<KeyPoint> = Vec::new();
    for point in path.into_inner() {
        let span = point.span();
        let point = point.into_inner();
        let at = time("at_s", &point.at_s)?;
        if points.last().is_some_and(|last| last.at > at) {
            let what = "at_s is earlier than that of the point before".to_owned();
            return Err((Some(point.at_s.span()), what));
        }
        let named = point.named()?;
        let here = named.after(place).map_err(|what| (Some(span), what.to_owned()))?;
        place = Some(here);
        if let Some(heading) = number("heading_deg", &point.heading_deg, -3600.0, 3600.0, "angle")? {
            person.heading_millideg = thousandths(heading);
        }
        points.push(KeyPoint::new(at, here.person(person)));
    }
    if points.is_empty() {
        return Err((Some(span), "a path needs at least one point".to_owned()));
    }
    Ok(Walk::new(points))
}

/// Where somebody stands, in the words of the file.
#[derive(Clone, Copy)]
enum Place {
    Polar { distance_m: f64, bearing_deg: f64 },
    Across { right_m: f64, ahead_m: f64 },
}

impl Place {
    fn person(self, like: Person) -> Person {
        let (right_mm, ahead_mm) = match self {
            Place::Polar { distance_m, bearing_deg } => {
                let there = Person::at(distance_m, bearing_deg);
                (there.right_mm, there.ahead_mm)
            }
            Place::Across { right_m, ahead_m } => (thousandths(right_m), thousandths(ahead_m)),
        };
        Person { right_mm, ahead_mm, ..like }
    }
}

/// What a point says of its place; each number is one that its field may hold.
struct Named {
    distance_m: Option<f64>,
    bearing_deg: Option<f64>,
    right_m: Option<f64>,
    ahead_m: Option<f64>,
}

impl Point {
    fn named(&self) -> Result<Named, Wrong> {
        Ok(Named {
            distance_m: number("distance_m", &self.distance_m, 0.0, 100.0, "length")?,
            bearing_deg: number("bearing_deg", &self.bearing_deg, -180.0, 180.0, "angle")?,
            right_m: number("right_m", &self.right_m, -100.0, 100.0, "length")?,
            ahead_m: number("ahead_m", &self.ahead_m, -100.0, 100.0, "length")?,
        })
    }
}

fn number(
    field: &str,
    value: &Option<Spanned<f64>>,
    least: f64,
    most: f64,
    kind: &str,
) -> Result<Option<f64>, Wrong> {
    let kind = format!("{kind} from {least} to {most}");
    value.as_ref().map(|value| within(field, value, least..=most, &kind)).transpose()
}

impl Named {
    /// The place, with what is left out as it was before.
    fn after(&self, before: Option<Place>) -> Result<Place, &'static str> {
        let polar = self.distance_m.is_some() || self.bearing_deg.is_some();
        let across = self.right_m.is_some() || self.ahead_m.is_some();
        match (polar, across, before) {
            (true, true, _) => Err("distance_m and bearing_deg do not go with right_m and ahead_m"),
            (false, false, Some(before)) => Ok(before),
            (false, false, None) => Err("the first point of a path needs a place"),
            (true, false, before) => {
                let (distance_m, bearing_deg) = match before {
                    Some(Place::Polar { distance_m, bearing_deg }) => (Some(distance_m), bearing_deg),
                    _ => (None, 0.0),
                };
                Ok(Place::Polar {
                    distance_m: self.distance_m.or(distance_m).ok_or("distance_m is missing")?,
                    bearing_deg: self.bearing_deg.unwrap_or(bearing_deg),
                })
            }
            (false, true, before) => {
                let (right_m, ahead_m) = match before {
                    Some(Place::Across { right_m, ahead_m }) => (Some(right_m), Some(ahead_m)),
                    _ => (None, None),
                };
                Ok(Place::Across {
                    right_m: self.right_m.or(right_m).ok_or("right_m is missing")?,
                    ahead_m: self.ahead_m.or(ahead_m).ok_or("ahead_m is missing")?,
                })
            }
        }
    }
}
