//! What becomes of the pin of a fan, or of a lamp, on a simulated Linux machine: the programs are the real ones, and so
//! are their system calls. What the program says and what the machine says of the pin come in one stream, in their
//! order.
#![cfg(target_os = "linux")]

mod running;
mod transcript;

use std::process::{Command, Stdio};

use running::Running;
use transcript::program;

const HIGH: &str = "mlsensor: GPIO18 is high\n";
const LOW: &str = "mlsensor: GPIO18 is low\n";

/// Somebody faces the sensor from the start, for so many seconds.
fn scene(name: &str, seconds: u32) -> String {
    let file = transcript::new_file(name);
    let person = format!("{{ at_s = 0.0, distance_m = 1.0 }}, {{ at_s = {seconds}.0 }}");
    let text =
        format!("about = \"A visit.\"\nduration_s = 3600.0\nseed = 1\n[[person]]\npath = [{person}]\n");
    std::fs::write(&file, text).unwrap();
    file.display().to_string()
}

/// An example on the machine, with both streams of both in one.
fn on_machine(options: &[&str], name: &str, args: &[&str]) -> Command {
    let mut command = machine(options, &program(name, &[]));
    command.args(["1", "--gpio", "GPIO18"]).args(args);
    command
}

fn machine(options: &[&str], program: &Command) -> Command {
    let mut command = Command::new("sh");
    command.args(["-c", "exec \"$0\" \"$@\" 2>&1", env!("CARGO_BIN_EXE_virtual_machine_of_the_tests")]);
    command.args(["sim", "run", "--quiet", "--outputs"]).args(options).arg("--");
    command.arg(program.get_program());
    command
}

/// What the machine says of the pin.
fn pin(text: &str) -> String {
    text.split_inclusive('\n').filter(|line| line.starts_with("mlsensor: ")).collect()
}

#[test]
fn a_fan_runs_from_the_moment_it_is_said_to_be_on_until_it_is_said_to_be_off() {
    assert_runs_while_faced("fan", &[]);
}

#[test]
fn so_does_a_fan_on_a_head() {
    assert_runs_while_faced("follow", &["--fan"]);
}

fn assert_runs_while_faced(name: &str, args: &[&str]) {
    let scene = scene(&format!("pins_{name}_visit.toml"), 6);
    let mut fan = Running::start(&mut on_machine(&["--scenario", &scene], name, args));
    let before = fan.text_until("  fan on  ");
    let meanwhile = fan.text_until("  left  ") + &fan.text_until("  fan off  ");
    let (after, code) = fan.interrupt();
    assert_eq!(pin(&before), [LOW, HIGH].concat(), "{before}");
    assert_eq!(pin(&meanwhile), LOW, "{meanwhile}");
    let left = meanwhile.find("  left  ").unwrap();
    assert!(meanwhile.find(LOW).unwrap() > left, "it stopped while somebody was there: {meanwhile}");
    assert_eq!((pin(&after).contains("high"), code), (false, Some(130)), "{after}");
}

#[test]
fn a_fan_stops_when_nothing_can_be_read() {
    let scene = scene("pins_blind.toml", 3000);
    let options = ["--scenario", &scene, "--fault", "gone:255@t=4s"];
    let mut fan = Running::start(&mut on_machine(&options, "fan", &[]));
    fan.text_until("  fan on  ");
    let meanwhile = fan.text_until("no reading for 1 s");
    assert_eq!(pin(&meanwhile), LOW, "{meanwhile}");
    assert!(meanwhile.find(LOW) > meanwhile.find("  unknown  "), "{meanwhile}");
}

#[test]
fn a_fan_that_runs_stops_with_its_program_by_whatever_signal_one_can_end_it() {
    for signal in ["INT", "TERM", "HUP"] {
        let scene = scene(&format!("pins_{signal}.toml"), 3000);
        let mut fan = Running::start(&mut on_machine(&["--scenario", &scene], "fan", &[]));
        let before = fan.text_until("  fan on  ");
        assert_eq!(pin(&before), [LOW, HIGH].concat(), "{before}");
        let (rest, code) = fan.end_by(signal);
        assert!(pin(&rest).starts_with(LOW) && !rest.contains("high"), "SIG{signal}: {rest}");
        assert!(
            rest.contains("  fan off   interrupted") && code == Some(130),
            "SIG{signal}: {code:?} {rest}"
        );
    }
}

