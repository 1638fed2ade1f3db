//! Files, their numbers and their flags.

use crate::{EMPTY, does, finish, is_packet, prints, python, shared_program, sim_run, text};

#[test]
fn duplicates_are_the_same_file() {
    let printed = prints(&[], shared_program(), &["duplicates"]);
    let lines: Vec<&str> = printed.lines().collect();
    assert_eq!(lines[0], "flags 0 1 1");
    for (line, name) in lines[lines.len() - 3..].iter().zip(["dup", "fcntl", "dup3"]) {
        is_packet(line, name);
    }
}

#[test]
fn children_have_the_files_of_their_parents_and_open_their_own() {
    let printed = prints(&[], shared_program(), &["fork"]);
    let lines: Vec<&str> = printed.lines().collect();
    assert_eq!(lines.len(), 3, "{printed}");
    for (line, name) in lines.iter().zip(["child", "own", "parent"]) {
        is_packet(line, name);
    }
}

#[test]
fn a_file_survives_exec_unless_it_is_closed_by_it() {
    is_packet(prints(&[], shared_program(), &["exec"]).trim(), "number");
    assert_eq!(prints(&[], shared_program(), &["closed-on-exec"]), "number -1 errno 9\n");
}

#[test]
fn a_number_that_is_used_anew_is_not_mistaken() {
    let printed = prints(&[], shared_program(), &["recycled"]);
    let lines: Vec<&str> = printed.lines().collect();
    assert_eq!(lines[..3], ["write 4 errno 0", "pipe 4 74657874", "other 1"]);
    is_packet(lines[3], "bus");
}

#[test]
fn a_file_that_another_process_passed_on_is_the_bus() {
    is_packet(prints(&[], shared_program(), &["passed"]).trim(), "passed");
}

#[test]
fn files_have_the_numbers_that_a_kernel_would_give() {
    assert_eq!(does(&[], "numbers"), "read 1 errno 0\n1 2 3\n");
}

#[test]
fn a_bus_is_always_ready() {
    assert_eq!(does(&[], "waits"), "poll 1 errno 0\n1\n");
}

#[test]
fn a_bus_cannot_be_watched_by_epoll_and_a_chip_can() {
    let printed = python(
        "import asyncio, os, select\n\
         bus, chip = os.open('/dev/i2c-1', os.O_RDWR), os.open('/dev/gpiochip0', os.O_RDWR)\n\
         epoll = select.epoll()\n\
         for act in (epoll.register, epoll.modify, epoll.unregister):\n\
         \x20   try: act(bus) if act == epoll.unregister else act(bus, select.EPOLLIN)\n\
         \x20   except OSError as error: print(error.errno)\n\
         async def add(): asyncio.get_running_loop().add_reader(os.dup(bus), print)\n\
         try: asyncio.run(add())\n\
         except PermissionError as error: print('asyncio', error.errno)\n\
         epoll.register(chip, select.EPOLLIN)\n\
         print(select.select([bus], [bus], [], 0) == ([bus], [bus], []), epoll.poll(0))\n\
         closed = epoll.fileno()\n\
         os.close(closed)\n\
         try: epoll.register(bus)\n\
         except OSError as error: print(error.errno)",
    );
    assert_eq!(printed, "1\n1\n1\nasyncio 1\nTrue []\n9\n");
}

#[test]
fn the_flags_of_a_file_are_those_it_was_opened_with() {
    let printed = python(
        "import fcntl, os\n\
         flags = lambda file: fcntl.fcntl(file, fcntl.F_GETFL) & (os.O_ACCMODE | os.O_NONBLOCK | os.O_PATH)\n\
         for path in ('/dev/i2c-1', '/dev/gpiochip0'):\n\
         \x20   files = [os.open(path, mode) for mode in (0, 1, 2, 2 | os.O_NONBLOCK, os.O_PATH)]\n\
         \x20   print([flags(os.dup(file)) == mode for file, mode in zip(files, (0, 1, 2, 2 | os.O_NONBLOCK, os.O_PATH))])\n\
         os.set_blocking(files[0], False)\n\
         print(flags(files[0]) == os.O_NONBLOCK)\n\
         try: os.read(files[3], 100)\n\
         except BlockingIOError as error: print(error.errno)",
    );
    assert_eq!(printed, format!("{0}\n{0}\nTrue\n11\n", "[True, True, True, True, True]"));
}

#[test]
fn a_file_that_is_a_path_alone_can_be_looked_at_and_not_used() {
    let printed = python(
        "import fcntl, os\n\
         path = os.open('/dev/i2c-1', os.O_PATH)\n\
         print(os.fstat(path) == os.stat('/dev/i2c-1'))\n\
         for act in (lambda: os.read(path, 39), lambda: os.write(path, b'11'), lambda: fcntl.ioctl(path, 0x703, 0x62)):\n\
         \x20   try: act()\n\
         \x20   except OSError as error: print(error.errno)",
    );
    assert_eq!(printed, "True\n9\n9\n9\n");
}

#[test]
fn streams_of_the_c_library_read_the_bus_and_sysfs() {
    let expected = "ioctl 0 errno 0\nread 39, 33\nclosed -1 errno 9\nmlsensor simulated bus 1\n";
    assert_eq!(does(EMPTY, "stream"), expected);
}

#[test]
fn a_program_that_gives_up_its_rights_is_refused_its_bus() {
    if rustix::process::geteuid().is_root() {
        let mut command = sim_run(&[]);
        command.arg(shared_program()).arg("unprivileged");
        let output = finish(command);
        assert_eq!((text(&output.stdout).as_str(), output.status.code()), ("open 13\n", Some(1)));
    }
}

/// The supervisor has as few files as its program: it runs out of them too, and says so instead of being taken for dead.
#[test]
fn files_that_run_out_are_an_errno_and_what_is_open_goes_on() {
    let script = "import os, errno\n\
                  files = []\n\
                  try:\n\
                  \x20   while True: files.append(os.open('/dev/i2c-1', os.O_RDWR))\n\
                  except OSError as error: print(error.errno in (errno.ENFILE, errno.EMFILE), len(files) > 100)\n\
                  for file in files: os.close(file)\n\
                  import fcntl\n\
                  file = os.open('/dev/i2c-1', os.O_RDWR)\n\
                  fcntl.ioctl(file, 0x703, 0x62)\n\
                  print(len(os.read(file, 39)))\n";
    let inner = sim_run(EMPTY);
    let mut command = std::process::Command::new("sh");
    command
        .args(["-c", "ulimit -n 1024; exec \"$0\" \"$@\""])
        .arg(inner.get_program())
        .args(inner.get_args());
    command.args(["python3", "-c", script]);
    command.stdin(std::process::Stdio::null()).stdout(std::process::Stdio::piped());
    command.stderr(std::process::Stdio::piped());
    let output = finish(command);
    assert_eq!((text(&output.stderr), text(&output.stdout)), (String::new(), "True True\n39\n".to_owned()));
}

/// As before it runs another program.
#[test]
fn a_thread_that_closes_all_it_does_not_know_ends_nobody() {
    let script = "import os, threading\n\
                  done = False\n\
                  def close():\n\
                  \x20   while not done: os.closerange(3, 600)\n\
                  closing = threading.Thread(target=close)\n\
                  closing.start()\n\
                  for _ in range(3000):\n\
                  \x20   try: os.read(os.open('/dev/i2c-1', os.O_RDWR), 1)\n\
                  \x20   except OSError: pass\n\
                  done = True\n\
                  closing.join()\n\
                  print('still here')\n";
    assert_eq!(python(script), "still here\n");
}
