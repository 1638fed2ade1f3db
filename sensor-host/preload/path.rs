//! Paths as a program writes them, as absolute ones.

use core::ffi::{CStr, c_char, c_int};

use crate::sys::{self, AT_FDCWD};
use crate::wire::{PATH_MAX, is_asked_for};

/// So many links are followed on a path, as by the kernel.
const LINKS_MAX: u32 = 40;

/// An absolute path without `.` and double slashes. What is behind it is zero.
pub(crate) struct Path {
    bytes: [u8; PATH_MAX + 1],
    len: usize,
    must_be_folder: bool,
}

impl Path {
    const ROOT: Path = Path { bytes: [0; PATH_MAX + 1], len: 0, must_be_folder: false };

    pub(crate) fn bytes(&self) -> &[u8] {
        self.bytes.get(..self.len).unwrap_or_default()
    }

    /// Whether it was written with a slash behind it: then nothing but a folder will do.
    pub(crate) fn must_be_folder(&self) -> bool {
        self.must_be_folder
    }

    /// The path of an open folder, if it is one that the supervisor is to be asked about.
    pub(crate) fn of_folder(folder: c_int) -> Option<Path> {
        let mut whole = Path::ROOT;
        whole.start_at(folder)?;
        is_asked_for(whole.bytes()).then_some(whole)
    }

    /// The path, if it is one that the supervisor is to be asked about. If it is not, but the last part of it is a link
    /// that is to be followed, and leads to such a path, then that one.
    ///
    /// # Safety
    /// `path` is null or a string, as for the function of the C library that it was given to.
    pub(crate) unsafe fn asked_for(folder: c_int, path: *const c_char, follows: bool) -> Option<Path> {
        // Those that cannot be an address are left to the kernel, which says EFAULT.
        if path.addr() < 4096 || path.addr() > isize::MAX as usize {
            return None;
        }
        // SAFETY: as the caller says.
        let path = unsafe { CStr::from_ptr(path) }.to_bytes();
        let mut whole = Path::ROOT;
        if path.first() != Some(&b'/') {
            if path.is_empty() {
                return None;
            }
            whole.start_at(folder)?;
        }
        if whole.go(path)? { Some(whole) } else { follows.then(|| whole.by_link())? }
    }

    /// Where a link leads that a program or a rule of udev made, if the supervisor is to be asked about that.
    fn by_link(mut self) -> Option<Path> {
        for _ in 0..LINKS_MAX {
            let mut target = [0_u8; PATH_MAX];
            let (path, into) = (self.bytes.as_ptr() as usize, target.as_mut_ptr() as usize);
            // SAFETY: a zero is behind the path; the kernel writes at most so much.
            let got = unsafe { sys::call(sys::READLINKAT, [AT_FDCWD as usize, path, into, PATH_MAX, 0, 0]) };
            let target = target.get(..usize::try_from(got).ok().filter(|&got| got < PATH_MAX)?)?;
            let is_absolute = target.first() == Some(&b'/');
            let parent = self.bytes().iter().rposition(|&byte| byte == b'/').unwrap_or(0);
            self.len = if is_absolute { 0 } else { parent };
            self.bytes.iter_mut().skip(self.len).for_each(|byte| *byte = 0);
            if self.go(target)? {
                return Some(self);
            }
        }
        None
    }

    /// Goes on from here. Whether the supervisor is to be asked about where that leads.
    fn go(&mut self, path: &[u8]) -> Option<bool> {
        let mut has_parents = false;
        for part in path.split(|&byte| byte == b'/') {
            has_parents |= part == b"..";
            self.enter(part)?;
        }
        self.must_be_folder |= path.ends_with(b"/") || path.ends_with(b"/.");
        Some(is_asked_for(self.bytes()) || has_parents && self.may_lead_to_ours())
    }

    /// Whether it would be asked about if no link were before a `..`: the supervisor knows the links.
    fn may_lead_to_ours(&self) -> bool {
        let mut short = Path::ROOT;
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
        let got = if folder == AT_FDCWD {
            // SAFETY: the kernel writes at most so much; the length counts the final zero.
            unsafe { sys::call(sys::GETCWD, [into, PATH_MAX, 0, 0, 0, 0]) - 1 }
        } else {
            let name = number_in_proc(folder)?;
            let at = name.as_ptr() as usize;
            // SAFETY: the name ends with a zero; the kernel writes at most so much.
            unsafe { sys::call(sys::READLINKAT, [AT_FDCWD as usize, at, into, PATH_MAX, 0, 0]) }
        };
        self.len = usize::try_from(got).ok().filter(|&len| len < PATH_MAX)?;
        // Only the root ends with a slash; what is not a path begins with none.
        if self.bytes.first() != Some(&b'/') {
            return None;
        }
        if self.len == 1 {
            self.len = 0;
            self.bytes = Path::ROOT.bytes;
        }
        Some(())
    }

    fn enter(&mut self, part: &[u8]) -> Option<()> {
        match part {
            b"" | b"." => {}
            part => {
                // The last byte stays zero.
                let (_, room) = self.bytes.split_last_mut()?;
                let to = room.get_mut(self.len..self.len + 1 + part.len())?;
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
