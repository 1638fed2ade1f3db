//! How an enrolment goes, and how it ends.

use mlsensor::behavior as driver;
use pyo3::prelude::*;

use super::number::{Id, Whole};
use super::value::value;
use crate::errors;

/// What to tell the user now. A frozen value; `str(progress)` is a sentence for them.
///
/// Threads: a frozen value, which any thread may use.
#[pyclass(frozen, from_py_object, module = "mlsensor.behavior")]
#[derive(Debug, Clone)]
pub(crate) enum EnrollProgress {
    /// It begins: the sensor is being set.
    Preparing {},
    /// The sensor gives no readings.
    NoReading {},
    /// It sees nobody.
    NobodyInView {},
    /// It sees so many people, 2 to 4; it must be one.
    SeveralPeople {
        /// How many.
        count: Whole<u8>,
    },
    /// The face is too small.
    TooFar {},
    /// The sensor is less sure that this is a face than the gate asks for.
    Unclear {},
    /// The face does not point at the sensor.
    NotFacing {},
    /// All is well: wait.
    HoldStill {},
    /// It is recognised, but not always as the same.
    Undecided {},
    /// A label was sent, the `attempt`-th, from 1.
    Labelling {
        /// Which label, from 1.
        attempt: Whole<u8>,
    },
    /// The label should be there: so many of so many readings say it.
    Verifying {
        /// How many readings said the id.
        recognised: Whole<u8>,
        /// How many readings were counted.
        of: Whole<u8>,
    },
}

/// What the driver has and the package has not.
pub(super) fn unknown(what: &impl std::fmt::Display) -> PyErr {
    errors::config(&format!("\"{what}\" is not known here"), "the package and its native module differ")
}

impl TryFrom<driver::EnrollProgress> for EnrollProgress {
    type Error = PyErr;

    fn try_from(progress: driver::EnrollProgress) -> PyResult<EnrollProgress> {
        use driver::EnrollProgress as Driver;
        Ok(match progress {
            Driver::Preparing => EnrollProgress::Preparing {},
            Driver::NoReading => EnrollProgress::NoReading {},
            Driver::NobodyInView => EnrollProgress::NobodyInView {},
            Driver::SeveralPeople(count) => EnrollProgress::SeveralPeople { count: Whole(count) },
            Driver::TooFar => EnrollProgress::TooFar {},
            Driver::Unclear => EnrollProgress::Unclear {},
            Driver::NotFacing => EnrollProgress::NotFacing {},
            Driver::HoldStill => EnrollProgress::HoldStill {},
            Driver::Undecided => EnrollProgress::Undecided {},
            Driver::Labelling { attempt } => EnrollProgress::Labelling { attempt: Whole(attempt) },
            Driver::Verifying { recognised, of } => {
                EnrollProgress::Verifying { recognised: Whole(recognised), of: Whole(of) }
            }
            other => return Err(unknown(&other)),
        })
    }
}

impl From<&EnrollProgress> for driver::EnrollProgress {
    fn from(progress: &EnrollProgress) -> Self {
        match progress {
            EnrollProgress::Preparing {} => Self::Preparing,
            EnrollProgress::NoReading {} => Self::NoReading,
            EnrollProgress::NobodyInView {} => Self::NobodyInView,
            EnrollProgress::SeveralPeople { count } => Self::SeveralPeople(count.0),
            EnrollProgress::TooFar {} => Self::TooFar,
            EnrollProgress::Unclear {} => Self::Unclear,
            EnrollProgress::NotFacing {} => Self::NotFacing,
            EnrollProgress::HoldStill {} => Self::HoldStill,
            EnrollProgress::Undecided {} => Self::Undecided,
            EnrollProgress::Labelling { attempt } => Self::Labelling { attempt: attempt.0 },
            EnrollProgress::Verifying { recognised, of } => {
                Self::Verifying { recognised: recognised.0, of: of.0 }
            }
        }
    }
}

value!(enum EnrollProgress ["SeveralPeople"] {
    fn __str__(&self) -> String {
        driver::EnrollProgress::from(self).to_string()
    }
});

/// Why an enrolment gave up. A frozen value.
///
/// Threads: a frozen value, which any thread may use.
#[pyclass(frozen, from_py_object, module = "mlsensor.behavior")]
#[derive(Debug, Clone)]
pub(crate) enum GaveUpReason {
    /// There was no reading for too long: the bus fails, or what comes are no packets of this sensor.
    NoReading {},
    /// The user did not do as told in time; this was the last that was told.
    TimedOut {
        /// What was told last.
        progress: EnrollProgress,
    },
    /// The sensor knows this person already, as this other id.
    KnownAs {
        /// The other id, 0 to 7.
        id: Id,
    },
    /// After a label was sent, nobody was in view for too long. Who comes next may be somebody else.
    Left {},
    /// All attempts are used up, and so many of so many readings said the id at last.
    NotRecognised {
        /// How many readings said the id.
        recognised: Whole<u8>,
        /// How many readings were counted.
        of: Whole<u8>,
    },
}

