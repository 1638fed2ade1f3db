//! Errors of a bus, told to a person.

use super::{Doing, LinuxError, LinuxErrorKind};
use crate::Report;

/// Turns an error of a bus into a report.
pub(super) fn report(error: &LinuxError, what: &str) -> Report {
    let bus = error.bus().strip_prefix("/dev/i2c-").unwrap_or("1");
    // A read, of this address alone: plain `i2cdetect` writes to whatever is at 0x62.
    let probe = format!("i2cdetect -y -r {bus} 0x62 0x62");
    let (likely, run) = match error.kind() {
        LinuxErrorKind::NoSuchBus => (
            "I2C is off, or the bus has another number",
            "ls /dev/i2c-*    (none? on a Raspberry Pi: sudo raspi-config nonint do_i2c 0)".to_owned(),
        ),
        LinuxErrorKind::NoPermission => (
            "this user is not in the group i2c",
            "sudo usermod -aG i2c $USER    (then log in again)".to_owned(),
        ),
        LinuxErrorKind::NotABus => ("this file is no I2C bus", "ls -l /dev/i2c-*".to_owned()),
        LinuxErrorKind::NoAcknowledge | LinuxErrorKind::Incomplete { .. } => (
            "nothing answers at 0x62: power came less than 3 seconds ago, a loose wire, no 3.3 V, another bus",
            probe,
        ),
        LinuxErrorKind::BusFault => (
            "the bus misbehaves: a missing pull-up, a wire too long, or the sensor held the clock for too long",
            probe,
        ),
        LinuxErrorKind::TimedOut => (
            "the bus hangs: the sensor was interrupted while it booted, or a wire is shorted; take its power away once",
            probe,
        ),
        LinuxErrorKind::ArbitrationLost => ("another controller is on this bus", probe),
        LinuxErrorKind::AddressInUse => (
            "a kernel driver has the address 0x62, for example of an SCD4x CO2 sensor",
            "ls -l /sys/bus/i2c/devices".to_owned(),
        ),
        LinuxErrorKind::BusBusy => ("another controller, or a wire held low, keeps the bus busy", probe),
        LinuxErrorKind::Gone => (
            "the adapter is gone: it was unplugged, or its driver was unloaded",
            "ls -l /sys/class/i2c-dev".to_owned(),
        ),
        LinuxErrorKind::Suspended => {
            ("the adapter sleeps, or is being removed", "ls -l /sys/class/i2c-dev".to_owned())
        }
        LinuxErrorKind::Adapter => (
            "the USB cable or hub to the adapter fails",
            "dmesg | tail    (as root, if it says nothing)".to_owned(),
        ),
        LinuxErrorKind::Unsupported => (
            "this adapter knows no plain I2C, only SMBus: a display's or a mainboard's; the sensor needs another bus",
            format!("i2cdetect -F {bus}"),
        ),
        LinuxErrorKind::Refused => (
            "the adapter's driver does not take a transfer of this length or kind",
            format!("i2cdetect -F {bus}"),
        ),
        LinuxErrorKind::Interrupted => ("a signal came in the middle: this alone is no trouble", probe),
        LinuxErrorKind::OutOfResources => {
            ("the system is out of memory, or this program has too many files open", "ulimit -a".to_owned())
        }
        LinuxErrorKind::ShortRead { .. } | LinuxErrorKind::ShortWrite { .. } => (
            "the adapter's driver ends transfers early: nothing answered, or it has a limit of 32 bytes",
            format!("i2ctransfer -y {bus} r39@0x62"),
        ),
        LinuxErrorKind::Other => {
            ("no cause is known for this errno", "dmesg | tail    (as root, if it says nothing)".to_owned())
        }
    };
    Report { what: format!("{what}: {error}"), likely: likely.to_owned(), run, code: code(error) }
}

/// The code to search for.
fn code(error: &LinuxError) -> String {
    match (error.errno(), error.kind()) {
        (Some(errno), _) => format!("MLSENSOR-BUS-{errno}"),
        (None, LinuxErrorKind::ShortRead { .. } | LinuxErrorKind::ShortWrite { .. }) => {
            "MLSENSOR-BUS-SHORT".to_owned()
        }
        (None, LinuxErrorKind::Incomplete { .. }) => "MLSENSOR-BUS-SHORT".to_owned(),
        (None, _) => "MLSENSOR-BUS".to_owned(),
    }
}

/// What failed, in words for a report.
pub(super) fn what(doing: Doing, bus: &str) -> String {
    match doing {
        Doing::Open => format!("cannot open {bus}"),
        Doing::Address => format!("cannot use 0x62 on {bus}"),
        Doing::Read => format!("cannot read from {bus}"),
        Doing::Write => format!("cannot write to {bus}"),
        Doing::Transfer => format!("cannot transfer on {bus}"),
    }
}
