//! What holds for every example: its size, its help, its errors, Ctrl-C.

#[cfg(unix)]
mod running;
mod transcript;

use std::path::Path;

use transcript::{PROGRAMS, program, run, stdout};

const DOCUMENTED: &str = include_str!("../../../docs/errors.md");

fn source(file: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/bin").join(file)).unwrap()
}

#[test]
fn every_example_is_listed_here() {
    let folder = std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/bin")).unwrap();
    let files = folder.map(|file| file.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> =
        files.filter_map(|file| file.strip_suffix(".rs").map(str::to_owned)).collect();
    names.sort();
    let mut listed = PROGRAMS.to_vec();
    listed.sort();
    assert_eq!(names, listed);
}

/// The decision stands in the example, or, if firmware has it too, in the file of its name beside.
#[test]
fn every_example_fits_on_a_screen_and_its_decision_is_tested_where_it_stands() {
    for name in PROGRAMS {
        let source = source(&format!("{name}.rs"));
        let (program, tests) = source.split_once("#[cfg(test)]").unwrap_or((&source, ""));
        let lines = program.trim_end().lines().count();
        assert!(lines <= 80, "{name}: {lines} lines");
        let rules = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../rules/src/{name}.rs"));
        let shared = std::fs::read_to_string(rules).unwrap_or_default();
        let is_used = program.contains(&format!("use mlsensor_example_rules::{name}::"));
        assert!(tests.contains("#[test]") || is_used && shared.contains("#[test]"), "{name}");
    }
}

#[test]
fn every_help_has_examples_and_exit_codes() {
    for name in PROGRAMS {
        let output = program(name, &["--help"]).env("COLUMNS", "80").output().unwrap();
        let help = String::from_utf8(output.stdout).unwrap();
        for example in source(&format!("{name}.help.txt")).lines().filter(|line| line.starts_with("  ")) {
            assert!(help.contains(example), "a terminal has no room for {example}");
        }
        assert!(help.lines().all(|line| line.len() <= 80), "{help}");
        assert!(help.contains("Examples:\n") && help.contains("Exit codes: 0 at the end, 130 after Ctrl-C"));
        assert_eq!(stdout(name, &["-V"]), format!("{name} {}\n", env!("CARGO_PKG_VERSION")));
    }
}

/// The examples of each help are options that there are.
#[test]
fn every_example_of_a_help_is_understood() {
    for name in PROGRAMS {
        let help = source(&format!("{name}.help.txt"));
        let lines = help.lines().filter_map(|line| line.strip_prefix("  ")?.strip_prefix(name));
        let mut examples = 0;
        for line in lines {
            let line = line.split("   ").next().unwrap().split(" | ").next().unwrap();
            // With --help behind them they are read, and nothing is done.
            let quoted = line.split('\'').enumerate();
            let args = quoted.flat_map(|(place, part)| match place % 2 {
                0 => part.split_whitespace().collect(),
                _ => vec![part],
            });
            let args: Vec<&str> = args.chain(["--help"]).collect();
            assert_eq!(run(name, &args).status.code(), Some(0), "{name} {line}");
            examples += 1;
        }
        assert!(examples >= 4, "{name}");
    }
}

#[test]
fn what_is_wrong_with_options_is_told_in_four_parts() {
    for name in PROGRAMS {
        for (args, what) in [
            (&["--seed", "x"][..], "invalid value 'x' for '--seed <N>'"),
            (&["1", "sim:crowd"], "unexpected argument 'sim:crowd' found"),
            (&["1", "--realtime"], "the option '--realtime' is not for /dev/i2c-1: "),
            (&["--every", "0"], "invalid value '0' for '--every <MS>'"),
            (&["--every", "501"], "invalid value '501' for '--every <MS>'"),
            (&["--fastest"], "unexpected argument '--fastest' found"),
        ] {
            assert_four_parts(name, args, 2, what, "MLSENSOR-OPTION");
        }
    }
}

#[test]
fn a_source_that_is_none_is_explained_by_every_example() {
    for name in PROGRAMS {
        let missing = ["sim:no_such"];
        assert_four_parts(name, &missing, 1, "cannot read scenario no_such: ", "MLSENSOR-FILE");
        if cfg!(target_os = "linux") {
            assert_four_parts(name, &["99"], 1, "cannot open /dev/i2c-99: ", "MLSENSOR-BUS-2");
        }
    }
}

#[test]
fn every_code_of_an_error_is_documented() {
    let mut codes = 0;
    for file in std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("src")).unwrap() {
        let path = file.unwrap().path();
        let text = if path.is_file() { std::fs::read_to_string(path).unwrap() } else { String::new() };
        for (place, _) in text.match_indices("\"MLSENSOR-") {
            let code = text[place + 1..].split(['"', '{']).next().unwrap();
            assert!(DOCUMENTED.contains(&format!("`{code}`")), "{code} is not in docs/errors.md");
            codes += 1;
        }
    }
    assert!(codes >= 8, "{codes}");
}

fn assert_four_parts(name: &str, args: &[&str], exit_code: i32, what: &str, code: &str) {
    let output = run(name, args);
    let error = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(exit_code), "{name} {args:?}: {error}");
    assert!(output.stdout.is_empty(), "nothing is announced that does not happen: {name} {args:?}");
    let [first, second, third, fourth] = error.lines().collect::<Vec<_>>()[..] else {
        panic!("{name} {args:?} does not give four lines: {error}")
    };
    assert!(first.starts_with(&format!("error: {what}")), "{error}");
    assert!(second.starts_with("likely: ") && third.starts_with("run: "), "{error}");
    assert_eq!(fourth, format!("code: {code}"));
    assert!(DOCUMENTED.contains(&format!("`{code}`")), "{code} is not in docs/errors.md");
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_every_example_with_130() {
    for name in PROGRAMS {
        let mut running = running::Running::start(&mut program(name, &["--realtime"]));
        running.until("start");
        let (rest, code) = running.interrupt();
        assert_eq!(code, Some(130), "{name}: {rest}");
        assert!(rest.lines().last().unwrap().contains(" s  end "), "{name}: {rest}");
    }
}
