//! Does a log say what went over the bus, does its text say the same, and does a replay of it give a program the same again?
#![cfg(feature = "std")]

use std::time::Duration;

use embedded_hal::i2c::{Error as _, ErrorKind, I2c, NoAcknowledgeSource, Operation};
use mlsensor::{Error, Faces, PacketError, PersonSensor};
use mlsensor_sim::{
    Direction, Fault, FaultInjector, FaultKind, Person, Recording, ReplayError, Scenario, SimBus, SimSensor,
    Tracer,
};

const fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

const NACK_ADDRESS: ErrorKind = ErrorKind::NoAcknowledge(NoAcknowledgeSource::Address);

/// Nobody, as it was captured.
const NOBODY: &str = "00 00 21 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 \
    00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 25 37";

#[test]
fn a_log_says_when_what_went_over_the_bus() {
    let (mut bus, _sim) = SimBus::with_sensor(SimSensor::new());
    bus.write(0x62, &[0x07, 0x00]).unwrap();
    bus.start_log();
    bus.advance(Duration::from_micros(710)); // after the 290 us of the write: 1 ms
    let mut packet = [0; 39];
    bus.read(0x62, &mut packet).unwrap();
    bus.write_read(0x62, &[0x05, 0x01], &mut packet[..3]).unwrap();
    bus.write(0x10, &[0x01]).unwrap_err();
    bus.transaction(0x62, &mut [Operation::Write(&[0x01]), Operation::Write(&[0x00])]).unwrap();
    let log = bus.take_log();
    let expected = format!(
        "# mlsensor recording 1\n\
        0.001000 62 r {NOBODY} # nobody\n\
        0.004620 62 w 05 01 # persist IDs = on\n\
        0.004620 62 +r 00 00 21\n\
        0.005280 10 w 01 ! nack-address\n\
        0.005390 62 w 01 00 # mode = standby\n"
    );
    assert_eq!(log.to_string(), expected);
    assert_eq!(Recording::parse(&expected), Ok(log));

    bus.read(0x62, &mut packet).unwrap();
    assert_eq!(bus.take_log(), Recording::default(), "it was taken, and nothing is logged since");
}

#[test]
fn a_log_that_is_started_again_begins_anew() {
    let (mut bus, _sim) = SimBus::with_sensor(SimSensor::new());
    bus.start_log();
    bus.write(0x62, &[0x07, 0x00]).unwrap();
    bus.start_log();
    bus.write(0x62, &[0x07, 0x01]).unwrap();
    let log = bus.take_log();
    assert_eq!(log.transfers.len(), 1);
    assert_eq!(log.transfers[0].bytes, [0x07, 0x01]);
}

#[test]
fn a_transaction_without_operations_leaves_the_transfer_before_as_it_was() {
    let mut recording = Recording::default();
    recording.push_transaction(ms(0), 0x62, &[Operation::Write(&[0x07, 0x00])], None);
    recording.push_transaction(ms(1), 0x62, &[], Some(NACK_ADDRESS));
    assert_eq!(recording.transfers.len(), 1);
    assert_eq!(recording.transfers[0].error, None);
}

/// The outer log is what the program saw, the inner one what the sensor did.
#[test]
fn a_tracer_around_a_fault_injector_sees_the_faults_and_the_bus_inside_does_not() {
    let (bus, sim) = SimBus::with_sensor(SimSensor::new());
    sim.with(|sim| sim.set_scene([Person::at(1.0, 0.0)]));
    bus.advance(ms(1000));
    bus.start_log();
    let faulty = FaultInjector::new(bus.clone(), 3);
    for fault in [Fault::AllOnes, Fault::NackAddress, Fault::NackData, Fault::Tail(20)] {
        faulty.inject(fault);
    }
    let clock = bus.clone();
    let tracer = Tracer::new(faulty, move || clock.now());
    let trace = tracer.handle();
    let mut sensor = PersonSensor::new(tracer);
    assert_eq!(sensor.read(), Err(Error::Packet(PacketError::UndrivenBus)));
    assert!(matches!(sensor.read(), Err(Error::I2c(_))));
    assert!(matches!(sensor.set_led(false), Err(Error::I2c(_))));
    assert!(matches!(sensor.read(), Err(Error::Packet(PacketError::Checksum { .. }))));
    assert_eq!(sensor.read().map(|faces| faces.count()), Ok(1));

    let seen = trace.recording();
    let lines: Vec<String> = seen.transfers.iter().map(ToString::to_string).collect();
    assert!(lines[0].starts_with("1.000000 62 r ff ff ff"), "{}", lines[0]);
    assert_eq!(lines[1], "1.003620 62 r ! nack-address");
    assert_eq!(lines[2], "1.003620 62 w 07 00 ! nack-data");
    assert!(lines[4].contains("# 1 face: "), "{}", lines[4]);

    let happened = bus.take_log().transfers;
    let whole = &happened[0].bytes;
    assert_eq!(happened.len(), 4, "the first NACK never reached the bus");
    assert_eq!((happened[1].direction, &happened[1].bytes[..]), (Direction::Write, &[0x07][..]));
    assert_eq!(seen.transfers[3].bytes[..20], whole[..20]);
    assert_eq!(seen.transfers[3].bytes[20..], [0xFF; 19]);
    assert_eq!(&seen.transfers[4].bytes, whole);
}

