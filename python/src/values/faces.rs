//! The faces of one packet: a sequence.

use mlsensor::person_sensor::MAX_FACES;
use pyo3::exceptions::{PyIndexError, PyTypeError};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyIterator, PySlice, PyTuple, PyType};

use super::buffer::Buffer;
use super::whole::{Whole, refused};
use super::{Face, face, picture, plain};
use crate::errors;

const LIKELY: &str = "the sensor reports up to 4 faces a packet";

/// The 0 to 4 faces of one packet: a sequence, as a tuple is.
///
/// Nothing should depend on their order: ask for the `largest`, the `most_confident` or the one `nearest_to` a direction.
///
/// Threads: a frozen value, which any thread may use.
#[pyclass(module = "mlsensor", frozen, eq, hash, from_py_object, sequence)]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Faces(pub(crate) mlsensor::Faces);

impl From<mlsensor::Faces> for Faces {
    fn from(faces: mlsensor::Faces) -> Self {
        Faces(faces)
    }
}

impl From<Faces> for mlsensor::Faces {
    fn from(value: Faces) -> Self {
        value.0
    }
}

impl Faces {
    fn gathered(faces: impl IntoIterator<Item = mlsensor::Face>) -> PyResult<Self> {
        let mut gathered = mlsensor::Faces::EMPTY;
        for face in faces {
            gathered = gathered.with(face).map_err(|error| refused(error, LIKELY))?;
        }
        Ok(Faces(gathered))
    }

    fn tuple<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.0.as_slice().iter().map(|face| Face(*face)))
    }
}

/// What an index gives: a face, or of a slice the faces.
#[derive(IntoPyObject)]
enum Part {
    One(Face),
    Several(Faces),
}

#[pymethods]
impl Faces {
    #[new]
    #[pyo3(signature = (faces = None), text_signature = "(faces=())")]
    fn new(faces: Option<&Bound<'_, PyAny>>) -> PyResult<Self> {
        let Some(faces) = faces else { return Ok(Faces(mlsensor::Faces::EMPTY)) };
        let mut given = Vec::with_capacity(MAX_FACES);
        // One more than there may be: an iterator may have no end.
        for face in faces.try_iter()?.take(MAX_FACES + 1) {
            let face = face?;
            let Ok(face) = face.extract::<Face>() else {
                return Err(PyTypeError::new_err(format!(
                    "a Face is wanted, not {}",
                    face.get_type().name()?
                )));
            };
            given.push(face.0);
        }
        Faces::gathered(given)
    }

    /// The faces that the 39 bytes of a packet say: `bytes`, `bytearray`, `memoryview`, or another buffer.
    ///
    /// The packet is checked as one from the bus is: each packet gives faces or a `PacketError`, which names
    /// the first `rule` that is broken, the `place` of the field that breaks it (the offset of its first
    /// byte) and the `value` that stands there:
    ///
    /// ============================  =======================================  ==========================
    /// rule                          place                                    value
    /// ============================  =======================================  ==========================
    /// ``"length 39"``               the first byte that is missing or one    the length
    ///                               too many: 0 to 38, or 39
    /// ``"not all 0xFF"``            0                                        65535: nothing drives the bus
    /// ``"not all zero"``            0                                        0: the data line is stuck
    /// ``"checksum"``                37                                       what stands there, 16 bits
    /// ``"data length 33"``          2                                        what stands there, 16 bits
    /// ``"number of faces <= 4"``    4                                        the number
    /// ``"confidence <= 100"``       5 + 8 x slot                             the confidence
    /// ``"left <= right"``           6 + 8 x slot                             the left edge
    /// ``"top <= bottom"``           7 + 8 x slot                             the top edge
    /// ``"is facing 0 or 1"``        12 + 8 x slot                            the flag
    /// ============================  =======================================  ==========================
    ///
    /// Errors: `PacketError`; `TypeError` for what has no buffer.
    #[staticmethod]
    fn from_bytes(buffer: Buffer<'_>) -> PyResult<Self> {
        mlsensor::Faces::parse(buffer.packet()?).map(Faces).map_err(errors::packet)
    }

    /// The number of faces, 0 to 4.
    #[getter]
    fn count(&self) -> usize {
        self.0.count()
    }

