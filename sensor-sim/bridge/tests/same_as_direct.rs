//! Over the bridge a driver sees what it sees on the simulated bus itself: the same bytes, at the same times.

mod loopback;

use core::time::Duration;

use embedded_hal::delay::DelayNs;
use embedded_hal::digital::InputPin;
use embedded_hal::i2c::{Error as _, ErrorKind, I2c, Operation};
use loopback::Loopback;
use mlsensor::behavior::Cadence;
use mlsensor::{Config, Faces, Mode, PersonSensor, PersonSensorAsync};
use mlsensor_bridge::{Remote, RemoteI2c};
use mlsensor_sim::bridge::Bridge;
use mlsensor_sim::{Attached, Recording, Scenario, SimBus, SimSensor};
use pollster::block_on;
use proptest::prelude::*;

fn simulated(name: &str) -> (SimBus, Attached<SimSensor>, Duration) {
    let scenario = Scenario::named(name).unwrap();
    let (bus, sim) = SimBus::with_sensor(scenario.sensor());
    bus.start_log();
    (bus, sim, scenario.duration)
}

fn bridged(bus: &SimBus, sim: &Attached<SimSensor>, end: Duration) -> Remote<Loopback<SimBus>> {
    let bridge = Bridge::new(bus.clone(), bus).with_pin(sim.pin()).with_end(end);
    Remote::connect(Loopback::new(bridge)).unwrap()
}

/// A whole scene, read just after each inference.
fn readings<I2C: I2c>(
    i2c: I2C,
    mut wait_until: impl FnMut(Duration) -> bool,
    now: impl Fn() -> Duration,
) -> Vec<(Duration, Duration, Faces)> {
    let mut sensor = PersonSensor::new(i2c);
    let (mut cadence, mut readings) = (Cadence::default(), Vec::new());
    while wait_until(cadence.next_read()) {
        let begun = now();
        let faces = sensor.read().ok().unwrap();
        let _ = cadence.read_done(begun, Some(&faces));
        readings.push((begun, now(), faces));
    }
    readings
}

#[test]
fn a_whole_scene_is_the_same_as_without_a_bridge() {
    for (name, _) in Scenario::SHIPPED {
        let (direct, _, end) = simulated(name);
        let wait_until = |moment: Duration| {
            direct.advance(moment.saturating_sub(direct.now()));
            moment <= end
        };
        let expected = readings(direct.clone(), wait_until, || direct.now());

        let (bus, sim, _) = simulated(name);
        let remote = bridged(&bus, &sim, end);
        let wait_until = |moment| remote.wait_until(moment).unwrap();
        let seen = readings(remote.i2c(), wait_until, || remote.now().unwrap());
        assert!(expected.len() > 100, "{name}: {} readings", expected.len());
        assert_eq!(seen, expected, "{name}");
        assert_eq!((bus.now(), remote.end()), (direct.now(), end));
        assert_eq!(bus.take_log(), direct.take_log(), "{name}");
    }
}

type Called = ([Option<mlsensor::Error<ErrorKind>>; 7], Option<Faces>);

/// Every register away from its default, a capture, an enrolment, and an address at which nothing is.
fn every_call<I2C: I2c>(mut i2c: I2C, mut delay: impl DelayNs) -> (ErrorKind, Called) {
    let config = Config::POWER_ON.with_mode(Mode::Standby).with_id_enabled(true).with_led(false);
    let nobody = i2c.write_read(0x29, &[1, 2], &mut [0; 3]).unwrap_err().kind();
    let mut sensor = PersonSensor::new(i2c);
    delay.delay_ms(3000);
    let calls = [
        sensor.configure(&config),
        sensor.set_persist_ids(true),
        sensor.trigger_single_shot(),
        sensor.set_mode(Mode::Continuous),
        sensor.label_next_id(mlsensor::PersonId::new(3).unwrap()),
        sensor.erase_ids(),
        sensor.set_led(true),
    ];
    let kinds = calls.map(|call| call.map_err(|error| error.map_i2c(|error| error.kind())).err());
    delay.delay_us(400_000);
    delay.delay_ns(1_000_000_007);
    let seen = sensor.capture(&mut delay).ok();
    (nobody, (kinds, seen))
}

