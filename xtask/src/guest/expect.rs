//! What the guest must have said.

use std::{collections::BTreeMap, time::Duration};

use super::machine::Said;

/// What a step said, and how it ended.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Outcome {
    code: i32,
    lines: Vec<String>,
    when: Duration,
}

/// The packet of a sensor that sees nobody, as i2ctransfer prints it.
const NOBODY: &str = "\
0x00 0x00 0x21 0x00 0x00 0x00 0x00 0x00 0x00 0x00 0x00 0x00 0x00 0x00 0x00 0x00 0x00 0x00 0x00 0x00 0x00 0x00 0x00 0x00 0x00 \
0x00 0x00 0x00 0x00 0x00 0x00 0x00 0x00 0x00 0x00 0x00 0x00 0x25 0x37";

/// What a step must come to: its exit code, and a look at what it said.
struct Rule {
    step: &'static str,
    code: i32,
    holds: fn(&str) -> bool,
    what: &'static str,
}

/// What must hold of each bus, whoever brought it.
const OF_A_BUS: [Rule; 8] = [
    rule("detect", 0, |said| addresses(said) == ["62"], "i2cdetect finds 0x62 and nothing else"),
    rule("packet", 0, |said| said == NOBODY, "a read of 39 bytes is the packet that is there"),
    rule(
        "longer",
        0,
        |said| said.strip_suffix(" 0xff") == Some(NOBODY),
        "the byte behind a packet is an undriven bus",
    ),
    rule("repeated-start", 0, |said| said == NOBODY, "a write and a read are one transaction"),
    rule(
        "absent",
        1,
        |said| said.contains("No such device or address"),
        "nothing at 0x63: the driver says ENXIO",
    ),
    rule("probe", 0, |said| !said.is_empty(), "`mlsensor probe` finds a sensor"),
    rule("read", 0, |said| said.contains("\"faces\":[]"), "`mlsensor read` reads that nobody is there"),
    rule("latency", 0, |said| said.contains(" us, the median of "), "the latency can be measured"),
];

/// What must hold besides. 137 and 0: killed, and ended as Ctrl-C ends it.
const BESIDES: [Rule; 9] = [
    rule("usbredir.appears", 0, any, "the kernel makes a bus of the adapter that QEMU was handed"),
    rule(
        "attach.no-module",
        1,
        |said| said.contains("code: MLSENSOR-ATTACH-VHCI-HCD"),
        "without a module, and no modprobe in reach, the error says which",
    ),
    rule(
        "attach.no-root",
        1,
        |said| said.contains("code: MLSENSOR-ATTACH-ROOT"),
        "without rights, the error says so",
    ),
    rule("attach.appears", 0, any, "`mlsensor sim attach` says something"),
    rule("attach.says", 0, |said| said == "/dev/i2c-1", "and that is the bus, and nothing else"),
    rule("attach.KILL", 137, any, "kill -9 ends it"),
    rule("attach.TERM", 0, any, "SIGTERM ends it as Ctrl-C does"),
    rule("attach.is-gone", 0, any, "the bus is gone with it"),
    rule("attach.frees-its-port", 0, any, "the virtual USB controller has its port back"),
];

const AT_LAST: Rule =
    rule("usbredir.stays", 0, |said| addresses(said) == ["62"], "another bus is not touched by that");

const fn rule(step: &'static str, code: i32, holds: fn(&str) -> bool, what: &'static str) -> Rule {
    Rule { step, code, holds, what }
}

fn any(_: &str) -> bool {
    true
}

/// Whether everything went as it must: what to print of it, or what did not.
pub(super) fn judge(said: &[Said]) -> Result<String, String> {
    let outcomes = outcomes(said);
    if said.last().is_none_or(|(_, line)| line != "::over") {
        return Err("the guest did not come to its end".into());
    }
    let mut verdict = String::new();
    for bus in ["usbredir", "attach"] {
        for rule in &OF_A_BUS {
            check(rule, &format!("{bus}.{}", rule.step), &outcomes)?;
        }
    }
    for rule in BESIDES.iter().chain([&AT_LAST]) {
        check(rule, rule.step, &outcomes)?;
    }
    let first = |step: &str| outcomes.get(step).and_then(|outcomes| outcomes.first());
    if let Some(packet) = first("usbredir.packet") {
        verdict.push_str(&format!("from power-on to the first packet: {:.1} s\n", packet.when.as_secs_f32()));
    }
    for bus in ["usbredir", "attach"] {
        if let Some(latency) = first(&format!("{bus}.latency")) {
            verdict.push_str(&format!("a read of 39 bytes, by {bus}: {}\n", latency.lines.join(" ")));
        }
    }
    Ok(verdict)
}

/// A step may be taken several times: each time must hold.
fn check(rule: &Rule, step: &str, outcomes: &BTreeMap<String, Vec<Outcome>>) -> Result<(), String> {
    let times =
        outcomes.get(step).ok_or_else(|| format!("the guest did not come to {step}: {}", rule.what))?;
    for outcome in times {
        let said = outcome.lines.join("\n");
        if outcome.code != rule.code || !(rule.holds)(said.trim()) {
            return Err(format!(
                "{step} does not hold: {}; it ended with {} and said {said:?}",
                rule.what, outcome.code
            ));
        }
    }
    Ok(())
}

