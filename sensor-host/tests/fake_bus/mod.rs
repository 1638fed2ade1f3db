//! A bus by a name of its own, on which a sensor does what a script says: see `fake_bus.c`, which is loaded into an
//! unchanged program and stands in for the kernel there.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Captured from a board: one face, facing.
#[allow(dead_code, reason = "each test file uses a part of this")]
pub(crate) const ONE_FACE: &str = "read 00 00 21 00 01 63 7c 80 95 aa 43 00 01 00 00 00 00 00 00 00 00 00 00 00 00 00 \
                                   00 00 00 00 00 00 00 00 00 00 00 15 8b\n";

/// The library, in the folder of a bus. Named by a relative path, because `LD_PRELOAD` takes no space.
const LIBRARY: &str = "./libfake_bus.so";

/// The folder of a bus: its file, its script, its log, and the library.
pub(crate) struct FakeBus {
    pub(crate) folder: PathBuf,
}

impl FakeBus {
    pub(crate) fn new(within: &Path, name: &str, script: &str) -> FakeBus {
        // The same test may run twice at once.
        let bus = FakeBus { folder: within.join(format!("fake_bus-{}-{name}", std::process::id())) };
        fs::create_dir_all(&bus.folder).unwrap();
        let mut cc = Command::new("cc");
        cc.args(["-shared", "-fPIC", "-O1", "-Wall", "-o", LIBRARY]).arg(source());
        assert!(cc.current_dir(&bus.folder).status().unwrap().success());
        for (file, text) in [("script", script), ("log", ""), ("i2c", "")] {
            fs::write(bus.folder.join(file), text).unwrap();
        }
        bus
    }

    /// The path of the bus.
    pub(crate) fn path(&self) -> PathBuf {
        self.folder.join("i2c")
    }

    /// Lets a program find the bus.
    pub(crate) fn give_to<'a>(&self, program: &'a mut Command) -> &'a mut Command {
        program.current_dir(&self.folder).env("LD_PRELOAD", LIBRARY).env("FAKE_BUS", self.path());
        program
            .env("FAKE_BUS_SCRIPT", self.folder.join("script"))
            .env("FAKE_BUS_LOG", self.folder.join("log"))
    }

    /// What was asked of the bus.
    pub(crate) fn log(&self) -> String {
        fs::read_to_string(self.folder.join("log")).unwrap()
    }

    /// What was written to the sensor.
    #[allow(dead_code, reason = "each test file uses a part of this")]
    pub(crate) fn written(&self) -> String {
        self.log().lines().filter(|line| line.contains(" w ")).map(|line| format!("{line}\n")).collect()
    }
}

/// Beside this file, wherever the test is that includes it.
fn source() -> PathBuf {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let file = "sensor-host/tests/fake_bus/fake_bus.c";
    package.ancestors().map(|folder| folder.join(file)).find(|path| path.exists()).unwrap()
}

impl Drop for FakeBus {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}
