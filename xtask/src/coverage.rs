//! Are the programs of the no-panic check complete? Every public function of the driver must be called in one.
//!
//! By name alone: `new` is found if any type's `new` is called. It is a net for what is forgotten, no proof.

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::{
    failure::Failure,
    no_panic::PACKAGE,
    project::{self, Project},
};

const DRIVER: &str = "sensor-driver/src";

/// Where async functions must be called, as opposed to all others.
const ASYNC_PROGRAM: &str = "awaited";

pub(crate) fn check(project: &Project) -> Result<(), Failure> {
    let mut awaited = String::new();
    let mut called = String::new();
    for path in sources(&project.root.join(PACKAGE).join("src/bin"))? {
        let program = if project::stem(&path) == ASYNC_PROGRAM { &mut awaited } else { &mut called };
        program.push_str(&project::read(&path)?);
    }
    let mut count = 0;
    for path in sources(&project.root.join(DRIVER))? {
        let functions = public_functions(&project::read(&path)?);
        count += functions.len();
        if let Some(name) = forgotten(&functions, &called, &awaited) {
            return Err(Failure::new(
                "XTASK-NOT-CALLED",
                format!("no program in {PACKAGE} calls `{name}` of {}", path.display()),
                "the function is new: call it there with input from `byte()`, and hand the result to `keep`",
                format!("ls {PACKAGE}/src/bin"),
            ));
        }
    }
    println!("the programs in {PACKAGE} call all {count} public functions of the driver");
    Ok(())
}

/// The first function that is not called where it must be.
fn forgotten<'a>(functions: &'a [(String, bool)], called: &str, awaited: &str) -> Option<&'a str> {
    let is_called = |name: &str, is_async: bool| calls(if is_async { awaited } else { called }, name);
    let missing = functions.iter().find(|(name, is_async)| !is_called(name, *is_async));
    missing.map(|(name, _)| name.as_str())
}

/// The source files of a folder and of those below.
fn sources(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let io = |error| Failure::io(folder, &error);
    let mut found = project::files(folder)?;
    found.retain(|path| path.extension().is_some_and(|ending| ending == "rs"));
    for entry in fs::read_dir(folder).map_err(io)? {
        let path = entry.map_err(io)?.path();
        if path.is_dir() {
            found.extend(sources(&path)?);
        }
    }
    Ok(found)
}

/// The names of the public functions in a source text without its tests, and whether each is async.
fn public_functions(source: &str) -> Vec<(String, bool)> {
    let before_tests = source.split("#[cfg(test)]\nmod ").next().unwrap_or(source);
    let mut found = Vec::new();
    for line in before_tests.lines() {
        let Some((kind, rest)) =
            line.trim_start().strip_prefix("pub ").and_then(|rest| rest.split_once("fn "))
        else {
            continue;
        };
        if matches!(kind, "" | "const " | "async ") {
            let name = rest.chars().take_while(|&c| c.is_alphanumeric() || c == '_').collect();
            found.push((name, kind == "async "));
        }
    }
    found
}

/// Whether `name(` stands in the text as a whole word.
fn calls(text: &str, name: &str) -> bool {
    let call = format!("{name}(");
    let whole =
        |(at, _): (usize, _)| !text[..at].ends_with(|before: char| before.is_alphanumeric() || before == '_');
    text.match_indices(&call).any(whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn public_functions_are_found_and_those_of_tests_and_of_the_crate_are_not() {
        let source = "    pub const fn new(i2c: I2C) -> Self {\n    pub async fn read(&mut self) {\n\
                      pub fn oddities(packet: &Packet) {\n    pub(super) fn from_slots() {\nfn emit_face() {\n\
                      #[cfg(test)]\nmod tests {\n    pub fn face() {";
        let expected = [("new".to_owned(), false), ("read".to_owned(), true), ("oddities".to_owned(), false)];
        assert_eq!(public_functions(source), expected);
    }

    #[test]
    fn an_async_function_must_be_called_in_the_async_program_and_another_in_another() {
        let functions = [("read".to_owned(), true), ("release".to_owned(), false)];
        assert_eq!(forgotten(&functions, "sensor.release()", "sensor.read().await"), None);
        assert_eq!(forgotten(&functions, "sensor.release(); sensor.read()", ""), Some("read"));
        assert_eq!(forgotten(&functions, "", "sensor.read().await; sensor.release()"), Some("release"));
    }

    #[test]
    fn files_in_folders_below_are_looked_at_and_only_source_files() {
        let folder = Project::find().root.join("examples/host/src");
        let found = sources(&folder).unwrap();
        assert!(found.contains(&folder.join("lib.rs")) && found.contains(&folder.join("bin/fan.rs")));
        assert!(!found.contains(&folder.join("bin/fan.help.txt")));
    }

    /// A check that finds no functions would find them all called.
    #[test]
    fn the_functions_of_the_driver_are_found() {
        let sources = sources(&Project::find().root.join(DRIVER)).unwrap();
        let found = sources.iter().flat_map(|path| public_functions(&project::read(path).unwrap()));
        let (is_async, is_not): (Vec<_>, Vec<_>) = found.partition(|(_, is_async)| *is_async);
        assert!(is_async.len() >= 10 && is_not.len() >= 50, "{} and {}", is_async.len(), is_not.len());
    }

    #[test]
    fn a_call_is_a_whole_word() {
        assert!(calls("keep(sensor.read());", "read"));
        assert!(!calls("keep(sensor.spread());", "read") && !calls("keep(sensor.read_packet());", "read"));
    }
}
