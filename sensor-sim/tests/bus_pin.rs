//! What do the simulated pin and the simulated delay do to virtual time, and who wakes whom?
#![cfg(feature = "std")]

use std::future::Future;
use std::pin::pin;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Barrier};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

use embedded_hal::digital::{Error as _, InputPin};
use embedded_hal_async::digital::Wait;
use mlsensor_sim::{Attached, Direction, Person, SimBus, SimPin, SimPinError, SimSensor, Target};

const fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

/// An empty room; the sensor's exposures are at multiples of 140 ms, its results 200 ms later.
fn room() -> (SimBus, Attached<SimSensor>) {
    SimBus::with_sensor(SimSensor::new())
}

fn let_somebody_in(sim: &Attached<SimSensor>) {
    sim.with(|sim| sim.set_scene([Person::at(1.0, 0.0)]));
}

/// Counts how often it was woken.
#[derive(Default)]
struct Counter(AtomicU32);

impl Wake for Counter {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

#[test]
fn a_delay_lets_exactly_its_time_pass_in_every_unit_blocking_and_async() {
    let bus = SimBus::new();
    let mut delay = bus.delay();
    embedded_hal::delay::DelayNs::delay_ns(&mut delay, 7);
    embedded_hal::delay::DelayNs::delay_us(&mut delay, 5);
    embedded_hal::delay::DelayNs::delay_ms(&mut delay, 3);
    assert_eq!(bus.now(), Duration::from_nanos(3_005_007));
    pollster::block_on(async {
        embedded_hal_async::delay::DelayNs::delay_ns(&mut delay, 7).await;
        embedded_hal_async::delay::DelayNs::delay_us(&mut delay, 5).await;
        embedded_hal_async::delay::DelayNs::delay_ms(&mut delay, 3).await;
    });
    assert_eq!(bus.now(), Duration::from_nanos(6_010_014));
    embedded_hal::delay::DelayNs::delay_ms(&mut delay, 3_600_000);
    assert_eq!(bus.now(), Duration::from_nanos(3_600_006_010_014), "an hour, at once");
}

#[test]
fn sensors_live_through_a_delay() {
    let (bus, sim) = room();
    embedded_hal::delay::DelayNs::delay_ms(&mut bus.delay(), 341);
    assert_eq!((sim.with(|sim| sim.now()), sim.with(|sim| sim.results())), (ms(341), 2));
}

#[test]
fn the_level_can_be_looked_at_and_that_takes_no_time() {
    let (bus, sim) = room();
    let mut pin = sim.pin();
    for (present, people) in [(false, vec![]), (true, vec![Person::at(1.0, 0.0)]), (false, vec![])] {
        sim.with(|sim| sim.set_scene(people));
        bus.advance(ms(1000));
        let begin = bus.now();
        assert_eq!((pin.is_high(), pin.is_low()), (Ok(present), Ok(!present)));
        assert_eq!(bus.now(), begin);
    }
}

#[test]
fn a_wait_lets_time_pass_until_the_level_is_there_and_not_longer() {
    let (bus, sim) = room();
    let mut pin = sim.pin();
    bus.advance(ms(150));
    let_somebody_in(&sim);
    pollster::block_on(async {
        pin.wait_for_high().await.unwrap();
        assert_eq!(bus.now(), ms(480), "exposed at 280");
        pin.wait_for_high().await.unwrap();
        assert_eq!(bus.now(), ms(480), "a level: it is there already");
        sim.with(|sim| sim.set_scene([]));
        pin.wait_for_low().await.unwrap();
        assert_eq!(bus.now(), ms(760), "exposed at 560; the exposure at 420 still saw somebody");
    });
}

#[test]
fn edges_are_waited_for_even_if_the_level_is_there() {
    /// Comes and goes each second.
    fn visits() -> (SimBus, Attached<SimSensor>) {
        use mlsensor_sim::{KeyPoint, Timeline, Walk};
        let there = |from, to| {
            let person = Person::at(1.0, 0.0);
            Walk::new(vec![KeyPoint::new(ms(from), person), KeyPoint::new(ms(to), person)])
        };
        let timeline = Timeline::new(vec![there(0, 1000), there(2000, 3000), there(4000, 5000)]);
        SimBus::with_sensor(SimSensor::new().with_timeline(timeline))
    }
    // First and last exposures with somebody: 0 and 980, 2100 and 2940. Results 200 ms later, and "nobody" with the
    // exposures at 1120 and 3080.
    let (bus, sim) = visits();
    let mut pin = sim.pin();
    pollster::block_on(async {
        bus.advance(ms(500));
        assert_eq!(pin.is_high(), Ok(true));
        pin.wait_for_rising_edge().await.unwrap();
        assert_eq!(bus.now(), ms(2300));
        pin.wait_for_falling_edge().await.unwrap();
        assert_eq!(bus.now(), ms(3280));
        pin.wait_for_any_edge().await.unwrap();
        assert_eq!(bus.now(), ms(4260), "exposed at 4060");
        pin.wait_for_any_edge().await.unwrap();
        assert_eq!(bus.now(), ms(5240), "exposed at 5040");
    });
}

#[test]
fn a_falling_edge_is_no_low_level_and_a_rising_edge_no_high_one() {
    let (bus, sim) = room();
    let mut pin = sim.pin();
    bus.advance(ms(500));
    assert_eq!(pin.is_low(), Ok(true));
    let_somebody_in(&sim);
    {
        let mut wait = pin!(pin.wait_for_falling_edge());
        let mut context = Context::from_waker(Waker::noop());
        // Nobody leaves: it waits a day, the level low at first or not.
        assert_eq!(wait.as_mut().poll(&mut context), Poll::Ready(Err(SimPinError::TimedOut)));
    }
    assert!(bus.now() >= SimPin::LONGEST_WAIT && pin.is_high() == Ok(true));
    let begin = bus.now();
    assert_eq!(pollster::block_on(pin.wait_for_rising_edge()), Err(SimPinError::TimedOut));
    assert!(bus.now() - begin >= SimPin::LONGEST_WAIT);
}

#[test]
fn a_wait_that_cannot_end_says_so() {
    let (bus, sim) = room();
    let mut pin = sim.pin();
    // Nobody ever comes: a virtual day, and no more than one inference beyond it.
    assert_eq!(pollster::block_on(pin.wait_for_high()), Err(SimPinError::TimedOut));
    assert!(bus.now() >= SimPin::LONGEST_WAIT && bus.now() < SimPin::LONGEST_WAIT + ms(300));
    // In standby nothing happens at all.
    sim.with(|sim| assert!(sim.write(&[0x01, 0x00])));
    let begin = bus.now();
    let error = pollster::block_on(pin.wait_for_high()).unwrap_err();
    assert_eq!((error, bus.now()), (SimPinError::NothingWillHappen, begin));
    assert_eq!(error.kind(), embedded_hal::digital::ErrorKind::Other);
    assert_eq!(pollster::block_on(pin.wait_for_low()), Ok(()), "that level is there");
}

#[test]
fn a_passive_wait_moves_no_time_and_is_woken_by_whoever_does() {
    let (bus, sim) = room();
    let mut pin = sim.pin().passive();
    let counter = Arc::new(Counter::default());
    let waker = Waker::from(counter.clone());
    let mut context = Context::from_waker(&waker);
    let woken = || counter.0.load(Ordering::SeqCst);
    let_somebody_in(&sim);

    let mut wait = pin!(pin.wait_for_high());
    assert_eq!(wait.as_mut().poll(&mut context), Poll::Pending);
    assert_eq!(wait.as_mut().poll(&mut context), Poll::Pending);
    assert_eq!((bus.now(), woken()), (ms(0), 0));
    // Another handle of the bus lets time pass.
    bus.clone().advance(ms(199));
    assert_eq!(woken(), 1, "once, though it was polled twice");
    assert_eq!(wait.as_mut().poll(&mut context), Poll::Pending);
    bus.clone().advance(ms(1));
    assert_eq!(woken(), 2);
    assert_eq!(wait.as_mut().poll(&mut context), Poll::Ready(Ok(())));
    assert_eq!(bus.now(), ms(200));
}

#[test]
fn a_passive_wait_is_woken_by_transfers_and_delays_as_well() {
    let (mut bus, sim) = room();
    let mut pin = sim.pin().passive();
    let counter = Arc::new(Counter::default());
    let waker = Waker::from(counter.clone());
    let mut context = Context::from_waker(&waker);
    let_somebody_in(&sim);
    bus.advance(ms(198));
    let mut wait = pin!(pin.wait_for_high());
    assert_eq!(wait.as_mut().poll(&mut context), Poll::Pending);
    embedded_hal::i2c::I2c::read(&mut bus, 0x62, &mut [0; 39]).unwrap(); // 3.62 ms
    assert_eq!(counter.0.load(Ordering::SeqCst), 1);
    assert_eq!(wait.as_mut().poll(&mut context), Poll::Ready(Ok(())));

    sim.with(|sim| sim.set_scene([]));
    let mut pin = sim.pin().passive();
    let mut wait = pin!(pin.wait_for_low());
    assert_eq!(wait.as_mut().poll(&mut context), Poll::Pending);
    embedded_hal::delay::DelayNs::delay_ms(&mut bus.delay(), 500);
    assert_eq!(wait.as_mut().poll(&mut context), Poll::Ready(Ok(())));
}

/// A target that lives slowly: whoever looks at the bus meanwhile comes too early to see what time brings.
struct Slow(Arc<Barrier>);

impl Target for Slow {
    fn start(&mut self, _: u8, _: Direction) -> bool {
        false
    }

    fn write_byte(&mut self, _: u8) -> bool {
        false
    }

    fn read_byte(&mut self) -> u8 {
        0xFF
    }

    fn stop(&mut self) {}

    fn advance(&mut self, _: Duration) {
        self.0.wait();
        (0..1000).for_each(|_| std::thread::yield_now());
    }
}

/// Virtual time all the same: the threads wait for each other alone.
#[test]
fn a_passive_wait_that_begins_while_another_thread_advances_the_bus_is_woken() {
    for _ in 0..20 {
        let both_are_there = Arc::new(Barrier::new(2));
        let bus = SimBus::new();
        bus.attach(Slow(both_are_there.clone()));
        let sim = bus.attach(SimSensor::new());
        let_somebody_in(&sim);
        let mut pin = sim.pin().passive();
        let waiting = std::thread::spawn(move || {
            both_are_there.wait();
            pollster::block_on(pin.wait_for_high())
        });
        bus.advance(ms(1000)); // the only one
        let is_over = (0..1_000_000).any(|_| {
            std::thread::yield_now();
            waiting.is_finished()
        });
        assert!(is_over, "nobody woke it");
        assert_eq!(waiting.join().unwrap(), Ok(()));
    }
}
