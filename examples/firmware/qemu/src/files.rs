//! The byte pipe of the bridge: two FIFOs of the host, opened by semihosting. A read blocks the processor as a whole, so that
//! waiting for the host takes none of its time.

use mlsensor_bridge::{BridgeError, Pipe, Remote};
use semihosting::fs::File;
use semihosting::io::{self, Read as _, Write as _};
use semihosting::{eprintln, process};

/// The FIFOs that `mlsensor sim bridge` makes in the working folder of QEMU.
#[derive(Debug)]
pub struct Files {
    requests: File,
    answers: File,
}

/// The simulated sensor, and what there is besides it.
pub type Host = Remote<Files>;

/// Why the simulated sensor cannot be used any more.
pub type HostError = BridgeError<io::Error>;

/// Opens the FIFOs and says hello. Without FIFOs, it says what to do, and the emulator ends with 1.
///
/// # Errors
/// If nobody answers.
pub fn connect() -> Result<Host, HostError> {
    let Ok(files) = Files::open() else {
        eprintln!("error: there are no i2c.req and i2c.rsp in the folder in which QEMU runs");
        eprintln!("likely: QEMU was not started by `mlsensor sim bridge`, or not in the folder of its FIFOs");
        eprintln!("run: cargo run --release --bin fan");
        eprintln!("code: FIRMWARE-NO-BRIDGE");
        process::exit(1)
    };
    Remote::connect(files)
}

impl Files {
    fn open() -> io::Result<Files> {
        // For reading and writing: this neither waits for the other end nor makes a plain file where there is no FIFO.
        let open = |path| File::options().read(true).write(true).open(path);
        Ok(Files { requests: open(c"i2c.req")?, answers: File::open(c"i2c.rsp")? })
    }
}

impl Pipe for Files {
    type Error = io::Error;

    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.requests.write_all(bytes)
    }

    fn read_exact(&mut self, bytes: &mut [u8]) -> io::Result<()> {
        self.answers.read_exact(bytes)
    }
}
