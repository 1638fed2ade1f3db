//! Why a GPIO line cannot be used, told to programs and to people.

use std::fmt;
use std::io;
use std::sync::Arc;

use embedded_hal::digital;
use gpiocdev::Error;

use super::error::errno::{EACCES, EBUSY, EINTR, EINVAL, ENODEV, ENOTTY, ENXIO, EOPNOTSUPP, EPERM};
use crate::Report;

/// Why a GPIO line cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GpioError {
    /// What the line is called.
    line: Arc<str>,
    kind: GpioErrorKind,
    errno: Option<i32>,
}

/// What an error of a GPIO line means.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum GpioErrorKind {
    /// There is no `/dev/gpiochipN`.
    NoChips,
    /// EACCES, EPERM: this user may not use GPIO.
    NoPermission,
    /// No line has this name, on none of the chips that this user may look at.
    NoSuchLine,
    /// No chip has this label.
    NoSuchChip,
    /// The chip of this label has only so many lines.
    NoSuchOffset {
        /// How many lines it has.
        lines: u32,
    },
    /// Several lines have this name, or several chips this label.
    Ambiguous,
    /// EBUSY: somebody has the line.
    InUse {
        /// Who, as they call themselves. Empty if they do not.
        consumer: String,
    },
    /// The kernel knows neither version of the interface for GPIO.
    NoInterface,
    /// EINVAL, EOPNOTSUPP, ENXIO: the line cannot be what it was asked to be, such as pulled down.
    Unsupported {
        /// The errno.
        errno: i32,
    },
    /// ENODEV: the chip is gone.
    Gone,
    /// Anything else.
    Other {
        /// The errno, if it was one.
        errno: Option<i32>,
        /// What was said of it.
        words: String,
    },
}

impl GpioError {
    pub(super) fn new(line: &Arc<str>, kind: GpioErrorKind) -> GpioError {
        let errno = match kind {
            GpioErrorKind::Other { errno, .. } => errno,
            _ => None,
        };
        GpioError { line: line.clone(), kind, errno }
    }

    /// `consumer` is who has the line, as far as that is known.
    pub(super) fn of(line: &Arc<str>, error: &Error, consumer: &str) -> GpioError {
        let errno = errno_of(error);
        let kind = match (error, errno) {
            (Error::NoGpioChips(), _) => GpioErrorKind::NoChips,
            (Error::NoAbiSupport() | Error::UnsupportedAbi(..), _) | (_, Some(ENOTTY)) => {
                GpioErrorKind::NoInterface
            }
            (_, Some(EACCES | EPERM)) => GpioErrorKind::NoPermission,
            (_, Some(EBUSY)) => GpioErrorKind::InUse { consumer: consumer.to_owned() },
            (_, Some(ENODEV)) => GpioErrorKind::Gone,
            (_, Some(errno @ (EINVAL | EOPNOTSUPP | ENXIO))) => GpioErrorKind::Unsupported { errno },
            (error, errno) => GpioErrorKind::Other { errno, words: error.to_string() },
        };
        GpioError { line: line.clone(), kind, errno }
    }

    /// What it means.
    #[must_use]
    pub const fn kind(&self) -> &GpioErrorKind {
        &self.kind
    }

    /// The errno, if it was one: not where a line was looked for and not found.
    #[must_use]
    pub const fn errno(&self) -> Option<i32> {
        self.errno
    }

    /// What is to be told to a person.
    #[must_use]
    pub fn report(&self) -> Report {
        let gpioinfo = "gpioinfo    (from the package gpiod)";
        let (likely, run) = match &self.kind {
            GpioErrorKind::NoChips => {
                ("this machine has no GPIO, or its driver is not loaded", "ls /dev/gpiochip*")
            }
            GpioErrorKind::NoPermission => {
                ("this user is not in the group gpio", "sudo usermod -aG gpio $USER    (then log in again)")
            }
            GpioErrorKind::NoSuchLine => ("the name is written otherwise on this board", gpioinfo),
            GpioErrorKind::NoSuchChip => (
                "the label is written otherwise: it stands in brackets",
                "gpiodetect    (from the package gpiod)",
            ),
            GpioErrorKind::NoSuchOffset { .. } => {
                ("the place is another one: lines are counted from 0", gpioinfo)
            }
            GpioErrorKind::Ambiguous => {
                ("the name is no good here: use LABEL:PLACE, as gpioinfo shows them", gpioinfo)
            }
            GpioErrorKind::InUse { consumer } if consumer == super::gpio::CONSUMER => {
                ("this program runs already", gpioinfo)
            }
            GpioErrorKind::InUse { .. } => ("another program or a driver has it: use another line", gpioinfo),
            GpioErrorKind::NoInterface => {
                ("this kernel was built without GPIO for programs (GPIO_CDEV)", "uname -r")
            }
            GpioErrorKind::Unsupported { .. } => {
                ("this line has no pull-up or pull-down, or does not tell of changes: ask for none", gpioinfo)
            }
            GpioErrorKind::Gone => {
                ("the chip is gone: it was unplugged, or its driver was unloaded", gpioinfo)
            }
            GpioErrorKind::Other { .. } => {
                ("no cause is known for this error", "dmesg | tail    (as root, if it says nothing)")
            }
        };
        Report {
            what: self.to_string(),
            likely: likely.to_owned(),
            run: run.to_owned(),
            code: "MLSENSOR-GPIO".to_owned(),
        }
    }
}

