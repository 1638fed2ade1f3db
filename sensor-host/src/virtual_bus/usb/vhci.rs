//! The kernel of this machine as the host of the adapter: its virtual USB host controller, `vhci-hcd`.
//!
//! The controller is handed one end of a pair of sockets and finds a USB device at the other: no network, and no
//! program of USB/IP. What it says of itself is in `/sys/devices/platform/vhci_hcd.0`.
//!
//! # Guarantees
//! * The adapter is there as long as the process: when it ends, however it ends, the kernel closes the socket and takes
//!   the bus away.
//! * Every file is looked for below a root that is an argument: `/` but for tests.

use std::fs;
use std::io;
use std::os::fd::{AsFd, AsRawFd};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use super::usbip::UsbIp;
use super::{Ended, Look, Stop, UsbBus, serve};
use crate::Report;

/// The controller, below the root.
const CONTROLLER: &str = "sys/devices/platform/vhci_hcd.0";

/// A module of the kernel, what it brings below the root, and the code of the error that it is missing.
struct Module {
    name: &'static str,
    brings: &'static str,
    code: &'static str,
}

const NEEDED: [Module; 3] = [
    Module { name: "vhci-hcd", brings: CONTROLLER, code: "MLSENSOR-ATTACH-VHCI-HCD" },
    Module {
        name: "i2c-tiny-usb",
        brings: "sys/bus/usb/drivers/i2c-tiny-usb",
        code: "MLSENSOR-ATTACH-I2C-TINY-USB",
    },
    Module { name: "i2c-dev", brings: "sys/class/i2c-dev", code: "MLSENSOR-ATTACH-I2C-DEV" },
];

/// States of a port (`enum usbip_device_status` of linux/usbip.h, as `status` prints them): free, and with a device.
const FREE: &str = "004";
const USED: &str = "006";

/// What the kernel is told of the device: some number, and full speed.
const DEVICE: u32 = 1 << 16 | 1;
const FULL_SPEED: u32 = 2;

/// How often, and how many times at most, the kernel is asked whether it is done.
const LOOK: Duration = Duration::from_millis(20);
const LOOKS: u32 = 500;

/// Sees to it that the kernel can do what [`hold`] asks of it. `load` loads a module, and says whether it could.
///
/// # Errors
/// What is missing: the rights of root, or one of three modules.
pub fn prepare(root: &Path, is_superuser: bool, load: &mut dyn FnMut(&str) -> bool) -> Result<(), Report> {
    if !is_superuser {
        return Err(Report {
            what: "only root may plug a simulated adapter into the kernel".to_owned(),
            likely: "the command was run by an ordinary user; `mlsensor sim run` needs no rights".to_owned(),
            run: "sudo mlsensor sim attach".to_owned(),
            code: "MLSENSOR-ATTACH-ROOT".to_owned(),
        });
    }
    for module in &NEEDED {
        // Some kernels have it built in, and a module that is loaded is not loaded again.
        if root.join(module.brings).exists() {
            continue;
        }
        let is_loaded = load(module.name);
        if !root.join(module.brings).exists() {
            return Err(missing(module, is_loaded));
        }
    }
    Ok(())
}

fn missing(module: &Module, is_loaded: bool) -> Report {
    let likely = if is_loaded {
        "/sys is not mounted, or belongs to another machine, as in a container"
    } else {
        "this kernel was built without it, as those of clouds and containers are; a package such as \
         linux-modules-extra may hold it; `mlsensor sim run` needs no module"
    };
    Report {
        what: format!("the kernel has no {}", module.name),
        likely: likely.to_owned(),
        run: format!("sudo modprobe --verbose {}", module.name),
        code: module.code.to_owned(),
    }
}

/// Plugs the adapter into the kernel and serves it until `stop`. `at` is told the number of the bus, when it is there.
///
/// # Errors
/// If the kernel does not take it, makes no bus of it, or lets go of it.
pub fn hold(root: &Path, bus: &mut UsbBus, stop: &Stop, at: &mut dyn FnMut(u32)) -> Result<(), Report> {
    let pair = UnixStream::pair()
        .map_err(|error| attach_failed("cannot make a pair of sockets", &error, "ulimit -n"))?;
    hold_by(root, pair, bus, stop, at)
}

/// As [`hold`], with a pair of sockets: our end, and the kernel's.
///
/// # Errors
/// As [`hold`].
pub fn hold_by(
    root: &Path,
    (ours, kernels): (UnixStream, UnixStream),
    bus: &mut UsbBus,
    stop: &Stop,
    at: &mut dyn FnMut(u32),
) -> Result<(), Report> {
    let port = plug(root, &kernels)?;
    // The kernel holds that end from now on: this process must not, or it would never see it closed.
    drop(kernels);
    let mut left = LOOKS;
    let mut found = false;
    let mut look = || {
        if found {
            return Some(Look::ForEver);
        }
        if let Some(number) = bus_of(root, port) {
            found = true;
            at(number);
            return Some(Look::ForEver);
        }
        left = left.checked_sub(1)?;
        Some(Look::Again(LOOK))
    };
    let ended = serve(&ours, &mut UsbIp::new(), bus, stop, &mut look);
    drop(ours);
    wait_until_unplugged(root, port);
    let what = match ended {
        Ok(Ended::Stop) => return Ok(()),
        Ok(Ended::Enough) => {
            return Err(Report {
                what: "the kernel has the adapter, but shows no bus of it".to_owned(),
                likely: "a rule of udev or of the kernel keeps new USB devices out".to_owned(),
                run: "sudo dmesg | tail -n 20".to_owned(),
                code: "MLSENSOR-ATTACH-NO-BUS".to_owned(),
            });
        }
        Ok(Ended::Peer) => "the kernel let go of the adapter".to_owned(),
        Ok(Ended::Protocol(error)) => format!("the kernel speaks USB/IP otherwise than expected: {error}"),
        Err(error) => format!("the socket to the kernel failed: {error}"),
    };
    Err(Report {
        what,
        likely: "somebody detached it, or the module was removed".to_owned(),
        run: "sudo dmesg | tail -n 20".to_owned(),
        code: "MLSENSOR-ATTACH-LOST".to_owned(),
    })
}

