//! The command `mlsensor sim usbredir`, with a QEMU that is played by hand.
#![cfg(all(target_os = "linux", feature = "cli"))]

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use rustix::process::{Pid, Signal, kill_process};

/// A folder for the sockets of one test. Its name is short: that of a socket may have 107 bytes.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let folder = std::env::temp_dir().join(format!("mlsensor-{}-{name}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        Folder(folder)
    }

    fn socket(&self) -> PathBuf {
        self.0.join("s,1")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn command(socket: &Path, options: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mlsensor"));
    command.args(["sim", "usbredir"]).arg(socket).args(options);
    command
}

/// A simulator that is ready.
struct Running {
    child: Child,
    said: String,
}

impl Running {
    fn start(socket: &Path, options: &[&str]) -> Running {
        let mut command = command(socket, options);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut said = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut said).unwrap();
        Running { child, said }
    }

    fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
    }

    /// How it ended after that signal, and what it said meanwhile.
    fn end(mut self, signal: Signal) -> (Option<i32>, String) {
        self.signal(signal);
        let code = self.child.wait().unwrap().code();
        let mut said = String::new();
        self.child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        (code, said)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What a QEMU says first, and what it asks for: configuration 1, then 39 bytes.
fn asked() -> Vec<u8> {
    let mut asked = vec![0, 0, 0, 0, 68, 0, 0, 0, 0, 0, 0, 0];
    asked.resize(12 + 64, 0);
    asked.extend([0b0111_0010, 0, 0, 0]);
    asked.extend([6, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1]);
    asked.extend([100, 0, 0, 0, 10, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0]);
    asked.extend([0x80, 7, 0xC1, 0, 1, 0, 0x62, 0, 39, 0]);
    asked
}

/// Reads a packet over the socket, as QEMU would for its guest.
fn packet(socket: &Path) -> [u8; 39] {
    let mut qemu = UnixStream::connect(socket).unwrap();
    qemu.write_all(&asked()).unwrap();
    // The hello; two descriptions, the connect; two descriptions, the status; the head of the answer.
    let described = (16 + 132) + (16 + 160);
    let mut before = vec![0; 80 + described + 26 + described + 18 + 26];
    qemu.read_exact(&mut before).unwrap();
    let mut packet = [0; 39];
    qemu.read_exact(&mut packet).unwrap();
    packet
}

fn failed(socket: &Path) -> String {
    let Output { status, stderr, .. } = command(socket, &[]).output().unwrap();
    assert_eq!(status.code(), Some(1));
    String::from_utf8(stderr).unwrap()
}

#[test]
fn one_line_says_how_qemu_gets_at_it_and_several_may_come_in_turn() {
    let folder = Folder::new("turns");
    let socket = folder.socket();
    let running = Running::start(&socket, &["--scenario", "nothing", "--with", "empty_room"]);
    let path = socket.display().to_string().replace(',', ",,");
    assert_eq!(
        running.said,
        format!(
            "-chardev socket,id=mlsensor,path={path} -device qemu-xhci -device usb-redir,chardev=mlsensor\n"
        )
    );
    assert_eq!(fs::metadata(&socket).unwrap().permissions().mode() & 0o777, 0o600);
    for _ in 0..3 {
        assert_eq!(packet(&socket)[..4], [0, 0, 0x21, 0]);
    }
    let (code, said) = running.end(Signal::TERM);
    assert_eq!(code, Some(0));
    // The signal may be quicker than the end of the last.
    let turns = "QEMU has connected\nQEMU has left\n".repeat(3);
    assert!(turns.starts_with(&said) && said.matches("connected").count() == 3, "{said}");
    assert!(!socket.exists(), "the socket is removed at the end");
}

#[test]
fn ctrl_c_ends_it_while_a_qemu_is_connected() {
    let folder = Folder::new("ctrl-c");
    let socket = folder.socket();
    let running = Running::start(&socket, &[]);
    let mut qemu = UnixStream::connect(&socket).unwrap();
    qemu.read_exact(&mut [0; 80]).unwrap();
    assert_eq!(running.end(Signal::INT).0, Some(0));
    assert_eq!(qemu.read(&mut [0]).unwrap(), 0);
    assert!(!socket.exists());
}

#[test]
fn what_is_no_qemu_is_sent_away_and_the_next_is_served() {
    let folder = Folder::new("no-qemu");
    let socket = folder.socket();
    let running = Running::start(&socket, &[]);
    let mut browser = UnixStream::connect(&socket).unwrap();
    browser.write_all(b"GET / HTTP/1.1\r\n\r\n").unwrap();
    // The hello, and then the end; what it said and nobody read makes it a reset.
    let _ = browser.read_to_end(&mut Vec::new());
    assert_eq!(packet(&socket)[..4], [0, 0, 0x21, 0]);
    let (_, said) = running.end(Signal::TERM);
    assert!(said.contains("what connected is no QEMU: the first packet is no hello"), "{said}");
}

#[test]
fn a_socket_in_use_and_a_file_are_left_alone() {
    let folder = Folder::new("in-use");
    let socket = folder.socket();
    let running = Running::start(&socket, &[]);
    let said = failed(&socket);
    assert!(said.contains("somebody listens there") && said.contains("MLSENSOR-SOCKET"), "{said}");
    assert_eq!(packet(&socket)[..4], [0, 0, 0x21, 0]);
    drop(running);
    let file = folder.0.join("notes");
    fs::write(&file, "important").unwrap();
    assert!(failed(&file).contains("there is a file of this name"));
    assert_eq!(fs::read_to_string(&file).unwrap(), "important");
    let lost = folder.0.join("nowhere/socket");
    assert!(failed(&lost).contains("No such file or directory"));
}

#[test]
fn what_a_killed_one_left_is_replaced() {
    let folder = Folder::new("killed");
    let socket = folder.socket();
    assert_eq!(Running::start(&socket, &[]).end(Signal::KILL).0, None);
    assert!(socket.exists());
    let running = Running::start(&socket, &[]);
    assert_eq!(packet(&socket)[..4], [0, 0, 0x21, 0]);
    assert_eq!(running.end(Signal::TERM).0, Some(0));
}

#[test]
fn a_socket_that_took_its_place_is_not_removed() {
    let folder = Folder::new("replaced");
    let socket = folder.socket();
    let running = Running::start(&socket, &[]);
    fs::remove_file(&socket).unwrap();
    let _other = UnixListener::bind(&socket).unwrap();
    assert_eq!(running.end(Signal::TERM).0, Some(0));
    assert!(socket.exists());
}

#[test]
fn the_line_can_be_json() {
    let folder = Folder::new("json");
    let socket = folder.socket();
    let running = Running::start(&socket, &["--json"]);
    let said: serde_json::Value = serde_json::from_str(&running.said).unwrap();
    assert_eq!(said["event"], "waiting");
    assert_eq!(said["socket"], socket.display().to_string());
    assert_eq!(said["qemu"][0], "-chardev");
    assert_eq!(said["qemu"][5], "usb-redir,chardev=mlsensor");
}
