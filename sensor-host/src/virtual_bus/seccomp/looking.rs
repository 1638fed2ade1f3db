//! What is told of files without opening them: `stat`, `access`, `readlink` and their kind.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use rustix::fs::{CWD, OFlags, readlinkat};
use rustix::io::Errno;

use super::super::Memory;
use super::answers::{Desk, Outcome};
use super::open_files::Kind;
use super::paths::Found;
use super::stat::Facts;
use super::sys::Notification;
use super::trapped::{PathAt, Question};

impl Desk {
    pub(super) fn look(&mut self, asked: &Notification, path: PathAt, question: Question) -> Outcome {
        let kind = match self.find(asked, path) {
            Found::Device { node, .. } => Some(Kind::Device(node)),
            Found::Instead(instead) | Found::Beside(instead) => {
                return self.tell_instead(asked, &instead, path.follows, question).into();
            }
            Found::OpenFile { link } => {
                let kind = self.files.at(&link).map(|file| file.kind);
                return match (kind, question) {
                    (Some(kind), _) if path.follows => self.tell(asked, kind, question).into(),
                    (Some(Kind::Device(node)), Question::ReadLink { at, len }) => {
                        self.waiting(asked).write_cut(at, len, node.path().as_bytes()).into()
                    }
                    _ => Outcome::Kernel,
                };
            }
            Found::NotDirectory => return Err(Errno::NOTDIR).into(),
            Found::Other if path.may_be_empty => {
                self.file(asked, path.directory as u32).map(|file| file.kind)
            }
            Found::Other => None,
        };
        kind.map_or(Outcome::Kernel, |kind| self.tell(asked, kind, question).into())
    }

    /// The flags of an open file: those that the kernel keeps, and what it was opened for.
    pub(super) fn flags(&self, asked: &Notification, number: u32) -> Outcome {
        let Some(file) = self.file(asked, number) else {
            return Outcome::Kernel;
        };
        let told = std::fs::read_to_string(format!("/proc/{}/fdinfo/{number}", asked.thread));
        let octal = |line: &str| i64::from_str_radix(line.strip_prefix("flags:")?.trim(), 8).ok();
        let kept = told.ok().and_then(|told| told.lines().find_map(octal)).unwrap_or(0);
        let ours = i64::from(libc::O_ACCMODE | libc::O_CLOEXEC);
        let opened =
            file.opened.intersection(OFlags::from_bits_retain(libc::O_ACCMODE as u32) | OFlags::PATH);
        Ok(kept & !ours | i64::from(opened.bits())).into()
    }

    /// The path of a working directory that stands in for another one is that of the other one.
    pub(super) fn working_directory(&self, asked: &Notification, at: u64, len: u64) -> Outcome {
        let directory = readlinkat(CWD, format!("/proc/{}/cwd", asked.thread), Vec::new());
        let directory = directory.ok().and_then(|directory| {
            self.virtual_files.virtual_path_of(Path::new(OsStr::from_bytes(directory.as_bytes())))
        });
        let Some(directory) = directory else {
            return Outcome::Kernel;
        };
        let mut bytes = directory.into_os_string().into_encoded_bytes();
        bytes.push(0);
        if len < bytes.len() as u64 {
            return Err(if len == 0 { Errno::INVAL } else { Errno::RANGE }).into();
        }
        self.waiting(asked).write(at, &bytes).map(|()| bytes.len() as i64).into()
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
                memory.write_cut(at, len, link.as_os_str().as_bytes())
            }
            Question::Attributes => Ok(0),
            Question::Attribute => Err(Errno::NODATA),
        }
    }
}

fn errno_of(error: std::io::Error) -> Errno {
    error.raw_os_error().map_or(Errno::IO, Errno::from_raw_os_error)
}
