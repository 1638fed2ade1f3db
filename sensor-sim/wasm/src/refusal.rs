//! Why a call was refused: a code for programs, a text for people.

/// The codes of refused calls. A function that succeeds answers 0 or more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(i8)]
pub enum Code {
    /// There is no sensor of this handle, or no longer.
    Handle = -1,
    /// There is no scenario of this name or number.
    NoScenario = -2,
    /// The text is no scenario file.
    Scenario = -3,
    /// The bytes are not UTF-8.
    Text = -4,
    /// A number is outside of its range.
    Range = -5,
    /// The buffer is not as long as that.
    Length = -6,
    /// It can only be done to a sensor for which no time has passed.
    TooLate = -7,
    /// There are as many sensors as there can be.
    TooMany = -8,
    /// There is no open question of this name, or it has no such answer.
    Assumption = -9,
    /// The module is used by a call that has not ended.
    Busy = -10,
}

/// Why a call was refused.
#[derive(Debug)]
pub(crate) struct Refusal {
    pub(crate) code: Code,
    pub(crate) text: String,
}

impl Refusal {
    pub(crate) fn new(code: Code, text: impl Into<String>) -> Refusal {
        Refusal { code, text: text.into() }
    }
}
