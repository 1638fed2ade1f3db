//! The byte pipe of the bridge: two FIFOs of the host, opened by semihosting. A read blocks the processor as a whole, so that
//! waiting for the host takes none of its time.

use mlsensor_bridge::{BridgeError, Pipe, Remote};
use semihosting::fs::File;
use semihosting::io::{self, Read as _, Write as _};

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

/// Opens the FIFOs and says hello.
///
/// # Errors
/// If there are none, or nobody answers.
pub fn connect() -> Result<Host, HostError> {
    let files = Files::open().map_err(BridgeError::Pipe)?;
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
