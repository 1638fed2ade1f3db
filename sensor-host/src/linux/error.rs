//! What an errno of a bus means: one kind of error each, whether another try can help, and what embedded-hal calls it.
//!
//! The meanings are those of the kernel's own list (Documentation/i2c/fault-codes.rst), and of the drivers of a Raspberry
//! Pi's adapters where these differ. The numbers are Linux's, on whatever system this is compiled.

use std::fmt;
use std::io;
use std::sync::Arc;

use embedded_hal::i2c::{self, NoAcknowledgeSource};

use crate::Report;

/// What was being done when it failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Doing {
    /// Opening the file of the bus.
    Open,
    /// Choosing the address of the sensor (`I2C_SLAVE`).
    Address,
    /// A plain read.
    Read,
    /// A plain write.
    Write,
    /// A transaction of several messages (`I2C_RDWR`).
    Transfer,
}

/// Whether another try can help, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Retry {
    /// At once.
    Now,
    /// After so many milliseconds.
    AfterMs(u32),
    /// After the bus was opened anew: the open file is of no use any more, or there is none.
    Reopen,
    /// Not before somebody has changed something.
    Never,
}

/// What an error of a bus means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum LinuxErrorKind {
    /// ENOENT: there is no such bus, or not yet, or no more.
    NoSuchBus,
    /// EACCES, EPERM: this user may not use the bus.
    NoPermission,
    /// ENOTTY: the file is no I2C bus. EISDIR: it is a folder.
    NotABus,
    /// EREMOTEIO, ENXIO: nothing acknowledged.
    NoAcknowledge,
    /// EIO: the bus misbehaves. On a Raspberry Pi: the sensor held the clock for too long.
    BusFault,
    /// ETIMEDOUT: the bus hangs.
    TimedOut,
    /// EAGAIN: another controller won the bus.
    ArbitrationLost,
    /// EBUSY on choosing the address: a driver of the kernel has it.
    AddressInUse,
    /// EBUSY on a transfer: the bus was busy for longer than the adapter waits.
    BusBusy,
    /// ENODEV: the adapter is gone, as one on USB that was unplugged.
    Gone,
    /// ESHUTDOWN: the adapter is suspended, or being removed.
    Suspended,
    /// EPROTO, EPIPE, EILSEQ, EOVERFLOW: the way to an adapter on USB fails.
    Adapter,
    /// EOPNOTSUPP: the adapter cannot do plain transfers.
    Unsupported,
    /// EINVAL: the kernel refuses the transfer as such.
    Refused,
    /// EINTR: a signal came.
    Interrupted,
    /// EMFILE, ENFILE, ENOMEM: the system is out of something.
    OutOfResources,
    /// The kernel gave fewer bytes than were asked for, and no error.
    ShortRead {
        /// How many came.
        got: usize,
        /// How many were asked for.
        wanted: usize,
    },
    /// The kernel took fewer bytes than there were, and no error.
    ShortWrite {
        /// How many were taken.
        taken: usize,
        /// How many there were.
        of: usize,
    },
    /// The kernel made fewer messages of a transaction than there were, and no error: some adapters say so if nothing
    /// acknowledges.
    Incomplete {
        /// How many were made.
        done: usize,
        /// How many there were.
        of: usize,
    },
    /// Any other errno.
    Other,
}

/// Errno values, as Linux numbers them on every machine that Rust's standard library knows but MIPS and SPARC.
pub(super) mod errno {
    pub(crate) const EPERM: i32 = 1;
    pub(crate) const ENOENT: i32 = 2;
    pub(crate) const EINTR: i32 = 4;
    pub(crate) const EIO: i32 = 5;
    pub(crate) const ENXIO: i32 = 6;
    pub(crate) const EAGAIN: i32 = 11;
    pub(crate) const ENOMEM: i32 = 12;
    pub(crate) const EACCES: i32 = 13;
    pub(crate) const EBUSY: i32 = 16;
    pub(crate) const ENODEV: i32 = 19;
    pub(crate) const EISDIR: i32 = 21;
    pub(crate) const EINVAL: i32 = 22;
    pub(crate) const ENFILE: i32 = 23;
    pub(crate) const EMFILE: i32 = 24;
    pub(crate) const ENOTTY: i32 = 25;
    pub(crate) const EPIPE: i32 = 32;
    pub(crate) const EPROTO: i32 = 71;
    pub(crate) const EOVERFLOW: i32 = 75;
    pub(crate) const EILSEQ: i32 = 84;
    pub(crate) const EOPNOTSUPP: i32 = 95;
    pub(crate) const ESHUTDOWN: i32 = 108;
    pub(crate) const ETIMEDOUT: i32 = 110;
    pub(crate) const EREMOTEIO: i32 = 121;
}

impl LinuxErrorKind {
    /// What this errno means, when it came of this.
    #[must_use]
    pub const fn of(doing: Doing, errno: i32) -> LinuxErrorKind {
        use errno::{
            EACCES, EAGAIN, EBUSY, EILSEQ, EINTR, EINVAL, EIO, EISDIR, EMFILE, ENFILE, ENODEV, ENOENT,
            ENOMEM, ENOTTY, ENXIO, EOPNOTSUPP, EOVERFLOW, EPERM, EPIPE, EPROTO, EREMOTEIO, ESHUTDOWN,
            ETIMEDOUT,
        };
        match errno {
            ENOENT => LinuxErrorKind::NoSuchBus,
            EACCES | EPERM => LinuxErrorKind::NoPermission,
            ENOTTY | EISDIR => LinuxErrorKind::NotABus,
            // Opening asks nothing of the bus: it is the adapter that does not answer then.
            ENXIO if matches!(doing, Doing::Open) => LinuxErrorKind::Gone,
            EREMOTEIO | ENXIO => LinuxErrorKind::NoAcknowledge,
            EIO => LinuxErrorKind::BusFault,
            ETIMEDOUT => LinuxErrorKind::TimedOut,
            EAGAIN => LinuxErrorKind::ArbitrationLost,
            EBUSY if matches!(doing, Doing::Open | Doing::Address) => LinuxErrorKind::AddressInUse,
            EBUSY => LinuxErrorKind::BusBusy,
            ENODEV => LinuxErrorKind::Gone,
            ESHUTDOWN => LinuxErrorKind::Suspended,
            EPROTO | EPIPE | EILSEQ | EOVERFLOW => LinuxErrorKind::Adapter,
            EOPNOTSUPP => LinuxErrorKind::Unsupported,
            EINVAL => LinuxErrorKind::Refused,
            EINTR => LinuxErrorKind::Interrupted,
            EMFILE | ENFILE | ENOMEM => LinuxErrorKind::OutOfResources,
            _ => LinuxErrorKind::Other,
        }
    }

