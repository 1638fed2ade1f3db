//! What goes wrong: errors of the bus keep their kind, a host that is gone is an error, and nonsense is refused.

mod loopback;

use core::convert::Infallible;
use core::time::Duration;

use embedded_hal::delay::DelayNs;
use embedded_hal::digital::InputPin;
use embedded_hal::i2c::{Error as _, ErrorKind, ErrorType, I2c, NoAcknowledgeSource, Operation};
use embedded_hal_async::digital::Wait;
use loopback::{Gone, Loopback};
use mlsensor_bridge::{BridgeError, Pipe, Remote};
use mlsensor_sim::bridge::Bridge;
use mlsensor_sim::{Fault, FaultInjector, SimBus, SimSensor};
use pollster::block_on;

/// A bus that fails in one way.
struct Failing(ErrorKind);

impl ErrorType for Failing {
    type Error = ErrorKind;
}

impl I2c for Failing {
    fn transaction(&mut self, _: u8, _: &mut [Operation<'_>]) -> Result<(), ErrorKind> {
        Err(self.0)
    }
}

const KINDS: [ErrorKind; 7] = [
    ErrorKind::Bus,
    ErrorKind::ArbitrationLoss,
    ErrorKind::NoAcknowledge(NoAcknowledgeSource::Address),
    ErrorKind::NoAcknowledge(NoAcknowledgeSource::Data),
    ErrorKind::NoAcknowledge(NoAcknowledgeSource::Unknown),
    ErrorKind::Overrun,
    ErrorKind::Other,
];

#[test]
fn every_kind_of_an_error_of_the_bus_arrives_and_the_bridge_goes_on() {
    for kind in KINDS {
        let remote = Remote::connect(Loopback::new(Bridge::new(Failing(kind), &SimBus::new()))).unwrap();
        for _ in 0..2 {
            let error = remote.i2c().write_read(0x62, &[1], &mut [0; 39]).unwrap_err();
            assert_eq!((error.kind(), error), (kind, BridgeError::I2c(kind)));
        }
        assert_eq!(remote.now(), Ok(Duration::ZERO));
    }
}

#[test]
fn injected_faults_arrive_as_on_the_bus_itself() {
    let (bus, _sim) = SimBus::with_sensor(SimSensor::new());
    let faulty = FaultInjector::new(bus.clone(), 7);
    let control = faulty.control();
    let remote = Remote::connect(Loopback::new(Bridge::new(faulty, &bus))).unwrap();
    let mut packet = [0; 39];
    control.inject(Fault::ArbitrationLoss);
    assert_eq!(remote.i2c().read(0x62, &mut packet), Err(BridgeError::I2c(ErrorKind::ArbitrationLoss)));
    control.inject(Fault::AllOnes);
    assert_eq!(remote.i2c().read(0x62, &mut packet), Ok(()));
    assert_eq!(packet, [0xFF; 39]);
    control.inject(Fault::NackData);
    let data = ErrorKind::NoAcknowledge(NoAcknowledgeSource::Data);
    assert_eq!(remote.i2c().write(0x62, &[1, 1]), Err(BridgeError::I2c(data)));
}

/// A pipe on which so many bytes come, and whatever is sent.
struct Canned<'a>(&'a [u8]);

impl Pipe for Canned<'_> {
    type Error = Gone;

    fn write_all(&mut self, _: &[u8]) -> Result<(), Gone> {
        Ok(())
    }

    fn read_exact(&mut self, bytes: &mut [u8]) -> Result<(), Gone> {
        let (now, later) = self.0.split_at_checked(bytes.len()).ok_or(Gone)?;
        bytes.copy_from_slice(now);
        self.0 = later;
        Ok(())
    }
}

const WELCOME: [u8; 10] = [0, 1, 0, 0, 0, 0, 0, 0, 0, 1];

#[test]
fn a_host_that_is_gone_is_an_error_of_this_call_and_of_every_later_one() {
    let remote = Remote::connect(Canned(&WELCOME)).unwrap();
    assert_eq!(remote.end(), Duration::from_nanos(1 << 56));
    assert_eq!(remote.i2c().read(0x62, &mut [0; 39]), Err(BridgeError::Pipe(Gone)));
    assert_eq!(remote.i2c().read(0x62, &mut [0; 39]), Err(BridgeError::Closed));
    assert_eq!(remote.now(), Err(BridgeError::Closed));
    assert_eq!(remote.presence_pin().is_high(), Err(BridgeError::Closed));
}

