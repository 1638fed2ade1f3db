//! What does each errno come to, that the kernel can answer a call on a bus with? And what is asked of the kernel?
//!
//! The calls are those of an unchanged program, this one, started anew; the kernel is stood in for by a library that is
//! loaded into it (`fake_bus/fake_bus.c`).
#![cfg(all(target_os = "linux", target_env = "gnu"))]

mod bus_steps;
mod fake_bus;

use std::path::Path;
use std::process::Command;
use std::{env, fs};

use bus_steps::{Step, run_steps};
use fake_bus::{FakeBus, ONE_FACE};

/// The program that the tests start: it does what it is told to do with a bus.
#[test]
fn the_program_of_these_tests() {
    bus_steps::main();
}

/// What a bus with this script makes of these steps, and what was asked of it.
fn on_a_bus(name: &str, script: &str, steps: &str) -> (Vec<Step>, String) {
    let bus = FakeBus::new(Path::new(env!("CARGO_TARGET_TMPDIR")), name, script);
    let mut program = Command::new(env::current_exe().unwrap());
    let steps = run_steps(bus.give_to(&mut program), "the_program_of_these_tests", &bus.path(), steps);
    (steps, bus.log())
}

fn only(name: &str, script: &str, steps: &str) -> Step {
    on_a_bus(name, script, steps).0.pop().unwrap()
}

/// errno, kind, retry hint, what embedded-hal calls it, and a part of the likeliest cause: typed here, not taken from
/// the code.
const TRANSFERS: [(i32, &str, &str, &str, &str); 17] = [
    (121, "NoAcknowledge", "AfterMs(140)", "NoAcknowledge(Unknown)", "loose wire"),
    (6, "NoAcknowledge", "AfterMs(140)", "NoAcknowledge(Unknown)", "loose wire"),
    (5, "BusFault", "AfterMs(140)", "Bus", "pull-up"),
    (110, "TimedOut", "AfterMs(140)", "Other", "hangs"),
    (11, "ArbitrationLost", "Now", "ArbitrationLoss", "another controller is on"),
    (16, "BusBusy", "AfterMs(20)", "Bus", "keeps the bus busy"),
    (19, "Gone", "Reopen", "Other", "unplugged"),
    (108, "Suspended", "AfterMs(1000)", "Other", "sleeps"),
    (71, "Adapter", "Reopen", "Other", "USB cable"),
    (32, "Adapter", "Reopen", "Other", "USB cable"),
    (95, "Unsupported", "Never", "Other", "only SMBus"),
    (22, "Refused", "Never", "Other", "does not take a transfer"),
    (4, "Interrupted", "Now", "Other", "a signal"),
    (12, "OutOfResources", "AfterMs(1000)", "Other", "out of memory"),
    (25, "NotABus", "Never", "Other", "no I2C bus"),
    (13, "NoPermission", "Never", "Other", "group i2c"),
    (117, "Other", "Reopen", "Other", "no cause is known"),
];

#[test]
fn every_errno_of_a_read_and_of_a_write_is_kept_and_explained() {
    for (call, what) in [("read", "cannot read from "), ("write", "cannot write to ")] {
        let script: String = TRANSFERS.iter().map(|row| format!("{call} errno {}\n", row.0)).collect();
        let steps = format!("open {}", format!("{call} ").repeat(TRANSFERS.len()));
        let (found, _) = on_a_bus(&format!("every_{call}"), &script, &steps);
        assert_eq!(found.len(), TRANSFERS.len() + 1);
        for (step, (errno, kind, retry, hal, likely)) in found[1..].iter().zip(TRANSFERS) {
            step.assert_error(errno, kind, retry, hal);
            assert!(step.report.starts_with(&format!("error: {what}")), "{step:?}");
            assert!(step.report.contains(&format!("(os error {errno})")), "{step:?}");
            assert!(step.report.contains(likely), "{step:?}");
            assert!(step.report.ends_with(&format!("code: MLSENSOR-BUS-{errno}")), "{step:?}");
        }
    }
}

#[test]
fn every_errno_of_opening_is_kept_and_explained() {
    for (errno, kind, retry, likely) in [
        (2, "NoSuchBus", "Reopen", "I2C is off"),
        (13, "NoPermission", "Never", "group i2c"),
        (19, "Gone", "Reopen", "unplugged"),
        (6, "Gone", "Reopen", "unplugged"),
        (24, "OutOfResources", "AfterMs(1000)", "too many files"),
        (16, "AddressInUse", "Never", "kernel driver"),
    ] {
        let step = only(&format!("open_{errno}"), &format!("open errno {errno}\n"), "open");
        step.assert_error(errno, kind, retry, "Other");
        assert!(step.report.contains("cannot open ") && step.report.contains(likely), "{step:?}");
    }
}

