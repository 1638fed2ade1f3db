//! The checks of this repository, for a developer and for continuous integration alike.
//!
//! `cargo xtask help` says what there is. Every command that a step runs is printed as it could be typed.

mod apt;
mod call;
mod checks;
mod coverage;
mod debian;
mod failure;
mod firmware;
mod fuzz;
mod guest;
mod no_panic;
mod oldest;
mod peers;
mod program;
mod project;
mod python;
mod setup;
mod shell;
mod steps;
mod toolchain;
mod wheels;

use std::{env, process::ExitCode, time::Duration};

use failure::Failure;
use guest::Board;
use project::Project;
use steps::{Options, Step};
use wheels::{Target, Wanted};

const HELP: &str = "\
The checks of this repository. Each can be run alone; `test` runs all, in this order.

    cargo xtask test        everything below; needs about 35 minutes on two cores, from nothing
    cargo xtask setup       are rustfmt, clippy and the C and C++ compilers there? installs a missing
                            C++ compiler if it is run as root on a Debian system
    cargo xtask lint        formatting and clippy, which also holds the code to the oldest Rust we promise
    cargo xtask doc         the documentation builds, and no link in it is dead
    cargo xtask unit        unit, integration and documentation tests, in three sets of features
    cargo xtask peers       unmodified programs (i2c-tools, gpiod, Python, C, Rust) on a simulated bus; installs
                            what is missing if it is run as root on a Debian system
    cargo xtask python      the Python package: the wheel is built from what would be uploaded, and installed; then
                            ruff, mypy, pyright, stubtest, and its tests with this Python and with the oldest and
                            the newest that are here; installs Python if it is run as root on a Debian system
    cargo xtask python-arm64  its wheel for a 64-bit Raspberry Pi, cross-compiled and linked for its oldest system;
                            installed by pip in Debian's arm64 Python, in an emulator, where its tests run and
                            every scenario is to the byte what it is here. The same crates compile for 32-bit
                            ARM. `not run` where Debian's packages cannot be had
    cargo xtask oldest      the crates build with the oldest Rust we promise; `not run` where that is not
                            installed
    cargo xtask no-std      the libraries build for a Cortex-M0, where there is no `std`
    cargo xtask no-panic    programs that use all of the driver hold no panic routine and no software
                            floating point; prints how large they are
    cargo xtask fuzz        random input into every parser and behaviour, 10 seconds each; --seconds N for
                            another time
    cargo xtask guest       a virtual machine with Debian's arm64 kernel finds a simulated sensor and reads
                            it, plugged in by QEMU and by USB/IP; --machine raspi3b for a Raspberry Pi, which
                            takes a minute; `not run` where Debian's packages cannot be had
    cargo xtask firmware    the programs of examples/firmware build, each for its microcontroller. `firmware
                            run`, which the tests do, runs those for QEMU, and those of the Pico on an emulated
                            one, with the simulated sensor on their bus; and holds what the driver costs to
                            docs/performance.md, into which `firmware figures` writes it anew. Fetches QEMU out
                            of Debian's packages if there is none, and Node if it is run as root on a Debian
                            system
    cargo xtask package     the crates can be published: each builds from what would be uploaded
    cargo xtask bench       every benchmark runs once (for figures: cargo bench -p mlsensor-benches)
    cargo xtask wheels      not a check: all wheels of the Python package (x86_64, aarch64, armv7l, armv6l) and its
                            source archive, into target/wheels/dist; `wheels test` tests them in emulators too,
                            and code of ours on the ARM1176 of a Raspberry Pi Zero; --for armv6l for one alone
    cargo xtask help        this text

All steps run even if one fails; the failures are listed at the end, and the exit code is 1.
What is made goes to target/: mcu-toolchain/ (a compiler for microcontrollers, made once, if your own has
no such target: `rustup target add thumbv6m-none-eabi` gives it one), mcu/, emulators/ (QEMU), python/
(environments of Python, the package and its wheel), wheels/ (the same for other processors, with a linker
and emulators), guest/ (a kernel, an emulator and what belongs to them, fetched once), fuzz/, fuzz-corpus/
(grows from run to run) and fuzz-artifacts/ (the inputs that crashed).
For longer fuzzing: cd sensor-driver && cargo fuzz run parse fuzz/seeds/parse
";

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match chosen(&arguments) {
        Ok(None) => {
            print!("{HELP}");
            ExitCode::SUCCESS
        }
        Ok(Some((steps, options))) => steps::run(&Project::find(), &steps, options),
        Err(failure) => {
            eprintln!("{failure}");
            ExitCode::from(2)
        }
    }
}

