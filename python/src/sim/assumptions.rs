//! What nobody has established about the sensor, as keyword arguments: the table is the simulator's.

use std::hash::{Hash, Hasher};

use mlsensor_sim::{Answer, Assumptions, Choice, Question};
use pyo3::IntoPyObjectExt;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};

use super::fields::{self, Fields};
use crate::errors;
use crate::time::{Seconds, seconds};
use crate::values::Whole;

/// How a simulated sensor answers every open question; what is not said is answered as is likeliest.
///
/// A program that must work on real sensors should pass its tests under all of ``Assumptions.alternatives()``.
///
/// Threads: a frozen value, which any thread may use.
#[pyclass(frozen, eq, hash, from_py_object, name = "Assumptions", module = "mlsensor.sim")]
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PyAssumptions(pub(super) Assumptions);

impl Hash for PyAssumptions {
    fn hash<H: Hasher>(&self, state: &mut H) {
        format!("{:?}", self.0).hash(state);
    }
}

/// The name of a member in Python: `AtFirstByte` is `AT_FIRST_BYTE`.
fn member_name(variant: &str) -> String {
    let mut name = String::new();
    for letter in variant.chars() {
        if letter.is_uppercase() && !name.is_empty() {
            name.push('_');
        }
        name.extend(letter.to_uppercase());
    }
    name
}

fn class_of<'py>(py: Python<'py>, choice: &Choice) -> PyResult<Bound<'py, PyAny>> {
    py.import("mlsensor._answers")?.getattr(choice.of)
}

fn to_python<'py>(py: Python<'py>, answer: Answer) -> PyResult<Bound<'py, PyAny>> {
    match answer {
        Answer::YesOrNo(yes) => yes.into_bound_py_any(py),
        Answer::Time(time) => seconds(time).into_bound_py_any(py),
        Answer::Number(number) => number.into_bound_py_any(py),
        Answer::OneOf(choice) => class_of(py, &choice)?.getattr(member_name(choice.name())),
        _ => Err(PyTypeError::new_err("an answer of a kind that is not known here")),
    }
}

/// An answer of the same kind as this one.
fn from_python(like: Answer, value: &Bound<'_, PyAny>) -> PyResult<Answer> {
    match like {
        Answer::YesOrNo(_) => value.extract().map(Answer::YesOrNo),
        Answer::Time(_) => value.extract().map(|Seconds(time): Seconds| Answer::Time(time)),
        Answer::Number(_) => {
            let number: Whole = value.extract()?;
            number.within("number", 0, u32::MAX.into(), "it is a whole number").map(Answer::Number)
        }
        Answer::OneOf(choice) => {
            let class = class_of(value.py(), &choice)?;
            if !value.is_instance(&class)? {
                let given = value.get_type().name()?;
                let wanted = choice.of;
                return Err(PyTypeError::new_err(format!(
                    "a member of mlsensor.sim.{wanted} is wanted, not {given}"
                )));
            }
            let name: String = value.getattr("name")?.extract()?;
            let index = choice.names.iter().position(|variant| member_name(variant) == name);
            let index = index.ok_or_else(|| {
                let what = format!("{}.{name} is not known here", choice.of);
                errors::config(&what, "the package and its native module differ")
            })?;
            let named = choice.names.get(index).and_then(|name| choice.named(name));
            Ok(Answer::OneOf(named.unwrap_or(choice)))
        }
        _ => Err(PyTypeError::new_err("an answer of a kind that is not known here")),
    }
}

impl Fields for PyAssumptions {
    const CLASS: &'static str = "Assumptions";

