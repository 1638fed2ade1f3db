//! Answers to open questions as data, for tools that know the fields of [`Assumptions`](super::Assumptions) by name alone.

use core::time::Duration;

/// An answer to a [`Question`](super::Question), as data.
///
/// ```
/// use mlsensor_sim::{Answer, Assumptions};
///
/// let mut assumptions = Assumptions::default();
/// assert_eq!(assumptions.get("labels_survive"), Some(Answer::YesOrNo(true)));
/// assert!(assumptions.set("labels_survive", Answer::YesOrNo(false)));
/// assert!(!assumptions.labels_survive);
/// let Some(Answer::OneOf(latch)) = assumptions.get("latch") else { panic!() };
/// assert_eq!((latch.of, latch.name()), ("Latch", "AtFirstByte"));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Answer {
    /// Yes or no.
    YesOrNo(bool),
    /// How long.
    Time(Duration),
    /// How many.
    Number(u32),
    /// One of a few.
    OneOf(Choice),
}

/// A variant of an enumeration, by its names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Choice {
    /// The name of the enumeration.
    pub of: &'static str,
    /// The names of its variants.
    pub names: &'static [&'static str],
    /// Which one of them. What is not below their number is no answer.
    pub index: usize,
}

impl Choice {
    /// The name of the variant.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.names.get(self.index).copied().unwrap_or_default()
    }

    /// The variant of this name, of the same enumeration.
    #[must_use]
    pub fn named(self, name: &str) -> Option<Choice> {
        let index = self.names.iter().position(|known| *known == name)?;
        Some(Choice { index, ..self })
    }
}

/// The type of a field of [`Assumptions`](super::Assumptions).
pub(crate) trait IsAnswer: Sized {
    fn into_answer(self) -> Answer;
    fn from_answer(answer: Answer) -> Option<Self>;
}

macro_rules! is_answer {
    ($($type:ty: $variant:ident;)*) => {
        $(impl IsAnswer for $type {
            fn into_answer(self) -> Answer {
                Answer::$variant(self)
            }

            fn from_answer(answer: Answer) -> Option<Self> {
                if let Answer::$variant(value) = answer { Some(value) } else { None }
            }
        })*
    };
}

is_answer! {
    bool: YesOrNo;
    Duration: Time;
    u32: Number;
}

/// Makes an enumeration without fields an answer.
macro_rules! one_of {
    ($name:ident { $($variant:ident),+ }) => {
        impl crate::person_sensor::IsAnswer for $name {
            fn into_answer(self) -> crate::person_sensor::Answer {
                let names = &[$(stringify!($variant)),+];
                let choice = crate::person_sensor::Choice { of: stringify!($name), names, index: self as usize };
                crate::person_sensor::Answer::OneOf(choice)
            }

            fn from_answer(answer: crate::person_sensor::Answer) -> Option<Self> {
                match answer {
                    crate::person_sensor::Answer::OneOf(choice) if choice.of == stringify!($name) => {
                        [$($name::$variant),+].get(choice.index).copied()
                    }
                    _ => None,
                }
            }
        }
    };
}
pub(crate) use one_of;
