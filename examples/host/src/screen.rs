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
    for line in picture.lines().chain(events.iter().map(String::as_str)).take(lines) {
        text.extend(line.chars().take(columns));
        text.push_str(END_OF_LINE);
        text.push_str("\r\n");
    }
    text + BELOW
}

impl Drop for Screen {
    fn drop(&mut self) {
        let mut out = io::stdout();
        let _ = out.write_all(END.as_bytes()).and_then(|()| out.flush());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_painted_over_the_last_and_no_line_wraps_or_scrolls() {
        let events = VecDeque::from(["x".repeat(100)]);
        let text = painted("ab\nc", &events, USUAL);
        assert_eq!(text, format!("\x1b[Hab\x1b[K\r\nc\x1b[K\r\n{}\x1b[K\r\n\x1b[J", "x".repeat(79)));
        assert_eq!(painted(&"line\n".repeat(30), &events, USUAL).matches("\r\n").count(), 23);
        assert_eq!(painted(&"line\n".repeat(30), &events, (4, 3)), "\x1b[Hlin\x1b[K\r\nlin\x1b[K\r\n\x1b[J");
        assert_eq!(painted("line", &events, (0, 0)), "\x1b[H\x1b[J");
    }
}
