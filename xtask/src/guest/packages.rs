//! Debian's packages, unpacked: a kernel, an emulator, tools.

use std::path::{Path, PathBuf};

use crate::{call::Call, debian, failure::Failure, project, project::Project};

/// What was unpacked.
pub(super) struct Packages {
    qemu: PathBuf,
    /// The root of the guest's system.
    pub arm64: PathBuf,
}

impl Packages {
    /// Fetches the packages, if they are not there; or says why there are none, which as root is a failure: a machine that
    /// tests everything must be able to.
    pub(super) fn fetch(
        project: &Project,
        prefix: &Path,
        version: Option<&str>,
    ) -> Result<Result<Self, String>, Failure> {
        let call = Call::new(project, "sh", "sh", "xtask/guest/packages.sh").arg(prefix).args(version);
        let there = || Packages { qemu: prefix.join("qemu"), arm64: prefix.join("arm64") };
        Ok(debian::fetch(project, call, "XTASK-GUEST-PACKAGES")?.map(|()| there()))
    }

    /// The emulator.
    pub(super) fn qemu(&self, project: &Project) -> Call {
        let folder = format!("{}-linux-gnu", std::env::consts::ARCH);
        let libraries = self.qemu.join("usr/lib").join(&folder);
        let paths = [libraries.clone(), self.qemu.join("lib").join(&folder)];
        let paths = paths.map(|path| path.to_string_lossy().into_owned()).join(":");
        Call::new(project, self.qemu.join("usr/bin/qemu-system-aarch64"), "qemu-system-aarch64", "")
            .env("LD_LIBRARY_PATH", paths)
            .env("QEMU_MODULE_DIR", libraries.join("qemu"))
    }

    /// The kernel's file.
    pub(super) fn kernel(&self) -> Result<PathBuf, Failure> {
        let boot = self.arm64.join("boot");
        let kernel = project::files(&boot)?.into_iter().find(|path| is_kernel(path));
        kernel.ok_or_else(|| missing(&boot, "the package holds no kernel"))
    }

    /// The kernel's release, by which its modules are found.
    pub(super) fn release(&self) -> Result<String, Failure> {
        let kernel = self.kernel()?;
        let name = kernel.file_name().unwrap_or_default().to_string_lossy().into_owned();
        Ok(name.trim_start_matches(KERNEL).to_owned())
    }
}

impl Packages {
    /// The device tree of a board, by the name of its file.
    pub(super) fn device_tree(&self, name: &str) -> Result<PathBuf, Failure> {
        let folder = self.arm64.join(format!("usr/lib/linux-image-{}/broadcom", self.release()?));
        let tree = folder.join(name);
        if tree.is_file() {
            Ok(tree)
        } else {
            Err(missing(&folder, "Debian keeps device trees elsewhere now"))
        }
    }
}

const KERNEL: &str = "vmlinuz-";

fn is_kernel(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(KERNEL))
}

/// Something that the packages should hold.
pub(super) fn missing(path: &Path, likely: &str) -> Failure {
    let what = format!("{} holds not what it should", path.display());
    Failure::new("XTASK-GUEST-MISSING", what, likely, format!("ls {}", path.display()))
}