#[test]
fn a_lamp_is_switched_by_words_and_goes_off_with_its_program() {
    let scene = scene("pins_lamp.toml", 3000);
    let mut lamp = Running::start(&mut on_machine(&["--scenario", &scene], "light_switch", &[]));
    let before = switch_on(&mut lamp);
    assert_eq!(pin(&before), [LOW, HIGH].concat(), "{before}");
    for (word, expected) in [("on", ""), ("off", LOW), ("what", ""), ("", HIGH)] {
        lamp.type_line(word);
        let meanwhile = lamp.text_until(": word ");
        assert_eq!(pin(&meanwhile), expected, "{word}: {meanwhile}");
    }
    let (rest, code) = lamp.interrupt();
    assert!(pin(&rest).starts_with(LOW) && !rest.contains("high"), "{rest}");
    assert_eq!(code, Some(130));
}

/// Says it until it counts.
fn switch_on(lamp: &mut Running) -> String {
    let mut text = String::new();
    while !text.contains("  on  ") {
        lamp.type_line("on");
        text += &lamp.text_until(": word on");
    }
    text
}

/// What it says goes to a reader that leaves, while somebody is there. What it says next, that they have left, ends it,
/// by way of an error.
#[test]
fn what_runs_is_turned_off_when_its_program_cannot_go_on() {
    for name in ["fan", "light_switch"] {
        let scene = scene(&format!("pins_error_{name}.toml"), 6);
        let with_one_stream = on_machine(&["--scenario", &scene], name, &[]);
        // Without the shell that makes one of them.
        let args: Vec<_> = with_one_stream.get_args().skip(2).collect();
        let mut machine = Running::start_with(Command::new(args[0]).args(&args[1..]), Stdio::piped());
        let said = machine.errors();
        match name {
            "fan" => machine.text_until("  fan on  "),
            _ => switch_on(&mut machine),
        };
        machine.leave();
        assert_eq!(pin(&said.join().unwrap()), [LOW, HIGH, LOW].concat(), "{name}");
    }
}

/// The program of the README alone, which says nothing while nothing goes wrong.
#[test]
fn the_program_to_copy_is_what_the_readme_shows_and_drives_its_pin() {
    let readme = include_str!("../../README.md");
    let fence = format!("```rust\n{}```\n", include_str!("own_fan/fan.rs"));
    assert!(readme.contains(&fence), "examples/README.md shows another program than tests/own_fan/fan.rs");
    let scene = scene("pins_own.toml", 6);
    let program = Command::new(env!("CARGO_BIN_EXE_own_fan_of_the_readme"));
    let mut fan = Running::start(&mut machine(&["--scenario", &scene], &program));
    assert_eq!(fan.text_until(HIGH), [LOW, HIGH].concat());
    assert_eq!(fan.text_until(LOW), LOW, "somebody has left");
    let (rest, code) = fan.end_by("TERM");
    assert_eq!((rest.contains("high"), code), (false, Some(0)), "{rest}");
    let mut fan = Running::start(&mut machine(&["--scenario", &scene], &program));
    fan.text_until(HIGH);
    assert!(fan.end_by("HUP").0.starts_with(LOW));
}

#[test]
fn the_program_to_copy_says_what_goes_wrong_once() {
    let scene = scene("pins_own_trouble.toml", 3000);
    let program = Command::new(env!("CARGO_BIN_EXE_own_fan_of_the_readme"));
    // There is a bus, but not the one that it opens.
    let mut fan = Running::start(&mut machine(&["--scenario", &scene, "--bus", "3"], &program));
    let said = fan.text_until("code: MLSENSOR-");
    assert!(said.contains("error: cannot open /dev/i2c-1"), "{said}");
    let (rest, code) = fan.end_by("TERM");
    assert!(!rest.contains("error: ") && code == Some(0), "{rest}");
    // The sensor is gone for a while.
    let options = ["--scenario", &scene, "--fault", "gone:100@t=4s"];
    let mut fan = Running::start(&mut machine(&options, &program));
    assert_eq!(fan.text_until(HIGH), [LOW, HIGH].concat());
    let said = fan.text_until(LOW);
    assert_eq!(said.matches("error: ").count(), 1, "{said}");
}
