//! Two processes that watch each other: the guard, which was started and which passes on signals and how the program
//! ended, and its child the supervisor, which answers and whose child the program is.
//!
//! # Guarantees
//! * If either is killed, even by `kill -9`, the other kills the program with all that it started, and says so. (If both
//!   are at once, the kernel kills the program, and what it started gets `ENOSYS` from then on: nothing hangs.)
//! * A process that the program leaves behind stays a descendant of the supervisor, and of the guard after it.

use std::collections::HashMap;
use std::io::Write as _;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use rustix::event::{PollFd, PollFlags, poll};
use rustix::fs::OFlags;
use rustix::io::Errno;
use rustix::net::{AddressFamily, RecvFlags, SendFlags, SocketFlags, SocketType, recv, send, socketpair};
use rustix::process::{Pid, Signal, WaitOptions, getpid, kill_process, set_child_subreaper, wait};

use super::super::launch::{Ended, NotRun};
use super::sys;

/// The signals that are passed on to the program if a process sends them, and `SIGCHLD`.
pub(in crate::virtual_bus) const SIGNALS: [i32; 7] =
    [libc::SIGINT, libc::SIGTERM, libc::SIGHUP, libc::SIGQUIT, libc::SIGUSR1, libc::SIGUSR2, libc::SIGCHLD];

/// What guard and supervisor tell each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::virtual_bus) enum Word {
    /// To the supervisor: the program is to get this signal.
    Signal(i32),
    /// To the guard: the program has ended, with this status as `wait` tells it.
    Ended(i32),
    /// To the guard: the program could not be run.
    NotRun(NotRun),
}

/// One end of the line between guard and supervisor.
#[derive(Debug)]
pub(in crate::virtual_bus) struct Line(OwnedFd);

impl AsFd for Line {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}

impl Line {
    pub(in crate::virtual_bus) fn pair() -> Result<(Line, Line), Errno> {
        let (a, b) = socketpair(AddressFamily::UNIX, SocketType::SEQPACKET, SocketFlags::CLOEXEC, None)?;
        Ok((Line(a), Line(b)))
    }

    /// Says a word; nothing happens if nobody listens any more.
    pub(in crate::virtual_bus) fn say(&self, word: &Word) {
        let bytes = match word {
            Word::Signal(signal) => [&b"s"[..], &signal.to_ne_bytes()].concat(),
            Word::Ended(status) => [&b"e"[..], &status.to_ne_bytes()].concat(),
            Word::NotRun(not_run) => [&b"n"[..], &not_run.to_bytes()].concat(),
        };
        let _ = send(&self.0, &bytes, SendFlags::NOSIGNAL);
    }

    /// The next word, or `None` if the other end is gone.
    pub(in crate::virtual_bus) fn hear(&self) -> Option<Word> {
        let mut bytes = vec![0; 16_384];
        let (_, count) = recv(&self.0, bytes.as_mut_slice(), RecvFlags::empty()).ok()?;
        let (&kind, rest) = bytes.get(..count)?.split_first()?;
        let number = || rest.try_into().ok().map(i32::from_ne_bytes);
        match kind {
            b's' => number().map(Word::Signal),
            b'e' => number().map(Word::Ended),
            _ => NotRun::from_bytes(rest).map(Word::NotRun),
        }
    }
}

/// Splits this process, which must have one thread, into a guard and a supervisor, and tells how the program ended that the
/// supervisor started. What `supervise` returns is the supervisor's own exit code.
///
/// # Errors
/// What kept the program from running.
pub(in crate::virtual_bus) fn guarded(
    name: &str,
    supervise: impl FnOnce(Line, sys::Mask) -> i32,
) -> Result<Ended, NotRun> {
    let failed = |what: &'static str| move |error: std::io::Error| NotRun::system(name, what, &error);
    let (signals, mask) = sys::catch_signals(&SIGNALS).map_err(failed("catch signals"))?;
    let (here, there) = Line::pair().map_err(|errno| failed("make a socket")(errno.into()))?;
    set_child_subreaper(Some(getpid())).map_err(|errno| failed("adopt processes")(errno.into()))?;
    // Else both processes would print what is not printed yet.
    let _ = std::io::stdout().flush();
    match sys::fork().map_err(failed("start a process"))? {
        None => {
            drop((here, signals));
            let code = supervise(there, mask);
            sys::leave(code)
        }
        Some(_supervisor) => {
            drop(there);
            let ended = watch(&here, &signals);
            if ended.is_none() {
                kill_descendants();
            }
            // What a terminal sent to the program as well waits here, if the program was faster: it is not for us.
            while sys::caught(signals.as_fd()).is_some() {}
            let _ = sys::set_mask(&mask);
            ended.unwrap_or_else(|| Err(NotRun::abandoned(name)))
        }
    }
}

