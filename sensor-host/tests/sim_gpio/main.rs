//! A program of no library on the GPIO chip of `mlsensor sim run`, by each route.
#![cfg(target_os = "linux")]

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::{OnceLock, mpsc};
use std::time::Duration;

/// Only against hanging: nothing is measured by it.
const PATIENCE: Duration = Duration::from_secs(120);

const ROUTES: [&str; 2] = ["seccomp", "preload"];

/// The program of gpio.c, which is built once.
fn program() -> PathBuf {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    let build = || {
        let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("gpio-{}", std::process::id()));
        let source = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/sim_gpio/gpio.c");
        let cc =
            Command::new("cc").args(["-O1", "-o"]).arg(&path).arg(source).output().expect("a C compiler");
        assert!(cc.status.success(), "{}", String::from_utf8_lossy(&cc.stderr));
        path
    };
    PROGRAM.get_or_init(build).clone()
}

/// What the program prints, and what mlsensor says meanwhile.
fn runs(route: &str, options: &[&str], arguments: &[&str]) -> (String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mlsensor"));
    command.args(["sim", "run", "--quiet", "--route", route]).args(options).arg("--");
    command.arg(program()).args(arguments);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let child = command.spawn().unwrap();
    let pid = child.id();
    let (send, receive) = mpsc::channel();
    std::thread::spawn(move || send.send(child.wait_with_output()));
    let ran = receive.recv_timeout(PATIENCE).unwrap_or_else(|_| panic!("process {pid} hangs")).unwrap();
    let [printed, said] = [ran.stdout, ran.stderr].map(|bytes| String::from_utf8(bytes).unwrap());
    assert!(ran.status.success(), "{}\n{printed}{said}", ran.status);
    (printed, said)
}

#[track_caller]
fn prints(options: &[&str], arguments: &[&str], expected: &str) {
    for route in ROUTES {
        let (printed, said) = runs(route, options, arguments);
        assert_eq!((&*printed, &*said), (expected, ""), "by {route}");
    }
}

#[test]
fn a_chip_has_the_label_of_the_options() {
    prints(&[], &["label"], "pinctrl-bcm2711 58\n");
    prints(&["--chip", "pinctrl-rp1"], &["label"], "pinctrl-rp1 58\n");
}

#[test]
fn a_line_that_was_let_go_is_free_at_once() {
    prints(&[], &["again", "1000"], "free\n");
}

#[test]
fn a_line_is_held_until_the_last_process_has_closed_it() {
    prints(&[], &["shared"], "1\n1\n");
}

#[test]
fn edges_have_the_time_of_the_programs_clock() {
    for route in ROUTES {
        let (printed, said) = runs(route, &["--scenario", "flicker", "--speed", "20"], &["edges", "4"]);
        // The first that the program sees is of either kind: how long it took to start decides.
        let [up, down] = ["1 in time\n", "2 in time\n"];
        let expected = [[up, down].concat().repeat(2), [down, up].concat().repeat(2)];
        assert!(expected.contains(&printed) && said.is_empty(), "by {route}: {printed}{said}");
    }
}

#[test]
fn a_watch_of_the_chip_tells_of_a_request_and_of_a_release() {
    prints(&[], &["watch"], "1 gpio.c\n2 \n");
}

#[test]
fn what_a_program_makes_of_an_output_is_said() {
    for route in ROUTES {
        let (_, said) = runs(route, &["--outputs"], &["blink"]);
        let expected = "mlsensor: GPIO18 is low\nmlsensor: GPIO18 is high\nmlsensor: GPIO18 is low\n";
        assert_eq!(said, expected, "by {route}");
    }
}

#[test]
fn a_file_can_be_told_not_to_wait_by_an_ioctl() {
    prints(&["--scenario", "empty_room"], &["nonblock"], "Resource temporarily unavailable\n");
}

#[test]
fn a_read_gives_whole_records_as_many_as_there_are_and_as_fit() {
    let expected = "all 32\nnone -11\nshort -22\ntwo 576\nvector 288\nlast 288\nwritten -9\n\
        short event -22\nposition -29\nwritten event -9\nhandle -22\n";
    let printed = runs("seccomp", &["--scenario", "empty_room"], &["records"]);
    assert_eq!(printed, (expected.to_owned(), String::new()));
}
