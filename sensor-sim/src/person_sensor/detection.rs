//! From what is in the picture to what the sensor reports of it: misses, confidence, facing, false faces.
//!
//! # Guarantees
//! Seeded and in integers: the same views, rates, seed and number of the inference give the same faces on
//! every machine. Every rate is a field with its source, or the word "assumed".

use alloc::vec::Vec;
use core::fmt;

use mlsensor::{Bounds, Face, Identity};

use crate::geometry::interpolate;
use crate::random::Dice;
use crate::scene::View;

/// How well a simulated sensor sees. Rates are in permille of inferences unless the name says otherwise.
///
/// [`Detection::ideal`] sees all and invents nothing; `Default` is like hardware, as far as that is known.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "scenarios", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "scenarios", serde(default, deny_unknown_fields))]
#[non_exhaustive]
pub struct Detection {
    /// Misses of a face that is straight on, at 0, 1, 2, 3, 4, 5 and 6 metres and beyond. Assumed: users call
    /// the sensor dependable to 1-2 m and seldom useful beyond 3-4 m; no rate was ever published.
    pub miss_permille: [u32; 7],
    /// The angle in degrees from which a turned head begins to be missed. Assumed.
    pub turned_from_deg: u32,
    /// The angle in degrees at which a turned head is always missed. Assumed.
    pub turned_gone_deg: u32,
    /// How often a turned head is reported as two faces. Users have seen it; the rate is assumed.
    pub split_permille: u32,
    /// The angle in degrees up to which a head is facing. Assumed.
    pub facing_within_deg: u32,
    /// How often is-facing is the wrong way round. Users say that it flickers; the rate is assumed.
    pub facing_flip_permille: u32,
    /// How many inferences in a million begin a burst of a false face. Assumed.
    pub false_burst_per_million: u32,
    /// The fewest and the most inferences that a false face stays. Users: 2-3.
    pub false_burst_inferences: [u32; 2],
    /// By how many view units an edge may be off, either way. Assumed.
    pub jitter_units: u32,
    /// Whether confidence varies as published. If not, it is the published median for the distance.
    pub confidence_varies: bool,
    /// How often a known person is taken for another one. Assumed.
    pub identity_wrong_permille: u32,
    /// How often a known person is not recognised. Assumed.
    pub identity_missed_permille: u32,
    /// The least and the greatest id confidence of a recognised person. Assumed; 67 was captured.
    pub identity_confidence: [u8; 2],
}

impl Default for Detection {
    fn default() -> Self {
        Detection {
            miss_permille: [10, 10, 30, 250, 700, 950, 1000],
            turned_from_deg: 45,
            turned_gone_deg: 90,
            split_permille: 30,
            facing_within_deg: 25,
            facing_flip_permille: 20,
            false_burst_per_million: 200,
            false_burst_inferences: [2, 3],
            jitter_units: 1,
            confidence_varies: true,
            identity_wrong_permille: 20,
            identity_missed_permille: 50,
            identity_confidence: [60, 99],
        }
    }
}

impl Detection {
    /// A sensor that misses nobody, invents nobody and is never wrong: for tests of a program's own logic.
    /// Only what the lens and the head's pose hide is hidden.
    #[must_use]
    pub fn ideal() -> Detection {
        Detection {
            miss_permille: [0; 7],
            split_permille: 0,
            facing_flip_permille: 0,
            false_burst_per_million: 0,
            jitter_units: 0,
            confidence_varies: false,
            identity_wrong_permille: 0,
            identity_missed_permille: 0,
            ..Detection::default()
        }
    }

