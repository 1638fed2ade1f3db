//! Bytes from whatever holds some: `bytes`, `bytearray`, `memoryview`, `array`, and all that has a buffer.

use mlsensor::Packet;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyMemoryView};

use crate::errors;

/// The bytes of a buffer. What can be changed while it is looked at is copied first.
pub(crate) struct Buffer<'py>(Bound<'py, PyBytes>);

impl<'py> FromPyObject<'_, 'py> for Buffer<'py> {
    type Error = PyErr;

    fn extract(object: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        if let Ok(bytes) = object.cast::<PyBytes>() {
            return Ok(Buffer(bytes.to_owned()));
        }
        let copy = PyMemoryView::from(&object)?.call_method0("tobytes")?;
        Ok(Buffer(copy.cast_into()?))
    }
}

impl Buffer<'_> {
    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }

    /// The bytes as a packet.
    pub(crate) fn packet(&self) -> PyResult<&Packet> {
        let bytes = self.as_bytes();
        bytes.try_into().map_err(|_| errors::packet_length(bytes.len()))
    }
}
