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
pub(crate) const COUNTER: &str = "sensor-driver/cost/counter";

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

/// What the programs of a column are called behind `weigh_` and `run_`.
const ENDINGS: [&str; 3] = ["", "_async", "_other"];
/// The same bus without a driver; of the published driver, which cannot be had without two writes, with only those.
const WITHOUT: [&str; 3] = ["bus", "bus_async", "start_other"];
/// The same bus without a driver.
const BUS: [&str; 3] = ["bus", "bus_async", "bus_async"];
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
    let weigh = |name: &str| Weighed::read(&folder.join(format!("weigh_{name}")));
    let mut cells: [Vec<(String, Range)>; COLUMNS.len()] = Default::default();
    for (index, column) in cells.iter_mut().enumerate() {
        if let (Some(ending), Some(without), Some(bus)) =
            (ENDINGS.get(index), WITHOUT.get(index), BUS.get(index))
        {
            let mut differs = |label: &str, with: String, without: &str, of: fn(Weighed) -> u64| {
                let (with, without) = (of(weigh(&with)?), of(weigh(without)?));
                column.push((label.to_owned(), Range::exactly(with.saturating_sub(without))));
                Ok::<(), Failure>(())
            };
            differs(table::FLASH_READ, format!("read{ending}"), without, |weighed| weighed.flash)?;
            differs(table::FLASH_REGISTERS, format!("registers{ending}"), bus, |weighed| weighed.flash)?;
            differs(table::FLASH_WHOLE, format!("whole{ending}"), bus, |weighed| weighed.flash)?;
            differs(table::RAM, format!("whole{ending}"), bus, |weighed| weighed.ram)?;
        }
        let emulator = emulators.call(project, machine.emulator);
        column.extend(counter.count(emulator, machine.options, &folder.join(RUN[index]))?);
    }
    let row = |&label: &&str| {
        let cell = |column: &Vec<(String, Range)>| -> Cell {
            column.iter().find(|(name, _)| name == label).map(|(_, range)| *range)
        };
        Row { label: label.into(), cells: cells.each_ref().map(cell) }
    };
    Ok(table::LABELS.iter().map(row).collect())
}
