//! Paths, file numbers, and what is told of files.

use std::os::unix::process::CommandExt;
use std::process::Command;

use crate::{does, finish, finish_child, is_packet, prints, program, sim_run, text};

#[test]
fn duplicates_are_the_same_file_and_keep_their_flags() {
    let printed = does(&[], &["duplicates"]);
    let lines: Vec<&str> = printed.lines().collect();
    assert_eq!(lines[0], "flags 0 1 1");
    assert!(lines[1].starts_with("same ") && lines[1].ends_with(" errno 0"), "{}", lines[1]);
    assert_eq!(lines[2], "dup3 same -1 errno 22");
    for (line, name) in lines[3..].iter().zip(["dup", "fcntl", "dup3"]) {
        is_packet(line, name);
    }
    assert_eq!(lines.len(), 6);
}

#[test]
fn a_number_that_was_closed_and_means_something_else_is_not_mistaken_for_the_bus() {
    let printed = does(&[], &["recycled"]);
    let lines: Vec<&str> = printed.lines().collect();
    assert_eq!(lines[..3], ["write 4 errno 0", "pipe 4 74657874", "other 1"]);
    is_packet(lines[3], "bus");
}

#[test]
fn numbers_are_given_back_and_run_out_with_emfile() {
    let mut command = sim_run(&["--quiet"]);
    let output = finish_child(command.arg(program()).arg("many").spawn().unwrap());
    let most = text(&output.stdout);
    let most = most.strip_prefix("most ").and_then(|rest| rest.strip_suffix(" errno 24\n"));
    assert!(most.and_then(|most| most.parse::<u32>().ok()).is_some_and(|most| most >= 32), "{output:?}");
}

#[test]
fn few_file_numbers_are_enough() {
    let script = format!(
        "ulimit -n 32; exec {} sim run --quiet --route seccomp -- {} read",
        env!("CARGO_BIN_EXE_mlsensor"),
        program().display()
    );
    let output = Command::new("sh").args(["-c", &script]).output().unwrap();
    is_packet(text(&output.stdout).trim(), "read");
}

#[test]
fn a_bus_is_a_character_device_by_whatever_path() {
    let link = std::env::temp_dir().join(format!("mlsensor-link-{}", std::process::id()));
    let printed = does(&[], &["paths", link.to_str().unwrap()]);
    std::fs::remove_file(&link).unwrap();
    let (first, rest) = printed.split_once('\n').unwrap();
    is_packet(first, "openat");
    let expected = "openat2 1 errno 0\n\
        relative 1 errno 0\n\
        dotted 1 errno 0\n\
        access 0 errno 0\n\
        execute -1 errno 13\n\
        reopened 1 errno 0\n\
        fstat 0 errno 0\nchar 1 5901\n\
        stat 0 errno 0\nchar 1 5901\n\
        statx 0 errno 0\nchar 1 59:1\n\
        statx of file 0 errno 0\nchar 1 59:1\n\
        readlink -1 errno 22\n\
        link 0 errno 0\n\
        by link 1 errno 0\n\
        nofollow -1 errno 40\n\
        lstat 0 errno 0\nlink 1\n";
    assert_eq!(rest, expected);
}

#[test]
fn python_finds_the_bus_and_no_other() {
    let script = "import glob, os, stat\n\
        s = os.stat('/dev/i2c-7')\n\
        print(os.path.exists('/dev/i2c-7'), os.path.exists('/dev/i2c-8'), stat.S_ISCHR(s.st_mode))\n\
        print(os.major(s.st_rdev), os.minor(s.st_rdev), os.path.realpath('/dev/i2c-7'))\n\
        print('/dev/i2c-7' in glob.glob('/dev/i2c-*'), os.access('/dev/i2c-7', os.W_OK))\n\
        print(open('/sys/class/i2c-dev/i2c-7/name').read().strip() != '')";
    let expected = "True False True\n89 7 /dev/i2c-7\nTrue True\nTrue\n";
    assert_eq!(prints(&["--bus", "7"], "python3", &["-c", script]), expected);
}

#[test]
fn a_shell_and_ls_see_the_device() {
    let script =
        "test -c /dev/i2c-1 && cd /dev && test -e i2c-1 && ls -l i2c-1 | cut -c 1-10 && ls /dev | grep i2c-1";
    assert_eq!(prints(&[], "sh", &["-c", script]), "crw-rw----\ni2c-1\n");
}

#[test]
fn a_bus_that_is_moved_out_of_the_range_takes_ioctls_and_says_what_it_does_not() {
    let mut command = sim_run(&[]);
    let output = finish_child(command.arg(program()).arg("moved").spawn().unwrap());
    let printed = text(&output.stdout);
    let lines: Vec<&str> = printed.lines().collect();
    assert_eq!(lines[..4], ["low 10", "read -1 errno 21", "write -1 errno 9", "ioctl 0 errno 0"]);
    is_packet(lines[4], "back");
    let said = text(&output.stderr);
    assert!(said.lines().any(|line| line.contains("file number 10") && line.contains("EBADF")), "{said}");
}

#[test]
fn a_file_that_another_process_passed_on_is_the_bus() {
    is_packet(does(&[], &["passed"]).trim(), "passed");
}

