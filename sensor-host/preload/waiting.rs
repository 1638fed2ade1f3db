//! Waiting for files.

use core::ffi::{c_int, c_void};

use crate::process::{self, File, behind, returns};
use crate::sys;

/// A bus is always ready, and as of all files that are, the kernel refuses to watch it. A socket could be watched.
///
/// # Safety
/// As of the C library's `epoll_ctl`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn epoll_ctl(epoll: c_int, what: c_int, fd: c_int, event: *mut c_void) -> c_int {
    type Next = unsafe extern "C" fn(c_int, c_int, c_int, *mut c_void) -> c_int;
    if process::file(fd) == Some(File::Calls) {
        // SAFETY: no pointers.
        let is_open = unsafe { sys::call(sys::FCNTL, [epoll as usize, sys::F_GETFD as usize, 0, 0, 0, 0]) };
        return returns(if is_open < 0 { is_open } else { sys::EPERM }) as c_int;
    }
    // SAFETY: the caller's own arguments.
    unsafe {
        match behind!(c"epoll_ctl", Next) {
            Some(epoll_ctl) => epoll_ctl(epoll, what, fd, event),
            None => {
                let arguments = [epoll as usize, what as usize, fd as usize, event as usize, 0, 0];
                returns(sys::call(sys::EPOLL_CTL, arguments)) as c_int
            }
        }
    }
}
