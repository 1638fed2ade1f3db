//! Which system calls are trapped, as data: the program that the kernel runs at each system call of the program.
//!
//! A path cannot be read by such a program, so each call with a path is trapped. Reads, writes and their kind are
//! trapped only for file numbers of a small range, so that all other I/O runs at full speed; an ioctl also if its
//! request is one of i2c-dev or of the GPIO character device, whatever the number of the file is.
//!
//! # Guarantees
//! * Calls of another architecture (32-bit programs) are never mistaken for those of this one: their numbers are looked
//!   up in a table of their own.
//! * Every jump goes forward and ends at an answer, for any numbers.

use super::calls::{self, Shape};
use super::named;

/// `SECCOMP_RET_ALLOW`: the kernel does the call.
pub(super) const ALLOW: u32 = 0x7fff_0000;
/// `SECCOMP_RET_USER_NOTIF`: the supervisor is asked.
pub(super) const ASK: u32 = 0x7fc0_0000;

/// An instruction, laid out as `struct sock_filter`.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Instruction {
    pub(super) code: u16,
    pub(super) if_true: u8,
    pub(super) if_false: u8,
    pub(super) constant: u32,
}

// The instructions of classic BPF that are used here: linux/bpf_common.h.
pub(super) const LOAD: u16 = 0x20;
pub(super) const SHIFT_RIGHT: u16 = 0x74;
pub(super) const AND: u16 = 0x54;
pub(super) const JUMP: u16 = 0x05;
pub(super) const IF_EQUAL: u16 = 0x15;
pub(super) const IF_GREATER: u16 = 0x25;
pub(super) const IF_NOT_LESS: u16 = 0x35;
pub(super) const IF_ANY_BIT: u16 = 0x45;
pub(super) const RETURN: u16 = 0x06;

// Offsets in `struct seccomp_data`.
const NUMBER: u32 = 0;
const ARCH: u32 = 4;
/// The lower half of an argument: all that the kernel takes of a file number, of flags or of a request.
const fn argument(index: u32) -> u32 {
    let low = if cfg!(target_endian = "big") { 4 } else { 0 };
    16 + 8 * index + low
}

/// The number of standard error.
const LAST_STANDARD: u32 = 2;

/// File numbers, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Numbers {
    pub(super) first: u32,
    pub(super) last: u32,
}

impl Numbers {
    pub(super) fn holds(self, number: u32) -> bool {
        (self.first..=self.last).contains(&number)
    }
}

/// The ranges of file numbers in which files of simulated devices are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Ranges {
    /// Buses.
    pub(super) buses: Numbers,
    /// Files of the GPIO chip. Begins right after `buses`.
    pub(super) lines: Numbers,
}

impl Ranges {
    /// The highest numbers that a program with this limit may have, but below 1024, which `select` can handle.
    pub(super) fn below(limit: u64) -> Ranges {
        let end = u32::try_from(limit).unwrap_or(u32::MAX).clamp(8, 1024);
        let all = (end / 2).min(128);
        let lines = all / 4;
        Ranges {
            buses: Numbers { first: end - all, last: end - lines - 1 },
            lines: Numbers { first: end - lines, last: end - 1 },
        }
    }

    /// Both ranges.
    pub(super) fn all(self) -> Numbers {
        Numbers { first: self.buses.first, last: self.lines.last }
    }
}

fn step(code: u16, constant: u32) -> Instruction {
    Instruction { code, if_true: 0, if_false: 0, constant }
}

fn test(code: u16, constant: u32, if_true: u8, if_false: u8) -> Instruction {
    Instruction { code, if_true, if_false, constant }
}

/// Asks if an argument is in a range.
fn ask_within(index: u32, numbers: Numbers) -> [Instruction; 5] {
    [
        step(LOAD, argument(index)),
        test(IF_NOT_LESS, numbers.first, 0, 1),
        test(IF_GREATER, numbers.last, 0, 1),
        step(RETURN, ALLOW),
        step(RETURN, ASK),
    ]
}

