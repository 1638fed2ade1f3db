//! Every program of `examples/firmware`, for its processor.

use crate::{call::Call, failure::Failure, project::Project, toolchain::Mcu};

const MANIFEST: &str = "examples/firmware/Cargo.toml";

/// Which package is built for which processor. One call of cargo each: what one package asks of a crate that they share,
/// such as how fast its clock ticks, is not what another one asks.
pub(super) const PROGRAMS: [(&str, &str); 0] = [];

/// Every processor that something here is built for, those of the figures and the simulator in wasm too.
const TARGETS: [&str; 6] = [
    "thumbv6m-none-eabi",
    "thumbv7m-none-eabi",
    "thumbv7em-none-eabihf",
    "thumbv8m.main-none-eabihf",
    "riscv32imc-unknown-none-elf",
    "wasm32-unknown-unknown",
];

pub(super) fn compiler(project: &Project) -> Result<Mcu, Failure> {
    Mcu::find(project, &TARGETS)
}

pub(super) fn all(project: &Project, mcu: &Mcu) -> Result<(), Failure> {
    for (package, target) in PROGRAMS {
        let build = format!(
            "build --locked --release --manifest-path {MANIFEST} --package {package} --target {target}"
        );
        mcu.equip(Call::cargo(project, &build)).run(
            "XTASK-FIRMWARE-BUILD",
            "the program uses something of the driver or the rules that has changed",
        )?;
    }
    println!("{} programs for microcontrollers build", PROGRAMS.len());
    Ok(())
}
