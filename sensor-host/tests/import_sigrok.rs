//! Is what sigrok decodes from the wires the traffic that was on them, after an import?

mod waves;

use std::process::Command;
use std::time::Duration;

use embedded_hal::i2c::I2c as _;
use mlsensor_host::recording::{Format, ImportOptions, import};
use mlsensor_sim::{Recording, Scenario, SimBus};

const EXPECTED: &str = include_str!("traces/expected.recording");

/// Each was printed by sigrok-cli 0.7.2 with libsigrokdecode 0.5.3, from the samples of `waves`.
const BY_SIGROK_CLI: [(&str, &str); 3] = [
    ("-A i2c=addr-data --protocol-decoder-samplenum", include_str!("traces/sigrok_cli.txt")),
    ("-A i2c --protocol-decoder-samplenum -l 4", include_str!("traces/sigrok_cli_all.txt")),
    (
        "-A i2c=addr-data,eeprom24xx --protocol-decoder-samplenum",
        include_str!("traces/sigrok_cli_stacked.txt"),
    ),
];

fn options() -> ImportOptions {
    ImportOptions::default().with_sample_rate_hz(waves::SAMPLE_RATE_HZ)
}

fn expected() -> Recording {
    Recording::parse(EXPECTED).unwrap()
}

#[test]
fn what_sigrok_cli_printed_is_what_went_over_the_wires() {
    for (arguments, trace) in BY_SIGROK_CLI {
        let imported = import(trace, &options()).unwrap();
        assert_eq!(imported.recording.to_string(), expected().to_string(), "{arguments}");
        assert_eq!((imported.format, imported.left_out), (Format::SigrokAnnotations, 0), "{arguments}");
    }
}

#[test]
fn another_sample_rate_gives_other_times_and_the_same_bytes() {
    let options = ImportOptions::default().with_sample_rate_hz(24_000_000);
    let imported = import(BY_SIGROK_CLI[0].1, &options).unwrap().recording;
    for (fast, slow) in imported.transfers.iter().zip(&expected().transfers) {
        assert_eq!(fast.at.as_nanos(), slow.at.as_nanos() / 24, "{slow}");
        assert_eq!((fast.address, &fast.bytes, fast.error), (slow.address, &slow.bytes, slow.error));
    }
}

#[test]
fn addresses_that_have_the_direction_in_them_are_understood_if_the_options_say_so() {
    let trace = include_str!("traces/sigrok_cli_unshifted.txt");
    let imported = import(trace, &options().with_eight_bit_addresses()).unwrap();
    assert_eq!(imported.recording, expected());
    let error = import(trace, &options()).unwrap_err();
    assert_eq!((error.line, &*error.what), (Some(3), "the address 0xc4 is above 0x7f"));
}

/// Samples go to sigrok-cli, and its annotations come back: of a whole scenario, in time, with faults.
#[test]
#[ignore = "needs sigrok-cli: `cargo xtask peers` installs and runs it"]
fn a_scenario_on_the_wires_is_decoded_by_sigrok_and_imported_as_it_was() {
    let scenario = Scenario::named("crowd").unwrap();
    let (mut bus, _sim) = SimBus::with_sensor(scenario.sensor());
    bus.advance(Duration::from_millis(10));
    bus.start_log();
    for round in 0..30_u8 {
        let address = if round % 7 == 3 { 0x29 } else { 0x62 };
        let mut packet = [0; 39];
        let _ = bus.read(address, &mut packet);
        bus.advance(Duration::from_micros(40_321));
        let _ = bus.write(address, &[round % 8, round % 3]);
        bus.advance(Duration::from_millis(40));
    }
    let mut sent = bus.take_log();
    for transfer in sent.transfers.iter_mut().filter(|transfer| transfer.error.is_some()) {
        transfer.bytes.clear(); // what was to be sent to nobody is on no wire
    }
    let folder = std::env::temp_dir().join(format!("mlsensor-waves-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join("samples.bin");
    std::fs::write(&file, waves::samples(&sent)).unwrap();
    let output = Command::new("sigrok-cli")
        .arg("-i")
        .arg(&file)
        .args(["-I", &format!("binary:numchannels=2:samplerate={}", waves::SAMPLE_RATE_HZ)])
        .args(["-P", "i2c:scl=0:sda=1", "-A", "i2c=addr-data", "--protocol-decoder-samplenum"])
        .output()
        .expect("sigrok-cli");
    std::fs::remove_dir_all(&folder).unwrap();
    let imported = import(&String::from_utf8(output.stdout).unwrap(), &options()).unwrap();
    assert_eq!(imported.recording.transfers.len(), 60);
    for (imported, sent) in imported.recording.transfers.iter().zip(&sent.transfers) {
        assert_eq!(imported, sent);
    }
}

#[test]
#[ignore = "writes the samples of the files in this folder, for who makes them anew: see traces/README.md"]
fn write_samples() {
    std::fs::write(std::env::temp_dir().join("samples.bin"), waves::samples(&expected())).unwrap();
}
