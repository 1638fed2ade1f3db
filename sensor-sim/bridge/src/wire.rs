//! The bytes on the pipe, as mirror images: what one end emits the other one parses. The table is on the front page of this
//! crate.
//!
//! # Guarantees
//! * Every head is of fixed length, so that neither end ever waits for a byte that will not come.
//! * Parsing is total: each of the possible heads is one message, or refused. No two are the same message.
//! * The hello and its answer are the same in all versions.

use core::time::Duration;

use embedded_hal::i2c::{ErrorKind, NoAcknowledgeSource};

/// The version of the protocol.
pub const VERSION: u8 = 1;

/// How long a request is, without the operations of a transaction.
pub const REQUEST_LEN: usize = 10;

/// How long an answer is, without the text or the bytes that follow it.
pub const ANSWER_LEN: usize = 10;

/// How long the head of an operation is, without the bytes of a write.
pub const OPERATION_LEN: usize = 5;

/// How many bytes the reads of a transaction may have, together.
pub const MOST_READ: usize = 65_535;

/// The longest that one request can let pass, in nanoseconds: what the longest delay of embedded-hal is, 49 days.
pub const LONGEST_NS: u64 = u32::MAX as u64 * 1_000_000;

/// What a hello carries, so that nothing else is taken for one.
const HELLO: u64 = u64::from_le_bytes(*b"mlsensor");

/// Something that is none of the messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Garbage;

/// What firmware asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Request {
    /// The first one: is this a bridge? The value of the answer is the end of the scene.
    Hello {
        /// The version that the firmware speaks.
        version: u8,
    },
    /// What the scene is, in words. The value of the answer is their length in bytes; they follow.
    About {
        /// How many bytes the firmware has room for.
        capacity: u16,
    },
    /// The time. It is the value of this answer, and of all that follow.
    Now,
    /// Let time pass.
    Delay {
        /// How much, in nanoseconds.
        by_ns: u64,
    },
    /// Let time pass until a moment. The flag of the answer says whether the moment is one of the scene.
    WaitUntil {
        /// Since the beginning, in nanoseconds.
        moment_ns: u64,
    },
    /// An I2C transaction; its operations follow. What they read follows the answer.
    Transaction {
        /// Of seven bits.
        address: u8,
        /// How many operations follow.
        operations: u16,
    },
    /// The level of the presence pin, which is the flag of the answer.
    Pin,
    /// Let time pass until the presence pin does something.
    WaitForPin(PinWait),
}

/// What is waited for at a pin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PinWait {
    /// That it is high.
    High,
    /// That it is low.
    Low,
    /// That it becomes high.
    RisingEdge,
    /// That it becomes low.
    FallingEdge,
    /// That it changes.
    AnyEdge,
}

impl Request {
    /// The bytes.
    #[must_use]
    pub const fn emit(self) -> [u8; REQUEST_LEN] {
        let (op, argument, value) = match self {
            Request::Hello { version } => (1, version, HELLO),
            Request::About { capacity } => (2, 0, capacity as u64),
            Request::Now => (3, 0, 0),
            Request::Delay { by_ns } => (4, 0, by_ns),
            Request::WaitUntil { moment_ns } => (5, 0, moment_ns),
            Request::Transaction { address, operations } => (6, address, operations as u64),
            Request::Pin => (7, 0, 0),
            Request::WaitForPin(wait) => (8, wait as u8, 0),
        };
        head(op, argument, value)
    }

    /// The request, if it is one.
    ///
    /// # Errors
    /// [`Garbage`]: it is none of this version.
    pub const fn parse(bytes: [u8; REQUEST_LEN]) -> Result<Request, Garbage> {
        let (op, argument, value) = parts(bytes);
        Ok(match (op, argument, value) {
            (1, version, HELLO) => Request::Hello { version },
            (2, 0, 0..=0xFFFF) => Request::About { capacity: value as u16 },
            (3, 0, 0) => Request::Now,
            (4, 0, by_ns) => Request::Delay { by_ns },
            (5, 0, moment_ns) => Request::WaitUntil { moment_ns },
            (6, address @ 0..=0x7F, 0..=0xFFFF) => Request::Transaction { address, operations: value as u16 },
            (7, 0, 0) => Request::Pin,
            (8, 0, 0) => Request::WaitForPin(PinWait::High),
            (8, 1, 0) => Request::WaitForPin(PinWait::Low),
            (8, 2, 0) => Request::WaitForPin(PinWait::RisingEdge),
            (8, 3, 0) => Request::WaitForPin(PinWait::FallingEdge),
            (8, 4, 0) => Request::WaitForPin(PinWait::AnyEdge),
            _ => return Err(Garbage),
        })
    }
}

/// The head of one operation of a transaction. The bytes of a write follow it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    /// So many bytes are to be read.
    Read(u32),
    /// So many bytes are to be written.
    Write(u32),
}

