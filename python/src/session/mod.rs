//! A source that is open, and the supervisor that reads it.
//!
//! # Guarantees
//! * The lock is held for what goes over the bus, and for nothing else but `capture`: whoever waits for time to pass holds none.
//! * [`Session::close`] ends every wait and all traffic; after it every call raises `ClosedError`.
//! * A wait ends within 0.1 s of a signal, so that Ctrl-C works.

mod bus;
mod methods;
mod options;
mod trouble;
mod update;
mod wait;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use mlsensor::{Command, Error, Mode, PersonSensor};
use mlsensor_host::session::{self, Turn};
use mlsensor_host::source::{AnyDelay, Clock, Stop};
use mlsensor_host::supervisor::{Pace, Settings, Snapshot};
use mlsensor_sim::{Attached, SimSensor};
use pyo3::prelude::*;

pub(crate) use bus::{AnyI2c, AnyI2cError};
use options::Options;
pub(crate) use update::{Reading, Update};
use wait::Wake;

use crate::errors;

/// A recording is read at its own times; this says how long one of its readings is believed, three times as long: one second
/// without any is too long for any sensor.
const RECORDED: Duration = Duration::from_millis(200);

/// How many turns there are between two looks for signals.
const TURNS: u32 = 32;

/// What a source is.
struct About {
    name: String,
    text: String,
    remarks: Vec<String>,
}

impl About {
    fn named(name: &str) -> About {
        About { name: name.to_owned(), text: name.to_owned(), remarks: Vec::new() }
    }
}

/// A source that is open, and the supervisor that reads it.
#[pyclass(frozen, module = "mlsensor._native")]
pub(crate) struct Session {
    about: About,
    is_virtual: bool,
    is_recorded: bool,
    session: Mutex<Option<session::Session<AnyI2c>>>,
    delay: AnyDelay,
    stop: Stop,
    wake: Wake,
    latest: Mutex<Latest>,
    /// Since when simulated time passes at which speed, if it passes as for the user.
    live: Option<(Instant, f64)>,
    /// The simulated sensor of a scene.
    scene: Option<Attached<SimSensor>>,
    has_ended: AtomicBool,
}

/// What is known of the sensor, for who asks without waiting for the bus.
struct Latest {
    snapshot: Snapshot,
    trouble: Option<Error<AnyI2cError>>,
    /// The time of the source.
    at: Duration,
}

/// What became of a turn that had nothing to say.
enum Pause {
    /// There may be more to do at once.
    None,
    /// It has to be waited until then, in real time.
    Until(Instant),
    /// The time that was asked for has come.
    Over,
}

