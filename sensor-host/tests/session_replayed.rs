//! Does a recording, when it is replayed, say what was said of the sensor while it was made?

use std::time::Duration;

use embedded_hal::i2c::{ErrorType, I2c, Operation};
use mlsensor_host::recording::{Header, Recorder};
use mlsensor_host::session::{Session, SessionBus, Turn};
use mlsensor_host::source::{AnyBusError, Opening, Source, SourceName};
use mlsensor_host::supervisor::{Cause, Pace, Settings, Update};
use mlsensor_sim::{
    Direction, Fault, FaultError, FaultInjector, Person, Recording, SimBus, SimBusError, SimSensor,
};

const fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

/// A simulated bus on which faults are injected.
#[derive(Debug)]
struct Faulty(FaultInjector<SimBus>);

impl ErrorType for Faulty {
    type Error = FaultError<SimBusError>;
}

impl I2c for Faulty {
    fn transaction(&mut self, address: u8, operations: &mut [Operation<'_>]) -> Result<(), Self::Error> {
        self.0.transaction(address, operations)
    }
}

impl SessionBus for Faulty {
    fn reopen(&mut self) -> Result<(), Self::Error> {
        Ok(())
    }

    fn source_error(_: &Self::Error) -> Option<&AnyBusError> {
        None
    }
}

/// What is done to the sensor, and when.
enum Event {
    Inject(Fault, u8),
    PowerOff,
    PowerOn,
}

/// What was said, without words.
#[derive(Debug, Clone, PartialEq)]
struct Said {
    at: Duration,
    what: String,
}

fn said(update: &Update) -> Said {
    if let Update::Live(reading) = update {
        let what = format!("live {:?} frozen: {}", reading.faces(), reading.is_frozen());
        return Said { at: reading.at(), what };
    }
    let (Update::Missed(outage) | Update::Stale(outage) | Update::Absent(outage)) = update else { panic!() };
    let trouble = outage.trouble.as_ref().map(|trouble| match &trouble.cause {
        Cause::Bus { kind, .. } => format!("{:?} {kind:?}", trouble.doing),
        cause => format!("{:?} {cause:?}", trouble.doing),
    });
    Said { at: outage.at, what: format!("{:?} {trouble:?}", update.state()) }
}

/// What is said of a sensor to which this happens, and the recording of it.
fn recorded(settings: Settings, events: Vec<(u64, Event)>, end: Duration) -> (Vec<Said>, Recording) {
    let (bus, sensor) = SimBus::with_sensor(SimSensor::new());
    sensor.set_scene([Person::at(1.0, 0.0)]);
    let source = Source::of_bus(&bus, "a test", &Opening::default());
    let faulty = FaultInjector::new(bus.clone(), 1);
    let control = faulty.control();
    let clock = bus.clone();
    let recorder =
        Recorder::begin(Faulty(faulty), move || clock.now(), Vec::new(), &Header::default()).unwrap();
    let mut session = Session::new(recorder, source.clock, settings).until(Some(end));
    let mut events = events.into_iter().peekable();
    let mut heard = Vec::new();
    loop {
        while let Some((_, event)) = events.next_if(|(at, _)| ms(*at) <= bus.now()) {
            match event {
                Event::Inject(fault, times) => (0..times).for_each(|_| control.inject(fault)),
                Event::PowerOff => sensor.power_off(),
                Event::PowerOn => sensor.power_on(),
            }
        }
        let turn = match session.turn() {
            Turn::Wait(until) => {
                let next = events.peek().map_or(until, |(at, _)| ms(*at).max(bus.now() + ms(1)));
                session.wait(until.min(next))
            }
            turn => turn,
        };
        match turn {
            Turn::Update(update) => heard.push(said(&update)),
            Turn::End => break,
            _ => {}
        }
    }
    assert!(events.next().is_none(), "all of it has happened");
    let text = String::from_utf8(session.bus().writer().clone()).unwrap();
    (heard, Recording::parse(&text).unwrap())
}

/// What is said of a recording.
fn replayed(settings: Settings, recording: &Recording) -> Vec<Said> {
    let file = std::env::temp_dir().join(format!(
        "mlsensor-replayed-{}-{:?}",
        std::process::id(),
        std::thread::current().id()
    ));
    std::fs::write(&file, recording.to_string()).unwrap();
    let source = SourceName::Recorded(file.display().to_string()).open(&Opening::default()).unwrap();
    std::fs::remove_file(&file).unwrap();
    let mut session = Session::new(source.bus, source.clock, settings);
    let mut heard = Vec::new();
    let mut due = session.due();
    while let Turn::Update(update) = session.next() {
        heard.push(said(&update));
        // What is said is said when it is due, or later, where a read before it is not told.
        assert!(due.is_some_and(|due| due <= heard.last().unwrap().at), "{due:?}: {:?}", heard.last());
        due = session.due();
    }
    heard
}

/// Each thing that was said then is said now, in order, within the time that a transfer takes. The reads that were proofs, which a
/// write follows, are readings of the recording besides.
#[track_caller]
fn assert_same(heard: &[Said], again: &[Said], recording: &Recording) {
    let proofs: Vec<Duration> = recording
        .transfers
        .windows(2)
        .filter(|pair| pair[0].direction == Direction::Read && pair[1].direction == Direction::Write)
        .map(|pair| pair[0].at)
        .collect();
    let again: Vec<&Said> = again.iter().filter(|said| !proofs.contains(&said.at)).collect();
    for (heard, again) in heard.iter().zip(&again) {
        let late = heard.at.abs_diff(again.at);
        assert!(heard.what == again.what && late < ms(10), "then: {heard:?}\n now: {again:?}");
    }
    assert_eq!(heard.len(), again.len(), "then: {:?}\n now: {:?}", heard.last(), again.last());
}

fn count(heard: &[Said], begin: &str) -> usize {
    heard.iter().filter(|said| said.what.starts_with(begin)).count()
}

#[test]
fn faults_that_were_recorded_are_told_as_they_were_then() {
    let events = vec![
        (2000, Event::Inject(Fault::Gone(4), 1)),
        (4000, Event::Inject(Fault::ArbitrationLoss, 1)),
        (5000, Event::Inject(Fault::ArbitrationLoss, 9)),
        (8000, Event::Inject(Fault::BitFlips(1), 1)),
        (9000, Event::Inject(Fault::AllOnes, 2)),
        (11_000, Event::PowerOff),
        (13_000, Event::PowerOn),
    ];
    // What is frozen is of another test: here the proof is the first of the same faces, where it is a reading.
    let settings = Settings::default().with_frozen_after(None);
    let (heard, recording) = recorded(settings, events, ms(20_000));
    assert!(count(&heard, "live") > 70, "{heard:?}");
    for state in ["Live Some", "Stale Some", "Absent Some"] {
        assert!(count(&heard, state) >= 2, "{state}: {heard:?}");
    }
    assert_same(&heard, &replayed(settings, &recording), &recording);
}

#[test]
fn what_was_frozen_then_is_frozen_now() {
    // Nothing settles, so the first reading comes with the proof.
    let settings = Settings::default().with_settle(Duration::ZERO);
    let (heard, recording) = recorded(settings, Vec::new(), ms(16_000));
    let frozen = heard.iter().filter(|said| said.what.ends_with("frozen: true")).count();
    assert!(frozen > 20 && heard.len() - frozen > 40, "{heard:?}");
    assert_same(&heard, &replayed(settings, &recording), &recording);
}

/// What another controller took from the bus for a moment nobody noticed, so nobody is told of it afterwards.
#[test]
fn a_read_that_was_tried_again_at_once_is_not_told() {
    let events = vec![(2000, Event::Inject(Fault::ArbitrationLoss, 2))];
    let (_, recording) = recorded(Settings::default(), events, ms(4000));
    assert_eq!(recording.transfers.iter().filter(|transfer| transfer.error.is_some()).count(), 2);
    let again = replayed(Settings::default(), &recording);
    assert_eq!(count(&again, "live"), again.len(), "{again:?}");
}

/// What was not tried again at once was told, and the last read of a recording was not tried again.
#[test]
fn a_read_that_was_not_tried_again_at_once_is_told() {
    let packet = "00 00 21 00 01 63 7c 80 95 aa 43 00 01".to_owned() + &" 00".repeat(24) + " 15 8b";
    for (next, told) in [("1.02", 1), ("1.3", 2)] {
        let text = format!("0.9 {packet}\n1.0 ! arbitration-loss\n{next} {packet}\n1.4 ! arbitration-loss\n");
        let again = replayed(Settings::default(), &Recording::parse(&text).unwrap());
        assert_eq!(again.len() - count(&again, "live"), told, "{again:?}");
    }
}

#[test]
fn by_a_timer_it_is_judged_by_that_timer() {
    let settings = Settings::default().with_pace(Pace::Every(ms(50)));
    let events = vec![(2000, Event::Inject(Fault::Gone(6), 1))];
    let (heard, recording) = recorded(settings, events, ms(4000));
    assert!(count(&heard, "Stale") >= 1, "{heard:?}");
    assert_same(&heard, &replayed(settings, &recording), &recording);
}

#[test]
fn faces_that_are_the_same_for_long_are_frozen_in_a_recording_too() {
    let packet = "00 00 21 00 01 63 7c 80 95 aa 43 00 01".to_owned() + &" 00".repeat(24) + " 15 8b";
    let lines: String =
        (0..200).map(|i| format!("{}.{:03} {packet}\n", i * 140 / 1000, i * 140 % 1000)).collect();
    let again = replayed(Settings::default(), &Recording::parse(&lines).unwrap());
    // From 10 s on, of 28: reads 72 and later.
    let frozen: Vec<bool> = again.iter().map(|said| said.what.ends_with("frozen: true")).collect();
    let expected: Vec<bool> = (0..200).map(|i| i * 140 >= 10_000).collect();
    assert_eq!(frozen, expected);
}

/// A program that looks rarely was not told that nobody is there in between: it did not ask.
#[test]
fn between_reads_that_were_good_nothing_is_told() {
    let packet = "00 00 21 00 01 63 7c 80 95 aa 43 00 01".to_owned() + &" 00".repeat(24) + " 15 8b";
    let recording = Recording::parse(&format!("1 {packet}\n5 {packet}\n3600 {packet}\n")).unwrap();
    let again = replayed(Settings::default(), &recording);
    assert_eq!((again.len(), count(&again, "live")), (3, 3), "{again:?}");
}
