//! What is scarce or gone: files, a reader of what is said, a writer of a FIFO.

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

use crate::{finish, finish_child, sh, sim_run, text};

/// The command under a shell, which lowers the limit of open files first.
fn limited(files: u32, program: &[&str]) -> std::process::Output {
    let mut command = Command::new("sh");
    command.args(["-c", &format!("ulimit -n {files}; exec \"$0\" \"$@\"")]);
    command.arg(env!("CARGO_BIN_EXE_mlsensor"));
    command.args(["sim", "run", "--quiet", "--route", "seccomp", "--"]).args(program);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    finish(command)
}

#[test]
fn with_few_files_a_program_that_cannot_run_is_reported_or_the_lack_is() {
    let mut codes = Vec::new();
    for files in 10..40 {
        let output = limited(files, &["/nonexistent"]);
        let (code, said) = (output.status.code().unwrap(), text(&output.stderr));
        assert!([125, 127].contains(&code), "{files} files: {code}: {said}");
        assert_eq!(said.contains("ulimit"), code == 125, "{files} files: {said}");
        codes.push(code);
    }
    assert!(codes.contains(&125) && codes.ends_with(&[127]), "{codes:?}");
}

#[test]
fn a_process_that_lowers_its_limit_of_files_is_told_that_it_has_too_many_and_why() {
    let script = "ulimit -n 256; exec python3 -c '\n\
        import os\n\
        try: os.open(\"/dev/i2c-1\", 2)\n\
        except OSError as error: print(error.errno)\n'";
    let output = sh(&[], script);
    let said = text(&output.stderr);
    assert_eq!(text(&output.stdout), "24\n", "{said}");
    assert!(said.contains("ulimit -n") && said.contains("EMFILE"), "{said}");
}

#[test]
fn a_supervisor_to_which_nobody_listens_goes_on_when_it_has_something_to_say() {
    let script = "import fcntl, os, sys\n\
        sys.stdin.readline()\n\
        bus = os.open('/dev/i2c-1', os.O_RDWR)\n\
        os.dup2(bus, 500)\n\
        fcntl.ioctl(bus, 0x703, 0x62)\n\
        print(len(os.read(bus, 39)))";
    let mut command = sim_run(&[]);
    command.args(["python3", "-c", script]).stdin(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut errors = BufReader::new(child.stderr.take().unwrap());
    errors.read_line(&mut String::new()).unwrap();
    drop(errors);
    child.stdin.take().unwrap().write_all(b"go\n").unwrap();
    let output = finish_child(child);
    assert_eq!((text(&output.stdout).as_str(), output.status.code()), ("39\n", Some(0)));
}

#[test]
fn a_command_to_which_nobody_listens_runs_the_program_all_the_same() {
    let (reader, writer) = rustix::pipe::pipe_with(rustix::pipe::PipeFlags::CLOEXEC).unwrap();
    drop(reader);
    let mut command = sim_run(&[]);
    command.args(["sh", "-c", "exit 7"]).stderr(writer);
    assert_eq!(finish(command).status.code(), Some(7));
}

#[test]
fn a_fifo_behind_a_link_of_sysfs_does_not_stop_the_supervisor() {
    let fifo = std::env::temp_dir().join(format!("mlsensor-unwritten-{}", std::process::id()));
    assert!(Command::new("mkfifo").arg(&fifo).status().unwrap().success());
    // Up from where a link of simulated sysfs leads to: the supervisor opens what is there in the place of the program.
    let way = format!("/sys/class/i2c-dev/i2c-1{}{}", "/..".repeat(7), fifo.display());
    let output = sh(&["--quiet"], &format!("cat {way}; cat /sys/class/i2c-dev/i2c-1/name"));
    std::fs::remove_file(&fifo).unwrap();
    assert_eq!(
        (text(&output.stdout).as_str(), text(&output.stderr).as_str()),
        ("mlsensor simulated bus 1\n", "")
    );
}
