//! When the next read is due, and whether the last one was of a new inference.

use std::time::Duration;

use mlsensor::Faces;
use mlsensor::behavior::{Cadence, Freshness};

use super::settings;

/// One inference of a v1.0 board (Datasheet): what is assumed where nothing was learned.
const INFERENCE: Duration = Duration::from_millis(140);

#[derive(Debug, Clone)]
pub(super) enum Pace {
    Cadence { cadence: Box<Cadence>, unlearned: Duration },
    Every { every: Duration, due: Duration, latest: Option<(Faces, Duration)> },
}

impl Pace {
    pub(super) fn new(pace: settings::Pace) -> Pace {
        match pace {
            settings::Pace::Cadence(config) => {
                Pace::Cadence { cadence: Box::new(Cadence::new(config)), unlearned: config.unlearned }
            }
            settings::Pace::Every(every) => Pace::Every { every, due: Duration::ZERO, latest: None },
        }
    }

    /// When the next read is due.
    pub(super) fn due(&self) -> Duration {
        match self {
            Pace::Cadence { cadence, .. } => cadence.next_read(),
            Pace::Every { due, .. } => *due,
        }
    }

    /// From a read that started at `started` to the next one, had it taken no time; 500 ms at most.
    pub(super) fn interval(&self, started: Duration) -> Duration {
        match self {
            Pace::Cadence { cadence, unlearned } => {
                let to_next = cadence.next_read().saturating_sub(started);
                cadence.period().unwrap_or(*unlearned).max(to_next)
            }
            Pace::Every { every, .. } => *every,
        }
    }

    /// When the latest result became readable, if that is known.
    pub(super) fn published(&self) -> Option<Duration> {
        match self {
            Pace::Cadence { cadence, .. } => cadence.published(),
            Pace::Every { .. } => None,
        }
    }

    /// A read is done.
    pub(super) fn read_done(
        &mut self,
        started: Duration,
        ended: Duration,
        faces: Option<&Faces>,
    ) -> Freshness {
        match self {
            Pace::Cadence { cadence, .. } => cadence.read_done(started, faces),
            Pace::Every { every, due, latest } => {
                if *due <= ended {
                    // What has taken longer than the interval is not made up for. The remainder is below an interval.
                    let past = ended.saturating_sub(*due).as_nanos() % every.as_nanos().max(1);
                    let past = Duration::from_nanos(u64::try_from(past).unwrap_or(0));
                    *due = ended.saturating_add(*every).saturating_sub(past);
                    if due.saturating_sub(started) < *every / 2 {
                        // This one was so late that the next one would come at once.
                        *due = due.saturating_add(*every);
                    }
                }
                let Some(faces) = faces else { return Freshness::NoReading };
                let freshness = match latest {
                    Some((before, _)) if before != faces => Freshness::New,
                    None => Freshness::New,
                    Some((_, since)) if started.saturating_sub(*since) >= INFERENCE => Freshness::Presumed,
                    Some(_) => Freshness::Repeated,
                };
                if freshness.is_fresh() {
                    *latest = Some((*faces, started));
                }
                freshness
            }
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
    fn by_a_timer_a_read_is_due_at_multiples_whatever_the_last_one_took() {
        let mut pace = Pace::new(settings::Pace::Every(ms(100)));
        for (ended, due) in
            [(3, 100), (103, 200), (199, 200), (203, 300), (750, 800), (1_760_000_000_000, 1_760_000_000_100)]
        {
            pace.read_done(ms(ended - 3), ms(ended), None);
            assert_eq!(pace.due(), ms(due), "{ended}");
        }
    }

    #[test]
    fn by_a_timer_the_same_faces_are_presumed_new_after_an_inference() {
        let mut pace = Pace::new(settings::Pace::Every(ms(50)));
        let seen: Vec<_> =
            (0..7).map(|i| pace.read_done(ms(i * 50), ms(i * 50 + 4), Some(&Faces::EMPTY))).collect();
        use Freshness::{New, Presumed, Repeated};
        assert_eq!(seen, [New, Repeated, Repeated, Presumed, Repeated, Repeated, Presumed]);
    }
}
