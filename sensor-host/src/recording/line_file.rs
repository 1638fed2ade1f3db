//! A file that holds whole lines.

use std::fs::File;
use std::io::{self, Seek as _, SeekFrom, Write};

/// A file in which each write is there as a whole or not at all: what a full disk took a part of is taken back. A pipe or a device
/// cannot take anything back.
#[derive(Debug)]
pub struct LineFile {
    file: File,
    /// Where the latest whole write ended; `None` for what is no plain file.
    end: Option<u64>,
}

impl LineFile {
    /// Writes to this file from where it stands.
    ///
    /// # Errors
    /// If the system cannot tell what it is.
    pub fn new(mut file: File) -> io::Result<LineFile> {
        let end = if file.metadata()?.is_file() { Some(file.stream_position()?) } else { None };
        Ok(LineFile { file, end })
    }

    /// Removes what is in it, and what was in it before. What is no plain file stays as it is.
    ///
    /// # Errors
    /// If the system refuses it.
    pub fn begin_anew(&mut self) -> io::Result<()> {
        self.end = self.end.map(|_| 0);
        self.cut()
    }

    fn cut(&mut self) -> io::Result<()> {
        let Some(end) = self.end else { return Ok(()) };
        self.file.set_len(end)?;
        self.file.seek(SeekFrom::Start(end)).map(|_| ())
    }
}

impl Write for LineFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if let Err(error) = self.file.write_all(bytes) {
            // Where this fails too, the last line has no end, and who reads it leaves it out.
            let _ = self.cut();
            return Err(error);
        }
        self.end = self.end.map(|end| end + bytes.len() as u64);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}
