//! The host end of the bridge by which firmware in an emulator uses a simulated sensor.
//!
//! The firmware end is the crate `mlsensor-bridge`, whose front page has the protocol.
//!
//! # Guarantees
//! * Every request gets an answer, or ends the conversation with a [`BridgeError`], whatever the bytes are.
//! * Time passes only by what the firmware asks for: the same firmware sees the same bytes at the same times, in every run.
//! * What one request can let pass, and can make this end hold in memory, is limited: 49 days, and what was really sent.

mod answer;
mod error;

use core::time::Duration;
use std::io::{self, Read, Write};

use embedded_hal::i2c::I2c;

pub use error::BridgeError;
use mlsensor_bridge::wire::{self, ANSWER_LEN, Answer, REQUEST_LEN, Request, Status};

use crate::{SimBus, SimPin};

/// Serves a firmware over a pair of byte streams: a bus, its time, and a presence pin.
///
/// ```
/// use mlsensor_sim::{SimBus, SimSensor, bridge::Bridge};
///
/// let (bus, sim) = SimBus::with_sensor(SimSensor::new());
/// let mut bridge = Bridge::new(bus.clone(), &bus).with_pin(sim.pin());
/// let requests = *b"\x01\x01mlsensor\x03\0\0\0\0\0\0\0\0\0"; // hello; what time is it?
/// let mut answers = Vec::new();
/// bridge.serve(&requests[..], &mut answers)?;
/// assert_eq!(answers.len(), 20);
/// # Ok::<(), mlsensor_sim::bridge::BridgeError>(())
/// ```
#[derive(Debug)]
pub struct Bridge<I2C> {
    i2c: I2C,
    clock: SimBus,
    pin: Option<SimPin>,
    end: Duration,
    about: String,
    is_greeted: bool,
}

impl<I2C: I2c> Bridge<I2C> {
    /// A bridge to this bus: a [`SimBus`], or what wraps one, such as a
    /// [`FaultInjector`](crate::FaultInjector) or a [`Tracer`](crate::Tracer). `clock` is the simulated bus whose time it is.
    #[must_use]
    pub fn new(i2c: I2C, clock: &SimBus) -> Bridge<I2C> {
        Bridge {
            i2c,
            clock: clock.clone(),
            pin: None,
            end: Duration::MAX,
            about: String::new(),
            is_greeted: false,
        }
    }

    /// With the presence pin of the sensor.
    #[must_use]
    pub fn with_pin(self, pin: SimPin) -> Bridge<I2C> {
        Bridge { pin: Some(pin), ..self }
    }

    /// With the end of the scene, which firmware is told. Without it there is none.
    #[must_use]
    pub fn with_end(self, end: Duration) -> Bridge<I2C> {
        Bridge { end, ..self }
    }

    /// With what the scene is, in words, for the first line of a transcript.
    #[must_use]
    pub fn with_about(self, about: impl Into<String>) -> Bridge<I2C> {
        Bridge { about: about.into(), ..self }
    }

    /// Serves one firmware to the end of its requests. Afterwards the next one may say hello: it finds the sensor, and the
    /// time, as this one left them.
    ///
    /// # Errors
    /// [`BridgeError`]: why it ended before. What was refused was answered first.
    pub fn serve(&mut self, mut requests: impl Read, mut answers: impl Write) -> Result<(), BridgeError> {
        self.is_greeted = false;
        while self.answer_one(&mut requests, &mut answers)? {}
        Ok(())
    }

    /// Answers the next request; `false` at their end. For who carries the bytes from elsewhere than a pipe.
    ///
    /// # Errors
    /// As [`serve`](Self::serve).
    pub fn answer_one(
        &mut self,
        requests: &mut impl Read,
        answers: &mut impl Write,
    ) -> Result<bool, BridgeError> {
        let Some(head) = next_head(requests)? else { return Ok(false) };
        let outcome = match Request::parse(head) {
            Ok(Request::Hello { version }) if version != wire::VERSION => Err(BridgeError::Version(version)),
            Ok(request @ Request::Hello { .. }) => {
                self.is_greeted = true;
                self.answer(request, requests)
            }
            _ if !self.is_greeted => Err(BridgeError::NoHello(head)),
            Ok(request) => self.answer(request, requests),
            Err(wire::Garbage) => Err(BridgeError::NoRequest(head.to_vec())),
        };
        let (status, flag) = match &outcome {
            Ok((answer, follows)) => {
                answers.write_all(&answer.emit())?;
                answers.write_all(follows)?;
                answers.flush()?;
                return Ok(true);
            }
            Err(BridgeError::Version(_)) => (Status::Version, wire::VERSION),
            Err(BridgeError::NoHello(_) | BridgeError::NoRequest(_)) => (Status::Refused, 0),
            Err(BridgeError::Pipe(_) | BridgeError::CutShort) => return outcome.map(|_| true),
        };
        // That it was refused is the news, and not that nobody waits to hear it.
        let _ = answers.write_all(&Answer { status, flag, value: 0 }.emit()).and_then(|()| answers.flush());
        outcome.map(|_| true)
    }
}

/// The head of the next request; `None` at the end of all.
fn next_head(requests: &mut impl Read) -> Result<Option<[u8; REQUEST_LEN]>, BridgeError> {
    let mut head = [0; REQUEST_LEN];
    let (first, rest) = head.split_at_mut(1);
    loop {
        match requests.read(first) {
            Ok(0) => return Ok(None),
            Ok(_) => break,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error.into()),
        }
    }
    requests.read_exact(rest)?;
    Ok(Some(head))
}

const _: () = assert!(REQUEST_LEN == 10 && ANSWER_LEN == 10);
