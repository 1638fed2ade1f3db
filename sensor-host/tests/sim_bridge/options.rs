//! Each option, away from its default.

use std::fs;
use std::process::Output;

use mlsensor_sim::{Scenario, SimBus};

use super::command::Folder;
use super::{bridge_with, finish, firmware, left_in, prints, text};

/// The packet that the simulator gives in a scene after so many milliseconds.
fn packet(name: &str, seed: Option<u64>, ms: u64) -> String {
    use embedded_hal::i2c::I2c;

    let scenario = Scenario::named(name).unwrap();
    let sensor = scenario.sensor().with_seed(seed.unwrap_or(scenario.seed));
    let (mut bus, _) = SimBus::with_sensor(sensor);
    bus.advance(core::time::Duration::from_millis(ms));
    let mut packet = [0; 39];
    bus.read(0x62, &mut packet).unwrap();
    packet.map(|byte| format!("{byte:02x}")).concat()
}

#[test]
fn without_options_somebody_walks_up_and_all_that_firmware_sees_is_in_virtual_time() {
    let steps = ["about", "pin", "7000", "read", "pin", "nobody", "22000", "22001"];
    let said = prints(&[], &steps);
    assert_eq!(said[0], "0 1 22000000000");
    assert!(said[1].starts_with("simulated sensor, scenario walk_up: One person walks up"), "{}", said[1]);
    assert_eq!(said[2..4], ["0 0", "0 1"]);
    // START, the address, 39 bytes and STOP at 100 kHz; then the same without the bytes.
    assert_eq!(said[4], format!("0 7003620000 {}", packet("walk_up", None, 7000)));
    assert_eq!(said[5..], ["0 1", "3 7003730000", "0 1", "0 0"]);
    assert_eq!(said, prints(&[], &steps), "another time it is the same");
}

#[test]
fn a_scene_is_named_or_a_file_and_a_seed_lets_chance_fall_otherwise() {
    let read = |options: &[&str]| prints(options, &["9000", "read"])[2].clone();
    let expected = |name, seed| format!("0 9003620000 {}", packet(name, seed, 9000));
    assert_eq!(read(&["--scenario", "crowd"]), expected("crowd", None));
    assert_eq!(read(&["--scenario", "sim:crowd"]), expected("crowd", None));
    assert_eq!(read(&["--scenario", "crowd", "--seed", "77"]), expected("crowd", Some(77)));
    assert_ne!(expected("crowd", None), expected("crowd", Some(77)));
    let folder = Folder::new();
    let file = folder.with("mine.toml", "about = \"Nobody.\"\nduration_s = 3.5\n");
    let said = prints(&["--scenario", &file], &["about"]);
    assert_eq!(said, ["0 1 3500000000".to_owned(), format!("simulated sensor, scenario {file}: Nobody.")]);
}

#[test]
fn a_fault_comes_at_its_time_and_as_often_as_it_is_to() {
    let statuses = |options: &[&str], steps: &[&str]| -> Vec<String> {
        let said = prints(options, steps);
        said[1..].iter().filter_map(|line| line.split(' ').next().map(str::to_owned)).collect()
    };
    let reads = ["1000", "read", "5000", "read", "read", "read", "read"];
    assert_eq!(statuses(&[], &reads), ["0"; 7]);
    assert_eq!(statuses(&["--fault", "gone:2@t=5s"], &reads), ["0", "0", "0", "3", "3", "0", "0"]);
    let both = ["--fault", "arbitration-loss", "--fault", "bus-error*2@t=5s"];
    assert_eq!(statuses(&both, &reads), ["0", "2", "0", "1", "1", "0", "0"]);
    assert_eq!(statuses(&["--fault", "nack-address@100%"], &reads), ["0", "3", "0", "3", "3", "3", "3"]);
    let rate = ["--fault", "nack-address@100%", "--fault", "nack-address@0%@t=5s"];
    assert_eq!(statuses(&rate, &reads), ["0", "3", "0", "0", "0", "0", "0"]);
}

