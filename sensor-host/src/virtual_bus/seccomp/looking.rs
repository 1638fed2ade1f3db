//! What is told of files without opening them: `stat`, `access`, `readlink` and their kind.

use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use rustix::io::Errno;

use super::super::Memory;
use super::answers::{Desk, Outcome};
use super::calls::{PathAt, Question};
use super::open_files::Kind;
use super::paths::Found;
use super::stat::Facts;
use super::sys::Notification;

impl Desk {
    pub(super) fn look(&mut self, asked: &Notification, path: PathAt, question: Question) -> Outcome {
        let kind = match self.find(asked, path) {
            Found::Device { node, .. } => Some(Kind::Device(node)),
            Found::Instead(instead) => {
                return self.tell_instead(asked, &instead, path.follows, question).into();
            }
            Found::OpenFile { socket } => self.files.get(socket).map(|file| file.kind),
            Found::Other if path.may_be_empty => {
                self.file(asked, path.directory as u32).map(|(_, kind)| kind)
            }
            Found::Other => None,
        };
        kind.map_or(Outcome::Kernel, |kind| self.tell(asked, kind, question).into())
    }

    /// What a question about a file of ours comes to.
    pub(super) fn tell(&self, asked: &Notification, kind: Kind, question: Question) -> Result<i64, Errno> {
        let facts = || match kind {
            Kind::Device(node) => Facts::from(self.virtual_files.stat(node)),
            Kind::Line => Facts::of_line(),
        };
        match question {
            Question::Stat { at } => self.waiting(asked).write(at, &facts().stat()).map(|()| 0),
            Question::Statx { at } => self.waiting(asked).write(at, &facts().statx()).map(|()| 0),
            Question::Access { mode } if mode > 7 => Err(Errno::INVAL),
            Question::Access { mode } if mode & 1 != 0 => Err(Errno::ACCESS),
            Question::Access { .. } | Question::Attributes => Ok(0),
            Question::ReadLink { .. } => Err(Errno::INVAL),
            Question::Attribute => Err(Errno::NODATA),
        }
    }

    /// What a question about a file that stands in for another one comes to.
    fn tell_instead(
        &self,
        asked: &Notification,
        path: &Path,
        follows: bool,
        question: Question,
    ) -> Result<i64, Errno> {
        let look = || if follows { path.metadata() } else { path.symlink_metadata() };
        let facts = || look().map(|file| Facts::from(&file)).map_err(errno_of);
        let mut memory = self.waiting(asked);
        match question {
            Question::Stat { at } => memory.write(at, &facts()?.stat()).map(|()| 0),
            Question::Statx { at } => memory.write(at, &facts()?.statx()).map(|()| 0),
            Question::Access { mode } if mode > 7 => Err(Errno::INVAL),
            Question::Access { mode } => {
                rustix::fs::access(path, rustix::fs::Access::from_bits_retain(mode as _)).map(|()| 0)
            }
            Question::ReadLink { at, len } => {
                let link = std::fs::read_link(path).map_err(errno_of)?;
                let link = link.as_os_str().as_bytes();
                let link = link.get(..usize::try_from(len).unwrap_or(usize::MAX)).unwrap_or(link);
                memory.write(at, link).map(|()| link.len() as i64)
            }
            Question::Attributes => Ok(0),
            Question::Attribute => Err(Errno::NODATA),
        }
    }
}

fn errno_of(error: std::io::Error) -> Errno {
    error.raw_os_error().map_or(Errno::IO, Errno::from_raw_os_error)
}