    fn names() -> Vec<&'static str> {
        Assumptions::QUESTIONS.iter().map(|question| question.field).collect()
    }

    fn about(name: &'static str) -> String {
        let question = Assumptions::QUESTIONS.iter().find(|question| question.field == name);
        question.map(|Question { text, source, .. }| format!("{text} Source: {source}.")).unwrap_or_default()
    }

    fn value<'py>(&self, py: Python<'py>, name: &'static str) -> PyResult<Bound<'py, PyAny>> {
        self.0.get(name).map_or_else(|| Ok(py.None().into_bound(py)), |answer| to_python(py, answer))
    }

    fn change(&mut self, name: &'static str, value: &Bound<'_, PyAny>) -> PyResult<()> {
        let Some(now) = self.0.get(name) else { return Ok(()) };
        let answer = from_python(now, value).map_err(|error| {
            if !error.is_instance_of::<PyTypeError>(value.py()) {
                return error;
            }
            let wanted = match now {
                Answer::YesOrNo(_) => "True or False".to_owned(),
                Answer::Time(_) => "a number of seconds".to_owned(),
                Answer::OneOf(choice) => format!("a member of mlsensor.sim.{}", choice.of),
                _ => "a whole number that is not below 0".to_owned(),
            };
            PyTypeError::new_err(format!("{name}: {wanted} is wanted"))
        })?;
        self.0.set(name, answer);
        Ok(())
    }
}

#[pymethods]
impl PyAssumptions {
    /// Every open question, in the order of the fields.
    #[classattr]
    #[pyo3(name = "QUESTIONS")]
    fn questions(py: Python<'_>) -> PyResult<Py<PyTuple>> {
        Ok(PyTuple::new(py, (0..Assumptions::QUESTIONS.len()).map(PyQuestion))?.unbind())
    }

    #[new]
    #[pyo3(signature = (**answers))]
    fn new(answers: Option<&Bound<'_, PyDict>>) -> PyResult<PyAssumptions> {
        PyAssumptions(Assumptions::default()).replace(answers)
    }

    /// The default answers but for one question, for every question and every other answer to it: each with its question.
    #[staticmethod]
    fn alternatives() -> Vec<(PyQuestion, PyAssumptions)> {
        let index = |question: &Question| Assumptions::QUESTIONS.iter().position(|other| other == question);
        Assumptions::alternatives()
            .filter_map(|(question, assumptions)| {
                Some((PyQuestion(index(question)?), PyAssumptions(assumptions)))
            })
            .collect()
    }

    /// The same answers, but for these.
    #[pyo3(signature = (**changes))]
    fn replace(&self, changes: Option<&Bound<'_, PyDict>>) -> PyResult<PyAssumptions> {
        let mut assumptions = self.clone();
        fields::change_all(&mut assumptions, changes)?;
        Ok(assumptions)
    }

    /// As `replace`, for `copy.replace` (Python 3.13).
    #[pyo3(signature = (**changes))]
    fn __replace__(&self, changes: Option<&Bound<'_, PyDict>>) -> PyResult<PyAssumptions> {
        self.replace(changes)
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        fields::shown(py, self, &PyAssumptions(Assumptions::default()))
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyTuple>)> {
        fields::reduced(py, self, &PyAssumptions(Assumptions::default()))
    }
}

/// A question about the sensor that is open.
///
/// Threads: a frozen value, which any thread may use.
#[pyclass(frozen, eq, hash, name = "Question", module = "mlsensor.sim")]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct PyQuestion(usize);

impl PyQuestion {
    fn question(self) -> Option<&'static Question> {
        Assumptions::QUESTIONS.get(self.0)
    }

    fn text_of(self, of: impl FnOnce(&Question) -> &'static str) -> &'static str {
        self.question().map_or("", of)
    }
}

#[pymethods]
impl PyQuestion {
    /// The field of `Assumptions` that answers it.
    #[getter]
    fn field(&self) -> &'static str {
        self.text_of(|question| question.field)
    }

    /// What nobody has established.
    #[getter]
    fn text(&self) -> &'static str {
        self.text_of(|question| question.text)
    }

    /// Where the default comes from.
    #[getter]
    fn source(&self) -> &'static str {
        self.text_of(|question| question.source)
    }

    /// The answer that the simulator gives unless told otherwise.
    #[getter]
    fn default<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        PyAssumptions(Assumptions::default()).value(py, self.field())
    }

    /// The other answers that tests should hold under.
    #[getter]
    fn others<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let of_this = Assumptions::alternatives().filter(|(question, _)| Some(*question) == self.question());
        let answers: PyResult<Vec<_>> =
            of_this.map(|(_, assumptions)| PyAssumptions(assumptions).value(py, self.field())).collect();
        PyTuple::new(py, answers?)
    }

    fn __repr__(&self) -> String {
        format!("<Question {}: {}>", self.field(), self.text())
    }
}
