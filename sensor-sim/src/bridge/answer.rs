//! What each request does.

use core::time::Duration;
use std::io::Read;

use embedded_hal::digital::InputPin;
use embedded_hal::i2c::{Error as _, I2c, Operation};
use mlsensor_bridge::wire::{self, Answer, OPERATION_LEN, PinWait, Request, Status};

use super::{Bridge, BridgeError};
use crate::{SimBus, SimPin};

/// How far behind the end of a scene a wait for a moment goes at most.
const BEHIND_THE_END: Duration = Duration::from_secs(24 * 60 * 60);

/// An operation that owns its bytes.
enum Owned {
    Read(Vec<u8>),
    Write(Vec<u8>),
}

/// What is answered, and the bytes that follow.
type Answered = (Answer, Vec<u8>);

impl<I2C: I2c> Bridge<I2C> {
    pub(super) fn answer(
        &mut self,
        request: Request,
        requests: &mut impl Read,
    ) -> Result<Answered, BridgeError> {
        let (mut status, mut flag, mut follows) = (Status::Done, 0, Vec::new());
        match request {
            Request::Hello { .. } => {
                let answer = Answer { status, flag: wire::VERSION, value: wire::nanos(self.end) };
                return Ok((answer, follows));
            }
            Request::About { capacity } => {
                let text = beginning(&self.about, capacity.into()).as_bytes().to_vec();
                return Ok((Answer { status, flag, value: text.len() as u64 }, text));
            }
            Request::Now => {}
            Request::Delay { by_ns } => status = self.pass(by_ns),
            Request::WaitUntil { moment_ns } => (status, flag) = self.wait_until(moment_ns),
            Request::Transaction { address, operations } => {
                (status, follows) = self.transaction(address, operations, requests)?;
            }
            Request::Pin => match &mut self.pin {
                Some(pin) => flag = is_high(pin).into(),
                None => status = Status::NoPin,
            },
            Request::WaitForPin(wait) => {
                status = match &mut self.pin {
                    Some(pin) => wait_for(pin, wait, &self.clock, self.end),
                    None => Status::NoPin,
                };
            }
        }
        Ok((Answer { status, flag, value: wire::nanos(self.clock.now()) }, follows))
    }

    fn pass(&self, by_ns: u64) -> Status {
        if by_ns > wire::LONGEST_NS {
            return Status::TooFar;
        }
        self.clock.advance(Duration::from_nanos(by_ns));
        Status::Done
    }

    /// As the host's programs wait: a moment behind the end is one all the same, but none of the scene.
    fn wait_until(&self, moment_ns: u64) -> (Status, u8) {
        let moment = wire::time(moment_ns);
        let now = self.clock.now();
        if moment > self.end {
            let last = self.end.max(now).saturating_add(BEHIND_THE_END);
            self.clock.advance(moment.min(last).saturating_sub(now));
            return (Status::Done, 0);
        }
        let status = self.pass(wire::nanos(moment.saturating_sub(now)));
        (status, u8::from(status == Status::Done))
    }

    fn transaction(
        &mut self,
        address: u8,
        count: u16,
        requests: &mut impl Read,
    ) -> Result<(Status, Vec<u8>), BridgeError> {
        let mut owned = read_operations(count, requests)?;
        let mut operations: Vec<Operation<'_>> = owned
            .iter_mut()
            .map(|operation| match operation {
                Owned::Read(bytes) => Operation::Read(bytes),
                Owned::Write(bytes) => Operation::Write(bytes),
            })
            .collect();
        if let Err(error) = self.i2c.transaction(address, &mut operations) {
            return Ok((Status::I2c(error.kind()), Vec::new()));
        }
        let read = |operation| match operation {
            Owned::Read(bytes) => Some(bytes),
            Owned::Write(_) => None,
        };
        Ok((Status::Done, owned.into_iter().filter_map(read).flatten().collect()))
    }
}

/// The operations of a transaction. No more memory is taken than there are bytes on the pipe, and 64 KiB for what is read.
fn read_operations(count: u16, requests: &mut impl Read) -> Result<Vec<Owned>, BridgeError> {
    let (mut operations, mut to_read) = (Vec::new(), 0_usize);
    for _ in 0..count {
        let mut head = [0; OPERATION_LEN];
        requests.read_exact(&mut head)?;
        let refused = || BridgeError::NoRequest(head.to_vec());
        operations.push(match wire::Operation::parse(head).map_err(|wire::Garbage| refused())? {
            wire::Operation::Read(length) => {
                let length = length as usize;
                to_read = to_read.saturating_add(length);
                if to_read > wire::MOST_READ {
                    return Err(refused());
                }
                Owned::Read(vec![0; length])
            }
            wire::Operation::Write(length) => {
                let mut bytes = Vec::new();
                requests.by_ref().take(length.into()).read_to_end(&mut bytes)?;
                if bytes.len() as u64 != u64::from(length) {
                    return Err(BridgeError::CutShort);
                }
                Owned::Write(bytes)
            }
        });
    }
    Ok(operations)
}

fn wait_for(pin: &mut SimPin, wait: PinWait, clock: &SimBus, end: Duration) -> Status {
    let levels: &[bool] = match wait {
        PinWait::High => &[true],
        PinWait::Low => &[false],
        PinWait::RisingEdge => &[false, true],
        PinWait::FallingEdge => &[true, false],
        PinWait::AnyEdge if is_high(pin) => &[false],
        PinWait::AnyEdge => &[true],
    };
    let begin = clock.now();
    for &level in levels {
        while is_high(pin) != level {
            let now = clock.now();
            let Some(step) = clock.next_event() else { return Status::NothingWillHappen };
            if now >= end {
                return Status::SceneEnded;
            }
            if now.saturating_sub(begin) > SimPin::LONGEST_WAIT {
                return Status::TooFar;
            }
            // What happens now was just lived through.
            clock.advance(step.max(Duration::from_nanos(1)).min(end.saturating_sub(now)));
        }
    }
    Status::Done
}

/// A simulated pin can be read at any time.
fn is_high(pin: &mut SimPin) -> bool {
    pin.is_high().unwrap_or(false)
}

/// As much of a text as has room.
fn beginning(text: &str, room: usize) -> &str {
    let cuts = text.char_indices().map(|(at, _)| at).chain([text.len()]);
    let cut = cuts.take_while(|&at| at <= room).last().unwrap_or(0);
    text.get(..cut).unwrap_or("")
}
