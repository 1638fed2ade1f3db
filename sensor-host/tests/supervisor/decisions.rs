//! What the core decides, when it is told by hand how each action went.

use std::time::Duration;

use embedded_hal::i2c::{ErrorKind, NoAcknowledgeSource};
use mlsensor::{Bounds, Config, Error, Face, Faces, PacketError};
use mlsensor_host::linux::{Doing, LinuxError};
use mlsensor_host::supervisor::{Action, Cause, Core, Pace, Reading, Settings, State, Step, Update};

use crate::bench::ms;

/// The only things that this decides are the core's: time is what a test says.
struct Told {
    core: Core,
    now: Duration,
}

fn somebody() -> Faces {
    let bounds = Bounds::new(10, 20, 30, 40).unwrap();
    Faces::new(&[Face::new(bounds, 90, None, true).unwrap()]).unwrap()
}

fn failed(kind: ErrorKind) -> Cause {
    Cause::from(Error::I2c(kind))
}

/// What the kernel says of an adapter that is gone: nothing helps but to open it anew.
fn gone() -> Cause {
    Cause::from(Error::I2c(LinuxError::new("/dev/i2c-1", Doing::Read, 19)))
}

fn refused(error: PacketError) -> Cause {
    Cause::from(Error::<ErrorKind>::Packet(error))
}

impl Told {
    fn new(settings: Settings) -> Told {
        Told { core: Core::new(settings), now: Duration::ZERO }
    }

    /// Lets time pass until there is something to do, and gives that, and how long it took.
    fn due(&mut self) -> (Action, Duration) {
        let begin = self.now;
        loop {
            let _ = self.core.time_is(self.now);
            match self.core.step(self.now) {
                Step::Do(action) => return (action, self.now - begin),
                Step::Wait(until) => {
                    assert!(until > self.now);
                    self.now = until;
                }
            }
        }
    }

    fn read(&mut self, outcome: Result<Faces, Cause>) -> Option<Update> {
        assert_eq!(self.due().0, Action::Read);
        let started = self.now;
        self.now += ms(4);
        self.core.read_done(started, self.now, outcome)
    }

    fn open(&mut self, outcome: Result<(), Cause>) -> Duration {
        let (action, waited) = self.due();
        assert_eq!(action, Action::Open);
        let _ = self.core.opened(self.now, outcome);
        waited
    }

    /// Writes what is to be written, and says what that was.
    fn configure(&mut self) -> Config {
        let (Action::Configure(config), _) = self.due() else { panic!("nothing is to be written") };
        let _ = self.core.configured(self.now, config, Ok(()));
        config
    }

    fn reading(&mut self) -> Reading {
        let update = self.read(Ok(somebody()));
        *update.as_ref().and_then(Update::reading).unwrap_or_else(|| panic!("{update:?}"))
    }

    /// A sensor that is found and set, and gives its first reading.
    fn live(settings: Settings) -> Told {
        let mut told = Told::new(settings);
        told.open(Ok(()));
        told.prove();
        told
    }

    /// Its proof, its settings, and its first reading.
    fn prove(&mut self) -> Reading {
        assert_eq!(self.read(Ok(somebody())), None);
        self.configure();
        self.reading()
    }
}

#[test]
fn settings_that_are_asked_for_while_others_are_written_are_written_next() {
    let mut told = Told::live(Settings::default());
    let (first, second) = (Config::POWER_ON.with_led(false), Config::POWER_ON.with_id_enabled(true));
    told.core.set_config(first);
    told.reading();
    assert_eq!(told.due().0, Action::Configure(first));
    told.core.set_config(second);
    // Only now the write of the first is over.
    let _ = told.core.configured(told.now, first, Ok(()));
    told.reading();
    assert_eq!(told.configure(), second);
    told.reading();
    assert_eq!(told.due().0, Action::Read, "nothing more is written");
}

#[test]
fn after_a_sensor_was_live_the_first_wait_is_a_short_one_again() {
    let mut told = Told::live(Settings::default());
    for _ in 0..2 {
        assert!(told.read(Err(gone())).is_some());
        let waits: Vec<Duration> = (0..6).map(|_| told.open(Err(gone()))).collect();
        assert!(waits[0] <= ms(100) && waits[5] >= ms(1500), "{waits:?}");
        told.open(Ok(()));
        // Its proof alone is not enough: it may be lost in the middle of its settings, again and again.
        told.prove();
    }
}

