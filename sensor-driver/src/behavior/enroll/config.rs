//! What an enrolment asks for, and how long it tries.

use core::time::Duration;

use super::super::Gate;
use super::super::procedure::SHORTEST_WAIT;
use super::super::time::{later, longer, times};

/// How to enroll. The times are choices, made from the published figures: an inference takes 140 ms, with recognition
/// 265 ms (datasheet), and what is read is about 200 ms old, with recognition 325 ms.
///
/// ```
/// use mlsensor::behavior::EnrollConfig;
///
/// const PATIENT: EnrollConfig = EnrollConfig::DEFAULT.with_attempts(5);
/// assert_eq!(PATIENT.verify_packets, 6);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default, deny_unknown_fields))]
#[non_exhaustive]
pub struct EnrollConfig {
    /// For how long one face must have been there, alone, facing and still, without a reading that says otherwise,
    /// before a label is sent. 1 s: three times the age of a reading, so nobody who is just walking by is labelled.
    pub settle: Duration,
    /// How long a command takes to show in the readings, at the most. 1 s: by the published figures it is 0.6 s (one
    /// inference until the next camera frame, one until its result). No reading counts before that, and nothing is
    /// given up before that either: a label that waits for a face has found one by then, or was discarded.
    pub label_wait: Duration,
    /// From reading to reading. 100 ms: shorter than an inference, so that no result goes by unseen. At least 10 ms
    /// whatever is set.
    pub read_every: Duration,
    /// From one reading that is counted to the next. 300 ms: longer than an inference with recognition, so that no
    /// result is counted twice.
    pub count_every: Duration,
    /// How many readings are counted to find out who it is, before the label and after it. 6, which takes 1.5 s. At
    /// least 1 whatever is set.
    pub verify_packets: u8,
    /// How many of these must say the id. 4: a known face may go unrecognised now and then. At least 1 and at most
    /// `verify_packets` whatever is set.
    pub verify_needed: u8,
    /// How many of these may say another id. 1: a single one is an error of the sensor's, two are a doubt.
    pub verify_others: u8,
    /// How many labels are sent at the most. 3. At least 1 whatever is set.
    pub attempts: u8,
    /// How long to guide the user to the right place, each time, and how long to wait for a face that can be verified.
    /// 30 s.
    pub guide_timeout: Duration,
    /// After a label was sent: how long nobody may be in view. Then it is given up, so that the id does not go to
    /// whoever comes next. 2 s.
    pub away: Duration,
    /// The longest time from reading to reading. After a longer one, whoever is there counts as somebody else. 500 ms:
    /// it bridges a few failed reads, and is too short for two people to change places. At least twice `read_every`
    /// whatever is set: otherwise each reading would be of somebody else.
    pub longest_pause: Duration,
    /// How long to go without a reading before it is given up with the error of the bus. 2 s: a loose wire recovers; a
    /// sensor that was unplugged needs 3 s in which it is best left alone.
    pub longest_silence: Duration,
    /// How far a face that holds still may be from where it was first, and how much wider or narrower it may be, in
    /// percent of its width. 50, about 7 cm: more than people sway, less than two people are apart.
    pub stillness_percent: u8,
    /// The least width and confidence. 14 view units, about 1.4 m: users call the sensor dependable up to 1 to 2 m, and
    /// a face that is near is more of a picture. No confidence is asked for.
    pub gate: Gate,
    /// Whether to label somebody who is recognised as another id. No: that id would most likely be lost.
    pub relabel: bool,
}

impl Default for EnrollConfig {
    fn default() -> Self {
        EnrollConfig::DEFAULT
    }
}

