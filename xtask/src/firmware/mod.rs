//! Firmware: all of it builds, and what can run here runs, on emulated processors with the simulated sensor.

mod build;
mod emulators;
pub(crate) mod figures;
mod qemu;

use crate::{failure::Failure, project::Project, steps::Done};
use emulators::Emulators;

/// What is wanted of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Wanted {
    /// All of it builds.
    #[default]
    Build,
    /// And runs, and costs what docs/performance.md says.
    Run,
    /// Its costs are measured, and written into docs/performance.md.
    Figures,
}

impl Wanted {
    pub(crate) const ALL: [Wanted; 3] = [Wanted::Build, Wanted::Run, Wanted::Figures];

    /// The word behind `firmware`; none for what it does without one.
    pub(crate) const fn word(self) -> Option<&'static str> {
        match self {
            Wanted::Build => None,
            Wanted::Run => Some("run"),
            Wanted::Figures => Some("figures"),
        }
    }
}

pub(crate) fn run(project: &Project, wanted: Wanted) -> Result<Done, Failure> {
    let mcu = build::compiler(project)?;
    if wanted != Wanted::Figures {
        build::all(project, &mcu)?;
    }
    if wanted == Wanted::Build {
        return Ok(Done::Passed);
    }
    let emulators = match Emulators::find(project)? {
        Ok(emulators) => emulators,
        Err(why) => return Ok(Done::NotRun(why)),
    };
    if wanted == Wanted::Run {
        qemu::run(project, &mcu, &emulators)?;
    }
    match wanted {
        Wanted::Figures => figures::write(project, &emulators)?,
        _ => figures::check(project, &emulators)?,
    }
    Ok(Done::Passed)
}
