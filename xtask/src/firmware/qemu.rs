//! The programs of `examples/firmware/qemu` on their processors, each with the simulated sensor behind the bridge: their
//! exit codes, and what they print, line for line.

mod board;
mod transcript;

use std::{
    fs,
    path::{Path, PathBuf},
    process::Output,
};

use super::{build, emulators::Emulators};
use crate::{
    call::Call,
    failure::Failure,
    project::{self, Project},
    toolchain::Mcu,
};
use board::Board;
use transcript::{difference, digests_of, writes_of};

const FOLDER: &str = "examples/firmware/qemu";

/// What a run that hangs is ended after, in seconds. None takes two.
const PATIENCE: &str = "60";

/// What goes wrong for the programs `faults` and `faults_async`, besides the loss of power of its scene.
const FAULTS: [&str; 4] = ["nack-address@t=2s", "bit-flips:3@t=4s", "all-ones*3@t=6s", "reset@t=20s"];

/// What the program `registers` writes, blocking, and then again awaited: register and value, from docs/protocol.md.
const WRITES: [&str; 22] = [
    "01 00", // standby
    "03 00", // single shot
    "01 01", // continuous
    "04 05", // label next ID, while recognition is off
    "06 01", // erase IDs
    "02 01", // recognition
    "04 05", // label next ID
    "02 00", // no recognition
    "02 01", // recognition, until the first loss of power
    "02 01", // and after it
    "05 00", // labels are not to be kept
    "05 00", // all settings away from their defaults: labels,
    "07 00", // LED,
    "02 01", // recognition,
    "01 01", // and the mode
    "04 02", // label next ID
    "06 01", // erase IDs
    "07 00", // LED
    "05 01", // all settings as after power-up: labels,
    "07 01", // LED,
    "02 00", // recognition,
    "01 01", // and the mode
];

/// How to run the programs.
struct Runs<'a> {
    project: &'a Project,
    mcu: &'a Mcu,
    emulators: &'a Emulators,
    /// The command that the runners call `mlsensor`.
    mlsensor: PathBuf,
    /// QEMU's working folder, where the FIFOs are.
    folder: PathBuf,
    passed: usize,
}

pub(super) fn run(project: &Project, mcu: &Mcu, emulators: &Emulators) -> Result<(), Failure> {
    Call::cargo(project, "build --locked -p mlsensor-host --bin mlsensor")
        .target_dir(&project.target)
        .run("XTASK-QEMU-BUILD", "something above does not compile")?;
    let digests = digests(project)?;
    let config = project::read(&project.root.join(FOLDER).join(".cargo/config.toml"))?;
    let folder = project.target.join("firmware-qemu");
    project::make_folder(&folder)?;
    let mlsensor = project.target.join("debug/mlsensor");
    let mut runs = Runs { project, mcu, emulators, mlsensor, folder, passed: 0 };
    for board in board::boards(&config)? {
        for package in ["mlsensor-firmware-qemu", "mlsensor-firmware-qemu-digest"] {
            build::build(project, mcu, package, &board.target)?;
        }
        runs.passed = 0;
        runs.fans(&board)?;
        runs.registers(&board)?;
        runs.faults(&board)?;
        runs.digests(&board, &digests)?;
        println!("{:<16}{:<30}{:>3} runs passed", board.machine(), board.target, runs.passed);
    }
    Ok(())
}

/// What the shipped scenarios give on this machine, a line each: what the simulator's own test prints that holds them to
/// its table.
fn digests(project: &Project) -> Result<String, Failure> {
    let test = "test --locked -p mlsensor-sim --test scenarios -- --exact --nocapture \
                each_scenario_gives_the_bytes_that_it_gave_when_it_was_written";
    let call = Call::cargo(project, test).target_dir(&project.target);
    let typed = call.typed();
    let digests = call.printed().map(|printed| digests_of(&printed)).unwrap_or_default();
    if digests.is_empty() {
        let what = "the test of the scenarios' digests fails here, or prints none";
        return Err(Failure::new("XTASK-QEMU-DIGESTS", what, "the simulator has changed", typed));
    }
    Ok(digests)
}

