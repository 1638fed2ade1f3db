//! The system calls that have no safe form in a library: the only unsafe code of this front end.
//!
//! # Guarantees
//! * Each function is safe for any argument of its type: a number that is no file, no process or no address is an
//!   errno, not undefined behaviour.

#![allow(unsafe_code, reason = "seccomp, process_vm_readv, signalfd and fork have no safe form in a library")]

use std::io;
use std::mem;
use std::os::fd::{AsRawFd, BorrowedFd, FromRawFd, OwnedFd, RawFd};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command};

use rustix::io::Errno;
use rustix::process::Pid;

use super::filter::Instruction;

/// What a trapped process asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Notification {
    /// The kernel's number for this question.
    pub(super) id: u64,
    /// The thread that asks.
    pub(super) thread: u32,
    /// `AUDIT_ARCH_*`: which table of system calls the number is of.
    pub(super) arch: u32,
    /// The system call.
    pub(super) number: i32,
    /// Its arguments.
    pub(super) arguments: [u64; 6],
}

/// `struct seccomp_notif`, with room for what later kernels may add.
#[repr(C)]
struct NotificationBuffer {
    notification: libc::seccomp_notif,
    room: [u64; 32],
}

/// `_IOC` of the seccomp listener: direction (1 to the kernel, 3 both), size, number.
const fn seccomp_ioctl(direction: u32, number: u32, size: usize) -> u32 {
    direction << 30 | (size as u32) << 16 | (b'!' as u32) << 8 | number
}

const NOTIF_RECV: u32 = seccomp_ioctl(3, 0, size_of::<libc::seccomp_notif>());
const NOTIF_SEND: u32 = seccomp_ioctl(3, 1, size_of::<libc::seccomp_notif_resp>());
const NOTIF_ID_VALID: u32 = seccomp_ioctl(1, 2, size_of::<u64>());
const NOTIF_ADDFD: u32 = seccomp_ioctl(1, 3, size_of::<libc::seccomp_notif_addfd>());
const NOTIF_SET_FLAGS: u32 = seccomp_ioctl(1, 4, size_of::<u64>());

/// `SECCOMP_USER_NOTIF_FLAG_CONTINUE`: the kernel is to do the call itself.
const CONTINUE: u32 = 1;
/// `SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP`: wake on the same processor (Linux 6.6).
const SYNC_WAKE_UP: u64 = 1;

/// Installs a filter in the calling thread and returns its listener. After a fork, before an exec: it neither
/// allocates nor locks.
///
/// # Errors
/// The kernel's: `EACCES` without the right, `EBUSY` if there is a listener already, `EINVAL` or `ENOSYS` if the
/// kernel has no such thing.
pub(super) fn install(program: &[Instruction], flags: libc::c_ulong) -> io::Result<OwnedFd> {
    let length = u16::try_from(program.len()).map_err(|_| Errno::INVAL)?;
    let program = libc::sock_fprog { len: length, filter: program.as_ptr().cast_mut().cast() };
    // SAFETY: `sock_fprog` points to `length` instructions of the layout of `sock_filter`, which live until the call
    // returns and which the kernel only reads.
    let listener =
        unsafe { libc::syscall(libc::SYS_seccomp, libc::SECCOMP_SET_MODE_FILTER, flags, &raw const program) };
    if listener < 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: with NEW_LISTENER the call returns a new file, which nobody else owns.
    Ok(unsafe { OwnedFd::from_raw_fd(listener as RawFd) })
}

/// An ioctl of the listener.
fn listener_ioctl<T>(listener: BorrowedFd<'_>, request: u32, argument: &mut T) -> Result<i32, Errno> {
    // SAFETY: every request of this module is passed with a `T` of the size that its number encodes (or larger, for
    // NOTIF_RECV), initialised, and alive during the call.
    let outcome = unsafe { libc::ioctl(listener.as_raw_fd(), request as _, &raw mut *argument) };
    if outcome < 0 { Err(last_errno()) } else { Ok(outcome) }
}

fn last_errno() -> Errno {
    io::Error::last_os_error().raw_os_error().map_or(Errno::IO, Errno::from_raw_os_error)
}

/// The next question.
///
/// # Errors
/// `ENOENT` if the process that asked is gone.
pub(super) fn receive(listener: BorrowedFd<'_>) -> Result<Notification, Errno> {
    // SAFETY: the buffer is plain numbers, for which zero is a value; the kernel demands zeros.
    let mut buffer: NotificationBuffer = unsafe { mem::zeroed() };
    listener_ioctl(listener, NOTIF_RECV, &mut buffer)?;
    let libc::seccomp_notif { id, pid, data, .. } = buffer.notification;
    Ok(Notification { id, thread: pid, arch: data.arch, number: data.nr, arguments: data.args })
}