fn outcomes(said: &[Said]) -> BTreeMap<String, Vec<Outcome>> {
    let mut outcomes: BTreeMap<String, Vec<Outcome>> = BTreeMap::new();
    let mut under_way: Option<Vec<String>> = None;
    for (when, line) in said {
        if line.starts_with("::begin ") {
            under_way = Some(Vec::new());
        } else if let Some(end) = line.strip_prefix("::end ") {
            let parts = end.split_once(' ').and_then(|(step, code)| Some((step, code.parse().ok()?)));
            if let (Some((step, code)), Some(lines)) = (parts, under_way.take()) {
                outcomes.entry(step.to_owned()).or_default().push(Outcome { code, lines, when: *when });
            }
        } else if let Some(lines) = &mut under_way {
            lines.push(line.clone());
        }
    }
    outcomes
}

/// The addresses in i2cdetect's table, which has a row for each sixteen of them.
fn addresses(table: &str) -> Vec<&str> {
    let rows = table.lines().filter_map(|line| line.split_once(": "));
    rows.flat_map(|(_, row)| row.split_whitespace()).filter(|&cell| cell != "--").collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = "     0  1  2  3  4  5  6  7  8  9  a  b  c  d  e  f\n\
        00:          -- -- -- -- -- -- -- -- -- -- -- -- --\n\
        60: -- -- 62 -- -- -- -- -- -- -- -- -- -- -- -- --\n\
        70: -- -- -- -- -- -- -- --\n";

    fn lines(text: &str) -> Vec<Said> {
        text.lines().map(|line| (Duration::from_secs(4), line.to_owned())).collect()
    }

    #[test]
    fn the_table_is_read_as_a_person_reads_it() {
        assert_eq!(addresses(TABLE), ["62"]);
        assert_eq!(addresses(&TABLE.replace("-- -- 62", "60 UU 62")), ["60", "UU", "62"]);
        assert_eq!(addresses("Error: no bus"), ["no", "bus"]);
    }

    #[test]
    fn a_step_has_the_lines_between_its_marks() {
        let said =
            lines("noise\n::begin a\none\ntwo\n::end a 3\nnoise\n::begin b\n::end b 0\n::begin c\nlost");
        let found = outcomes(&said);
        assert_eq!((found["a"][0].code, found["a"][0].lines.join(",")), (3, "one,two".to_owned()));
        assert_eq!(found["b"][0].lines, [""; 0]);
        assert!(!found.contains_key("c"));
    }

    /// All that a good guest says.
    fn good() -> String {
        let mut said = String::new();
        let mut step = |name: &str, text: &str, code: i32| {
            said.push_str(&format!("::begin {name}\n{text}\n::end {name} {code}\n"));
        };
        for bus in ["usbredir", "attach"] {
            step(&format!("{bus}.detect"), TABLE, 0);
            step(&format!("{bus}.packet"), NOBODY, 0);
            step(&format!("{bus}.longer"), &format!("{NOBODY} 0xff"), 0);
            step(&format!("{bus}.repeated-start"), NOBODY, 0);
            step(&format!("{bus}.absent"), "Error: Sending messages failed: No such device or address", 1);
            step(&format!("{bus}.probe"), "a sensor", 0);
            step(&format!("{bus}.read"), "{\"faces\":[]}", 0);
            step(&format!("{bus}.latency"), "400 us, the median of 500 reads", 0);
        }
        step("usbredir.appears", "", 0);
        step("attach.no-module", "code: MLSENSOR-ATTACH-VHCI-HCD", 1);
        step("attach.no-root", "code: MLSENSOR-ATTACH-ROOT", 1);
        step("attach.appears", "", 0);
        step("attach.says", "/dev/i2c-1", 0);
        step("attach.KILL", "", 137);
        step("attach.TERM", "", 0);
        step("attach.is-gone", "", 0);
        step("attach.frees-its-port", "", 0);
        step("usbredir.stays", TABLE, 0);
        said + "::over"
    }

    #[test]
    fn a_guest_that_says_everything_is_good() {
        let verdict = judge(&lines(&good())).unwrap();
        assert!(verdict.contains("4.0 s") && verdict.contains("400 us"), "{verdict}");
    }

    #[test]
    fn whatever_is_missing_or_wrong_is_found() {
        let good = good();
        for (right, wrong) in [
            ("-- -- 62", "-- 61 62"),
            ("0x25 0x37", "0x25 0x38"),
            ("0x37 0xff", "0x37 0x00"),
            ("absent 1", "absent 0"),
            ("No such device or address", "Remote I/O error"),
            ("a sensor", ""),
            ("\"faces\":[]", "\"faces\":[1]"),
            ("us, the median", "us, the mean"),
            ("ATTACH-VHCI-HCD", "ATTACH-I2C-DEV"),
            ("ATTACH-ROOT", "ATTACH"),
            ("/dev/i2c-1", "/dev/i2c-2"),
            ("KILL 137", "KILL 0"),
            ("TERM 0", "TERM 143"),
            ("is-gone 0", "is-gone 1"),
            ("port 0", "port 1"),
            ("::end usbredir.stays", "::end"),
            ("::over", ""),
        ] {
            assert_ne!(good, good.replace(right, wrong));
            assert!(judge(&lines(&good.replace(right, wrong))).is_err(), "{right} -> {wrong}");
        }
    }
}
