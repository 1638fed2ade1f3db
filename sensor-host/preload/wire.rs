//! What the library inside a program and its supervisor say to each other. Both include this file.
//!
//! They talk over sockets that keep messages whole (`SOCK_SEQPACKET`). A message is a [`Header`], then bytes. Both
//! ends are of one build and on one machine, so numbers are in the machine's own order.
//!
//! * To ask for a path, the library connects to [`CALLS`] and sends one request. The answer to [`OPEN`] may be
//!   [`OPENED`]: then the connection is the open file from there on, and needs no bookkeeping when the program
//!   duplicates, inherits or closes its number. Nothing is sent over it any more: it is there to be known by its peer's
//!   name, to carry the file's key (as its `SO_RCVLOWAT`, which sockets of this kind do not use), and to be hung up.
//! * Calls on open files are made over connections to [`TALKS`], one at a time on each. Until a call is over ([`DONE`],
//!   [`STATUS`]) the supervisor may ask for memory ([`WANT`]) and fill memory ([`PUT`]).

/// The variable with the folder of the sockets.
pub const FOLDER_VARIABLE: &str = "MLSENSOR_PRELOAD";
/// The socket of files whose calls all go to the supervisor, in that folder.
pub const CALLS: &str = "/calls";
/// The socket of files that a program reads by itself, and whose other calls go to the supervisor.
pub const EVENTS: &str = "/events";
/// The socket that calls are made over, in that folder.
pub const TALKS: &str = "/talks";
/// The longest path of the folder, in bytes: a socket's address holds 108 with the name and the final zero.
pub const FOLDER_MAX: usize = 96;
/// The longest path that is asked for, in bytes.
pub const PATH_MAX: usize = 512;
/// The most bytes behind a header.
pub const DATA_MAX: usize = 16384;

/// Open a path: `extra` has the flags. Answered by `OPENED`, `ATTACHED`, `INSTEAD`, `NATIVE` or `DONE`.
pub const OPEN: u32 = 1;
/// What is at a path: answered by `STATUS`, `INSTEAD` or `NATIVE`. `extra` is 1 if a link is to be followed.
pub const LOOK: u32 = 2;
/// By which path without links a program knows a device, or a file that it was told to use instead: answered by `INSTEAD`
/// or `NATIVE`.
pub const NAME: u32 = 3;

/// `read(fd, at, len)`. In this and all other calls `value` has the key of the file. The first bytes that come begin at
/// `at`.
pub const READ: u32 = 16;
/// `write(fd, at, len)`. The first bytes may follow, so that they need not be asked for.
pub const WRITE: u32 = 17;
/// `ioctl(fd, extra, at)`.
pub const IOCTL: u32 = 18;
/// `fstat(fd)`: answered by `STATUS`.
pub const FSTAT: u32 = 19;
/// `fcntl(fd, F_GETFL)`: answered by `DONE`, with what the file was opened for.
pub const FLAGS: u32 = 20;

/// The bytes at `at`, `len` of them, are wanted: answered by `HAVE` or `FAULT`.
pub const WANT: u32 = 32;
/// The bytes behind the header go to `at`. No answer.
pub const PUT: u32 = 33;
/// The call is over: it returns `value`, or an errno if that is negative. Bytes behind the header go to `at`. A file
/// that is attached is a new file of the program: its number goes to `at`, where a `PUT` succeeded before.
pub const DONE: u32 = 34;
/// What a device is: a [`Status`].
pub const STATUS: u32 = 35;
/// The connection is the open file: `extra` has its key.
pub const OPENED: u32 = 36;
/// The file that is attached is the open file: `extra` has its key.
pub const ATTACHED: u32 = 37;
/// There is nothing virtual there: ask the kernel.
pub const NATIVE: u32 = 38;
/// Use the path behind the header instead.
pub const INSTEAD: u32 = 39;

/// The wanted bytes are behind the header.
pub const HAVE: u32 = 48;
/// The program has no such memory.
pub const FAULT: u32 = 49;

/// The bytes of a header.
pub const HEADER: usize = 32;

/// The beginning of a message.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Header {
    /// One of the constants above.
    pub kind: u32,
    /// A small number, if the kind has one.
    pub extra: u32,
    /// A result, if the kind has one.
    pub value: i64,
    /// An address in the program, if the kind has one.
    pub at: u64,
    /// A length, if the kind has one.
    pub len: u64,
}