#[test]
fn io_uring_is_refused_in_one_line() {
    let mut command = sim_run(&[]);
    let output = finish_child(command.arg(program()).arg("uring").spawn().unwrap());
    assert_eq!(text(&output.stdout), "uring -1 errno 38\n");
    assert!(text(&output.stderr).lines().any(|line| line.contains("io_uring")), "{output:?}");
}

#[cfg(target_arch = "x86_64")]
#[test]
fn a_32_bit_program_is_told_that_it_has_no_bus() {
    let mut command = sim_run(&[]);
    let output = finish_child(command.arg(program()).arg("other").spawn().unwrap());
    let printed = text(&output.stdout);
    // A kernel without 32-bit programs has none to tell.
    if output.status.success() {
        assert_eq!(printed, "bus -19\nnull 1\n");
        assert!(text(&output.stderr).lines().any(|line| line.contains("32-bit")), "{output:?}");
    }
}

#[test]
fn nobody_needs_root() {
    // Where the tests run as root, the command is copied to where everybody may run it, and run as nobody.
    let folder = std::env::temp_dir().join(format!("mlsensor-nobody-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let (command, read) = (folder.join("mlsensor"), folder.join("program"));
    std::fs::copy(env!("CARGO_BIN_EXE_mlsensor"), &command).unwrap();
    std::fs::copy(program(), &read).unwrap();
    for path in [&folder, &command, &read] {
        std::fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    }
    let mut command = Command::new(command);
    command
        .args(["sim", "run", "--quiet", "--route", "seccomp", "--"])
        .arg(&read)
        .arg("read")
        .current_dir("/");
    if rustix::process::geteuid().is_root() {
        command.uid(65534).gid(65534);
    }
    command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped());
    let output = finish(command);
    std::fs::remove_dir_all(&folder).unwrap();
    assert_eq!(text(&output.stderr), "");
    is_packet(text(&output.stdout).trim(), "read");
}

#[test]
fn a_program_that_gives_up_its_rights_keeps_its_bus() {
    if rustix::process::geteuid().is_root() {
        is_packet(does(&[], &["unprivileged"]).trim(), "nobody");
    }
}

#[test]
fn a_line_of_the_chip_is_polled_read_and_free_again_when_it_is_closed() {
    let expected = "nothing -1 errno 11\n\
        line 0 errno 0\n\
        busy -1 errno 16\n\
        poll 1 errno 0\n\
        event 48 errno 0\n\
        rising 1 offset 17\n\
        values 0 errno 0\nhigh 1\n\
        char 1\n\
        again 200\n";
    // Somebody walks up after two seconds.
    assert_eq!(does(&["--scenario", "walk_up"], &["line"]), expected);
}

#[test]
fn a_bus_is_always_ready_and_cannot_be_waited_for_by_epoll() {
    let script = "import asyncio, os, select\n\
        f = os.open('/dev/i2c-1', os.O_RDWR)\n\
        poll = select.poll()\n\
        poll.register(f, select.POLLIN | select.POLLOUT)\n\
        print(poll.poll() == [(f, select.POLLIN | select.POLLOUT)], select.select([f], [f], []) == ([f], [f], []))\n\
        def refused(wait):\n\
        \ttry: wait()\n\
        \texcept PermissionError as error: print(error.errno)\n\
        refused(lambda: select.epoll().register(f))\n\
        loop = asyncio.new_event_loop()\n\
        refused(lambda: loop.add_reader(f, print))\n\
        loop.close()";
    assert_eq!(prints(&[], "python3", &["-c", script]), "True True\n1\n1\n");
}

#[test]
fn an_open_file_tells_how_it_was_opened_and_what_it_is() {
    let script = "import fcntl, os\n\
        for mode in [os.O_RDONLY, os.O_WRONLY, os.O_RDWR, 3, os.O_RDWR | os.O_NONBLOCK]:\n\
        \tf = os.open('/dev/i2c-1', mode)\n\
        \tprint(fcntl.fcntl(f, fcntl.F_GETFL) & ~0o100000 == mode, end=' ')\n\
        fcntl.fcntl(f, fcntl.F_SETFL, 0)\n\
        print(fcntl.fcntl(f, fcntl.F_GETFL) & ~0o100000 == os.O_RDWR, os.readlink(f'/proc/self/fd/{f}'))\n\
        path = os.open('/dev/i2c-1', os.O_PATH)\n\
        for call in [lambda: os.read(path, 39), lambda: fcntl.ioctl(path, 0x703, 0x62), lambda: os.pread(f, 39, -1)]:\n\
        \ttry: call()\n\
        \texcept OSError as error: print(error.errno)\n\
        print(os.fstat(path).st_rdev == os.fstat(f).st_rdev)";
    let expected = "True True True True True True /dev/i2c-1\n9\n9\n22\nTrue\n";
    assert_eq!(prints(&[], "python3", &["-c", script]), expected);
}

#[test]
fn nonsense_from_a_program_harms_nobody() {
    for seed in ["1", "2", "3", "4", "5", "6"] {
        // It may make files, of any name.
        let folder = tempfile::tempdir().unwrap();
        let mut command = sim_run(&["--quiet"]);
        command.current_dir(&folder);
        let output = finish_child(command.arg(program()).args(["hostile", seed]).spawn().unwrap());
        assert!(output.status.success(), "seed {seed}: {output:?}");
        is_packet(text(&output.stdout).trim(), "read");
        assert_eq!(text(&output.stderr), "", "seed {seed}");
    }
}