#[test]
fn an_address_that_a_kernel_driver_has_is_not_read_from() {
    let step = only("busy", &["slave errno 16\n", ONE_FACE].concat(), "open read");
    step.assert_error(16, "AddressInUse", "Never", "Other");
    assert!(step.report.contains("cannot use 0x62 on ") && step.report.contains("SCD4x"), "{step:?}");
}

/// The real kernel's answers, with nothing in between.
#[test]
fn what_is_there_and_is_no_bus_or_not_there_or_not_ours_is_told_apart() {
    let folder = env::temp_dir().join(format!("mlsensor-linux-bus-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    // Where any user can start it.
    let program = folder.join("program");
    fs::copy(env::current_exe().unwrap(), &program).unwrap();
    let locked = folder.join("locked");
    fs::write(&locked, "").unwrap();
    let set_mode = |path: &Path, mode| {
        fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(mode)).unwrap();
    };
    set_mode(&folder, 0o755);
    set_mode(&program, 0o755);
    set_mode(&locked, 0o000);
    let found = [Path::new("/dev/i2c-9999"), Path::new("/dev/null"), &folder, &locked].map(|path| {
        let mut command = Command::new(&program);
        if rustix::process::geteuid().is_root() {
            // Nothing is locked for root.
            std::os::unix::process::CommandExt::uid(&mut command, 65534);
        }
        run_steps(&mut command, "the_program_of_these_tests", path, "open").pop().unwrap()
    });
    fs::remove_dir_all(&folder).unwrap();
    let [absent, null, directory, locked] = found;
    absent.assert_error(2, "NoSuchBus", "Reopen", "Other");
    null.assert_error(25, "NotABus", "Never", "Other");
    directory.assert_error(21, "NotABus", "Never", "Other");
    locked.assert_error(13, "NoPermission", "Never", "Other");
}

#[test]
fn a_short_read_is_an_error_and_never_a_packet_with_old_bytes() {
    let script: String = [0, 1, 38].map(|got| format!("read short {got} aa bb cc\n")).concat();
    let (found, _) = on_a_bus("short", &[&script, ONE_FACE].concat(), "open read read read read");
    for (step, got) in found[1..].iter().zip([0, 1, 38]) {
        assert_eq!(step.kind, format!("ShortRead {{ got: {got}, wanted: 39 }}"));
        assert_eq!((&*step.errno, &*step.retry, &*step.hal), ("None", "AfterMs(140)", "Other"));
        assert!(step.report.contains(&format!("a short read: {got} of 39 bytes")), "{step:?}");
        assert!(step.report.ends_with("code: MLSENSOR-BUS-SHORT"), "{step:?}");
    }
    assert!(found[4].kind.starts_with("ok 00002100"), "{found:?}");
}

#[test]
fn a_short_write_and_a_transaction_that_is_cut_short_are_errors() {
    let step = only("short_write", "write short 1\n", "open write");
    assert_eq!(step.kind, "ShortWrite { taken: 1, of: 2 }");
    let (found, log) = on_a_bus("rdwr", "rdwr short 0\nrdwr errno 95\nrdwr aa bb\n", "open both both both");
    assert_eq!(found[1].kind, "Incomplete { done: 0, of: 2 }");
    assert!(found[1].report.contains("nothing answers at 0x62"), "{found:?}");
    found[2].assert_error(95, "Unsupported", "Never", "Other");
    assert_eq!(found[3].kind, "ok aabb");
    assert_eq!(log, "timeout 5\n62 w 07\n62 w 07\n62 w 07\n");
}

/// The length of a message has 16 bits on its way to the kernel: of more, a few bytes would be transferred and called all.
#[test]
fn a_message_that_the_kernel_does_not_take_is_refused_and_never_cut() {
    let (found, log) = on_a_bus("long", "rdwr aa\n", "open longest too_long far_too_long");
    assert_eq!(found[1].kind, "ok", "{found:?}");
    for refused in &found[2..] {
        refused.assert_error(22, "Refused", "Never", "Other");
    }
    assert_eq!(log, "timeout 5\n62 w 07\n");
}

#[test]
fn the_kernel_is_told_to_wait_for_50_ms_and_a_bus_that_refuses_is_used_all_the_same() {
    let (found, log) = on_a_bus("timeout", ONE_FACE, "open timeout read");
    assert_eq!((&*found[1].kind, &*log), ("ok Ok(50ms)", "timeout 5\n"));
    let script = ["timeout errno 25\n", ONE_FACE].concat();
    let (found, _) = on_a_bus("timeout_refused", &script, "open timeout read source");
    assert_eq!(found[1].kind, "ok Err(25)");
    assert!(found[2].kind.starts_with("ok 00002100"), "{found:?}");
    assert!(found[3].kind.contains("keeps its own time-out (Inappropriate ioctl for device (os error 25))"));
}

#[test]
fn one_read_is_one_call_and_an_address_is_chosen_once() {
    let script = [ONE_FACE, "read errno 121\n", ONE_FACE].concat();
    let (found, log) = on_a_bus("one_call", &script, "open read read read write write");
    assert!(found[1].kind.starts_with("ok") && found[3].kind.starts_with("ok"), "{found:?}");
    found[2].assert_error(121, "NoAcknowledge", "AfterMs(140)", "NoAcknowledge(Unknown)");
    assert_eq!(log, "timeout 5\n62 w 01 01\n62 w 01 01\n");
}

/// As with a multiplexer: one open file has each address in its turn.
#[test]
fn each_transfer_goes_to_its_own_address_whatever_the_one_before_had() {
    let (found, log) =
        on_a_bus("addresses", ONE_FACE, "open select write write select read write both select");
    assert!(found.iter().all(|step| step.kind.starts_with("ok")), "{found:?}");
    let sensor = "62 w 01 01\n";
    assert_eq!(
        log,
        ["timeout 5\n70 w 04\n", sensor, sensor, "70 w 04\n", sensor, "62 w 07\n70 w 04\n"].concat()
    );
}

/// The file still has the address of the multiplexer then: a setting would go there.
#[test]
fn what_is_for_a_sensor_goes_nowhere_when_its_address_cannot_be_chosen() {
    let script = ["slave ok\nslave errno 16\nslave errno 16\nslave ok\n", ONE_FACE].concat();
    let (found, log) = on_a_bus("address_refused", &script, "open select write read write select");
    for refused in &found[2..4] {
        refused.assert_error(16, "AddressInUse", "Never", "Other");
    }
    assert!([1, 4, 5].iter().all(|&step| found[step].kind == "ok"), "{found:?}");
    assert_eq!(log, "timeout 5\n70 w 04\n62 w 01 01\n70 w 04\n");
}

/// A sensor that was just given power, and then is unplugged with its USB adapter.
#[test]
fn a_bus_that_is_gone_and_back_is_opened_anew_and_keeps_its_settings() {
    let script = [
        "open ok\nopen errno 2\nopen errno 13\nopen ok\n",
        "read errno 121\n",
        ONE_FACE,
        "read errno 19\n",
        ONE_FACE,
    ]
    .concat();
    let steps = "open read read read reopen reopen reopen read";
    let (found, log) = on_a_bus("gone_and_back", &script, steps);
    found[1].assert_error(121, "NoAcknowledge", "AfterMs(140)", "NoAcknowledge(Unknown)");
    assert!(found[2].kind.starts_with("ok 00002100"), "{found:?}");
    found[3].assert_error(19, "Gone", "Reopen", "Other");
    found[4].assert_error(2, "NoSuchBus", "Reopen", "Other");
    found[5].assert_error(13, "NoPermission", "Never", "Other");
    assert_eq!(found[6].kind, "ok");
    assert!(found[7].kind.starts_with("ok 00002100"), "{found:?}");
    assert_eq!(log, "timeout 5\ntimeout 5\n", "the new file has the time-out, too");
}

#[test]
fn only_what_proves_to_be_a_person_sensor_is_written_to() {
    let (found, log) = on_a_bus("prepare", ONE_FACE, "prepare");
    assert_eq!(
        (&*found[0].kind, &*log),
        ("ok", "timeout 5\n62 w 05 01\n62 w 07 01\n62 w 02 01\n62 w 01 01\n")
    );
    for (name, script, retry, code) in [
        ("stranger", "read be ef 92\n", "Never", "MLSENSOR-NOT-A-SENSOR"),
        ("undriven", "read ff ff\n", "Never", "MLSENSOR-NOT-A-SENSOR"),
        ("first_inference", "read 00\n", "AfterMs(1000)", "MLSENSOR-NOT-A-SENSOR"),
        ("nobody", "read errno 121\n", "AfterMs(140)", "MLSENSOR-BUS-121"),
        ("cut", "read short 7 00 00 21\n", "AfterMs(140)", "MLSENSOR-BUS-SHORT"),
    ] {
        let (found, log) = on_a_bus(name, script, "prepare");
        assert_eq!((&*found[0].kind, &*found[0].retry), ("not prepared", retry), "{name}: {found:?}");
        assert!(found[0].report.ends_with(&format!("code: {code}")), "{name}: {found:?}");
        assert_eq!(log, "timeout 5\n", "{name}");
    }
}

/// The sensor is found, and lost in the middle of its settings.
#[test]
fn settings_that_do_not_reach_the_sensor_are_an_error() {
    let script = [ONE_FACE, "write ok\nwrite ok\nwrite errno 121\n"].concat();
    let (found, log) = on_a_bus("settings", &script, "prepare");
    assert_eq!((&*found[0].kind, &*found[0].retry), ("not prepared", "AfterMs(140)"));
    assert!(found[0].report.ends_with("code: MLSENSOR-BUS-121"), "{found:?}");
    assert_eq!(log, "timeout 5\n62 w 05 01\n62 w 07 01\n");
}
