//! A picture in a terminal that is painted anew in its place, with the latest events below it.

use std::collections::VecDeque;
use std::io::{self, IsTerminal as _, Write as _};

use terminal_size::{Height, Width, terminal_size};

/// How many events stand below the picture.
const EVENTS: usize = 2;

/// Where a terminal does not say how large it is: most have so many columns and lines, or more.
const USUAL: (u16, u16) = (80, 24);

const BEGIN: &str = "\x1b[2J\x1b[?25l"; // clear all, hide the cursor
const HOME: &str = "\x1b[H";
const END_OF_LINE: &str = "\x1b[K"; // clear the rest of the line
const BELOW: &str = "\x1b[J"; // clear everything below
const END: &str = "\x1b[?25h"; // show the cursor

/// A terminal that shows a picture. Dropped, it leaves the last picture and gives the cursor back.
pub(crate) struct Screen {
    picture: String,
    events: VecDeque<String>,
}

impl Screen {
    /// Takes the terminal; `None` if standard output is none.
    pub(crate) fn of_stdout() -> Option<Screen> {
        let mut out = io::stdout();
        if !out.is_terminal() {
            return None;
        }
        // A terminal that takes nothing is noticed at the first picture.
        let _ = out.write_all(BEGIN.as_bytes());
        Some(Screen { picture: String::new(), events: VecDeque::new() })
    }

    /// Shows a picture instead of the last.
    pub(crate) fn show(&mut self, picture: String) -> io::Result<()> {
        self.picture = picture;
        self.paint()
    }

    /// Shows an event below the picture.
    pub(crate) fn event(&mut self, line: String) -> io::Result<()> {
        self.events.push_back(line);
        if self.events.len() > EVENTS {
            self.events.pop_front();
        }
        self.paint()
    }

    fn paint(&self) -> io::Result<()> {
        let mut out = io::stdout().lock();
        // Anew each time: it may be made larger or smaller.
        let size = terminal_size().map_or(USUAL, |(Width(columns), Height(lines))| (columns, lines));
        out.write_all(painted(&self.picture, &self.events, size).as_bytes())?;
        out.flush()
    }
}

/// What a terminal of so many columns and lines is sent: at once, so that it does not flicker. A line that is too long would
/// wrap, and one too many scroll the picture away.
fn painted(picture: &str, events: &VecDeque<String>, (columns, lines): (u16, u16)) -> String {
    let (columns, lines) = (usize::from(columns).saturating_sub(1), usize::from(lines).saturating_sub(1));
    let mut text = HOME.to_owned();
    for line in fitting(picture, events, lines) {
        text.extend(line.chars().take(columns));
        text.push_str(END_OF_LINE);
        text.push_str("\r\n");
    }
    text + BELOW
}

/// So many lines of a picture with the events below it. Where there is no room for all of them, rows of the picture go in
/// which nothing is drawn, those above last; then the older events; then what stands above.
fn fitting<'a>(picture: &'a str, events: &'a VecDeque<String>, room: usize) -> Vec<&'a str> {
    let mut lines: Vec<&str> = picture.lines().collect();
    let mut count = lines.len() + events.len();
    for place in (0..lines.len()).rev() {
        if count > room && is_empty_row(lines[place]) {
            lines.remove(place);
            count -= 1;
        }
    }
    let older = count.saturating_sub(room).min(events.len().saturating_sub(1));
    lines.extend(events.iter().skip(older).map(String::as_str));
    let above = lines.len().saturating_sub(room);
    lines.split_off(above)
}

fn is_empty_row(line: &str) -> bool {
    let within = line.strip_prefix('|').and_then(|line| line.strip_suffix('|'));
    within.is_some_and(|row| row.trim().is_empty())
}

impl Drop for Screen {
    fn drop(&mut self) {
        let mut out = io::stdout();
        let _ = out.write_all(END.as_bytes()).and_then(|()| out.flush());
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::picture::{dial, drawn};
    use crate::reading::Reading;
    use mlsensor::behavior::Direction;
    use mlsensor::{Bounds, Face, Faces};

    #[test]
    fn a_picture_is_painted_over_the_last_and_no_line_wraps_or_scrolls() {
        let events = VecDeque::from(["x".repeat(100)]);
        let text = painted("ab\nc", &events, USUAL);
        assert_eq!(text, format!("\x1b[Hab\x1b[K\r\nc\x1b[K\r\n{}\x1b[K\r\n\x1b[J", "x".repeat(79)));
        assert_eq!(painted(&"line\n".repeat(30), &events, USUAL).matches("\r\n").count(), 23);
        assert_eq!(painted(&"line\n".repeat(30), &events, (4, 3)), "\x1b[Hlin\x1b[K\r\nxxx\x1b[K\r\n\x1b[J");
        assert_eq!(painted("line", &events, (0, 0)), "\x1b[H\x1b[J");
    }

    /// What is left of a picture of four faces with its dial, and of two events, in so many lines.
    fn left(lines: u16) -> Vec<String> {
        let faces = [[10, 30], [80, 100], [140, 160], [200, 220]].map(|[left, right]| {
            Face::new(Bounds::new(left, 100, right, 130).unwrap(), 90, None, true).unwrap()
        });
        let reading = Reading { at: Duration::from_millis(8123), faces: Ok(Faces::new(&faces).unwrap()) };
        let picture = drawn(&reading, &dial(Direction::new(0, 0)));
        let events = VecDeque::from(["older".to_owned(), "newer".to_owned()]);
        let painted = painted(&picture, &events, (80, lines));
        let lines = painted.trim_start_matches(HOME).trim_end_matches(BELOW).lines();
        lines.map(|line| line.trim_end_matches(END_OF_LINE).to_owned()).collect()
    }

    #[test]
    fn what_is_new_is_seen_on_every_terminal_and_what_says_nothing_goes_first() {
        let (wide, usual, small) = (left(50), left(24), left(15));
        assert_eq!((wide.len(), usual.len(), small.len()), (24, 23, 14));
        for lines in [&wide, &usual] {
            assert_eq!(lines[0], "   8.123 s");
            assert_eq!(lines[lines.len() - 2..], ["older", "newer"]);
        }
        let rows_in = |lines: &[String]| lines.iter().filter(|line| line.starts_with('|')).count();
        assert_eq!([rows_in(&wide), rows_in(&usual), rows_in(&small)], [14, 13, 4]);
        // The dial and four captions, as on the others.
        assert!(small[0].starts_with("   8.123 s") && small.last().unwrap() == "newer", "{small:#?}");
        for begin in ["[---", "1: ", "2: ", "3: ", "4: "] {
            assert_eq!(small.iter().filter(|line| line.starts_with(begin)).count(), 1, "{small:#?}");
        }
        let tiny = left(7);
        assert!(tiny[0].starts_with("[---") && tiny[4].starts_with("4: "), "{tiny:#?}");
        assert_eq!(tiny[5], "newer");
        assert_eq!(left(2), ["newer"]);
    }
}
