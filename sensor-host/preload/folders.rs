//! Listing directories.

use core::ffi::{c_char, c_int, c_void};

use crate::path::Path;
use crate::process::{behind, returns};
use crate::stat::look;
use crate::sys::{self, AT_FDCWD};
use crate::talk::{self, Said};
use crate::wire;

type Open = unsafe extern "C" fn(*const c_char) -> *mut c_void;

/// # Safety
/// As of the C library's `opendir`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn opendir(path: *const c_char) -> *mut c_void {
    let open = behind!(c"opendir", Open);
    // SAFETY: the caller's own argument.
    match unsafe { (look(AT_FDCWD, path, 0), open) } {
        // SAFETY: the caller's own argument.
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

/// A program that goes into a folder that stands in for another one is in that one, if it is really there: so it is told
/// when it asks where it is.
///
/// # Safety
/// As of the C library's `fchdir`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fchdir(folder: c_int) -> c_int {
    let known_as = Path::of_folder(folder).map(|path| talk::ask(wire::NAME, 0, &path, sys::O_CLOEXEC));
    if let Some(Said::Instead(path)) = known_as {
        // SAFETY: the path ends with a zero.
        if unsafe { sys::call(sys::CHDIR, [path.as_ptr() as usize, 0, 0, 0, 0, 0]) } == 0 {
            return 0;
        }
    }
    match behind!(c"fchdir", unsafe extern "C" fn(c_int) -> c_int) {
        // SAFETY: the caller's own argument.
        Some(fchdir) => unsafe { fchdir(folder) },
        // SAFETY: no pointers.
        None => returns(unsafe { sys::call(sys::FCHDIR, [folder as usize, 0, 0, 0, 0, 0]) }) as c_int,
    }
}
