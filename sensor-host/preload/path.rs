//! Paths as a program writes them, as absolute ones.

use core::ffi::{CStr, c_char, c_int};

use crate::sys;
use crate::wire::{PATH_MAX, is_asked_for};

/// An absolute path without `.` and double slashes.
pub(crate) struct Path {
    bytes: [u8; PATH_MAX],
    len: usize,
}

impl Path {
    pub(crate) fn bytes(&self) -> &[u8] {
        self.bytes.get(..self.len).unwrap_or_default()
    }

    /// The path, if it is one that the supervisor is to be asked about. Links are not followed.
    ///
    /// # Safety
    /// `path` is null or a string, as for the function of the C library that it was given to.
    pub(crate) unsafe fn asked_for(folder: c_int, path: *const c_char) -> Option<Path> {
        // Those that cannot be an address are left to the kernel, which says EFAULT.
        if path.addr() < 4096 || path.addr() > isize::MAX as usize {
            return None;
        }
        // SAFETY: as the caller says.
        let path = unsafe { CStr::from_ptr(path) }.to_bytes();
        let mut whole = Path { bytes: [0; PATH_MAX], len: 0 };
        if path.first() != Some(&b'/') {
            if path.is_empty() {
                return None;
            }
            whole.start_at(folder)?;
        }
        let mut has_parents = false;
        for part in path.split(|&byte| byte == b'/') {
            has_parents |= part == b"..";
            whole.enter(part)?;
        }
        if is_asked_for(whole.bytes()) || has_parents && whole.may_lead_to_ours() {
            Some(whole)
        } else {
            None
        }
    }

    /// Whether it would be asked about if no link were before a `..`: the supervisor knows the links.
    fn may_lead_to_ours(&self) -> bool {
        let mut short = Path { bytes: [0; PATH_MAX], len: 0 };
        for part in self.bytes().split(|&byte| byte == b'/') {
            if part == b".." {
                short.len = short.bytes().iter().rposition(|&byte| byte == b'/').unwrap_or(0);
            } else if short.enter(part).is_none() {
                return false;
            }
        }
        is_asked_for(short.bytes())
    }

    /// The folder that a relative path begins at. One with a path too long for this is none of ours.
    fn start_at(&mut self, folder: c_int) -> Option<()> {
        let into = self.bytes.as_mut_ptr() as usize;
        let got = if folder == sys::AT_FDCWD {
            // SAFETY: the kernel writes at most so much; the length counts the final zero.
            unsafe { sys::call(sys::GETCWD, [into, PATH_MAX, 0, 0, 0, 0]) - 1 }
        } else {
            let name = number_in_proc(folder)?;
            let at = name.as_ptr() as usize;
            // SAFETY: the name ends with a zero; the kernel writes at most so much.
            unsafe { sys::call(sys::READLINKAT, [sys::AT_FDCWD as usize, at, into, PATH_MAX, 0, 0]) }
        };
        self.len = usize::try_from(got).ok().filter(|&len| len < PATH_MAX)?;
        // Only the root ends with a slash; what is not a path begins with none.
        if self.bytes.first() != Some(&b'/') {
            return None;
        }
        if self.len == 1 {
            self.len = 0;
        }
        Some(())
    }

    fn enter(&mut self, part: &[u8]) -> Option<()> {
        match part {
            b"" | b"." => {}
            part => {
                let to = self.bytes.get_mut(self.len..self.len + 1 + part.len())?;
                let (slash, name) = to.split_first_mut()?;
                *slash = b'/';
                name.copy_from_slice(part);
                self.len += 1 + part.len();
            }
        }
        Some(())
    }
}

/// `/proc/self/fd/NUMBER`, with a final zero.
fn number_in_proc(number: c_int) -> Option<[u8; 32]> {
    let mut name = [0; 32];
    let start = b"/proc/self/fd/";
    name.get_mut(..start.len())?.copy_from_slice(start);
    let mut left = u32::try_from(number).ok()?;
    let digits = left.checked_ilog10().unwrap_or(0) as usize + 1;
    for at in (start.len()..start.len() + digits).rev() {
        *name.get_mut(at)? = b'0' + (left % 10) as u8;
        left /= 10;
    }
    Some(name)
}
