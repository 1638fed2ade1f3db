//! The adapter, plugged in, with the simulated hardware behind it.

use std::time::Duration;

use super::{Setup, Stall, TinyUsb};
use crate::virtual_bus::{Answer, World};

/// How often a world may catch up before a request is answered: enough for ten seconds at the greatest speed.
const MOST_CATCH_UPS: u32 = 100;

/// A simulated bus of a machine, as a USB adapter.
///
/// The bus must be that of an adapter of the style [`TinyUsb`](crate::virtual_bus::errno::Style::TinyUsb), for another
/// does not tell a NACK from what else can go wrong.
#[derive(Debug)]
pub struct UsbBus {
    world: World,
    number: u32,
    device: TinyUsb,
    takes: Duration,
}

impl UsbBus {
    /// How long a bus may be left alone at most, so that it still can catch up: let [`idle`](Self::idle) be called.
    pub const LONGEST_IDLE: Duration = Duration::from_secs(10);

    /// Puts the bus of this number behind an adapter; `None` if there is no such bus.
    #[must_use]
    pub fn new(mut world: World, number: u32) -> Option<UsbBus> {
        world.adapter(number)?;
        Some(UsbBus { world, number, device: TinyUsb::new(), takes: Duration::ZERO })
    }

    /// The adapter.
    #[must_use]
    pub const fn device(&self) -> &TinyUsb {
        &self.device
    }

    /// Lets simulated time pass until now.
    pub fn idle(&mut self) {
        for _ in 0..MOST_CATCH_UPS {
            // An adapter on USB has no wires for pins: who looks at edges has another one.
            let _edges = self.world.catch_up();
            if self.world.wake_in() != Some(Duration::ZERO) {
                break;
            }
        }
    }

    /// Lets simulated time pass until now, then answers a control request as [`TinyUsb::control`] does.
    ///
    /// # Errors
    /// As [`TinyUsb::control`].
    pub fn control(&mut self, setup: Setup, data: &[u8]) -> Result<Vec<u8>, Stall> {
        self.idle();
        let (device, mut answer) = (&mut self.device, Err(Stall));
        let reply = self.world.with_adapter(self.number, |adapter| {
            answer = device.control(setup, data, adapter);
            Ok(Answer::Number(0))
        });
        self.takes = self.takes.saturating_add(reply.after);
        answer
    }

    /// How long what was asked for since this was last called really takes, before it may be answered.
    pub fn take_time(&mut self) -> Duration {
        std::mem::take(&mut self.takes)
    }

    /// The host reset the device, or is another one.
    pub fn reset(&mut self) {
        if let Some(adapter) = self.world.adapter(self.number) {
            self.device.reset(adapter);
        }
    }
}
