//! Small programs for the shell, which stand in for a compiler, a linker or an interpreter.

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::failure::Failure;

/// A path as a shell takes it for one word.
pub(crate) fn quoted(path: &Path) -> String {
    format!("'{}'", path.display().to_string().replace('\'', "'\\''"))
}

/// Writes a program for the shell, unless it is there already: what is newer is built anew.
pub(crate) fn script(path: &Path, text: &str) -> Result<PathBuf, Failure> {
    let text = format!("#!/bin/sh\n{text}");
    let io = |error: std::io::Error| Failure::io(path, &error);
    if fs::read_to_string(path).ok().as_ref() != Some(&text) {
        fs::write(path, &text).map_err(io)?;
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            fs::set_permissions(path, fs::Permissions::from_mode(0o755)).map_err(io)?;
        }
    }
    Ok(path.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_survives_a_shell() {
        assert_eq!(quoted(Path::new("/my room/it's")), r"'/my room/it'\''s'");
    }
}
