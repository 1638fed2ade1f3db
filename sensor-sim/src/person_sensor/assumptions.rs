//! What nobody has established about the sensor, as named fields: the questions that the vendor's guide
//! leaves open, each with the answer that the simulator takes and the other answers that it can take.
//!
//! # Guarantees
//! Every question that we know to be open and that changes a byte, a level or a time is a field here. (How well the
//! sensor sees is [`Detection`](super::Detection).) A program that must work on real sensors should pass its tests
//! under all of [`Assumptions::alternatives`].

use core::time::Duration;

use super::answer::{Answer, IsAnswer, one_of};
use crate::scene::Lens;

/// A question about the sensor that is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Question {
    /// The field of [`Assumptions`] that answers it.
    pub field: &'static str,
    /// What nobody has established.
    pub text: &'static str,
    /// The answer that the simulator gives unless told otherwise, as Rust.
    pub default: &'static str,
    /// The other answers that it can give and that tests should hold under, as Rust.
    pub others: &'static [&'static str],
    /// Where the default comes from.
    pub source: &'static str,
}

macro_rules! assumptions {
    ($($field:ident: $type:ty = $default:expr, or $($other:expr),+; $text:literal, $source:literal;)*) => {
        /// How this simulated sensor answers every open question. `Default` is the likeliest answer.
        ///
        /// ```
        /// use mlsensor_sim::{Assumptions, SimSensor};
        ///
        /// let mut assumptions = Assumptions::default();
        /// assumptions.labels_survive = false; // one that matters to me
        /// let forgetful = SimSensor::new().with_assumptions(assumptions);
        ///
        /// for (question, assumptions) in Assumptions::alternatives() {
        ///     let sensor = SimSensor::new().with_assumptions(assumptions);
        ///     // ... does my program still work? If not, it relies on `question`.
        ///     # let _ = (question.text, sensor);
        /// }
        /// ```
        #[derive(Debug, Clone, PartialEq, Eq)]
        #[non_exhaustive]
        pub struct Assumptions {
            $(
                #[doc = $text]
                #[doc = concat!("\n\nDefault: `", stringify!($default), "`. Source: ", $source, ".")]
                pub $field: $type,
            )*
        }

        impl Default for Assumptions {
            fn default() -> Self {
                Assumptions { $($field: $default),* }
            }
        }

        impl Assumptions {
            /// Every open question, in the order of the fields.
            pub const QUESTIONS: &'static [Question] = &[
                $(Question {
                    field: stringify!($field),
                    text: $text,
                    default: stringify!($default),
                    others: &[$(stringify!($other)),+],
                    source: $source,
                }),*
            ];

            /// Takes one of the answers of a [`Question`], by the name of its field and the text of the answer in
            /// `default` or `others`. Whether there are both.
            ///
            /// ```
            /// use mlsensor_sim::Assumptions;
            ///
            /// let mut assumptions = Assumptions::default();
            /// assert!(assumptions.answer("labels_survive", "false"));
            /// assert!(!assumptions.labels_survive);
            /// assert!(!assumptions.answer("labels_survive", "perhaps"));
            /// ```
            pub fn answer(&mut self, field: &str, answer: &str) -> bool {
                $(if field == stringify!($field) {
                    if answer == stringify!($default) {
                        self.$field = $default;
                        return true;
                    }
                    $(if answer == stringify!($other) {
                        self.$field = $other;
                        return true;
                    })+
                })*
                false
            }

            /// The answer to the question of this field; `None` if there is no such field.
            #[must_use]
            pub fn get(&self, field: &str) -> Option<Answer> {
                $(if field == stringify!($field) {
                    return Some(self.$field.into_answer());
                })*
                None
            }

            /// Takes any answer of the right kind, by the name of its field: also one that is neither `default` nor
            /// among `others`. Whether there is such a field, and it takes such an answer.
            pub fn set(&mut self, field: &str, answer: Answer) -> bool {
                $(if field == stringify!($field) {
                    let answer = IsAnswer::from_answer(answer);
                    return answer.map(|answer| self.$field = answer).is_some();
                })*
                false
            }

            /// The default answers but for one question, for every question and every other answer to it.
            pub fn alternatives() -> impl Iterator<Item = (&'static Question, Assumptions)> {
                let others: &[(&str, fn(&mut Assumptions))] =
                    &[$($((stringify!($field), |a| a.$field = $other)),+),*];
                others.iter().filter_map(|(field, change)| {
                    let question = Assumptions::QUESTIONS.iter().find(|q| q.field == *field)?;
                    let mut assumptions = Assumptions::default();
                    change(&mut assumptions);
                    Some((question, assumptions))
                })
            }
        }
    };
}

