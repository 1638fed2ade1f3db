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

/// Fewer programs, whose panic handler uses what it is told.
const LOUD: &str = "--no-default-features --bin weigh_bus --bin weigh_bus_async --bin weigh_start_other \
                    --bin weigh_read --bin weigh_read_async --bin weigh_read_other";

/// The programs of a driver, behind `weigh_`.
struct Driver {
    ending: &'static str,
    /// The same bus without a driver.
    bus: &'static str,
    /// The same; but the published driver cannot be had without two writes, and this is with those.
    start: &'static str,
}

const DRIVERS: [Driver; 3] = [
    Driver { ending: "", bus: "bus", start: "bus" },
    Driver { ending: "_async", bus: "bus_async", start: "bus_async" },
    Driver { ending: "_other", bus: "bus_async", start: "start_other" },
];

/// Which of a driver's programs is weighed.
#[derive(Debug, Clone, Copy)]
enum Sought {
    Read,
    Registers,
    Whole,
}

type Figure = (&'static str, Sought, fn(Weighed) -> u64);
/// Of each column.
type Cells = [Vec<(String, Range)>; COLUMNS.len()];

const WEIGHED: [Figure; 4] = [
    (table::FLASH_READ, Sought::Read, |weighed| weighed.flash),
    (table::FLASH_REGISTERS, Sought::Registers, |weighed| weighed.flash),
    (table::FLASH_WHOLE, Sought::Whole, |weighed| weighed.flash),
    (table::RAM, Sought::Whole, |weighed| weighed.ram),
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
    let version = emulators.call(project, "qemu-system-arm").arg("--version").printed().unwrap_or_default();
    let counter = Counter::build(project, &version)?;
    let mut tables = Vec::new();
    for level in OPT_LEVELS {
        for machine in &MACHINES {
            let mut cells: Cells = Default::default();
            build(project, mcu, machine, level, LOUD)?;
            weigh(
                mcu,
                machine,
                &mut cells,
                &[(table::FLASH_READ_LOUD, Sought::Read, |weighed| weighed.flash)],
            )?;
            build(project, mcu, machine, level, "")?;
            weigh(mcu, machine, &mut cells, &WEIGHED)?;
            for (column, program) in cells.iter_mut().zip(RUN) {
                let emulator = emulators.call(project, machine.emulator);
                let program = mcu.release(machine.target).join(program);
                column.extend(counter.count(emulator, machine.options, &program)?);
            }
            let title = format!("{}, opt-level `{level}`", machine.title);
            tables.push(Table { title, rows: rows(&cells) });
        }
    }
    Ok(tables)
}

fn build(project: &Project, mcu: &Mcu, machine: &Machine, level: &str, how: &str) -> Result<(), Failure> {
    let build = format!(
        "build --locked --release --manifest-path {PACKAGE}/Cargo.toml --package mlsensor-cost --target {} {how}",
        machine.target
    );
    mcu.equip(Call::cargo(project, &build)).env("CARGO_PROFILE_RELEASE_OPT_LEVEL", level).run(
        "XTASK-FIGURES-BUILD",
        "the programs use something of the driver, or of sensor-driver/no-panic, that has changed",
    )
}

fn weigh(mcu: &Mcu, machine: &Machine, cells: &mut Cells, weighed: &[Figure]) -> Result<(), Failure> {
    let folder = mcu.release(machine.target);
    let weigh = |name: &str| Weighed::read(&folder.join(format!("weigh_{name}")));
    for (column, driver) in cells.iter_mut().zip(DRIVERS) {
        for (label, sought, of) in weighed {
            let (with, without) = match sought {
                Sought::Read => ("read", driver.start),
                Sought::Registers => ("registers", driver.bus),
                Sought::Whole => ("whole", driver.bus),
            };
            let (with, without) = (weigh(&format!("{with}{}", driver.ending))?, weigh(without)?);
            column.push(((*label).to_owned(), Range::exactly(of(with).saturating_sub(of(without)))));
        }
    }
    Ok(())
}

fn rows(cells: &Cells) -> Vec<Row> {
    let row = |&label: &&str| {
        let cell = |column: &Vec<(String, Range)>| -> Cell {
            column.iter().find(|(name, _)| name == label).map(|(_, range)| *range)
        };
        Row { label: label.into(), cells: cells.each_ref().map(cell) }
    };
    table::LABELS.iter().map(row).collect()
}