/// What a program makes of a read: faces, a packet error, or a kind of bus error.
type Outcome = Result<Faces, Result<PacketError, ErrorKind>>;

fn outcome<B: I2c>(sensor: &mut PersonSensor<B>) -> Outcome {
    sensor.read().map_err(|error| match error {
        Error::Packet(error) => Ok(error),
        Error::I2c(error) => Err(error.kind()),
    })
}

/// A minute of a bad day on a bad bus: what the program saw, and its trace.
fn a_bad_minute() -> (Vec<Outcome>, Recording) {
    let scenario = Scenario::named("flicker").unwrap();
    let (bus, _sim) = SimBus::with_sensor(scenario.sensor());
    let faulty = FaultInjector::new(bus.clone(), 5).with_every_fault(10_000);
    let clock = bus.clone();
    let mut sensor = PersonSensor::new(Tracer::new(faulty, move || clock.now()));
    let mut outcomes = Vec::new();
    while bus.now() < scenario.duration {
        outcomes.push(outcome(&mut sensor));
        if outcomes.len() % 50 == 0 {
            let _ = sensor.set_id_enabled(true); // writes are part of a trace, and no reads
        }
        bus.advance(ms(97));
    }
    (outcomes, sensor.release().into_recording())
}

#[test]
fn a_recorded_run_gives_the_same_faces_and_errors_when_it_is_replayed() {
    let (outcomes, recording) = a_bad_minute();
    assert!(outcomes.len() > 500);
    assert!(outcomes.iter().any(|outcome| outcome.is_ok_and(|faces| !faces.is_empty())));
    assert!(outcomes.iter().any(|outcome| matches!(outcome, Err(Ok(_)))));
    assert!(outcomes.iter().any(|outcome| matches!(outcome, Err(Err(_)))));
    let replay = recording.clone().replay();
    let mut sensor = PersonSensor::new(replay.clone());
    let mut reads = recording.transfers.iter().filter(|transfer| transfer.direction == Direction::Read);
    for (read, expected) in outcomes.iter().enumerate() {
        assert_eq!(outcome(&mut sensor), *expected, "read {read}");
        assert_eq!(replay.now(), reads.next().unwrap().at, "read {read}");
        assert!(sensor.set_led(true).is_ok(), "writes are acknowledged and change nothing");
    }
    assert_eq!(sensor.read(), Err(Error::I2c(ReplayError::Finished)));
}

#[test]
fn a_recorded_run_is_the_same_after_a_trip_through_text() {
    let (_, recording) = a_bad_minute();
    let text = recording.to_string();
    assert_eq!(Recording::parse(&text).as_ref(), Ok(&recording));
    assert_eq!(Recording::parse(&text).unwrap().to_string(), text);
}

#[test]
fn a_test_reads_the_trace_while_its_application_owns_the_tracer_and_afterwards() {
    let (bus, _sim) = SimBus::with_sensor(SimSensor::new());
    let clock = bus.clone();
    let tracer = Tracer::new(bus, move || clock.now());
    let trace = tracer.handle();
    let mut sensor = PersonSensor::new(tracer);
    assert_eq!(trace.recording(), Recording::default());
    sensor.set_led(false).unwrap();
    assert_eq!(
        trace.recording().to_string(),
        "# mlsensor recording 1\n0.000000 62 w 07 00 # debug mode (LED) = off\n"
    );
    sensor.read().unwrap();
    let tracer = sensor.release();
    assert_eq!(tracer.recording(), trace.recording());
    assert_eq!(tracer.into_recording(), trace.clone().recording(), "the handle keeps what it shows");
    assert_eq!(trace.recording().transfers.len(), 2);
}

