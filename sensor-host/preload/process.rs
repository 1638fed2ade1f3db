//! What the library knows of the process that it is in.

use core::ffi::{c_char, c_int, c_void};
use core::sync::atomic::{AtomicBool, AtomicU8, AtomicU64, AtomicUsize, Ordering::Relaxed};

use crate::sys::{self, Raw};
use crate::wire::{CALLS, EVENTS, FOLDER_MAX, FOLDER_VARIABLE, TALKS};

unsafe extern "C" {
    safe fn __errno_location() -> *mut c_int;
    fn getenv(name: *const c_char) -> *const c_char;
}

/// The folder of the supervisor's sockets. A copy, for the program may change its environment; atomic, for it may be
/// looked for by two threads at once.
static FOLDER: [AtomicU8; FOLDER_MAX] = [const { AtomicU8::new(0) }; FOLDER_MAX];
/// The length of the folder's path, and whether it was looked for.
static FOLDER_LEN: AtomicUsize = AtomicUsize::new(UNKNOWN);
const UNKNOWN: usize = usize::MAX;
/// Whether this process may have had a virtual file open. As long as it had none, no call is looked at.
static HAD_A_FILE: AtomicBool = AtomicBool::new(false);

/// Returns what a function of the C library would: the result, or -1 and the errno.
pub(crate) fn returns(result: Raw) -> Raw {
    if (-4095..0).contains(&result) {
        // SAFETY: the C library's errno of this thread, which is there as long as the thread is.
        unsafe { *__errno_location() = -result as c_int };
        return -1;
    }
    result
}

/// The address of one of the supervisor's sockets.
#[repr(C)]
pub(crate) struct Address {
    family: u16,
    path: [u8; 108],
}

impl Address {
    /// The socket with this name, if this process has a supervisor.
    pub(crate) fn of(name: &str) -> Option<(Address, usize)> {
        let len = folder_len()?;
        let mut address = Address { family: sys::AF_UNIX as u16, path: [0; 108] };
        for (to, from) in address.path.iter_mut().zip(FOLDER.iter().take(len)) {
            *to = from.load(Relaxed);
        }
        for (to, from) in address.path.iter_mut().skip(len).zip(name.bytes()) {
            *to = from;
        }
        Some((address, 2 + len + name.len() + 1))
    }
}

fn folder_len() -> Option<usize> {
    let mut len = FOLDER_LEN.load(Relaxed);
    if len == UNKNOWN {
        len = find_folder();
        FOLDER_LEN.store(len, Relaxed);
    }
    (len > 0).then_some(len)
}

fn find_folder() -> usize {
    let mut name = [0_u8; 32];
    for (to, from) in name.iter_mut().zip(FOLDER_VARIABLE.bytes()) {
        *to = from;
    }
    // SAFETY: the name ends with a zero.
    let value = unsafe { getenv(name.as_ptr().cast()) };
    if value.is_null() {
        return 0;
    }
    for (i, to) in FOLDER.iter().enumerate() {
        // SAFETY: a string of the C library, read up to its zero.
        match unsafe { *value.add(i) } as u8 {
            0 => return i,
            byte => to.store(byte, Relaxed),
        }
    }
    // Too long to be the supervisor's.
    0
}

/// What a number stands for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum File {
    /// Every call goes to the supervisor.
    Calls,
    /// Reading and waiting is the kernel's.
    Events,
    /// None of the program's: calls are made over it.
    Talk,
}

/// Notes that there is a virtual file in this process.
pub(crate) fn has_a_file() {
    HAD_A_FILE.store(true, Relaxed);
}

/// Whether there may be a virtual file in this process.
pub(crate) fn may_have_files() -> bool {
    HAD_A_FILE.load(Relaxed)
}

/// Which virtual file this is, if it is one. The number itself says nothing: it may be a copy, inherited, or used anew.
pub(crate) fn file(fd: c_int) -> Option<File> {
    if !may_have_files() {
        return None;
    }
    look(fd).filter(|file| *file != File::Talk)
}

/// Which socket of the supervisor's this one is connected to.
pub(crate) fn look(fd: c_int) -> Option<File> {
    let mut address = Address { family: 0, path: [0; 108] };
    let mut len = size_of::<Address>() as u32;
    // SAFETY: the kernel writes at most so much into the address.
    let named = unsafe {
        sys::call(sys::GETPEERNAME, [fd as usize, &raw mut address as usize, &raw mut len as usize, 0, 0, 0])
    };
    if named < 0 || len <= 2 {
        return None;
    }
    let folder = folder_len()?;
    let (path, name) = address.path.split_at_checked(folder)?;
    if !path.iter().zip(&FOLDER).all(|(a, b)| *a == b.load(Relaxed)) {
        return None;
    }
    let name = name.split(|&byte| byte == 0).next()?;
    if name == CALLS.as_bytes() {
        Some(File::Calls)
    } else if name == EVENTS.as_bytes() {
        Some(File::Events)
    } else if name == TALKS.as_bytes() {
        Some(File::Talk)
    } else {
        None
    }
}

/// The device and the inode of the directory that was the root when this process began.
static ROOT: [AtomicU64; 2] = [const { AtomicU64::new(0) }; 2];

/// The device and the inode of the root directory. Zeros, if the kernel does not say.
fn root() -> [u64; 2] {
    // A `struct stat` begins with them, and is no longer than this.
    let mut stat = [0_u64; 24];
    let into = stat.as_mut_ptr() as usize;
    // SAFETY: the path ends with a zero; the kernel writes a structure that fits.
    unsafe { sys::call(sys::NEWFSTATAT, [sys::AT_FDCWD as usize, c"/".as_ptr() as usize, into, 0, 0, 0]) };
    [stat[0], stat[1]]
}

