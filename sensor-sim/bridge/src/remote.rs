//! The firmware end: one conversation, and cheap handles of it.

use core::cell::{Cell, RefCell};
use core::time::Duration;

use embedded_hal::i2c::Operation;

use crate::wire::{self, ANSWER_LEN, Answer, PinWait, Request, Status, VERSION};
use crate::{BridgeError, Pipe, RemoteDelay, RemoteI2c, RemotePin};

/// The simulated sensor's bus, pin and time, on the other side of a pipe.
///
/// What fails in the middle of a message closes the bridge: every call after that fails at once.
#[derive(Debug)]
pub struct Remote<P> {
    pipe: RefCell<P>,
    is_closed: Cell<bool>,
    end: Duration,
}

impl<P: Pipe> Remote<P> {
    /// Says hello to the host.
    ///
    /// # Errors
    /// If the pipe fails, or what is behind it is no bridge, or one of another version.
    pub fn connect(pipe: P) -> Result<Remote<P>, BridgeError<P::Error>> {
        let mut remote =
            Remote { pipe: RefCell::new(pipe), is_closed: Cell::new(false), end: Duration::ZERO };
        match remote.ask(Request::Hello { version: VERSION }) {
            Ok(Answer { flag: VERSION, value, .. }) => {
                remote.end = wire::time(value);
                Ok(remote)
            }
            Ok(Answer { flag, .. }) => Err(BridgeError::Version(flag)),
            Err(BridgeError::Refused) => Err(BridgeError::NotABridge),
            Err(error) => Err(error),
        }
    }

    /// The I2C bus.
    #[must_use]
    pub fn i2c(&self) -> RemoteI2c<'_, P> {
        RemoteI2c::new(self)
    }

    /// A delay, in virtual time.
    #[must_use]
    pub fn delay(&self) -> RemoteDelay<'_, P> {
        RemoteDelay::new(self)
    }

    /// The sensor's presence pin, as an input.
    #[must_use]
    pub fn presence_pin(&self) -> RemotePin<'_, P> {
        RemotePin::new(self)
    }

    /// The virtual time since the scene began.
    ///
    /// # Errors
    /// If the bridge fails.
    pub fn now(&self) -> Result<Duration, BridgeError<P::Error>> {
        self.ask(Request::Now).map(|answer| wire::time(answer.value))
    }

    /// Lets virtual time pass until a moment, if that is still to come. Whether the moment is one of the scene: at `false`
    /// the scene has ended before it.
    ///
    /// # Errors
    /// If the bridge fails.
    pub fn wait_until(&self, moment: Duration) -> Result<bool, BridgeError<P::Error>> {
        let request = Request::WaitUntil { moment_ns: wire::nanos(moment) };
        self.ask(request).map(|answer| answer.flag != 0)
    }

    /// When the scene ends; `Duration::MAX` if it does not.
    #[must_use]
    pub fn end(&self) -> Duration {
        self.end
    }

    /// What the scene is, in words: as much of it as the buffer has room for.
    ///
    /// # Errors
    /// If the bridge fails.
    pub fn about<'b>(&self, buffer: &'b mut [u8]) -> Result<&'b str, BridgeError<P::Error>> {
        let capacity = u16::try_from(buffer.len()).unwrap_or(u16::MAX);
        let length = self.ask(Request::About { capacity })?.value;
        let text = usize::try_from(length).ok().and_then(|length| buffer.get_mut(..length));
        let text = text.ok_or_else(|| self.no_bridge())?;
        self.on_pipe(|pipe| pipe.read_exact(text))?;
        core::str::from_utf8(text).map_err(|_| self.no_bridge())
    }

    /// Lets virtual time pass.
    pub(crate) fn pass(&self, by_ns: u64) -> Result<(), BridgeError<P::Error>> {
        self.ask(Request::Delay { by_ns }).map(|_| ())
    }

    pub(crate) fn pin(&self) -> Result<bool, BridgeError<P::Error>> {
        self.ask(Request::Pin).map(|answer| answer.flag != 0)
    }

    pub(crate) fn wait_for_pin(&self, wait: PinWait) -> Result<(), BridgeError<P::Error>> {
        self.ask(Request::WaitForPin(wait)).map(|_| ())
    }

    pub(crate) fn transaction(
        &self,
        address: u8,
        operations: &mut [Operation<'_>],
    ) -> Result<(), BridgeError<P::Error>> {
        let count = fitting(operations).ok_or(BridgeError::TooLong)?;
        self.on_pipe(|pipe| {
            pipe.write_all(&Request::Transaction { address, operations: count }.emit())?;
            operations.iter().try_for_each(|operation| match operation {
                // The lengths were found to fit.
                Operation::Read(bytes) => pipe.write_all(&wire::Operation::Read(bytes.len() as u32).emit()),
                Operation::Write(bytes) => {
                    pipe.write_all(&wire::Operation::Write(bytes.len() as u32).emit())?;
                    pipe.write_all(bytes)
                }
            })
        })?;
        self.answer()?;
        self.on_pipe(|pipe| {
            operations.iter_mut().try_for_each(|operation| match operation {
                Operation::Read(bytes) if !bytes.is_empty() => pipe.read_exact(bytes),
                _ => Ok(()),
            })
        })
    }

    fn ask(&self, request: Request) -> Result<Answer, BridgeError<P::Error>> {
        self.on_pipe(|pipe| pipe.write_all(&request.emit()))?;
        self.answer()
    }

    fn answer(&self) -> Result<Answer, BridgeError<P::Error>> {
        let mut bytes = [0; ANSWER_LEN];
        self.on_pipe(|pipe| pipe.read_exact(&mut bytes))?;
        let answer = Answer::parse(bytes).map_err(|_| self.no_bridge())?;
        Err(match answer.status {
            Status::Done => return Ok(answer),
            Status::I2c(kind) => BridgeError::I2c(kind),
            Status::NothingWillHappen => BridgeError::NothingWillHappen,
            Status::SceneEnded => BridgeError::SceneEnded,
            Status::TooFar => BridgeError::TooFar,
            Status::NoPin => BridgeError::NoPin,
            Status::Refused => self.closed(BridgeError::Refused),
            Status::Version => self.closed(BridgeError::Version(answer.flag)),
        })
    }

    fn on_pipe<R>(
        &self,
        with: impl FnOnce(&mut P) -> Result<R, P::Error>,
    ) -> Result<R, BridgeError<P::Error>> {
        if self.is_closed.get() {
            return Err(BridgeError::Closed);
        }
        // Only a pipe that calls the bridge it carries could find it in use.
        let mut pipe = self.pipe.try_borrow_mut().map_err(|_| BridgeError::Closed)?;
        with(&mut pipe).map_err(|error| self.closed(BridgeError::Pipe(error)))
    }

    fn no_bridge(&self) -> BridgeError<P::Error> {
        self.closed(BridgeError::NotABridge)
    }

    fn closed(&self, error: BridgeError<P::Error>) -> BridgeError<P::Error> {
        self.is_closed.set(true);
        error
    }
}

/// How many operations there are, if the bridge can carry them.
fn fitting(operations: &[Operation<'_>]) -> Option<u16> {
    let mut reads: usize = 0;
    for operation in operations {
        match operation {
            Operation::Read(bytes) => reads = reads.checked_add(bytes.len())?,
            Operation::Write(bytes) => drop(u32::try_from(bytes.len()).ok()?),
        }
    }
    if reads > wire::MOST_READ {
        return None;
    }
    u16::try_from(operations.len()).ok()
}