impl EnrollConfig {
    /// The default values.
    pub const DEFAULT: EnrollConfig = EnrollConfig {
        settle: Duration::from_millis(1000),
        label_wait: Duration::from_millis(1000),
        read_every: Duration::from_millis(100),
        count_every: Duration::from_millis(300),
        verify_packets: 6,
        verify_needed: 4,
        verify_others: 1,
        attempts: 3,
        guide_timeout: Duration::from_secs(30),
        away: Duration::from_secs(2),
        longest_pause: Duration::from_millis(500),
        longest_silence: Duration::from_secs(2),
        stillness_percent: 50,
        gate: Gate::OPEN.with_min_width(14),
        relabel: false,
    };

    /// The same with another time to hold still.
    #[must_use]
    pub const fn with_settle(self, settle: Duration) -> EnrollConfig {
        EnrollConfig { settle, ..self }
    }

    /// The same with another time for a command to show.
    #[must_use]
    pub const fn with_label_wait(self, label_wait: Duration) -> EnrollConfig {
        EnrollConfig { label_wait, ..self }
    }

    /// The same with other times from reading to reading, and from counted reading to counted reading.
    #[must_use]
    pub const fn with_reading(self, read_every: Duration, count_every: Duration) -> EnrollConfig {
        EnrollConfig { read_every, count_every, ..self }
    }

    /// The same with so many readings counted, of which so many must say the id and so many may say another.
    #[must_use]
    pub const fn with_verification(self, packets: u8, needed: u8, others: u8) -> EnrollConfig {
        EnrollConfig { verify_packets: packets, verify_needed: needed, verify_others: others, ..self }
    }

    /// The same with so many labels at the most.
    #[must_use]
    pub const fn with_attempts(self, attempts: u8) -> EnrollConfig {
        EnrollConfig { attempts, ..self }
    }

    /// The same with another time to guide the user.
    #[must_use]
    pub const fn with_guide_timeout(self, guide_timeout: Duration) -> EnrollConfig {
        EnrollConfig { guide_timeout, ..self }
    }

    /// The same with another time for which nobody may be in view after a label.
    #[must_use]
    pub const fn with_away(self, away: Duration) -> EnrollConfig {
        EnrollConfig { away, ..self }
    }

    /// The same with another longest time between readings, and without any.
    #[must_use]
    pub const fn with_silence(self, longest_pause: Duration, longest_silence: Duration) -> EnrollConfig {
        EnrollConfig { longest_pause, longest_silence, ..self }
    }

    /// The same with another measure of stillness, in percent of the width of the face.
    #[must_use]
    pub const fn with_stillness_percent(self, stillness_percent: u8) -> EnrollConfig {
        EnrollConfig { stillness_percent, ..self }
    }

    /// The same with another gate.
    #[must_use]
    pub const fn with_gate(self, gate: Gate) -> EnrollConfig {
        EnrollConfig { gate, ..self }
    }

    /// The same, labelling those who are known as another id, or not.
    #[must_use]
    pub const fn with_relabel(self, relabel: bool) -> EnrollConfig {
        EnrollConfig { relabel, ..self }
    }

    /// How long an enrolment can take at the most, in time that the caller lets pass; bus time comes on top if the
    /// caller does not count it. With the defaults 3 min 32 s, of which a user who does as told sees 5 s.
    #[must_use]
    pub const fn longest(&self) -> Duration {
        // At most `attempts` + 1 times finding out who it is, `attempts` verifications, and one wait before giving up. The end
        // of each is noticed at a reading.
        let late = self.reading_interval();
        let attempts = self.labels_allowed() as u16;
        let guiding = times(later(self.guide_timeout, late), attempts.saturating_mul(2).saturating_add(1));
        later(guiding, later(self.label_wait, late))
    }

    pub(super) const fn reading_interval(&self) -> Duration {
        longer(self.read_every, SHORTEST_WAIT)
    }

    pub(super) const fn pause_allowed(&self) -> Duration {
        longer(self.longest_pause, times(self.reading_interval(), 2))
    }

    pub(super) const fn labels_allowed(&self) -> u8 {
        if self.attempts == 0 { 1 } else { self.attempts }
    }
}
