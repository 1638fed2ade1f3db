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

/// A bus in the guest, and what is on it.
struct Bus<'a> {
    /// Before the names of its steps.
    name: &'static str,
    /// How i2ctransfer begins to print the packet.
    begins: &'static str,
    /// The faces as `mlsensor read` prints them.
    faces: &'a str,
}

/// The packet of a sensor that sees nobody, as i2ctransfer prints it.
const NOBODY: &str = "\
0x00 0x00 0x21 0x00 0x00 0x00 0x00 0x00 0x00 0x00 0x00 0x00 0x00 0x00 0x00 0x00 0x00 0x00 0x00 0x00 0x00 0x00 0x00 0x00 0x00 \
0x00 0x00 0x00 0x00 0x00 0x00 0x00 0x00 0x00 0x00 0x00 0x00 0x25 0x37";

const NOBODY_BEGINS: &str = "0x00 0x00 0x21 0x00 0x00 ";
const SOMEBODY_BEGINS: &str = "0x00 0x00 0x21 0x00 0x01 ";

/// What a step must come to: its exit code, and a look at what it said.
struct Rule {
    step: &'static str,
    code: i32,
    holds: fn(&str, &Bus<'_>) -> bool,
    what: &'static str,
}

/// What must hold of each bus, whoever brought it.
const OF_A_BUS: [Rule; 8] = [
    rule("detect", 0, is_sensor, "i2cdetect finds 0x62 and nothing else"),
    rule("packet", 0, is_packet, "a read of 39 bytes is the packet that is there"),
    rule(
        "longer",
        0,
        |said, bus| said.strip_suffix(" 0xff").is_some_and(|packet| is_packet(packet, bus)),
        "the byte behind a packet is an undriven bus",
    ),
    rule("repeated-start", 0, is_packet, "a write and a read are one transaction"),
    rule(
        "absent",
        1,
        |said, _| said.contains("No such device or address"),
        "nothing at 0x63: the driver says ENXIO",
    ),
    rule("probe", 0, |said, _| said.contains("Person Sensor"), "`mlsensor probe` finds a sensor"),
    rule(
        "read",
        0,
        |said, bus| said.contains("\"fresh\":true") && faces(said) == Some(bus.faces),
        "`mlsensor read` reads the faces that the same command reads outside, in its own simulator",
    ),
    rule("latency", 0, |said, _| said.contains(" us, the median of "), "the latency can be measured"),
];

/// What must hold besides. 137 and 0: killed, and ended as Ctrl-C ends it.
const BESIDES: [Rule; 9] = [
    rule("usbredir.appears", 0, any, "the kernel makes a bus of the adapter that QEMU was handed"),
    rule(
        "attach.no-module",
        1,
        |said, _| said.contains("code: MLSENSOR-ATTACH-VHCI-HCD"),
        "without a module, and no modprobe in reach, the error says which",
    ),
    rule(
        "attach.no-root",
        1,
        |said, _| said.contains("code: MLSENSOR-ATTACH-ROOT"),
        "without rights, the error says so",
    ),
    rule("attach.appears", 0, any, "`mlsensor sim attach` says something"),
    rule("attach.says", 0, |said, _| said == "/dev/i2c-1", "and that is the bus, and nothing else"),
    rule("attach.KILL", 137, any, "kill -9 ends it"),
    rule("attach.TERM", 0, any, "SIGTERM ends it as Ctrl-C does"),
    rule("attach.is-gone", 0, any, "the bus is gone with it"),
    rule("attach.frees-its-port", 0, any, "the virtual USB controller has its port back"),
];

const AT_LAST: Rule = rule("usbredir.stays", 0, is_sensor, "another bus is not touched by that");

const fn rule(step: &'static str, code: i32, holds: fn(&str, &Bus<'_>) -> bool, what: &'static str) -> Rule {
    Rule { step, code, holds, what }
}

fn any(_: &str, _: &Bus<'_>) -> bool {
    true
}

fn is_sensor(said: &str, _: &Bus<'_>) -> bool {
    addresses(said) == ["62"]
}

fn is_packet(said: &str, bus: &Bus<'_>) -> bool {
    let is_nobodys = said == NOBODY;
    let is_empty = bus.begins == NOBODY_BEGINS;
    said.len() == NOBODY.len() && said.starts_with(bus.begins) && is_nobodys == is_empty
}

/// The faces in what `mlsensor read --json` prints.
pub(super) fn faces(said: &str) -> Option<&str> {
    let line = said.lines().find(|line| line.contains("\"event\":\"reading\""))?;
    let (_, faces) = line.split_once("\"faces\":")?;
    faces.strip_suffix('}')
}

