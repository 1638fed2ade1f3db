//! The steps in their order, how each is run, and the list at the end.

use std::{
    process::ExitCode,
    time::{Duration, Instant},
};

use crate::{
    checks,
    failure::Failure,
    firmware, fuzz,
    guest::{self, Board},
    no_panic, oldest, peers,
    project::Project,
    python, setup, wheels,
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    Setup,
    Lint,
    Doc,
    Unit,
    Peers,
    Python,
    PythonArm64,
    Oldest,
    NoStd,
    NoPanic,
    Fuzz,
    Guest,
    Firmware,
    Package,
    Bench,
    Wheels,
}

/// What some steps can be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Options {
    /// How long to fuzz each target.
    pub fuzzing: Duration,
    /// What of the firmware.
    pub firmware: firmware::Wanted,
    /// Which machine the guest has.
    pub board: Board,
    /// Which wheels, and what of them.
    pub wheels: wheels::Wanted,
}

/// How a step ended that did not fail.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Done {
    Passed,
    /// It could not be run here, and why. That is no failure, and no pass either.
    NotRun(String),
}

type Outcome = Result<Done, Failure>;

impl Step {
    pub(crate) const ALL: [Step; 15] = [
        Step::Setup,
        Step::Lint,
        Step::Doc,
        Step::Unit,
        Step::Peers,
        Step::Python,
        Step::PythonArm64,
        Step::Oldest,
        Step::NoStd,
        Step::NoPanic,
        Step::Fuzz,
        Step::Guest,
        Step::Firmware,
        Step::Package,
        Step::Bench,
    ];

    /// What is no check, or takes too long for one that everybody runs.
    pub(crate) const BESIDES: [Step; 1] = [Step::Wheels];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Step::Setup => "setup",
            Step::Lint => "lint",
            Step::Doc => "doc",
            Step::Unit => "unit",
            Step::Peers => "peers",
            Step::Python => "python",
            Step::PythonArm64 => "python-arm64",
            Step::Oldest => "oldest",
            Step::NoStd => "no-std",
            Step::NoPanic => "no-panic",
            Step::Fuzz => "fuzz",
            Step::Guest => "guest",
            Step::Firmware => "firmware",
            Step::Package => "package",
            Step::Bench => "bench",
            Step::Wheels => "wheels",
        }
    }

    fn run(self, project: &Project, options: Options) -> Outcome {
        match self {
            Step::Setup => setup::run(project),
            Step::Lint => checks::lint(project),
            Step::Doc => checks::doc(project),
            Step::Unit => checks::unit(project),
            Step::Peers => peers::run(project),
            Step::Python => python::run(project),
            Step::PythonArm64 => return wheels::run_arm64(project),
            Step::Oldest => return oldest::run(project),
            Step::NoStd => checks::no_std(project),
            Step::NoPanic => no_panic::run(project),
            Step::Fuzz => fuzz::run(project, options.fuzzing),
            Step::Guest => return guest::run(project, options.board),
            Step::Firmware => return firmware::run(project, options.firmware),
            Step::Package => checks::package(project),
            Step::Bench => checks::bench(project),
            Step::Wheels => return wheels::run(project, options.wheels),
        }
        .map(|()| Done::Passed)
    }
}

/// Runs the steps, all of them, and lists how they went.
pub(crate) fn run(project: &Project, steps: &[Step], options: Options) -> ExitCode {
    let mut outcomes = Vec::new();
    for step in steps {
        println!("\n==== {} ====", step.name());
        let start = Instant::now();
        let outcome = step.run(project, options);
        let took = start.elapsed();
        if let Some(remark) = remark(step.name(), &outcome) {
            println!("{remark}");
        }
        println!("---- {}: {}, {:.1} s", step.name(), verdict(&outcome), took.as_secs_f32());
        outcomes.push((step.name(), outcome, took));
    }
    if outcomes.len() > 1 {
        println!("\n==== all steps ====");
        for (name, outcome, took) in &outcomes {
            println!("{name:<14}{:<8}{:>7.1} s", verdict(outcome), took.as_secs_f32());
        }
        let total: Duration = outcomes.iter().map(|(_, _, took)| took).sum();
        println!("{:<22}{:>7.1} s", "together", total.as_secs_f32());
        for remark in outcomes.iter().filter_map(|(name, outcome, _)| remark(name, outcome)) {
            println!("\n{remark}");
        }
    }
    ExitCode::from(exit_code(outcomes.iter().map(|(_, outcome, _)| outcome)))
}

/// 1 if any step failed.
fn exit_code<'a>(outcomes: impl IntoIterator<Item = &'a Outcome>) -> u8 {
    u8::from(outcomes.into_iter().any(Result::is_err))
}

fn verdict(outcome: &Outcome) -> &'static str {
    match outcome {
        Ok(Done::Passed) => "ok",
        Ok(Done::NotRun(_)) => "not run",
        Err(_) => "FAILED",
    }
}

/// What is to be said of a step that did not pass.
fn remark(name: &str, outcome: &Outcome) -> Option<String> {
    match outcome {
        Ok(Done::Passed) => None,
        Ok(Done::NotRun(why)) => Some(format!("{name} was not run: {why}")),
        Err(failure) => Some(failure.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failed() -> Outcome {
        Err(Failure::new("XTASK-TEST", "it broke", "a test wants it so", "true"))
    }

    fn not_run() -> Outcome {
        Ok(Done::NotRun("there is none here".into()))
    }

    #[test]
    fn one_failure_among_many_passes_is_a_failure() {
        let passed = || Ok(Done::Passed);
        assert_eq!(exit_code(&[passed(), failed(), passed()]), 1);
        assert_eq!(exit_code(&[failed()]), 1);
        assert_eq!(exit_code(&[passed(), passed()]), 0);
        assert_eq!(exit_code(&[passed(), not_run()]), 0);
        assert_eq!(exit_code(&[not_run(), failed()]), 1);
    }

    #[test]
    fn what_was_not_run_does_not_look_like_a_pass() {
        let outcomes = [Ok(Done::Passed), not_run(), failed()];
        assert_eq!(outcomes.each_ref().map(verdict), ["ok", "not run", "FAILED"]);
        let remarks = outcomes.each_ref().map(|outcome| remark("oldest", outcome));
        assert_eq!(remarks[0], None);
        assert_eq!(remarks[1].as_deref(), Some("oldest was not run: there is none here"));
        assert!(remarks[2].as_ref().unwrap().ends_with("code: XTASK-TEST"));
    }
}