    /// Looks whether each rate is one: what is out of its range would not do what it says.
    ///
    /// # Errors
    /// The first field that is out of its range.
    pub fn check(&self) -> Result<(), DetectionError> {
        let greatest = [
            ("miss_permille", self.miss_permille.into_iter().max().unwrap_or(0), 1000),
            ("turned_from_deg", self.turned_from_deg, 180),
            ("turned_gone_deg", self.turned_gone_deg, 180),
            ("split_permille", self.split_permille, 1000),
            ("facing_within_deg", self.facing_within_deg, 180),
            ("facing_flip_permille", self.facing_flip_permille, 1000),
            ("false_burst_per_million", self.false_burst_per_million, 1_000_000),
            ("jitter_units", self.jitter_units, 127),
            ("identity_wrong_permille", self.identity_wrong_permille, 1000),
            ("identity_missed_permille", self.identity_missed_permille, 1000),
        ];
        if let Some((field, _, most)) = greatest.into_iter().find(|(_, value, most)| value > most) {
            return Err(DetectionError { field, wrong: Wrong::Above(most) });
        }
        let [fewest, most] = self.false_burst_inferences;
        if fewest == 0 || fewest > most {
            return Err(DetectionError {
                field: "false_burst_inferences",
                wrong: Wrong::NoRange("from 1 on"),
            });
        }
        let [low, high] = self.identity_confidence;
        if low == 0 || low > high || high > 100 {
            return Err(DetectionError {
                field: "identity_confidence",
                wrong: Wrong::NoRange("within 1 to 100"),
            });
        }
        Ok(())
    }

    /// Permille of misses of a straight face at a distance.
    fn missed_at(&self, distance_mm: i32) -> u32 {
        let metres = usize::try_from(distance_mm / 1000).unwrap_or(0);
        let [.., furthest] = self.miss_permille;
        let at = |metres: usize| self.miss_permille.get(metres).copied().unwrap_or(furthest).min(1000) as i32;
        let (near, far) = (at(metres), at(metres.saturating_add(1)));
        let beyond_mm = u64::try_from(distance_mm.rem_euclid(1000)).unwrap_or(0);
        interpolate(near, far, beyond_mm, 1000).unsigned_abs()
    }

    /// Permille of misses through the turn of the head.
    fn missed_turned(&self, turned_millideg: u32) -> u32 {
        let [from, gone] =
            [self.turned_from_deg, self.turned_gone_deg].map(|angle_deg| angle_deg.saturating_mul(1000));
        if turned_millideg >= gone {
            1000
        } else {
            let beyond = u64::from(turned_millideg.saturating_sub(from));
            interpolate(0, 1000, beyond, u64::from(gone.saturating_sub(from))).unsigned_abs()
        }
    }
}

/// A field of a [`Detection`] that is out of its range.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct DetectionError {
    /// The field.
    pub field: &'static str,
    wrong: Wrong,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wrong {
    Above(u32),
    NoRange(&'static str),
}

impl fmt::Display for DetectionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.wrong {
            Wrong::Above(most) => write!(f, "{} is above {most}", self.field),
            Wrong::NoRange(which) => write!(f, "{} is no range {which}", self.field),
        }
    }
}

impl core::error::Error for DetectionError {}

/// Published quartiles of box confidence, permille: least, q1, median, q3, greatest, at 1, 3 and 5 metres.
/// (At 5 m they are higher than at 3 m. That is how they were published.)
const CONFIDENCE: [(i32, [i32; 5]); 3] =
    [(1000, [630, 834, 940, 975, 990]), (3000, [630, 692, 830, 928, 990]), (5000, [630, 744, 859, 938, 990])];

/// Confidence 0..=100 at a distance, for a `rank` of 0..1000 in the published distribution.
fn confidence(distance_mm: i32, rank: u32) -> u8 {
    let [(near_mm, near), (middle_mm, middle), (far_mm, far)] = CONFIDENCE;
    let mm = distance_mm.clamp(near_mm, far_mm);
    let ((from_mm, from), (to_mm, to)) = if mm < middle_mm {
        ((near_mm, near), (middle_mm, middle))
    } else {
        ((middle_mm, middle), (far_mm, far))
    };
    let along = |a: i32, b: i32| {
        interpolate(
            a,
            b,
            u64::from((mm - from_mm).unsigned_abs()),
            u64::from((to_mm - from_mm).unsigned_abs()),
        )
    };
    let quarter = (rank.min(999) / 250) as usize;
    let knot = |i: usize| along(from.get(i).copied().unwrap_or(990), to.get(i).copied().unwrap_or(990));
    let permille = interpolate(knot(quarter), knot(quarter + 1), u64::from(rank % 250), 250);
    ((permille + 5) / 10).clamp(0, 100) as u8
}

