//! Programs that would run without their bus, found out before they are started.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::Read as _;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::process::Command;

use super::CODE;
use crate::Report;

/// How much of a file is looked at. The headers of an ELF file that a linker wrote are at its beginning.
const LOOKED_AT: u64 = 16384;
/// So many interpreters of interpreters the kernel starts.
const SCRIPTS_MAX: u32 = 5;

/// What a file is to the kernel that starts it.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Kind {
    /// A program with a dynamic linker, for this processor.
    Dynamic,
    /// A program without one.
    Static,
    /// A program for another processor.
    Foreign,
    /// Something that another program interprets: its path.
    Script(PathBuf),
    /// Anything else: the start will tell.
    Unknown,
}

/// Refuses a program that the library would not be loaded into.
pub(super) fn refuse_what_would_not_see(command: &Command) -> Result<(), Report> {
    let Some(mut path) = find(command) else { return Ok(()) };
    for _ in 0..SCRIPTS_MAX {
        let why = match look(&path) {
            Kind::Static => "is statically linked",
            Kind::Foreign => "is for another processor",
            Kind::Script(interpreter) => {
                path = interpreter;
                continue;
            }
            Kind::Dynamic if changes_user(&path) => "runs with the rights of another user",
            Kind::Dynamic | Kind::Unknown => return Ok(()),
        };
        return Err(Report {
            what: format!("{} {why}: LD_PRELOAD does not reach it, so it would not see the simulated bus", path.display()),
            likely: "--route preload was asked for; or the route that serves any program, seccomp, is refused here by a \
                     container's profile, or by a kernel before 5.14"
                .to_owned(),
            run: "mlsensor sim run --route seccomp -- PROGRAM".to_owned(),
            code: CODE.to_owned(),
        });
    }
    Ok(())
}

/// Where the program is, as it will be looked for.
fn find(command: &Command) -> Option<PathBuf> {
    let name = command.get_program();
    let folder = command.get_current_dir();
    if name.as_bytes().contains(&b'/') {
        return Some(folder.map_or_else(|| name.into(), |folder| folder.join(name)));
    }
    let set = command.get_envs().find(|(variable, _)| *variable == "PATH");
    let path = match set {
        Some((_, value)) => value.map(OsStr::to_owned),
        None => std::env::var_os("PATH"),
    };
    let is_program = |path: &PathBuf| {
        fs::metadata(path).is_ok_and(|found| found.is_file() && found.permissions().mode() & 0o111 != 0)
    };
    std::env::split_paths(&path?).map(|folder| folder.join(name)).find(is_program)
}

fn look(path: &Path) -> Kind {
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(LOOKED_AT).read_to_end(&mut bytes));
    if read.is_ok() { kind(&bytes) } else { Kind::Unknown }
}

/// Whether the linker leaves out libraries of LD_PRELOAD, because the program gets other rights than its caller.
fn changes_user(path: &Path) -> bool {
    let Ok(found) = fs::metadata(path) else { return false };
    let (mode, user, group) = (found.mode(), rustix::process::getuid(), rustix::process::getgid());
    let is_other_user = mode & 0o4000 != 0 && found.uid() != user.as_raw();
    let is_other_group = mode & 0o2010 == 0o2010 && found.gid() != group.as_raw();
    let mut attribute = [0_u8; 64];
    let has_capabilities = !user.is_root()
        && rustix::fs::getxattr(path, "security.capability", &mut attribute[..]).is_ok_and(|len| len > 0);
    is_other_user || is_other_group || has_capabilities
}

/// What a file is, by its beginning.
fn kind(bytes: &[u8]) -> Kind {
    if let Some(line) = bytes.strip_prefix(b"#!") {
        let line = line.split(|&byte| byte == b'\n').next().unwrap_or_default();
        let mut words = line.split(|byte| b" \t".contains(byte)).filter(|word| !word.is_empty());
        return words.next().map_or(Kind::Unknown, |word| Kind::Script(OsStr::from_bytes(word).into()));
    }
    if bytes.starts_with(b"\x7fELF") { elf(bytes).unwrap_or(Kind::Unknown) } else { Kind::Unknown }
}

/// What an ELF file is, if its headers are all there. Offsets are those of elf(5).
fn elf(bytes: &[u8]) -> Option<Kind> {
    const IS_64_BIT: u8 = 2;
    const IS_NATIVE_ORDER: u8 = if cfg!(target_endian = "little") { 1 } else { 2 };
    const MACHINE: u16 = if cfg!(target_arch = "x86_64") { 62 } else { 183 };
    const PT_INTERP: u32 = 3;
    let half = |at: usize| Some(u16::from_ne_bytes(*bytes.get(at..)?.first_chunk()?));
    if *bytes.get(4)? != IS_64_BIT || *bytes.get(5)? != IS_NATIVE_ORDER || half(18)? != MACHINE {
        return Some(Kind::Foreign);
    }
    let start = usize::try_from(u64::from_ne_bytes(*bytes.get(32..)?.first_chunk()?)).ok()?;
    let (size, count) = (usize::from(half(54)?), usize::from(half(56)?));
    for n in 0..count {
        let header = bytes.get(start.checked_add(n.checked_mul(size)?)?..)?;
        if u32::from_ne_bytes(*header.first_chunk()?) == PT_INTERP {
            return Some(Kind::Dynamic);
        }
    }
    Some(Kind::Static)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_test_is_a_dynamic_program() {
        let this = std::env::current_exe().unwrap();
        let expected = if cfg!(target_feature = "crt-static") { Kind::Static } else { Kind::Dynamic };
        assert_eq!(look(&this), expected);
    }

    #[test]
    fn a_script_is_what_its_interpreter_is() {
        let script = |text: &[u8]| kind(text);
        assert_eq!(script(b"#!/bin/sh\necho"), Kind::Script("/bin/sh".into()));
        assert_eq!(script(b"#! /usr/bin/env python3\n"), Kind::Script("/usr/bin/env".into()));
        assert_eq!(script(b"#!"), Kind::Unknown);
        assert_eq!(script(b"echo"), Kind::Unknown);
    }

    #[test]
    fn another_processor_is_told_from_this_one() {
        let this = fs::read(std::env::current_exe().unwrap()).unwrap();
        let mut other = this.clone();
        other[18] ^= 1;
        assert_eq!(kind(&other), Kind::Foreign);
        let mut narrow = this;
        narrow[4] = 1;
        assert_eq!(kind(&narrow), Kind::Foreign);
    }

    proptest::proptest! {
        #[test]
        fn whatever_a_file_holds_is_something(mut bytes: Vec<u8>, is_elf: bool) {
            if is_elf {
                bytes.splice(..0, *b"\x7fELF\x02\x01");
            }
            kind(&bytes);
        }
    }
}
