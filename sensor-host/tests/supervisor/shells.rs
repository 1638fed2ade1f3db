//! What the shells owe besides what the core decides: closing, turns, and readings that grow old.

use std::cell::Cell;
use std::rc::Rc;

use embedded_hal::i2c::{ErrorType, I2c, Operation};
use mlsensor_host::linux::{Doing, LinuxError};
use mlsensor_host::supervisor::{Group, Pace, Settings, State, Supervisor, Update};
use mlsensor_sim::SimSensor;

use crate::bench::{Bench, ms};

#[test]
fn the_latest_reading_is_as_old_as_it_is_when_it_is_asked_for() {
    let bench = Bench::new(SimSensor::new(), 1);
    let mut supervisor = Supervisor::with_clock(bench.clone(), Settings::default(), bench.clone());
    let latest = supervisor.latest();
    let Update::Live(reading) = supervisor.next() else { panic!("it is there") };
    for more in [70, 140, 140] {
        bench.bus.advance(ms(more));
        let update = latest.get();
        let found = update.reading().unwrap();
        assert_eq!((found.at(), found.age()), (reading.at(), bench.bus.now() - reading.at()));
    }
    bench.bus.advance(ms(140));
    assert_eq!(latest.get().state(), State::Stale);
}

#[cfg(feature = "tokio")]
#[test]
fn the_latest_reading_of_the_async_shell_is_as_old_as_it_is_too() {
    use mlsensor_host::supervisor::SupervisorAsync;

    let bench = Bench::new(SimSensor::new(), 1);
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    runtime.block_on(async {
        let mut supervisor = SupervisorAsync::with_clock(bench.clone(), Settings::default(), bench.clone());
        let latest = supervisor.latest();
        let Update::Live(reading) = supervisor.next().await else { panic!("it is there") };
        bench.bus.advance(ms(200));
        let found = latest.get().reading().map(|found| (found.at(), found.age()));
        assert_eq!(found, Some((reading.at(), bench.bus.now() - reading.at())));
        bench.bus.advance(ms(300));
        assert_eq!(latest.get().state(), State::Stale);
    });
}

/// A bus that can be open only once, and is gone at the second read.
struct Only {
    is_open: Rc<Cell<bool>>,
    reads: u32,
}

impl Drop for Only {
    fn drop(&mut self) {
        self.is_open.set(false);
    }
}

impl ErrorType for Only {
    type Error = LinuxError;
}

impl I2c for Only {
    fn transaction(&mut self, _: u8, _: &mut [Operation<'_>]) -> Result<(), LinuxError> {
        self.reads += 1;
        Err(LinuxError::new("/dev/i2c-1", Doing::Read, 19))
    }
}

#[test]
fn a_bus_is_closed_before_it_is_opened_again() {
    let (is_open, opened) = (Rc::new(Cell::new(false)), Cell::new(0));
    let opener = || {
        if is_open.replace(true) {
            return Err(LinuxError::new("/dev/i2c-1", Doing::Open, 16));
        }
        opened.set(opened.get() + 1);
        Ok(Only { is_open: is_open.clone(), reads: 0 })
    };
    let clock = Bench::new(SimSensor::new(), 1);
    let mut supervisor = Supervisor::with_clock(opener, Settings::default(), clock);
    for _ in 0..5 {
        let update = supervisor.next();
        assert_eq!(update.trouble().and_then(|trouble| trouble.cause.errno()), Some(19), "{update:?}");
    }
    assert_eq!((opened.get(), supervisor.counters().not_opened), (5, 0));
}

/// There is more to do than there is time for: each read takes as long as three intervals.
#[test]
fn in_a_group_that_cannot_keep_up_nobody_starves() {
    let bench = Bench::new(SimSensor::new(), 1);
    bench.set_hangs(ms(30));
    let settings = Settings::default().with_pace(Pace::Every(ms(10))).with_missed_intervals(1000);
    let mut group = Group::new();
    for number in 0..3_usize {
        group.add(number, Supervisor::with_clock(bench.clone(), settings, bench.clone()));
    }
    // Until each has settled.
    while bench.bus.now() < ms(3000) {
        group.next();
    }
    let mut told = [0; 3];
    for _ in 0..90 {
        let (&number, update) = group.next().unwrap();
        told[number] += u32::from(update.faces().is_some());
    }
    assert_eq!(told, [30; 3]);
}
