//! Firmware in an emulator, on a simulated sensor: the bridge of [`mlsensor_sim::bridge`] over two FIFOs, beside a program
//! such as QEMU.
//!
//! # Guarantees
//! * Time is virtual: nothing that the firmware sees depends on how fast anything runs here.
//! * A program that ends without a word, that is killed in the middle of one, or that never reads its answer, holds nothing up.
//! * No file is written over, and the FIFOs are removed at the end, if they are still those that were made.

mod fifos;
mod scripted;
mod wires;

use std::io;
use std::os::fd::OwnedFd;
use std::process::Command;

use mlsensor_sim::bridge::{Bridge, BridgeError};
use rustix::event::Timespec;
use rustix::process::{Signal, getpid, getppid, set_parent_process_death_signal};

pub use self::fifos::{ANSWERS, Fifos, REQUESTS};
pub use self::scripted::{Emulated, Scripted, Traffic};
use self::wires::{Wires, Woken};
use super::Errno;
use super::launch::{Ended, NotRun};
use super::seccomp::sys;
use crate::Report;
use crate::report::say;

/// The code of what goes wrong between the two ends.
const CODE: &str = "MLSENSOR-BRIDGE";

/// As `env`, `timeout` and shells have it: the program is not to blame.
const FAILED: u8 = 125;

/// Serves a program's firmware over the FIFOs until the program has ended. A second firmware of the same program finds the
/// sensor, and the time, as the first one left them.
///
/// To be called from a process with one thread.
///
/// # Errors
/// What kept the program from running, or from running to its end.
pub fn run(bridge: &mut Bridge<Scripted>, fifos: &Fifos, command: Command) -> Result<Ended, NotRun> {
    let name = command.get_program().to_string_lossy().into_owned();
    let failed = |what: &'static str| move |error: io::Error| (what, error);
    let system = |(what, error): (&'static str, io::Error)| NotRun::system(&name, what, &error);
    let (signals, mask) = (&fifos.signals.0, fifos.signals.1);
    let parent = getpid();
    let wires = fifos.open().map_err(failed("open its FIFOs")).map_err(system)?;
    let child = sys::spawn(command, move || {
        // Killed with this process, which may be gone already.
        set_parent_process_death_signal(Some(Signal::KILL))?;
        if getppid() != Some(parent) {
            return Err(Errno::SRCH.into());
        }
        sys::set_mask(&mask)
    });
    let child = child.map_err(|error| NotRun::of(&name, &error))?;
    let mut wires = Wires::new(wires, signals, Some(child));
    let mut patience = fifos.patience.and_then(|silence| Timespec::try_from(silence).ok());
    loop {
        match wires.firmware(patience.as_ref()).map_err(failed("wait for it")).map_err(system)? {
            Woken::Ready => patience = None,
            Woken::Silent => {
                patience = None;
                say(fifos.hint());
                continue;
            }
            Woken::Ended(ended) => return Ok(ended),
            // Signals are the program's.
            Woken::Interrupted => continue,
        }
        match bridge.serve(&wires, &wires) {
            Ok(()) => {}
            Err(error) => {
                let ended = wires.close_and_wait(fifos).map_err(failed("wait for it")).map_err(system)?;
                let report = report(&error);
                return match ended {
                    Ended::Exited(0) => Err(NotRun { report, exit_code: FAILED }),
                    _ => {
                        say(report);
                        Ok(ended)
                    }
                };
            }
        }
        wires.renew(fifos.open().map_err(failed("open its FIFOs")).map_err(system)?);
    }
}

/// Serves one firmware, which is started by somebody else. `false` if Ctrl-C, or its like, came before its end.
///
/// To be called from a process with one thread.
///
/// # Errors
/// If the conversation with it broke off.
pub fn serve(bridge: &mut Bridge<Scripted>, fifos: &Fifos) -> Result<bool, Report> {
    let wires = Wires::new(fifos.open().map_err(|error| of_system(&error))?, &fifos.signals.0, None);
    match wires.firmware(None).map_err(|error| of_system(&error))? {
        Woken::Ready => {}
        Woken::Interrupted | Woken::Ended(_) | Woken::Silent => return Ok(false),
    }
    let outcome = bridge.serve(&wires, &wires);
    if wires.is_interrupted() {
        return Ok(false);
    }
    outcome.map(|()| true).map_err(|error| report(&error))
}

fn of_system(error: &io::Error) -> Report {
    Report {
        what: format!("cannot wait for firmware: {error}"),
        likely: "the system is out of something, or a sandbox forbids it".to_owned(),
        run: "ulimit -a".to_owned(),
        code: CODE.to_owned(),
    }
}

/// What is to be told to a person.
fn report(error: &BridgeError) -> Report {
    let (likely, run) = match error {
        BridgeError::CutShort => ("the emulator was killed, or the firmware has crashed", "dmesg | tail"),
        BridgeError::NoHello(_) => {
            ("what writes to i2c.req does not use the crate mlsensor-bridge", "mlsensor sim bridge --help")
        }
        BridgeError::Version(_) => {
            ("firmware and mlsensor are not of the same version", "cargo update -p mlsensor-bridge")
        }
        BridgeError::NoRequest(_) => (
            "the firmware has overwritten its own memory, or two write to i2c.req",
            "mlsensor sim bridge --help",
        ),
        _ => ("the emulator is gone", "dmesg | tail"),
    };
    Report {
        what: format!("the bridge to the firmware broke off: {error}"),
        likely: likely.to_owned(),
        run: run.to_owned(),
        code: CODE.to_owned(),
    }
}

/// Both files of a conversation.
#[derive(Debug)]
struct Opened {
    requests: OwnedFd,
    answers: OwnedFd,
}