/// Guards the supervisor until the program has ended, and says how it did. `None` if the supervisor died.
fn watch(line: &Line, signals: &OwnedFd) -> Option<Result<Ended, NotRun>> {
    loop {
        let mut files = [PollFd::new(line, PollFlags::IN), PollFd::new(signals, PollFlags::IN)];
        if poll(&mut files, None).is_err_and(|errno| errno != Errno::INTR) {
            return None;
        }
        let [line_is_ready, signals_are_ready] = files.map(|file| !file.revents().is_empty());
        if line_is_ready {
            return match line.hear()? {
                Word::Ended(status) => Some(Ok(Ended::from_status(status))),
                Word::NotRun(not_run) => Some(Err(not_run)),
                Word::Signal(_) => None,
            };
        }
        while let Some(caught) = signals_are_ready.then(|| sys::caught(signals.as_fd())).flatten() {
            // What a terminal sends, the program has got itself.
            if caught.is_sent && caught.signal != libc::SIGCHLD {
                line.say(&Word::Signal(caught.signal));
            }
        }
    }
}

/// Lets go of standard error, for a supervisor that outlives its guard: who waits for the end of what the command says, as
/// in `2>&1 | tee`, is not to wait for what the program left behind.
pub(in crate::virtual_bus) fn fall_silent() {
    if let Ok(nothing) = rustix::fs::open("/dev/null", OFlags::RDWR | OFlags::CLOEXEC, 0.into()) {
        let _ = rustix::stdio::dup2_stderr(&nothing);
    }
}

/// Kills every descendant of this process, which must be a subreaper, and waits for them.
pub(in crate::virtual_bus) fn kill_descendants() {
    loop {
        let mut is_powerless = true;
        for process in descendants() {
            is_powerless &= kill_process(process, Signal::KILL).is_err();
        }
        // What a process left behind becomes our child when it is gone; so there may be more after each.
        let options = if is_powerless { WaitOptions::NOHANG } else { WaitOptions::empty() };
        match wait(options) {
            Ok(Some(_)) | Err(Errno::INTR) => {}
            Ok(None) | Err(_) => return,
        }
        // All that are gone by now: it takes long to look for descendants once for each.
        while let Ok(Some(_)) = wait(WaitOptions::NOHANG) {}
    }
}

/// All descendants of this process.
fn descendants() -> Vec<Pid> {
    let mut children: HashMap<i32, Vec<i32>> = HashMap::new();
    for entry in std::fs::read_dir("/proc").into_iter().flatten().flatten() {
        let Some(process) = entry.file_name().to_str().and_then(|name| name.parse().ok()) else { continue };
        let Ok(stat) = std::fs::read_to_string(entry.path().join("stat")) else { continue };
        if let Some(parent) = parent(&stat) {
            children.entry(parent).or_default().push(process);
        }
    }
    let mut found = Vec::new();
    let mut left = vec![getpid().as_raw_nonzero().get()];
    while let Some(process) = left.pop() {
        // Removed, so that even a list that changed while it was read has an end.
        for child in children.remove(&process).unwrap_or_default() {
            found.extend(Pid::from_raw(child));
            left.push(child);
        }
    }
    found
}

/// The parent in a `/proc/PID/stat`: behind the name, which may hold anything, and the state.
fn parent(stat: &str) -> Option<i32> {
    stat.rsplit_once(')')?.1.split_whitespace().nth(1)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_arrives_as_it_was_said_and_the_end_is_heard() {
        let (a, b) = Line::pair().unwrap();
        for word in [Word::Signal(15), Word::Ended(7 << 8), Word::Ended(9)] {
            a.say(&word);
            assert_eq!(b.hear(), Some(word));
        }
        drop(a);
        assert_eq!(b.hear(), None);
        b.say(&Word::Signal(1));
    }

    #[test]
    fn the_parent_of_a_process_is_found_behind_any_name() {
        assert_eq!(parent("12 (cat) S 7 12 1"), Some(7));
        assert_eq!(parent("12 (a ) S 3 (x) R 8 12"), Some(8));
        assert_eq!(parent("nonsense"), None);
        assert_eq!(parent(""), None);
    }
}
