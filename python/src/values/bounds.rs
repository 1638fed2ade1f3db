//! Where a face is.

use pyo3::prelude::*;
use pyo3::types::PyType;

use super::plain;
use super::whole::{Whole, refused};

const LIKELY: &str = "view units are 0 to 255, left is never beyond right, and top never beyond bottom";

/// Where a face is: four edges in view units, 0 to 255 over the field of view, origin top left.
///
/// The picture is not mirrored: 0 is the sensor's left, which is the right-hand side of a person who faces it.
///
/// Threads: a frozen value, which any thread may use.
#[pyclass(module = "mlsensor", frozen, eq, hash, from_py_object)]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Bounds(pub(crate) mlsensor::Bounds);

impl From<mlsensor::Bounds> for Bounds {
    fn from(bounds: mlsensor::Bounds) -> Self {
        Bounds(bounds)
    }
}

impl From<Bounds> for mlsensor::Bounds {
    fn from(value: Bounds) -> Self {
        value.0
    }
}

pub(super) fn repr(bounds: mlsensor::Bounds) -> String {
    let (left, top, right, bottom) = (bounds.left(), bounds.top(), bounds.right(), bounds.bottom());
    format!("Bounds(left={left}, top={top}, right={right}, bottom={bottom})")
}

#[pymethods]
impl Bounds {
    #[new]
    fn new(left: Whole, top: Whole, right: Whole, bottom: Whole) -> PyResult<Self> {
        let edge = |what, edge: Whole| edge.within::<u8>(what, 0, 255, LIKELY);
        let (left, top) = (edge("left", left)?, edge("top", top)?);
        let (right, bottom) = (edge("right", right)?, edge("bottom", bottom)?);
        let bounds = mlsensor::Bounds::new(left, top, right, bottom);
        bounds.map(Bounds).map_err(|error| refused(error, LIKELY))
    }

    #[classattr]
    fn __match_args__() -> (&'static str, &'static str, &'static str, &'static str) {
        ("left", "top", "right", "bottom")
    }

    /// The left edge, 0 to 255 view units from the left of the picture.
    #[getter]
    fn left(&self) -> u8 {
        self.0.left()
    }

    /// The upper edge, 0 to 255 view units from the top of the picture.
    #[getter]
    fn top(&self) -> u8 {
        self.0.top()
    }

    /// The right edge, 0 to 255 view units from the left of the picture; never less than `left`.
    #[getter]
    fn right(&self) -> u8 {
        self.0.right()
    }

    /// The lower edge, 0 to 255 view units from the top of the picture; never less than `top`.
    #[getter]
    fn bottom(&self) -> u8 {
        self.0.bottom()
    }

    /// `right - left`, 0 to 255 view units.
    #[getter]
    fn width(&self) -> u8 {
        self.0.width()
    }

    /// `bottom - top`, 0 to 255 view units. What is square in the world has width : height = 3 : 4 here.
    #[getter]
    fn height(&self) -> u8 {
        self.0.height()
    }

    /// The middle, `(x, y)` in view units, rounded toward the top left.
    #[getter]
    fn center(&self) -> (u8, u8) {
        self.0.center()
    }

    /// Width times height, 0 to 65025 square view units.
    #[getter]
    fn area(&self) -> u16 {
        self.0.area()
    }

    /// The direction of the middle in degrees: -55.0 (the sensor's left) to 55.0 (its right).
    ///
    /// It assumes an equidistant lens; were the lens rectilinear, the true bearing would be up to 8 degrees larger.
    #[getter]
    fn bearing_deg(&self) -> f64 {
        f64::from(self.0.bearing_millideg()) / 1000.0
    }

    /// The height of the middle over the lens axis in degrees: -41.25 (below) to 41.25 (above).
    #[getter]
    fn elevation_deg(&self) -> f64 {
        f64::from(self.0.elevation_millideg()) / 1000.0
    }

    /// How far away the face is, in metres, from its width alone, which is rough; None if it has no width.
    ///
    /// 0.078 to 20.0. A face that is turned or partly out of view seems further away.
    #[getter]
    fn distance_m(&self) -> Option<f64> {
        self.0.distance_mm().map(|distance| f64::from(distance) / 1000.0)
    }

    /// The four edges as a dictionary that `json` can write, as the command prints them.
    fn as_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        plain(py, &self.0)
    }

    fn __repr__(&self) -> String {
        repr(self.0)
    }

    fn __str__(&self) -> String {
        self.0.to_string()
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> (Bound<'py, PyType>, (u8, u8, u8, u8)) {
        let edges = (self.0.left(), self.0.top(), self.0.right(), self.0.bottom());
        (py.get_type::<Bounds>(), edges)
    }
}
