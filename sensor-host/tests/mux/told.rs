//! What is a person told of a bus of the kernel behind a multiplexer?

use std::convert::Infallible;

use embedded_hal::i2c::{ErrorType, I2c, Operation};
use mlsensor_host::linux::{Doing, LinuxError};
use mlsensor_host::mux::{MuxError, Muxes};
use mlsensor_host::supervisor::{Cause, Counters, RetryHint, Settings, Supervisor};
use mlsensor_sim::{SimBus, SimSensor, Tca9548a};

use crate::{MUX, Rig, SENSOR, Virtual};

/// A bus that fails as one of a Raspberry Pi does.
struct Kernel(SimBus);

impl ErrorType for Kernel {
    type Error = LinuxError;
}

impl I2c for Kernel {
    fn transaction(&mut self, address: u8, operations: &mut [Operation<'_>]) -> Result<(), LinuxError> {
        let outcome = self.0.transaction(address, operations);
        outcome.map_err(|_| LinuxError::new("/dev/i2c-3", Doing::Read, 121))
    }
}

/// The trouble of a supervisor on channel 2, in words, in JSON, and as a report.
fn told(rig: &Rig) -> (String, serde_json::Value, String, Counters) {
    let muxes = Muxes::new(Kernel(rig.bus.clone()), &[MUX]).unwrap();
    let channel = muxes.channel(MUX, 2).unwrap();
    let opener = move || Ok::<_, Infallible>(channel.clone());
    let mut supervisor = Supervisor::with_clock(opener, Settings::default(), Virtual(rig.bus.clone()));
    let update = supervisor.next();
    let trouble = update.trouble().unwrap();
    assert_eq!(trouble.cause.errno(), Some(121));
    let json = serde_json::to_value(trouble).unwrap()["cause"].clone();
    (trouble.to_string(), json, trouble.cause.report().to_string(), *supervisor.counters())
}

#[test]
fn a_sensor_behind_a_channel_is_told_of_as_one_that_is_on_the_bus_itself() {
    let (rig, _) = Rig::new(1);
    rig.sensors[2].with(SimSensor::power_off);
    let (text, json, report, counters) = told(&rig);
    assert_eq!(text, "probing: Remote I/O error (os error 121)");
    assert_eq!(json, "Remote I/O error (os error 121)");
    let direct = LinuxError::new("/dev/i2c-3", Doing::Read, 121).report();
    assert_eq!(report, direct.to_string());
    assert_eq!((counters.bus_errors.no_acknowledge, counters.bus_errors.other), (1, 0), "{counters:?}");
}

#[test]
fn a_multiplexer_that_does_not_answer_is_not_taken_for_a_sensor_that_does_not() {
    let (rig, _) = Rig::new(1);
    rig.mux.with(Tca9548a::power_off);
    let (text, _, report, counters) = told(&rig);
    assert_eq!(text, "probing: the multiplexer cannot be shut: Remote I/O error (os error 121)");
    let expected = "error: the multiplexer cannot be shut: Remote I/O error (os error 121)\n\
                    likely: it does not answer: a loose wire, no power, or its address pins say another address\n\
                    run: i2cdetect -y -r 3 0x70 0x77    (from the package i2c-tools)\n\
                    code: MLSENSOR-MUX";
    assert_eq!(report, expected);
    assert_eq!((counters.bus_errors.no_acknowledge, counters.bus_errors.other), (0, 1), "{counters:?}");
}

/// A part of what happened, and of the likeliest cause: typed here.
#[test]
fn each_failure_of_a_multiplexer_has_its_words_and_its_cause() {
    let error = || LinuxError::new("/dev/i2c-3", Doing::Write, 121);
    for (error, what, likely) in [
        (MuxError::Mux(error()), "the multiplexer: Remote I/O error (os error 121)", "does not answer"),
        (MuxError::InDoubt(Some(error())), "cannot be shut: Remote I/O", "does not answer"),
        (MuxError::InDoubt(None), "cannot be shut: it keeps a channel", "another part answers"),
        (MuxError::Mismatch { wanted: 4, found: 6 }, "holds 0x06 and not 0x04", "bits are lost"),
        (MuxError::Changed { wanted: 4, found: 0 }, "went from 0x04 to 0x00", "it was reset"),
        (MuxError::AddressOfMux(0x71), "0x71 is a multiplexer", "of a sensor is wanted: 0x62"),
    ] {
        let report = error.report_on("/dev/i2c-12");
        assert!(report.what.contains(what) && report.likely.contains(likely), "{report}");
        assert!(report.run.starts_with("i2cdetect -y -r 12 0x70 0x77 "), "{report}");
        assert_eq!(report.code, "MLSENSOR-MUX");
        // Of what the bus has not said, the error does not know where it was: no bus is named that it may not have been.
        let expected = if error.bus().is_some() { "i2cdetect -y -r 3 0x70 0x77 " } else { "i2cdetect -l " };
        let report = error.report();
        assert!(report.run.starts_with(expected), "{report}");
        assert_eq!((error.to_string(), error.text()), (report.what.clone(), report.what));
    }
}

#[test]
fn a_packet_that_is_refused_is_told_in_four_parts_too() {
    let zeros = Cause::Packet(mlsensor::PacketError::AllZero).report();
    assert!(zeros.likely.contains("no result yet") && zeros.code == "MLSENSOR-PACKET", "{zeros}");
    assert_eq!(zeros.to_string().lines().count(), 4);
    // Of the simulator no more is known than its words.
    let (rig, _) = Rig::new(1);
    let nobody = rig.bus.clone().read(SENSOR + 1, &mut [0]).unwrap_err();
    assert_eq!((nobody.report().what, &*nobody.report().code), (nobody.to_string(), "MLSENSOR-BUS"));
}