impl Header {
    /// The header's bytes.
    #[must_use]
    pub fn emit(&self) -> [u8; HEADER] {
        let mut bytes = [0; HEADER];
        bytes[..4].copy_from_slice(&self.kind.to_ne_bytes());
        bytes[4..8].copy_from_slice(&self.extra.to_ne_bytes());
        bytes[8..16].copy_from_slice(&self.value.to_ne_bytes());
        bytes[16..24].copy_from_slice(&self.at.to_ne_bytes());
        bytes[24..].copy_from_slice(&self.len.to_ne_bytes());
        bytes
    }

    /// The header of a message, unless it is too short for one.
    #[must_use]
    pub fn parse(bytes: &[u8]) -> Option<Header> {
        Some(Header {
            kind: u32::from_ne_bytes(*bytes.first_chunk()?),
            extra: u32::from_ne_bytes(*bytes.get(4..)?.first_chunk()?),
            value: i64::from_ne_bytes(*bytes.get(8..)?.first_chunk()?),
            at: u64::from_ne_bytes(*bytes.get(16..)?.first_chunk()?),
            len: u64::from_ne_bytes(*bytes.get(24..)?.first_chunk()?),
        })
    }
}

/// The bytes of a status.
pub const STATUS_LEN: usize = 48;

/// What `stat` tells of a device.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Status {
    /// `st_mode`.
    pub mode: u32,
    /// `st_uid`.
    pub user: u32,
    /// `st_gid`.
    pub group: u32,
    /// The device's numbers: major and minor.
    pub numbers: (u32, u32),
    /// Those of the file system that it is in.
    pub file_system: (u32, u32),
    /// `st_ino`.
    pub inode: u64,
    /// All of its times, in seconds since 1970.
    pub seconds: i64,
}

impl Status {
    /// The bytes of it.
    #[must_use]
    pub fn emit(&self) -> [u8; STATUS_LEN] {
        let mut bytes = [0; STATUS_LEN];
        let numbers = [
            self.mode,
            self.user,
            self.group,
            self.numbers.0,
            self.numbers.1,
            self.file_system.0,
            self.file_system.1,
        ];
        for (to, number) in bytes.chunks_exact_mut(4).zip(numbers) {
            to.copy_from_slice(&number.to_ne_bytes());
        }
        bytes[32..40].copy_from_slice(&self.inode.to_ne_bytes());
        bytes[40..].copy_from_slice(&self.seconds.to_ne_bytes());
        bytes
    }

    /// A status, unless there are too few bytes.
    #[must_use]
    pub fn parse(bytes: &[u8]) -> Option<Status> {
        let number = |at: usize| Some(u32::from_ne_bytes(*bytes.get(at * 4..)?.first_chunk()?));
        Some(Status {
            mode: number(0)?,
            user: number(1)?,
            group: number(2)?,
            numbers: (number(3)?, number(4)?),
            file_system: (number(5)?, number(6)?),
            inode: u64::from_ne_bytes(*bytes.get(32..)?.first_chunk()?),
            seconds: i64::from_ne_bytes(*bytes.get(40..)?.first_chunk()?),
        })
    }
}

/// Whether the supervisor is to be asked about an absolute path: all others are the kernel's without a question.
#[must_use]
pub fn is_asked_for(path: &[u8]) -> bool {
    const FAMILIES: [&[u8]; 8] = [
        b"/dev/i2c-",
        b"/dev/gpiochip",
        b"/sys/class/i2c-",
        b"/sys/bus/i2c",
        b"/sys/bus/gpio",
        b"/sys/dev/char/89:",
        b"/sys/dev/char/254:",
        b"/sys/devices/platform/mlsensor",
    ];
    // Folders that list them.
    const FOLDERS: [&[u8]; 7] = [
        b"/dev",
        b"/sys/class",
        b"/sys/bus",
        b"/sys/dev",
        b"/sys/dev/char",
        b"/sys/devices",
        b"/sys/devices/platform",
    ];
    let is_asked_for = || FAMILIES.iter().any(|family| path.starts_with(family)) || FOLDERS.contains(&path);
    let is_stand_in = || path.windows(STAND_INS.len()).any(|part| part == STAND_INS);
    (path.starts_with(b"/dev") || path.starts_with(b"/sys")) && is_asked_for() || is_stand_in()
}

/// What the paths of files have in them that stand in for others.
pub const STAND_INS: &[u8] = b"/mlsensor-files-";
