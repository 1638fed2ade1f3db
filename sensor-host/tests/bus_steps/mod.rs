//! A program that does with a bus what it is told to, a step after another, and tells what came of each.
#![allow(dead_code, reason = "each test file uses a part of this")]

use std::env;
use std::fmt::Debug;
use std::path::Path;
use std::process::Command;

use embedded_hal::i2c::I2c;
use mlsensor::Config;
use mlsensor_host::linux::{LinuxBus, LinuxError};
use mlsensor_host::source::{Opening, SourceName};

const BUS: &str = "MLSENSOR_TEST_BUS";
const STEPS: &str = "MLSENSOR_TEST_STEPS";

/// What came of a step.
#[derive(Debug, Default)]
pub(crate) struct Step {
    /// The kind of the error, or "ok" and more.
    pub(crate) kind: String,
    pub(crate) errno: String,
    pub(crate) retry: String,
    pub(crate) hal: String,
    pub(crate) report: String,
}

impl Step {
    #[track_caller]
    pub(crate) fn assert_error(&self, errno: i32, kind: &str, retry: &str, hal: &str) {
        let found = (&*self.errno, &*self.kind, &*self.retry, &*self.hal);
        assert_eq!(found, (&*format!("Some({errno})"), kind, retry, hal));
        assert_eq!(self.report.lines().count(), 4, "{self:?}");
    }
}

/// Starts the test of this name as a program that takes these steps.
pub(crate) fn run_steps(program: &mut Command, test: &str, bus: &Path, steps: &str) -> Vec<Step> {
    program.args(["--exact", test, "--nocapture"]).env(BUS, bus).env(STEPS, steps);
    let output = program.output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{text}{}", String::from_utf8_lossy(&output.stderr));
    let lines = text.lines().filter_map(|line| line.split_once("STEP ").map(|(_, step)| step));
    lines.map(step).collect()
}

fn step(line: &str) -> Step {
    let mut parts = line.split('\t').map(|part| part.replace("\\n", "\n"));
    let mut next = || parts.next().unwrap_or_default();
    Step { kind: next(), errno: next(), retry: next(), hal: next(), report: next() }
}

/// Takes the steps, if it was started for that.
pub(crate) fn main() {
    let (Ok(path), Ok(steps)) = (env::var(BUS), env::var(STEPS)) else { return };
    let mut bus = None;
    for step in steps.split_whitespace() {
        match (step, &mut bus) {
            ("open", _) => {
                let opened = LinuxBus::open(&*path);
                tell(opened.as_ref().map(|_| String::new()).map_err(Clone::clone));
                bus = opened.ok();
            }
            ("source", _) => {
                let source = SourceName::Bus(path.clone()).open(&Opening::default()).unwrap();
                println!("STEP ok {}", source.remarks.concat());
            }
            ("prepare", _) => prepare(&path),
            (step, Some(bus)) => with(bus, step),
            (step, None) => panic!("{step} without a bus"),
        }
    }
}

/// Opens the bus as a source, and sets the sensor.
fn prepare(path: &str) {
    let mut source = SourceName::Bus(path.to_owned()).open(&Opening::default()).unwrap();
    match source.prepare(&Config::POWER_ON.with_id_enabled(true)) {
        Ok(()) => println!("STEP ok"),
        Err(error) => {
            let report = error.report().to_string().replace('\n', "\\n");
            println!("STEP not prepared\t\t{:?}\t\t{report}", error.retry());
        }
    }
}

fn with(bus: &mut LinuxBus, step: &str) {
    match step {
        "read" => {
            let mut packet = [0xA5; 39];
            tell(bus.read(0x62, &mut packet).map(|()| hex(&packet)));
        }
        "write" => tell(bus.write(0x62, &[0x01, 0x01]).map(|()| String::new())),
        "select" => tell(bus.write(0x70, &[0x04]).map(|()| String::new())),
        "both" => {
            let mut answer = [0xA5; 2];
            tell(bus.write_read(0x62, &[0x07], &mut answer).map(|()| hex(&answer)));
        }
        // The longest message that the kernel takes, one byte more, and as many more as 16 bits do not hold.
        "longest" => tell(bus.write_read(0x62, &[0x07], &mut [0; 8192]).map(|()| String::new())),
        "too_long" => tell(bus.write_read(0x62, &[0x07], &mut [0; 8193]).map(|()| String::new())),
        "far_too_long" => tell(bus.write_read(0x62, &[0x07], &mut [0; 65_538]).map(|()| String::new())),
        "reopen" => tell(bus.reopen().map(|()| String::new())),
        "timeout" => tell_ok(&bus.timeout()),
        step => panic!("{step} is no step"),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn tell_ok(what: &impl Debug) {
    println!("STEP ok {what:?}");
}

fn tell(outcome: Result<String, LinuxError>) {
    match outcome {
        Ok(more) => println!("STEP {}", format!("ok {more}").trim()),
        Err(error) => {
            let report = error.report().to_string().replace('\n', "\\n");
            let (kind, errno, retry) = (error.kind(), error.errno(), error.retry());
            let hal = embedded_hal::i2c::Error::kind(&error);
            println!("STEP {kind:?}\t{errno:?}\t{retry:?}\t{hal:?}\t{report}");
        }
    }
}
