//! stub
use pyo3::prelude::*;
#[pyclass(frozen)]
#[derive(Clone, Copy)]
pub(crate) struct Faces(pub(crate) mlsensor::Faces);
impl From<mlsensor::Faces> for Faces {
    fn from(f: mlsensor::Faces) -> Self {
        Faces(f)
    }
}
#[pymethods]
impl Faces {
    #[getter]
    fn count(&self) -> usize {
        self.0.count()
    }
}
#[pyclass(frozen)]
#[derive(Clone, Copy)]
pub(crate) struct Config(pub(crate) mlsensor::Config);
impl From<Config> for mlsensor::Config {
    fn from(c: Config) -> Self {
        c.0
    }
}
