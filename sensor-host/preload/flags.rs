//! The flags of open files.

use core::ffi::c_int;

use crate::process::{self, behind, returns};
use crate::sys::{self, F_GETFL};
use crate::talk;
use crate::wire::{self, Header};

const O_ACCMODE: sys::Raw = 3;

/// The flags of a virtual file: what it was opened for, which a socket does not know, and what may change later, which
/// is the socket's.
fn flags(fd: c_int) -> Option<sys::Raw> {
    process::file(fd)?;
    let opened_for = talk::call(fd, Header { kind: wire::FLAGS, ..Header::default() }, 0).result();
    if opened_for < 0 {
        return Some(opened_for);
    }
    // SAFETY: no pointers.
    let flags = unsafe { sys::call(sys::FCNTL, [fd as usize, F_GETFL as usize, 0, 0, 0, 0]) };
    Some(if flags < 0 { flags } else { flags & !O_ACCMODE | opened_for })
}

macro_rules! control {
    ($($name:ident $literal:literal;)*) => {$(
        /// The argument is one of many in C, and comes in the same register here.
        ///
        /// # Safety
        /// As of the C library's function of this name.
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $name(fd: c_int, command: c_int, argument: usize) -> c_int {
            if command == F_GETFL {
                if let Some(flags) = flags(fd) {
                    return returns(flags) as c_int;
                }
            }
            // SAFETY: the caller's own arguments.
            unsafe {
                match behind!($literal, unsafe extern "C" fn(c_int, c_int, usize) -> c_int) {
                    Some(behind) => behind(fd, command, argument),
                    None => {
                        let arguments = [fd as usize, command as usize, argument, 0, 0, 0];
                        returns(sys::call(sys::FCNTL, arguments)) as c_int
                    }
                }
            }
        }
    )*};
}

control! {
    fcntl c"fcntl";
    fcntl64 c"fcntl64";
}