assumptions! {
    lens: Lens = Lens::Equidistant, or Lens::Rectilinear;
        "How the lens maps angles to the picture.",
        "fits the one size of a face that users published; no lens data are published";
    detection: Duration = Duration::from_millis(140), or Duration::from_millis(60);
        "How long one inference takes. (v2.0 boards are faster; by how much is open.)",
        "datasheet, v1.0 board";
    recognition: Duration = Duration::from_millis(125), or Duration::from_millis(60);
        "How much longer an inference takes when recognition runs. (The guide's \"about 5 a second\" is 60 ms.)",
        "datasheet, v1.0 board";
    recognition_without_faces: bool = false, or true;
        "Whether recognition costs its time also when no face is seen.",
        "assumed: there is nothing to recognise";
    inference_jitter: Duration = Duration::ZERO, or Duration::from_millis(10);
        "By how much one inference may take longer or shorter than the mean. (Evenly spread, in microseconds; its result is as much later or earlier.)",
        "assumed: only means were published";
    inference_drift_permille: u32 = 0, or 20;
        "By how many thousandths the mean time of an inference drifts to either side, and back, within ten minutes. (Temperature would do this; results are as much later or earlier.)",
        "assumed: only means were published";
    latency: Duration = Duration::from_millis(200), or Duration::from_millis(140);
        "The time from the camera's exposure to the result that can be read. (It is longer than an inference: captures overlap.)",
        "guide: about 200 ms, which may include waiting for the read";
    single_shot: Duration = Duration::from_millis(200), or Duration::from_millis(290), Duration::from_millis(490);
        "The time from the trigger of a single shot to its result, without recognition.",
        "assumed to be the latency; a wait of 1 s is the only figure reported to be good";
    single_shot_only_in_standby: bool = true, or false;
        "Whether a single shot is ignored in continuous mode.",
        "guide: only in standby";
    second_single_shot: SecondSingleShot = SecondSingleShot::Ignored, or SecondSingleShot::Restarts;
        "What a single shot does while another one is under way.",
        "assumed";
    before_first_result: FirstResult = FirstResult::Nobody, or FirstResult::AllZero, FirstResult::AllOnes;
        "What a read gives before the first inference is done.",
        "users: a read at once gives the previous or an empty result";
    standby_forgets: bool = false, or true;
        "Whether going to standby clears the latest result.",
        "assumed";
    mode_write_restarts: bool = false, or true;
        "Whether writing \"continuous\" to a sensor that is in continuous mode starts the inference anew.",
        "assumed";
    mode_change_drops: bool = true, or false;
        "Whether a change of mode drops the inference that is under way.",
        "assumed";
    after_stop: NextRead = NextRead::Restarts, or NextRead::Continues;
        "Where a read goes on after a shorter read and a STOP.",
        "assumed";
    after_repeated_start: NextRead = NextRead::Continues, or NextRead::Restarts;
        "Where a read goes on after a shorter read and a repeated START.",
        "the vendor's programs for hosts limited to 32 bytes read 32 and then 7";
    latch: Latch = Latch::AtFirstByte, or Latch::AtStart, Latch::Never;
        "Until when a result that comes up during a read can get into it.",
        "assumed; the checksum tells";
    past_the_end: PastTheEnd = PastTheEnd::Ones, or PastTheEnd::Zeros, PastTheEnd::Repeats;
        "What a read gives behind the 39th byte.",
        "assumed: published programs read 40 bytes and ignore the last";
    several_pairs: SeveralPairs = SeveralPairs::FirstOnly, or SeveralPairs::LastOnly, SeveralPairs::All;
        "Which of several register-value pairs in one transaction take effect.",
        "one user: not all do";
    undocumented_value: UndocumentedValue = UndocumentedValue::Ignored, or UndocumentedValue::IsOn;
        "What a value other than 0 and 1 does in a register that is a switch.",
        "assumed";
    pin_outside_continuous: PinOutsideContinuous = PinOutsideContinuous::Low,
        or PinOutsideContinuous::Holds, PinOutsideContinuous::Follows;
        "The presence pin in standby and after a single shot.",
        "guide: the mode register says that continuous mode drives the pin";
    pin_shows_old_result: bool = false, or true;
        "Whether the presence pin shows the latest result at once on the return to continuous mode, before there is a new one.",
        "assumed; the guide says: high while the latest result has a face";
    led: Led = Led::ShowsFaces, or Led::IsLit;
        "What the indicator LED does while it is on.",
        "assumed";
    power_up_silence: Duration = Duration::from_millis(2500), or Duration::from_millis(3000), Duration::from_millis(500);
        "How long after power-up the sensor does not acknowledge.",
        "one user: 2 to 3 s";
    probing_while_booting: ProbingWhileBooting = ProbingWhileBooting::Harmless, or ProbingWhileBooting::HoldsDataLow;
        "What being addressed while it boots does to the sensor.",
        "one user: the data line may stay low until nine clock pulses and a STOP";
    extra_addresses: bool = false, or true;
        "Whether the board also acknowledges 0x39 and 0x4F. (Reads of them give 0xFF here.)",
        "seen on v1 boards, by published programs";
    recognises: Recognises = Recognises::LargestFace, or Recognises::EveryFace;
        "Which faces recognition runs on.",
        "guide; the datasheet's flow says every face";
    label_needs_id_enabled: bool = true, or false;
        "Whether a person can only be labelled while recognition is on.",
        "guide: the next identified frame";
    relabelling_moves: bool = true, or false;
        "Whether somebody who is labelled again loses the former label. (If not, the lower one is reported.)",
        "assumed";
    erasing_cancels_label: bool = true, or false;
        "Whether erase IDs discards a label that waits for a face.",
        "assumed";
    not_recognised: NotRecognised = NotRecognised::MinusOne, or NotRecognised::Zero, NotRecognised::BothMinusOne;
        "What the two id bytes of a face that is not recognised are.",
        "guide: id -1 is unknown, an id confidence of zero or less is not recognised";
    labels_survive: bool = true, or false;
        "Whether labels are there after a loss of power, with persist IDs on.",
        "guide; users report that they were lost all the same";
    erasing: Duration = Duration::ZERO, or Duration::from_millis(1000);
        "How long the sensor does not acknowledge after erase IDs.",
        "assumed; published programs wait 1 s before and after";
    kept: Kept = Kept::Largest, or Kept::First;
        "Which four of more than four faces are reported.",
        "assumed";
    order: Order = Order::LargestFirst, or Order::AsTheyCame;
        "The order of the faces in a packet.",
        "published programs rely on the largest first; for three and four faces it is open";
}

