//! The presence pin awaited, on tokio.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use embedded_hal::digital::{ErrorType, InputPin};
use embedded_hal_async::digital::Wait;
use tokio::io::unix::AsyncFd;

use super::presence_pin::next_edge;
use super::sys::{Watched, watch};
use super::{GpioError, GpioErrorKind, GpioInput, LineEdge};

/// A GPIO line as an input that is awaited on tokio: for [`mlsensor::PresencePin`] and its `wait_for_presence`. A wait that is
/// dropped has lost nothing but what it waited for.
#[derive(Debug)]
pub struct AsyncGpioInput {
    name: Arc<str>,
    offset: u32,
    line: AsyncFd<Watched>,
}

impl AsyncGpioInput {
    /// Hands a line to tokio, in a runtime of which this is called.
    ///
    /// # Errors
    /// [`GpioError`], if tokio cannot watch it.
    ///
    /// # Panics
    /// Outside of a runtime, or in one without I/O.
    pub fn new(input: GpioInput) -> Result<AsyncGpioInput, GpioError> {
        let (name, offset, request) = input.line.into_parts();
        let line = watch(request).map_err(|error| other(&name, &error))?;
        Ok(AsyncGpioInput { name, offset, line })
    }

    /// Waits for the next change since the line was opened that was not told of yet. The kernel keeps the last 16.
    ///
    /// # Errors
    /// [`GpioError`].
    pub async fn next_edge(&mut self) -> Result<LineEdge, GpioError> {
        loop {
            let mut ready = self.line.readable().await.map_err(|error| other(&self.name, &error))?;
            let edge = ready.try_io(|line| {
                let request = line.get_ref().request();
                match request.wait_edge_event(Duration::ZERO) {
                    Ok(true) => Ok(next_edge(request)),
                    Ok(false) => Err(io::ErrorKind::WouldBlock.into()),
                    Err(error) => Ok(Err(error)),
                }
            });
            match edge {
                Ok(Ok(edge)) => return edge.map_err(|error| GpioError::of(&self.name, &error, "")),
                Ok(Err(error)) => return Err(other(&self.name, &error)),
                // It was taken for readable and is not: tokio knows now, and the next turn waits.
                Err(_) => {}
            }
        }
    }

    /// Forgets the changes until now.
    fn drain(&mut self) -> Result<(), GpioError> {
        let request = self.line.get_ref().request();
        let next = || -> Result<bool, gpiocdev::Error> {
            let is_there = request.has_edge_event()?;
            if is_there {
                next_edge(request)?;
            }
            Ok(is_there)
        };
        while next().map_err(|error| GpioError::of(&self.name, &error, ""))? {}
        Ok(())
    }

    async fn wait_for(&mut self, is_high: bool) -> Result<(), GpioError> {
        while self.is_high()? != is_high {
            self.next_edge().await?;
        }
        Ok(())
    }

    async fn wait_for_edge_to(&mut self, is_high: bool) -> Result<(), GpioError> {
        self.drain()?;
        while self.next_edge().await?.is_high != is_high {}
        Ok(())
    }
}

fn other(line: &Arc<str>, error: &io::Error) -> GpioError {
    let kind = GpioErrorKind::Other { errno: error.raw_os_error(), words: error.to_string() };
    GpioError::new(line, kind)
}

impl ErrorType for AsyncGpioInput {
    type Error = GpioError;
}

impl InputPin for AsyncGpioInput {
    fn is_high(&mut self) -> Result<bool, GpioError> {
        let value = self.line.get_ref().request().value(self.offset);
        let value = value.map_err(|error| GpioError::of(&self.name, &error, ""))?;
        Ok(value == gpiocdev::line::Value::Active)
    }

    fn is_low(&mut self) -> Result<bool, GpioError> {
        self.is_high().map(|is_high| !is_high)
    }
}

impl Wait for AsyncGpioInput {
    async fn wait_for_high(&mut self) -> Result<(), GpioError> {
        self.wait_for(true).await
    }

    async fn wait_for_low(&mut self) -> Result<(), GpioError> {
        self.wait_for(false).await
    }

    async fn wait_for_rising_edge(&mut self) -> Result<(), GpioError> {
        self.wait_for_edge_to(true).await
    }

    async fn wait_for_falling_edge(&mut self) -> Result<(), GpioError> {
        self.wait_for_edge_to(false).await
    }

    async fn wait_for_any_edge(&mut self) -> Result<(), GpioError> {
        self.drain()?;
        self.next_edge().await.map(drop)
    }
}
