//! Which machine QEMU pretends to be.

use crate::{call::Call, failure::Failure};

use super::packages::Packages;

/// A machine of QEMU.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Board {
    /// None that exists: the one that boots quickest.
    #[default]
    Virt,
    /// A Raspberry Pi 3 Model B, with its own USB controller. It takes a minute.
    Raspi3b,
}

impl Board {
    pub(crate) const ALL: [Board; 2] = [Board::Virt, Board::Raspi3b];

    /// As QEMU calls it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Board::Virt => "virt",
            Board::Raspi3b => "raspi3b",
        }
    }

    /// The modules that the kernel needs for its USB, and to end QEMU by a reboot.
    pub(super) const fn modules(self) -> &'static [&'static str] {
        match self {
            Board::Virt => &["xhci-pci"],
            Board::Raspi3b => &["phy-generic", "dwc2", "bcm2835-wdt"],
        }
    }

    /// The machine, and where its console is. `options` are those that plug in the adapter, and a controller to plug it in.
    pub(super) fn equip(self, call: Call, packages: &Packages, options: &str) -> Result<Call, Failure> {
        let call = call.args(["-M", self.name()]);
        let (call, console) = match self {
            Board::Virt => {
                (call.args(["-cpu", "cortex-a53", "-m", "256"]).args(options.split(' ')), "ttyAMA0")
            }
            Board::Raspi3b => {
                // It has a controller of its own, and no place for another.
                let options = options.replace("-device qemu-xhci ", "");
                let call = call.arg("-dtb").arg(packages.device_tree("bcm2837-rpi-3-b.dtb")?);
                (call.args(["-serial", "null"]).args(options.split(' ')), "ttyS1,115200")
            }
        };
        Ok(call.arg("-append").arg(format!("console={console} panic=-1 quiet loglevel=1")))
    }
}