#[test]
fn a_host_that_is_gone_during_a_delay_is_an_error_of_the_next_call() {
    let remote = Remote::connect(Canned(&WELCOME)).unwrap();
    remote.delay().delay_ms(5);
    assert_eq!(remote.wait_until(Duration::ZERO), Err(BridgeError::Closed));
}

#[test]
fn what_was_cut_short_in_the_bytes_that_were_read_is_an_error() {
    let answers = [&WELCOME[..], &[0; 10], &[0; 38]].concat();
    let remote = Remote::connect(Canned(&answers)).unwrap();
    assert_eq!(remote.i2c().read(0x62, &mut [0; 39]), Err(BridgeError::Pipe(Gone)));
}

#[test]
fn what_answers_with_something_else_is_no_bridge() {
    let outcome = |answers| Remote::connect(Canned(answers)).err();
    assert_eq!(outcome(b"login: "), Some(BridgeError::Pipe(Gone)));
    assert_eq!(outcome(b"login: root"), Some(BridgeError::NotABridge));
    assert_eq!(outcome(&[0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0]), Some(BridgeError::NotABridge));
    assert_eq!(outcome(&[0x81, 9, 0, 0, 0, 0, 0, 0, 0, 0]), Some(BridgeError::Version(9)));
    assert_eq!(outcome(&[0, 2, 0, 0, 0, 0, 0, 0, 0, 0]), Some(BridgeError::Version(2)));
}

#[test]
fn a_host_that_goes_away_or_is_none_any_more_closes_the_bridge() {
    for (status, error) in
        [(0x55, BridgeError::NotABridge), (0x80, BridgeError::Refused), (0x81, BridgeError::Version(9))]
    {
        let answers = [WELCOME, [status, 9, 0, 0, 0, 0, 0, 0, 0, 0], [0; 10]].concat();
        let remote = Remote::connect(Canned(&answers)).unwrap();
        assert_eq!(remote.now(), Err(error));
        assert_eq!(remote.now(), Err(BridgeError::Closed));
    }
}

#[test]
fn a_text_that_does_not_fit_or_is_none_is_refused() {
    let about = |length: u8, text: &[u8]| {
        let head = [0, 0, length, 0, 0, 0, 0, 0, 0, 0];
        let answers = [&WELCOME[..], &head, text].concat();
        let remote = Remote::connect(Canned(&answers)).unwrap();
        let about = remote.about(&mut [0; 4]).map(str::to_owned);
        // What could not be taken in is still on the pipe, and no answer.
        assert_eq!(
            remote.now(),
            Err(if about.is_ok() { BridgeError::Pipe(Gone) } else { BridgeError::Closed })
        );
        about
    };
    assert_eq!(about(4, b"room").as_deref(), Ok("room"));
    assert_eq!(about(5, b"rooms"), Err(BridgeError::NotABridge));
    assert_eq!(about(2, &[0xC3, 0x28]), Err(BridgeError::NotABridge));
}

#[test]
fn a_transaction_that_is_too_long_is_refused_before_anything_is_sent() {
    let (bus, _sim) = SimBus::with_sensor(SimSensor::new());
    let remote = Remote::connect(Loopback::new(Bridge::new(bus.clone(), &bus))).unwrap();
    let mut i2c = remote.i2c();
    assert_eq!(i2c.read(0x62, &mut vec![0; 65_536]), Err(BridgeError::TooLong));
    let (mut half, mut other) = (vec![0; 40_000], vec![0; 25_536]);
    let mut both = [Operation::Read(&mut half), Operation::Read(&mut other)];
    assert_eq!(i2c.transaction(0x62, &mut both), Err(BridgeError::TooLong));
    let mut many: Vec<Operation<'_>> = (0..65_536).map(|_| Operation::Write(&[])).collect();
    assert_eq!(i2c.transaction(0x62, &mut many), Err(BridgeError::TooLong));
    assert_eq!(bus.now(), Duration::ZERO);
    // And what is just not too long is not.
    assert_eq!(i2c.read(0x62, &mut vec![0; 65_535]), Ok(()));
    assert_eq!(i2c.write(0x62, &vec![0; 100_000]), Ok(()));
    assert_eq!(i2c.transaction(0x62, &mut many[..65_535]), Ok(()));
}

