//! The library that `mlsensor sim run` puts into a program by `LD_PRELOAD`: functions of the C library that open and
//! use files, which ask the supervisor where a file is virtual, and are the C library's own everywhere else.
//!
//! It is built by the crate's `build.rs`, embedded in the command, and needs nothing: no standard library, and of the C
//! library only what every process has, by name. So one file serves programs of any glibc, and of musl.
//!
//! # Guarantees
//! * A call on a file that is not virtual does what it did; as long as a process never had a virtual file open, without
//!   any other system call. A path costs one more: a look whether it is a link that leads to a device.
//! * Nothing of a virtual file is kept in the process: its number is a socket, which the kernel duplicates, inherits and
//!   closes. So a number that is used anew is never mistaken.
//! * Buffers, vectors and the arguments of ioctls are touched by the kernel alone, or when it said that they are there: so
//!   a wrong address is `EFAULT`, and no crash. Paths are read as the C library's functions read strings.
//! * No lock, no allocation, no thread: every function may be called where the C library's may, also in the child of
//!   `vfork` and in a handler of a signal.
//! * If the supervisor is gone, the process ends with a line that says so.
//!
//! This is the only code of the front end that is unsafe.

#![no_std]
#![deny(unsafe_op_in_unsafe_fn, clippy::undocumented_unsafe_blocks)]

mod attributes;
mod data;
mod flags;
mod folders;
mod glob;
mod line;
mod links;
mod open;
mod path;
mod process;
mod stat;
mod streams;
mod sys;
mod talk;
mod waiting;
#[allow(dead_code, reason = "shared with the supervisor, which uses the other half")]
mod wire;

#[used]
#[unsafe(link_section = ".init_array")]
static AT_START: extern "C" fn() = at_start;

extern "C" fn at_start() {
    process::look_at_start();
}

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    process::end(b"mlsensor: a fault in the library of `mlsensor sim run`; this program ends\n")
}

// Parts of the core library name the function that unwinds, though nothing here does. Hidden: a program in Rust has its
// own.
core::arch::global_asm!(
    ".hidden rust_eh_personality",
    ".globl rust_eh_personality",
    "rust_eh_personality:",
    ".byte 0",
);
