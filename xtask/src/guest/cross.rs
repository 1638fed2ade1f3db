//! Programs for arm64 Linux: with the active compiler if it can, else with that of Debian's packages.

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

const TARGET: &str = "aarch64-unknown-linux-gnu";

/// How to build for the guest on this machine.
pub(super) struct Cross {
    /// The compiler of Debian's packages, if it is needed.
    rustc: Option<PathBuf>,
    /// The version of the package with its library for the guest, which must be the same.
    pub version: Option<String>,
    folder: PathBuf,
}

/// The same, with a linker.
pub(super) struct Linked {
    rustc: PathBuf,
    linker: PathBuf,
    target_dir: PathBuf,
}

impl Cross {
    pub(super) fn find(project: &Project, folder: &Path) -> Result<Self, Failure> {
        project::make_folder(folder)?;
        let folder = folder.to_owned();
        if toolchain::has_target(project, TARGET) {
            println!("the active toolchain has the target {TARGET}");
            return Ok(Cross { rustc: None, version: None, folder });
        }
        let prefix = toolchain::made(project, &[])?;
        let packages = project::read(&prefix.join("packages"))?;
        let version = version_of(&packages).ok_or_else(|| {
            Failure::new(
                "XTASK-GUEST-RUST",
                "the compiler that was made of packages does not say which version it is",
                "it was made by an older version of xtask/mcu-toolchain.sh",
                format!("rm -r {}", prefix.display()),
            )
        })?;
        Ok(Cross { rustc: Some(prefix.join("bin/rustc")), version: Some(version), folder })
    }

    /// Makes the compiler find its library and the linker find the guest's, both in this root of a system.
    pub(super) fn link_with(self, project: &Project, root: &Path, folder: &Path) -> Result<Linked, Failure> {
        let bin = self.folder.join("bin");
        project::make_folder(&bin)?;
        let linker =
            script(&bin.join("ld.lld"), &linker_script(&toolchain::linker(project)?, root, &gcc(root)?))?;
        let rustc = match self.rustc {
            None => PathBuf::from("rustc"),
            Some(ref rustc) => {
                let sysroot = self.sysroot(rustc, project, root)?;
                let text = format!("exec {} --sysroot {} \"$@\"\n", quoted(rustc), quoted(&sysroot));
                script(&bin.join("rustc"), &text)?
            }
        };
        Ok(Linked { rustc, linker, target_dir: folder.join("target") })
    }

    /// A folder in which the compiler finds the libraries of this machine and those of the guest.
    fn sysroot(&self, rustc: &Path, project: &Project, root: &Path) -> Result<PathBuf, Failure> {
        let sysroot = self.folder.join("sysroot");
        let libraries = sysroot.join("lib/rustlib");
        project::make_folder(&libraries)?;
        let own = rustc.parent().and_then(Path::parent).unwrap_or(rustc).join("root/usr/lib/rustlib");
        for (target, from) in [(&*toolchain::host(project)?, own), (TARGET, root.join("usr/lib/rustlib"))] {
            let link = libraries.join(target);
            // It may lead to where the packages were before.
            let _ = fs::remove_file(&link);
            #[cfg(unix)]
            std::os::unix::fs::symlink(from.join(target), &link)
                .map_err(|error| Failure::io(&link, &error))?;
        }
        Ok(sysroot)
    }
}

impl Linked {
    /// The command, and where it is.
    pub(super) fn mlsensor(&self, project: &Project) -> Result<PathBuf, Failure> {
        // Linked by the linker itself: a compiler for C would be another package.
        let name = TARGET.to_uppercase().replace('-', "_");
        Call::cargo(project, "build --locked -p mlsensor-host --bin mlsensor --target")
            .arg(TARGET)
            .target_dir(&self.target_dir)
            .env("RUSTC", &self.rustc)
            .env(&format!("CARGO_TARGET_{name}_LINKER"), &self.linker)
            .env(&format!("CARGO_TARGET_{name}_RUSTFLAGS"), "-Clinker-flavor=ld.lld -Cstrip=symbols")
            .run("XTASK-GUEST-BUILD", "something in it is not for every processor")?;
        Ok(self.target_dir.join(TARGET).join("debug/mlsensor"))
    }