#[test]
fn a_replay_joins_adjacent_reads_as_the_recording_did() {
    let (mut bus, _sim) = SimBus::with_sensor(SimSensor::new());
    let run = |bus: &mut dyn FnMut(&mut [Operation<'_>])| {
        let (mut first, mut second, mut third) = ([0; 32], [0; 7], [0; 2]);
        bus(&mut [Operation::Read(&mut first), Operation::Read(&mut second)]);
        bus(&mut [Operation::Write(&[0x07, 0x00]), Operation::Read(&mut third)]);
        (first, second, third)
    };
    bus.start_log();
    let real = run(&mut |operations| bus.transaction(0x62, operations).unwrap());
    let mut replay = bus.take_log().replay();
    let replayed = run(&mut |operations| replay.transaction(0x62, operations).unwrap());
    assert_eq!(real, replayed);
    assert_eq!(real.1[5..], [0x25, 0x37]);
}

#[test]
fn a_write_between_two_reads_makes_them_two_transfers_in_a_replay_as_on_a_bus() {
    let text = "0.1 62 r 01 02\n0.1 62 +w 07 00\n0.1 62 +r 03 04\n";
    let mut replay = Recording::parse(text).unwrap().replay();
    let (mut first, mut second) = ([0; 2], [0; 2]);
    let write = Operation::Write(&[0x07, 0x00]);
    replay
        .transaction(0x62, &mut [Operation::Read(&mut first), write, Operation::Read(&mut second)])
        .unwrap();
    assert_eq!((first, second), ([0x01, 0x02], [0x03, 0x04]));
}

#[test]
fn a_replay_answers_each_address_from_its_own_reads_and_longer_reads_with_an_undriven_bus() {
    let text = "0.1 62 r 00\n0.2 70 r aa bb\n0.3 62 w 01 00\n0.4 62 r 11 22\n0.5 70 r ! bus\n";
    let mut replay = Recording::parse(text).unwrap().replay();
    let mut read = |address| {
        let mut bytes = [0x77; 3];
        replay.read(address, &mut bytes).map(|()| bytes)
    };
    assert_eq!(read(0x62), Ok([0x00, 0xFF, 0xFF]));
    assert_eq!(read(0x70), Ok([0xAA, 0xBB, 0xFF]));
    assert_eq!(read(0x70), Err(ReplayError::Recorded(ErrorKind::Bus.into())));
    assert_eq!(read(0x62), Err(ReplayError::Finished), "what was passed over is over");
}

#[test]
fn blocking_and_async_give_the_same_bytes_at_the_same_times() {
    let script = |asynchronous: bool| {
        let (bus, sim) = SimBus::with_sensor(Scenario::named("crowd").unwrap().sensor());
        let other = bus.attach(SimSensor::new());
        bus.start_log();
        let mut faulty = FaultInjector::new(bus.clone(), 9).with(FaultKind::Torn, 100_000);
        for step in 0..300_u16 {
            let address = if step % 50 == 7 { 0x63 } else { 0x62 };
            let (mut one, mut two) = ([0; 32], [0; 7]);
            let pair = [step as u8 % 8, (step / 8) as u8 % 2];
            let mut operations =
                [Operation::Write(&pair), Operation::Read(&mut one), Operation::Read(&mut two)];
            let result = if asynchronous {
                use embedded_hal_async::i2c::I2c;
                pollster::block_on(I2c::transaction(&mut faulty, address, &mut operations))
            } else {
                faulty.transaction(address, &mut operations)
            };
            assert_eq!(result.is_err(), address == 0x63);
            bus.advance(ms(100));
        }
        assert_eq!(other.with(|other| other.now()), bus.now());
        (bus.take_log().to_string(), bus.now(), sim.with(|sim| sim.results()), faulty.counts())
    };
    assert_eq!(script(false), script(true));
}

#[test]
fn a_tracer_keeps_the_errors_of_awaited_transactions_too() {
    let (bus, _sim) = SimBus::with_sensor(SimSensor::new());
    let clock = bus.clone();
    let mut tracer = Tracer::new(bus, move || clock.now());
    let outcomes = pollster::block_on(async {
        use embedded_hal_async::i2c::I2c;
        let there = I2c::write(&mut tracer, 0x62, &[0x07, 0x00]).await;
        [there.is_ok(), I2c::write(&mut tracer, 0x10, &[0x01]).await.is_ok()]
    });
    assert_eq!(outcomes, [true, false]);
    let expected = "# mlsensor recording 1\n0.000000 62 w 07 00 # debug mode (LED) = off\n\
        0.000290 10 w 01 ! nack-address\n";
    assert_eq!(tracer.into_recording().to_string(), expected);
}