/// A face that the sensor believes to see. `who` is the truth behind it: `None` for a false face.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Sighting {
    pub(crate) bounds: Bounds,
    pub(crate) confidence: u8,
    pub(crate) is_facing: bool,
    pub(crate) who: Option<u32>,
}

impl Sighting {
    /// What is reported of it.
    pub(crate) fn face(&self, identity: Option<Identity>) -> Option<Face> {
        Face::new(self.bounds, self.confidence, identity, self.is_facing).ok()
    }

    pub(crate) fn of(face: &Face) -> Sighting {
        let (bounds, confidence) = (face.bounds(), face.confidence());
        Sighting { bounds, confidence, is_facing: face.is_facing(), who: None }
    }
}

/// A false face that stays for some inferences.
#[derive(Debug, Clone, Default)]
pub(crate) struct FalseFace {
    showing: Option<(Sighting, u32)>,
}

impl FalseFace {
    /// The false face of this inference, if there is one.
    fn next(&mut self, detection: &Detection, dice: &mut Dice) -> Option<Sighting> {
        if self.showing.is_none() && dice.per_million(detection.false_burst_per_million) {
            let [fewest, most] = detection.false_burst_inferences;
            let inferences = fewest.saturating_add(dice.below(most.saturating_sub(fewest).saturating_add(1)));
            let (width, left, top) = (8 + dice.below(40), dice.below(200), dice.below(180));
            let (right, bottom) = ((left + width).min(255), (top + width * 4 / 3).min(255));
            let bounds = Bounds::new(left as u8, top as u8, right as u8, bottom as u8).ok()?;
            // The lower half of the published range: a false face is no good face.
            let confidence = confidence(3000, dice.below(500));
            let is_facing = dice.permille(300);
            self.showing = Some((Sighting { bounds, confidence, is_facing, who: None }, inferences));
        }
        let (sighting, left) = self.showing?;
        self.showing = left.checked_sub(1).filter(|&left| left > 0).map(|left| (sighting, left));
        (left > 0).then_some(sighting)
    }
}

/// Looks at the views of one camera frame and leaves what is seen in `sightings`.
pub(crate) fn detect(
    views: impl Iterator<Item = View>,
    detection: &Detection,
    false_face: &mut FalseFace,
    dice: &mut Dice,
    sightings: &mut Vec<Sighting>,
) {
    sightings.clear();
    for view in views {
        let turned = detection.missed_turned(view.turned_millideg);
        let seen = !dice.permille(detection.missed_at(view.distance_mm)) && !dice.permille(turned);
        let rank = if detection.confidence_varies { dice.below(1000) } else { 500 };
        let faces = view.turned_millideg <= detection.facing_within_deg.saturating_mul(1000);
        let is_facing = faces != dice.permille(detection.facing_flip_permille);
        let splits = turned > 0 && dice.permille(detection.split_permille);
        let confidence = confidence(view.distance_mm, rank);
        if !seen {
            continue;
        }
        let mut edge = |at: u8| {
            let jitter = detection.jitter_units.min(127) as i32;
            (i32::from(at) + dice.between(-jitter, jitter)).clamp(0, 255) as u8
        };
        let (left, top) = (edge(view.left), edge(view.top));
        let (right, bottom) = (edge(view.right).max(left), edge(view.bottom).max(top));
        if let Ok(bounds) = Bounds::new(left, top, right, bottom) {
            let who = Some(view.who);
            sightings.push(Sighting { bounds, confidence, is_facing, who });
            if let (true, Ok(bounds)) = (splits, Bounds::new(left, top, left.midpoint(right), bottom)) {
                sightings.push(Sighting { bounds, confidence, is_facing: false, who });
            }
        }
    }
    sightings.extend(false_face.next(detection, dice));
}

