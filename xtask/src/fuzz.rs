//! Random input into every parser and behaviour, on the stable compiler and without cargo-fuzz.
//!
//! cargo-fuzz asks a nightly compiler for what only it may do, the address sanitizer, which finds little in
//! code without `unsafe`. What guides the search, coverage, a stable compiler can be asked for as well.

use std::{fs, path::Path, time::Duration};

use crate::{
    call::Call,
    failure::Failure,
    project::{self, Project},
    toolchain,
};

/// In the layout of cargo-fuzz: a file in fuzz_targets/ is a target, seeds/TARGET/ holds inputs to start from.
pub(crate) const PACKAGES: [&str; 3] = ["sensor-driver/fuzz", "sensor-sim/fuzz", "sensor-host/fuzz"];

/// Inputs that are in the repository for another reason, by target.
const MORE_SEEDS: [(&str, &str); 1] = [("scenario", "sensor-sim/scenarios")];

/// Counters at every edge, a table of their places, and the operands of comparisons: what libFuzzer looks at.
const COVERAGE: &str = "-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares -Ccodegen-units=1 --cfg fuzzing";

pub(crate) fn run(project: &Project, time: Duration) -> Result<(), Failure> {
    let host = toolchain::host(project)?;
    let target_dir = project.target.join("fuzz");
    for package in PACKAGES {
        // With --target, even though it is this machine, so that build scripts are not instrumented.
        Call::cargo(
            project,
            &format!("build --locked --release --manifest-path {package}/Cargo.toml --target {host}"),
        )
        .target_dir(&target_dir)
        .env("RUSTFLAGS", COVERAGE)
        .run("XTASK-FUZZ-BUILD", "a target uses something that has changed, or there is no C++ compiler")?;
    }
    for package in PACKAGES {
        for name in targets(project, package)? {
            search(project, &target_dir.join(&host).join("release").join(&name), package, &name, time)?;
        }
    }
    Ok(())
}

/// The names of a package's targets: none is forgotten when one is added.
fn targets(project: &Project, package: &str) -> Result<Vec<String>, Failure> {
    let sources = project::files(&project.root.join(package).join("fuzz_targets"))?;
    Ok(sources.iter().map(|source| project::stem(source)).collect())
}

/// Runs one target; its long log goes to a file, what came of it to the terminal.
fn search(
    project: &Project,
    program: &Path,
    package: &str,
    name: &str,
    time: Duration,
) -> Result<(), Failure> {
    let corpus = project.target.join("fuzz-corpus").join(name);
    let crashes = project.target.join("fuzz-artifacts").join(name);
    project::make_folder(&corpus)?;
    project::make_folder(&crashes)?;
    let options = format!("-seed=1 -timeout=10 -max_total_time={}", time.as_secs());
    let call = Call::new(project, program, &program.to_string_lossy(), &options)
        .arg(format!("-artifact_prefix={}/", crashes.display()))
        .arg(&corpus);
    let own = project.root.join(package).join("seeds").join(name);
    let more = MORE_SEEDS.iter().filter(|(target, _)| *target == name);
    let seeds = std::iter::once(own).chain(more.map(|(_, folder)| project.root.join(folder)));
    let call = call.args(seeds.filter(|folder| folder.is_dir()));
    println!("$ {}", call.typed());
    let output = call.output()?;
    let log = String::from_utf8_lossy(&output.stderr);
    let log_path = project.target.join("fuzz-artifacts").join(format!("{name}.log"));
    fs::write(&log_path, log.as_bytes()).map_err(|error| Failure::io(&log_path, &error))?;
    if output.status.success() {
        let Some(covered) = covered(&log) else {
            return Err(Failure::new(
                "XTASK-FUZZ-BLIND",
                format!("fuzz target {name}: the engine reports no coverage, so it searched at random"),
                "the target was built without the flags that count what is reached",
                format!("less {}", log_path.display()),
            ));
        };
        println!("fuzz {name}: ok, {}", summary(covered));
        return Ok(());
    }
    let lines: Vec<&str> = log.lines().collect();
    for line in &lines[lines.len().saturating_sub(40)..] {
        println!("{line}");
    }
    // The message of a panic is on the line behind its place.
    let said = lines.iter().position(|line| line.contains("panicked at") || line.contains("ERROR: "));
    let said = said.map(|at| lines[at..].iter().take(2).copied().collect::<Vec<_>>().join(" "));
    let written = lines.iter().find_map(|line| line.split_once("Test unit written to "));
    let again = match written {
        Some((_, input)) => format!("{} {input}", program.display()),
        None => format!("less {}", log_path.display()),
    };
    Err(Failure::new(
        "XTASK-FUZZ-CRASH",
        format!("fuzz target {name}: {}", said.unwrap_or_else(|| "it stopped without a word".into())),
        "an input was found for which the code breaks its word; the command runs that input alone",
        again,
    ))
}

/// The last line of a log that tells how much was reached. An engine that can count nothing prints none.
fn covered(log: &str) -> Option<&str> {
    log.lines().rev().find(|line| line.contains(" cov: "))
}

/// Of a line like `#512  DONE  cov: 62 ft: 83 corp: 15/30b lim: ...` the runs and the coverage.
fn summary(line: &str) -> String {
    let mut words = line.split_whitespace();
    let runs = words.next().unwrap_or_default().trim_start_matches('#');
    let mut after = |label: &str| words.find(|word| *word == label).and(words.next()).unwrap_or("?");
    let (places, inputs) = (after("cov:"), after("corp:"));
    format!("{runs} runs, {places} places reached, corpus {inputs}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_targets_of_every_package_are_found() {
        let [driver, simulator, host] = PACKAGES.map(|package| targets(&Project::find(), package).unwrap());
        assert_eq!(driver, ["behavior", "command", "parse"]);
        assert_eq!(simulator, ["bridge", "recording", "scenario"]);
        assert_eq!(host, ["conversation", "import", "machine"]);
    }

    #[test]
    fn a_log_without_coverage_is_told_from_one_with_it() {
        let blind = "#2\tINITED exec/s: 0 rss: 27Mb\n#9\tDONE   corp: 1/1b lim: 4 exec/s: 0 rss: 27Mb\n";
        assert_eq!(covered(blind), None);
        let log = "#2\tINITED cov: 5 ft: 6\n#9\tDONE   cov: 7 ft: 8\nDone 9 runs in 3 second(s)\n";
        assert_eq!(covered(log), Some("#9\tDONE   cov: 7 ft: 8"));
    }

    #[test]
    fn a_progress_line_is_summed_up() {
        let line = "#7111063\tDONE   cov: 249 ft: 663 corp: 151/5889b lim: 4096 exec/s: 1185177 rss: 27Mb";
        assert_eq!(summary(line), "7111063 runs, 249 places reached, corpus 151/5889b");
    }
}
