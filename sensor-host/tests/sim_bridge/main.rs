//! The command `mlsensor sim bridge`, with firmware that is played by this test, through real FIFOs, and by a program that
//! knows the protocol by its bytes alone.
#![cfg(all(target_os = "linux", feature = "cli"))]

#[path = "../command/mod.rs"]
mod command;
mod ending;
mod options;

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use command::Folder;
use mlsensor::behavior::Cadence;
use mlsensor::{Faces, PersonSensor, PersonSensorAsync};
use mlsensor_bridge::{BridgeError, Pipe, Remote};
use mlsensor_sim::{Scenario, SimBus};

/// Only against hanging: nothing is measured by it.
const PATIENCE: Duration = Duration::from_secs(120);

/// `mlsensor sim bridge` with these options, in a folder.
fn bridge(folder: &Folder, options: &[&str]) -> Command {
    let mut command = command::mlsensor(&["sim", "bridge"]);
    command.args(options).current_dir(folder.path());
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// The same, which runs a program.
fn bridge_with(folder: &Folder, options: &[&str], program: &[&str]) -> Command {
    let mut command = bridge(folder, options);
    command.arg("--").args(program);
    command
}

/// What there is for the firmware of firmware.py to do.
fn firmware<'a>(steps: &[&'a str]) -> Vec<&'a str> {
    [&["python3", concat!(env!("CARGO_MANIFEST_DIR"), "/tests/sim_bridge/firmware.py")], steps].concat()
}

fn finish(mut command: Command) -> Output {
    finish_child(command.spawn().unwrap())
}

fn finish_child(child: Child) -> Output {
    let pid = child.id();
    let (send, receive) = mpsc::channel();
    std::thread::spawn(move || send.send(child.wait_with_output()));
    receive.recv_timeout(PATIENCE).unwrap_or_else(|_| panic!("process {pid} hangs")).unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// What firmware.py prints, if all goes well.
fn prints(options: &[&str], steps: &[&str]) -> Vec<String> {
    let folder = Folder::new();
    let Output { status, stdout, stderr } = finish(bridge_with(&folder, options, &firmware(steps)));
    assert!(status.success() && stderr.is_empty(), "{status}: {}{}", text(&stdout), text(&stderr));
    assert_eq!(left_in(folder.path()), [""; 0]);
    text(&stdout).lines().map(str::to_owned).collect()
}

/// The names of the files in a folder.
fn left_in(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect()
}

/// The FIFOs, as firmware opens them.
struct Fifos {
    requests: File,
    answers: File,
}

impl Fifos {
    fn open(folder: &Path) -> Fifos {
        let requests = OpenOptions::new().write(true).open(folder.join("i2c.req")).unwrap();
        Fifos { requests, answers: File::open(folder.join("i2c.rsp")).unwrap() }
    }
}

impl Pipe for Fifos {
    type Error = io::ErrorKind;

    fn write_all(&mut self, bytes: &[u8]) -> Result<(), io::ErrorKind> {
        self.requests.write_all(bytes).map_err(|error| error.kind())
    }

    fn read_exact(&mut self, bytes: &mut [u8]) -> Result<(), io::ErrorKind> {
        self.answers.read_exact(bytes).map_err(|error| error.kind())
    }
}

/// A command that waits for firmware, and the line that it says when it does.
fn waiting(folder: &Folder, options: &[&str]) -> (Child, String) {
    let mut child = bridge(folder, options).spawn().unwrap();
    let mut said = String::new();
    BufReader::new(child.stderr.take().unwrap()).read_line(&mut said).unwrap();
    (child, said)
}

/// A scene as the simulator itself has it, read just after each inference: when each read begins, and what it gives.
fn readings(
    mut read: impl FnMut() -> Faces,
    wait_until: impl Fn(Duration) -> bool,
    now: impl Fn() -> Duration,
) -> Vec<(Duration, Faces)> {
    let (mut cadence, mut readings) = (Cadence::default(), Vec::new());
    while wait_until(cadence.next_read()) {
        let begun = now();
        let faces = read();
        let _ = cadence.read_done(begun, Some(&faces));
        readings.push((begun, faces));
    }
    readings
}

#[test]
fn the_driver_sees_a_scene_through_the_fifos_as_on_the_simulated_bus_blocking_and_awaited() {
    let scenario = Scenario::named("turn_away").unwrap();
    let end = scenario.duration;
    let (bus, _) = SimBus::with_sensor(scenario.sensor());
    let mut sensor = PersonSensor::new(bus.clone());
    let wait_until = |moment: Duration| {
        bus.advance(moment.saturating_sub(bus.now()));
        moment <= end
    };
    let expected = readings(|| sensor.read().unwrap(), wait_until, || bus.now());
    assert!(expected.len() > 250, "{}", expected.len());

    for is_awaited in [false, true] {
        let folder = Folder::new();
        let (child, said) = waiting(&folder, &["--scenario", "turn_away"]);
        assert!(said.contains("waiting for firmware"), "{said}");
        let remote = Remote::connect(Fifos::open(folder.path())).unwrap();
        assert_eq!(remote.end(), end);
        let mut buffer = [0; 200];
        let about = remote.about(&mut buffer).unwrap();
        assert_eq!(about, format!("simulated sensor, scenario turn_away: {}", scenario.about));
        let mut blocking = PersonSensor::new(remote.i2c());
        let mut awaited = PersonSensorAsync::new(remote.i2c());
        let read = || match is_awaited {
            false => blocking.read().unwrap(),
            true => pollster::block_on(awaited.read()).unwrap(),
        };
        let wait_until = |moment| remote.wait_until(moment).unwrap();
        let seen = readings(read, wait_until, || remote.now().unwrap());
        assert_eq!(seen, expected, "awaited: {is_awaited}");
        drop(remote);
        // The firmware has ended, and so does the command.
        assert_eq!(finish_child(child).status.code(), Some(0));
        assert_eq!(left_in(folder.path()), [""; 0]);
    }
}

#[test]
fn a_host_that_is_killed_is_an_error_of_the_firmware_and_not_a_wait() {
    let folder = Folder::new();
    let (mut child, _) = waiting(&folder, &[]);
    let remote = Remote::connect(Fifos::open(folder.path())).unwrap();
    assert_eq!(remote.now(), Ok(Duration::ZERO));
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(matches!(remote.now(), Err(BridgeError::Pipe(_))));
    assert_eq!(remote.i2c_read(), Err(BridgeError::Closed));
}

/// A read of the sensor.
trait ReadSensor {
    fn i2c_read(&self) -> Result<[u8; 39], BridgeError<io::ErrorKind>>;
}

impl ReadSensor for Remote<Fifos> {
    fn i2c_read(&self) -> Result<[u8; 39], BridgeError<io::ErrorKind>> {
        let mut packet = [0; 39];
        embedded_hal::i2c::I2c::read(&mut self.i2c(), 0x62, &mut packet).map(|()| packet)
    }
}