/// Whether this kernel's notification fits into the buffer of [`receive`].
pub(super) fn notification_fits() -> bool {
    let mut sizes = libc::seccomp_notif_sizes { seccomp_notif: 0, seccomp_notif_resp: 0, seccomp_data: 0 };
    // SAFETY: the kernel writes a `seccomp_notif_sizes`.
    let outcome =
        unsafe { libc::syscall(libc::SYS_seccomp, libc::SECCOMP_GET_NOTIF_SIZES, 0, &raw mut sizes) };
    outcome == 0
        && usize::from(sizes.seccomp_notif) <= size_of::<NotificationBuffer>()
        && usize::from(sizes.seccomp_notif_resp) <= size_of::<libc::seccomp_notif_resp>()
}

/// Whether the process still waits for the answer: if so, its number still means the same process.
pub(super) fn is_waiting(listener: BorrowedFd<'_>, mut id: u64) -> bool {
    listener_ioctl(listener, NOTIF_ID_VALID, &mut id).is_ok()
}

/// Answers: the call returns this.
pub(super) fn answer(listener: BorrowedFd<'_>, id: u64, outcome: Result<i64, Errno>) -> Result<(), Errno> {
    let (val, error) = match outcome {
        Ok(value) => (value, 0),
        Err(errno) => (0, -errno.raw_os_error()),
    };
    let mut response = libc::seccomp_notif_resp { id, val, error, flags: 0 };
    listener_ioctl(listener, NOTIF_SEND, &mut response).map(drop)
}

/// Answers: the kernel does the call.
pub(super) fn let_kernel(listener: BorrowedFd<'_>, id: u64) -> Result<(), Errno> {
    let mut response = libc::seccomp_notif_resp { id, val: 0, error: 0, flags: CONTINUE };
    listener_ioctl(listener, NOTIF_SEND, &mut response).map(drop)
}

/// Gives the process a file at a number, in place of what may be there, and answers with that number if asked to.
pub(super) fn give_file(
    listener: BorrowedFd<'_>,
    id: u64,
    file: BorrowedFd<'_>,
    number: Option<u32>,
    closes_on_exec: bool,
    is_answer: bool,
) -> Result<u32, Errno> {
    let mut flags = 0;
    if number.is_some() {
        flags |= libc::SECCOMP_ADDFD_FLAG_SETFD as u32;
    }
    if is_answer {
        flags |= libc::SECCOMP_ADDFD_FLAG_SEND as u32;
    }
    let mut request = libc::seccomp_notif_addfd {
        id,
        flags,
        srcfd: file.as_raw_fd() as u32,
        newfd: number.unwrap_or(0),
        newfd_flags: if closes_on_exec { libc::O_CLOEXEC as u32 } else { 0 },
    };
    listener_ioctl(listener, NOTIF_ADDFD, &mut request).map(|number| number as u32)
}

/// Asks the kernel to hand over between supervisor and program without a detour to another processor. Kernels before
/// 6.6 cannot; it is only faster.
pub(super) fn wake_in_sync(listener: BorrowedFd<'_>) {
    // SAFETY: this request takes the flags as a number, not an address.
    unsafe { libc::ioctl(listener.as_raw_fd(), NOTIF_SET_FLAGS as _, SYNC_WAKE_UP) };
}

/// How much of the kernel's memory holds what was sent by a socket and not read yet; nothing for what is no socket.
pub(super) fn unread(socket: BorrowedFd<'_>) -> usize {
    let mut bytes: libc::c_int = 0;
    // SAFETY: this request writes a `c_int`.
    let outcome = unsafe { libc::ioctl(socket.as_raw_fd(), libc::TIOCOUTQ, &raw mut bytes) };
    if outcome < 0 { 0 } else { usize::try_from(bytes).unwrap_or(0) }
}

/// Copies from the memory of a process: how many bytes, which may be fewer.
pub(super) fn read_memory(process: u32, at: u64, into: &mut [u8]) -> Result<usize, Errno> {
    let local = libc::iovec { iov_base: into.as_mut_ptr().cast(), iov_len: into.len() };
    let remote = libc::iovec { iov_base: at as *mut libc::c_void, iov_len: into.len() };
    // SAFETY: `local` is the slice, which the kernel writes at most; `remote` is an address of the other process, which
    // the kernel checks.
    let count = unsafe {
        libc::process_vm_readv(process as libc::pid_t, &raw const local, 1, &raw const remote, 1, 0)
    };
    usize::try_from(count).map_err(|_| last_errno())
}

/// Copies to the memory of a process: how many bytes, which may be fewer.
pub(super) fn write_memory(process: u32, at: u64, bytes: &[u8]) -> Result<usize, Errno> {
    let local = libc::iovec { iov_base: bytes.as_ptr().cast_mut().cast(), iov_len: bytes.len() };
    let remote = libc::iovec { iov_base: at as *mut libc::c_void, iov_len: bytes.len() };
    // SAFETY: `local` is the slice, which the kernel only reads; `remote` is an address of the other process, which the
    // kernel checks.
    let count = unsafe {
        libc::process_vm_writev(process as libc::pid_t, &raw const local, 1, &raw const remote, 1, 0)
    };
    usize::try_from(count).map_err(|_| last_errno())
}

