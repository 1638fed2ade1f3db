//! The adapter, plugged in, with the simulated hardware behind it.

use super::{Setup, Stall, TinyUsb};
use crate::virtual_bus::World;

/// A simulated bus of a machine, as a USB adapter.
#[derive(Debug)]
pub struct UsbBus {
    world: World,
    number: u32,
    device: TinyUsb,
}

impl UsbBus {
    /// Puts the bus of this number behind an adapter; `None` if there is no such bus.
    #[must_use]
    pub fn new(mut world: World, number: u32) -> Option<UsbBus> {
        world.adapter(number)?;
        Some(UsbBus { world, number, device: TinyUsb::new() })
    }

    /// The adapter.
    #[must_use]
    pub const fn device(&self) -> &TinyUsb {
        &self.device
    }

    /// Lets simulated time pass until now, then answers a control request as [`TinyUsb::control`] does.
    ///
    /// # Errors
    /// As [`TinyUsb::control`].
    pub fn control(&mut self, setup: Setup, data: &[u8]) -> Result<Vec<u8>, Stall> {
        // An adapter on USB has no wires for pins: who looks at edges has another one.
        let _edges = self.world.catch_up();
        let adapter = self.world.adapter(self.number).ok_or(Stall)?;
        self.device.control(setup, data, adapter)
    }

    /// The host reset the device, or is another one.
    pub fn reset(&mut self) {
        if let Some(adapter) = self.world.adapter(self.number) {
            self.device.reset(adapter);
        }
    }
}