#[test]
fn power_goes_and_comes_as_it_is_told_to() {
    let statuses = |faults: &[&str], steps: &[&str]| -> Vec<String> {
        let options: Vec<&str> = faults.iter().flat_map(|fault| ["--fault", fault]).collect();
        prints(&options, steps)[1..]
            .iter()
            .filter_map(|line| line.split(' ').next().map(str::to_owned))
            .collect()
    };
    assert_eq!(statuses(&["power-off"], &["read"]), ["3"]);
    let steps = ["7000", "read", "8000", "read", "15000", "read"];
    assert_eq!(statuses(&["power-off@t=7500ms"], &steps), ["0", "0", "0", "3", "0", "3"]);
    assert_eq!(statuses(&["power-off@t=7500ms", "power-on@t=9s"], &steps), ["0", "0", "0", "3", "0", "0"]);
}

#[test]
fn an_assumption_is_the_sensors() {
    let steps = ["1000", "read"];
    let restart = ["--fault", "power-off", "--fault", "power-on"];
    let status = |options: &[&str]| prints(options, &steps)[2].split(' ').next().map(str::to_owned);
    assert_eq!(status(&restart).as_deref(), Some("3"), "it is silent for 2.5 s");
    let sooner = [&restart[..], &["--assume", "power-up-silence=500ms"]].concat();
    assert_eq!(status(&sooner).as_deref(), Some("0"));
}

#[test]
fn the_traffic_is_recorded_with_virtual_time() {
    let folder = Folder::new();
    let file = folder.file("a.recording");
    prints(&["--record", &file, "--fault", "gone:1@t=2s"], &["write=7,0", "1500", "read", "2000", "read"]);
    let recording = fs::read_to_string(&file).unwrap();
    let lines: Vec<&str> = recording.lines().collect();
    assert_eq!(lines[0], "# mlsensor recording 1");
    assert!(lines[1].starts_with("0.000000 62 w 07 00"), "{recording}");
    assert!(lines[2].starts_with("1.500000 62 r 00 00 21 00"), "{recording}");
    assert_eq!(lines.len(), 3, "what was injected was never on the bus: {recording}");
}

#[test]
fn the_fifos_are_made_in_the_folder_that_is_named_and_for_this_user_alone() {
    use std::os::unix::fs::{FileTypeExt, PermissionsExt};

    let folder = Folder::new();
    let other = Folder::new();
    let script = "stat -c '%F %a' i2c.req i2c.rsp; cd \"$1\"; shift; \"$@\"; ls";
    let run = [&["sh", "-c", script, "sh", "elsewhere"][..], &firmware(&["pin"])].concat();
    fs::create_dir(folder.path().join("elsewhere")).unwrap();
    let output = finish(bridge_with(&folder, &["--folder", "elsewhere"], &run));
    let said = text(&output.stdout);
    assert_eq!(said, "0 1 22000000000\n0 0\ni2c.req\ni2c.rsp\n", "{}", text(&output.stderr));
    assert_eq!(left_in(&folder.path().join("elsewhere")), [""; 0]);

    let output = finish(bridge_with(&other, &[], &["stat", "-c", "%F %a", "i2c.req", "i2c.rsp"]));
    assert_eq!(text(&output.stdout), "fifo 600\nfifo 600\n");
    let made = |name: &str| {
        fs::metadata(other.path().join(name))
            .map(|file| file.file_type().is_fifo() && file.permissions().mode() != 0)
    };
    assert!(made("i2c.req").is_err());
}

#[test]
fn what_is_wrong_with_an_option_is_told_and_nothing_is_made() {
    for (options, exit_code, code) in [
        (&["--fault", "gone"][..], 2, "MLSENSOR-SIM-FAULT"),
        (&["--assume", "wheels=4"], 2, "MLSENSOR-SIM-ASSUME"),
        (&["--scenario", "nobody_there"], 1, "MLSENSOR-FILE"),
        (&["--record", "no/such/file"], 1, "MLSENSOR-FILE"),
        (&["--folder", "no/such"], 1, "MLSENSOR-BRIDGE-FIFO"),
    ] {
        let folder = Folder::new();
        let Output { status, stderr, .. } = finish(bridge_with(&folder, options, &["true"]));
        let said = text(&stderr);
        assert_eq!(status.code(), Some(exit_code), "{options:?}: {said}");
        assert_eq!(said.lines().count(), 4, "{said}");
        assert!(said.ends_with(&format!("code: {code}\n")), "{said}");
        assert_eq!(left_in(folder.path()), [""; 0]);
    }
}
