//! Where the library and the sockets are while a program runs: a private directory of its own.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use rustix::fs::{StatVfsMountFlags, statvfs};
use tempfile::TempDir;

use super::{CODE, wire};
use crate::Report;
use crate::virtual_bus::files::private_directory;

/// The directory. It is removed with this; if this process is killed, by one that comes later.
#[derive(Debug)]
pub(super) struct Place {
    directory: TempDir,
    _lock: File,
}

impl Place {
    /// Makes the directory, and the library in it.
    ///
    /// # Errors
    /// Why each of the usual directories for temporary files is none for this.
    pub(super) fn make(library: &[u8]) -> Result<Place, Report> {
        let mut reasons = String::new();
        let usual = [std::env::temp_dir(), "/tmp".into(), "/var/tmp".into(), "/dev/shm".into()];
        let own = std::env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from);
        for parent in usual.into_iter().chain(own) {
            match Place::make_in(&parent, library) {
                Ok(place) => return Ok(place),
                Err(error) => reasons += &format!("; {}: {error}", parent.display()),
            }
        }
        Err(Report {
            what: format!("there is no directory for a library that the program can load{reasons}"),
            likely: "every directory for temporary files is read-only, full, or mounted noexec".to_owned(),
            run: "TMPDIR=$HOME mlsensor sim run -- PROGRAM".to_owned(),
            code: CODE.to_owned(),
        })
    }

    fn make_in(parent: &Path, library: &[u8]) -> io::Result<Place> {
        // The linker takes a space or a colon in LD_PRELOAD for the end of a name, and replaces what follows a dollar.
        let name = parent.as_os_str().as_bytes();
        if !parent.is_absolute() || name.iter().any(|byte| b" :$;\n\t".contains(byte)) {
            return Err(io::Error::other("not a path that LD_PRELOAD can hold"));
        }
        if statvfs(parent)?.f_flag.contains(StatVfsMountFlags::NOEXEC) {
            return Err(io::Error::other("mounted noexec"));
        }
        let (directory, _lock) = private_directory(parent)?;
        let place = Place { directory, _lock };
        if place.directory.path().as_os_str().len() > wire::FOLDER_MAX {
            return Err(io::Error::other("too long a path for a socket"));
        }
        fs::write(place.library(), library)?;
        Ok(place)
    }

    fn library(&self) -> PathBuf {
        self.directory.path().join("libmlsensor_preload.so")
    }

    /// The address of a socket, by its name.
    pub(super) fn socket(&self, name: &str) -> PathBuf {
        self.directory.path().join(name.trim_start_matches('/'))
    }

    /// Lets a program load the library, before those that its user wants it to load.
    pub(super) fn set_up(&self, command: &mut Command) {
        let variable = "LD_PRELOAD";
        let set = command.get_envs().find(|(name, _)| *name == variable);
        let before = match set {
            Some((_, value)) => value.map(OsString::from),
            None => std::env::var_os(variable),
        };
        let mut value = OsString::from(self.library());
        if let Some(before) = before.filter(|before| !before.is_empty()) {
            value.push(":");
            value.push(before);
        }
        command.env(variable, value).env(wire::FOLDER_VARIABLE, self.directory.path());
    }
}
