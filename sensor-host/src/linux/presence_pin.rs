//! GPIO lines as pins: an input for the presence pin, which can be waited for, and an output for what a program switches.

use std::os::fd::{AsFd, BorrowedFd};
use std::time::Duration;

use embedded_hal::digital::{ErrorType, InputPin, OutputPin};
use gpiocdev::Request;
use gpiocdev::line::EdgeKind;

use super::gpio::{Line, Pull};
use super::{GpioError, LineName};

/// A GPIO line as an input: for [`mlsensor::PresencePin`]. It tells of changes, too.
#[derive(Debug)]
pub struct GpioInput {
    pub(super) line: Line,
}

/// A change of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LineEdge {
    /// Whether it is high since then.
    pub is_high: bool,
    /// When, on the clock of the system that is never set (`CLOCK_MONOTONIC`).
    pub at: Duration,
}

impl GpioInput {
    /// Opens a line as an input.
    ///
    /// # Errors
    /// [`GpioError`]: there is no such line, or it cannot be had.
    pub fn open(line: &LineName, pull: Pull) -> Result<GpioInput, GpioError> {
        Line::input(line, pull).map(|line| GpioInput { line })
    }

    /// Waits for the next change since the line was opened that was not told of yet; `None` if there is none in this time,
    /// or if a signal comes. The kernel keeps the last 16 changes.
    ///
    /// # Errors
    /// [`GpioError`].
    pub fn wait_for_edge(&mut self, timeout: Duration) -> Result<Option<LineEdge>, GpioError> {
        match self.line.request.wait_edge_event(timeout) {
            Ok(true) => next_edge(&self.line.request).map(Some).map_err(|error| self.line.error(&error)),
            Ok(false) => Ok(None),
            Err(error) if super::gpio_error::is_interrupted(&error) => Ok(None),
            Err(error) => Err(self.line.error(&error)),
        }
    }
}

/// The next change, which is there.
pub(super) fn next_edge(request: &Request) -> Result<LineEdge, gpiocdev::Error> {
    let event = request.read_edge_event()?;
    Ok(LineEdge { is_high: event.kind == EdgeKind::Rising, at: Duration::from_nanos(event.timestamp_ns) })
}

/// What can be watched by a program with a loop of its own: it is readable while there is a change that was not told of yet.
impl AsFd for GpioInput {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.line.request.as_fd()
    }
}

impl ErrorType for GpioInput {
    type Error = GpioError;
}

impl InputPin for GpioInput {
    fn is_high(&mut self) -> Result<bool, GpioError> {
        self.line.is_high()
    }

    fn is_low(&mut self) -> Result<bool, GpioError> {
        self.line.is_high().map(|is_high| !is_high)
    }
}

/// A GPIO line as an output, which is low when it is opened. What it is when it is closed, its chip decides.
#[derive(Debug)]
pub struct GpioOutput {
    line: Line,
}

impl GpioOutput {
    /// Opens a line as an output, low.
    ///
    /// # Errors
    /// [`GpioError`]: there is no such line, or it cannot be had.
    pub fn open(line: &LineName) -> Result<GpioOutput, GpioError> {
        Line::output(line).map(|line| GpioOutput { line })
    }
}

impl ErrorType for GpioOutput {
    type Error = GpioError;
}

impl OutputPin for GpioOutput {
    fn set_low(&mut self) -> Result<(), GpioError> {
        self.line.set(false)
    }

    fn set_high(&mut self) -> Result<(), GpioError> {
        self.line.set(true)
    }
}