/// Whether everything went as it must: what to print of it, or what did not. `seen` are the faces on the bus that the guest
/// attaches itself, as they are read outside.
pub(super) fn judge(said: &[Said], seen: &str) -> Result<String, String> {
    if !said.iter().any(|(_, line)| line == "::over") {
        return Err("the guest did not come to its end".into());
    }
    let buses = [
        Bus { name: "usbredir", begins: NOBODY_BEGINS, faces: "[]" },
        Bus { name: "attach", begins: SOMEBODY_BEGINS, faces: seen },
    ];
    let outcomes = outcomes(said);
    let [outside, inside] = &buses;
    for rule in BESIDES.iter().chain([&AT_LAST]) {
        check(rule, rule.step, outside, &outcomes)?;
    }
    let mut verdict = String::new();
    let first = |step: &str| outcomes.get(step).and_then(|outcomes| outcomes.first());
    for bus in [outside, inside] {
        for rule in &OF_A_BUS {
            check(rule, &format!("{}.{}", bus.name, rule.step), bus, &outcomes)?;
        }
        if let Some(latency) = first(&format!("{}.latency", bus.name)) {
            verdict.push_str(&format!("a read of 39 bytes, by {}: {}\n", bus.name, latency.lines.join(" ")));
        }
    }
    if let Some(packet) = first("usbredir.packet") {
        verdict.push_str(&format!("from power-on to the first packet: {:.1} s", packet.when.as_secs_f32()));
    }
    Ok(verdict)
}

/// A step may be taken several times: each time must hold.
fn check(
    rule: &Rule,
    step: &str,
    bus: &Bus<'_>,
    outcomes: &BTreeMap<String, Vec<Outcome>>,
) -> Result<(), String> {
    let times =
        outcomes.get(step).ok_or_else(|| format!("the guest did not come to {step}: {}", rule.what))?;
    for outcome in times {
        let said = outcome.lines.join("\n");
        if outcome.code != rule.code || !(rule.holds)(said.trim(), bus) {
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

    const FACES: &str = "[{\"confidence\":93}]";

    /// All that a good guest says.
    fn good() -> String {
        let mut said = String::new();
        let mut step = |name: &str, text: &str, code: i32| {
            said.push_str(&format!("::begin {name}\n{text}\n::end {name} {code}\n"));
        };
        let somebody =
            NOBODY.replace("0x00 0x25", "0x5d 0x25").replacen("0x21 0x00 0x00", "0x21 0x00 0x01", 1);
        for (bus, packet, faces) in [("usbredir", NOBODY, "[]"), ("attach", &somebody, FACES)] {
            step(&format!("{bus}.detect"), TABLE, 0);
            step(&format!("{bus}.packet"), packet, 0);
            step(&format!("{bus}.longer"), &format!("{packet} 0xff"), 0);
            step(&format!("{bus}.repeated-start"), packet, 0);
            step(&format!("{bus}.absent"), "Error: Sending messages failed: No such device or address", 1);
            step(&format!("{bus}.probe"), "a Person Sensor: nobody", 0);
            let reading = format!("{{\"event\":\"reading\",\"fresh\":true,\"faces\":{faces}}}");
            step(&format!("{bus}.read"), &format!("{{}}\n{reading}\n{{\"event\":\"end\"}}"), 0);
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
        said + "::over\n[    9.8] reboot: Power down"
    }

    #[test]
    fn a_guest_that_says_everything_is_good() {
        let verdict = judge(&lines(&good()), FACES).unwrap();
        assert!(verdict.contains("4.0 s") && verdict.contains("400 us"), "{verdict}");
        assert!(judge(&lines(&good()), "[]").is_err());
    }

    #[test]
    fn whatever_is_missing_or_wrong_is_found() {
        let good = good();
        for (right, wrong) in [
            ("-- -- 62", "-- 61 62"),
            ("0x00 0x25 0x37", "0x00 0x25 0x38"),
            ("0x5d 0x25 0x37", "0x25 0x37"),
            ("0x21 0x00 0x01", "0x21 0x00 0x00"),
            ("0x37 0xff", "0x37 0x00"),
            ("absent 1", "absent 0"),
            ("No such device or address", "Remote I/O error"),
            ("a Person Sensor", "something else"),
            ("\"faces\":[]", "\"faces\":[1]"),
            ("\"confidence\":93", "\"confidence\":92"),
            ("\"fresh\":true", "\"fresh\":false"),
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
            assert!(judge(&lines(&good.replace(right, wrong)), FACES).is_err(), "{right} -> {wrong}");
        }
    }
}
