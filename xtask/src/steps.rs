//! The steps in their order, how each is run, and the list at the end.

use std::{
    process::ExitCode,
    time::{Duration, Instant},
};

use crate::{checks, failure::Failure, fuzz, no_panic, project::Project, setup};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    Setup,
    Lint,
    Doc,
    Unit,
    NoStd,
    NoPanic,
    Fuzz,
    Package,
    Bench,
}

impl Step {
    pub(crate) const ALL: [Step; 9] = [
        Step::Setup,
        Step::Lint,
        Step::Doc,
        Step::Unit,
        Step::NoStd,
        Step::NoPanic,
        Step::Fuzz,
        Step::Package,
        Step::Bench,
    ];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Step::Setup => "setup",
            Step::Lint => "lint",
            Step::Doc => "doc",
            Step::Unit => "unit",
            Step::NoStd => "no-std",
            Step::NoPanic => "no-panic",
            Step::Fuzz => "fuzz",
            Step::Package => "package",
            Step::Bench => "bench",
        }
    }

    fn run(self, project: &Project, fuzzing: Duration) -> Result<(), Failure> {
        match self {
            Step::Setup => setup::run(project),
            Step::Lint => checks::lint(project),
            Step::Doc => checks::doc(project),
            Step::Unit => checks::unit(project),
            Step::NoStd => checks::no_std(project),
            Step::NoPanic => no_panic::run(project),
            Step::Fuzz => fuzz::run(project, fuzzing),
            Step::Package => checks::package(project),
            Step::Bench => checks::bench(project),
        }
    }
}

/// Runs the steps, all of them, and lists how they went.
pub(crate) fn run(project: &Project, steps: &[Step], fuzzing: Duration) -> ExitCode {
    let mut outcomes = Vec::new();
    for step in steps {
        println!("\n==== {} ====", step.name());
        let start = Instant::now();
        let outcome = step.run(project, fuzzing);
        let took = start.elapsed();
        if let Err(failure) = &outcome {
            println!("{failure}");
        }
        println!("---- {}: {}, {:.1} s", step.name(), verdict(&outcome), took.as_secs_f32());
        outcomes.push((step, outcome, took));
    }
    if outcomes.len() > 1 {
        println!("\n==== all steps ====");
        for (step, outcome, took) in &outcomes {
            println!("{:<10}{:<8}{:>7.1} s", step.name(), verdict(outcome), took.as_secs_f32());
        }
        let total: Duration = outcomes.iter().map(|(_, _, took)| took).sum();
        println!("{:<18}{:>7.1} s", "together", total.as_secs_f32());
        for failure in outcomes.iter().filter_map(|(_, outcome, _)| outcome.as_ref().err()) {
            println!("\n{failure}");
        }
    }
    ExitCode::from(u8::from(outcomes.iter().any(|(_, outcome, _)| outcome.is_err())))
}

fn verdict(outcome: &Result<(), Failure>) -> &'static str {
    if outcome.is_ok() { "ok" } else { "FAILED" }
}
