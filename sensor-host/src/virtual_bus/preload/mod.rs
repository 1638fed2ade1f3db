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

mod conversation;
mod paths;
mod place;
mod program;
mod server;
#[path = "../../../preload/wire.rs"]
#[allow(unreachable_pub, dead_code, reason = "shared with the library, which uses the other half")]
mod wire;

// Never compiled here: so that rustfmt sees the library's source.
#[cfg(any())]
#[path = "../../../preload/lib.rs"]
mod library;

use std::io::Write as _;
use std::os::unix::net::UnixStream;
use std::process::{Command, ExitStatus};

use self::paths::Paths;
use self::place::Place;
use self::server::Server;
use super::Machine;
use crate::Report;

/// The library, or nothing where it could not be built.
const LIBRARY: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/libmlsensor_preload.so"));

/// The code of what goes wrong here.
const CODE: &str = "MLSENSOR-SIM-PRELOAD";

/// Runs a program with the machine's devices, until it ends.
///
/// # Errors
/// If the program cannot be started, or would not see the devices.
pub fn run(machine: &mut Machine, command: &mut Command) -> Result<ExitStatus, Report> {
    if LIBRARY.is_empty() {
        return Err(Report {
            what: "this mlsensor has no library to put into a program".to_owned(),
            likely: "it was built for another processor than x86-64 and ARM64, or without a linker".to_owned(),
            run: "cargo install mlsensor-host".to_owned(),
            code: CODE.to_owned(),
        });
    }
    program::refuse_what_would_not_see(command)?;
    let failed = |what: &str, error: std::io::Error| Report {
        what: format!("{what}: {error}"),
        likely: "the system is out of something, or a sandbox forbids it".to_owned(),
        run: "ulimit -a".to_owned(),
        code: CODE.to_owned(),
    };
    let place = Place::make(LIBRARY)?;
    place.set_up(command);
    let paths = Paths::of(machine);
    let mut server = Server::listen(machine, paths, &place)
        .map_err(|errno| failed("cannot serve a simulated bus", errno.into()))?;
    let mut child = command.spawn().map_err(|error| program::does_not_start(command, &error))?;
    let ended = UnixStream::pair().and_then(|(ended, mut end)| {
        let waits = std::thread::Builder::new().name("waits-for-program".to_owned());
        let waits = waits.spawn(move || {
            let status = child.wait();
            // The other end is dropped only after this thread is joined.
            let _ = end.write_all(&[0]);
            status
        })?;
        Ok((ended, waits))
    });
    let (ended, waits) = ended.map_err(|error| failed("cannot wait for the program", error))?;
    server.serve(&ended).map_err(|errno| failed("cannot serve a simulated bus", errno.into()))?;
    match waits.join() {
        Ok(status) => status.map_err(|error| failed("cannot wait for the program", error)),
        Err(panic) => std::panic::resume_unwind(panic),
    }
}
