//! A sensor on a bus in virtual time, whatever befalls it, and a log of what was done to it.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use embedded_hal::i2c::{self, Error as _, I2c, NoAcknowledgeSource, Operation};
use mlsensor::{Faces, Packet};
use mlsensor_host::supervisor::{Clock, Opener, Retry, RetryHint};
use mlsensor_sim::{
    Attached, Direction, FaultControl, FaultError, FaultInjector, Lookalike, LookalikeKind, SimBus,
    SimBusError, SimSensor, Target,
};

pub(crate) const fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

/// What sits at 0x62: a sensor, or another part in its place. Time passes for both.
pub(crate) struct Socket {
    pub(crate) sensor: SimSensor,
    other: Option<Lookalike>,
    /// What other parts were sent.
    written: u64,
    /// For how long there is nothing yet: nobody changes parts between two transfers.
    empty_for: Duration,
}

impl Socket {
    pub(crate) fn plug(&mut self, kind: LookalikeKind) {
        self.pull();
        self.other = Some(Lookalike::new(kind));
        self.empty_for = ms(200);
    }

    /// Takes the other part out: the sensor is there again, as it was.
    pub(crate) fn pull(&mut self) {
        self.written += self.other.take().map_or(0, |other| other.bytes_written());
        self.empty_for = Duration::ZERO;
    }

    pub(crate) fn bytes_written_to_others(&self) -> u64 {
        self.written + self.other.as_ref().map_or(0, Lookalike::bytes_written)
    }

    fn target(&mut self) -> &mut dyn Target {
        match &mut self.other {
            Some(other) => other,
            None => &mut self.sensor,
        }
    }
}

impl Target for Socket {
    fn start(&mut self, address: u8, direction: Direction) -> bool {
        self.empty_for.is_zero() && self.target().start(address, direction)
    }
    fn write_byte(&mut self, byte: u8) -> bool {
        self.target().write_byte(byte)
    }
    fn read_byte(&mut self) -> u8 {
        self.target().read_byte()
    }
    fn stop(&mut self) {
        self.target().stop();
    }
    fn advance(&mut self, by: Duration) {
        self.empty_for = self.empty_for.saturating_sub(by);
        self.sensor.advance(by);
    }
    fn next_event(&self) -> Option<Duration> {
        self.sensor.next_event()
    }
    fn holds_data_low(&self) -> bool {
        self.other.is_none() && self.sensor.holds_data_low()
    }
    fn recover(&mut self) {
        self.target().recover();
    }
}

/// What was done to the bus, and when it began.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Seen {
    Opened { at: Duration },
    NotOpened { at: Duration },
    Read { at: Duration, is_packet: bool },
    Write { at: Duration },
}

impl Seen {
    pub(crate) fn at(&self) -> Duration {
        match *self {
            Seen::Opened { at } | Seen::NotOpened { at } | Seen::Read { at, .. } | Seen::Write { at } => at,
        }
    }
}

type Change = Box<dyn FnOnce(&Bench) + Send>;

struct State {
    script: VecDeque<(Duration, Change)>,
    open_errno: Option<i32>,
    /// How long each transfer hangs before it happens.
    hangs: Duration,
    log: Vec<Seen>,
}

/// Clones are handles of the same bench.
#[derive(Clone)]
pub(crate) struct Bench {
    pub(crate) bus: SimBus,
    pub(crate) socket: Attached<Socket>,
    pub(crate) faults: FaultControl,
    wire: Arc<Mutex<FaultInjector<SimBus>>>,
    state: Arc<Mutex<State>>,
}

impl Bench {
    pub(crate) fn new(sensor: SimSensor, seed: u64) -> Bench {
        let bus = SimBus::new();
        let socket = bus.attach(Socket { sensor, other: None, written: 0, empty_for: Duration::ZERO });
        let wire = FaultInjector::new(bus.clone(), seed);
        let state =
            State { script: VecDeque::new(), open_errno: None, hangs: Duration::ZERO, log: Vec::new() };
        Bench {
            bus,
            socket,
            faults: wire.control(),
            wire: Arc::new(Mutex::new(wire)),
            state: Arc::new(Mutex::new(state)),
        }
    }

    /// Lets something happen at a time; in the order of the times.
    pub(crate) fn at(&self, at: Duration, change: impl FnOnce(&Bench) + Send + 'static) {
        self.state.lock().unwrap().script.push_back((at, Box::new(change)));
    }

