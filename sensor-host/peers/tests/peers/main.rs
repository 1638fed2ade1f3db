//! Do programs that know nothing of mlsensor work on a simulated bus, unchanged?
//!
//! `cargo xtask peers` installs what is needed and runs this. A program that is missing fails its test.

mod c;
mod gpio;
mod i2c_tools;
mod python;
mod rust;

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// A packet of nobody, as the guide has it: 33 bytes of data, no face, and the checksum. Typed by hand.
const NOBODY: &str = "00 00 21 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 \
                      00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 25 37";

/// The ways in which a program is given the bus.
const ROUTES: [&str; 2] = ["seccomp", "preload"];

/// A program on a simulated bus.
struct Sim {
    command: Command,
}

impl Sim {
    /// By this route, in front of this scene: a shipped one, or one of `scenarios/`.
    fn new(route: &str, scenario: &str) -> Sim {
        let mlsensor =
            std::env::var_os("MLSENSOR").expect("MLSENSOR names the command; cargo xtask peers sets it");
        let file = here("scenarios").join(scenario).with_extension("toml");
        let mut command = Command::new(mlsensor);
        command.args(["sim", "run", "--quiet", "--route", route, "--scenario"]);
        if file.is_file() {
            command.arg(file)
        } else {
            command.arg(scenario)
        };
        command.stdin(Stdio::null());
        Sim { command }
    }

    fn option(mut self, option: &str, value: &str) -> Sim {
        self.command.args([option, value]);
        self
    }

    /// What the program did. One that is still there after a minute is ended, and has failed.
    fn run(mut self, program: impl AsRef<Path>, arguments: &[&str]) -> Ran {
        self.command.args(["--", "timeout", "60"]).arg(program.as_ref()).args(arguments);
        let output = self.command.output().unwrap();
        let shown = format!("{:?}\n{}", self.command, String::from_utf8_lossy(&output.stderr));
        Ran { output, shown }
    }
}

/// A program that has ended.
struct Ran {
    output: Output,
    /// What was run, and its complaints.
    shown: String,
}

impl Ran {
    #[track_caller]
    fn printed(&self, expected: &str) {
        assert_eq!(self.text(), expected, "{}", self.shown);
        self.exited(0);
    }

    #[track_caller]
    fn exited(&self, code: i32) {
        assert_eq!(self.output.status.code(), Some(code), "{}", self.shown);
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.output.stdout).into_owned()
    }

    fn complaints(&self) -> String {
        String::from_utf8_lossy(&self.output.stderr).into_owned()
    }
}

/// A folder of this package.
fn here(folder: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)
}