/// The steps that are asked for, and what they are told; none for help.
fn chosen(arguments: &[String]) -> Result<Option<(Vec<Step>, Options)>, Failure> {
    let usage = |what: String| {
        Failure::new("XTASK-USAGE", what, "a word is misspelt or in the wrong place", "cargo xtask help")
    };
    let mut words = arguments.iter().map(String::as_str);
    let Some(name) = words.next() else { return Ok(None) };
    let steps = match name {
        "help" | "-h" | "--help" => return Ok(None),
        "test" => Step::ALL.to_vec(),
        _ => match Step::ALL.into_iter().chain(Step::BESIDES).find(|step| step.name() == name) {
            Some(step) => vec![step],
            None => return Err(usage(format!("there is no step `{name}`"))),
        },
    };
    // The tests run what can run.
    let firmware = if name == "test" { firmware::Wanted::Run } else { firmware::Wanted::default() };
    let (fuzzing, board) = (Duration::from_secs(10), Board::default());
    let mut options = Options { fuzzing, firmware, board, wheels: Wanted::default() };
    while let Some(word) = words.next() {
        if steps == [Step::Firmware] {
            let wanted = firmware::Wanted::ALL.into_iter().find(|wanted| wanted.word() == Some(word));
            options.firmware = wanted.ok_or_else(|| usage(format!("`{name}` does not know `{word}`")))?;
            continue;
        }
        if word == "test" && steps == [Step::Wheels] {
            options.wheels.tests = true;
            continue;
        }
        let value = words.next();
        match word {
            "--seconds" if steps.contains(&Step::Fuzz) => {
                let seconds = value.and_then(|seconds| seconds.parse().ok()).filter(|&seconds| seconds > 0);
                let wrong = || usage("`--seconds` wants a whole number above 0 behind it".into());
                options.fuzzing = Duration::from_secs(seconds.ok_or_else(wrong)?);
            }
            "--machine" if steps.contains(&Step::Guest) => {
                let board = Board::ALL.into_iter().find(|board| Some(board.name()) == value);
                let names = Board::ALL.map(Board::name).join(" or ");
                let wrong = || usage(format!("`--machine` wants {names} behind it"));
                options.board = board.ok_or_else(wrong)?;
            }
            "--for" if steps == [Step::Wheels] => {
                options.wheels.only = Target::ALL.into_iter().find(|target| Some(target.name) == value);
                if options.wheels.only.is_none() {
                    let names = Target::ALL.map(|target| target.name).join(" or ");
                    return Err(usage(format!("`--for` wants {names} behind it")));
                }
            }
            _ => return Err(usage(format!("`{name}` does not know `{word}`"))),
        }
    }
    Ok(Some((steps, options)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        text.split_whitespace().map(Into::into).collect()
    }

    #[test]
    fn the_help_names_every_step_in_its_order_and_no_other() {
        let commands = HELP.lines().filter_map(|line| line.strip_prefix("    cargo xtask "));
        let words: Vec<&str> = commands.map(|rest| rest.split(' ').next().unwrap()).collect();
        let (first, last) = (words.first(), words.last());
        assert_eq!((first, last), (Some(&"test"), Some(&"help")));
        let names: Vec<&str> = Step::ALL.into_iter().chain(Step::BESIDES).map(Step::name).collect();
        assert_eq!(words[1..words.len() - 1], names);
    }

    #[test]
    fn a_step_alone_everything_or_help() {
        let options = |seconds, board| Options {
            fuzzing: Duration::from_secs(seconds),
            firmware: firmware::Wanted::Build,
            board,
            wheels: Wanted::default(),
        };
        let all = |seconds| Options { firmware: firmware::Wanted::Run, ..options(seconds, Board::Virt) };
        let chosen = |text| chosen(&words(text)).unwrap();
        assert_eq!(chosen("fuzz --seconds 3"), Some((vec![Step::Fuzz], options(3, Board::Virt))));
        assert_eq!(chosen("guest --machine raspi3b"), Some((vec![Step::Guest], options(10, Board::Raspi3b))));
        assert_eq!(chosen("test"), Some((Step::ALL.to_vec(), all(10))));
        let both = chosen("test --machine virt --seconds 1").unwrap().1;
        assert_eq!(both, all(1));
        let last = Some(Target::ALL[3]);
        for (text, tests, only) in [
            ("wheels", false, None),
            ("wheels test", true, None),
            ("wheels --for armv6l test", true, last),
            ("wheels test --for armv6l", true, last),
        ] {
            let expected = Options { wheels: Wanted { tests, only }, ..options(10, Board::Virt) };
            assert_eq!(chosen(text), Some((vec![Step::Wheels], expected)));
        }
        for (text, firmware) in [
            ("firmware", firmware::Wanted::Build),
            ("firmware run", firmware::Wanted::Run),
            ("firmware figures", firmware::Wanted::Figures),
        ] {
            let expected = Options { firmware, ..options(10, Board::Virt) };
            assert_eq!(chosen(text), Some((vec![Step::Firmware], expected)));
        }
        assert!(chosen("").is_none() && chosen("help").is_none());
    }

    #[test]
    fn what_is_not_understood_is_refused() {
        for text in [
            "tset",
            "lint --seconds 3",
            "fuzz --seconds",
            "fuzz --seconds 0",
            "fuzz 3",
            "fuzz --machine virt",
            "guest --machine",
            "guest --machine pi",
            "test test",
            "wheels tests",
            "firmware build",
            "firmware run 3",
            "test run",
            "wheels --for",
            "wheels --for armv8",
            "test --for armv6l",
        ] {
            assert_eq!(chosen(&words(text)).unwrap_err().code, "XTASK-USAGE", "{text}");
        }
    }
}
