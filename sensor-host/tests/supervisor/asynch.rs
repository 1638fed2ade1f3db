//! What only the async shell has to keep: nothing is lost when a future is dropped, and the latest value.

use std::convert::Infallible;
use std::sync::{Arc, Mutex, mpsc};
use std::time::Duration;

use embedded_hal::i2c::{ErrorType, I2c, Operation};
use mlsensor::{Config, Faces};
use mlsensor_host::mux::Muxes;
use mlsensor_host::supervisor::{Clock, ClockAsync, Settings, State, SupervisorAsync, Update};
use mlsensor_sim::{Detection, Fault, FaultKind, Person, SimBus, SimBusError, SimSensor, Tca9548a};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::time::sleep;

use crate::bench::{Bench, Seen, ms};
use crate::drive::{self, Run};

fn paused() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap()
}

fn somebody() -> SimSensor {
    let mut sensor = SimSensor::new().with_detection(Detection::default()).with_seed(3);
    sensor.set_scene([Person::at(1.0, 0.0)]);
    sensor
}

/// A bus whose transfers say that they have begun, and go on when they are told to.
struct Gated {
    bus: SimBus,
    begun: UnboundedSender<()>,
    go_on: Arc<Mutex<mpsc::Receiver<()>>>,
}

impl ErrorType for Gated {
    type Error = SimBusError;
}

