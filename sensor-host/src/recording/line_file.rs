//! A file that holds whole lines.

use std::fs::{File, Metadata};
use std::io::{self, ErrorKind, Seek as _, SeekFrom, Write};

/// A file in which each write is there as a whole or not at all: what a full disk took a part of is taken back. A pipe or a device
/// cannot take anything back, nor can a file that somebody else has written to meanwhile: of such a write it is told how much
/// was taken.
#[derive(Debug)]
pub struct LineFile {
    file: File,
    /// Where the latest whole write ended; `None` for what is no plain file.
    end: Option<u64>,
}

impl LineFile {
    /// Writes to the end of this file, behind what is in it.
    ///
    /// # Errors
    /// If the system cannot tell what it is.
    pub fn new(mut file: File) -> io::Result<LineFile> {
        // Not where it stands: of one that was opened to append, that is the begin.
        let end = if file.metadata()?.is_file() { Some(file.seek(SeekFrom::End(0))?) } else { None };
        Ok(LineFile { file, end })
    }

    /// Removes what is in it, and what was in it before. What is no plain file stays as it is.
    ///
    /// # Errors
    /// If the system refuses it.
    pub fn begin_anew(&mut self) -> io::Result<()> {
        self.end = self.end.map(|_| 0);
        if self.end.is_some() { self.cut(0) } else { Ok(()) }
    }

    fn cut(&mut self, end: u64) -> io::Result<()> {
        self.file.set_len(end)?;
        self.file.seek(SeekFrom::Start(end)).map(|_| ())
    }

    /// Takes the last bytes back, so many of them: whether they are gone. If something else is behind them, they stay.
    fn take_back(&mut self, written: usize) -> bool {
        let Some(end) = self.end else { return false };
        let is_last = |there: Metadata| there.len() == end + written as u64;
        self.file.metadata().is_ok_and(is_last) && self.cut(end).is_ok()
    }
}

impl Write for LineFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut written = 0;
        while let Some(rest) = bytes.get(written..).filter(|rest| !rest.is_empty()) {
            let error = match self.file.write(rest) {
                Ok(0) => ErrorKind::WriteZero.into(),
                Ok(more) => {
                    written += more;
                    continue;
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(error) => error,
            };
            if written == 0 || self.take_back(written) {
                return Err(error);
            }
            // The line has no end: who writes it is to know, and the next write says what is wrong.
            break;
        }
        self.end = self.end.map(|end| end + written as u64);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}
