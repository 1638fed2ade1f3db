//! The options of a simulated machine, the same for every way to use one.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use crate::Report;
use crate::report::say;
use crate::virtual_bus::assume::assume;
use crate::virtual_bus::errno::Style;
use crate::virtual_bus::gpio::{ChipLayout, OutputChange};
use crate::virtual_bus::real_time::RealTime;
use crate::virtual_bus::setup::{self, Extra, Part};
use crate::virtual_bus::usb::UsbBus;
use crate::virtual_bus::{Machine, Setup, World};
use clap::Args;

/// What there is, for every way to use it.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// What is on the bus: a scenario by its name or file, `replay:FILE`, `lookalike:KIND`, or `nothing`
    #[arg(long, value_name = "NAME|FILE", default_value = "walk_up")]
    scenario: String,
    /// The seed for all that is left to chance, instead of the scenario's
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// The number of the bus: /dev/i2c-N
    #[arg(long, value_name = "N", default_value_t = 1)]
    bus: u32,
    /// Something that goes wrong, such as `gone:30`, `all-ones@1%`, `frozen:8@t=5s`; can be given several times
    #[arg(long, value_name = "SPEC")]
    fault: Vec<String>,
    /// One more part, such as `lookalike:co2-sensor`, or `2=sim:crowd@27` on bus 2, its pin on GPIO27; several times
    #[arg(long, value_name = "[BUS=]PART[@LINE]")]
    with: Vec<String>,
    /// How the sensor answers an open question, such as `past_the_end=zeros`; several times
    #[arg(long, value_name = "NAME=ANSWER")]
    assume: Vec<String>,
    /// An address that a driver of the kernel holds, such as 0x62: programs that do not insist get EBUSY; several times
    #[arg(long, value_name = "ADDRESS", value_parser = address)]
    driver_holds: Vec<u16>,
    /// How many simulated seconds pass in a second, 0.001 to 1000
    #[arg(long, value_name = "FACTOR", default_value_t = 1.0)]
    speed: f64,
    /// Let transfers take their time on a bus of this speed, 1000 to 3400000 [default: they take none]
    #[arg(long, value_name = "HZ", value_parser = clap::value_parser!(u32).range(1_000..=3_400_000))]
    bit_rate: Option<u32>,
    /// Write the traffic of the bus to a file, as a recording
    #[arg(long, value_name = "FILE")]
    record: Option<PathBuf>,
}

/// The simulated machine, with what only a program that runs on it can see.
#[derive(Debug, Args)]
pub(crate) struct MachineOptions {
    #[command(flatten)]
    options: Options,
    /// Whose driver's errors programs see: `pi` (Pi 0 to 4), `designware` (Pi 5), `tiny-usb` or `plain`
    #[arg(long, value_name = "ADAPTER", default_value = "pi")]
    errno: String,
    /// The GPIO line that the presence pin is wired to
    #[arg(long, value_name = "LINE", default_value_t = 17, value_parser = clap::value_parser!(u32).range(..58))]
    pin: u32,
    /// What that line is called [default: GPIO and its number]
    #[arg(long, value_name = "NAME", value_parser = label)]
    pin_name: Option<String>,
    /// The label of the GPIO chip, by which some programs find it, such as pinctrl-rp1 for a Raspberry Pi 5
    #[arg(long, value_name = "LABEL", value_parser = label, default_value = "pinctrl-bcm2711")]
    chip: String,
    /// Say on standard error what programs make of GPIO outputs, such as that of a fan
    #[arg(long)]
    outputs: bool,
}

impl MachineOptions {
    /// The machine, which begins to live now.
    pub(crate) fn machine(&self) -> Result<Machine, Report> {
        let style = setup::style(&self.errno)?;
        let world = self.options.world(style, Some((self.pin, self.pin_name.clone())))?;
        let layout = ChipLayout { label: self.chip.clone(), ..ChipLayout::default() };
        let mut machine = Machine::with_gpio(world, &layout);
        if self.outputs {
            machine.watch_outputs(|OutputChange { name, level, .. }| {
                let state = match level {
                    Some(true) => "is high",
                    Some(false) => "is low",
                    None => "is no longer driven",
                };
                say(format_args!("mlsensor: {name} {state}"));
            });
        }
        Ok(machine)
    }
}

