//! The field of view drawn with characters, as the sensor sees it: what is at its left is at the left.

use std::fmt;

use mlsensor::behavior::Direction;
use mlsensor::{Bounds, Faces};

use crate::reading::Reading;

/// 38 to 14 characters, which are twice as high as wide, are about 4 to 3, as the sensor's picture is. With what stands
/// below, the smallest terminal holds it, which has 24 lines.
const COLUMNS: usize = 38;
const ROWS: usize = 14;

/// A picture of the field of view. `Display` draws it in a frame.
#[derive(Debug, Clone)]
pub struct Picture {
    cells: [[char; COLUMNS]; ROWS],
}

impl Picture {
    /// An empty room.
    #[must_use]
    pub const fn empty() -> Picture {
        Picture { cells: [[' '; COLUMNS]; ROWS] }
    }

    /// What the sensor reports: boxes that are numbered in the order of the faces, with `#` around those that face
    /// the sensor.
    #[must_use]
    pub fn of(faces: &Faces) -> Picture {
        // The largest last, over the others.
        let mut order: Vec<(usize, &mlsensor::Face)> = faces.iter().enumerate().collect();
        order.sort_by_key(|(_, face)| face.bounds().area());
        order.into_iter().fold(Picture::empty(), |picture, (place, face)| {
            let number = char::from_digit(place as u32 + 1, 10).unwrap_or('?');
            picture.with_box(face.bounds(), if face.is_facing() { '#' } else { '.' }, number)
        })
    }

    /// The same with a box drawn in it, and a sign in its middle.
    #[must_use]
    pub fn with_box(mut self, bounds: Bounds, edge: char, sign: char) -> Picture {
        let (left, right) = (column(bounds.left()), column(bounds.right()));
        let (top, bottom) = (row(bounds.top()), row(bounds.bottom()));
        for (y, line) in self.cells.iter_mut().enumerate().take(bottom + 1).skip(top) {
            let is_level = y == top || y == bottom;
            for (x, cell) in line.iter_mut().enumerate().take(right + 1).skip(left) {
                *cell = if is_level || x == left || x == right { edge } else { ' ' };
            }
        }
        let (x, y) = bounds.center();
        self.cells[row(y)][column(x)] = sign;
        self
    }
}

/// A line a face, by the numbers of the picture: where it is, how far away, and what else the sensor says of it.
fn captions(faces: &Faces) -> String {
    let mut text = String::new();
    for (number, face) in (1..).zip(faces) {
        let bounds = face.bounds();
        let (bearing, elevation) = (bounds.bearing_deg(), bounds.elevation_deg());
        let side = if bearing < 0 { "left" } else { "right" };
        let height = if elevation < 0 { "down" } else { "up" };
        let (bearing, elevation) = (bearing.unsigned_abs(), elevation.unsigned_abs());
        let metres = bounds.distance_mm().map_or(0.0, |mm| f64::from(mm) / 1000.0);
        let facing = if face.is_facing() { "facing" } else { "not facing" };
        let identity = face.identity().map(|identity| format!(", {identity}")).unwrap_or_default();
        let confidence = face.confidence();
        text += &format!(
            "{number}: {bearing:2} degrees {side:<5} {elevation:2} {height:<4}  about {metres:.1} m  \
             {confidence:2} %  {facing}{identity}\n"
        );
    }
    text
}

/// What the sensor reports: the time, the field of view as the sensor sees it, what else there is to say, and a line a
/// face.
#[must_use]
pub fn drawn(reading: &Reading, more: &str) -> String {
    let at = reading.at.as_secs_f64();
    match &reading.faces {
        Ok(faces) => format!("{at:8.3} s\n{}\n{more}{}", Picture::of(faces), captions(faces)),
        Err(trouble) => format!("{at:8.3} s\n{}\n{more}{trouble}\n", Picture::empty()),
    }
}

/// Where a head points: on a scale from 90 degrees left to 90 degrees right, and in words.
#[must_use]
pub fn dial(direction: Direction) -> String {
    let pan = direction.pan_millideg.clamp(-90_000, 90_000) + 90_000;
    let place = pan as usize * (COLUMNS - 1) / 180_000;
    format!("[{:-<place$}*{:-<rest$}] {direction}\n", "", "", rest = COLUMNS - 1 - place)
}

