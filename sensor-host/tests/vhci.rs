//! A kernel that is handed the adapter: a folder that looks like its /sys, and a peer that speaks as it does.
#![cfg(target_os = "linux")]

mod still;

use std::fs;
use std::io::{Read, Write};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::thread;

use mlsensor_host::Report;
use mlsensor_host::virtual_bus::usb::{Stop, vhci};
use still::{NOBODY, plugged};

const CONTROLLER: &str = "sys/devices/platform/vhci_hcd.0";
const TITLE: &str = "hub port sta spd dev      sockfd local_busid\n";
const FREE: &str = "hs  0000 006 002 00010001 000003 3-1\nhs  0001 004 000 00000000 000000 0-0\n";
const TAKEN: &str = "hs  0000 006 002 00010001 000003 3-1\nhs  0001 006 002 00010001 000004 3-2\n";

/// A folder in the place of `/`.
struct Root(PathBuf);

impl Root {
    fn new(name: &str) -> Root {
        let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("vhci-{}-{name}", std::process::id()));
        fs::create_dir_all(&root).unwrap();
        Root(root)
    }

    /// One whose kernel has all three modules, and a free port.
    fn with_modules(name: &str) -> Root {
        let root = Root::new(name);
        for folder in [CONTROLLER, "sys/bus/usb/drivers/i2c-tiny-usb", "sys/class/i2c-dev"] {
            root.folder(folder);
        }
        root.status(FREE);
        root.write("attach", "");
        root
    }

    fn folder(&self, path: &str) {
        fs::create_dir_all(self.0.join(path)).unwrap();
    }

    /// Replaces a file of the controller at once, as no reader of /sys sees half of one.
    fn write(&self, name: &str, text: &str) {
        let file = self.0.join(CONTROLLER).join(name);
        fs::write(file.with_extension("new"), text).unwrap();
        fs::rename(file.with_extension("new"), file).unwrap();
    }

    fn status(&self, ports: &str) {
        self.write("status", &format!("{TITLE}{ports}ss  0008 004 000 00000000 000000 0-0\n"));
    }

    /// The kernel made a bus of the device at port 1.
    fn appear(&self, number: u32) {
        self.folder(&format!("sys/bus/usb/devices/3-2:1.0/i2c-{number}"));
        self.folder(&format!("sys/class/i2c-dev/i2c-{number}"));
        self.status(TAKEN);
    }
}

