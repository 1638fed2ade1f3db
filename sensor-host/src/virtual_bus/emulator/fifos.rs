//! The two FIFOs.

use std::fs;
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rustix::fs::{CWD, FileType, Mode, OFlags, mknodat, open};

use super::super::seccomp::guard;
use super::super::seccomp::sys::{self, Mask};
use super::Opened;
use crate::Report;
use crate::source::quoted;

/// What the firmware writes to.
pub const REQUESTS: &str = "i2c.req";

/// What the firmware reads from.
pub const ANSWERS: &str = "i2c.rsp";

/// A pair of FIFOs in a folder, which are removed when this is dropped.
pub struct Fifos {
    requests: Fifo,
    answers: Fifo,
    /// The signals that came since they were made, and which ones were blocked before.
    pub(super) signals: (OwnedFd, Mask),
    /// After how long a silence a person is told what may be missing.
    pub(super) patience: Option<Duration>,
}

#[derive(Debug)]
struct Fifo {
    path: PathBuf,
    /// Device and number of the file.
    file: (u64, u64),
}

impl Fifos {
    /// Makes them, for this user alone. Before that, the signals that could end this process are caught, so that none
    /// leaves them behind: [`run`](super::run) and [`serve`](super::serve) heed them.
    ///
    /// # Errors
    /// A report in four parts: there is a file of such a name already, or none can be made there.
    pub fn make(folder: &Path) -> Result<Fifos, Report> {
        let signals = sys::catch_signals(&guard::SIGNALS).map_err(|error| super::of_system(&error))?;
        let requests = Fifo::make(folder.join(REQUESTS))?;
        Ok(Fifos { requests, answers: Fifo::make(folder.join(ANSWERS))?, signals, patience: None })
    }

    /// If a program's firmware says nothing for so long, a line on the standard error says what it may lack. Nothing else
    /// comes of it.
    #[must_use]
    pub fn with_hint_after(mut self, silence: Duration) -> Fifos {
        self.patience = Some(silence);
        self
    }

    /// That line.
    pub(super) fn hint(&self) -> String {
        format!(
            "mlsensor: nothing has come by {} yet. Does the firmware use the crate mlsensor-bridge, does the emulator let it use \
             files of the host (QEMU: -semihosting-config enable=on,target=native), and is that its working folder? Ctrl-C ends it",
            self.requests.path.display()
        )
    }

    /// Opens both, for one conversation. None waits for the other end.
    pub(super) fn open(&self) -> io::Result<Opened> {
        let flags = OFlags::NONBLOCK | OFlags::CLOEXEC;
        Ok(Opened {
            requests: open(&self.requests.path, OFlags::RDONLY | flags, Mode::empty())?,
            // For reading too: else it could not be opened before the firmware reads.
            answers: open(&self.answers.path, OFlags::RDWR | flags, Mode::empty())?,
        })
    }

    /// Lets who waits to open one go on, and find nobody there.
    pub(super) fn nudge(&self) {
        let flags = OFlags::NONBLOCK | OFlags::CLOEXEC;
        // That nobody waits is an error too.
        let _ = open(&self.requests.path, OFlags::RDONLY | flags, Mode::empty());
        let _ = open(&self.answers.path, OFlags::WRONLY | flags, Mode::empty());
    }
}

impl std::fmt::Debug for Fifos {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Fifos")
            .field("requests", &self.requests)
            .field("answers", &self.answers)
            .finish_non_exhaustive()
    }
}

impl Fifo {
    fn make(path: PathBuf) -> Result<Fifo, Report> {
        let made = mknodat(CWD, &path, FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).map_err(io::Error::from);
        match made.and_then(|()| fs::symlink_metadata(&path)) {
            Ok(file) => Ok(Fifo { path, file: (file.dev(), file.ino()) }),
            Err(error) => Err(report(&path, &error)),
        }
    }
}

impl Drop for Fifo {
    fn drop(&mut self) {
        let is_ours = |file: fs::Metadata| (file.dev(), file.ino()) == self.file;
        if fs::symlink_metadata(&self.path).is_ok_and(is_ours) {
            // Nobody is left to be told.
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// The command that removes what is in the way of this one, and of the one that would have been made next.
fn removal(path: &Path) -> String {
    let next = path.ends_with(REQUESTS).then(|| path.with_file_name(ANSWERS));
    let next = next.filter(|next| next.symlink_metadata().is_ok());
    let words =
        [Some(path), next.as_deref()].map(|path| path.map(|path| quoted(&path.display().to_string())));
    words.into_iter().flatten().fold("rm".to_owned(), |command, word| command + " " + &word)
}

fn report(path: &Path, error: &io::Error) -> Report {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let (likely, run) = match error.kind() {
        io::ErrorKind::AlreadyExists => (
            "another `mlsensor sim bridge` runs in this folder, or one was killed: if none runs, remove what it left",
            removal(path),
        ),
        _ => (
            "the folder does not exist, may not be written, or its file system has no FIFOs",
            format!("ls -ld {}", quoted(&folder.display().to_string())),
        ),
    };
    Report {
        what: format!("cannot make the FIFO {}: {error}", path.display()),
        likely: likely.to_owned(),
        run,
        code: "MLSENSOR-BRIDGE-FIFO".to_owned(),
    }
}
