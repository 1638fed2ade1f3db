//! Wheels for the computers that have a Person Sensor: built here, whatever this one is, and tried in an emulator.

mod compiler;
mod elf;
mod first_pi;
mod target;
mod userland;

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use crate::{
    call::Call,
    debian,
    failure::Failure,
    project::{self, Project},
    python::{self, Venv},
    steps::Done,
};
use compiler::Compiler;
pub(crate) use target::Target;
use userland::Userland;

/// What builds them, each in a version that was tried.
const REQUIREMENTS: &str = "python/requirements-wheels.txt";

/// The place for all that is made.
struct Workshop {
    folder: PathBuf,
    venv: Venv,
}

/// What of the wheels is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Wanted {
    /// Not only built, but tested.
    pub tests: bool,
    /// That of one kind of computer alone.
    pub only: Option<Target>,
}

/// The wheels and the source archive, into `target/wheels/dist`; and their tests, if that is asked for.
pub(crate) fn run(project: &Project, wanted: Wanted) -> Result<Done, Failure> {
    let workshop = Workshop::open(project)?;
    let dist = workshop.folder.join("dist");
    if wanted.only.is_none() {
        python::empty(&dist)?;
    }
    let mut wheels = Vec::new();
    for target in Target::ALL.into_iter().filter(|target| wanted.only.is_none_or(|only| only == *target)) {
        wheels.push((target, workshop.build(project, &target, &dist)?));
    }
    workshop
        .venv
        .run(project, "maturin", "sdist --manifest-path python/Cargo.toml --out")
        .arg(&dist)
        .run("XTASK-WHEELS-SDIST", "a file that the package needs lies outside of a crate")?;
    if wanted.tests {
        if let Some(why) = debian::not_here() {
            return Ok(Done::NotRun(format!("the wheels are built, and their tests were not run: {why}")));
        }
        let mut of_arm = None;
        for (target, wheel) in &wheels {
            match workshop.test(project, target, wheel, true)? {
                // The last one is that of the first Raspberry Pi.
                Ok(Some(userland)) => of_arm = Some(userland.emulator),
                Ok(None) => {}
                Err(why) => return Ok(Done::NotRun(why)),
            }
        }
        if let (Some(emulator), true) = (of_arm, wheels.iter().any(|(target, _)| target.is_armv6())) {
            first_pi::test(project, &workshop.venv, &workshop.folder, &emulator)?;
        }
    }
    println!();
    for file in project::files(&dist)? {
        let size = fs::metadata(&file).map_err(|error| Failure::io(&file, &error))?.len();
        println!("{:>6} kB  {}", size / 1000, file.display());
    }
    Ok(Done::Passed)
}

/// The wheel of most Raspberry Pis, built and tested; and whether what the others are made of compiles at all.
pub(crate) fn run_arm64(project: &Project) -> Result<Done, Failure> {
    if let Some(why) = debian::not_here() {
        return Ok(Done::NotRun(why));
    }
    let workshop = Workshop::open(project)?;
    let compiler = Compiler::find(project, &workshop.folder.join("rust"), target::ARMV6L.triple)?;
    let check = Call::cargo(project, "check --locked --quiet -p mlsensor-python --target");
    compiler.equip(check.arg(target::ARMV6L.triple).target_dir(&workshop.folder.join("cargo"))).run(
        "XTASK-WHEELS-32-BIT",
        "something in it is for processors of 64 bits, or for those of two kinds alone",
    )?;
    let wheel = workshop.build(project, &target::AARCH64, &workshop.folder.join("dist"))?;
    Ok(match workshop.test(project, &target::AARCH64, &wheel, false)? {
        Ok(_) => Done::Passed,
        Err(why) => Done::NotRun(why),
    })
}

impl Workshop {
    fn open(project: &Project) -> Result<Self, Failure> {
        let folder = project.target.join("wheels");
        let interpreter = python::main_interpreter(project)?;
        let venv =
            Venv::make(project, &folder.join("venv"), &interpreter, REQUIREMENTS, &["-r", REQUIREMENTS])?;
        Ok(Workshop { folder, venv })
    }

    /// Builds a wheel, and looks whether it is what its name says.
    fn build(&self, project: &Project, target: &Target, dist: &Path) -> Result<PathBuf, Failure> {
        println!("\nThe wheel for {}:", target.name);
        project::make_folder(dist)?;
        let ending = format!("-{}.whl", target.tag);
        for older in project::files(dist)?.iter().filter(|file| file.to_string_lossy().ends_with(&ending)) {
            fs::remove_file(older).map_err(|error| Failure::io(older, &error))?;
        }
        let compiler = Compiler::find(project, &self.folder.join("rust"), target.triple)?;
        let path = env::var("PATH").unwrap_or_default();
        let call = self
            .venv
            .run(project, "maturin", "build --quiet --profile wheel --locked --zig --manifest-path")
            .args(["python/Cargo.toml", "--compatibility", target.compatibility, "--target", target.triple])
            .arg("--out")
            .arg(dist)
            .target_dir(&self.folder.join("cargo"))
            // Where it finds zig.
            .env("PATH", format!("{}:{path}", self.venv.programs().display()));
        compiler.equip(call).run("XTASK-WHEELS-BUILD", "something in it is not for every processor")?;
        let wheel = python::only(dist, &ending)?;
        self.check(project, target, &wheel)?;
        Ok(wheel)
    }

    fn check(&self, project: &Project, target: &Target, wheel: &Path) -> Result<(), Failure> {
        let unpacked = self.folder.join("unpacked");
        python::empty(&unpacked)?;
        let broken = "the archive is broken";
        self.venv
            .run(project, "python", "-m zipfile --extract")
            .args([wheel, &unpacked])
            .run("XTASK-WHEELS-CHECK", broken)?;
        let module = unpacked.join("mlsensor/_native.abi3.so");
        let data = fs::read(&module).map_err(|error| Failure::io(&module, &error))?;
        let (major, minor) = elf::judge(&data, target).map_err(|what| {
            Failure::new(
                "XTASK-WHEELS-CHECK",
                format!("{}: {what}", wheel.display()),
                "the linker put in start-up files of another processor",
                format!("readelf --arch-specific --dyn-syms {}", module.display()),
            )
        })?;
        println!("{}: {} kB, with glibc {major}.{minor} or newer", target.name, data.len() / 1000);
        self.venv
            .run(project, "abi3audit", "--strict --assume-minimum-abi3 3.9")
            .arg(wheel)
            .run("XTASK-WHEELS-ABI", "it calls something of Python that is not the same in every version")
    }

    /// Tests a wheel in an emulator: which one it was, if it needs any.
    fn test(
        &self,
        project: &Project,
        target: &Target,
        wheel: &Path,
        all: bool,
    ) -> Result<Result<Option<Userland>, String>, Failure> {
        let Some(emulated) = target.emulated else { return Ok(Ok(None)) };
        let userland = match Userland::fetch(project, &self.folder, target, &emulated)? {
            Ok(userland) => userland,
            Err(why) => return Ok(Err(why)),
        };
        userland.install(project, &self.venv, wheel)?;
        userland.compare(project)?;
        userland.test(project, all)?;
        Ok(Ok(Some(userland)))
    }
}