    /// Whether another try can help, and when.
    #[must_use]
    pub const fn retry(self) -> Retry {
        /// About as long as the sensor takes for a result: sooner there is nothing new to read.
        const NEXT_RESULT: Retry = Retry::AfterMs(140);
        match self {
            LinuxErrorKind::ArbitrationLost | LinuxErrorKind::Interrupted => Retry::Now,
            LinuxErrorKind::BusBusy => Retry::AfterMs(20),
            LinuxErrorKind::NoAcknowledge
            | LinuxErrorKind::BusFault
            | LinuxErrorKind::TimedOut
            | LinuxErrorKind::ShortRead { .. }
            | LinuxErrorKind::ShortWrite { .. }
            | LinuxErrorKind::Incomplete { .. } => NEXT_RESULT,
            LinuxErrorKind::Suspended | LinuxErrorKind::OutOfResources => Retry::AfterMs(1000),
            LinuxErrorKind::NoSuchBus
            | LinuxErrorKind::Gone
            | LinuxErrorKind::Adapter
            | LinuxErrorKind::Other => Retry::Reopen,
            LinuxErrorKind::NoPermission
            | LinuxErrorKind::NotABus
            | LinuxErrorKind::AddressInUse
            | LinuxErrorKind::Unsupported
            | LinuxErrorKind::Refused => Retry::Never,
        }
    }
}

/// Why a bus of the kernel failed. Clones are cheap.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct LinuxError {
    bus: Arc<str>,
    doing: Doing,
    kind: LinuxErrorKind,
    errno: Option<i32>,
}

impl LinuxError {
    /// An error of the bus of this path, with the errno that came of it.
    #[must_use]
    pub fn new(bus: impl Into<Arc<str>>, doing: Doing, errno: i32) -> LinuxError {
        LinuxError { bus: bus.into(), doing, kind: LinuxErrorKind::of(doing, errno), errno: Some(errno) }
    }

    /// An error that is no errno: too few bytes or messages.
    #[must_use]
    pub fn without_errno(bus: impl Into<Arc<str>>, doing: Doing, kind: LinuxErrorKind) -> LinuxError {
        LinuxError { bus: bus.into(), doing, kind, errno: None }
    }

    /// The path of the bus.
    #[must_use]
    pub fn bus(&self) -> &str {
        &self.bus
    }

    /// What was being done.
    #[must_use]
    pub const fn doing(&self) -> Doing {
        self.doing
    }

    /// What it means.
    #[must_use]
    pub const fn kind(&self) -> LinuxErrorKind {
        self.kind
    }

    /// The errno, if it was one.
    #[must_use]
    pub const fn errno(&self) -> Option<i32> {
        self.errno
    }

    /// Whether another try can help, and when.
    #[must_use]
    pub const fn retry(&self) -> Retry {
        self.kind.retry()
    }

    /// What is to be told to a person.
    #[must_use]
    pub fn report(&self) -> Report {
        self.report_as(&super::explain::what(self.doing, &self.bus))
    }

    /// The same, in words of yours for what failed: "no Person Sensor on /dev/i2c-1".
    #[must_use]
    pub fn report_as(&self, what: &str) -> Report {
        super::explain::report(self, what)
    }
}

impl fmt::Display for LinuxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.errno, self.kind) {
            (Some(errno), _) => io::Error::from_raw_os_error(errno).fmt(f),
            (None, LinuxErrorKind::ShortRead { got, wanted }) => {
                write!(f, "a short read: {got} of {wanted} bytes")
            }
            (None, LinuxErrorKind::ShortWrite { taken, of }) => {
                write!(f, "a short write: {taken} of {of} bytes")
            }
            (None, LinuxErrorKind::Incomplete { done, of }) => {
                write!(f, "a transaction that was cut short: {done} of {of} messages")
            }
            (None, kind) => write!(f, "{kind:?}"),
        }
    }
}

impl std::error::Error for LinuxError {}

impl From<LinuxError> for io::Error {
    /// With the errno, if there is one.
    fn from(error: LinuxError) -> io::Error {
        match error.errno {
            Some(errno) => io::Error::from_raw_os_error(errno),
            None => io::Error::new(io::ErrorKind::UnexpectedEof, error),
        }
    }
}

impl i2c::Error for LinuxError {
    fn kind(&self) -> i2c::ErrorKind {
        match self.kind {
            LinuxErrorKind::NoAcknowledge => i2c::ErrorKind::NoAcknowledge(NoAcknowledgeSource::Unknown),
            LinuxErrorKind::ArbitrationLost => i2c::ErrorKind::ArbitrationLoss,
            LinuxErrorKind::BusFault | LinuxErrorKind::BusBusy => i2c::ErrorKind::Bus,
            _ => i2c::ErrorKind::Other,
        }
    }
}