/// Hands one end to a free port of the controller, and says to which.
fn plug(root: &Path, kernels: &impl AsFd) -> Result<u32, Report> {
    let file = root.join(CONTROLLER).join("attach");
    let mut refused = None;
    // Another process may be quicker: the kernel then refuses the port, and there is another.
    for port in free_ports(&status(root)) {
        let order = format!("{port} {} {DEVICE} {FULL_SPEED}", kernels.as_fd().as_raw_fd());
        match fs::write(&file, order) {
            Ok(()) => return Ok(port),
            Err(error) if error.raw_os_error() == Some(rustix::io::Errno::BUSY.raw_os_error()) => {
                refused = Some(error);
            }
            Err(error) => return Err(attach_failed("the kernel does not take the adapter", &error, DMESG)),
        }
    }
    let error = refused.unwrap_or_else(|| io::Error::other("every port is in use"));
    Err(Report {
        what: format!("the virtual USB host controller has no free port: {error}"),
        likely: "many simulated adapters, or USB/IP devices, are attached".to_owned(),
        run: format!("cat /{CONTROLLER}/status"),
        code: "MLSENSOR-ATTACH-PORT".to_owned(),
    })
}

const DMESG: &str = "sudo dmesg | tail -n 20";

fn attach_failed(what: &str, error: &io::Error, run: &str) -> Report {
    Report {
        what: format!("{what}: {error}"),
        likely: "the system is out of something, or a security module forbids it".to_owned(),
        run: run.to_owned(),
        code: "MLSENSOR-ATTACH".to_owned(),
    }
}

/// After our end is closed, the kernel takes the device away by itself: soon, but not at once.
fn wait_until_unplugged(root: &Path, port: u32) {
    for _ in 0..LOOKS / 5 {
        if free_ports(&status(root)).contains(&port) {
            return;
        }
        thread::sleep(LOOK);
    }
}

/// What the controller says of its ports. Nothing, if it is gone.
fn status(root: &Path) -> String {
    fs::read_to_string(root.join(CONTROLLER).join("status")).unwrap_or_default()
}

/// The fields of a port, a line each: the hub's speed, the number, the state, the speed, the device, the socket, the name
/// of the USB device. The first line holds their names.
fn ports(status: &str) -> impl Iterator<Item = (u32, &str, &str)> {
    status.lines().filter_map(|line| {
        let mut fields = line.split_whitespace();
        // The ports of the other hub are for devices of super speed.
        fields.next().filter(|&hub| hub == "hs")?;
        let number = fields.next()?.parse().ok()?;
        Some((number, fields.next()?, fields.nth(3)?))
    })
}

fn free_ports(status: &str) -> Vec<u32> {
    ports(status).filter(|(_, state, _)| *state == FREE).map(|(number, ..)| number).collect()
}

/// The number of the bus that the kernel made of the adapter at this port, once it and its file are there.
fn bus_of(root: &Path, port: u32) -> Option<u32> {
    let status = status(root);
    let (_, _, device) = ports(&status).find(|&(number, state, _)| number == port && state == USED)?;
    // A name such as "3-1", and nothing that leads elsewhere.
    let is_name = device.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-' || byte == b'.');
    let interface = root.join("sys/bus/usb/devices").join(format!("{device}:1.0"));
    let entries: Vec<PathBuf> = is_name
        .then(|| fs::read_dir(interface).ok())??
        .filter_map(|entry| Some(entry.ok()?.path()))
        .collect();
    let number =
        entries.iter().find_map(|path| path.file_name()?.to_str()?.strip_prefix("i2c-")?.parse().ok())?;
    root.join(format!("sys/class/i2c-dev/i2c-{number}")).exists().then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As a kernel 6.1 prints it: port 0 has a device, 1 is free, 2 is being attached; port 8 is of super speed.
    const STATUS: &str = "hub port sta spd dev      sockfd local_busid\n\
        hs  0000 006 002 00010001 000003 3-1\n\
        hs  0001 004 000 00000000 000000 0-0\n\
        hs  0002 005 000 00010001 000004 0-0\n\
        ss  0008 004 000 00000000 000000 0-0\n";

    #[test]
    fn a_free_port_of_the_right_speed_is_found() {
        assert_eq!(free_ports(STATUS), [1]);
        assert_eq!(free_ports(""), [0; 0]);
        assert_eq!(free_ports("hs\nhs x 004\nhs 0001\nhs 0003 004 000 00000000 000000\n"), [0; 0]);
    }

    #[test]
    fn a_port_with_a_device_tells_its_name() {
        assert_eq!(ports(STATUS).next(), Some((0, "006", "3-1")));
    }
}
