//! Every program of `examples/firmware`, for its processor.

use crate::{call::Call, failure::Failure, project::Project, toolchain::Mcu};

const MANIFEST: &str = "examples/firmware/Cargo.toml";

/// Which package is built for which processor. One call of cargo each: what one package asks of a crate that they share,
/// such as how fast its clock ticks, is not what another one asks.
const PROGRAMS: [(&str, &str); 13] = [
    ("mlsensor-firmware-rp2040", THUMBV6M),
    ("mlsensor-firmware-rp235x", THUMBV8M),
    ("mlsensor-firmware-nrf", THUMBV7EM),
    ("mlsensor-firmware-stm32", THUMBV7EM),
    ("mlsensor-firmware-esp32c3", RISCV32),
    ("mlsensor-firmware-qemu", THUMBV6M),
    ("mlsensor-firmware-qemu", THUMBV7M),
    ("mlsensor-firmware-qemu", THUMBV7EM),
    ("mlsensor-firmware-qemu", RISCV32),
    ("mlsensor-firmware-qemu-digest", THUMBV6M),
    ("mlsensor-firmware-qemu-digest", THUMBV7M),
    ("mlsensor-firmware-qemu-digest", THUMBV7EM),
    ("mlsensor-firmware-qemu-digest", RISCV32),
];

/// The same with what is off otherwise, and which program shows it.
const WITH_DEFMT: (&str, &str) = ("mlsensor-firmware-rp2040 --bin watch --features defmt", THUMBV6M);

pub(super) const THUMBV6M: &str = "thumbv6m-none-eabi";
pub(super) const THUMBV7M: &str = "thumbv7m-none-eabi";
pub(super) const THUMBV7EM: &str = "thumbv7em-none-eabihf";
const THUMBV8M: &str = "thumbv8m.main-none-eabihf";
pub(super) const RISCV32: &str = "riscv32imc-unknown-none-elf";
pub(super) const WASM32: &str = "wasm32-unknown-unknown";

/// Every processor that something here is built for, those of the figures and the simulator in wasm too.
const TARGETS: [&str; 6] = [THUMBV6M, THUMBV7M, THUMBV7EM, THUMBV8M, RISCV32, WASM32];

pub(super) fn compiler(project: &Project) -> Result<Mcu, Failure> {
    Mcu::find(project, &TARGETS)
}

/// Holds all of it to its format and clippy's lints, and builds it.
pub(super) fn all(project: &Project, mcu: &Mcu) -> Result<(), Failure> {
    Call::cargo(project, &format!("fmt --all --check --manifest-path {MANIFEST}"))
        .run("XTASK-FMT", "the code was not formatted: run the command without --check")?;
    // First: what is there in the end is the programs without.
    let all = [WITH_DEFMT].into_iter().chain(PROGRAMS);
    for (package, target) in all {
        mcu.lint(cargo_build(project, package, target))
            .run("XTASK-FIRMWARE-LINT", "clippy says above what to write instead, and in which line")?;
        build(project, mcu, package, target)?;
    }
    println!("{} packages of programs for microcontrollers build", PROGRAMS.len());
    Ok(())
}

/// Builds a package, if it is not built. Programs of several packages have the same name and place: the last one built is
/// there.
pub(super) fn build(project: &Project, mcu: &Mcu, package: &str, target: &str) -> Result<(), Failure> {
    mcu.equip(cargo_build(project, package, target))
        .run("XTASK-FIRMWARE-BUILD", "the program uses something of the driver or the rules that has changed")
}

fn cargo_build(project: &Project, package: &str, target: &str) -> Call {
    let what = format!("--manifest-path {MANIFEST} --package {package} --target {target}");
    Call::cargo(project, &format!("build --locked --release {what}"))
}