impl Session {
    fn begin(about: About, mut clock: Clock, bus: AnyI2c, options: &Options) -> Self {
        let mut supervision = Settings::default();
        if let Some(every) = options.every {
            supervision = supervision.with_pace(Pace::Every(every));
        } else if clock.is_recorded() {
            supervision = supervision.with_pace(Pace::Every(RECORDED));
        }
        let settings = match options.config {
            Some(config) => {
                supervision = supervision.with_config(config);
                config.commands().to_vec()
            }
            None => vec![Command::Mode(Mode::Continuous)],
        };
        clock.keep_up();
        let end = clock.end().filter(|end| *end < Duration::MAX);
        let (stop, delay, is_virtual) = (clock.stop().clone(), clock.delay(), !clock.is_live());
        let (is_recorded, speed) = (clock.is_recorded(), clock.speed());
        let session = session::Session::new(bus, clock, supervision)
            .with_settings(settings)
            .with_address(options.address)
            .until(end);
        Session {
            about,
            is_virtual,
            is_recorded,
            latest: Mutex::new(Latest {
                snapshot: session.snapshot().clone(),
                trouble: None,
                at: session.now(),
            }),
            session: Mutex::new(Some(session)),
            delay,
            stop,
            wake: Wake::default(),
            live: speed.map(|speed| (Instant::now(), speed)),
            scene: None,
            has_ended: AtomicBool::new(false),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Option<session::Session<AnyI2c>>> {
        self.session.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Does something with the session, detached.
    fn with<T: Send>(
        &self,
        py: Python<'_>,
        with: impl FnOnce(&mut session::Session<AnyI2c>) -> T + Send,
    ) -> PyResult<T> {
        let outcome = py.detach(|| {
            if self.stop.is_requested() {
                return None;
            }
            self.lock().as_mut().map(with)
        });
        outcome.ok_or_else(errors::closed)
    }

    /// Some turns, so that nobody has to come back to the interpreter after each: where another thread computes, that takes
    /// 5 ms.
    fn turns(
        &self,
        session: &mut session::Session<AnyI2c>,
        until: Option<Duration>,
    ) -> Result<Option<Update>, Pause> {
        for _ in 0..TURNS {
            match self.turn(session, until) {
                Err(Pause::None) if !self.stop.is_requested() => {}
                outcome => return outcome,
            }
        }
        Err(Pause::None)
    }

    /// One turn; it waits where time passes at once, and says until when to wait where it does not.
    fn turn(
        &self,
        session: &mut session::Session<AnyI2c>,
        until: Option<Duration>,
    ) -> Result<Option<Update>, Pause> {
        session.clock().keep_up();
        let turn = session.turn();
        self.note(session);
        let at = match turn {
            Turn::Update(update) => {
                let trouble = session.trouble().cloned();
                return Ok(Some(Update { update, trouble, name: self.about.name.clone() }));
            }
            Turn::Done | Turn::Interrupted => return Err(Pause::None),
            Turn::End => {
                self.has_ended.store(true, Ordering::Relaxed);
                return Ok(None);
            }
            Turn::Wait(at) => at,
        };
        let wanted = until.map_or(at, |until| until.min(at));
        Err(self.pause(session, wanted, until))
    }

    /// Keeps what is known now, for who asks without waiting for the bus.
    fn note(&self, session: &session::Session<AnyI2c>) {
        let snapshot = session.snapshot().clone();
        let latest = Latest { snapshot, trouble: session.trouble().cloned(), at: session.now() };
        *self.latest.lock().unwrap_or_else(PoisonError::into_inner) = latest;
    }

    /// The time of the source, without waiting for the bus.
    fn time(&self) -> Duration {
        if self.is_recorded {
            return self.latest.lock().unwrap_or_else(PoisonError::into_inner).at;
        }
        let now = self.delay.now();
        let Some((begin, speed)) = self.live else { return now };
        now.max(Duration::try_from_secs_f64(begin.elapsed().as_secs_f64() * speed).unwrap_or(now))
    }

    fn pause(
        &self,
        session: &mut session::Session<AnyI2c>,
        wanted: Duration,
        until: Option<Duration>,
    ) -> Pause {
        let clock = session.clock();
        clock.keep_up();
        if until.is_some_and(|until| clock.now() >= until) {
            return Pause::Over;
        }
        if let Some(at) = clock.comes_at(wanted) {
            return Pause::Until(at);
        }
        if self.is_virtual {
            clock.pass_until(wanted);
        }
        Pause::None
    }
}

impl Session {
    fn failed(&self, error: &Error<AnyI2cError>) -> PyErr {
        trouble::of_sensor(&self.about.name, error)
    }

    /// One attempt.
    fn ask<T: Send>(
        &self,
        py: Python<'_>,
        ask: impl FnOnce(&mut PersonSensor<&mut AnyI2c>) -> Result<T, Error<AnyI2cError>> + Send,
    ) -> PyResult<T> {
        let outcome = self.with(py, |session| {
            session.clock().keep_up();
            ask(&mut session.sensor())
        })?;
        outcome.map_err(|error| self.failed(&error))
    }

    fn command(&self, py: Python<'_>, command: Command) -> PyResult<()> {
        let outcome = self.with(py, |session| {
            session.clock().keep_up();
            session.send(command)
        })?;
        outcome.map_err(|error| self.failed(&error))
    }
}