macro_rules! answers {
    ($($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident),+ $(,)? })*) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
            #[non_exhaustive]
            pub enum $name { $($(#[$variant_doc])* $variant),+ }

            one_of!($name { $($variant),+ });
        )*
    };
}

answers! {
    /// See [`Assumptions::before_first_result`].
    FirstResult {
        /// A valid packet without faces.
        Nobody,
        /// 39 bytes 0x00, which is no valid packet.
        AllZero,
        /// 39 bytes 0xFF, which is no valid packet.
        AllOnes,
    }
    /// See [`Assumptions::second_single_shot`].
    SecondSingleShot {
        /// Nothing: the first one goes on.
        Ignored,
        /// The first one is dropped.
        Restarts,
    }
    /// See [`Assumptions::led`].
    Led {
        /// Lit while the latest result has a face.
        ShowsFaces,
        /// Always lit.
        IsLit,
    }
    /// See [`Assumptions::kept`].
    Kept {
        /// The largest.
        Largest,
        /// Those that came first, whatever their size.
        First,
    }
    /// See [`Assumptions::after_stop`] and [`Assumptions::after_repeated_start`].
    NextRead {
        /// At the first byte of a packet.
        Restarts,
        /// Behind the last byte that was read.
        Continues,
    }
    /// See [`Assumptions::latch`].
    Latch {
        /// A packet is of one piece, however it is read.
        AtFirstByte,
        /// Each START takes up the latest result, so a packet that is read in two pieces can be of two results.
        AtStart,
        /// Each byte is of the latest result, so any packet can be of two results.
        Never,
    }
    /// See [`Assumptions::past_the_end`].
    PastTheEnd {
        /// 0xFF: nothing drives the bus.
        Ones,
        /// 0x00.
        Zeros,
        /// The packet again, from its first byte.
        Repeats,
    }
    /// See [`Assumptions::several_pairs`].
    SeveralPairs {
        /// The first.
        FirstOnly,
        /// The last.
        LastOnly,
        /// Each, in order.
        All,
    }
    /// See [`Assumptions::undocumented_value`].
    UndocumentedValue {
        /// Nothing.
        Ignored,
        /// The same as 1.
        IsOn,
    }
    /// See [`Assumptions::pin_outside_continuous`].
    PinOutsideContinuous {
        /// Low.
        Low,
        /// As it was when continuous mode ended.
        Holds,
        /// As in continuous mode: high while the latest result has a face.
        Follows,
    }
    /// See [`Assumptions::probing_while_booting`].
    ProbingWhileBooting {
        /// Nothing.
        Harmless,
        /// The data line stays low: no transfer on this bus works until it is recovered.
        HoldsDataLow,
    }
    /// See [`Assumptions::recognises`].
    Recognises {
        /// The largest.
        LargestFace,
        /// All.
        EveryFace,
    }
    /// See [`Assumptions::not_recognised`].
    NotRecognised {
        /// Confidence 0, id -1.
        MinusOne,
        /// Confidence 0, id 0.
        Zero,
        /// Confidence -1, id -1.
        BothMinusOne,
    }
    /// See [`Assumptions::order`].
    Order {
        /// The largest first.
        LargestFirst,
        /// In no order that a program may rely on.
        AsTheyCame,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_answer_can_be_taken_by_its_text() {
        let mut others = Assumptions::alternatives();
        for question in Assumptions::QUESTIONS {
            for answer in question.others {
                let mut assumptions = Assumptions::default();
                assert!(assumptions.answer(question.field, answer), "{} = {answer}", question.field);
                assert_eq!(Some((question, assumptions.clone())), others.next());
                assert!(assumptions.answer(question.field, question.default));
                assert_eq!(assumptions, Assumptions::default());
            }
        }
        assert_eq!(others.next(), None);
        assert!(!Assumptions::default().answer("colour", "true"));
    }

    #[test]
    fn every_answer_can_be_given_as_data() {
        for (question, other) in Assumptions::alternatives() {
            let mut assumptions = Assumptions::default();
            let answer = other.get(question.field).unwrap();
            assert!(assumptions.set(question.field, answer), "{} = {answer:?}", question.field);
            assert_eq!(assumptions, other);
        }
        assert_eq!(Assumptions::default().get("colour"), None);
        assert!(!Assumptions::default().set("colour", Answer::YesOrNo(true)));
    }

    #[test]
    fn an_answer_of_another_kind_is_not_taken() {
        let mut assumptions = Assumptions::default();
        let latch = assumptions.get("latch").unwrap();
        let Answer::OneOf(choice) = latch else { panic!("{latch:?}") };
        assert_eq!(choice.names, ["AtFirstByte", "AtStart", "Never"]);
        let beyond = Answer::OneOf(super::super::Choice { index: 3, ..choice });
        for (field, answer) in [
            ("latency", Answer::YesOrNo(true)),
            ("latency", Answer::Number(1)),
            ("labels_survive", Answer::Time(Duration::ZERO)),
            ("order", latch),
            ("lens", latch),
            ("latch", beyond),
        ] {
            assert!(!assumptions.set(field, answer), "{field} = {answer:?}");
        }
        assert_eq!(assumptions, Assumptions::default());
        assert!(assumptions.set("latch", Answer::OneOf(choice.named("Never").unwrap())));
        assert_eq!(assumptions.latch, Latch::Never);
        assert_eq!(choice.named("Sometimes"), None);
    }

    #[test]
    fn every_question_has_another_answer_than_the_default() {
        let default = Assumptions::default();
        for (question, assumptions) in Assumptions::alternatives() {
            assert_ne!(assumptions, default, "{}", question.field);
        }
        for question in Assumptions::QUESTIONS {
            assert!(Assumptions::alternatives().any(|(q, _)| q == question), "{}", question.field);
        }
    }
}
