//! What holds under any sequence of faults.

use std::cell::Cell;
use std::time::Duration;

use mlsensor::Config;
use mlsensor_host::supervisor::{Backoff, Clock, Pace, Settings, State, Supervisor};
use mlsensor_sim::{Detection, Fault, FaultKind, LookalikeKind, Person, SimSensor};
use proptest::prelude::*;

use crate::bench::{Bench, Seen, ms};

/// Something that befalls the sensor or its bus.
#[derive(Debug, Clone)]
enum Blow {
    PowerOff,
    PowerOn,
    Plug(LookalikeKind),
    Pull,
    CannotOpen,
    CanOpen,
    Inject(Fault),
    Rate(FaultKind, u32),
    NoFaults,
    Hang(u64),
}

impl Blow {
    fn strike(&self, bench: &Bench) {
        match *self {
            Blow::PowerOff => bench.sensor(SimSensor::power_off),
            Blow::PowerOn => bench.sensor(SimSensor::power_on),
            Blow::Plug(kind) => bench.socket.with(|socket| socket.plug(kind)),
            Blow::Pull => bench.socket.with(|socket| socket.pull()),
            Blow::CannotOpen => bench.set_open_errno(Some(13)),
            Blow::CanOpen => bench.set_open_errno(None),
            Blow::Inject(fault) => bench.faults.inject(fault),
            Blow::Rate(kind, per_million) => bench.faults.set_rate(kind, per_million),
            Blow::NoFaults => FaultKind::ALL.iter().for_each(|&kind| bench.faults.set_rate(kind, 0)),
            Blow::Hang(hang_ms) => bench.set_hangs(ms(hang_ms)),
        }
    }
}

fn blow() -> impl Strategy<Value = Blow> {
    let kind = (0..FaultKind::ALL.len()).prop_map(|i| FaultKind::ALL[i]);
    let other = (0..LookalikeKind::ALL.len()).prop_map(|i| LookalikeKind::ALL[i]);
    prop_oneof![
        2 => Just(Blow::PowerOff),
        4 => Just(Blow::PowerOn),
        2 => other.prop_map(Blow::Plug),
        4 => Just(Blow::Pull),
        1 => Just(Blow::CannotOpen),
        2 => Just(Blow::CanOpen),
        2 => (1_u8..=255).prop_map(|reads| Blow::Inject(Fault::Gone(reads))),
        1 => (1_u8..=255).prop_map(|reads| Blow::Inject(Fault::Frozen(reads))),
        4 => (kind, 0_u32..1_000_000).prop_map(|(kind, rate)| Blow::Rate(kind, rate)),
        3 => Just(Blow::NoFaults),
        1 => (0_u64..1200).prop_map(Blow::Hang),
        1 => Just(Blow::Hang(0)),
    ]
}

/// Blows in turn, each after a pause in milliseconds.
fn blows() -> impl Strategy<Value = Vec<(u64, Blow)>> {
    prop::collection::vec((prop_oneof![0_u64..200, 0_u64..6000], blow()), 0..40)
}

fn settings() -> impl Strategy<Value = Settings> {
    let pace = prop_oneof![
        2 => Just(Pace::default()),
        1 => (10_u64..=500).prop_map(|every| Pace::Every(ms(every))),
    ];
    let backoff = (10_u64..500, 10_u64..3000)
        .prop_map(|(first, longest)| Backoff { first: ms(first), longest: ms(longest) });
    (pace, backoff, 0_u8..=5, 2_u32..6, 300_u64..=2000, 0_u64..1000, any::<u64>()).prop_map(
        |(pace, backoff, retries, missed, restarted, settle, seed)| {
            Settings::default()
                .with_config(Config::POWER_ON.with_led(false).with_id_enabled(true))
                .with_pace(pace)
                .with_backoff(backoff)
                .with_retries(retries)
                .with_missed_intervals(missed)
                .with_may_have_restarted(ms(restarted))
                .with_settle(ms(settle))
                .with_seed(seed)
        },
    )
}