impl Runs<'_> {
    /// The fan says in every scenario what the host's says.
    fn fans(&mut self, board: &Board) -> Result<(), Failure> {
        for file in project::files(&self.project.root.join("sensor-sim/scenarios"))? {
            let scenario = project::stem(&file);
            let expected = format!("examples/host/tests/expected/fan_{scenario}.txt");
            let expected = project::read(&self.project.root.join(expected))?;
            for program in ["fan", "fan_async"] {
                self.holds(board, program, &["--scenario", &scenario], 0, &expected)?;
            }
        }
        Ok(())
    }

    /// Every register does what it should, and all that was written is what the protocol says: the LED can be seen no
    /// other way.
    fn registers(&mut self, board: &Board) -> Result<(), Failure> {
        let recording = self.folder.join("registers.recording");
        // What an earlier run wrote is not what is judged.
        let _ = fs::remove_file(&recording);
        let scene = self.scene("registers");
        let options = ["--scenario", &scene, "--record", "registers.recording"];
        self.holds(board, "registers", &options, 0, &self.expected("registers")?)?;
        let written = writes_of(&project::read(&recording)?);
        let expected = [WRITES, WRITES].concat().join("\n");
        match difference(&expected, &written) {
            None => Ok(()),
            Some(difference) => {
                let call = self.call(board, "registers", &options);
                Err(failed(&call.typed(), format!("it writes something else: {difference}")))
            }
        }
    }

    /// Failures are told by their type, and are survived; and where nobody is, the same programs fail.
    fn faults(&mut self, board: &Board) -> Result<(), Failure> {
        let scene = self.scene("faults");
        let mut options = vec!["--scenario", &scene];
        options.extend(FAULTS.iter().flat_map(|fault| ["--fault", fault]));
        let (survived, nobody) = (self.expected("faults")?, self.expected("faults_nobody")?);
        for program in ["faults", "faults_async"] {
            self.holds(board, program, &options, 0, &survived)?;
            self.holds(board, program, &["--scenario", "walk_up"], 1, &nobody)?;
        }
        Ok(())
    }

    fn digests(&mut self, board: &Board, expected: &str) -> Result<(), Failure> {
        self.holds(board, "digest", &[], 0, expected)
    }

    /// Runs a program: it ends with this exit code, and has printed this.
    fn holds(
        &mut self,
        board: &Board,
        program: &str,
        options: &[&str],
        code: i32,
        expected: &str,
    ) -> Result<(), Failure> {
        let call = self.call(board, program, options);
        let typed = call.typed();
        let output = call.output()?;
        judge(&output, code, expected).map_err(|what| failed(&typed, what))?;
        self.passed += 1;
        Ok(())
    }

    /// What the runner of this processor does with a program, with options for the simulated sensor.
    fn call(&self, board: &Board, program: &str, options: &[&str]) -> Call {
        let Board { emulator, arguments, target, .. } = board;
        Call::new(self.project, "timeout", "timeout", PATIENCE)
            .arg(&self.mlsensor)
            .args(["sim", "bridge"])
            .args(options)
            .arg("--")
            .arg(self.emulators.path(emulator))
            .args(arguments)
            .arg(self.mcu.release(target).join(program))
            .folder(&self.folder)
    }

    fn scene(&self, name: &str) -> String {
        self.beside(Path::new("scenes").join(name).with_extension("toml")).display().to_string()
    }

    fn expected(&self, name: &str) -> Result<String, Failure> {
        project::read(&self.beside(Path::new("expected").join(name).with_extension("txt")))
    }

    fn beside(&self, path: PathBuf) -> PathBuf {
        self.project.root.join(FOLDER).join(path)
    }
}

/// What is wrong with a run, if anything.
fn judge(output: &Output, code: i32, expected: &str) -> Result<(), String> {
    let wrong = if output.status.code() != Some(code) {
        format!("it ends with {}, and not with {code}", output.status)
    } else if let Some(difference) = difference(expected, &String::from_utf8_lossy(&output.stdout)) {
        format!("it prints something else: {difference}")
    } else {
        return Ok(());
    };
    match String::from_utf8_lossy(&output.stderr).trim() {
        "" => Err(wrong),
        said => Err(format!("{wrong}; it said: {said}")),
    }
}

fn failed(typed: &str, what: impl std::fmt::Display) -> Failure {
    Failure::new(
        "XTASK-QEMU",
        format!("firmware in QEMU: {what}"),
        "the driver, the rules or the simulator behaves otherwise on this processor, or all do and the expected text is old",
        typed,
    )
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::os::unix::process::ExitStatusExt;
    use std::process::ExitStatus;

    #[test]
    fn a_run_holds_by_its_exit_code_and_by_its_transcript() {
        let output = |code: i32, text: &str| Output {
            status: ExitStatus::from_raw(code << 8),
            stdout: text.into(),
            stderr: b"noise\n".into(),
        };
        assert_eq!(judge(&output(0, "a\n"), 0, "a\n"), Ok(()));
        assert_eq!(judge(&output(1, "a\n"), 1, "a\n"), Ok(()));
        assert!(judge(&output(1, "a\n"), 0, "a\n").unwrap_err().contains("noise"));
        assert!(judge(&output(0, "a\n"), 1, "a\n").is_err());
        assert!(judge(&output(0, "b\n"), 0, "a\n").unwrap_err().contains("`b`"));
        assert!(judge(&output(124, ""), 0, "").is_err(), "what was ended for hanging");
        let killed = Output { status: ExitStatus::from_raw(9), stdout: vec![], stderr: vec![] };
        assert!(judge(&killed, 0, "").is_err());
    }
}