    /// Whether the sensor saw nobody.
    #[getter]
    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The faces that face the sensor.
    #[getter]
    fn facing(&self) -> PyResult<Faces> {
        Faces::gathered(self.0.facing().copied())
    }

    /// The face with the greatest area, most likely the nearest person; None if there is nobody.
    #[getter]
    fn largest(&self) -> Option<Face> {
        self.0.largest().copied().map(Face)
    }

    /// The face that the sensor is surest of; None if there is nobody.
    #[getter]
    fn most_confident(&self) -> Option<Face> {
        self.0.most_confident().copied().map(Face)
    }

    /// The face whose direction is nearest to this one, in degrees; None if there is nobody.
    fn nearest_to(&self, bearing_deg: f64) -> PyResult<Option<Face>> {
        if !bearing_deg.is_finite() {
            return Err(errors::config(
                &format!("{bearing_deg} is no bearing"),
                "a division by zero, or a reading that failed",
            ));
        }
        // Saturates, where every face is as far away as can be told.
        let wanted = (bearing_deg * 1000.0).round() as i32;
        Ok(self.0.nearest_to_millideg(wanted).copied().map(Face))
    }

    /// Where this face is in the sequence: ValueError if it is not in it.
    #[pyo3(signature = (value, start = None, stop = None), text_signature = "($self, value, start=0, stop=None)")]
    fn index<'py>(
        &self,
        value: &Bound<'py, PyAny>,
        start: Option<&Bound<'py, PyAny>>,
        stop: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let tuple = self.tuple(value.py())?;
        match (start, stop) {
            (None, None) => tuple.call_method1("index", (value,)),
            (Some(start), None) => tuple.call_method1("index", (value, start)),
            (None, Some(stop)) => tuple.call_method1("index", (value, 0, stop)),
            (Some(start), Some(stop)) => tuple.call_method1("index", (value, start, stop)),
        }
    }

    /// The faces as a dictionary that `json` can write; each as the command prints it.
    fn as_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let dict = PyDict::new(py);
        dict.set_item("faces", plain(py, &self.0)?)?;
        Ok(dict)
    }

    fn __bytes__<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, &self.0.emit())
    }

    fn __len__(&self) -> usize {
        self.0.count()
    }

    fn __getitem__(&self, index: &Bound<'_, PyAny>) -> PyResult<Part> {
        let faces = self.0.as_slice();
        if let Ok(slice) = index.cast::<PySlice>() {
            let slice = slice.indices(faces.len() as isize)?;
            let places = (0..slice.slicelength).map(|step| slice.start + step as isize * slice.step);
            let chosen = places.filter_map(|place| faces.get(usize::try_from(place).ok()?).copied());
            return Faces::gathered(chosen).map(Part::Several);
        }
        let found = match index.extract::<Whole>()? {
            Whole::Fits(place) if place < 0 => place.checked_add(faces.len() as i64),
            Whole::Fits(place) => Some(place),
            Whole::Beyond(_) => None,
        };
        let face = found.and_then(|place| faces.get(usize::try_from(place).ok()?));
        face.map(|face| Part::One(Face(*face))).ok_or_else(|| PyIndexError::new_err("there is no such face"))
    }

    fn __contains__(&self, face: &Bound<'_, PyAny>) -> PyResult<bool> {
        self.tuple(face.py())?.contains(face)
    }

    fn __iter__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyIterator>> {
        self.tuple(py)?.try_iter()
    }

    fn __reversed__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyIterator>> {
        PyTuple::new(py, self.0.as_slice().iter().rev().map(|face| Face(*face)))?.try_iter()
    }

    fn __repr__(&self) -> String {
        let faces: Vec<String> = self.0.iter().map(face::repr).collect();
        if faces.is_empty() { "Faces()".to_owned() } else { format!("Faces([{}])", faces.join(", ")) }
    }

    fn __str__(&self) -> String {
        self.0.to_string()
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyType>, (Bound<'py, PyTuple>,))> {
        Ok((py.get_type::<Faces>(), (self.tuple(py)?,)))
    }

    /// The field of view with the faces in it, for a notebook.
    fn _repr_svg_(&self) -> String {
        picture::svg(&self.0)
    }
}
