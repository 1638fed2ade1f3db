//! Where the library and the sockets are while a program runs: a folder of its own, for this user alone.

use std::ffi::OsString;
use std::fs::{self, DirBuilder};
use std::io;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use rustix::fs::{StatVfsMountFlags, statvfs};

use super::{CODE, wire};
use crate::Report;

/// The folder. It is removed with this.
#[derive(Debug)]
pub(super) struct Place {
    folder: PathBuf,
}

impl Drop for Place {
    fn drop(&mut self) {
        // Nothing more can be done about what is left: it is in a folder for temporary files.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

impl Place {
    /// Makes the folder, and the library in it.
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
            what: format!("no folder for a library that the program can load{reasons}"),
            likely: "every folder for temporary files is read-only, full, or mounted noexec".to_owned(),
            run: "TMPDIR=$HOME mlsensor sim run -- PROGRAM".to_owned(),
            code: CODE.to_owned(),
        })
    }

    fn make_in(parent: &Path, library: &[u8]) -> io::Result<Place> {
        // The linker takes a space and a colon in LD_PRELOAD for the end of a name, and replaces what follows a dollar.
        let name = parent.as_os_str().as_bytes();
        if !parent.is_absolute() || name.iter().any(|byte| b" :$;\n\t".contains(byte)) {
            return Err(io::Error::other("not a path that LD_PRELOAD can hold"));
        }
        if statvfs(parent)?.f_flag.contains(StatVfsMountFlags::NOEXEC) {
            return Err(io::Error::other("mounted noexec"));
        }
        let folder = (0..1000)
            .map(|n| parent.join(format!("mlsensor-{}-{n}", std::process::id())))
            .find_map(|folder| match DirBuilder::new().mode(0o700).create(&folder) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => None,
                result => Some(result.map(|()| folder)),
            })
            .ok_or(io::ErrorKind::AlreadyExists)??;
        let place = Place { folder };
        if place.folder.as_os_str().len() > wire::FOLDER_MAX {
            return Err(io::Error::other("too long a path for a socket"));
        }
        fs::write(place.library(), library)?;
        Ok(place)
    }

    fn library(&self) -> PathBuf {
        self.folder.join("libmlsensor_preload.so")
    }

    /// The address of a socket, by its name.
    pub(super) fn socket(&self, name: &str) -> PathBuf {
        self.folder.join(name.trim_start_matches('/'))
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
        command.env(variable, value).env(wire::FOLDER_VARIABLE, &self.folder);
    }
}
