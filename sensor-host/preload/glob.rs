//! Names with wildcards, for which the C library lists folders by functions that no library can stand in for, unless it
//! is told to use others.

use core::ffi::{c_char, c_int, c_void};
use core::mem::MaybeUninit;

use crate::process::{behind, returns};
use crate::{folders, stat, sys};

/// A `glob_t` of glibc.
#[repr(C)]
pub struct Found {
    count: usize,
    paths: *mut *mut c_char,
    offset: usize,
    flags: c_int,
    /// Whatever was there: a program that sets no functions need not write to this.
    functions: MaybeUninit<Functions>,
}

#[repr(C)]
#[derive(Clone, Copy)]
struct Functions {
    closedir: *const c_void,
    readdir: *const c_void,
    opendir: *const c_void,
    lstat: *const c_void,
    stat: *const c_void,
}

unsafe extern "C" {
    fn closedir(folder: *mut c_void) -> c_int;
    fn readdir(folder: *mut c_void) -> *mut c_void;
}

/// `GLOB_ALTDIRFUNC` of glibc. That of musl, whose structure is as long, knows no such thing and does as ever.
const WITH_FUNCTIONS: c_int = 1 << 9;

type OnError = *const c_void;
type Glob = unsafe extern "C" fn(*const c_char, c_int, OnError, *mut Found) -> c_int;

macro_rules! globbing {
    ($($name:ident $literal:literal $readdir:ident $lstat:ident $stat:ident;)*) => {$(
        /// # Safety
        /// As of the C library's function of this name.
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $name(
            pattern: *const c_char, flags: c_int, on_error: OnError, found: *mut Found,
        ) -> c_int {
            let Some(behind) = behind!($literal, Glob) else { return returns(sys::ENOSYS) as c_int };
            if found.is_null() || flags & WITH_FUNCTIONS != 0 {
                // SAFETY: the caller's own arguments.
                return unsafe { behind(pattern, flags, on_error, found) };
            }
            let ours = Functions {
                closedir: closedir as *const c_void,
                readdir: $readdir as *const c_void,
                opendir: folders::opendir as *const c_void,
                lstat: stat::$lstat as *const c_void,
                stat: stat::$stat as *const c_void,
            };
            // SAFETY: the structure is the caller's. What its functions were is copied, and never looked at.
            unsafe {
                let before = (*found).functions;
                (*found).functions = MaybeUninit::new(ours);
                let result = behind(pattern, flags | WITH_FUNCTIONS, on_error, found);
                (*found).functions = before;
                (*found).flags &= !WITH_FUNCTIONS;
                result
            }
        }
    )*};
}

globbing! {
    glob c"glob" readdir lstat stat;
    glob64 c"glob64" readdir lstat64 stat64;
}