impl I2c for Gated {
    fn transaction(&mut self, address: u8, operations: &mut [Operation<'_>]) -> Result<(), SimBusError> {
        let _ = self.begun.send(());
        // Only a test that went wrong keeps it waiting for so long.
        self.go_on.lock().unwrap().recv_timeout(Duration::from_secs(60)).expect("the gate was opened");
        self.bus.transaction(address, operations)
    }
}

struct Gate {
    begun: UnboundedReceiver<()>,
    go_on: mpsc::Sender<()>,
}

#[test]
fn a_future_that_is_dropped_in_the_middle_of_a_transfer_loses_nothing() {
    let bench = Bench::new(somebody(), 1);
    bench.bus.advance(ms(1000));
    bench.bus.start_log();
    let (begun, waits) = unbounded_channel();
    let (go_on, goes_on) = mpsc::channel();
    let goes_on = Arc::new(Mutex::new(goes_on));
    let bus = bench.bus.clone();
    let opener =
        move || Ok::<_, Infallible>(Gated { bus: bus.clone(), begun: begun.clone(), go_on: goes_on.clone() });
    let mut gate = Gate { begun: waits, go_on };
    let config = Config::default().with_led(false);
    let settings = Settings::default().with_config(config);
    paused().block_on(async {
        let mut supervisor = SupervisorAsync::with_clock(opener, settings, bench.clone());
        let mut updates = Vec::new();
        // The probe, four writes and three readings, each of them dropped once while it is under way.
        for transfer in 0..8 {
            tokio::select! {
                biased;
                update = supervisor.next() => panic!("{transfer}: {update:?}, with a transfer that waits"),
                Some(()) = gate.begun.recv() => {}
            }
            // Nobody awaits it now. Once more, in vain, and it is not begun anew.
            tokio::select! {
                biased;
                update = supervisor.next() => panic!("{transfer}: {update:?}, with a transfer that waits"),
                () = tokio::task::yield_now() => {}
            }
            assert!(gate.begun.try_recv().is_err());
            gate.go_on.send(()).unwrap();
            if transfer >= 5 {
                updates.push(supervisor.next().await);
            }
        }
        assert!(updates.iter().all(|update| update.faces().is_some()), "{updates:?}");
        assert_eq!((supervisor.counters().reads, supervisor.counters().readings), (4, 3));
        assert_eq!(supervisor.counters().configured, 1);
    });
    let text = bench.bus.take_log().to_string();
    let transfers: Vec<&str> =
        text.lines().filter_map(|line| line.split(' ').nth(2).filter(|d| *d == "r" || *d == "w")).collect();
    assert_eq!(transfers, ["r", "w", "w", "w", "w", "r", "r", "r"]);
    assert_eq!(bench.sensor(|sensor| sensor.config()), config);
}

#[test]
fn what_was_read_while_nobody_awaited_it_is_as_old_as_it_is() {
    let bench = Bench::new(somebody(), 1);
    bench.bus.advance(ms(1000));
    paused().block_on(async {
        let mut supervisor = SupervisorAsync::with_clock(bench.clone(), Settings::default(), bench.clone());
        assert_eq!(supervisor.next().await.state(), State::Live);
        for (away_ms, state) in [(50, State::Live), (1500, State::Stale)] {
            let reads = supervisor.counters().reads;
            loop {
                // Dropped while it reads, and only then.
                let log = bench.log().len();
                tokio::select! {
                    biased;
                    update = supervisor.next() => assert_eq!(update.state(), State::Live),
                    () = tokio::task::yield_now() => {
                        sleep(ms(1)).await; // Not before no transfer is under way.
                        bench.pass_until(bench.bus.now() + ms(1));
                        if bench.log().len() > log {
                            break;
                        }
                    }
                }
            }
            bench.pass_until(bench.bus.now() + ms(away_ms));
            let update = supervisor.next().await;
            assert_eq!(update.state(), state, "{away_ms}: {update:?}");
            if let Some(reading) = update.reading() {
                assert!(reading.age() >= ms(away_ms));
            }
            assert!(supervisor.counters().reads > reads);
        }
    });
}

/// The same run as `drive::asynch`, but each future is dropped again and again, at moments of chance.
fn interrupted(bench: &Bench, settings: Settings, until: Duration, seed: u64) -> Run {
    let mut chance = seed | 1;
    paused().block_on(async {
        let mut supervisor = SupervisorAsync::with_clock(bench.clone(), settings, bench.clone());
        let mut updates = Vec::new();
        while bench.bus.now() < until {
            chance ^= chance << 13;
            chance ^= chance >> 7;
            chance ^= chance << 17;
            let patience = ms([0, 0, 1, 7, 30, 110][(chance >> 40) as usize % 6]);
            let begin = bench.bus.now();
            tokio::select! {
                biased;
                update = supervisor.next() => updates.push((bench.bus.now(), update)),
                () = sleep(patience) => {
                    // Tokio's time stands still while a transfer is under way: after this none is.
                    sleep(ms(1)).await;
                    if bench.bus.now() == begin {
                        bench.pass_until(begin + patience);
                    }
                }
            }
        }
        Run { updates, counters: *supervisor.counters() }
    })
}

#[test]
fn a_supervisor_that_is_interrupted_all_the_time_does_what_one_does_that_is_not() {
    for seed in 1..=8 {
        let bench = || {
            let bench = Bench::new(somebody(), seed);
            bench.at(ms(3000), |bench| bench.sensor(SimSensor::power_off));
            bench.at(ms(4000), |bench| bench.sensor(SimSensor::power_on));
            bench.at(ms(12_000), |bench| bench.faults.inject(Fault::Gone(3)));
            bench.at(ms(14_000), |bench| bench.faults.set_rate(FaultKind::ArbitrationLoss, 200_000));
            bench
        };
        let settings = Settings::default().with_seed(seed);
        let (calm, shaken) = (bench(), bench());
        let undisturbed = drive::blocking(&calm, settings, ms(20_000), None);
        let run = interrupted(&shaken, settings, ms(20_000), seed);
        assert!(run.counters.reads > 100 && run.counters.retries > 5 && run.counters.configured == 2);
        let until = ms(19_500);
        let before = |updates: &[(Duration, Update)]| {
            updates.iter().filter(|(at, _)| *at < until).cloned().collect::<Vec<_>>()
        };
        let differ = before(&run.updates).into_iter().zip(before(&undisturbed.updates)).find(|(a, b)| a != b);
        assert_eq!(differ, None);
        assert_eq!(before(&run.updates).len(), before(&undisturbed.updates).len());
        let log =
            |bench: &Bench| bench.log().into_iter().filter(|seen| seen.at() < until).collect::<Vec<Seen>>();
        assert!(log(&calm) == log(&shaken));
    }
}

#[test]
fn the_latest_reading_can_be_asked_for_and_awaited_and_grows_old_by_itself() {
    let bench = Bench::new(somebody(), 1);
    paused().block_on(async {
        let mut latest =
            SupervisorAsync::with_clock(bench.clone(), Settings::default(), bench.clone()).spawn();
        assert_eq!(latest.get().state(), State::Absent);
        let reading = loop {
            if let Some(Update::Live(reading)) = latest.changed().await {
                break reading;
            }
        };
        // Another handle sees the same, older by the time that has passed.
        let other = latest.clone();
        let age = other.get().reading().map(|reading| reading.age());
        assert_eq!(age, Some(ClockAsync::now(&bench) - reading.at()));
        // Time passes, and nobody reads: nothing was awaited in between.
        bench.pass_until(Clock::now(&bench) + ms(1000));
        assert!(other.get().faces().is_none());
        assert_eq!(other.get().state(), State::Stale);
        // And it goes on.
        while latest.changed().await.is_some_and(|update| update.faces().is_none()) {}
        assert_eq!(latest.get().state(), State::Live);
        // The task ends with its last handle, and the bus is closed.
        let reads = bench.log().len();
        drop((latest, other));
        sleep(Duration::from_secs(60)).await;
        assert!(bench.log().len() <= reads + 1);
    });
}

#[test]
fn eight_sensors_behind_a_multiplexer_are_read_by_a_task_each() {
    /// One bus and its time, for all tasks.
    struct Virtual(SimBus);
    impl ClockAsync for Virtual {
        fn now(&self) -> Duration {
            self.0.now()
        }
        async fn wait_until(&self, at: Duration) {
            sleep(at.saturating_sub(self.0.now())).await;
            self.0.advance(at.saturating_sub(self.0.now()));
        }
    }
    let face = |channel: u8| {
        let bounds = mlsensor::Bounds::new(channel * 20, 50, channel * 20 + 15, 70).unwrap();
        Faces::new(&[mlsensor::Face::new(bounds, 90, None, true).unwrap()]).unwrap()
    };
    let bus = SimBus::new();
    let mut mux = Tca9548a::new(0x70);
    for channel in 0..8 {
        let mut sensor = SimSensor::new();
        sensor.show_faces(face(channel));
        mux.attach(&bus, channel, sensor);
    }
    bus.attach(mux);
    let muxes = Muxes::new(bus.clone(), &[0x70]).unwrap();
    paused().block_on(async {
        let sensors: Vec<_> = (0..8)
            .map(|number| {
                let channel = muxes.channel(0x70, number).unwrap();
                let opener = move || Ok::<_, Infallible>(channel.clone());
                SupervisorAsync::with_clock(opener, Settings::default(), Virtual(bus.clone())).spawn()
            })
            .collect();
        let mut readings = [0; 8];
        while readings.iter().any(|readings| *readings < 20) {
            sleep(ms(20)).await;
            for (number, sensor) in sensors.iter().enumerate() {
                if let Some(faces) = sensor.get().faces() {
                    assert_eq!(*faces, face(number as u8));
                    readings[number] += 1;
                }
            }
            assert!(bus.now() < Duration::from_secs(60), "{readings:?}");
        }
    });
}
