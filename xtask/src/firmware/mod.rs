//! Firmware: all of it builds, and what can run here runs, on emulated processors with the simulated sensor.

mod build;
mod emulated;
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
    if wanted == Wanted::Figures {
        return with_emulators(project, |emulators| figures::write(project, emulators));
    }
    let mcu = build::compiler(project)?;
    build::all(project, &mcu)?;
    if wanted == Wanted::Build {
        return Ok(Done::Passed);
    }
    emulated::run(project, &mcu)?;
    with_emulators(project, |emulators| {
        qemu::run(project, &mcu, emulators)?;
        figures::check(project, emulators)
    })
}

/// Does what needs QEMU, or says why there is none.
fn with_emulators(
    project: &Project,
    work: impl FnOnce(&Emulators) -> Result<(), Failure>,
) -> Result<Done, Failure> {
    match Emulators::find(project)? {
        Ok(emulators) => work(&emulators).map(|()| Done::Passed),
        Err(why) => Ok(Done::NotRun(why)),
    }
}
