//! A Linux I2C bus: opening it, and what its errors mean. The errno is kept.

use std::{fmt, io};

use embedded_hal::i2c::{self, I2c, Operation};
use i2cdev::linux::LinuxI2CError;
use linux_embedded_hal::I2cdev;
use mlsensor::ProbeError;

use crate::report::Report;

/// Errno values, as Linux numbers them.
const ENOENT: i32 = 2;
const EIO: i32 = 5;
const ENXIO: i32 = 6;
const EAGAIN: i32 = 11;
const EACCES: i32 = 13;
const EBUSY: i32 = 16;
const ENODEV: i32 = 19;
const ENOTTY: i32 = 25;
const ETIMEDOUT: i32 = 110;
const EREMOTEIO: i32 = 121;

/// Turns an error of a bus into a report; `doing` is what failed: "cannot open /dev/i2c-1".
fn report(doing: &str, error: &io::Error, path: &str) -> Report {
    let bus = path.strip_prefix("/dev/i2c-").unwrap_or("1");
    // A read, of this address alone: plain `i2cdetect` writes to whatever is at 0x62.
    let probe = format!("i2cdetect -y -r {bus} 0x62 0x62");
    let (likely, run) = match error.raw_os_error() {
        Some(ENOENT) => (
            "I2C is off, or the bus has another number",
            "ls /dev/i2c-*    (none? on a Raspberry Pi: sudo raspi-config nonint do_i2c 0)".to_owned(),
        ),
        Some(EACCES) => (
            "this user is not in the group i2c",
            "sudo usermod -aG i2c $USER    (then log in again)".to_owned(),
        ),
        Some(ENXIO | ENODEV | EREMOTEIO) => (
            "nothing answers at 0x62: power came less than 3 seconds ago, a loose wire, no 3.3 V, another bus",
            probe.clone(),
        ),
        Some(EIO | ETIMEDOUT) => (
            "the bus hangs: a missing pull-up, a wire too long, or the sensor was interrupted; take its power away once",
            probe.clone(),
        ),
        Some(EAGAIN) => ("another controller is on this bus", probe.clone()),
        Some(EBUSY) => (
            "a kernel driver has the address 0x62, for example of an SCD4x CO2 sensor",
            "ls -l /sys/bus/i2c/devices".to_owned(),
        ),
        Some(ENOTTY) => ("this file is no I2C bus", "ls -l /dev/i2c-*".to_owned()),
        _ => ("no cause is known for this errno", "dmesg | tail".to_owned()),
    };
    let code =
        error.raw_os_error().map_or("MLSENSOR-BUS".to_owned(), |errno| format!("MLSENSOR-BUS-{errno}"));
    Report { what: format!("{doing}: {error}"), likely: likely.to_owned(), run, code }
}

/// Turns the failure to find a sensor into a report.
pub(crate) fn probe_report<E: Into<io::Error> + fmt::Debug>(error: ProbeError<E>, path: &str) -> Report {
    match error {
        ProbeError::NoAnswer(error) => report(&format!("no Person Sensor on {path}"), &error.into(), path),
        error => Report {
            what: format!("{path}: {error}"),
            likely: "another part has the address 0x62; nothing was written to it".to_owned(),
            run: "take the other part off the bus, then run this again".to_owned(),
            code: "MLSENSOR-NOT-A-SENSOR".to_owned(),
        },
    }
}

/// A bus of the kernel, `/dev/i2c-N`.
pub(crate) struct LinuxBus(I2cdev);

impl LinuxBus {
    /// Opens a bus by its path.
    ///
    /// # Errors
    /// A report with the errno.
    pub(crate) fn open(path: &str) -> Result<LinuxBus, Report> {
        I2cdev::new(path)
            .map(LinuxBus)
            .map_err(|error| report(&format!("cannot open {path}"), &error.into(), path))
    }
}

