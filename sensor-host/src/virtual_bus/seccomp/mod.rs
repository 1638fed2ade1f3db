//! A front end that needs nothing but a kernel: system calls are trapped (seccomp user notification), and those on
//! simulated devices are answered. No root, no library in the program: static programs too.
//!
//! ```text
//! mlsensor (guard)            passes on signals and how the program ended; kills the rest if the supervisor dies
//!    |
//! mlsensor (supervisor)       one loop: answers calls, hears closes, lets simulated time pass
//!    |
//! PROGRAM                     under a filter that its children inherit
//! ```
//!
//! # Limits
//! * 64-bit programs alone; a 32-bit program is told `ENODEV`, and why.
//! * io_uring is refused (`ENOSYS`), since no filter sees what it does.
//! * Without `CAP_SYS_ADMIN`, set-user-id programs (sudo, ping) run without their rights: that is the kernel's condition
//!   for a filter.
//! * A plain `read` or `write` is followed only for file numbers near the limit of open files, where the files are put;
//!   a bus that is moved to another number takes ioctls there, and fails plain reads with `EISDIR`, writes with `EBADF`.
//!   `fstat` of such a number tells of a directory, unless it is one of the standard files.

mod answers;
mod calls;
mod events;
mod filter;
#[cfg(test)]
mod filter_tests;
pub(super) mod guard;
mod locking;
mod looking;
mod memory;
mod named;
mod open_files;
mod opening;
mod paths;
mod start;
mod stat;
mod supervisor;
pub(super) mod sys;
mod trapped;
mod unlinked;

use std::os::fd::OwnedFd;
use std::process::Command;

use rustix::event::epoll;
use rustix::fs::OFlags;
use rustix::process::{Pid, getpid, set_child_subreaper};

pub use start::{Refusal, check};

use super::files::VirtualFiles;
use super::launch::{Ended, NotRun};
use super::{Errno, Machine};
use crate::report::say;
use answers::Desk;
use guard::{Line, Word};
use supervisor::{End, Supervisor};

/// Runs a program whose calls are trapped, until it has ended.
///
/// This process must have one thread: it is split in two.
///
/// # Errors
/// What kept the program from running.
pub fn run(machine: Machine, command: Command, is_quiet: bool) -> Result<Ended, NotRun> {
    let name = command.get_program().to_string_lossy().into_owned();
    guard::guarded(&name, |line, mask| supervise(machine, command, is_quiet, line, mask))
}

/// The supervisor's life: the exit code of this process, which nobody looks at.
fn supervise(machine: Machine, command: Command, is_quiet: bool, line: Line, mask: sys::Mask) -> i32 {
    let name = command.get_program().to_string_lossy().into_owned();
    let (desk, signals, program) = match begin(machine, command, is_quiet, mask, &name) {
        Ok(begun) => begun,
        Err(not_run) => {
            line.say(&Word::NotRun(not_run));
            guard::kill_descendants();
            return 1;
        }
    };
    // The program has its own: a reader of its output is not to wait for this process.
    if let Ok(nothing) = rustix::fs::open("/dev/null", OFlags::RDWR | OFlags::CLOEXEC, 0.into()) {
        let _ = rustix::stdio::dup2_stdin(&nothing);
        let _ = rustix::stdio::dup2_stdout(&nothing);
    }
    let mut supervisor = Supervisor::new(desk, signals, line, program);
    match supervisor.run() {
        Ok(End::Alone) => 0,
        Ok(End::Told) => {
            guard::kill_descendants();
            0
        }
        Ok(End::Unguarded) => {
            say(NotRun::abandoned(&name).report);
            guard::kill_descendants();
            1
        }
        Err(errno) => {
            supervisor.give_up(&NotRun::system(&name, "go on", &errno.into()));
            guard::kill_descendants();
            1
        }
    }
}

/// Starts the program, with all that is needed to answer it.
fn begin(
    machine: Machine,
    command: Command,
    is_quiet: bool,
    mask: sys::Mask,
    name: &str,
) -> Result<(Desk, OwnedFd, Pid), NotRun> {
    let failed = |what: &'static str| move |error: std::io::Error| NotRun::system(name, what, &error);
    let refused = |what: &'static str| move |errno: Errno| NotRun::system(name, what, &errno.into());
    set_child_subreaper(Some(getpid())).map_err(refused("adopt processes"))?;
    let (signals, _) = sys::catch_signals(&guard::SIGNALS).map_err(failed("catch signals"))?;
    let files = VirtualFiles::new(machine.nodes()).map_err(failed("make files for the devices"))?;
    let epoll = epoll::create(epoll::CreateFlags::CLOEXEC).map_err(refused("wait for events"))?;
    let ranges = start::ranges();
    start::check_room(ranges).map_err(refused("put files of a bus apart from others (ulimit -n)"))?;
    let started = start::start(command, ranges, mask).map_err(|error| NotRun::of(name, &error))?;
    let desk = Desk::new(machine, files, started.listener, epoll, ranges, is_quiet);
    Ok((desk, signals, started.program))
}