    /// The program that measures, and where it is.
    pub(super) fn read_latency(&self, project: &Project) -> Result<PathBuf, Failure> {
        let program = self.target_dir.join("read_latency");
        Call::new(
            project,
            &self.rustc,
            "rustc",
            "--edition 2024 -O -Clinker-flavor=ld.lld -Cstrip=symbols --target",
        )
        .arg(TARGET)
        .arg(format!("-Clinker={}", self.linker.display()))
        .arg("-o")
        .arg(&program)
        .arg("xtask/guest/read_latency.rs")
        .run("XTASK-GUEST-BUILD", "the compiler does not find its library for the guest")?;
        Ok(program)
    }
}

/// The version in the name of the compiler's package, as apt writes it.
fn version_of(packages: &str) -> Option<String> {
    let name = packages.lines().find_map(|line| line.strip_prefix("rustc-web_"))?;
    Some(name.split('_').next()?.replace("%3a", ":"))
}

/// Where gcc's start-up files are in a root; their folder is called by its version.
fn gcc(root: &Path) -> Result<PathBuf, Failure> {
    let versions = root.join("usr/lib/gcc/aarch64-linux-gnu");
    let mut folders = fs::read_dir(&versions).map_err(|error| Failure::io(&versions, &error))?;
    let is_whole = |path: &PathBuf| path.join("crtbeginS.o").is_file();
    let found = folders.find_map(|entry| Some(entry.ok()?.path()).filter(is_whole));
    found.ok_or_else(|| {
        super::packages::missing(&versions, "the package of gcc's start-up files has another order")
    })
}

/// What gcc does when it links: the start-up files around everything else, and where libraries are. Of gcc's own words it
/// knows those that are used here.
fn linker_script(linker: &Path, root: &Path, gcc: &Path) -> String {
    let libraries = root.join("usr/lib/aarch64-linux-gnu");
    let old_libraries = root.join("lib/aarch64-linux-gnu");
    let [linker, root, gcc, libraries, old_libraries] =
        [linker, root, gcc, &libraries, &old_libraries].map(quoted);
    format!(
        r#"# rustc says for which system it links, which is said below; build scripts speak to gcc.
[ "$1" = -flavor ] && shift 2
start={libraries}/Scrt1.o
around=yes
left=$#
while [ "$left" -gt 0 ]; do
    word=$1
    left=$((left - 1))
    shift
    case $word in
        -nostdlib | -nostartfiles) around= ;;
        -nodefaultlibs) ;;
        -Wl,*)
            IFS=,
            for part in ${{word#-Wl,}}; do set -- "$@" "$part"; done
            unset IFS
            ;;
        -shared) start= && set -- "$@" "$word" ;;
        *) set -- "$@" "$word" ;;
    esac
done
[ -z "$around" ] || set -- $start {libraries}/crti.o {gcc}/crtbeginS.o "$@" -lc -lgcc {gcc}/crtendS.o {libraries}/crtn.o
exec {linker} -flavor gnu --sysroot={root} -dynamic-linker /lib/ld-linux-aarch64.so.1 \
    -L {libraries} -L {old_libraries} -L {gcc} "$@"
"#
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_is_that_of_the_compilers_package() {
        let packages = "libllvm22_1%3a22.1.8-1_amd64.deb\nrustc-web_1%3a1.96.0+dfsg1-1~deb12u2_amd64.deb\n";
        assert_eq!(version_of(packages).unwrap(), "1:1.96.0+dfsg1-1~deb12u2");
        assert_eq!(version_of("rust-web-src_1.96.0_all.deb"), None);
    }
}
