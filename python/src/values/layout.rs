//! The packet as a table, and what is odd about a packet.

use mlsensor::person_sensor::{self, LAYOUT};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple, PyType};

use super::buffer::Buffer;
use super::whole::Whole;
use crate::errors;

/// One field of the packet: a row of `LAYOUT`.
///
/// Threads: a frozen value, which any thread may use.
#[pyclass(module = "mlsensor", frozen, eq, hash, from_py_object)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Field(person_sensor::Field);

/// By its place: no two fields have the same.
impl std::hash::Hash for Field {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.0.offset.hash(state);
    }
}

impl Field {
    fn text(&self) -> String {
        let name = self.0.name;
        match self.0.face {
            Some(face) => format!("Field('{name}', face={face})"),
            None => format!("Field('{name}')"),
        }
    }

    /// The least and the greatest number that its bytes can hold.
    const fn holds(&self) -> (i64, i64) {
        match (self.0.width, self.0.signed) {
            (2, _) => (0, 0xFFFF),
            (_, true) => (-128, 127),
            (_, false) => (0, 255),
        }
    }
}

#[pymethods]
impl Field {
    #[new]
    #[pyo3(signature = (name, face = None))]
    fn new(name: &str, face: Option<Whole>) -> PyResult<Self> {
        let likely =
            "mlsensor.LAYOUT lists the fields; those of a face record need its slot, face=0 to face=3";
        let last = person_sensor::MAX_FACES as i64 - 1;
        let face = face.map(|face| face.within::<u8>("face", 0, last, likely)).transpose()?;
        let found = LAYOUT.iter().find(|field| field.name == name && field.face == face);
        found.map(|field| Field(*field)).ok_or_else(|| {
            let whose = face.map_or_else(|| "of its own".to_owned(), |face| format!("of face {face}"));
            errors::config(&format!("a packet has no field '{name}' {whose}"), likely)
        })
    }

    #[classattr]
    fn __match_args__() -> (&'static str, &'static str) {
        ("name", "face")
    }

    /// The field's name, the same for each face.
    #[getter]
    fn name(&self) -> &'static str {
        self.0.name
    }

    /// The face slot it belongs to, 0 to 3; None for the packet's own fields.
    #[getter]
    fn face(&self) -> Option<u8> {
        self.0.face
    }

    /// Its first byte, counted from 0.
    #[getter]
    fn offset(&self) -> usize {
        self.0.offset
    }

    /// Its width in bytes, 1 or 2; two bytes are little-endian.
    #[getter]
    fn width(&self) -> usize {
        self.0.width
    }

    /// Whether a single byte is read as signed, -128 to 127.
    #[getter]
    fn signed(&self) -> bool {
        self.0.signed
    }

    /// The least documented value.
    #[getter]
    fn min(&self) -> i32 {
        self.0.min
    }

    /// The greatest documented value.
    #[getter]
    fn max(&self) -> i32 {
        self.0.max
    }

    /// Whether a packet with another value is refused. If not, such a value is an `Oddity`.
    #[getter]
    fn enforced(&self) -> bool {
        self.0.enforced
    }

    /// The greatest number of bits that its documented values can carry.
    #[getter]
    fn documented_bits(&self) -> u8 {
        self.0.documented_bits
    }

    /// The greatest number of bits that it can carry in a packet that is accepted.
    #[getter]
    fn accepted_bits(&self) -> u8 {
        self.0.accepted_bits
    }

    /// What it means, and in which unit.
    #[getter]
    fn meaning(&self) -> &'static str {
        self.0.meaning
    }

    /// What the packet says in this field; nothing is checked but its length.
    fn value(&self, packet: Buffer<'_>) -> PyResult<i32> {
        Ok(self.0.value(packet.packet()?))
    }

    /// Whether this is a documented value of this field.
    fn documents(&self, value: Whole) -> bool {
        let Whole::Fits(value) = value else { return false };
        i32::try_from(value).is_ok_and(|value| self.0.documents(value))
    }

    /// The row as a dictionary that `json` can write.
    fn as_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let dict = PyDict::new(py);
        dict.set_item("name", self.0.name)?;
        dict.set_item("face", self.0.face)?;
        dict.set_item("offset", self.0.offset)?;
        dict.set_item("width", self.0.width)?;
        dict.set_item("signed", self.0.signed)?;
        dict.set_item("min", self.0.min)?;
        dict.set_item("max", self.0.max)?;
        dict.set_item("enforced", self.0.enforced)?;
        dict.set_item("documented_bits", self.0.documented_bits)?;
        dict.set_item("accepted_bits", self.0.accepted_bits)?;
        dict.set_item("meaning", self.0.meaning)?;
        Ok(dict)
    }

    fn __repr__(&self) -> String {
        self.text()
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> (Bound<'py, PyType>, (&'static str, Option<u8>)) {
        (py.get_type::<Field>(), (self.0.name, self.0.face))
    }
}

