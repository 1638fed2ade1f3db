//! The system calls that are trapped, by number.

#[cfg(target_arch = "x86_64")]
mod numbers {
    /// `AUDIT_ARCH_X86_64`.
    pub(in super::super) const ARCH: u32 = 0xC000_003E;
    /// `AUDIT_ARCH_I386`.
    pub(in super::super) const OTHER_ARCH: u32 = 0x4000_0003;
    /// open, creat, openat, openat2 of 32-bit programs.
    pub(in super::super) const OTHER_OPENS: [u32; 4] = [5, 8, 295, 437];
}

#[cfg(target_arch = "aarch64")]
mod numbers {
    /// `AUDIT_ARCH_AARCH64`.
    pub(in super::super) const ARCH: u32 = 0xC000_00B7;
    /// `AUDIT_ARCH_ARM`.
    pub(in super::super) const OTHER_ARCH: u32 = 0x4000_0028;
    /// open, creat, openat, openat2 of 32-bit programs.
    pub(in super::super) const OTHER_OPENS: [u32; 4] = [5, 8, 322, 437];
}

/// Whether the numbers and structures here are those of this processor.
pub(super) const IS_KNOWN: bool = cfg!(any(target_arch = "x86_64", target_arch = "aarch64"));

/// Of no processor: nothing is trapped there.
#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
mod numbers {
    pub(in super::super) const ARCH: u32 = 0;
    pub(in super::super) const OTHER_ARCH: u32 = 0;
    pub(in super::super) const OTHER_OPENS: [u32; 4] = [0; 4];
}

pub(super) use numbers::{ARCH, OTHER_ARCH, OTHER_OPENS};

pub(super) const F_GETFL: u32 = libc::F_GETFL as u32;
pub(super) const F_DUPFD: u32 = libc::F_DUPFD as u32;
pub(super) const F_DUPFD_CLOEXEC: u32 = libc::F_DUPFD_CLOEXEC as u32;
/// The commands of `fcntl` that lock, for a process and for an open file, at once and after waiting.
pub(super) const LOCKS: [u32; 4] =
    [libc::F_SETLK as u32, libc::F_SETLKW as u32, libc::F_OFD_SETLK as u32, libc::F_OFD_SETLKW as u32];
pub(super) const AT_EMPTY_PATH: u32 = libc::AT_EMPTY_PATH as u32;
pub(super) const AT_FDCWD: u32 = libc::AT_FDCWD as u32;
/// The requests of i2c-dev are 0x700 to 0x7FF; linux/i2c-dev.h.
pub(super) const I2C_REQUESTS: u32 = 0x7;
/// The type of the requests of the GPIO character device; linux/gpio.h.
pub(super) const GPIO_REQUESTS: u32 = 0xB4;

/// What the arguments of a call are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Read,
    Write,
    ReadVector,
    WriteVector,
    Ioctl,
    FileStat,
    Dup,
    #[cfg(target_arch = "x86_64")]
    Dup2,
    Dup3,
    Control,
    OpenAt,
    OpenAt2,
    #[cfg(target_arch = "x86_64")]
    Open,
    #[cfg(target_arch = "x86_64")]
    Create,
    #[cfg(target_arch = "x86_64")]
    Stat,
    #[cfg(target_arch = "x86_64")]
    LinkStat,
    #[cfg(target_arch = "x86_64")]
    Access,
    #[cfg(target_arch = "x86_64")]
    ReadLink,
    StatAt,
    Statx,
    AccessAt,
    AccessAt2,
    ReadLinkAt,
    Attribute,
    LinkAttribute,
    Attributes,
    LinkAttributes,
    Seek,
    WorkingDirectory,
    Uring,
}

/// The calls, those first that programs make most.
pub(super) const TABLE: &[(u32, Shape)] = &[
    (libc::SYS_read as u32, Shape::Read),
    (libc::SYS_write as u32, Shape::Write),
    (libc::SYS_ioctl as u32, Shape::Ioctl),
    (libc::SYS_readv as u32, Shape::ReadVector),
    (libc::SYS_writev as u32, Shape::WriteVector),
    (libc::SYS_pread64 as u32, Shape::Read),
    (libc::SYS_pwrite64 as u32, Shape::Write),
    (libc::SYS_fcntl as u32, Shape::Control),
    (libc::SYS_fstat as u32, Shape::FileStat),
    (libc::SYS_preadv as u32, Shape::ReadVector),
    (libc::SYS_pwritev as u32, Shape::WriteVector),
    (libc::SYS_preadv2 as u32, Shape::ReadVector),
    (libc::SYS_pwritev2 as u32, Shape::WriteVector),
    (libc::SYS_dup as u32, Shape::Dup),
    #[cfg(target_arch = "x86_64")]
    (libc::SYS_dup2 as u32, Shape::Dup2),
    (libc::SYS_dup3 as u32, Shape::Dup3),
    (libc::SYS_openat as u32, Shape::OpenAt),
    #[cfg(target_pointer_width = "64")]
    (libc::SYS_newfstatat as u32, Shape::StatAt),
    #[cfg(target_pointer_width = "32")]
    (libc::SYS_fstatat64 as u32, Shape::StatAt),
    (libc::SYS_statx as u32, Shape::Statx),
    (libc::SYS_openat2 as u32, Shape::OpenAt2),
    #[cfg(target_arch = "x86_64")]
    (libc::SYS_open as u32, Shape::Open),
    #[cfg(target_arch = "x86_64")]
    (libc::SYS_creat as u32, Shape::Create),
    #[cfg(target_arch = "x86_64")]
    (libc::SYS_stat as u32, Shape::Stat),
    #[cfg(target_arch = "x86_64")]
    (libc::SYS_lstat as u32, Shape::LinkStat),
    #[cfg(target_arch = "x86_64")]
    (libc::SYS_access as u32, Shape::Access),
    #[cfg(target_arch = "x86_64")]
    (libc::SYS_readlink as u32, Shape::ReadLink),
    (libc::SYS_readlinkat as u32, Shape::ReadLinkAt),
    (libc::SYS_faccessat as u32, Shape::AccessAt),
    // No name for it in the library for each architecture; the number is the same on all.
    (439, Shape::AccessAt2),
    (libc::SYS_getxattr as u32, Shape::Attribute),
    (libc::SYS_lgetxattr as u32, Shape::LinkAttribute),
    (libc::SYS_listxattr as u32, Shape::Attributes),
    (libc::SYS_llistxattr as u32, Shape::LinkAttributes),
    (libc::SYS_lseek as u32, Shape::Seek),
    (libc::SYS_getcwd as u32, Shape::WorkingDirectory),
    (libc::SYS_io_uring_setup as u32, Shape::Uring),
];