#[test]
fn every_register_is_written_as_without_a_bridge() {
    let (direct, _, end) = simulated("turn_away");
    let expected = every_call(direct.clone(), direct.delay());
    let (bus, sim, _) = simulated("turn_away");
    let remote = bridged(&bus, &sim, end);
    assert_eq!(every_call(remote.i2c(), remote.delay()), expected);
    let address = embedded_hal::i2c::NoAcknowledgeSource::Address;
    assert_eq!(expected.0, ErrorKind::NoAcknowledge(address));
    assert!(expected.1.0.iter().all(Option::is_none) && expected.1.1.is_some(), "{expected:?}");
    let log = direct.take_log();
    assert_eq!((bus.take_log(), bus.now()), (log.clone(), direct.now()));
    let registers: Vec<u8> = log
        .transfers
        .iter()
        .filter(|t| t.address == 0x62 && t.bytes.len() == 2)
        .map(|t| t.bytes[0])
        .collect();
    assert!((1..=7).all(|register| registers.contains(&register)), "{registers:?}");
}

#[test]
fn what_is_awaited_is_ready_at_once_and_the_same() {
    let (direct, _, end) = simulated("walk_up");
    direct.advance(Duration::from_secs(7));
    let mut sensor = PersonSensor::new(direct.clone());
    sensor.set_mode(Mode::Standby).unwrap();
    let expected = sensor.capture(&mut direct.delay()).unwrap();

    let (bus, sim, _) = simulated("walk_up");
    let remote = bridged(&bus, &sim, end);
    let mut delay = remote.delay();
    let mut sensor = PersonSensorAsync::new(remote.i2c());
    let mut future = core::pin::pin!(async {
        embedded_hal_async::delay::DelayNs::delay_ms(&mut delay, 6000).await;
        embedded_hal_async::delay::DelayNs::delay_us(&mut delay, 999_999).await;
        embedded_hal_async::delay::DelayNs::delay_ns(&mut delay, 1000).await;
        sensor.set_mode(Mode::Standby).await.unwrap();
        sensor.capture(&mut delay).await.unwrap()
    });
    let mut context = core::task::Context::from_waker(core::task::Waker::noop());
    let core::task::Poll::Ready(seen) = future.as_mut().poll(&mut context) else {
        panic!("it would wait for something that nobody does");
    };
    assert_eq!((seen, bus.now()), (expected, direct.now()));
    assert_eq!(seen.facing().count(), 1);
    assert_eq!(bus.take_log(), direct.take_log());
}

#[test]
fn the_pin_rises_and_falls_when_it_does_without_a_bridge() {
    use embedded_hal_async::digital::Wait;

    let (direct, directly, end) = simulated("walk_up");
    let mut pin = directly.pin();
    let mut expected = Vec::new();
    block_on(async {
        pin.wait_for_low().await.unwrap();
        pin.wait_for_rising_edge().await.unwrap();
        expected.push(direct.now());
        pin.wait_for_high().await.unwrap();
        pin.wait_for_falling_edge().await.unwrap();
        expected.push(direct.now());
        pin.wait_for_any_edge().await.unwrap();
        expected.push(direct.now());
    });
    assert!(expected.is_sorted() && expected[0] > Duration::from_secs(1), "{expected:?}");

    let (bus, sim, _) = simulated("walk_up");
    let remote = bridged(&bus, &sim, end);
    let mut pin = remote.presence_pin();
    let mut seen = Vec::new();
    block_on(async {
        pin.wait_for_low().await.unwrap();
        assert_eq!((pin.is_low(), pin.is_high()), (Ok(true), Ok(false)));
        pin.wait_for_rising_edge().await.unwrap();
        assert_eq!((pin.is_low(), pin.is_high()), (Ok(false), Ok(true)));
        seen.push(remote.now().unwrap());
        pin.wait_for_high().await.unwrap();
        pin.wait_for_falling_edge().await.unwrap();
        seen.push(remote.now().unwrap());
        pin.wait_for_any_edge().await.unwrap();
        seen.push(remote.now().unwrap());
    });
    assert_eq!(seen, expected);
}

