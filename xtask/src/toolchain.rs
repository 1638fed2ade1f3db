//! A compiler for microcontrollers: the active one if it can, else one made of Debian's packages.

use std::path::{Path, PathBuf};

use crate::{call::Call, debian, failure::Failure, project, project::Project};

/// A Cortex-M0: the smallest of the family. What builds for it builds for the larger ones.
pub(crate) const MCU_TARGET: &str = "thumbv6m-none-eabi";

/// The smallest of the family that has atomic pointers, without which nothing that parses scenario files builds.
pub(crate) const ATOMIC_TARGET: &str = "thumbv7m-none-eabi";

/// How to build for microcontrollers on this machine.
pub(crate) struct Mcu {
    /// Another compiler than the active one.
    made: Option<Made>,
    target_dir: PathBuf,
}

struct Made {
    rustc: PathBuf,
    linker: PathBuf,
    targets: Vec<&'static str>,
}

impl Mcu {
    /// For these targets: with the active toolchain if it has them all.
    pub(crate) fn find(project: &Project, targets: &[&'static str]) -> Result<Self, Failure> {
        let target_dir = project.target.join("mcu");
        let names = targets.join(", ");
        if targets.iter().all(|target| has_target(project, target)) {
            println!("the active toolchain has {names}");
            return Ok(Mcu { made: None, target_dir });
        }
        let rustc = made(project, targets)?.join("bin/rustc");
        let made = Made { rustc, linker: linker(project)?, targets: targets.to_vec() };
        Ok(Mcu { made: Some(made), target_dir })
    }

    /// Debian's compiler where there is Debian, whatever else is installed: its figures can be compared. Elsewhere the active
    /// toolchain, and false.
    pub(crate) fn of_debian(project: &Project, targets: &[&'static str]) -> Result<(Self, bool), Failure> {
        if debian::not_here().is_some() {
            return Ok((Mcu::find(project, targets)?, false));
        }
        let rustc = made(project, targets)?.join("bin/rustc");
        let made = Made { rustc, linker: linker(project)?, targets: targets.to_vec() };
        Ok((Mcu { made: Some(made), target_dir: project.target.join("mcu") }, true))
    }

    /// What the compiler calls itself.
    pub(crate) fn version(&self, project: &Project) -> Result<String, Failure> {
        let rustc = self.made.as_ref().map_or_else(|| "rustc".into(), |made| made.rustc.clone());
        match Call::new(project, rustc, "rustc", "-V").printed() {
            Some(version) => Ok(version.trim().to_owned()),
            None => Err(no_rustc()),
        }
    }

    /// Makes a call of cargo use this compiler, in a target folder of its own.
    pub(crate) fn equip(&self, call: Call) -> Call {
        let mut call = call.target_dir(&self.target_dir);
        if let Some(Made { rustc, linker, targets }) = &self.made {
            call = call.env("RUSTC", rustc);
            for target in targets {
                let name = target.to_uppercase().replace(['-', '.'], "_");
                call = call.env(&format!("CARGO_TARGET_{name}_LINKER"), linker);
            }
        }
        call
    }

    /// The same, and what is built of the workspace itself is held to clippy's lints. Its programs are not what a plain build
    /// makes: that has to follow.
    pub(crate) fn lint(&self, call: Call) -> Call {
        let clippy = match &self.made {
            Some(Made { rustc, .. }) => rustc.with_file_name("clippy-driver"),
            None => "clippy-driver".into(),
        };
        // What is between these arguments, and ends them, is how clippy-driver is handed them.
        self.equip(call)
            .env("RUSTC_WORKSPACE_WRAPPER", clippy)
            .env("CLIPPY_ARGS", "-Dwarnings__CLIPPY_HACKERY__")
    }

    /// Where finished programs for a target are.
    pub(crate) fn release(&self, target: &str) -> PathBuf {
        self.target_dir.join(target).join("release")
    }
}

/// A toolchain of Debian's packages for these targets, made now as far as it is not there: where it is.
pub(crate) fn made(project: &Project, targets: &[&str]) -> Result<PathBuf, Failure> {
    let prefix = project.target.join("mcu-toolchain");
    let mut likely = "not a Debian system, or no package server in reach".to_owned();
    if !targets.is_empty() {
        likely.push_str(&format!("; `rustup target add {}` does as well", targets.join(" ")));
    }
    let script = Call::new(project, "sh", "sh", "xtask/mcu-toolchain.sh").arg(&prefix).args(targets);
    script.run("XTASK-NO-MCU-TOOLCHAIN", &likely)?;
    Ok(prefix)
}

/// Whether the active toolchain builds for this target.
pub(crate) fn has_target(project: &Project, target: &str) -> bool {
    let asked = format!("--print target-libdir --target {target}");
    let folder = Call::new(project, "rustc", "rustc", &asked).printed();
    let files = folder.and_then(|folder| project::files(Path::new(folder.trim())).ok());
    files.is_some_and(|files| holds_core(&files))
}

/// Whether these are the libraries of a target: the folder alone may be there without them.
fn holds_core(files: &[PathBuf]) -> bool {
    files.iter().any(|file| project::stem(file).starts_with("libcore-"))
}

/// The triple of this machine.
pub(crate) fn host(project: &Project) -> Result<String, Failure> {
    let version = Call::new(project, "rustc", "rustc", "-vV").printed().unwrap_or_default();
    match version.lines().find_map(|line| line.strip_prefix("host: ")) {
        Some(host) => Ok(host.to_owned()),
        None => Err(no_rustc()),
    }
}

fn no_rustc() -> Failure {
    Failure::new(
        "XTASK-NO-RUSTC",
        "the compiler does not say what it is",
        "there is no rustc on the path",
        "rustc -vV",
    )
}

/// Rust's own copy of LLD, of the active toolchain.
pub(crate) fn linker(project: &Project) -> Result<PathBuf, Failure> {
    let sysroot = Call::new(project, "rustc", "rustc", "--print sysroot").printed().unwrap_or_default();
    let mut linker = PathBuf::from(sysroot.trim());
    linker.extend(["lib", "rustlib", &host(project)?, "bin", "rust-lld"]);
    if linker.is_file() {
        return Ok(linker);
    }
    Err(Failure::new(
        "XTASK-NO-LLD",
        format!("there is no {}", linker.display()),
        "this Rust was not installed by rustup, which brings the linker along",
        format!("rustup target add {MCU_TARGET}"),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_without_its_core_library_is_none() {
        let files = |names: &[&str]| names.iter().map(PathBuf::from).collect::<Vec<_>>();
        assert!(holds_core(&files(&["lib/liballoc-1a.rlib", "lib/libcore-2b.rlib"])));
        for none in
            [&[][..], &["liballoc-1a.rlib", "libcompiler_builtins-3c.rlib"], &["libcore_only-4d.rlib"]]
        {
            assert!(!holds_core(&files(none)), "{none:?}");
        }
    }
}