/// Whether the program went into another root directory, where the supervisor's sockets are not to be found.
pub(crate) fn has_another_root() -> bool {
    root() != [ROOT[0].load(Relaxed), ROOT[1].load(Relaxed)]
}

/// Looks where the process is, and which virtual files it inherited.
pub(crate) fn look_at_start() {
    if folder_len().is_none() {
        return;
    }
    for (to, from) in ROOT.iter().zip(root()) {
        to.store(from, Relaxed);
    }
    let flags = sys::O_DIRECTORY | sys::O_CLOEXEC;
    let path = c"/proc/self/fd".as_ptr() as usize;
    // SAFETY: the path ends with a zero.
    let folder = unsafe { sys::call(sys::OPENAT, [sys::AT_FDCWD as usize, path, flags as usize, 0, 0, 0]) };
    if folder < 0 {
        // Without /proc nobody can tell: then every call is looked at.
        return has_a_file();
    }
    let mut entries = [0_u8; 1024];
    loop {
        let into = [folder as usize, entries.as_mut_ptr() as usize, entries.len(), 0, 0, 0];
        // SAFETY: the kernel writes at most so much.
        let got = unsafe { sys::call(sys::GETDENTS64, into) };
        let Some(mut left) = usize::try_from(got).ok().and_then(|got| entries.get(..got)) else { break };
        if left.is_empty() {
            break;
        }
        // An entry: inode and offset (8 bytes each), its length (2), its type (1), its name.
        while let (Some(len), Some(name)) = (left.get(16..18), left.get(19..)) {
            let digits = name.iter().take_while(|byte| byte.is_ascii_digit());
            let number = digits.fold(0, |number: c_int, digit| {
                number.saturating_mul(10).saturating_add(c_int::from(digit - b'0'))
            });
            if name.first().is_some_and(u8::is_ascii_digit) && look(number).is_some() {
                has_a_file();
            }
            let len = usize::from(u16::from_ne_bytes([len[0], len[1]]));
            left = left.get(len.max(1)..).unwrap_or_default();
        }
    }
    sys::close(folder as c_int);
}

/// Ends the process, because the supervisor is gone: without it every answer would be a guess.
pub(crate) fn gone() -> ! {
    end(b"mlsensor: the simulated bus is gone, because `mlsensor sim run` was ended; this program ends too\n")
}

/// Ends the process, with a line that says why.
pub(crate) fn end(line: &[u8]) -> ! {
    const SIGKILL: usize = 9;
    // SAFETY: the line lives as long as the call; this process is killed, whatever it handles.
    unsafe {
        sys::call(sys::WRITE, [2, line.as_ptr() as usize, line.len(), 0, 0, 0]);
        let this = sys::call(sys::GETPID, [0; 6]);
        loop {
            sys::call(sys::KILL, [this as usize, SIGKILL, 0, 0, 0, 0]);
        }
    }
}

/// What functions of the C library do whose buffer is too small, where a program was built to check that.
pub(crate) fn refuse_overflow(len: usize, size: usize) {
    if len > size {
        end(b"*** buffer overflow detected ***: terminated\n");
    }
}

/// A function of the libraries behind this one.
pub(crate) fn next(cache: &AtomicUsize, name: &core::ffi::CStr) -> Option<*const c_void> {
    let known = cache.load(Relaxed);
    if known != 0 {
        return (known != MISSING).then(|| core::ptr::with_exposed_provenance(known));
    }
    const RTLD_NEXT: *mut c_void = core::ptr::without_provenance_mut(usize::MAX);
    // SAFETY: the linker wrote the function's address there, or zero.
    let dlsym = unsafe { mlsensor_preload_dlsym };
    // SAFETY: the name ends with a zero.
    let found = dlsym.map_or(core::ptr::null_mut(), |dlsym| unsafe { dlsym(RTLD_NEXT, name.as_ptr()) });
    cache.store(if found.is_null() { MISSING } else { found.expose_provenance() }, Relaxed);
    (!found.is_null()).then_some(found)
}

const MISSING: usize = usize::MAX;

// `dlsym` is not in the C library itself before glibc 2.34: a strong reference would keep a program from starting.
core::arch::global_asm!(
    ".weak dlsym",
    ".pushsection .data.rel.ro.mlsensor_preload,\"aw\"",
    ".balign 8",
    ".hidden mlsensor_preload_dlsym",
    ".globl mlsensor_preload_dlsym",
    "mlsensor_preload_dlsym:",
    ".quad dlsym",
    ".popsection",
);

unsafe extern "C" {
    static mlsensor_preload_dlsym: Option<unsafe extern "C" fn(*mut c_void, *const c_char) -> *mut c_void>;
}

/// The function of this name behind this library's own, as the type that the C library gives it.
macro_rules! behind {
    ($name:literal, $type:ty) => {{
        static CACHE: core::sync::atomic::AtomicUsize = core::sync::atomic::AtomicUsize::new(0);
        $crate::process::next(&CACHE, $name).map(|found| {
            // SAFETY: the C library's function of this name has this type.
            #[allow(unused_unsafe, reason = "some callers are unsafe blocks already")]
            unsafe {
                core::mem::transmute::<*const core::ffi::c_void, $type>(found)
            }
        })
    }};
}
pub(crate) use behind;