fn bench(seed: u64) -> Bench {
    let mut sensor = SimSensor::new().with_detection(Detection::default()).with_seed(seed);
    sensor.set_scene([Person::at(1.0, 0.0)]);
    Bench::new(sensor, seed)
}

/// A write comes directly after another write or after a valid packet, and never right after the bus was opened.
fn each_write_follows_a_proof(log: &[Seen]) -> Result<(), TestCaseError> {
    let is_proof = |seen: &Seen| matches!(seen, Seen::Write { .. } | Seen::Read { is_packet: true, .. });
    for pair in log.windows(2) {
        if matches!(pair[1], Seen::Write { .. }) {
            prop_assert!(is_proof(&pair[0]), "{:?}", pair);
        }
    }
    // And no more than the four of one configuration.
    let longest = log.split(|seen| !matches!(seen, Seen::Write { .. })).map(<[Seen]>::len).max();
    prop_assert!(longest.unwrap_or(0) <= 4);
    let begins_with_write = matches!(log.first(), Some(Seen::Write { .. }));
    prop_assert!(!begins_with_write);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn under_any_faults_nothing_old_is_live_no_stranger_is_written_to_and_no_storm_of_reads_comes(
        seed in any::<u64>(), settings in settings(), blows in blows(),
    ) {
        let bench = bench(seed);
        let mut at = Duration::ZERO;
        // A proof does not help if a transfer hangs while the parts are changed, or if the host hands out an earlier read again.
        let hangs = blows.iter().any(|(_, blow)| matches!(blow, Blow::Hang(1..)));
        for (pause, blow) in blows {
            at += ms(pause);
            bench.at(at, move |bench| blow.strike(bench));
        }
        let calm_at = at + ms(1);
        bench.at(calm_at, |bench| {
            for blow in [Blow::NoFaults, Blow::Pull, Blow::CanOpen, Blow::PowerOn, Blow::Hang(0)] {
                blow.strike(bench);
            }
            bench.faults.pause();
        });

        // How old a live reading may be: an interval is at most 500 ms, or for as long as a read hangs and one interval.
        let missed = settings.missed_intervals;
        let mut supervisor = Supervisor::with_clock(bench.clone(), settings, bench.clone());
        let latest = supervisor.latest();
        let last_good = Cell::new(Duration::ZERO);
        let old = |now: Duration| {
            let good = bench.log().iter().rev().find_map(|seen| match *seen {
                Seen::Read { at, is_packet: true } => Some(at),
                _ => None,
            });
            last_good.set(good.unwrap_or_default());
            now.saturating_sub(last_good.get())
        };
        let mut live_at = None;
        while bench.bus.now() < calm_at {
            let update = supervisor.next();
            live_at = update.reading().map(|reading| reading.at()).filter(|at| *at >= calm_at);
            let now = bench.bus.now();
            if update.state() == State::Live {
                // The bench's own log says when the last valid packet was read: that is the oracle, not the supervisor.
                prop_assert!(old(now) < ms(500) * missed + ms(1), "{:?} {:?}", old(now), update);
            }
            if let Some(reading) = update.reading() {
                prop_assert_eq!(reading.at(), last_good.get());
                prop_assert_eq!(reading.age(), now - reading.at());
                prop_assert!(reading.is_live(now) && !reading.is_live(reading.stale_at()));
                prop_assert!(reading.stale_at() <= reading.at() + ms(500) * missed);
            } else {
                prop_assert!(update.faces().is_none());
            }
            // It grows old by itself, without a call.
            if let Some(reading) = latest.get().reading() {
                prop_assert!(reading.is_live(now));
            }
        }

        let log = bench.log();
        each_write_follows_a_proof(&log)?;
        // (And the injector's reset is written by the injector.)
        let counts = bench.faults.counts();
        if !hangs && counts.of(FaultKind::Frozen) + counts.of(FaultKind::Reset) == 0 {
            prop_assert_eq!(bench.socket.with(|socket| socket.bytes_written_to_others()), 0);
        }
        no_storm(&log, settings)?;
        live_again(&bench, &mut supervisor, calm_at, live_at, settings)?;
    }
}

