//! All that the module keeps: one buffer, the sensors by their handles, and the text of the latest refusal.

use core::cell::RefCell;
use std::collections::BTreeMap;

use mlsensor_sim::Scenario;

use crate::refusal::{Code, Refusal};
use crate::sensor::Sensor;

/// The buffer is never shorter, and no answer longer: so only [`State::buffer`] moves it.
pub(crate) const SHORTEST: usize = 4096;

/// The buffer is never longer.
pub(crate) const LONGEST: usize = 1 << 20;

/// How many sensors there can be at once.
pub(crate) const MOST_SENSORS: usize = 256;

#[derive(Default)]
pub(crate) struct State {
    buffer: Vec<u8>,
    sensors: BTreeMap<i32, Sensor>,
    /// The latest handle that was given out. None is given out twice.
    latest: i32,
    error: String,
}

thread_local! {
    // A module of WebAssembly has one thread. On a host each thread has a state of its own.
    static STATE: RefCell<State> = RefCell::new(State::default());
}

/// Lets a call act on the state; a refusal becomes its code, and its text is kept.
pub(crate) fn answer<T: From<i8>>(act: impl FnOnce(&mut State) -> Result<T, Refusal>) -> T {
    let done = STATE.try_with(|state| {
        let mut state = state.try_borrow_mut().ok()?;
        let answer = act(&mut state);
        Some(answer.unwrap_or_else(|refusal| {
            state.error = refusal.text;
            T::from(refusal.code as i8)
        }))
    });
    done.ok().flatten().unwrap_or_else(|| T::from(Code::Busy as i8))
}

/// The same for what acts on one sensor.
pub(crate) fn of_sensor<T: From<i8>>(handle: i32, act: impl FnOnce(&mut Sensor) -> Result<T, Refusal>) -> T {
    answer(|state| act(state.sensor(handle)?))
}

impl State {
    /// Sees to it that the buffer is so long, and tells where it is; `None` if it cannot be.
    pub(crate) fn buffer(&mut self, length: usize) -> Option<*mut u8> {
        if length > LONGEST {
            return None;
        }
        let length = length.max(SHORTEST);
        if self.buffer.len() < length {
            self.buffer.resize(length, 0);
        }
        Some(self.buffer.as_mut_ptr())
    }

    /// The text that the caller has put at the beginning of the buffer.
    fn text(&self, length: u32) -> Result<&str, Refusal> {
        let bytes = self.buffer.get(..length as usize).ok_or_else(|| {
            let text = format!("the buffer has {} bytes, not {length}", self.buffer.len());
            Refusal::new(Code::Length, text)
        })?;
        core::str::from_utf8(bytes)
            .map_err(|wrong| Refusal::new(Code::Text, format!("the text is not UTF-8: {wrong}")))
    }

    /// Puts an answer at the beginning of the buffer, as far as the shortest one holds it; how long it is.
    pub(crate) fn put(&mut self, bytes: &[u8]) -> i32 {
        let _ = self.buffer(SHORTEST);
        let length = bytes.len().min(SHORTEST);
        self.buffer.iter_mut().zip(bytes).take(length).for_each(|(to, from)| *to = *from);
        length as i32
    }

    /// The same for a text: it ends where a character does.
    pub(crate) fn put_text(&mut self, text: &str) -> i32 {
        let mut end = text.len().min(SHORTEST);
        while !text.is_char_boundary(end) {
            end = end.saturating_sub(1);
        }
        self.put(text.as_bytes().get(..end).unwrap_or_default())
    }

    pub(crate) fn put_error(&mut self) -> i32 {
        let error = core::mem::take(&mut self.error);
        let length = self.put_text(&error);
        self.error = error;
        length
    }

    /// A scenario that comes with the simulator, by the name in the buffer.
    pub(crate) fn named(&self, length: u32) -> Result<Scenario, Refusal> {
        let name = self.text(length)?;
        Scenario::named(name).ok_or_else(|| {
            let names: Vec<&str> = Scenario::SHIPPED.iter().map(|(name, _)| *name).collect();
            let text = format!("there is no scenario {name:?}: they are {}", names.join(", "));
            Refusal::new(Code::NoScenario, text)
        })
    }

    /// The scenario file that is in the buffer.
    pub(crate) fn parsed(&self, length: u32) -> Result<Scenario, Refusal> {
        Scenario::parse(self.text(length)?).map_err(|wrong| Refusal::new(Code::Scenario, wrong.to_string()))
    }

    /// Takes a sensor in: its handle.
    pub(crate) fn open(&mut self, sensor: Sensor) -> Result<i32, Refusal> {
        let handle = self.latest.checked_add(1).filter(|_| self.sensors.len() < MOST_SENSORS);
        let Some(handle) = handle else {
            let text = format!("there are {} sensors: close some", self.sensors.len());
            return Err(Refusal::new(Code::TooMany, text));
        };
        self.latest = handle;
        self.sensors.insert(handle, sensor);
        Ok(handle)
    }

    pub(crate) fn close(&mut self, handle: i32) -> Result<(), Refusal> {
        self.sensors.remove(&handle).map(drop).ok_or_else(|| no_sensor(handle))
    }

    pub(crate) fn sensor(&mut self, handle: i32) -> Result<&mut Sensor, Refusal> {
        self.sensors.get_mut(&handle).ok_or_else(|| no_sensor(handle))
    }

    /// Lets a sensor answer the open question in the buffer otherwise.
    pub(crate) fn assume(&mut self, handle: i32, length: u32) -> Result<(), Refusal> {
        let text = self.text(length)?.to_owned();
        self.sensor(handle)?.assume(&text)
    }
}

fn no_sensor(handle: i32) -> Refusal {
    Refusal::new(Code::Handle, format!("there is no sensor {handle}, or no longer"))
}
