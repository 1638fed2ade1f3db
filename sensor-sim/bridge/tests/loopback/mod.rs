//! Both ends in one thread: what firmware sends is answered when it waits for the answer.

use embedded_hal::i2c::I2c;
use mlsensor_bridge::Pipe;
use mlsensor_sim::bridge::Bridge;

/// A pipe to a host end that is right behind it.
pub(crate) struct Loopback<I2C> {
    bridge: Bridge<I2C>,
    requests: Vec<u8>,
    answers: Vec<u8>,
}

impl<I2C: I2c> Loopback<I2C> {
    pub(crate) fn new(bridge: Bridge<I2C>) -> Self {
        Loopback { bridge, requests: Vec::new(), answers: Vec::new() }
    }
}

/// The host is gone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Gone;

impl<I2C: I2c> Pipe for Loopback<I2C> {
    type Error = Gone;

    fn write_all(&mut self, bytes: &[u8]) -> Result<(), Gone> {
        self.requests.extend_from_slice(bytes);
        Ok(())
    }

    fn read_exact(&mut self, bytes: &mut [u8]) -> Result<(), Gone> {
        if self.answers.is_empty() {
            let mut requests = &self.requests[..];
            let _ = self.bridge.answer_one(&mut requests, &mut self.answers);
            assert!(requests.is_empty(), "more was sent than one request: {requests:02x?}");
            self.requests.clear();
        }
        if self.answers.len() < bytes.len() {
            return Err(Gone);
        }
        bytes.copy_from_slice(&self.answers[..bytes.len()]);
        self.answers.drain(..bytes.len());
        Ok(())
    }
}