impl TryFrom<driver::GaveUpReason> for GaveUpReason {
    type Error = PyErr;

    fn try_from(reason: driver::GaveUpReason) -> PyResult<GaveUpReason> {
        use driver::GaveUpReason as Driver;
        Ok(match reason {
            Driver::NoReading => GaveUpReason::NoReading {},
            Driver::TimedOut(progress) => GaveUpReason::TimedOut { progress: progress.try_into()? },
            Driver::KnownAs(id) => GaveUpReason::KnownAs { id: Id(id) },
            Driver::Left => GaveUpReason::Left {},
            Driver::NotRecognised { recognised, of } => {
                GaveUpReason::NotRecognised { recognised: Whole(recognised), of: Whole(of) }
            }
            _ => return Err(unknown(&"this reason to give up")),
        })
    }
}

impl From<&GaveUpReason> for driver::GaveUpReason {
    fn from(reason: &GaveUpReason) -> Self {
        match reason {
            GaveUpReason::NoReading {} => Self::NoReading,
            GaveUpReason::TimedOut { progress } => Self::TimedOut(progress.into()),
            GaveUpReason::KnownAs { id } => Self::KnownAs(id.0),
            GaveUpReason::Left {} => Self::Left,
            GaveUpReason::NotRecognised { recognised, of } => {
                Self::NotRecognised { recognised: recognised.0, of: of.0 }
            }
        }
    }
}

value!(enum GaveUpReason ["TimedOut", "KnownAs"] {});

/// The id is this person's: the readings say so. A frozen value.
///
/// Threads: a frozen value, which any thread may use.
#[pyclass(frozen, module = "mlsensor.behavior")]
#[derive(Debug, Clone)]
pub(crate) struct Enrolled {
    /// The id, 0 to 7.
    #[pyo3(get)]
    id: Id,
    /// The mean confidence with which it was recognised, 1 to 100.
    #[pyo3(get)]
    confidence: Whole<u8>,
    /// How many readings said the id.
    #[pyo3(get)]
    recognised: Whole<u8>,
    /// How many readings were counted.
    #[pyo3(get)]
    of: Whole<u8>,
    /// How many labels were sent. 0: the sensor knew this person as this id already.
    #[pyo3(get)]
    labels_sent: Whole<u8>,
}

impl From<driver::Enrolled> for Enrolled {
    fn from(enrolled: driver::Enrolled) -> Enrolled {
        Enrolled {
            id: Id(enrolled.id),
            confidence: Whole(enrolled.confidence),
            recognised: Whole(enrolled.recognised),
            of: Whole(enrolled.of),
            labels_sent: Whole(enrolled.labels_sent),
        }
    }
}

value!(Enrolled ["id", "confidence", "recognised", "of", "labels_sent"] {
    #[new]
    fn new(
        id: Id,
        confidence: Whole<u8>,
        recognised: Whole<u8>,
        of: Whole<u8>,
        labels_sent: Whole<u8>,
    ) -> Enrolled {
        Enrolled { id, confidence, recognised, of, labels_sent }
    }
});

/// An enrolment that gave up. A frozen value; `str(gave_up)` says why in a sentence.
///
/// Threads: a frozen value, which any thread may use.
#[pyclass(frozen, module = "mlsensor.behavior")]
#[derive(Debug, Clone)]
pub(crate) struct GaveUp {
    /// The id that was wanted, 0 to 7.
    #[pyo3(get)]
    id: Id,
    /// Why.
    #[pyo3(get)]
    reason: GaveUpReason,
    /// How many labels were sent, those included whose transfer failed.
    ///
    /// If it is not 0, somebody may hold the id now: who was in view then. To enroll the same id again
    /// overwrites it.
    #[pyo3(get)]
    labels_sent: Whole<u8>,
}

impl TryFrom<driver::GaveUp> for GaveUp {
    type Error = PyErr;

    fn try_from(gave_up: driver::GaveUp) -> PyResult<GaveUp> {
        Ok(GaveUp {
            id: Id(gave_up.id),
            reason: gave_up.reason.try_into()?,
            labels_sent: Whole(gave_up.labels_sent),
        })
    }
}

value!(GaveUp ["id", "reason", "labels_sent"] {
    #[new]
    fn new(id: Id, reason: GaveUpReason, labels_sent: Whole<u8>) -> GaveUp {
        GaveUp { id, reason, labels_sent }
    }

    fn __str__(&self) -> PyResult<String> {
        // Only the driver can make one, and it reads what it writes.
        let reason = driver::GaveUpReason::from(&self.reason);
        let plain = serde_json::json!({
            "id": self.id.0.get(), "reason": reason, "labels_sent": self.labels_sent.0,
        });
        let gave_up: Result<driver::GaveUp, _> = serde_json::from_value(plain);
        gave_up.map(|gave_up| gave_up.to_string()).map_err(|error| unknown(&error))
    }
});
