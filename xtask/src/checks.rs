//! The steps that are calls of cargo, and nothing else.

use crate::{
    call::Call,
    failure::Failure,
    firmware::figures,
    fuzz, no_panic, peers,
    project::Project,
    toolchain::{ATOMIC_TARGET, MCU_TARGET, Mcu},
};

const CLIPPY: &str = "clippy says above what to write instead, and in which line";

pub(crate) fn lint(project: &Project) -> Result<(), Failure> {
    let fmt = |arguments: &str| {
        let likely = "the code was not formatted: run the command without --check";
        Call::cargo(project, arguments).run("XTASK-FMT", likely)
    };
    fmt("fmt --all --check")?;
    for package in [no_panic::PACKAGE, figures::PACKAGE, figures::COUNTER, peers::PACKAGE]
        .into_iter()
        .chain(fuzz::PACKAGES)
    {
        fmt(&format!("fmt --check --manifest-path {package}/Cargo.toml"))?;
    }
    for what in [
        "--workspace --all-targets --all-features",
        "-p mlsensor --lib",
        "-p mlsensor-sim --lib --no-default-features",
    ] {
        Call::cargo(project, &format!("clippy --locked {what} -- -D warnings"))
            .run("XTASK-CLIPPY", CLIPPY)?;
    }
    for (package, folder) in [(peers::PACKAGE, "peers"), (figures::COUNTER, "cost")] {
        let manifest = format!("--manifest-path {package}/Cargo.toml --all-targets");
        Call::cargo(project, &format!("clippy --locked {manifest} -- -D warnings"))
            .target_dir(&project.target.join(folder))
            .run("XTASK-CLIPPY", CLIPPY)?;
    }
    Ok(())
}

pub(crate) fn doc(project: &Project) -> Result<(), Failure> {
    Call::cargo(project, "doc --locked --workspace --no-deps --all-features")
        .env("RUSTDOCFLAGS", "-D warnings")
        .run("XTASK-DOC", "a link in a documentation comment leads nowhere")
}

pub(crate) fn unit(project: &Project) -> Result<(), Failure> {
    for what in ["--workspace --all-features", "-p mlsensor", "-p mlsensor-sim --no-default-features --lib"] {
        Call::cargo(project, &format!("test --locked {what}"))
            .run("XTASK-UNIT", "a test that is named above does not hold any more")?;
    }
    Ok(())
}

/// The libraries, in every set of features that a microcontroller may ask for.
pub(crate) fn no_std(project: &Project) -> Result<(), Failure> {
    let mcu = Mcu::find(project, &[MCU_TARGET, ATOMIC_TARGET])?;
    for (what, target) in [
        ("-p mlsensor", MCU_TARGET),
        ("-p mlsensor --features async", MCU_TARGET),
        ("-p mlsensor --features defmt", MCU_TARGET),
        ("-p mlsensor --features serde", MCU_TARGET),
        ("-p mlsensor --all-features", MCU_TARGET),
        ("-p mlsensor-bridge", MCU_TARGET),
        ("-p mlsensor-sim --no-default-features", MCU_TARGET),
        ("-p mlsensor-sim --no-default-features --features scenarios", ATOMIC_TARGET),
    ] {
        mcu.equip(Call::cargo(project, &format!("build --locked --release --lib {what} --target {target}")))
            .run(
                "XTASK-NO-STD",
                "something uses `std`: look for a `use std::`, or for a dependency whose default features are on",
            )?;
    }
    Ok(())
}

/// Builds each crate from the archive that would be uploaded. A crate needs the others of the same version, which are
/// not published yet: packaged in one call, cargo takes them from their archives.
///
/// In a folder of its own each time: cargo believes that a version in a registry never changes, and would take what it
/// built of an earlier archive.
pub(crate) fn package(project: &Project) -> Result<(), Failure> {
    let folder = project.target.join(format!("packaging-{}", std::process::id()));
    let outcome = Call::cargo(
        project,
        "package --locked -p mlsensor -p mlsensor-bridge -p mlsensor-sim -p mlsensor-host --allow-dirty",
    )
    .target_dir(&folder)
    .run(
        "XTASK-PACKAGE",
        "a file that the crate needs lies outside its folder, or is excluded in its Cargo.toml",
    );
    // What cannot be removed now lies in `target/`, for the next `cargo clean`.
    let _ = std::fs::remove_dir_all(&folder);
    outcome
}

pub(crate) fn bench(project: &Project) -> Result<(), Failure> {
    for what in ["-p mlsensor-benches --benches", "-p mlsensor-host --bench routes"] {
        Call::cargo(project, &format!("test --locked {what}"))
            .run("XTASK-BENCH", "a benchmark uses something that has changed")?;
    }
    Ok(())
}