/// The bounds that the documentation names: reads by pace and retries, and openings by backoff.
fn no_storm(log: &[Seen], settings: Settings) -> Result<(), TestCaseError> {
    let window = Duration::from_secs(10);
    let times = |which: fn(&Seen) -> bool| {
        log.iter().filter(move |seen| which(seen)).map(Seen::at).collect::<Vec<_>>()
    };
    let reads = times(|seen| matches!(seen, Seen::Read { .. }));
    let opened = times(|seen| matches!(seen, Seen::Opened { .. } | Seen::NotOpened { .. }));
    let most_in = |times: &[Duration]| {
        (0..times.len())
            .map(|i| times[i..].iter().take_while(|at| **at < times[i] + window).count())
            .max()
            .unwrap_or(0)
    };
    // An opening is followed by the next one not before three quarters of the first wait.
    let first = settings.backoff.first.max(ms(10));
    let most_opened = (window.as_micros() / (first * 3 / 4).as_micros()) as usize + 2;
    prop_assert!(most_in(&opened) <= most_opened, "{} openings, {most_opened}", most_in(&opened));
    // Each read of the pace may be good and cost one round of retries when it is followed by a failed one; and each opening
    // costs a probe with its retries, and one read.
    let polls = match settings.pace {
        Pace::Every(every) => window.as_micros() / every.as_micros() + 1,
        // As its documentation says: 1.45 a period, failed reads once more, and 308 saved ones. The shortest period is 40 ms.
        _ => 251 * 29 / 10 + 308,
    } as usize;
    let most = (polls + most_in(&opened)) * (1 + usize::from(settings.retries)) + most_in(&opened);
    prop_assert!(most_in(&reads) <= most, "{} reads, {most}", most_in(&reads));
    for pair in reads.windows(2) {
        prop_assert!(pair[1] - pair[0] >= ms(3), "{:?}", pair);
    }
    Ok(())
}

/// When all is well, it is live after two reads that are answered.
fn live_again(
    bench: &Bench,
    supervisor: &mut Supervisor<Bench, Bench>,
    calm_at: Duration,
    mut live_at: Option<Duration>,
    settings: Settings,
) -> Result<(), TestCaseError> {
    // A sensor that was powered on only then is silent for 2.5 s.
    let answers_at = calm_at.max(bench.bus.now()) + ms(2500);
    let longest = settings.backoff.longest.max(settings.backoff.first);
    let deadline = answers_at + longest + settings.settle + ms(600);
    while live_at.is_none() {
        live_at = supervisor.next().reading().map(|reading| reading.at());
        prop_assert!(
            bench.now() <= deadline,
            "not live after {:?}: {:?}",
            bench.now() - answers_at,
            supervisor
        );
    }
    let mut log = bench.log();
    log.retain(|seen| Some(seen.at()) <= live_at);
    let first = |from| {
        let is_answered = |seen: &Seen| matches!(seen, Seen::Read { at, is_packet: true } if *at >= from);
        log.iter().position(is_answered).unwrap_or(log.len())
    };
    // From the first read that is answered, and from the first one at all when it surely answers.
    let reads = log[first(calm_at)..].iter().filter(|seen| matches!(seen, Seen::Read { .. })).count();
    prop_assert!(reads <= 2, "{} reads until live: {:?}", reads, supervisor);
    let in_vain = |seen: &Seen| matches!(seen, Seen::Read { at, is_packet: false } if *at >= answers_at);
    prop_assert!(!log.iter().any(in_vain));
    prop_assert_eq!(supervisor.state(), State::Live);
    let set = bench.sensor(|sensor| sensor.config());
    // What a reset without a silence has undone cannot be noticed, nor that a host hands out an earlier packet again.
    let counts = bench.faults.counts();
    if counts.of(FaultKind::Reset) + counts.of(FaultKind::Frozen) == 0 {
        prop_assert_eq!(set, settings.config);
    }
    Ok(())
}
