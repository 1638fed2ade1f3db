//! What the driver costs on a microcontroller, beside the published driver: measured, and held to docs/performance.md.
//!
//! Nothing here looks at a clock: bytes are read out of finished programs, instructions are counted one by one in QEMU.
//! So the same compiler gives the same figures on every machine, and a figure that is another one is a change.

mod count;
mod goals;
mod page;
mod program;
mod table;

use crate::{call::Call, failure::Failure, project::Project, toolchain::Mcu};

use super::emulators::Emulators;
use count::Counter;
use page::Page;
use program::Weighed;
use table::{COLUMNS, Cell, Range, Row, Table};

pub(crate) const PACKAGE: &str = "sensor-driver/cost";

/// A processor: what is compiled for, and the machine of QEMU that stands for it.
struct Machine {
    target: &'static str,
    title: &'static str,
    emulator: &'static str,
    options: &'static str,
}

const MACHINES: [Machine; 3] = [
    Machine {
        target: "thumbv6m-none-eabi",
        title: "Cortex-M0 (`thumbv6m`)",
        emulator: "qemu-system-arm",
        options: "-M microbit",
    },
    Machine {
        target: "thumbv7em-none-eabihf",
        title: "Cortex-M4F (`thumbv7em`, hard float)",
        emulator: "qemu-system-arm",
        options: "-M netduinoplus2",
    },
    Machine {
        target: "riscv32imc-unknown-none-elf",
        title: "RISC-V (`riscv32imc`)",
        emulator: "qemu-system-riscv32",
        options: "-M virt -bios none",
    },
];

/// As firmware is built, and as fast as it goes. What is aimed for is aimed for at the first.
const OPT_LEVELS: [&str; 2] = ["s", "3"];

/// Of each column: the program that reads, the one that does everything, and the one that does all but that.
const WEIGHED: [Option<[&str; 4]>; 5] = [
    Some(["weigh_read", "weigh_bus", "weigh_whole", "weigh_bus"]),
    Some(["weigh_read_async", "weigh_bus_async", "weigh_whole_async", "weigh_bus_async"]),
    Some(["weigh_read_other", "weigh_start_other", "weigh_whole_other", "weigh_bus_async"]),
    None,
    None,
];
const RUN: [&str; 5] = ["run_read", "run_read_async", "run_read_other", "run_bus", "run_bus_async"];

/// Measures, and writes the page.
pub(super) fn write(project: &Project, emulators: &Emulators) -> Result<(), Failure> {
    let (mcu, _) = Mcu::of_debian(project, &MACHINES.each_ref().map(|machine| machine.target))?;
    let page = Page::read(project)?;
    let tables = measure(project, &mcu, emulators)?;
    page.write(&mcu.version(project)?, &tables)
}

/// Measures, and holds what comes out to what the page says.
pub(super) fn check(project: &Project, emulators: &Emulators) -> Result<(), Failure> {
    let (mcu, comparable) = Mcu::of_debian(project, &MACHINES.each_ref().map(|machine| machine.target))?;
    let page = Page::read(project)?;
    let tables = measure(project, &mcu, emulators)?;
    let version = mcu.version(project)?;
    println!("{}", page::text(&version, &tables));
    page.holds_goals(&tables)?;
    if comparable {
        return page.compare(&version, &tables);
    }
    println!(
        "the goals hold; the figures are not compared: the page has those of Debian's compiler, this is {version}"
    );
    Ok(())
}

fn measure(project: &Project, mcu: &Mcu, emulators: &Emulators) -> Result<Vec<Table>, Failure> {
    let counter = Counter::build(project)?;
    let mut tables = Vec::new();
    for level in OPT_LEVELS {
        for machine in &MACHINES {
            build(project, mcu, machine, level)?;
            let title = format!("{}, opt-level `{level}`", machine.title);
            tables.push(Table { title, rows: rows(project, mcu, emulators, &counter, machine)? });
        }
    }
    Ok(tables)
}

fn build(project: &Project, mcu: &Mcu, machine: &Machine, level: &str) -> Result<(), Failure> {
    let build = format!(
        "build --locked --release --manifest-path {PACKAGE}/Cargo.toml --package mlsensor-cost --target {}",
        machine.target
    );
    mcu.equip(Call::cargo(project, &build)).env("CARGO_PROFILE_RELEASE_OPT_LEVEL", level).run(
        "XTASK-FIGURES-BUILD",
        "the programs use something of the driver, or of sensor-driver/no-panic, that has changed",
    )
}

fn rows(
    project: &Project,
    mcu: &Mcu,
    emulators: &Emulators,
    counter: &Counter,
    machine: &Machine,
) -> Result<Vec<Row>, Failure> {
    let folder = mcu.release(machine.target);
    let weigh = |name: &str| Weighed::read(&folder.join(name));
    let mut cells: [Vec<(String, Range)>; COLUMNS.len()] = Default::default();
    for ((column, weighed), run) in cells.iter_mut().zip(WEIGHED).zip(RUN) {
        if let Some([read, without, whole, nothing]) = weighed {
            let (read, without, whole, nothing) =
                (weigh(read)?, weigh(without)?, weigh(whole)?, weigh(nothing)?);
            let more = |with: u64, without: u64| Range::exactly(with.saturating_sub(without));
            column.push((table::FLASH_READ.into(), more(read.flash, without.flash)));
            column.push((table::FLASH_WHOLE.into(), more(whole.flash, nothing.flash)));
            column.push((table::RAM.into(), more(whole.ram, nothing.ram)));
        }
        let emulator = emulators.call(project, machine.emulator);
        column.extend(counter.count(emulator, machine.options, &folder.join(run))?);
    }
    let row = |&label: &&str| {
        let cell = |column: &Vec<(String, Range)>| -> Cell {
            column.iter().find(|(name, _)| name == label).map(|(_, range)| *range)
        };
        Row { label: label.into(), cells: cells.each_ref().map(cell) }
    };
    Ok(table::LABELS.iter().map(row).collect())
}
