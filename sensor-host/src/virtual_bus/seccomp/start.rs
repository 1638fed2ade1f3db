//! Starting a program under the filter, and asking beforehand whether the kernel allows it.

use std::fmt;
use std::io::{self, IoSlice, IoSliceMut};
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};
use std::process::Command;

use rustix::io::Errno;
use rustix::net::{
    AddressFamily, RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, SendAncillaryBuffer,
    SendAncillaryMessage, SendFlags, SocketFlags, SocketType, recvmsg, sendmsg, socketpair,
};
use rustix::process::{
    Pid, Resource, Rlimit, Signal, WaitOptions, getpid, getppid, getrlimit, set_parent_process_death_signal,
    setrlimit, waitpid,
};
use rustix::thread::set_no_new_privs;

use super::calls;
use super::filter::{self, Instruction, Ranges};
use super::sys::{self, Mask};

/// The first kernel that gives a file and answers in one step: 5.14.
const OLDEST_KERNEL: (u32, u32) = (5, 14);

/// Why system calls cannot be trapped here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The errno of the kernel.
    pub errno: Errno,
    /// What it means.
    pub why: String,
}

impl Refusal {
    /// What an errno of the kernel means here.
    #[must_use]
    pub fn from_errno(errno: Errno) -> Refusal {
        let why = match errno {
            Errno::BUSY => "a supervisor traps the calls of this process already, as in a `mlsensor sim run`",
            Errno::NOSYS | Errno::INVAL => "the kernel is older than 5.14, or was built without it",
            Errno::PERM | Errno::ACCESS => "a container or a sandbox forbids it",
            _ => "the kernel refuses it",
        };
        Refusal { errno, why: why.to_owned() }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "system calls cannot be trapped here ({}: {})", self.errno, self.why)
    }
}

/// The ranges of file numbers for a program that is started by this process.
pub(super) fn ranges() -> Ranges {
    Ranges::below(getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX))
}

/// Installs the filter in this thread. Without the right to (`CAP_SYS_ADMIN`), only for a thread that gives up all
/// rights that set-user-id programs would give it.
fn install(program: &[Instruction]) -> io::Result<OwnedFd> {
    let mut flags = libc::SECCOMP_FILTER_FLAG_NEW_LISTENER
        | libc::SECCOMP_FILTER_FLAG_SPEC_ALLOW
        | libc::SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV;
    loop {
        let error = match sys::install(program, flags) {
            Ok(listener) => return Ok(listener),
            Err(error) => error,
        };
        match error.raw_os_error().map(Errno::from_raw_os_error) {
            // Before Linux 5.19 a signal interrupts a call that is being answered: it is made again.
            Some(Errno::INVAL) if flags & libc::SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV != 0 => {
                flags &= !libc::SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV;
            }
            Some(Errno::ACCESS) if !rustix::thread::no_new_privs()? => set_no_new_privs(true)?,
            _ => return Err(error),
        }
    }
}

/// Asks the kernel, with a process that ends at once.
///
/// # Errors
/// Why it is refused.
pub fn check() -> Result<(), Refusal> {
    if !calls::IS_KNOWN {
        let why = format!("the calls of {} are not known", std::env::consts::ARCH);
        return Err(Refusal { errno: Errno::NOSYS, why });
    }
    let kernel = rustix::system::uname().release().to_string_lossy().into_owned();
    if release(&kernel).is_some_and(|release| release < OLDEST_KERNEL) {
        return Err(Refusal { errno: Errno::NOSYS, why: format!("Linux {kernel} is older than 5.14") });
    }
    if !sys::notification_fits() {
        return Err(Refusal::from_errno(Errno::INVAL));
    }
    let program = filter::program(ranges());
    let refused = match sys::fork() {
        Ok(None) => {
            let code = install(&program).err().map_or(0, |error| error.raw_os_error().unwrap_or(libc::EIO));
            sys::leave(code);
        }
        Ok(Some(child)) => exit_code(child),
        Err(error) => error.raw_os_error().unwrap_or(libc::EIO),
    };
    if refused != 0 {
        return Err(Refusal::from_errno(Errno::from_raw_os_error(refused)));
    }
    may_read_memory()
}