#[test]
fn after_a_poll_that_failed_the_next_one_is_50_ms_later_however_fast_the_pace_is() {
    let mut told = Told::live(Settings::default().with_pace(Pace::Every(ms(10))).with_missed_intervals(100));
    assert!(told.due().1 <= ms(10), "it is fast");
    for _ in 0..5 {
        let nobody = failed(ErrorKind::NoAcknowledge(NoAcknowledgeSource::Address));
        assert!(matches!(told.read(Err(nobody)), Some(Update::Missed(_))));
        let (action, waited) = told.due();
        assert_eq!(action, Action::Read);
        assert!((ms(50)..=ms(60)).contains(&waited), "{waited:?}");
    }
    told.reading();
    assert!(told.due().1 <= ms(10), "and is again");
}

#[test]
fn a_packet_whose_bits_were_lost_is_read_again_at_once_and_no_other() {
    let mut told = Told::live(Settings::default());
    told.due();
    assert_eq!(told.read(Err(refused(PacketError::Checksum { found: 1, computed: 2 }))), None);
    assert_eq!(told.due(), (Action::Read, ms(5)));
    told.reading();
    assert!(told.read(Err(refused(PacketError::FaceCount { found: 9 }))).is_some());
    assert!(told.due().1 >= ms(50));
    assert_eq!((told.core.counters().retries, told.core.counters().missed), (1, 1));
}

#[test]
fn after_a_restart_the_faces_are_not_the_same_as_before_it() {
    for restart in [true, false] {
        let mut told = Told::live(Settings::default());
        let first = told.reading();
        while told.now < ms(9000) {
            told.reading();
        }
        if restart {
            told.read(Err(gone()));
            told.open(Ok(()));
            let reading = told.prove();
            assert_eq!((reading.same_for(), reading.is_fresh()), (Duration::ZERO, true));
        }
        let mut last = told.reading();
        while told.now < first.at() + ms(11_000) {
            last = told.reading();
        }
        assert_eq!((last.is_frozen(), told.core.counters().frozen), (!restart, u64::from(!restart)));
    }
}

#[test]
fn a_bus_is_given_up_once_however_often_it_cannot_be_opened_then() {
    let mut told = Told::new(Settings::default());
    for _ in 0..3 {
        told.open(Err(gone()));
    }
    let counted = |told: &Told| {
        let counters = told.core.counters();
        (counters.opened, counters.not_opened, counters.given_up)
    };
    assert_eq!(counted(&told), (0, 3, 0));
    told.open(Ok(()));
    told.read(Err(gone()));
    assert_eq!(counted(&told), (1, 3, 1));
    told.open(Err(gone()));
    told.open(Ok(()));
    assert_eq!(counted(&told), (2, 4, 1));
    // It is given up from each phase alike: while it is probed, set, and read.
    told.read(Ok(somebody()));
    let (Action::Configure(config), _) = told.due() else { panic!("it is set next") };
    let _ = told.core.configured(told.now, config, Err(gone()));
    assert_eq!(counted(&told), (2, 4, 2));
    told.open(Ok(()));
    told.prove();
    told.read(Err(gone()));
    assert_eq!(counted(&told), (3, 4, 3));
    assert_eq!(told.core.state(told.now + ms(2000)), State::Absent);
}

/// Each on its own counter, and on no other: typed here, by the names of JSON.
#[test]
fn each_failure_is_counted_by_its_kind() {
    for (cause, group, name) in [
        (failed(ErrorKind::NoAcknowledge(NoAcknowledgeSource::Unknown)), "bus_errors", "no_acknowledge"),
        (failed(ErrorKind::ArbitrationLoss), "bus_errors", "arbitration_loss"),
        (failed(ErrorKind::Bus), "bus_errors", "bus"),
        (failed(ErrorKind::Overrun), "bus_errors", "overrun"),
        (failed(ErrorKind::Other), "bus_errors", "other"),
        (refused(PacketError::UndrivenBus), "refused", "undriven_bus"),
        (refused(PacketError::AllZero), "refused", "all_zero"),
        (refused(PacketError::Checksum { found: 1, computed: 2 }), "refused", "checksum"),
        (refused(PacketError::DataLength { found: 29 }), "refused", "data_length"),
        (refused(PacketError::FaceCount { found: 5 }), "refused", "content"),
    ] {
        let mut told = Told::live(Settings::default());
        let before = serde_json::to_value(told.core.counters()).unwrap();
        told.read(Err(cause));
        let after = serde_json::to_value(told.core.counters()).unwrap();
        for counted in ["bus_errors", "refused"] {
            for (counter, count) in after[counted].as_object().unwrap() {
                let is_it = (counted, &**counter) == (group, name);
                let more = count.as_u64().unwrap() - before[counted][counter].as_u64().unwrap();
                assert_eq!(more, u64::from(is_it), "{group}.{name}: {counted}.{counter}");
            }
        }
        assert_eq!(after["reads"].as_u64().unwrap(), before["reads"].as_u64().unwrap() + 1);
    }
}
