//! The methods that Python has: the source and its time, and the driver's methods by their names.

use std::sync::PoisonError;
use std::sync::atomic::Ordering;

use mlsensor::person_sensor::ADDRESS;
use mlsensor::{Command, Error, PersonId};
use mlsensor_host::source::{Clock, Opening, Source, SourceName};
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use super::options::Options;
use super::{About, AnyI2c, Pause, Session, Update, trouble};
use crate::behavior::Direction;
use crate::enums::Member;
use crate::errors;
use crate::mux::Channel;
use crate::sim::PySimBus;
use crate::time::{Seconds, seconds};
use crate::values::{Config, Faces, Whole};
use crate::wire::Wire;

/// The ids that a sensor can learn, in words.
const LABELS: &str = "labels are 0 to 7";

fn person(id: Whole) -> PyResult<PersonId> {
    let id = id.within("id", 0, 7, LABELS)?;
    PersonId::new(id).map_err(|_| errors::config(&format!("there is no person {id}"), LABELS))
}

#[pymethods]
impl Session {
    #[staticmethod]
    #[pyo3(
        signature = (source, *, address = Whole::Fits(ADDRESS.into()), config = None, speed = None, seed = None, every = None, wait = false),
        text_signature = "(source, *, address=0x62, config=None, speed=None, seed=None, every=None, wait=False)"
    )]
    #[expect(clippy::too_many_arguments, reason = "they are keywords in Python")]
    fn open(
        py: Python<'_>,
        source: &str,
        address: Whole,
        config: Option<&Config>,
        speed: Option<f64>,
        seed: Option<u64>,
        every: Option<Seconds>,
        wait: bool,
    ) -> PyResult<Self> {
        let options = Options::new(address, config, every)?;
        let name: SourceName = source.parse().map_err(|error| errors::source_name(&error))?;
        let speed = speed.filter(|speed| *speed != f64::INFINITY);
        if let Some(speed) = speed.filter(|speed| !(0.001..=1000.0).contains(speed)) {
            return Err(errors::config(
                &format!("a scene does not pass at {speed} times the speed of life"),
                "speed is 0.001 to 1000, or math.inf: at once",
            ));
        }
        let opening = Opening::default().with_seed(seed).with_speed(speed).with_wait(wait);
        let opened = py.detach(|| {
            let mut source = name.open(&opening)?;
            if !wait && source.name.is_bus() {
                source.find(options.address)?;
            }
            let about = About { name: source.name.to_string(), text: source.about, remarks: source.remarks };
            let bus = AnyI2c::Wire(Wire::Source(source.bus));
            Ok(Session { scene: source.sim, ..Session::begin(about, source.clock, bus, &options) })
        });
        opened.map_err(|error| errors::source(&error))
    }

    /// On a simulated bus, through the faults that are set there.
    #[staticmethod]
    #[pyo3(
        signature = (bus, *, address = Whole::Fits(ADDRESS.into()), config = None, every = None),
        text_signature = "(bus, *, address=0x62, config=None, every=None)"
    )]
    fn on_bus(
        py: Python<'_>,
        bus: &PySimBus,
        address: Whole,
        config: Option<&Config>,
        every: Option<Seconds>,
    ) -> PyResult<Self> {
        let options = Options::new(address, config, every)?;
        let opening = Opening::default();
        let bus = (bus.bus().clone(), AnyI2c::Wire(Wire::Simulated(bus.i2c(), opening.stop.clone())));
        Ok(py.detach(|| {
            let clock = Source::of_bus(&bus.0, "", &opening).clock;
            Session::begin(About::named("a simulated bus of this program"), clock, bus.1, &options)
        }))
    }

    /// Behind a multiplexer.
    #[staticmethod]
    #[pyo3(signature = (channel, *, config = None, every = None, wait = false))]
    fn on_channel(
        py: Python<'_>,
        channel: &Channel,
        config: Option<&Config>,
        every: Option<Seconds>,
        wait: bool,
    ) -> PyResult<Self> {
        let options = Options::new(Whole::Fits(ADDRESS.into()), config, every)?;
        let bus = AnyI2c::Channel(channel.bus());
        let (about, simulated) = (About::named(&channel.called()), channel.simulated().cloned());
        let is_real = simulated.is_none();
        let session = py.detach(|| {
            let opening = Opening::default();
            let clock = match simulated {
                Some(bus) => Source::of_bus(&bus, "", &opening).clock,
                None => Clock::of_system(opening.stop),
            };
            Session::begin(about, clock, bus, &options)
        });
        if is_real && !wait {
            session.probe(py)?;
        }
        Ok(session)
    }

    #[getter]
    fn name(&self) -> &str {
        &self.about.name
    }

    #[getter]
    fn about(&self) -> &str {
        &self.about.text
    }

    #[getter]
    fn remarks(&self) -> Vec<String> {
        self.about.remarks.clone()
    }

    #[getter]
    fn is_virtual(&self) -> bool {
        self.is_virtual
    }

    #[getter]
    fn has_ended(&self) -> bool {
        self.has_ended.load(Ordering::Relaxed)
    }

    #[getter]
    fn is_closed(&self) -> bool {
        self.stop.is_requested()
    }

    fn now(&self, py: Python<'_>) -> f64 {
        seconds(py.detach(|| self.time()))
    }

    /// The latest reading if it is live now; otherwise why there is none.
    fn latest(&self, py: Python<'_>) -> Update {
        py.detach(|| {
            let now = self.time();
            let latest = self.latest.lock().unwrap_or_else(PoisonError::into_inner);
            let name = self.about.name.clone();
            Update { update: latest.snapshot.at(now), trouble: latest.trouble.clone(), name }
        })
    }

    /// What was done and met with so far, by the names that the command prints them with.
    fn counters<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let counters = self.with(py, |session| serde_json::to_string(session.counters()))?;
        let counters = counters.map_err(|error| PyRuntimeError::new_err(error.to_string()))?;
        py.import("json")?.call_method1("loads", (counters,))
    }

    /// Turns the sensor of a scene, as on a pan/tilt; a real one rides on what turns it, so nothing happens here.
    fn point(&self, py: Python<'_>, direction: Direction) {
        if let Some(sensor) = &self.scene {
            py.detach(|| sensor.point(direction.0));
        }
    }

    /// When there is something to do next; `None` at the end.
    fn due(&self, py: Python<'_>) -> PyResult<Option<f64>> {
        self.with(py, |session| session.due().map(seconds))
    }

    /// Lets a simulated scene go on with who is there when it has ended.
    fn go_on_past_the_end(&self, py: Python<'_>) -> PyResult<()> {
        self.has_ended.store(false, Ordering::Relaxed);
        self.with(py, |session| session.set_end(None))
    }

    #[pyo3(signature = (until = None))]
    fn next(&self, py: Python<'_>, until: Option<Seconds>) -> PyResult<Option<Update>> {
        let until = until.map(|Seconds(until)| until);
        loop {
            if self.wake.take() {
                return Ok(None);
            }
            match self.with(py, |session| self.turns(session, until))? {
                Ok(outcome) => return Ok(outcome),
                Err(Pause::Over) => return Ok(None),
                Err(Pause::None) => {}
                Err(Pause::Until(at)) => py.detach(|| self.wake.wait_until(at)),
            }
            py.check_signals()?;
        }
    }

    fn wait_until(&self, py: Python<'_>, at: Seconds) -> PyResult<()> {
        let Seconds(at) = at;
        loop {
            if self.wake.take() {
                return Ok(());
            }
            match self.with(py, |session| self.pause(session, at, Some(at)))? {
                Pause::Over => return Ok(()),
                Pause::None => {}
                Pause::Until(at) => py.detach(|| self.wake.wait_until(at)),
            }
            py.check_signals()?;
        }
    }

    fn interrupt(&self) {
        self.wake.wake();
    }

    fn close(&self, py: Python<'_>) {
        py.detach(|| {
            self.stop.request();
            self.wake.wake();
            // Closes the bus: after a transfer that is under way.
            drop(self.lock().take());
        });
    }

    fn read(&self, py: Python<'_>) -> PyResult<Faces> {
        self.ask(py, |sensor| sensor.read()).map(Faces::from)
    }

    fn read_packet<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        let packet = self.ask(py, |sensor| sensor.read_packet())?;
        Ok(PyBytes::new(py, &packet))
    }

    fn read_split(&self, py: Python<'_>) -> PyResult<Faces> {
        self.ask(py, |sensor| sensor.read_split()).map(Faces::from)
    }

    fn probe(&self, py: Python<'_>) -> PyResult<Faces> {
        let outcome = self.with(py, |session| {
            session.clock().keep_up();
            session.sensor().probe()
        })?;
        outcome.map(Faces::from).map_err(|error| trouble::absent(&self.about.name, &Error::from(error)))
    }

    fn configure(&self, py: Python<'_>, config: &Config) -> PyResult<()> {
        let config = config.0;
        let outcome = self.with(py, |session| {
            session.clock().keep_up();
            session.configure(&config)
        })?;
        outcome.map_err(|error| self.failed(&error))
    }

    /// Sends the two bytes of a command: a register and its value.
    fn send(&self, py: Python<'_>, command: [u8; 2]) -> PyResult<()> {
        let command = Command::parse(command).map_err(|error| {
            errors::config(&error.to_string(), "a command is a register, 1 to 7, and its value")
        })?;
        self.command(py, command)
    }

    fn set_mode(&self, py: Python<'_>, mode: Member<mlsensor::Mode>) -> PyResult<()> {
        self.command(py, Command::Mode(mode.0))
    }

    fn set_id_enabled(&self, py: Python<'_>, enabled: bool) -> PyResult<()> {
        self.command(py, Command::EnableId(enabled))
    }

    fn trigger_single_shot(&self, py: Python<'_>) -> PyResult<()> {
        self.command(py, Command::SingleShot)
    }

    #[pyo3(
        signature = (wait = Seconds(std::time::Duration::from_millis(500))),
        text_signature = "($self, wait=0.5)"
    )]
    fn capture(&self, py: Python<'_>, wait: Seconds) -> PyResult<Faces> {
        let mut delay = self.delay.clone();
        let Seconds(wait) = wait;
        let wait_ms = u32::try_from(wait.as_millis()).unwrap_or(u32::MAX);
        self.ask(py, |sensor| sensor.capture_after(&mut delay, wait_ms)).map(Faces::from)
    }

    fn label_next_id(&self, py: Python<'_>, id: Whole) -> PyResult<()> {
        self.command(py, Command::LabelNextId(person(id)?))
    }

    fn set_persist_ids(&self, py: Python<'_>, persist: bool) -> PyResult<()> {
        self.command(py, Command::PersistIds(persist))
    }

    fn erase_ids(&self, py: Python<'_>) -> PyResult<()> {
        self.command(py, Command::EraseIds)
    }

    fn set_led(&self, py: Python<'_>, on: bool) -> PyResult<()> {
        self.command(py, Command::DebugMode(on))
    }

    fn __repr__(&self) -> String {
        let state = if self.is_closed() { ", closed" } else { "" };
        format!("<Session: {}{state}>", self.about.text)
    }
}
