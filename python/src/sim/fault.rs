//! What can go wrong on the way from a sensor to a program.

use mlsensor_sim::{Fault, FaultCounts, FaultKind, LookalikeKind, Nonsense};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};

use crate::enums::{Member, python_enum};
use crate::errors;
use crate::values::Whole;

python_enum!(FaultKind: FaultKind {
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

python_enum!(LookalikeKind: LookalikeKind {
    CO2_SENSOR = Co2Sensor,
    HAND_FIRMWARE = HandFirmware,
    ANSWERS_ALL = AnswersAll,
    OTHER_PART = OtherPart,
});

/// One fault on the way from a sensor to a program. A parameter out of its range raises ConfigError.
///
/// Threads: a frozen value, which any thread may use.
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

/// A parameter of a fault, whose range is that of a byte or narrower.
fn byte(what: &str, number: Whole) -> PyResult<u8> {
    number.within(what, 0, 255, "help(mlsensor.sim.Fault) names the range of each")
}

fn member_name(kind: LookalikeKind) -> &'static str {
    let mut members = <LookalikeKind as crate::enums::PythonEnum>::MEMBERS.iter();
    members.find(|(_, value)| *value == kind).map_or("", |(name, _)| name)
}

#[pymethods]
impl PyFault {
    /// The address is not acknowledged; the sensor sees nothing of the transaction.
    #[staticmethod]
    const fn nack() -> PyFault {
        PyFault(Fault::NackAddress)
    }

    /// The first written byte arrives, the second is not acknowledged. Where nothing is written it is a `nack`.
    #[staticmethod]
    const fn nack_data() -> PyFault {
        PyFault(Fault::NackData)
    }

    /// Another controller wins the bus.
    #[staticmethod]
    const fn arbitration_loss() -> PyFault {
        PyFault(Fault::ArbitrationLoss)
    }

    /// A START or STOP in the wrong place.
    #[staticmethod]
    const fn bus_error() -> PyFault {
        PyFault(Fault::BusError)
    }

    /// The sensor stretches the clock beyond the host's time-out.
    #[staticmethod]
    const fn stretch_timeout() -> PyFault {
        PyFault(Fault::StretchTimeout)
    }

    /// Every byte reads 0xFF: nothing drives the bus.
    #[staticmethod]
    const fn all_ones() -> PyFault {
        PyFault(Fault::AllOnes)
    }

    /// Every byte reads 0x00: the data line is held low.
    #[staticmethod]
    const fn all_zero() -> PyFault {
        PyFault(Fault::AllZero)
    }

    /// So many bits, 1 to 3, are read the wrong way round, anywhere.
    #[staticmethod]
    fn bit_flips(bits: Whole) -> PyResult<PyFault> {
        PyFault::checked(Fault::BitFlips(byte("bits", bits)?))
    }

    /// A burst of this many bits, 1 to 16, somewhere: its first and last bit are wrong, those between may be.
    #[staticmethod]
    fn burst(bits: Whole) -> PyResult<PyFault> {
        PyFault::checked(Fault::Burst(byte("bits", bits)?))
    }

    /// From this byte on, 0 to 38, everything reads 0xFF: the sensor let go of the bus.
    #[staticmethod]
    fn tail(first: Whole) -> PyResult<PyFault> {
        PyFault::checked(Fault::Tail(byte("first", first)?))
    }

    /// A clock pulse too many: every bit is read one place early, and the last as 1.
    #[staticmethod]
    const fn slip() -> PyFault {
        PyFault(Fault::Slip)
    }

    /// Before this byte, 1 to 38, the bytes are those of the read before: two results mixed.
    #[staticmethod]
    fn torn(until: Whole) -> PyResult<PyFault> {
        PyFault::checked(Fault::Torn(byte("until", until)?))
    }

    /// So many reads, 1 to 255, give the bytes of the read before.
    #[staticmethod]
    fn frozen(reads: Whole) -> PyResult<PyFault> {
        PyFault::checked(Fault::Frozen(byte("reads", reads)?))
    }

    /// So many transactions, 1 to 255, are not acknowledged: the sensor was unplugged and comes back.
    #[staticmethod]
    fn gone(transactions: Whole) -> PyResult<PyFault> {
        PyFault::checked(Fault::Gone(byte("transactions", transactions)?))
    }

    /// The sensor is back in its power-on settings, as after a restart that nobody saw.
    #[staticmethod]
    const fn reset() -> PyFault {
        PyFault(Fault::Reset)
    }

    /// The packet has this many faces, 5 to 255, under a checksum that is right.
    #[staticmethod]
    fn face_count(count: Whole) -> PyResult<PyFault> {
        PyFault::checked(Fault::Nonsense(Nonsense::FaceCount(byte("count", count)?)))
    }

    /// The packet has another data length than 33, 0 to 65535, under a checksum that is right.
    #[staticmethod]
    fn data_length(length: Whole) -> PyResult<PyFault> {
        let length = length.within("length", 0, 0xFFFF, "it stands in two bytes of the packet")?;
        PyFault::checked(Fault::Nonsense(Nonsense::DataLength(length)))
    }

    /// The first face has this confidence, 101 to 255, under a checksum that is right.
    #[staticmethod]
    fn confidence(confidence: Whole) -> PyResult<PyFault> {
        PyFault::checked(Fault::Nonsense(Nonsense::Confidence(byte("confidence", confidence)?)))
    }

    /// The first face's left edge is to the right of the right one, under a checksum that is right.
    #[staticmethod]
    const fn left_right() -> PyFault {
        PyFault(Fault::Nonsense(Nonsense::LeftRight))
    }

    /// The first face's top edge is below the bottom one, under a checksum that is right.
    #[staticmethod]
    const fn top_bottom() -> PyFault {
        PyFault(Fault::Nonsense(Nonsense::TopBottom))
    }

    /// The first face has this is-facing flag, 2 to 255, under a checksum that is right.
    #[staticmethod]
    fn is_facing(flag: Whole) -> PyResult<PyFault> {
        PyFault::checked(Fault::Nonsense(Nonsense::IsFacing(byte("flag", flag)?)))
    }

    /// Something else answers this one read.
    #[staticmethod]
    const fn lookalike(kind: Member<LookalikeKind>) -> PyFault {
        PyFault(Fault::Lookalike(kind.0))
    }

    /// What kind of fault it is.
    #[getter]
    const fn kind(&self) -> Member<FaultKind> {
        Member(self.0.kind())
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyTuple>)> {
        let (name, parameter) = self.call();
        let maker = py.get_type::<PyFault>().getattr(name)?;
        let arguments = match self.0 {
            Fault::Lookalike(kind) => PyTuple::new(py, [Member(kind)])?,
            _ => PyTuple::new(py, parameter.parse::<u32>().ok())?,
        };
        Ok((maker, arguments))
    }

    fn __repr__(&self) -> String {
        let (name, parameter) = self.call();
        format!("Fault.{name}({parameter})")
    }
}

/// What faults have done to the transactions with the sensor's address.
///
/// Each is counted once: ``transactions`` is the sum of ``untouched``, ``without_effect`` and all of ``by_kind``.
///
/// Threads: a frozen value, which any thread may use.
#[pyclass(frozen, eq, name = "FaultCounts", module = "mlsensor.sim")]
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct PyFaultCounts(pub(super) FaultCounts);

#[pymethods]
impl PyFaultCounts {
    /// All transactions.
    #[getter]
    const fn transactions(&self) -> u64 {
        self.0.transactions
    }

    /// Transactions that no fault was meant for.
    #[getter]
    const fn untouched(&self) -> u64 {
        self.0.untouched
    }

    /// Transactions that a fault was meant for and changed nothing of.
    #[getter]
    const fn without_effect(&self) -> u64 {
        self.0.without_effect
    }

    /// Transactions in which a fault had an effect, by its kind.
    #[getter]
    fn by_kind<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let counts = PyDict::new(py);
        for (kind, count) in &self.0.by_kind {
            counts.set_item(Member(*kind), count)?;
        }
        Ok(counts)
    }

    /// In how many transactions this kind of fault had an effect.
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
