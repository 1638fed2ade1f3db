//! What a simulated bus costs a program, by each route, and what the route costs all else that the program does:
//! `cargo bench -p mlsensor-host --bench routes`.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// How often a program is started.
const STARTS: usize = 21;

fn main() {
    let program = build();
    println!("Medians of a process's own clock, 99th percentile in brackets. Without a route there is no bus.");
    let routes = [None, Some("seccomp"), Some("preload")];
    let columns: Vec<Vec<(String, String)>> = routes.into_iter().map(|route| column(route, &program)).collect();
    println!("| | no route | seccomp | preload |\n|---|---|---|---|");
    for (what, _) in &columns[1] {
        let cell = |column: &Vec<(String, String)>| {
            column.iter().find(|(name, _)| name == what).map_or("-".to_owned(), |(_, figure)| figure.clone())
        };
        println!("| {what} | {} |", columns.iter().map(cell).collect::<Vec<_>>().join(" | "));
    }
}

/// The program of routes.c.
fn build() -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("routes");
    let source = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/routes.c");
    let status = Command::new("cc").args(["-O2", "-o"]).arg(&path).arg(source).status().expect("a C compiler");
    assert!(status.success());
    path
}

fn by(route: Option<&str>, program: &str) -> Command {
    let Some(route) = route else { return Command::new(program) };
    let mut command = Command::new(env!("CARGO_BIN_EXE_mlsensor"));
    command.args(["sim", "run", "--quiet", "--route", route, "--", program]);
    command
}

fn column(route: Option<&str>, program: &Path) -> Vec<(String, String)> {
    let mut command = by(route, program.to_str().expect("a path in UTF-8"));
    let output = command.args(route.map(|_| "bus")).stderr(Stdio::inherit()).output().expect("the command");
    assert!(output.status.success());
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let mut figures: Vec<(String, String)> = text.lines().filter_map(figure).collect();
    for arguments in [&["true"][..], &["python3", "-c", ""]] {
        let name = format!("start and end of {}", arguments[0]);
        figures.push((name, format!("{:.1} ms", start(route, arguments).as_secs_f64() * 1e3)));
    }
    figures
}

fn figure(line: &str) -> Option<(String, String)> {
    let mut parts = line.split('\t');
    let (name, median, rare) = (parts.next()?, parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    Some((name.to_owned(), format!("{} ({})", time(median), time(rare))))
}

fn time(nanoseconds: f64) -> String {
    if nanoseconds < 1000.0 { format!("{nanoseconds:.0} ns") } else { format!("{:.1} us", nanoseconds / 1e3) }
}

/// How long a program takes from its start to its end.
fn start(route: Option<&str>, arguments: &[&str]) -> Duration {
    let mut times: Vec<Duration> = (0..STARTS)
        .map(|_| {
            let begin = Instant::now();
            let mut command = by(route, arguments[0]);
            assert!(command.args(&arguments[1..]).status().expect("the command").success());
            begin.elapsed()
        })
        .collect();
    times.sort();
    times[STARTS / 2]
}
