//! The tables, and the page that holds them.

use std::fmt;
use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use super::Row;

const BEGIN: &str = "<!-- figures: written by `cargo run -p mlsensor-figures -- --write` -->\n";
const END: &str = "<!-- end of figures -->\n";

/// docs/behavior.md.
#[derive(Debug)]
pub struct Page {
    path: PathBuf,
    text: String,
}

/// Why the page cannot be read or written.
#[derive(Debug)]
#[non_exhaustive]
pub enum PageError {
    /// It cannot be read or written.
    Io(PathBuf, std::io::Error),
    /// The two marks are not there, once each and in their order.
    NoMarks(PathBuf),
}

impl fmt::Display for PageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PageError::Io(path, error) => write!(f, "{}: {error}", path.display()),
            PageError::NoMarks(path) => {
                write!(f, "{} must hold these two lines, once:\n{BEGIN}{END}", path.display())
            }
        }
    }
}

impl std::error::Error for PageError {}

impl Page {
    /// Reads it.
    ///
    /// # Errors
    /// If it is not there.
    pub fn read() -> Result<Page, PageError> {
        let path = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/behavior.md"));
        match fs::read_to_string(&path) {
            Ok(text) => Ok(Page { path, text }),
            Err(error) => Err(PageError::Io(path, error)),
        }
    }

    /// The parts before, between and behind the marks.
    fn parts(&self) -> Result<[&str; 3], PageError> {
        let no_marks = || PageError::NoMarks(self.path.clone());
        let (before, rest) = self.text.split_once(BEGIN).ok_or_else(no_marks)?;
        let (figures, behind) = rest.split_once(END).ok_or_else(no_marks)?;
        if behind.contains(BEGIN) { Err(no_marks()) } else { Ok([before, figures, behind]) }
    }

    /// All of it.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The figures that it holds.
    ///
    /// # Errors
    /// If the marks are not there.
    pub fn figures(&self) -> Result<&str, PageError> {
        self.parts().map(|[_, figures, _]| figures)
    }

    /// Puts these figures in.
    ///
    /// # Errors
    /// If the marks are not there, or the file cannot be written.
    pub fn write(&self, rows: &[Row]) -> Result<(), PageError> {
        let [before, _, behind] = self.parts()?;
        let text = [before, BEGIN, &tables(rows), END, behind].concat();
        fs::write(&self.path, text).map_err(|error| PageError::Io(self.path.clone(), error))
    }
}

/// A table for each behaviour, as the page holds them. Figures that differ only in how they were made share a line.
#[must_use]
pub fn tables(rows: &[Row]) -> String {
    let mut text = String::new();
    let mut section = "";
    for line in rows.chunk_by(share_a_line) {
        let Some(row) = line.first() else { continue };
        let Row { behavior, scene, what, because, .. } = row;
        if *behavior != section {
            section = behavior;
            let head = "| Scene | What | Figure | Must be | Because |\n|---|---|---|---|---|\n";
            let _ = write!(text, "\n### {behavior}\n\n{head}");
        }
        let figures: Vec<String> = line.iter().map(figure).collect();
        let (figures, bound) = (figures.join("; "), row.shown_bound());
        let _ = writeln!(text, "| {scene} | {what} | {figures} | {bound} | {because} |");
    }
    text.push('\n');
    text
}

fn share_a_line(one: &Row, other: &Row) -> bool {
    let key = |row: &Row| (row.behavior, row.scene, row.what, row.unit, row.bound, row.because);
    key(one) == key(other)
}

/// "100 ms: 1.9°", or the figure alone.
fn figure(row: &Row) -> String {
    if row.how.is_empty() { row.shown() } else { format!("{}: {}", row.how, row.shown()) }
}