impl Operation {
    /// The bytes.
    #[must_use]
    pub const fn emit(self) -> [u8; OPERATION_LEN] {
        let (kind, length) = match self {
            Operation::Read(length) => (0, length),
            Operation::Write(length) => (1, length),
        };
        let [a, b, c, d] = length.to_le_bytes();
        [kind, a, b, c, d]
    }

    /// The operation, if it is one.
    ///
    /// # Errors
    /// [`Garbage`]: it is none.
    pub const fn parse([kind, a, b, c, d]: [u8; OPERATION_LEN]) -> Result<Operation, Garbage> {
        let length = u32::from_le_bytes([a, b, c, d]);
        match kind {
            0 => Ok(Operation::Read(length)),
            1 => Ok(Operation::Write(length)),
            _ => Err(Garbage),
        }
    }
}

/// What the host answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answer {
    /// What came of it.
    pub status: Status,
    /// To a hello, the version of the host; else a yes (1) or no (0), if one was asked for.
    pub flag: u8,
    /// The time, unless the request says otherwise.
    pub value: u64,
}

/// What came of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// It was done.
    Done,
    /// The bus failed. A kind that is not known here goes as [`ErrorKind::Other`].
    I2c(ErrorKind),
    /// Nothing will ever change the pin.
    NothingWillHappen,
    /// The scene ended before the pin did what was waited for.
    SceneEnded,
    /// The wait is too long.
    TooFar,
    /// There is no presence pin.
    NoPin,
    /// It was no request. The host goes away.
    Refused,
    /// The host speaks another version. It goes away.
    Version,
}

impl Answer {
    /// The bytes.
    #[must_use]
    pub const fn emit(self) -> [u8; ANSWER_LEN] {
        head(self.status.code(), self.flag, self.value)
    }

    /// The answer, if it is one.
    ///
    /// # Errors
    /// [`Garbage`]: it is none of this version.
    pub const fn parse(bytes: [u8; ANSWER_LEN]) -> Result<Answer, Garbage> {
        let (code, flag, value) = parts(bytes);
        match Status::from_code(code) {
            Some(status) => Ok(Answer { status, flag, value }),
            None => Err(Garbage),
        }
    }
}

impl Status {
    const fn code(self) -> u8 {
        match self {
            Status::Done => 0,
            Status::I2c(ErrorKind::Bus) => 1,
            Status::I2c(ErrorKind::ArbitrationLoss) => 2,
            Status::I2c(ErrorKind::NoAcknowledge(NoAcknowledgeSource::Address)) => 3,
            Status::I2c(ErrorKind::NoAcknowledge(NoAcknowledgeSource::Data)) => 4,
            Status::I2c(ErrorKind::NoAcknowledge(NoAcknowledgeSource::Unknown)) => 5,
            Status::I2c(ErrorKind::Overrun) => 6,
            Status::I2c(_) => 7,
            Status::NothingWillHappen => 0x10,
            Status::SceneEnded => 0x11,
            Status::TooFar => 0x12,
            Status::NoPin => 0x13,
            Status::Refused => 0x80,
            Status::Version => 0x81,
        }
    }

    const fn from_code(code: u8) -> Option<Status> {
        Some(match code {
            0 => Status::Done,
            1 => Status::I2c(ErrorKind::Bus),
            2 => Status::I2c(ErrorKind::ArbitrationLoss),
            3 => Status::I2c(ErrorKind::NoAcknowledge(NoAcknowledgeSource::Address)),
            4 => Status::I2c(ErrorKind::NoAcknowledge(NoAcknowledgeSource::Data)),
            5 => Status::I2c(ErrorKind::NoAcknowledge(NoAcknowledgeSource::Unknown)),
            6 => Status::I2c(ErrorKind::Overrun),
            7 => Status::I2c(ErrorKind::Other),
            0x10 => Status::NothingWillHappen,
            0x11 => Status::SceneEnded,
            0x12 => Status::TooFar,
            0x13 => Status::NoPin,
            0x80 => Status::Refused,
            0x81 => Status::Version,
            _ => return None,
        })
    }
}

/// A time on the wire: nanoseconds from the beginning. All ones is a time that never comes, and what is later than that.
#[must_use]
pub const fn nanos(time: Duration) -> u64 {
    let nanos = time.as_nanos();
    if nanos >= u64::MAX as u128 { u64::MAX } else { nanos as u64 }
}

/// A time off the wire.
#[must_use]
pub const fn time(nanos: u64) -> Duration {
    if nanos == u64::MAX { Duration::MAX } else { Duration::from_nanos(nanos) }
}

const fn head(first: u8, second: u8, value: u64) -> [u8; 10] {
    let [a, b, c, d, e, f, g, h] = value.to_le_bytes();
    [first, second, a, b, c, d, e, f, g, h]
}

const fn parts([first, second, a, b, c, d, e, f, g, h]: [u8; 10]) -> (u8, u8, u64) {
    (first, second, u64::from_le_bytes([a, b, c, d, e, f, g, h]))
}

#[cfg(test)]
mod tests;