fn bridge(end: Duration) -> (SimBus, Remote<Loopback<SimBus>>) {
    let (bus, sim) = SimBus::with_sensor(SimSensor::new());
    let bridge = Bridge::new(bus.clone(), &bus).with_pin(sim.pin()).with_end(end).with_about("Ein Büro");
    (bus, Remote::connect(Loopback::new(bridge)).unwrap())
}

#[test]
fn a_wait_for_the_pin_ends_with_the_scene() {
    let end = Duration::from_secs(30);
    let (bus, remote) = bridge(end);
    let mut pin = remote.presence_pin();
    assert_eq!(block_on(pin.wait_for_high()), Err(BridgeError::SceneEnded));
    assert_eq!(bus.now(), end);
    assert_eq!(block_on(pin.wait_for_any_edge()), Err(BridgeError::SceneEnded));
    assert_eq!(bus.now(), end);
    assert_eq!(block_on(pin.wait_for_low()), Ok(()));
}

#[test]
fn without_an_end_a_wait_for_the_pin_is_given_up_after_a_day() {
    let (bus, remote) = bridge(Duration::MAX);
    assert_eq!(remote.end(), Duration::MAX);
    assert_eq!(block_on(remote.presence_pin().wait_for_high()), Err(BridgeError::TooFar));
    let hours = bus.now().as_secs() / 3600;
    assert!((24..25).contains(&hours), "{hours}");
}

#[test]
fn a_pin_that_nothing_will_change_is_not_waited_for_and_one_that_is_not_there_is_said() {
    let (bus, sim) = SimBus::with_sensor(SimSensor::new());
    sim.power_off();
    let remote = Remote::connect(Loopback::new(Bridge::new(bus.clone(), &bus).with_pin(sim.pin()))).unwrap();
    assert_eq!(block_on(remote.presence_pin().wait_for_rising_edge()), Err(BridgeError::NothingWillHappen));
    let remote = Remote::connect(Loopback::new(Bridge::new(bus.clone(), &bus))).unwrap();
    assert_eq!(remote.presence_pin().is_high(), Err(BridgeError::NoPin));
    assert_eq!(block_on(remote.presence_pin().wait_for_low()), Err(BridgeError::NoPin));
}

#[test]
fn the_end_of_the_scene_is_a_moment_of_it_and_what_lies_behind_is_reached_all_the_same() {
    let s = Duration::from_secs;
    let (bus, remote) = bridge(s(30));
    assert_eq!((remote.wait_until(s(10)), bus.now()), (Ok(true), s(10)));
    assert_eq!((remote.wait_until(s(5)), bus.now()), (Ok(true), s(10)));
    assert_eq!((remote.wait_until(s(30)), bus.now()), (Ok(true), s(30)));
    assert_eq!((remote.wait_until(s(31)), bus.now()), (Ok(false), s(31)));
    assert_eq!((remote.wait_until(Duration::MAX), bus.now()), (Ok(false), s(31 + 24 * 60 * 60)));
}

#[test]
fn a_wait_of_more_than_49_days_is_refused_and_nothing_is_closed() {
    let (bus, remote) = bridge(Duration::MAX);
    assert_eq!(remote.wait_until(Duration::from_secs(50 * 24 * 60 * 60)), Err(BridgeError::TooFar));
    assert_eq!((remote.now(), bus.now()), (Ok(Duration::ZERO), Duration::ZERO));
}

#[test]
fn the_longest_delay_of_embedded_hal_is_not_too_long() {
    let bus = SimBus::new();
    let remote = Remote::connect(Loopback::new(Bridge::new(bus.clone(), &bus))).unwrap();
    remote.delay().delay_ms(u32::MAX);
    assert_eq!(remote.now(), Ok(Duration::from_millis(u32::MAX.into())));
}

#[test]
fn what_the_scene_is_comes_in_words_as_far_as_there_is_room() {
    let (_, remote) = bridge(Duration::MAX);
    assert_eq!(remote.about(&mut [0; 100]), Ok("Ein Büro"));
    assert_eq!(remote.about(&mut [0; 9]), Ok("Ein Büro"));
    assert_eq!(remote.about(&mut [0; 6]), Ok("Ein B"));
    assert_eq!(remote.about(&mut []), Ok(""));
}

#[test]
fn an_error_says_in_words_what_it_is() {
    let words = BridgeError::<Infallible>::I2c(ErrorKind::Bus).to_string();
    assert!(words.starts_with("I2C: "), "{words}");
    assert!(BridgeError::Pipe(Gone).to_string().contains("Gone"));
}