#[test]
fn an_edge_is_waited_for_though_the_level_behind_it_is_there_already() {
    use embedded_hal_async::digital::Wait;

    let (direct, directly, end) = simulated("walk_up");
    block_on(directly.pin().wait_for_high()).unwrap();
    let rose = direct.now();
    block_on(directly.pin().wait_for_low()).unwrap();
    let fell = direct.now();

    let (bus, sim, _) = simulated("walk_up");
    let remote = bridged(&bus, &sim, end);
    block_on(remote.presence_pin().wait_for_falling_edge()).unwrap();
    assert_eq!(bus.now(), fell, "it was low before");

    let (bus, sim, _) = simulated("walk_up");
    let remote = bridged(&bus, &sim, end);
    block_on(remote.presence_pin().wait_for_high()).unwrap();
    assert_eq!(bus.now(), rose);
    block_on(remote.presence_pin().wait_for_rising_edge()).unwrap();
    assert!(bus.now() > fell, "it was high before");
}

/// What firmware may do.
#[derive(Debug, Clone)]
enum Step {
    Transaction(u8, Vec<Result<usize, Vec<u8>>>),
    DelayUs(u32),
    WaitUntil(Duration),
}

fn step() -> impl Strategy<Value = Step> {
    let operation = prop_oneof![
        (0..60_usize).prop_map(Ok),
        prop_oneof![Just(39), Just(0), 0..300_usize].prop_map(Ok),
        prop::collection::vec(any::<u8>(), 0..5).prop_map(Err),
        (1..8_u8, 0..3_u8).prop_map(|(register, value)| Err(vec![register, value])),
    ];
    let address = prop_oneof![4 => Just(0x62_u8), 1 => 0..=0x7F_u8];
    let transaction = (address, prop::collection::vec(operation, 0..4));
    prop_oneof![
        4 => transaction.prop_map(|(address, operations)| Step::Transaction(address, operations)),
        2 => (0..2_000_000_u32).prop_map(Step::DelayUs),
        1 => (0..30_000_u64).prop_map(|ms| Step::WaitUntil(Duration::from_millis(ms))),
    ]
}

type Outcome = (Result<Vec<Vec<u8>>, ErrorKind>, Duration);

fn transact<I2C: I2c>(
    i2c: &mut I2C,
    address: u8,
    operations: &[Result<usize, Vec<u8>>],
) -> Result<Vec<Vec<u8>>, ErrorKind> {
    let lengths = operations.iter().filter_map(|operation| operation.as_ref().ok());
    let mut buffers: Vec<Vec<u8>> = lengths.map(|&length| vec![0xA5; length]).collect();
    let mut rest = buffers.iter_mut();
    let mut operations: Vec<Operation<'_>> = operations
        .iter()
        .map(|operation| match operation {
            Ok(_) => Operation::Read(rest.next().unwrap()),
            Err(bytes) => Operation::Write(bytes),
        })
        .collect();
    i2c.transaction(address, &mut operations).map_err(|error| error.kind())?;
    Ok(buffers)
}

fn run<I2C: I2c>(
    steps: &[Step],
    mut i2c: I2C,
    mut delay: impl DelayNs,
    wait_until: impl Fn(Duration) -> bool,
    now: impl Fn() -> Duration,
) -> Vec<Outcome> {
    let outcome = |step: &Step| {
        let outcome = match step {
            Step::Transaction(address, operations) => transact(&mut i2c, *address, operations),
            Step::DelayUs(us) => {
                delay.delay_us(*us);
                Ok(vec![])
            }
            Step::WaitUntil(moment) => Ok(vec![vec![wait_until(*moment).into()]]),
        };
        (outcome, now())
    };
    steps.iter().map(outcome).collect()
}

proptest! {
    #[test]
    fn whatever_firmware_does_is_the_same_as_without_a_bridge(
        steps in prop::collection::vec(step(), 1..40),
        scene in 0..Scenario::SHIPPED.len(),
    ) {
        let name = Scenario::SHIPPED[scene].0;
        let (direct, _, end) = simulated(name);
        let wait_until = |moment: Duration| {
            direct.advance(moment.saturating_sub(direct.now()));
            moment <= end
        };
        let expected = run(&steps, direct.clone(), direct.delay(), wait_until, || direct.now());

        let (bus, sim, _) = simulated(name);
        let remote = bridged(&bus, &sim, end);
        let i2c: RemoteI2c<'_, _> = remote.i2c();
        let wait_until = |moment| remote.wait_until(moment).unwrap();
        let seen = run(&steps, i2c, remote.delay(), wait_until, || remote.now().unwrap());
        prop_assert_eq!(seen, expected);
        let logs: [Recording; 2] = [bus.take_log(), direct.take_log()];
        prop_assert_eq!(&logs[0], &logs[1]);
    }
}
