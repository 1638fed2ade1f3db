//! QEMU for microcontrollers: this system's, or one out of Debian's packages.

use std::path::PathBuf;

use crate::{call::Call, debian, failure::Failure, project::Project};

/// What QEMU is called for each kind of processor.
const NAMES: [&str; 2] = ["qemu-system-arm", "qemu-system-riscv32"];

/// Where the emulators are.
pub(super) struct Emulators {
    /// The folder, if they are not on the path.
    bin: Option<PathBuf>,
}

impl Emulators {
    /// Those of this system if it has them; else they are fetched, if they are not there; or says why there are none.
    pub(super) fn find(project: &Project) -> Result<Result<Self, String>, Failure> {
        if NAMES.iter().all(|name| Call::new(project, name, name, "--version").succeeds()) {
            return Ok(Ok(Emulators { bin: None }));
        }
        let prefix = project.target.join("emulators");
        let script = Call::new(project, "sh", "sh", "xtask/firmware/emulators.sh").arg(&prefix);
        let fetched = debian::fetch(project, script, "XTASK-EMULATORS")?;
        Ok(fetched.map(|()| Emulators { bin: Some(prefix.join("bin")) }))
    }

    /// The path of an emulator: `qemu-system-arm` or `qemu-system-riscv32`.
    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.bin.as_ref().map_or_else(|| name.into(), |bin| bin.join(name))
    }

    /// A call of an emulator.
    pub(super) fn call(&self, project: &Project, name: &str) -> Call {
        Call::new(project, self.path(name), name, "")
    }
}
