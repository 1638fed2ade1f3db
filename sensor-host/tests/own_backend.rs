//! Does our own bus and presence pin see on a simulated machine what they would see on a real one?
//!
//! The program is this one, started anew and unchanged by `mlsensor sim run`.
#![cfg(all(target_os = "linux", feature = "cli"))]

mod bus_steps;

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use bus_steps::{Step, run_steps};
use embedded_hal::digital::InputPin as _;
use mlsensor::PresencePin;
use mlsensor_host::linux::{GpioInput, GpioOutput, LineName, Pull};

/// The program that the tests start: it does what it is told to do with a bus.
#[test]
fn the_program_of_these_tests() {
    bus_steps::main();
}

/// `mlsensor sim run` with these options, of this test.
fn sim_run(options: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mlsensor"));
    command.args(["sim", "run", "--quiet"]).args(options).arg("--").arg(std::env::current_exe().unwrap());
    command
}

fn on_a_simulated_bus(options: &[&str], steps: &str) -> Vec<Step> {
    run_steps(&mut sim_run(options), "the_program_of_these_tests", Path::new("/dev/i2c-1"), steps)
}

#[test]
fn a_simulated_sensor_is_found_set_and_read() {
    let found = on_a_simulated_bus(&[], "prepare open timeout read both");
    assert_eq!(found[0].kind, "ok", "{found:?}");
    assert_eq!(found[2].kind, "ok Ok(50ms)");
    assert!(found[3].kind.starts_with("ok 00002100"), "{found:?}");
    assert!(found[4].kind.starts_with("ok "), "a write and a read: {found:?}");
}

#[test]
fn where_nothing_is_each_adapter_says_so_in_its_way() {
    for (adapter, errno) in [("pi", 121), ("designware", 121), ("tiny-usb", 6), ("plain", 6)] {
        let found = on_a_simulated_bus(&["--scenario", "nothing", "--errno", adapter], "open read prepare");
        found[1].assert_error(errno, "NoAcknowledge", "AfterMs(140)", "NoAcknowledge(Unknown)");
        assert!(found[2].report.ends_with(&format!("code: MLSENSOR-BUS-{errno}")), "{adapter}: {found:?}");
    }
}

#[test]
fn each_fault_of_the_wire_reaches_us_as_its_errno_and_is_over_after_it() {
    for (fault, adapter, errno, kind) in [
        ("nack-address", "pi", 121, "NoAcknowledge"),
        ("arbitration-loss", "pi", 11, "ArbitrationLost"),
        ("bus-error", "pi", 5, "BusFault"),
        ("stretch-timeout", "pi", 5, "BusFault"),
        ("stretch-timeout", "designware", 110, "TimedOut"),
    ] {
        let found = on_a_simulated_bus(&["--errno", adapter, "--fault", fault], "open read read");
        assert_eq!(
            (&*found[1].kind, &*found[1].errno),
            (kind, &*format!("Some({errno})")),
            "{fault}: {found:?}"
        );
        assert!(found[2].kind.starts_with("ok 00002100"), "{fault} is over: {found:?}");
    }
}

#[test]
fn a_lookalike_is_named_and_not_written_to() {
    for part in ["lookalike:co2-sensor", "lookalike:hand-firmware", "lookalike:answers-all"] {
        let record = std::env::temp_dir().join(format!("mlsensor-{}-{}", std::process::id(), &part[10..]));
        let found =
            on_a_simulated_bus(&["--scenario", part, "--record", record.to_str().unwrap()], "prepare");
        let traffic = std::fs::read_to_string(&record).unwrap();
        std::fs::remove_file(&record).unwrap();
        assert!(found[0].report.ends_with("code: MLSENSOR-NOT-A-SENSOR"), "{part}: {found:?}");
        assert!(traffic.contains(" r ") && !traffic.contains(" w "), "{part}: {traffic}");
    }
}

/// What the tests below start: it looks at the pin.
#[test]
fn the_program_with_a_pin() {
    if std::env::var_os("MLSENSOR_TEST_PIN").is_none() {
        return;
    }
    let name = |text: &str| text.parse::<LineName>().unwrap();
    let failure = |text: &str| GpioInput::open(&name(text), Pull::AsIs).unwrap_err().report();
    println!("SAID {}", failure("GPIO99").what);
    println!("SAID {}", failure("no-such-label:1").what);
    let mut pin = GpioInput::open(&name("GPIO17"), Pull::Down).unwrap();
    println!("SAID {}", failure("GPIO17").what);
    println!("SAID {}", GpioOutput::open(&name("GPIO17")).unwrap_err().report().likely);
    // A generous time: somebody comes after some seconds of the scene, which passes faster.
    let edge = pin.wait_for_edge(Duration::from_secs(60)).unwrap().unwrap();
    println!("SAID edge {}", edge.is_high);
    let next = pin.wait_for_edge(Duration::from_secs(60)).unwrap().unwrap();
    assert!(next.at > edge.at);
    println!("SAID edge {}", next.is_high);
    drop(pin);
    let mut pin = PresencePin::new(GpioInput::open(&name("GPIO17"), Pull::AsIs).unwrap());
    let is_present = pin.is_present().unwrap();
    assert_eq!(pin.release().is_high().unwrap(), is_present);
}

#[test]
fn the_presence_pin_is_found_by_name_waited_for_and_told_apart_from_lines_that_cannot_be_had() {
    let mut command = sim_run(&["--speed", "8"]);
    command.args(["--exact", "the_program_with_a_pin", "--nocapture"]).env("MLSENSOR_TEST_PIN", "1");
    let output = command.output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{text}{}", String::from_utf8_lossy(&output.stderr));
    let said: Vec<&str> =
        text.lines().filter_map(|line| line.split_once("SAID ").map(|(_, said)| said)).collect();
    let expected = [
        "there is no GPIO line named GPIO99",
        "there is no GPIO line no-such-label:1: no chip has this label",
        "the GPIO line GPIO17 is in use, by mlsensor",
        "this program runs already",
        "edge true",
        "edge false",
    ];
    assert_eq!(said, expected);
}
