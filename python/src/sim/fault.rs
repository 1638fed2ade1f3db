//! What can go wrong on the way from a sensor to a program.

use mlsensor_sim::{Fault, FaultCounts, FaultKind, LookalikeKind, Nonsense};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::enums::{Member, python_enum};
use crate::errors;

python_enum!(FaultKind: mlsensor_sim::FaultKind {
    NACK_ADDRESS = NackAddress,
    NACK_DATA = NackData,
    ARBITRATION_LOSS = ArbitrationLoss,
    BUS_ERROR = BusError,
    STRETCH_TIMEOUT = StretchTimeout,
    ALL_ONES = AllOnes,
    ALL_ZERO = AllZero,
    BIT_FLIPS = BitFlips,
    BURST = Burst,
    TAIL = Tail,
    SLIP = Slip,
    TORN = Torn,
    FROZEN = Frozen,
    GONE = Gone,
    RESET = Reset,
    NONSENSE = Nonsense,
    LOOKALIKE = Lookalike,
});

python_enum!(LookalikeKind: mlsensor_sim::LookalikeKind {
    CO2_SENSOR = Co2Sensor,
    HAND_FIRMWARE = HandFirmware,
    ANSWERS_ALL = AnswersAll,
    OTHER_PART = OtherPart,
});

/// One fault, with its parameters.
#[pyclass(frozen, eq, hash, from_py_object, name = "Fault", module = "mlsensor.sim")]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct PyFault(pub(super) Fault);

impl PyFault {
    /// A fault whose parameter is in its range.
    fn checked(fault: Fault) -> PyResult<PyFault> {
        let nearest = fault.within_range();
        if nearest == fault {
            return Ok(PyFault(fault));
        }
        let (what, likely) = (PyFault(fault).__repr__(), PyFault(nearest).__repr__());
        Err(errors::config(&format!("there is no {what}"), &format!("the nearest that there is: {likely}")))
    }

    fn call(&self) -> (&'static str, String) {
        let number = |value: u8| value.to_string();
        match self.0 {
            Fault::NackAddress => ("nack", String::new()),
            Fault::NackData => ("nack_data", String::new()),
            Fault::ArbitrationLoss => ("arbitration_loss", String::new()),
            Fault::BusError => ("bus_error", String::new()),
            Fault::StretchTimeout => ("stretch_timeout", String::new()),
            Fault::AllOnes => ("all_ones", String::new()),
            Fault::AllZero => ("all_zero", String::new()),
            Fault::BitFlips(bits) => ("bit_flips", number(bits)),
            Fault::Burst(bits) => ("burst", number(bits)),
            Fault::Tail(from) => ("tail", number(from)),
            Fault::Slip => ("slip", String::new()),
            Fault::Torn(until) => ("torn", number(until)),
            Fault::Frozen(reads) => ("frozen", number(reads)),
            Fault::Gone(transactions) => ("gone", number(transactions)),
            Fault::Reset => ("reset", String::new()),
            Fault::Nonsense(Nonsense::FaceCount(count)) => ("face_count", number(count)),
            Fault::Nonsense(Nonsense::DataLength(length)) => ("data_length", length.to_string()),
            Fault::Nonsense(Nonsense::Confidence(confidence)) => ("confidence", number(confidence)),
            Fault::Nonsense(Nonsense::LeftRight) => ("left_right", String::new()),
            Fault::Nonsense(Nonsense::TopBottom) => ("top_bottom", String::new()),
            Fault::Nonsense(Nonsense::IsFacing(flag)) => ("is_facing", number(flag)),
            Fault::Lookalike(kind) => ("lookalike", format!("LookalikeKind.{}", member_name(kind))),
            // A fault that this module does not know yet.
            _ => ("unknown", String::new()),
        }
    }
}

fn member_name(kind: LookalikeKind) -> &'static str {
    let mut members = <LookalikeKind as crate::enums::PythonEnum>::MEMBERS.iter();
    members.find(|(_, value)| *value == kind).map_or("", |(name, _)| name)
}

#[pymethods]
impl PyFault {
    #[staticmethod]
    const fn nack() -> PyFault {
        PyFault(Fault::NackAddress)
    }

    #[staticmethod]
    const fn nack_data() -> PyFault {
        PyFault(Fault::NackData)
    }

    #[staticmethod]
    const fn arbitration_loss() -> PyFault {
        PyFault(Fault::ArbitrationLoss)
    }