    pub(crate) fn sensor<R>(&self, with: impl FnOnce(&mut SimSensor) -> R) -> R {
        self.socket.with(|socket| with(&mut socket.sensor))
    }

    pub(crate) fn set_open_errno(&self, errno: Option<i32>) {
        self.state.lock().unwrap().open_errno = errno;
    }

    pub(crate) fn set_hangs(&self, hangs: Duration) {
        self.state.lock().unwrap().hangs = hangs;
    }

    pub(crate) fn log(&self) -> Vec<Seen> {
        self.state.lock().unwrap().log.clone()
    }

    fn push(&self, seen: Seen) {
        self.state.lock().unwrap().log.push(seen);
    }

    /// Time passes, with all that happens meanwhile.
    pub(crate) fn pass_until(&self, until: Duration) {
        loop {
            let next = self.state.lock().unwrap().script.front().map(|(at, _)| *at).filter(|at| *at <= until);
            let at = next.unwrap_or(until);
            self.bus.advance(at.saturating_sub(self.bus.now()));
            if next.is_none() {
                return;
            }
            let change = self.state.lock().unwrap().script.pop_front();
            if let Some((_, change)) = change {
                change(self);
            }
        }
    }
}

impl Clock for Bench {
    fn now(&self) -> Duration {
        self.bus.now()
    }

    fn wait_until(&self, at: Duration) {
        self.pass_until(at);
    }
}

#[cfg(feature = "tokio")]
impl mlsensor_host::supervisor::ClockAsync for Bench {
    fn now(&self) -> Duration {
        self.bus.now()
    }

    /// With tokio's time, which is paused: it jumps to the end of the wait.
    async fn wait_until(&self, at: Duration) {
        tokio::time::sleep(at.saturating_sub(self.bus.now())).await;
        self.pass_until(at);
    }
}

/// A bus that was not opened.
#[derive(Debug)]
pub(crate) struct NotOpened(i32);

impl RetryHint for NotOpened {
    fn retry(&self) -> Retry {
        Retry::Reopen
    }
    fn errno(&self) -> Option<i32> {
        Some(self.0)
    }
    fn text(&self) -> String {
        format!("errno {}", self.0)
    }
}

impl Opener for Bench {
    type Bus = Open;
    type Error = NotOpened;

    fn open(&mut self) -> Result<Open, NotOpened> {
        let at = self.bus.now();
        let errno = self.state.lock().unwrap().open_errno;
        if let Some(errno) = errno {
            self.push(Seen::NotOpened { at });
            return Err(NotOpened(errno));
        }
        self.bus.recover();
        self.push(Seen::Opened { at });
        Ok(Open(self.clone()))
    }
}

/// The bus, open.
pub(crate) struct Open(Bench);

impl fmt::Debug for Open {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Open")
    }
}

impl i2c::ErrorType for Open {
    type Error = FaultError<SimBusError>;
}

impl I2c for Open {
    fn transaction(&mut self, address: u8, operations: &mut [Operation<'_>]) -> Result<(), Self::Error> {
        let bench = &self.0;
        let at = bench.bus.now();
        let hangs = bench.state.lock().unwrap().hangs;
        bench.pass_until(at + hangs);
        let outcome = bench.wire.lock().unwrap().transaction(address, operations);
        // What was due while the transfer was under way happens at its end.
        bench.pass_until(bench.bus.now());
        let read = operations.iter().find_map(|operation| match operation {
            Operation::Read(bytes) => Some(&**bytes),
            Operation::Write(_) => None,
        });
        bench.push(match read {
            Some(bytes) => {
                let packet = Packet::try_from(bytes).ok().filter(|_| outcome.is_ok());
                Seen::Read { at, is_packet: packet.is_some_and(|packet| Faces::parse(&packet).is_ok()) }
            }
            None => Seen::Write { at },
        });
        outcome
    }
}

/// An unplugged sensor, as the fault injector has it, is one that does not acknowledge.
#[test]
fn the_bench_tells_a_missing_acknowledgement_from_other_errors() {
    let mut bench = Bench::new(SimSensor::new(), 1);
    bench.sensor(SimSensor::power_off);
    let error = bench.open().unwrap().read(0x62, &mut [0; 39]).unwrap_err();
    assert_eq!(error.kind(), i2c::ErrorKind::NoAcknowledge(NoAcknowledgeSource::Address));
    assert_eq!(error.retry(), Retry::AfterMs(140));
    assert_eq!(bench.log().last(), Some(&Seen::Read { at: Duration::from_micros(100), is_packet: false }));
}