/// Asks if the first argument is a standard file's number: a program that is given the bus there looks at what it is, and
/// some do not go on with a directory.
fn ask_standard() -> [Instruction; 3] {
    [step(LOAD, argument(0)), test(IF_GREATER, LAST_STANDARD, 1, 0), step(RETURN, ASK)]
}

/// What decides on a call of this shape.
fn decide(shape: Shape, ranges: Ranges) -> Vec<Instruction> {
    let mut code = Vec::new();
    match shape {
        Shape::Read | Shape::Write | Shape::ReadVector | Shape::WriteVector => {
            code.extend(ask_within(0, ranges.all()));
        }
        Shape::Seek => code.extend(ask_within(0, ranges.buses)),
        Shape::FileStat => {
            code.extend(ask_standard());
            code.extend(ask_within(0, ranges.all()));
        }
        Shape::Dup | Shape::Dup3 => code.extend(ask_within(0, ranges.all())),
        #[cfg(target_arch = "x86_64")]
        Shape::Dup2 => code.extend(ask_within(0, ranges.all())),
        Shape::Control => {
            let commands = [calls::F_DUPFD, calls::F_GETFL, calls::F_DUPFD_CLOEXEC].into_iter();
            let commands: Vec<u32> = commands.chain(calls::LOCKS).collect();
            code.push(step(LOAD, argument(1)));
            // Past the commands that are left, and the answer behind them.
            let past = (1..=commands.len() as u8).rev();
            code.extend(commands.iter().zip(past).map(|(&command, past)| test(IF_EQUAL, command, past, 0)));
            code.push(step(RETURN, ALLOW));
            code.extend(ask_within(0, ranges.all()));
        }
        Shape::Ioctl => {
            code.extend([
                step(LOAD, argument(1)),
                step(SHIFT_RIGHT, 8),
                test(IF_EQUAL, calls::I2C_REQUESTS, 2, 0),
                step(AND, 0xff),
                test(IF_EQUAL, calls::GPIO_REQUESTS, 0, 1),
                step(RETURN, ASK),
            ]);
            code.extend(ask_within(0, ranges.all()));
        }
        Shape::StatAt | Shape::AccessAt2 | Shape::Statx => {
            let flags = if shape == Shape::Statx { 2 } else { 3 };
            code.extend([
                step(LOAD, argument(flags)),
                test(IF_ANY_BIT, calls::AT_EMPTY_PATH, 1, 0),
                step(RETURN, ASK),
                // What is looked at is a file by its number, or the working directory.
                step(LOAD, argument(0)),
                test(IF_EQUAL, calls::AT_FDCWD, 0, 1),
                step(RETURN, ASK),
            ]);
            code.extend(ask_standard());
            code.extend(ask_within(0, ranges.all()));
        }
        _ => code.push(step(RETURN, ASK)),
    }
    code
}

/// The whole program.
pub(super) fn program(ranges: Ranges) -> Vec<Instruction> {
    let mut native = vec![step(LOAD, NUMBER)];
    for &(number, shape) in calls::TABLE {
        let body = decide(shape, ranges);
        native.push(test(IF_EQUAL, number, 0, body.len() as u8));
        native.extend(body);
    }
    for &(number, ..) in named::TABLE {
        native.extend([test(IF_EQUAL, number, 0, 1), step(RETURN, ASK)]);
    }
    native.push(step(RETURN, ALLOW));

    let mut code = vec![step(LOAD, ARCH), test(IF_EQUAL, calls::ARCH, 0, 1), step(JUMP, 0)];
    // A jump on a condition reaches 255 instructions; one without, any number.
    let mut other = vec![test(IF_EQUAL, calls::OTHER_ARCH, 1, 0), step(RETURN, ALLOW), step(LOAD, NUMBER)];
    for number in calls::OTHER_OPENS {
        other.extend([test(IF_EQUAL, number, 0, 1), step(RETURN, ASK)]);
    }
    other.push(step(RETURN, ALLOW));
    if let Some(jump) = code.last_mut() {
        jump.constant = other.len() as u32;
    }
    code.extend(other);
    code.extend(native);
    code
}
