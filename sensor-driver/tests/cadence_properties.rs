//! What a cadence holds to, whatever is done to it.

use std::time::Duration;

use mlsensor::behavior::{Cadence, CadenceConfig, Freshness};
use mlsensor::{Bounds, Face, Faces};
use proptest::collection::vec;
use proptest::prelude::*;

#[derive(Debug, Clone)]
enum Event {
    /// A read, so many microseconds after it was asked for, of this content; `None` fails.
    Read(u32, Option<u8>),
    /// An edge of the pin, so many microseconds after whatever was before.
    Pin(u32),
    /// The clock is set to this many seconds.
    Clock(u64),
}

fn event() -> impl Strategy<Value = Event> {
    let content = proptest::option::weighted(0.9, 0..3_u8);
    let late = prop_oneof![8 => 0..500_u32, 1 => 0..300_000_u32, 1 => any::<u32>()];
    prop_oneof![
        60 => (late, content).prop_map(|(late, content)| Event::Read(late, content)),
        3 => prop_oneof![0..20_000_u32, any::<u32>()].prop_map(Event::Pin),
        1 => prop_oneof![0..1_000_u64, any::<u64>()].prop_map(Event::Clock),
    ]
}

fn config() -> impl Strategy<Value = CadenceConfig> {
    let usual = Just(CadenceConfig::DEFAULT);
    let any_one = [any::<u32>(); 5].prop_map(|[fastest, slowest, unlearned, step, gap]| {
        let duration = |micros: u32| Duration::from_micros(micros.into());
        CadenceConfig::DEFAULT
            .with_fastest(duration(fastest))
            .with_slowest(duration(slowest))
            .with_unlearned(duration(unlearned))
            .with_search_step(duration(step))
            .with_least_gap(duration(gap))
    });
    prop_oneof![3 => usual, 1 => any_one]
}

fn faces(content: u8) -> Faces {
    let bounds = Bounds::new(content, 0, 200, 200).unwrap();
    Faces::new(&[Face::new(bounds, 90, None, true).unwrap()]).unwrap()
}

proptest! {
    #[test]
    fn anything_may_happen(config in config(), events in vec(event(), 0..400)) {
        let mut cadence = Cadence::new(config);
        let fastest = config.fastest.clamp(Duration::from_millis(8), Duration::from_secs(5));
        let slowest = config.slowest.clamp(fastest, Duration::from_secs(10));
        let least_gap = config.least_gap.clamp(Duration::from_millis(1), fastest);
        let (mut now, mut told) = (Duration::ZERO, Duration::ZERO);
        let mut last_read: Option<(Duration, Option<u8>)> = None;
        for event in events {
            match event {
                Event::Read(late, content) => {
                    // Whatever the clock did, time does not go back for the cadence.
                    now = now.max(cadence.next_read()).saturating_add(Duration::from_micros(late.into()));
                    if let Some((last, _)) = last_read {
                        prop_assert!(now.saturating_sub(last) >= least_gap, "{now:?} after {last:?}");
                    }
                    let reading = content.map(faces);
                    let freshness = cadence.read_done(now, reading.as_ref());
                    told = now;
                    prop_assert_eq!(freshness == Freshness::NoReading, content.is_none());
                    if content.is_some() {
                        let before = last_read.and_then(|(_, content)| content);
                        prop_assert_eq!(freshness == Freshness::New, content != before);
                    }
                    last_read = Some((now, content.or(last_read.and_then(|(_, content)| content))));
                    prop_assert!(cadence.next_read() >= now.saturating_add(least_gap));
                }
                Event::Pin(after) => {
                    now = now.saturating_add(Duration::from_micros(after.into()));
                    cadence.pin_changed(now);
                    told = now;
                }
                Event::Clock(to) => {
                    let to = Duration::from_secs(to);
                    if to <= told {
                        // Time that goes backward counts as no time.
                        let mut twin = cadence.clone();
                        cadence.read_done(to, None);
                        twin.read_done(told, None);
                        prop_assert_eq!(&cadence, &twin);
                        last_read = Some((told, last_read.and_then(|(_, content)| content)));
                    } else {
                        now = to;
                    }
                }
            }
            prop_assert!(cadence.next_read() <= now.saturating_add(slowest));
            prop_assert!(cadence.period().is_none_or(|period| fastest <= period && period <= slowest));
            prop_assert!(cadence.published().is_none_or(|published| published <= now));
        }
    }

    #[test]
    fn in_the_long_run_there_are_few_reads_whatever_is_read(contents in vec(0..2_u8, 6_000)) {
        let mut cadence = Cadence::default();
        let (mut believed, mut last) = (0.0, Duration::ZERO);
        for content in &contents {
            let now = cadence.next_read();
            let period = cadence.period().unwrap_or(CadenceConfig::DEFAULT.unlearned);
            believed += (now - last).as_secs_f64() / period.as_secs_f64();
            last = now;
            cadence.read_done(now, Some(&faces(*content)));
        }
        let limit = 8.0 + 300.0 + 1.45 * believed;
        prop_assert!((contents.len() as f64) < limit, "{} reads in {believed} periods", contents.len());
    }
}