/// 0..=255 on as many characters.
fn column(units: u8) -> usize {
    usize::from(units) * COLUMNS / 256
}

fn row(units: u8) -> usize {
    usize::from(units) * ROWS / 256
}

impl fmt::Display for Picture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let edge = format!("+{}+", "-".repeat(COLUMNS));
        writeln!(f, "{edge}")?;
        for line in &self.cells {
            writeln!(f, "|{}|", line.iter().collect::<String>())?;
        }
        f.write_str(&edge)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reading::Trouble;
    use mlsensor::Face;

    fn lines(picture: &Picture) -> Vec<String> {
        picture.to_string().lines().map(str::to_owned).collect()
    }

    fn face(left: u8, top: u8, right: u8, bottom: u8, is_facing: bool) -> Face {
        Face::new(Bounds::new(left, top, right, bottom).unwrap(), 90, None, is_facing).unwrap()
    }

    #[test]
    fn a_face_is_drawn_where_it_is() {
        let picture = lines(&Picture::of(&Faces::new(&[face(0, 0, 60, 60, true)]).unwrap()));
        assert_eq!(picture[1], format!("|#########{}|", " ".repeat(29)));
        assert_eq!(picture[2], format!("|#   1   #{}|", " ".repeat(29)));
        assert_eq!(picture[5], format!("|{}|", " ".repeat(38)));
        assert_eq!(picture.len(), 16);
    }

    #[test]
    fn the_corners_of_the_view_are_in_the_picture() {
        let picture = lines(&Picture::of(
            &Faces::new(&[face(255, 255, 255, 255, false), face(0, 0, 0, 0, false)]).unwrap(),
        ));
        assert!(picture[1].starts_with("|2 ") && picture[14].ends_with(" 1|"), "{picture:#?}");
    }

    #[test]
    fn a_dial_goes_from_one_side_to_the_other() {
        let line = |pan_millideg| dial(Direction::new(pan_millideg, 0)).split(' ').next().unwrap().to_owned();
        assert_eq!(line(-90_000), format!("[*{}]", "-".repeat(37)));
        assert_eq!(line(200_000), format!("[{}*]", "-".repeat(37)));
        assert_eq!(line(0), format!("[{}*{}]", "-".repeat(18), "-".repeat(19)));
        assert!(dial(Direction::new(-12_500, 3000)).ends_with("] pan -12.5, tilt 3.0 degrees\n"));
    }

    #[test]
    fn a_caption_says_where_a_face_is() {
        let faces = Faces::new(&[face(30, 20, 50, 50, true), face(200, 200, 210, 215, false)]).unwrap();
        let text = captions(&faces);
        let lines: Vec<&str> = text.lines().collect();
        // 255 units are 110 degrees across and 82.5 down: (40 - 127.5) and (127.5 - 35) units off the middle.
        assert_eq!(lines[0], "1: 38 degrees left  30 up    about 1.0 m  90 %  facing");
        assert!(lines[1].starts_with("2: 33 degrees right 26 down  about 2.0 m"), "{}", lines[1]);
    }

    #[test]
    fn a_drawing_says_that_nothing_was_read_and_never_that_nobody_is_there() {
        let faces = Err(Trouble::Packet(mlsensor::PacketError::UndrivenBus));
        let text = drawn(&Reading { at: std::time::Duration::from_millis(1500), faces }, "[*]\n");
        assert!(text.starts_with("   1.500 s\n+--") && text.contains("[*]\nno reading: "), "{text}");
        let faces = Ok(Faces::new(&[face(0, 0, 60, 60, true)]).unwrap());
        assert!(drawn(&Reading { at: std::time::Duration::ZERO, faces }, "").contains("\n1: "));
    }

    #[test]
    fn the_nearer_hides_the_further() {
        let faces = Faces::new(&[face(0, 0, 200, 200, false), face(90, 90, 110, 110, true)]).unwrap();
        let picture = Picture::of(&faces).to_string();
        assert!(picture.contains('1') && !picture.contains('2') && !picture.contains('#'), "{picture}");
    }
}