/// Yama may forbid to read the memory of a child: scope 2 without the right to, scope 3 at all.
fn may_read_memory() -> Result<(), Refusal> {
    let (here, there) = match socketpair(AddressFamily::UNIX, SocketType::STREAM, SocketFlags::CLOEXEC, None)
    {
        Ok(pair) => pair,
        Err(errno) => return Err(Refusal::from_errno(errno)),
    };
    let child = match sys::fork() {
        Ok(None) => {
            drop(here);
            // Until the parent closes its end.
            let _ = rustix::io::read(&there, &mut [0; 1]);
            sys::leave(0);
        }
        Ok(Some(child)) => child,
        Err(error) => {
            return Err(Refusal::from_errno(Errno::from_raw_os_error(
                error.raw_os_error().unwrap_or(libc::EIO),
            )));
        }
    };
    let byte = 0_u8;
    // The child is a copy of this process: what is here is there.
    let outcome =
        sys::read_memory(child.as_raw_nonzero().get() as u32, (&raw const byte) as u64, &mut [0; 1]);
    drop(here);
    let _ = exit_code(child);
    match outcome {
        Ok(_) => Ok(()),
        Err(errno) => Err(Refusal {
            errno,
            why: "the memory of a child may not be read (kernel.yama.ptrace_scope is 2 or 3?)".to_owned(),
        }),
    }
}

fn exit_code(child: Pid) -> i32 {
    loop {
        match waitpid(Some(child), WaitOptions::empty()) {
            Ok(Some((_, status))) => return status.exit_status().unwrap_or(libc::EIO),
            Err(Errno::INTR) => {}
            Ok(None) | Err(_) => return libc::EIO,
        }
    }
}

/// `6.1.0-56-amd64`: 6 and 1.
fn release(text: &str) -> Option<(u32, u32)> {
    let mut numbers = text.split(|c: char| !c.is_ascii_digit()).map(str::parse);
    Some((numbers.next()?.ok()?, numbers.next()?.ok()?))
}

/// What a started program is known by.
pub(super) struct Started {
    pub(super) program: Pid,
    pub(super) listener: OwnedFd,
}

/// Whether the files that starting a program takes are below the trapped numbers. Else the child, if it cannot become the
/// program, would say so by a trapped call, which nobody answers yet.
///
/// # Errors
/// `EMFILE` if not.
pub(super) fn check_room(ranges: Ranges) -> Result<(), Errno> {
    // The line for the listener, and what the child tells of its exec by.
    let (ours, theirs) = socketpair(AddressFamily::UNIX, SocketType::STREAM, SocketFlags::CLOEXEC, None)?;
    let (read, write) = rustix::pipe::pipe_with(rustix::pipe::PipeFlags::CLOEXEC)?;
    let highest = [ours, theirs, read, write].iter().map(AsRawFd::as_raw_fd).max();
    match highest.map(u32::try_from) {
        Some(Ok(highest)) if highest < ranges.all().first => Ok(()),
        _ => Err(Errno::MFILE),
    }
}

/// Starts a program under the filter, with this mask of signals.
///
/// # Errors
/// Those of starting it: `ENOENT`, `EACCES`...
pub(super) fn start(command: Command, ranges: Ranges, mask: Mask) -> io::Result<Started> {
    let (ours, theirs) = socketpair(AddressFamily::UNIX, SocketType::STREAM, SocketFlags::CLOEXEC, None)?;
    let program = filter::program(ranges);
    let supervisor = getpid();
    let child = sys::spawn(command, move || {
        // Killed with the supervisor, which may be gone already.
        set_parent_process_death_signal(Some(Signal::KILL))?;
        if getppid() != Some(supervisor) {
            return Err(Errno::SRCH.into());
        }
        sys::set_mask(&mask)?;
        let listener = install(&program)?;
        hand_over(theirs.as_fd(), listener.as_fd())?;
        Ok(())
    })?;
    let listener = take_over(ours.as_fd())?;
    // For each file of each process there is one here.
    let limit = getrlimit(Resource::Nofile);
    let _ = setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, ..limit });
    let program = Pid::from_child(&child);
    Ok(Started { program, listener })
}

fn hand_over(line: BorrowedFd<'_>, file: BorrowedFd<'_>) -> Result<(), Errno> {
    let files = [file];
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
    let mut ancillary = SendAncillaryBuffer::new(&mut space);
    if !ancillary.push(SendAncillaryMessage::ScmRights(&files)) {
        return Err(Errno::NOBUFS);
    }
    sendmsg(line, &[IoSlice::new(b"f")], &mut ancillary, SendFlags::NOSIGNAL).map(drop)
}

fn take_over(line: BorrowedFd<'_>) -> Result<OwnedFd, Errno> {
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
    let mut ancillary = RecvAncillaryBuffer::new(&mut space);
    recvmsg(line, &mut [IoSliceMut::new(&mut [0; 1])], &mut ancillary, RecvFlags::CMSG_CLOEXEC)?;
    let mut messages = ancillary.drain();
    let file = messages.find_map(|message| match message {
        RecvAncillaryMessage::ScmRights(mut files) => files.next(),
        _ => None,
    });
    file.ok_or(Errno::BADMSG)
}