#[cfg(test)]
mod tests {
    use mlsensor::behavior::Direction;

    use super::*;
    use crate::scene::{Lens, Person};

    fn look(person: Person, detection: &Detection, inferences: u64) -> Vec<Vec<Sighting>> {
        let view = View::of(&person, 1400, Direction::AHEAD, Lens::Equidistant);
        let mut false_face = FalseFace::default();
        (0..inferences)
            .map(|inference| {
                let mut sightings = Vec::new();
                let mut dice = Dice::new(11, inference);
                detect(view.into_iter(), detection, &mut false_face, &mut dice, &mut sightings);
                sightings
            })
            .collect()
    }

    /// The published quartiles come out of a simulated crowd, to within a point.
    #[test]
    fn confidence_has_the_published_quartiles() {
        let detection = Detection { confidence_varies: true, ..Detection::ideal() };
        for (metres, published) in [(1.0, [83, 94, 97]), (3.0, [69, 83, 93]), (5.0, [74, 86, 94])] {
            let seen = look(Person::at(metres, 0.0), &detection, 20_000);
            let mut drawn: Vec<u8> = seen.iter().flatten().map(|sighting| sighting.confidence).collect();
            drawn.sort_unstable();
            for (quarter, expected) in [5_000, 10_000, 15_000].into_iter().zip(published) {
                assert!(drawn[quarter].abs_diff(expected) <= 1, "{metres} m: {} {expected}", drawn[quarter]);
            }
            assert!(*drawn.first().unwrap() >= 63 && *drawn.last().unwrap() <= 99);
        }
    }

    #[test]
    fn an_ideal_sensor_sees_every_time_what_the_pose_allows() {
        let ideal = Detection::ideal();
        for (heading, sees, faces) in
            [(0.0, true, true), (25.0, true, true), (26.0, true, false), (90.0, false, false)]
        {
            let person = Person::at(2.0, 10.0).with_heading(heading);
            for sightings in look(person, &ideal, 50) {
                assert_eq!(sightings.len(), usize::from(sees), "{heading}");
                assert!(sightings.iter().all(|sighting| sighting.is_facing == faces), "{heading}");
            }
        }
    }

    #[test]
    fn misses_grow_with_distance_as_the_table_says() {
        let detection = Detection { false_burst_per_million: 0, ..Detection::default() };
        let seen = |metres| {
            let looks = look(Person::at(metres, 0.0), &detection, 10_000);
            looks.iter().filter(|sightings| !sightings.is_empty()).count() as i32
        };
        for (metres, expected) in [(1.0, 9_900), (2.0, 9_700), (2.5, 8_600), (3.0, 7_500), (4.0, 3_000)] {
            assert!((seen(metres) - expected).abs() < 150, "{metres} m: {}", seen(metres));
        }
        assert_eq!(seen(6.5), 0);
    }

    #[test]
    fn rates_beyond_certainty_are_certain() {
        let detection = Detection {
            miss_permille: [u32::MAX; 7],
            turned_from_deg: u32::MAX,
            turned_gone_deg: u32::MAX,
            facing_within_deg: u32::MAX,
            jitter_units: u32::MAX,
            ..Detection::default()
        };
        let seen = look(Person::at(1.0, 0.0), &Detection { false_burst_per_million: 0, ..detection }, 1000);
        assert!(seen.iter().all(Vec::is_empty));
    }

    #[test]
    fn false_faces_come_in_bursts_of_two_or_three() {
        let detection = Detection { false_burst_per_million: 5_000, ..Detection::ideal() };
        let behind = Person::at(1.0, 180.0);
        let looks = look(behind, &detection, 50_000);
        let runs: Vec<usize> =
            looks.chunk_by(|a, b| a == b).filter(|run| !run[0].is_empty()).map(<[_]>::len).collect();
        assert!((150..350).contains(&runs.len()), "{} bursts", runs.len());
        assert!(runs.iter().all(|length| (2..=3).contains(length)), "{runs:?}");
        assert!(runs.contains(&2) && runs.contains(&3));
    }
}