/// Whether it was but a signal.
pub(super) fn is_interrupted(error: &Error) -> bool {
    errno_of(error) == Some(EINTR)
}

fn errno_of(error: &Error) -> Option<i32> {
    match error {
        Error::Os(errno) | Error::Uapi(_, gpiocdev_uapi::Error::Os(errno)) => Some(errno.0),
        _ => None,
    }
}

impl fmt::Display for GpioError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let line = &self.line;
        match &self.kind {
            GpioErrorKind::NoChips => {
                write!(f, "there is no GPIO line named {line}, for there is no GPIO chip")
            }
            GpioErrorKind::NoPermission => write!(f, "may not open the GPIO line {line}"),
            GpioErrorKind::NoSuchLine => write!(f, "there is no GPIO line named {line}"),
            GpioErrorKind::NoSuchChip => write!(f, "there is no GPIO line {line}: no chip has this label"),
            GpioErrorKind::NoSuchOffset { lines } => {
                write!(f, "there is no GPIO line {line}: this chip has {lines} lines")
            }
            GpioErrorKind::Ambiguous => write!(f, "there are several GPIO lines named {line}"),
            GpioErrorKind::InUse { consumer } if consumer.is_empty() => {
                write!(f, "the GPIO line {line} is in use")
            }
            GpioErrorKind::InUse { consumer } => write!(f, "the GPIO line {line} is in use, by {consumer}"),
            GpioErrorKind::NoInterface => {
                write!(f, "cannot open the GPIO line {line}: the kernel has no way to")
            }
            GpioErrorKind::Unsupported { errno } => {
                let error = io::Error::from_raw_os_error(*errno);
                write!(f, "the GPIO line {line} cannot be what was asked of it: {error}")
            }
            GpioErrorKind::Gone => write!(f, "the GPIO line {line} is gone"),
            GpioErrorKind::Other { words, .. } => write!(f, "the GPIO line {line} fails: {words}"),
        }
    }
}

impl std::error::Error for GpioError {}

impl From<GpioError> for Report {
    fn from(error: GpioError) -> Report {
        error.report()
    }
}

impl digital::Error for GpioError {
    fn kind(&self) -> digital::ErrorKind {
        digital::ErrorKind::Other
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_error_has_a_cause_of_its_own_and_a_command() {
        let uapi = |errno| {
            Error::Uapi(gpiocdev::UapiCall::GetLine, gpiocdev_uapi::Error::Os(gpiocdev_uapi::Errno(errno)))
        };
        let line: Arc<str> = "GPIO17".into();
        let mut causes = std::collections::BTreeSet::new();
        for (error, what, likely) in [
            (Error::NoGpioChips(), "there is no GPIO chip", "no GPIO, or"),
            (uapi(13), "may not open", "group gpio"),
            (uapi(16), "in use, by spi0 CS0", "another program"),
            (uapi(22), "(os error 22)", "no pull-up"),
            (uapi(19), "is gone", "unplugged"),
            (Error::NoAbiSupport(), "no way to", "GPIO_CDEV"),
            (uapi(5), "(os error 5)", "no cause is known"),
        ] {
            let report = GpioError::of(&line, &error, "spi0 CS0").report();
            assert!(report.what.contains("GPIO17") && report.what.contains(what), "{report}");
            assert!(report.likely.contains(likely) && !report.run.is_empty(), "{report}");
            assert!(causes.insert(report.likely.clone()), "{report}");
            assert_eq!(report.to_string().lines().count(), 4, "{report}");
        }
        for errno in [1, 13, 16, 19, 22, 25, 5] {
            assert_eq!(GpioError::of(&line, &uapi(errno), "").errno(), Some(errno));
        }
        assert_eq!(GpioError::new(&line, GpioErrorKind::NoSuchLine).errno(), None);
        assert_eq!(
            GpioError::of(&line, &uapi(25), "").kind(),
            &GpioErrorKind::NoInterface,
            "ENOTTY: the file is a chip, but takes no such request"
        );
        assert_eq!(GpioError::of(&line, &uapi(16), "").to_string(), "the GPIO line GPIO17 is in use");
        assert_eq!(GpioError::of(&line, &uapi(16), "mlsensor").report().likely, "this program runs already");
    }
}