/// Starts a program; `prepare` runs in the child right before it becomes the program.
///
/// # Errors
/// Of `prepare`, or of starting the program.
pub(in crate::virtual_bus) fn spawn<F>(mut command: Command, prepare: F) -> io::Result<Child>
where
    F: FnMut() -> io::Result<()> + Send + Sync + 'static,
{
    // SAFETY: the callers' closures make system calls alone: they neither allocate, lock nor panic. (Only front
    // ends can call this.)
    unsafe { command.pre_exec(prepare) };
    command.spawn()
}

/// Splits this process in two. `None` in the child.
///
/// # Errors
/// The kernel's; `EDEADLK` if this process has more threads than this one, whose locks the child would inherit.
pub(in crate::virtual_bus) fn fork() -> io::Result<Option<Pid>> {
    if std::fs::read_dir("/proc/self/task")?.count() != 1 {
        return Err(Errno::DEADLK.into());
    }
    // SAFETY: this process has one thread (counted above), so the child is a whole copy: no lock is held by a thread
    // that it lacks.
    match unsafe { libc::fork() } {
        -1 => Err(io::Error::last_os_error()),
        0 => Ok(None),
        pid => Ok(Pid::from_raw(pid)),
    }
}

/// The signals that a thread has blocked.
#[derive(Clone, Copy)]
pub(in crate::virtual_bus) struct Mask(libc::sigset_t);

/// Blocks signals, which a file tells of from now on; and the mask as it was.
pub(in crate::virtual_bus) fn catch_signals(signals: &[i32]) -> io::Result<(OwnedFd, Mask)> {
    // SAFETY: a `sigset_t` is plain numbers; `sigemptyset` and `sigaddset` write it; an invalid number is refused.
    let set = unsafe {
        let mut set: libc::sigset_t = mem::zeroed();
        libc::sigemptyset(&raw mut set);
        for &signal in signals {
            libc::sigaddset(&raw mut set, signal);
        }
        set
    };
    let mut before = Mask(set);
    // SAFETY: both masks are valid; the old one is written.
    let outcome = unsafe { libc::pthread_sigmask(libc::SIG_BLOCK, &raw const set, &raw mut before.0) };
    if outcome != 0 {
        return Err(io::Error::from_raw_os_error(outcome));
    }
    // A parent may have left SIGCHLD ignored, and then no child could be waited for.
    // SAFETY: the default action is no function of ours.
    unsafe { libc::signal(libc::SIGCHLD, libc::SIG_DFL) };
    // SAFETY: the set is valid.
    let file = unsafe { libc::signalfd(-1, &raw const set, libc::SFD_CLOEXEC | libc::SFD_NONBLOCK) };
    if file < 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: a new file, which nobody else owns.
    Ok((unsafe { OwnedFd::from_raw_fd(file) }, before))
}

/// Sets the mask of blocked signals.
pub(in crate::virtual_bus) fn set_mask(mask: &Mask) -> io::Result<()> {
    // SAFETY: the mask is valid.
    match unsafe { libc::pthread_sigmask(libc::SIG_SETMASK, &raw const mask.0, std::ptr::null_mut()) } {
        0 => Ok(()),
        errno => Err(io::Error::from_raw_os_error(errno)),
    }
}

/// A signal that came, and whether a process sent it (rather than a terminal or the kernel).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::virtual_bus) struct Caught {
    pub(in crate::virtual_bus) signal: i32,
    pub(in crate::virtual_bus) is_sent: bool,
}

/// The next signal of a file of [`catch_signals`].
pub(in crate::virtual_bus) fn caught(file: BorrowedFd<'_>) -> Option<Caught> {
    let mut bytes = [0; size_of::<libc::signalfd_siginfo>()];
    let count = rustix::io::read(file, &mut bytes).ok()?;
    if count != bytes.len() {
        return None;
    }
    // The layout: signal, errno, code; `signalfd(2)`.
    let number = |at: usize| bytes.get(at..at + 4)?.try_into().ok().map(i32::from_ne_bytes);
    Some(Caught { signal: number(0)?, is_sent: number(8)? <= 0 })
}

/// Ends this process by a signal, without a second core dump. Returns if the signal does not end a process.
pub(in super::super) fn die_by(signal: i32) {
    let none = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
    // SAFETY: the limit and the mask are valid; the default action is no function of ours.
    unsafe {
        libc::setrlimit(libc::RLIMIT_CORE, &raw const none);
        libc::signal(signal, libc::SIG_DFL);
        let mut set: libc::sigset_t = mem::zeroed();
        libc::sigemptyset(&raw mut set);
        libc::sigaddset(&raw mut set, signal);
        libc::pthread_sigmask(libc::SIG_UNBLOCK, &raw const set, std::ptr::null_mut());
        libc::raise(signal);
    }
}

/// Ends this process at once: after a fork, so that nothing that was begun before is done twice.
pub(in crate::virtual_bus) fn leave(code: i32) -> ! {
    // SAFETY: it only ends the process.
    unsafe { libc::_exit(code) }
}
