//! A compiler for another processor's Linux: the active one if it has the library for it, else that of Debian's packages,
//! with a library that is built here, once, from their source.

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::{
    call::Call,
    failure::Failure,
    project::{self, Project},
    shell::{quoted, script},
    toolchain,
};

pub(super) struct Compiler {
    /// Another compiler than the active one.
    rustc: Option<PathBuf>,
}

impl Compiler {
    /// `folder` is where it may build and keep things.
    pub(super) fn find(project: &Project, folder: &Path, target: &str) -> Result<Self, Failure> {
        if toolchain::has_target(project, target) {
            println!("the active toolchain has the target {target}");
            return Ok(Compiler { rustc: None });
        }
        let prefix = toolchain::made(project, &[])?;
        let libraries = folder.join("sysroot/lib/rustlib");
        let made_of = format!("{}\n{}{CRATES}\n", prefix.display(), project::read(&prefix.join("packages"))?);
        let stamp = libraries.join(target).join("made-of");
        if !fs::read_to_string(&stamp).is_ok_and(|text| text == made_of) {
            build(project, &prefix, folder, target, &libraries.join(target).join("lib"))?;
            fs::write(&stamp, &made_of).map_err(|error| Failure::io(&stamp, &error))?;
        }
        let host = toolchain::host(project)?;
        link(&prefix.join("root/usr/lib/rustlib").join(&host), &libraries.join(&host))?;
        let rustc = format!(
            "exec {} --sysroot {} \"$@\"\n",
            quoted(&prefix.join("bin/rustc")),
            quoted(&folder.join("sysroot"))
        );
        Ok(Compiler { rustc: Some(script(&folder.join("sysroot/rustc"), &rustc)?) })
    }

    /// Makes a call of cargo, or of what calls it, use this compiler.
    pub(super) fn equip(&self, call: Call) -> Call {
        match &self.rustc {
            Some(rustc) => call.env("RUSTC", rustc),
            None => call,
        }
    }
}

/// What of the standard library is built, and `test`, which tests need.
const CRATES: &str = "std,panic_unwind,test";

/// Builds the standard library for this target into a folder.
fn build(project: &Project, prefix: &Path, folder: &Path, target: &str, into: &Path) -> Result<(), Failure> {
    println!("building Rust's standard library for {target}");
    let package = folder.join("std");
    project::make_folder(&package.join("src"))?;
    let manifest = "[package]\nname = \"std-only\"\nedition = \"2021\"\n[workspace]\n";
    for (path, text) in [("Cargo.toml", manifest), ("src/lib.rs", "")] {
        let path = package.join(path);
        fs::write(&path, text).map_err(|error| Failure::io(&path, &error))?;
    }
    let made = folder.join("std-target");
    // RUSTC_BOOTSTRAP here and nowhere else: build scripts of ordinary crates look at it.
    // embed-bitcode: without it the wheel could not be built with link-time optimisation.
    Call::cargo(project, "build --release --quiet --target")
        .arg(target)
        .arg(format!("-Zbuild-std={CRATES}"))
        .folder(&package)
        .target_dir(&made)
        .env("RUSTC", prefix.join("bin/rustc"))
        .env("RUSTC_BOOTSTRAP", "1")
        .env("RUSTFLAGS", "-Cembed-bitcode=yes")
        .run("XTASK-WHEELS-STD", "the source among Debian's packages is not that of their compiler")?;
    // From an older source there may be others.
    let _ = fs::remove_dir_all(into);
    project::make_folder(into)?;
    for file in project::files(&made.join(target).join("release/deps"))? {
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if name.ends_with(".rlib") && !name.starts_with("libstd_only-") {
            fs::copy(&file, into.join(&name)).map_err(|error| Failure::io(&file, &error))?;
        }
    }
    // What was made of it is all that is needed.
    let _ = fs::remove_dir_all(made);
    Ok(())
}

/// Makes `link` lead to `there`, wherever it led before.
fn link(there: &Path, link: &Path) -> Result<(), Failure> {
    let _ = fs::remove_file(link);
    #[cfg(unix)]
    std::os::unix::fs::symlink(there, link).map_err(|error| Failure::io(link, &error))?;
    #[cfg(not(unix))]
    let _ = there;
    Ok(())
}
