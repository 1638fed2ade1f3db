//! A program that uses a GPIO chip: its memory, and what it asks, byte by byte as `<linux/gpio.h>` lays it down.
//!
//! Offsets and numbers are typed from the header once more: the code under test has no say in them.
#![allow(dead_code, reason = "each test binary uses a part")]

use std::time::Duration;

use mlsensor_host::virtual_bus::gpio::{ChipLayout, GpioChip};
use mlsensor_host::virtual_bus::real_time::Stamp;
use mlsensor_host::virtual_bus::{Answer, Call, Errno, FileId, Memory};

/// The line that something drives.
pub(crate) const WIRED: u32 = 17;
/// Where a structure is in the memory of the program.
pub(crate) const AT: u64 = 0x5000;

/// Memory of which some can be read, and some of that written.
pub(crate) struct Bytes {
    pub(crate) bytes: Vec<u8>,
    pub(crate) writable: bool,
}

impl Bytes {
    fn range(&self, at: u64, len: usize) -> Result<std::ops::Range<usize>, Errno> {
        let begin = usize::try_from(at.checked_sub(AT).ok_or(Errno::FAULT)?).map_err(|_| Errno::FAULT)?;
        let end = begin.checked_add(len).filter(|&end| end <= self.bytes.len()).ok_or(Errno::FAULT)?;
        Ok(begin..end)
    }
}

impl Memory for Bytes {
    fn read(&mut self, at: u64, into: &mut [u8]) -> Result<(), Errno> {
        let range = self.range(at, into.len())?;
        into.copy_from_slice(&self.bytes[range]);
        Ok(())
    }

    fn write(&mut self, at: u64, bytes: &[u8]) -> Result<(), Errno> {
        let range = self.range(at, bytes.len())?;
        if !self.writable {
            return Err(Errno::FAULT);
        }
        self.bytes[range].copy_from_slice(bytes);
        Ok(())
    }
}

/// A structure of so many bytes, zero but for these.
pub(crate) fn structure(size: usize, fields: &[(usize, &[u8])]) -> Vec<u8> {
    let mut bytes = vec![0; size];
    for &(at, field) in fields {
        bytes[at..at + field.len()].copy_from_slice(field);
    }
    bytes
}

pub(crate) fn u32s(values: &[u32]) -> Vec<u8> {
    values.iter().flat_map(|value| value.to_ne_bytes()).collect()
}

pub(crate) fn u64_at(bytes: &[u8], at: usize) -> u64 {
    u64::from_ne_bytes(bytes[at..at + 8].try_into().unwrap())
}

pub(crate) fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_ne_bytes(bytes[at..at + 4].try_into().unwrap())
}

pub(crate) fn text_at(bytes: &[u8], at: usize) -> &str {
    let text = &bytes[at..at + 32];
    std::str::from_utf8(text.split(|&byte| byte == 0).next().unwrap()).unwrap()
}

/// A moment by the clock of the test, in microseconds; the real-time clock is ahead by 1,000,000 s.
pub(crate) fn stamp(us: u64) -> Stamp {
    let monotonic = Duration::from_micros(us);
    Stamp { monotonic, realtime: monotonic + Duration::from_secs(1_000_000) }
}

/// A chip, and a program that has it open.
pub(crate) struct Program {
    pub(crate) chip: GpioChip,
    pub(crate) file: FileId,
    pub(crate) now_us: u64,
    next: u64,
}

impl Program {
    pub(crate) fn new() -> Program {
        let mut chip = GpioChip::new(&ChipLayout::default(), [(WIRED, "", false)].into_iter());
        chip.open(FileId(0));
        Program { chip, file: FileId(0), now_us: 5, next: 1 }
    }

    /// One more open of the chip.
    pub(crate) fn open(&mut self) -> FileId {
        let file = FileId(self.next);
        self.next += 1;
        self.chip.open(file);
        file
    }

    pub(crate) fn raw(&mut self, file: FileId, call: Call, memory: &mut dyn Memory) -> Result<Answer, Errno> {
        let answer = self.chip.call(file, call, memory, stamp(self.now_us), FileId(self.next));
        if matches!(answer, Ok(Answer::File { .. })) {
            self.next += 1;
        }
        answer
    }

    /// An ioctl with a structure, which it gives back as the program finds it then.
    pub(crate) fn ioctl(&mut self, file: FileId, request: u32, bytes: Vec<u8>) -> Result<Vec<u8>, Errno> {
        let mut memory = Bytes { bytes, writable: true };
        match self.raw(file, Call::Ioctl { request, argument: AT }, &mut memory)? {
            Answer::Number(0) => Ok(memory.bytes),
            answer => panic!("{answer:?}"),
        }
    }

    /// An ioctl that opens a file: the file, and where its number goes.
    pub(crate) fn request(&mut self, request: u32, bytes: Vec<u8>) -> Result<(FileId, u64), Errno> {
        let mut memory = Bytes { bytes: bytes.clone(), writable: true };
        match self.raw(self.file, Call::Ioctl { request, argument: AT }, &mut memory)? {
            Answer::File { file, at } => {
                assert_eq!(memory.bytes, bytes, "only the front end knows the number");
                Ok((file, at - AT))
            }
            answer => panic!("{answer:?}"),
        }
    }

    pub(crate) fn close(&mut self, file: FileId) {
        self.chip.close(file, stamp(self.now_us));
    }

    /// The wired line gets another level.
    pub(crate) fn edge(&mut self, is_high: bool, us: u64) {
        self.chip.edge(WIRED, is_high, stamp(us));
    }

    /// The records of a file, in order.
    pub(crate) fn records(&mut self, file: FileId) -> Vec<Vec<u8>> {
        let events = self.chip.take_events().into_iter();
        events.filter(|event| event.file == file).map(|event| event.bytes).collect()
    }
}