/// A value that no document speaks of, in a place where it does no harm.
///
/// Threads: a frozen value, which any thread may use.
#[pyclass(module = "mlsensor", frozen, eq, hash, get_all)]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Oddity {
    /// The field.
    field: Field,
    /// What it says.
    value: i32,
    /// Whether the field belongs to a slot that holds no face, and should be zero for that reason.
    in_unused_slot: bool,
}

#[pymethods]
impl Oddity {
    #[new]
    #[pyo3(signature = (field, value, in_unused_slot = false))]
    fn new(field: Field, value: Whole, in_unused_slot: bool) -> PyResult<Self> {
        let (min, max) = field.holds();
        let value = value.within("value", min, max, "a field has one byte or two, signed or not")?;
        Ok(Oddity { field, value, in_unused_slot })
    }

    #[classattr]
    fn __match_args__() -> (&'static str, &'static str, &'static str) {
        ("field", "value", "in_unused_slot")
    }

    /// The oddity as a dictionary that `json` can write, the field with all its columns.
    fn as_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let dict = PyDict::new(py);
        dict.set_item("field", self.field.as_dict(py)?)?;
        dict.set_item("value", self.value)?;
        dict.set_item("in_unused_slot", self.in_unused_slot)?;
        Ok(dict)
    }

    fn __repr__(&self) -> String {
        let in_unused_slot = if self.in_unused_slot { "True" } else { "False" };
        format!("Oddity({}, value={}, in_unused_slot={in_unused_slot})", self.field.text(), self.value)
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> (Bound<'py, PyType>, (Field, i32, bool)) {
        (py.get_type::<Oddity>(), (self.field, self.value, self.in_unused_slot))
    }
}

/// How much one packet can say, in bits, as an upper bound.
///
/// Threads: a frozen value, which any thread may use.
#[pyclass(module = "mlsensor", frozen, eq, hash, get_all)]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct PacketBits {
    /// With the documented values of every field. A packet that says more shows up in `oddities`.
    documented: u16,
    /// With all that a packet may hold and be accepted: reserved bytes too, and slots that hold no face.
    accepted: u16,
}

#[pymethods]
impl PacketBits {
    #[new]
    fn new(documented: Whole, accepted: Whole) -> PyResult<Self> {
        let most = 8 * person_sensor::PACKET_LEN as i64;
        let bits = |what, bits: Whole| bits.within(what, 0, most, "a packet has 39 bytes");
        Ok(PacketBits { documented: bits("documented", documented)?, accepted: bits("accepted", accepted)? })
    }

    #[classattr]
    fn __match_args__() -> (&'static str, &'static str) {
        ("documented", "accepted")
    }

    /// Both as a dictionary that `json` can write.
    fn as_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let dict = PyDict::new(py);
        dict.set_item("documented", self.documented)?;
        dict.set_item("accepted", self.accepted)?;
        Ok(dict)
    }

    fn __repr__(&self) -> String {
        format!("PacketBits(documented={}, accepted={})", self.documented, self.accepted)
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> (Bound<'py, PyType>, (u16, u16)) {
        (py.get_type::<PacketBits>(), (self.documented, self.accepted))
    }
}

/// The most that one packet can say: the sum of what its fields can.
#[pyfunction]
pub(crate) fn bits_per_packet() -> PacketBits {
    let bits = person_sensor::bits_per_packet();
    PacketBits { documented: bits.documented, accepted: bits.accepted }
}

/// What is odd about a packet: bytes in reserved places and in unused slots, and undocumented values.
#[pyfunction]
pub(crate) fn oddities(packet: Buffer<'_>) -> PyResult<Vec<Oddity>> {
    let found = person_sensor::oddities(packet.packet()?);
    Ok(found
        .map(|oddity| Oddity {
            field: Field(oddity.field),
            value: oddity.value,
            in_unused_slot: oddity.in_unused_slot,
        })
        .collect())
}

/// The checksum of a packet, of bytes of any length.
#[pyfunction]
pub(crate) fn crc16_mcrf4xx(buffer: Buffer<'_>) -> u16 {
    mlsensor::crc16_mcrf4xx(buffer.as_bytes())
}

/// The rows of `LAYOUT`.
pub(crate) fn layout(py: Python<'_>) -> PyResult<Bound<'_, PyTuple>> {
    PyTuple::new(py, LAYOUT.iter().map(|field| Field(*field)))
}
