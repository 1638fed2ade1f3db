//! Extended attributes, which programs that list directories ask for. No device has any.

use core::ffi::{c_char, c_int, c_void};

use crate::process::{behind, returns};
use crate::stat::{AT_SYMLINK_NOFOLLOW, look};
use crate::sys::{self, AT_FDCWD};
use crate::talk::Said;

type Get = unsafe extern "C" fn(*const c_char, *const c_char, *mut c_void, usize) -> isize;
type List = unsafe extern "C" fn(*const c_char, *mut c_char, usize) -> isize;

/// A function of this family: its arguments besides the path, and whether links are followed.
macro_rules! attributes {
    ($($name:ident $literal:literal $flags:expr, ($($argument:ident: $type:ty),*): $next:ty;)*) => {$(
        /// # Safety
        /// As of the C library's function of this name.
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $name(path: *const c_char, $($argument: $type),*) -> isize {
            let Some(behind) = behind!($literal, $next) else { return returns(sys::EOPNOTSUPP) };
            let flags: c_int = $flags;
            // SAFETY: the caller's own arguments; the other path ends with a zero.
            unsafe {
                match look(AT_FDCWD, path, flags) {
                    Said::Native => behind(path, $($argument),*),
                    Said::Instead(path) => behind(path.as_ptr(), $($argument),*),
                    Said::Device(_) => returns(sys::EOPNOTSUPP),
                    Said::Result(errno) => returns(errno),
                }
            }
        }
    )*};
}

attributes! {
    getxattr c"getxattr" 0, (name: *const c_char, value: *mut c_void, size: usize): Get;
    lgetxattr c"lgetxattr" AT_SYMLINK_NOFOLLOW, (name: *const c_char, value: *mut c_void, size: usize): Get;
    listxattr c"listxattr" 0, (list: *mut c_char, size: usize): List;
    llistxattr c"llistxattr" AT_SYMLINK_NOFOLLOW, (list: *mut c_char, size: usize): List;
}
