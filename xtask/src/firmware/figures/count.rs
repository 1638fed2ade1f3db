//! Runs a program in QEMU with our plugin, which counts the instructions of each read.

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::{call::Call, failure::Failure, project::Project};

use super::{PACKAGE, program, table, table::Range};

/// QEMU's plugin, built for this computer.
pub(super) struct Counter {
    library: PathBuf,
}

impl Counter {
    /// `version` is what the emulator that loads it says of itself.
    pub(super) fn build(project: &Project, version: &str) -> Result<Self, Failure> {
        let folder = project.target.join("cost");
        let manifest =
            format!("--locked --manifest-path {PACKAGE}/Cargo.toml --package mlsensor-cost-counter");
        for what in ["test --quiet", "build --release"] {
            let call = Call::cargo(project, &format!("{what} {manifest}")).target_dir(&folder);
            let call = call.env("MLSENSOR_QEMU_PLUGIN_VERSION", interface(version));
            call.run("XTASK-FIGURES-COUNTER", "the plugin that counts instructions was changed")?;
        }
        Ok(Counter { library: folder.join("release/libmlsensor_cost_counter.so") })
    }

    /// What this program says of itself, and the instructions of its reads, under the labels of the table.
    pub(super) fn count(
        &self,
        emulator: Call,
        machine: &str,
        path: &Path,
    ) -> Result<Vec<(String, Range)>, Failure> {
        let enter = program::find(path, "mlsensor_cost::run::measured")?.start;
        let caller = program::find(path, "mlsensor_cost::run::around")?;
        let out = path.with_extension("counts");
        let _ = fs::remove_file(&out);
        let plugin = format!(
            "file={},enter={enter:x},from={:x},to={:x},out={}",
            self.library.display(),
            caller.start,
            caller.end,
            out.display()
        );
        let call = emulator
            .args(machine.split(' '))
            .args("-display none -monitor none -serial none".split(' '))
            .args(["-semihosting-config", "enable=on,target=native", "-plugin", &plugin, "-kernel"])
            .arg(path);
        let typed = call.typed();
        let output = call.output()?;
        let said = [output.stdout, output.stderr].concat();
        let said = String::from_utf8_lossy(&said);
        let wrong = |what: String, likely: &str| {
            Failure::new("XTASK-FIGURES-RUN", format!("{}: {what}", path.display()), likely, typed.clone())
        };
        if !output.status.success() {
            let likely = match output.status.code() {
                Some(1) => {
                    "the driver makes something else of a packet than sensor-driver/cost/src/packets.rs meant"
                }
                Some(4) => "the driver panics: the address says where",
                _ => "QEMU cannot load the plugin, or the program does not start",
            };
            return Err(wrong(format!("{}: {}", output.status, said.trim()), likely));
        }
        let counts = fs::read_to_string(&out).map_err(|error| Failure::io(&out, &error))?;
        let counts: Vec<u64> = counts.lines().filter_map(|line| line.parse().ok()).collect();
        figures(&said, &counts).map_err(|what| {
            wrong(what, "the program says otherwise than xtask/src/firmware/figures/count.rs reads")
        })
    }
}

/// The version of the interface for plugins that this version of QEMU takes.
fn interface(version: &str) -> &'static str {
    let number = version.split_whitespace().skip_while(|word| *word != "version").nth(1);
    let major = number.and_then(|number| number.split('.').next()?.parse::<u32>().ok());
    if major.is_some_and(|major| major >= 9) { "2" } else { "1" }
}

/// What a line of a program is called in the table. None of what is run for its stack alone.
fn label(name: &str) -> Option<&'static str> {
    let faces = name.strip_prefix("faces").and_then(|count| table::FACES.get(count.parse::<usize>().ok()?));
    match name {
        "checksum" => Some(table::CHECKSUM),
        "length" => Some(table::LENGTH),
        "stack" => Some(table::STACK),
        "sensor" => Some(table::SENSOR),
        "result" => Some(table::RESULT),
        "future" => Some(table::FUTURE),
        _ => faces.copied(),
    }
}

/// Puts together what the program said, which is how many packets of which kind it has read, and the counts, a read each.
fn figures(said: &str, counts: &[u64]) -> Result<Vec<(String, Range)>, String> {
    let mut counts = counts;
    let mut figures = Vec::new();
    for line in said.lines() {
        let number = |(name, number): (&str, &str)| Some((name.to_owned(), number.parse::<usize>().ok()?));
        let (name, number) =
            line.split_once(' ').and_then(number).ok_or_else(|| format!("it said `{line}`"))?;
        let is_kind = name.starts_with("faces") || ["checksum", "length", "other"].contains(&&*name);
        let range = if is_kind {
            let (these, rest) =
                counts.split_at_checked(number).ok_or("fewer reads were seen than it made")?;
            counts = rest;
            let least = these.iter().min().ok_or_else(|| format!("no read for `{name}`"))?;
            Range { least: *least, most: *these.iter().max().unwrap_or(least) }
        } else {
            Range::exactly(number as u64)
        };
        figures.extend(label(&name).map(|label| (label.to_owned(), range)));
    }
    if !counts.is_empty() {
        return Err(format!("{} reads more were seen than it made", counts.len()));
    }
    if figures.len() < table::EVEN.len() {
        return Err(format!("it said only `{said}`"));
    }
    Ok(figures)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAID: &str =
        "faces0 2\nfaces1 1\nfaces2 1\nfaces3 1\nfaces4 2\nchecksum 1\nlength 1\nother 1\nstack 96\n";
    const COUNTS: [u64; 10] = [10, 10, 20, 30, 40, 51, 50, 60, 65, 70];

    #[test]
    fn each_qemu_gets_the_interface_that_it_takes() {
        let of_debian =
            "QEMU emulator version 7.2.22 (Debian 1:7.2+dfsg-7+deb12u18+b3)\nCopyright (c) 2003-2022\n";
        let newer = "QEMU emulator version 10.0.2 (Debian 1:10.0.2+ds-2)\n";
        assert_eq!([of_debian, newer].map(interface), ["1", "2"]);
    }

    #[test]
    fn counts_go_to_the_kind_that_was_read() {
        let figures = figures(SAID, &COUNTS).unwrap();
        let of = |label: &str| figures.iter().find(|(name, _)| name == label).unwrap().1;
        assert_eq!(of(table::FACES[0]), Range::exactly(10));
        assert_eq!(of(table::FACES[4]), Range { least: 50, most: 51 });
        assert_eq!((of(table::CHECKSUM), of(table::STACK)), (Range::exactly(60), Range::exactly(96)));
        assert_eq!(of(table::LENGTH), Range::exactly(65));
        assert_eq!(figures.len(), 8);
    }

    #[test]
    fn a_count_too_many_or_too_few_is_no_measurement() {
        assert!(figures(SAID, &COUNTS[1..]).is_err());
        assert!(figures(SAID, &[&COUNTS[..], &[70]].concat()).is_err());
        assert!(figures("qemu: no such machine\n", &[]).is_err() && figures("", &[]).is_err());
    }
}