    #[staticmethod]
    const fn bus_error() -> PyFault {
        PyFault(Fault::BusError)
    }

    #[staticmethod]
    const fn stretch_timeout() -> PyFault {
        PyFault(Fault::StretchTimeout)
    }

    #[staticmethod]
    const fn all_ones() -> PyFault {
        PyFault(Fault::AllOnes)
    }

    #[staticmethod]
    const fn all_zero() -> PyFault {
        PyFault(Fault::AllZero)
    }

    #[staticmethod]
    fn bit_flips(bits: u8) -> PyResult<PyFault> {
        PyFault::checked(Fault::BitFlips(bits))
    }

    #[staticmethod]
    fn burst(bits: u8) -> PyResult<PyFault> {
        PyFault::checked(Fault::Burst(bits))
    }

    #[staticmethod]
    fn tail(first: u8) -> PyResult<PyFault> {
        PyFault::checked(Fault::Tail(first))
    }

    #[staticmethod]
    const fn slip() -> PyFault {
        PyFault(Fault::Slip)
    }

    #[staticmethod]
    fn torn(until: u8) -> PyResult<PyFault> {
        PyFault::checked(Fault::Torn(until))
    }

    #[staticmethod]
    fn frozen(reads: u8) -> PyResult<PyFault> {
        PyFault::checked(Fault::Frozen(reads))
    }

    #[staticmethod]
    fn gone(transactions: u8) -> PyResult<PyFault> {
        PyFault::checked(Fault::Gone(transactions))
    }

    #[staticmethod]
    const fn reset() -> PyFault {
        PyFault(Fault::Reset)
    }

    #[staticmethod]
    fn face_count(count: u8) -> PyResult<PyFault> {
        PyFault::checked(Fault::Nonsense(Nonsense::FaceCount(count)))
    }

    #[staticmethod]
    fn data_length(length: u16) -> PyResult<PyFault> {
        PyFault::checked(Fault::Nonsense(Nonsense::DataLength(length)))
    }

    #[staticmethod]
    fn confidence(confidence: u8) -> PyResult<PyFault> {
        PyFault::checked(Fault::Nonsense(Nonsense::Confidence(confidence)))
    }

    #[staticmethod]
    const fn left_right() -> PyFault {
        PyFault(Fault::Nonsense(Nonsense::LeftRight))
    }

    #[staticmethod]
    const fn top_bottom() -> PyFault {
        PyFault(Fault::Nonsense(Nonsense::TopBottom))
    }

    #[staticmethod]
    fn is_facing(flag: u8) -> PyResult<PyFault> {
        PyFault::checked(Fault::Nonsense(Nonsense::IsFacing(flag)))
    }

    #[staticmethod]
    const fn lookalike(kind: Member<LookalikeKind>) -> PyFault {
        PyFault(Fault::Lookalike(kind.0))
    }

    #[getter]
    const fn kind(&self) -> Member<FaultKind> {
        Member(self.0.kind())
    }

    fn __repr__(&self) -> String {
        let (name, parameter) = self.call();
        format!("Fault.{name}({parameter})")
    }
}

/// What was done to the transactions of a bus.
#[pyclass(frozen, eq, name = "FaultCounts", module = "mlsensor.sim")]
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct PyFaultCounts(pub(super) FaultCounts);

#[pymethods]
impl PyFaultCounts {
    #[getter]
    const fn transactions(&self) -> u64 {
        self.0.transactions
    }

    #[getter]
    const fn untouched(&self) -> u64 {
        self.0.untouched
    }

    #[getter]
    const fn without_effect(&self) -> u64 {
        self.0.without_effect
    }

    #[getter]
    fn by_kind<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let counts = PyDict::new(py);
        for (kind, count) in &self.0.by_kind {
            counts.set_item(Member(*kind), count)?;
        }
        Ok(counts)
    }

    fn of(&self, kind: Member<FaultKind>) -> u64 {
        self.0.of(kind.0)
    }

    fn __repr__(&self) -> String {
        let FaultCounts { transactions, untouched, without_effect, .. } = self.0;
        let kinds: Vec<String> =
            self.0.by_kind.iter().map(|(kind, count)| format!("{kind:?}: {count}")).collect();
        let kinds = kinds.join(", ");
        format!(
            "<FaultCounts: {transactions} transactions, {untouched} untouched, {without_effect} without effect, {{{kinds}}}>"
        )
    }
}
