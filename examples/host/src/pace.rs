//! When to read: by a timer.

use std::time::Duration;

use mlsensor::Faces;

/// Says when the next reading is due.
pub(crate) struct Pace {
    every: Duration,
    due: Duration,
}

impl Pace {
    /// At multiples of a period.
    pub(crate) const fn every(every: Duration) -> Pace {
        Pace { every, due: every }
    }

    /// When the next reading is due.
    pub(crate) const fn next(&self) -> Duration {
        self.due
    }

    /// A reading ended now, and this came of it.
    pub(crate) fn read_done(&mut self, now: Duration, _faces: Option<&Faces>) {
        // What a read, or anything else, has taken longer than the period is not made up for.
        if self.due <= now {
            let late_ns = (now.as_nanos() % self.every.as_nanos()) as u64;
            self.due = now + self.every - Duration::from_nanos(late_ns);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reading_is_due_at_multiples_whatever_the_last_one_took_and_whatever_the_date() {
        let ms = Duration::from_millis;
        let mut pace = Pace::every(ms(100));
        for (now, next) in [
            (103, 200),
            (199, 200),
            (203, 300),
            (750, 800),
            (800, 900),
            (1_760_000_000_000, 1_760_000_000_100),
        ] {
            pace.read_done(ms(now), None);
            assert_eq!(pace.next(), ms(next), "{now}");
        }
    }
}
