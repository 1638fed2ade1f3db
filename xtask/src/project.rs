//! Where things are.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use crate::failure::Failure;

/// The checkout.
pub(crate) struct Project {
    /// The folder of the workspace's Cargo.toml.
    pub root: PathBuf,
    /// Where everything that is made goes: `target`, or what CARGO_TARGET_DIR says.
    pub target: PathBuf,
}

impl Project {
    pub(crate) fn find() -> Self {
        let package = env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
        let package = PathBuf::from(package);
        let root = package.parent().unwrap_or(&package).to_path_buf();
        let target = match env::var_os("CARGO_TARGET_DIR") {
            Some(folder) => env::current_dir().unwrap_or_default().join(folder),
            None => root.join("target"),
        };
        Project { root, target }
    }
}

/// The files of a folder in order of name, without those in folders below.
pub(crate) fn files(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let io = |error| Failure::io(folder, &error);
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(io)? {
        let path = entry.map_err(io)?.path();
        if path.is_file() {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

pub(crate) fn read(path: &Path) -> Result<String, Failure> {
    fs::read_to_string(path).map_err(|error| Failure::io(path, &error))
}

pub(crate) fn make_folder(path: &Path) -> Result<(), Failure> {
    fs::create_dir_all(path).map_err(|error| Failure::io(path, &error))
}

/// The name of a file without its folder and its ending.
pub(crate) fn stem(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}