/// An I/O error that embedded-hal can be told of, with its errno.
#[derive(Debug)]
pub(crate) struct BusError(pub(crate) io::Error);

impl From<BusError> for io::Error {
    fn from(error: BusError) -> io::Error {
        error.0
    }
}

impl i2c::Error for BusError {
    fn kind(&self) -> i2c::ErrorKind {
        match self.0.raw_os_error() {
            Some(ENXIO | ENODEV | EREMOTEIO) => {
                i2c::ErrorKind::NoAcknowledge(i2c::NoAcknowledgeSource::Unknown)
            }
            Some(EAGAIN) => i2c::ErrorKind::ArbitrationLoss,
            Some(EIO) => i2c::ErrorKind::Bus,
            _ => i2c::ErrorKind::Other,
        }
    }
}

impl i2c::ErrorType for LinuxBus {
    type Error = BusError;
}

impl I2c for LinuxBus {
    fn transaction(&mut self, address: u8, operations: &mut [Operation<'_>]) -> Result<(), BusError> {
        I2c::<i2c::SevenBitAddress>::transaction(&mut self.0, address, operations).map_err(|error| {
            BusError(match error.inner() {
                LinuxI2CError::Errno(errno) => io::Error::from_raw_os_error(*errno),
                LinuxI2CError::Io(error) => {
                    error.raw_os_error().map_or_else(|| error.kind().into(), io::Error::from_raw_os_error)
                }
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_errno_has_a_cause_and_a_command_and_is_kept() {
        let mut seen = std::collections::BTreeSet::new();
        for (errno, cause) in [
            (ENOENT, "I2C is off"),
            (EACCES, "group i2c"),
            (EREMOTEIO, "loose wire"),
            (EIO, "pull-up"),
            (EAGAIN, "another controller"),
            (EBUSY, "kernel driver"),
            (ENOTTY, "no I2C bus"),
        ] {
            let report = report("cannot read", &io::Error::from_raw_os_error(errno), "/dev/i2c-7");
            assert!(report.what.contains(&format!("os error {errno}")), "{report}");
            assert!(report.likely.contains(cause), "{report}");
            assert!(!report.run.is_empty());
            assert_eq!(report.code, format!("MLSENSOR-BUS-{errno}"));
            assert!(seen.insert(report.likely));
        }
    }

    #[test]
    fn a_bus_on_which_nothing_answers_says_so_with_its_errno() {
        let error = ProbeError::NoAnswer(io::Error::from_raw_os_error(EREMOTEIO));
        let report = probe_report(error, "/dev/i2c-3");
        assert_eq!(report.what, "no Person Sensor on /dev/i2c-3: Remote I/O error (os error 121)");
        assert_eq!((&*report.run, &*report.code), ("i2cdetect -y -r 3 0x62 0x62", "MLSENSOR-BUS-121"));
    }

    #[test]
    fn embedded_hal_is_told_the_kind_of_each_errno() {
        use i2c::ErrorKind::{ArbitrationLoss, Bus, NoAcknowledge, Other};
        let nobody = NoAcknowledge(i2c::NoAcknowledgeSource::Unknown);
        for (errno, kind) in [
            (5, Bus),
            (6, nobody),
            (19, nobody),
            (121, nobody),
            (11, ArbitrationLoss),
            (110, Other),
            (16, Other),
        ] {
            let error = BusError(io::Error::from_raw_os_error(errno));
            assert_eq!(i2c::Error::kind(&error), kind, "{errno}");
        }
    }

    #[test]
    fn a_lookalike_is_named_and_nothing_is_blamed_on_the_wires() {
        let packet = mlsensor::PacketError::Checksum { computed: 1, found: 2 };
        let error: ProbeError<io::Error> = ProbeError::NotAPersonSensor(packet);
        let report = probe_report(error, "/dev/i2c-1");
        assert_eq!(report.code, "MLSENSOR-NOT-A-SENSOR");
        assert!(report.what.contains("SCD4x"), "{report}");
    }
}