impl Options {
    /// The bus behind a USB adapter. Its driver is always the same, and the kernel that it runs in has its own errnos.
    pub(crate) fn usb_bus(&self) -> Result<UsbBus, Report> {
        let world = self.world(Style::TinyUsb, None)?;
        UsbBus::new(world, self.bus).ok_or_else(|| Report {
            what: format!("there is no bus {} to put behind a USB adapter", self.bus),
            likely: "the number of the bus is mistyped".to_owned(),
            run: "mlsensor sim usbredir --help".to_owned(),
            code: "MLSENSOR-OPTION".to_owned(),
        })
    }

    /// What there is, with the presence pin on this line, which has this name.
    fn world(&self, style: Style, pin: Option<(u32, Option<String>)>) -> Result<World, Report> {
        let mut setup = Setup::default();
        setup.part = Part::parse(&self.scenario)?;
        setup.seed = self.seed;
        setup.bus = self.bus;
        setup.faults = self.fault.iter().map(|text| setup::fault(text)).collect::<Result<_, _>>()?;
        setup.extras = self.with.iter().map(|text| Extra::parse(text)).collect::<Result<_, _>>()?;
        self.assume.iter().try_for_each(|text| assume(text, &mut setup.assumptions))?;
        setup.claimed.clone_from(&self.driver_holds);
        setup.style = style;
        setup.bit_rate_hz = self.bit_rate;
        if let Some((line, name)) = pin {
            setup.line = line;
            setup.line_name = name;
            setup.check_lines()?;
        }
        if !RealTime::SPEEDS.contains(&self.speed) {
            return Err(Report {
                what: format!("cannot let time pass at {} times its speed", self.speed),
                likely: "the speed is a number from 0.001 to 1000".to_owned(),
                run: "mlsensor sim run --help".to_owned(),
                code: "MLSENSOR-OPTION".to_owned(),
            });
        }
        let log = self.record.as_deref().map(create).transpose()?;
        let mut world = setup.world(Box::new(RealTime::new(self.speed)));
        if let (Some(mut log), Some(path)) = (log, self.record.clone()) {
            let mut is_good = true;
            world.log(self.bus, move |transfer| {
                if is_good && write!(log, "{}", setup::line(transfer)).and_then(|()| log.flush()).is_err() {
                    is_good = false;
                    say(format_args!(
                        "mlsensor: cannot write {} any more: the recording ends",
                        path.display()
                    ));
                }
            });
        }
        Ok(world)
    }
}

/// A name of a GPIO line or chip, as the kernel hands them to programs: 32 bytes with the one that ends it.
fn label(text: &str) -> Result<String, String> {
    match text.len() {
        1..=31 => Ok(text.to_owned()),
        0 => Err("it is empty".to_owned()),
        _ => Err("it has more than 31 bytes, and programs would see a part of it".to_owned()),
    }
}

/// A number, in hexadecimal behind `0x`.
fn address(text: &str) -> Result<u16, String> {
    let number = match text.strip_prefix("0x") {
        Some(digits) => u16::from_str_radix(digits, 16),
        None => text.parse(),
    };
    number
        .ok()
        .filter(|&address| address <= 0x3FF)
        .ok_or_else(|| "it is no address from 0 to 0x3ff".to_owned())
}

pub(crate) fn create(path: &Path) -> Result<BufWriter<File>, Report> {
    let file =
        File::create(path).and_then(|mut file| writeln!(file, "# mlsensor recording 1").map(|()| file));
    file.map(BufWriter::new).map_err(|error| Report {
        what: format!("cannot write recording {}: {error}", path.display()),
        likely: "the folder does not exist, or this user may not write there".to_owned(),
        run: format!(
            "ls -ld {}",
            path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new(".")).display()
        ),
        code: "MLSENSOR-FILE".to_owned(),
    })
}