impl Drop for Root {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn nothing_loads(_: &str) -> bool {
    false
}

#[test]
fn only_root_may_and_is_not_bothered_with_modules_before() {
    let root = Root::new("rights");
    let report = vhci::prepare(&root.0, false, &mut |_| panic!("no module is looked for")).unwrap_err();
    assert_eq!(report.code, "MLSENSOR-ATTACH-ROOT");
    assert_eq!(report.run, "sudo mlsensor sim attach");
}

#[test]
fn each_missing_module_has_an_error_of_its_own() {
    let root = Root::new("modules");
    for (code, module, brings) in [
        ("MLSENSOR-ATTACH-VHCI-HCD", "vhci-hcd", CONTROLLER),
        ("MLSENSOR-ATTACH-I2C-TINY-USB", "i2c-tiny-usb", "sys/bus/usb/drivers/i2c-tiny-usb"),
        ("MLSENSOR-ATTACH-I2C-DEV", "i2c-dev", "sys/class/i2c-dev"),
    ] {
        let report = vhci::prepare(&root.0, true, &mut nothing_loads).unwrap_err();
        assert_eq!((&*report.code, &*report.run), (code, &*format!("sudo modprobe --verbose {module}")));
        assert_eq!(report.what, format!("the kernel has no {module}"));
        // A modprobe that succeeds is not believed either: what counts is what is there.
        let report = vhci::prepare(&root.0, true, &mut |_| true).unwrap_err();
        assert!(report.code == code && report.likely.contains("/sys"), "{report}");
        root.folder(brings);
    }
    vhci::prepare(&root.0, true, &mut |_| panic!("what is there is not loaded")).unwrap();
}

#[test]
fn modules_are_loaded_in_their_order() {
    let root = Root::new("loads");
    let mut loaded = Vec::new();
    vhci::prepare(&root.0, true, &mut |module| {
        loaded.push(module.to_owned());
        root.folder(match module {
            "vhci-hcd" => CONTROLLER,
            "i2c-tiny-usb" => "sys/bus/usb/drivers/i2c-tiny-usb",
            _ => "sys/class/i2c-dev",
        });
        true
    })
    .unwrap();
    assert_eq!(loaded, ["vhci-hcd", "i2c-tiny-usb", "i2c-dev"]);
}

/// A kernel that asks for the descriptor of the device, as all do first.
fn first_question(kernel: &mut UnixStream) -> Vec<u8> {
    let mut submit =
        vec![0, 0, 0, 1, 0, 0, 0, 1, 0, 1, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 18];
    submit.resize(40, 0);
    submit.extend([0x80, 6, 0, 1, 0, 0, 18, 0]);
    kernel.write_all(&submit).unwrap();
    let mut answer = vec![0; 48 + 18];
    kernel.read_exact(&mut answer).unwrap();
    answer
}

/// Holds an adapter at a root, while `kernel` happens at the other end. What came of it, and the bus that was told.
fn held(
    root: &Root,
    kernel: impl FnOnce(UnixStream, OwnedFd) + Send,
    told: impl FnMut(u32),
) -> Result<(), Report> {
    let (ours, kernels) = UnixStream::pair().unwrap();
    let inside = kernels.try_clone().unwrap();
    let (stop, wanted) = Stop::new().unwrap();
    let mut told = told;
    thread::scope(|scope| {
        scope.spawn(|| kernel(inside, wanted));
        vhci::hold_by(&root.0, (ours, kernels), &mut plugged(), &stop, &mut told)
    })
}

#[test]
fn the_adapter_is_plugged_in_served_told_of_and_taken_away() {
    let root = Root::with_modules("whole");
    let (tell, is_told) = std::sync::mpsc::channel();
    let (root, kernels_root) = (&root, &root);
    held(
        root,
        move |mut kernel, stop| {
            let root = kernels_root;
            let answer = first_question(&mut kernel);
            assert_eq!(answer[48..58], [18, 1, 0x10, 1, 0, 0, 0, 64, 0x03, 0x04]);
            let order = fs::read_to_string(root.0.join(CONTROLLER).join("attach")).unwrap();
            let order: Vec<u32> = order.split(' ').map(|number| number.parse().unwrap()).collect();
            let [port, _socket, _device, speed] = order[..] else { panic!("{order:?}") };
            assert_eq!((port, speed), (1, 2), "the free port, full speed");
            root.appear(5);
            assert_eq!(is_told.recv().unwrap(), 5);
            // It is served after that, too.
            assert_eq!(first_question(&mut kernel), answer);
            root.status(FREE);
            drop(stop);
            // And then the kernel's end is closed.
            assert_eq!(kernel.read(&mut [0]).unwrap(), 0);
        },
        |number| tell.send(number).unwrap(),
    )
    .unwrap();
}

#[test]
fn a_kernel_that_lets_go_is_an_error() {
    let root = Root::with_modules("lets-go");
    let report = held(&root, |_, stop| std::mem::forget(stop), |_| {}).unwrap_err();
    assert_eq!((&*report.code, &*report.what), ("MLSENSOR-ATTACH-LOST", "the kernel let go of the adapter"));
}

#[test]
fn a_kernel_that_speaks_otherwise_is_an_error() {
    let root = Root::with_modules("otherwise");
    let report = held(
        &root,
        |mut kernel, stop| {
            kernel.write_all(&[9; 48]).unwrap();
            assert_eq!(kernel.read(&mut [0]).unwrap(), 0);
            drop(stop);
        },
        |_| {},
    )
    .unwrap_err();
    assert!(report.code == "MLSENSOR-ATTACH-LOST" && report.what.contains("0x9090909"), "{report}");
}

#[test]
fn a_controller_without_a_free_port_is_an_error() {
    let root = Root::with_modules("full");
    root.status(TAKEN);
    let report = held(&root, |_, _| {}, |_| {}).unwrap_err();
    assert_eq!(report.code, "MLSENSOR-ATTACH-PORT");
}

#[test]
fn a_controller_that_takes_nothing_is_an_error_with_its_errno() {
    let root = Root::with_modules("refuses");
    let attach = root.0.join(CONTROLLER).join("attach");
    fs::remove_file(&attach).unwrap();
    fs::create_dir(&attach).unwrap();
    let report = held(&root, |_, _| {}, |_| {}).unwrap_err();
    assert!(report.code == "MLSENSOR-ATTACH" && report.what.contains("os error 21"), "{report}");
}

#[test]
fn the_bus_of_another_device_is_not_taken_for_ours() {
    let root = Root::with_modules("another");
    // Port 0 belongs to somebody else, and has a bus.
    root.folder("sys/bus/usb/devices/3-1:1.0/i2c-4");
    root.folder("sys/class/i2c-dev/i2c-4");
    let (tell, is_told) = std::sync::mpsc::channel();
    let (root, kernels_root) = (&root, &root);
    held(
        root,
        move |mut kernel, stop| {
            let root = kernels_root;
            first_question(&mut kernel);
            root.appear(6);
            assert_eq!(is_told.recv().unwrap(), 6);
            root.status(FREE);
            drop(stop);
        },
        |number| tell.send(number).unwrap(),
    )
    .unwrap();
}

#[test]
fn a_session_over_the_socket_reads_a_packet() {
    let root = Root::with_modules("packet");
    held(
        &root,
        |mut kernel, stop| {
            let mut requests = vec![0, 0, 0, 1, 0, 0, 0, 1, 0, 1, 0, 1];
            requests.resize(40, 0);
            requests.extend([0x00, 9, 1, 0, 0, 0, 0, 0]);
            let read = requests.len();
            requests.extend([
                0, 0, 0, 1, 0, 0, 0, 2, 0, 1, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 39,
            ]);
            requests.resize(read + 40, 0);
            requests.extend([0xC1, 7, 1, 0, 0x62, 0, 39, 0]);
            kernel.write_all(&requests).unwrap();
            let mut answers = [0; 48 + 48 + 39];
            kernel.read_exact(&mut answers).unwrap();
            assert_eq!(answers[96..], NOBODY);
            root.status(FREE);
            drop(stop);
        },
        |_| {},
    )
    .unwrap();
}
