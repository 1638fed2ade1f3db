//! When to read: just after each inference, or by a timer.

use std::time::Duration;

use mlsensor::Faces;
use mlsensor::behavior::Cadence;

/// Says when the next reading is due.
pub(crate) enum Pace {
    /// Just after each inference, as far as the readings show when that is.
    Cadence(Box<Cadence>),
    /// At multiples of a period.
    Timer { every: Duration, due: Duration },
}

impl Pace {
    /// By a timer with this period, or, without one, just after each inference.
    pub(crate) fn new(every: Option<Duration>) -> Pace {
        match every {
            Some(every) => Pace::Timer { every, due: every },
            None => Pace::Cadence(Box::default()),
        }
    }

    /// When the next reading is due.
    pub(crate) fn next(&self) -> Duration {
        match self {
            Pace::Cadence(cadence) => cadence.next_read(),
            Pace::Timer { due, .. } => *due,
        }
    }

    /// A reading has begun and ended, and this came of it.
    pub(crate) fn read_done(&mut self, begun: Duration, ended: Duration, faces: Option<&Faces>) {
        match self {
            Pace::Cadence(cadence) => {
                let _ = cadence.read_done(begun, faces);
            }
            // What a read, or anything else, has taken longer than the period is not made up for.
            Pace::Timer { every, due } if *due <= ended => {
                let late_ns = (ended.as_nanos() % every.as_nanos()) as u64;
                *due = ended + *every - Duration::from_nanos(late_ns);
            }
            Pace::Timer { .. } => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn ms(ms: u64) -> Duration {
        Duration::from_millis(ms)
    }

    #[test]
    fn by_a_timer_a_reading_is_due_at_multiples_whatever_the_last_one_took_and_whatever_the_date() {
        let mut pace = Pace::new(Some(ms(100)));
        for (ended, next) in
            [(103, 200), (199, 200), (203, 300), (750, 800), (1_760_000_000_000, 1_760_000_000_100)]
        {
            pace.read_done(ms(ended - 3), ms(ended), None);
            assert_eq!(pace.next(), ms(next), "{ended}");
        }
    }

    #[test]
    fn without_a_timer_the_first_reading_is_due_at_once_and_each_other_one_later() {
        let mut pace = Pace::new(None);
        assert_eq!(pace.next(), Duration::ZERO);
        for _ in 0..100 {
            let begun = pace.next();
            pace.read_done(begun, begun + ms(4), Some(&Faces::EMPTY));
            assert!(pace.next() > begun && pace.next() <= begun + ms(500));
        }
    }
}
