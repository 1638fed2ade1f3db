//! The front end by `LD_PRELOAD`, for where seccomp user notification is refused: a library inside the program stands
//! in for the functions of the C library that open and use files, and talks to this side over sockets.
//!
//! The library's source is `sensor-host/preload/`; `build.rs` builds it, and it is embedded here.
//!
//! # Guarantees
//! * One thread serves all programs, and never waits for one of them: neither a program that is stopped nor one that
//!   sends nonsense keeps another waiting.
//! * A program without a dynamic linker, or that the linker would not load a library into, is refused with a report:
//!   it would run without its bus.

#[cfg(fuzzing)]
pub mod alone;
mod conversation;
mod paths;
mod place;
mod program;
mod server;
mod sockets;
#[path = "../../../preload/wire.rs"]
#[allow(unreachable_pub, dead_code, reason = "shared with the library, which uses the other half")]
mod wire;

// Never compiled here: so that rustfmt sees the library's source.
#[cfg(any())]
#[path = "../../../preload/lib.rs"]
mod library;

use std::process::Command;

use rustix::fs::OFlags;
use rustix::process::{
    Pid, Resource, Rlimit, Signal, getpid, getppid, getrlimit, set_child_subreaper,
    set_parent_process_death_signal, setrlimit,
};

use self::paths::Paths;
use self::place::Place;
use self::server::{End, Server};
use super::launch::{Ended, NotRun};
use super::seccomp::guard::{self, Line, Word};
use super::seccomp::sys::{self, Mask};
use super::{Errno, Machine};
use crate::Report;
use crate::report::say;

/// The library, or nothing where it could not be built.
const LIBRARY: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/libmlsensor_preload.so"));

/// The code of what goes wrong here.
const CODE: &str = "MLSENSOR-SIM-PRELOAD";

/// Runs a program with a library in it that gives it the machine's devices, until it has ended.
///
/// This process must have one thread: it is split in two.
///
/// # Errors
/// What kept the program from running; that it would not see the devices, too.
pub fn run(machine: Machine, command: Command, is_quiet: bool) -> Result<Ended, NotRun> {
    // There is nothing to say: a program that would not see its bus is not run.
    let _ = is_quiet;
    if LIBRARY.is_empty() {
        return Err(not_run(Report {
            what: "this mlsensor has no library to put into a program".to_owned(),
            likely: "it was built for another processor than x86-64 and ARM64, or without a linker"
                .to_owned(),
            run: "cargo install mlsensor-host".to_owned(),
            code: CODE.to_owned(),
        }));
    }
    program::refuse_what_would_not_see(&command).map_err(not_run)?;
    let name = command.get_program().to_string_lossy().into_owned();
    guard::guarded(&name, |line, mask| supervise(machine, command, &line, mask))
}

fn not_run(report: Report) -> NotRun {
    /// As `env`, `timeout` and shells have it: the program is not to blame.
    const FAILED: u8 = 125;
    NotRun { report, exit_code: FAILED }
}

/// The supervisor's life: the exit code of this process, which nobody looks at.
fn supervise(mut machine: Machine, command: Command, line: &Line, mask: Mask) -> i32 {
    let name = command.get_program().to_string_lossy().into_owned();
    match serve(&mut machine, command, line, mask, &name) {
        Ok(End::Alone) => 0,
        Ok(End::Unguarded) => {
            say(NotRun::abandoned(&name).report);
            guard::kill_descendants();
            1
        }
        Err(not_run) => {
            line.say(&Word::NotRun(not_run));
            guard::kill_descendants();
            1
        }
    }
}

fn serve(
    machine: &mut Machine,
    mut command: Command,
    line: &Line,
    mask: Mask,
    name: &str,
) -> Result<End, NotRun> {
    let failed = |what: &'static str| move |error: std::io::Error| NotRun::system(name, what, &error);
    let refused = |what: &'static str| move |errno: Errno| NotRun::system(name, what, &errno.into());
    set_child_subreaper(Some(getpid())).map_err(refused("adopt processes"))?;
    let (signals, _) = sys::catch_signals(&guard::SIGNALS).map_err(failed("catch signals"))?;
    let paths = Paths::of(machine).map_err(failed("make files for the devices"))?;
    let place = Place::make(LIBRARY).map_err(not_run)?;
    place.set_up(&mut command);
    let mut server = Server::listen(machine, &paths, &place).map_err(refused("listen"))?;
    let supervisor = getpid();
    let child = sys::spawn(command, move || {
        // Killed with the supervisor, which may be gone already.
        set_parent_process_death_signal(Some(Signal::KILL))?;
        if getppid() != Some(supervisor) {
            return Err(Errno::SRCH.into());
        }
        sys::set_mask(&mask)
    });
    let child = child.map_err(|error| NotRun::of(name, &error))?;
    // The program has its own: a reader of its output is not to wait for this process.
    if let Ok(nothing) = rustix::fs::open("/dev/null", OFlags::RDWR | OFlags::CLOEXEC, 0.into()) {
        let _ = rustix::stdio::dup2_stdin(&nothing);
        let _ = rustix::stdio::dup2_stdout(&nothing);
    }
    // Each file of the programs is one here too.
    let files = getrlimit(Resource::Nofile);
    let _ = setrlimit(Resource::Nofile, Rlimit { current: files.maximum, maximum: files.maximum });
    server.serve(&signals, line, Pid::from_child(&child)).map_err(refused("go on"))
}
