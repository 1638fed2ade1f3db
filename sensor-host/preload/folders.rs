//! Listing directories.

use core::ffi::{c_char, c_int, c_void};

use crate::process::{behind, returns};
use crate::stat::look;
use crate::sys::{self, AT_FDCWD};
use crate::talk::Said;

type Open = unsafe extern "C" fn(*const c_char) -> *mut c_void;

/// # Safety
/// As of the C library's `opendir`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn opendir(path: *const c_char) -> *mut c_void {
    let open = behind!(c"opendir", Open);
    // SAFETY: the caller's own arguments; the other path ends with a zero.
    match unsafe { (look(AT_FDCWD, path, 0), open) } {
        (Said::Native, Some(open)) => unsafe { open(path) },
        // SAFETY: the path ends with a zero.
        (Said::Instead(path), Some(open)) => unsafe { open(path.as_ptr()) },
        (Said::Device(_), _) => refused(sys::ENOTDIR),
        (Said::Result(errno), _) => refused(errno),
        (_, None) => refused(sys::ENOSYS),
    }
}

fn refused(errno: sys::Raw) -> *mut c_void {
    returns(errno);
    core::ptr::null_mut()
}

type Scan = unsafe extern "C" fn(*const c_char, *mut c_void, *mut c_void, *mut c_void) -> c_int;

macro_rules! scanning {
    ($($name:ident $literal:literal;)*) => {$(
        /// # Safety
        /// As of the C library's function of this name.
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $name(
            path: *const c_char, list: *mut c_void, select: *mut c_void, compare: *mut c_void,
        ) -> c_int {
            let Some(scan) = behind!($literal, Scan) else { return returns(sys::ENOSYS) as c_int };
            // SAFETY: the caller's own arguments; the other path ends with a zero.
            unsafe {
                match look(AT_FDCWD, path, 0) {
                    Said::Native => scan(path, list, select, compare),
                    Said::Instead(path) => scan(path.as_ptr(), list, select, compare),
                    Said::Device(_) => returns(sys::ENOTDIR) as c_int,
                    Said::Result(errno) => returns(errno) as c_int,
                }
            }
        }
    )*};
}

scanning! {
    scandir c"scandir";
    scandir64 c"scandir64";
}
