//! The log: lines for people, on a UART.

use core::fmt::{self, Write};

use embassy_rp::Peri;
use embassy_rp::uart::{Blocking, Config, Instance, TxPin, UartTx};

/// Writes lines at 115200 baud, 8N1. A line of 80 characters takes 7 ms, in which the program waits.
pub struct Log(UartTx<'static, Blocking>);

impl Log {
    /// Takes the UART and the pin that transmits.
    pub fn new<T: Instance>(uart: Peri<'static, T>, tx: Peri<'static, impl TxPin<T>>) -> Log {
        Log(UartTx::new_blocking(uart, tx, Config::default()))
    }

    /// Writes a line. What cannot be written is lost: a log that fails is no reason to stop.
    pub fn line(&mut self, line: impl fmt::Display) {
        let _ = write!(self, "{line}\r\n");
    }
}

impl Write for Log {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.blocking_write(text.as_bytes()).map_err(|_| fmt::Error)
    }
}
