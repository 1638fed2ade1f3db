//! The field of view as a picture.
//!
//! # Guarantees
//! * To scale: a view unit is one unit of the drawing across, and three quarters of one down, as the picture is 4:3.
//!   `data-bounds` of each face has its edges as the sensor gave them.
//! * A face that faces the sensor differs from one that does not by more than its colour: it is filled and has eyes,
//!   and the other's outline is dashed.
//! * It has a background of its own, so that it looks the same on a dark page and on a light one.
//! * It needs no script, no font file and no style of the page, and nothing of it has an id that could meet another's.

use std::fmt::Write as _;

use mlsensor::person_sensor::FIELD_OF_VIEW_MILLIDEG;
use mlsensor::{Face, Faces};

/// The view: edges go from 0 to 255, both ways.
const WIDTH: f64 = 255.0;
const VIEW_HEIGHT: f64 = WIDTH * DOWN;
/// A view unit down, where one across is 1.
const DOWN: f64 = 0.75;

const PAPER: &str = "#16202c";
const LINES: &str = "#3a4a5c";
const WORDS: &str = "#c3cedb";
/// Of a palette made for all eyes: they differ in brightness too.
const FACING: &str = "#56b4e9";
const AWAY: &str = "#e69f00";

/// How wide a letter of the labels is, at most.
const LETTER: f64 = 4.9;

/// An SVG of the field of view with the faces in it.
pub(super) fn svg(faces: &Faces) -> String {
    let mut svg = format!(
        concat!(
            // The view with a margin, for outlines at its edge, and below it a scale of bearings.
            r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="-4 -4 263 211" width="448" height="359.4" "#,
            r#"role="img" font-family="sans-serif" font-size="8">"#,
            r#"<title>{faces}</title>"#,
            r#"<rect x="-4" y="-4" width="263" height="211" rx="4" fill="{PAPER}"/>"#,
            r#"<path d="M127.5 0V{VIEW_HEIGHT}M0 {middle}H{WIDTH}" stroke="{LINES}" stroke-dasharray="1 3"/>"#,
            r#"<path d="M0 0H{WIDTH}V{VIEW_HEIGHT}H0Z" fill="none" stroke="{LINES}"/>"#,
        ),
        WIDTH = WIDTH,
        VIEW_HEIGHT = VIEW_HEIGHT,
        middle = VIEW_HEIGHT / 2.0,
        PAPER = PAPER,
        LINES = LINES,
        faces = faces,
    );
    bearings(&mut svg);
    if faces.is_empty() {
        let _ = write!(
            svg,
            r#"<text x="127.5" y="88" text-anchor="middle" font-size="12" fill="{WORDS}">nobody</text>"#
        );
    }
    // The largest first: a smaller one is in front of it.
    let mut drawn: Vec<&Face> = faces.iter().collect();
    drawn.sort_by_key(|face| std::cmp::Reverse(face.bounds().area()));
    for face in drawn {
        shape(&mut svg, face);
    }
    // Words above all shapes.
    for face in faces {
        label(&mut svg, face);
    }
    svg.push_str("</svg>");
    svg
}

/// The scale of bearings: its ends and its middle.
fn bearings(svg: &mut String) {
    let half = FIELD_OF_VIEW_MILLIDEG / 2000;
    let marks =
        [(0, "start", -half, " (sensor's left)"), (127, "middle", 0, ""), (255, "end", half, " (right)")];
    for (x, anchor, degrees, side) in marks {
        let sign = if degrees < 0 { "\u{2212}" } else { "" };
        let degrees = degrees.abs();
        let _ = write!(
            svg,
            r#"<text x="{x}" y="202" text-anchor="{anchor}" fill="{WORDS}">{sign}{degrees}°{side}</text>"#
        );
    }
}

const fn colour(face: &Face) -> &'static str {
    if face.is_facing() { FACING } else { AWAY }
}

fn shape(svg: &mut String, face: &Face) {
    let bounds = face.bounds();
    let (left, top) = (f64::from(bounds.left()), f64::from(bounds.top()) * DOWN);
    let (width, height) = (f64::from(bounds.width()), f64::from(bounds.height()) * DOWN);
    let (colour, is_facing) = (colour(face), face.is_facing());
    let (fill, dashes) = if is_facing { ("0.35", "") } else { ("0.08", r#" stroke-dasharray="4 3""#) };
    let edges = [bounds.left(), bounds.top(), bounds.right(), bounds.bottom()].map(|edge| edge.to_string());
    // A path: a rectangle without width would not be drawn at all.
    let _ = write!(
        svg,
        concat!(
            r#"<path data-bounds="{edges}" data-facing="{is_facing}" d="M{left} {top}h{width}v{height}h-{width}Z" "#,
            r#"fill="{colour}" fill-opacity="{fill}" stroke="{colour}" stroke-width="1.5" stroke-linejoin="round" "#,
            r#"stroke-linecap="round"{dashes}><title>{face}</title></path>"#,
        ),
        edges = edges.join(" "),
        is_facing = is_facing,
        left = left,
        top = top,
        width = width,
        height = height,
        colour = colour,
        fill = fill,
        dashes = dashes,
        face = face,
    );
    if is_facing {
        let (y, radius) = (top + height * 0.4, (width.min(height) * 0.09).max(0.6));
        for x in [left + width * 0.3, left + width * 0.7] {
            let _ = write!(svg, r#"<circle cx="{x:.2}" cy="{y:.2}" r="{radius:.2}" fill="{colour}"/>"#);
        }
    }
}

/// The confidence and the label, above the face if there is room, else in it; never out of the picture.
fn label(svg: &mut String, face: &Face) {
    let bounds = face.bounds();
    let mut words = format!("{} %", face.confidence());
    if let Some(identity) = face.identity() {
        let _ = write!(words, " \u{b7} {identity}");
    }
    let fits = f64::from(bounds.left()) + words.chars().count() as f64 * LETTER <= WIDTH;
    let (anchor, x) = if fits { ("start", bounds.left().max(2)) } else { ("end", bounds.right().min(253)) };
    let top = f64::from(bounds.top()) * DOWN;
    let y = if top >= 11.0 { top - 3.0 } else { top + 9.0 };
    // First an outline in the colour of the paper, to be legible in front of another face. (`paint-order` would do it in
    // one, but not every program that converts notebooks knows it.)
    let outline = format!(r#"stroke="{PAPER}" stroke-width="2" stroke-linejoin="round" aria-hidden="true""#);
    for paint in [outline, format!(r#"fill="{}""#, colour(face))] {
        let _ = write!(svg, r#"<text x="{x}" y="{y:.2}" text-anchor="{anchor}" {paint}>{words}</text>"#);
    }
}
