//! Files that a program has open, with the kernel as the oracle.

use super::*;

fn bus(id: u64) -> OpenFile {
    OpenFile { id: FileId(id), kind: Kind::Device(Node::Bus(1)), opened: OFlags::RDWR }
}

fn link(file: &OwnedFd) -> Vec<u8> {
    rustix::fs::readlink(in_proc(file), Vec::new()).unwrap().into_bytes()
}

#[test]
fn a_file_is_known_by_its_link_until_the_last_duplicate_is_closed() {
    let epoll = epoll::create(epoll::CreateFlags::CLOEXEC).unwrap();
    let mut files = OpenFiles::new();
    let line = OpenFile { id: FileId(7), kind: Kind::Line, opened: OFlags::RDONLY };
    let (one, two) = (files.add(bus(5), epoll.as_fd()).unwrap(), files.add(bus(6), epoll.as_fd()).unwrap());
    let three = files.add(line, epoll.as_fd()).unwrap();
    assert_eq!(
        [&one, &two, &three].map(|file| files.at(&link(file))),
        [Some(bus(5)), Some(bus(6)), Some(line)]
    );
    let (name, copy) = (link(&one), one.try_clone().unwrap());
    drop(one);
    assert_eq!((files.closed(), files.at(&name)), (vec![], Some(bus(5))));
    drop(copy);
    assert_eq!((files.closed(), files.at(&name)), (vec![FileId(5)], None));
    assert_eq!(files.at(&link(&two)), Some(bus(6)));
}

#[test]
fn a_file_of_another_supervisor_is_none_of_ours() {
    let epoll = epoll::create(epoll::CreateFlags::CLOEXEC).unwrap();
    let (mut files, mut others) = (OpenFiles::new(), OpenFiles::new());
    let _ours = files.add(bus(5), epoll.as_fd()).unwrap();
    let theirs = others.add(bus(5), epoll.as_fd()).unwrap();
    assert_eq!(files.at(&link(&theirs)), None);
    for other in [
        &b"pipe:[123]"[..],
        b"socket:[]",
        b"socket:[1",
        b"",
        b"socket:[99999999999999999999]",
        b"/dev/shm/mlsensor-bus:",
        b" (deleted)",
    ] {
        assert_eq!(files.at(other), None);
    }
}

#[test]
fn a_program_that_says_that_it_writes_no_more_is_heard_once_and_then_when_it_is_gone() {
    let epoll = epoll::create(epoll::CreateFlags::CLOEXEC).unwrap();
    let mut files = OpenFiles::new();
    let line = OpenFile { id: FileId(7), kind: Kind::Line, opened: OFlags::RDONLY };
    let theirs = files.add(line, epoll.as_fd()).unwrap();
    let now = rustix::event::Timespec { tv_sec: 0, tv_nsec: 0 };
    let mut hear = || {
        let mut told = Vec::with_capacity(4);
        epoll::wait(&epoll, rustix::buffer::spare_capacity(&mut told), Some(&now)).unwrap();
        let told: Vec<(u64, epoll::EventFlags)> =
            told.iter().map(|event| (event.data.u64(), event.flags)).collect();
        let closed = |(socket, flags)| files.notice(socket, flags, epoll.as_fd());
        (told.len(), told.into_iter().filter_map(closed).collect::<Vec<_>>())
    };
    send(&theirs, b"written", SendFlags::DONTWAIT).unwrap();
    assert_eq!((hear(), hear()), ((1, vec![]), (0, vec![])), "what is written is thrown away");
    rustix::net::shutdown(&theirs, rustix::net::Shutdown::Write).unwrap();
    assert_eq!((hear(), hear()), ((1, vec![]), (0, vec![])));
    drop(theirs);
    assert_eq!((hear(), hear()), ((1, vec![FileId(7)]), (0, vec![])));
}

#[test]
fn as_many_events_wait_as_a_program_can_ask_for() {
    let epoll = epoll::create(epoll::CreateFlags::CLOEXEC).unwrap();
    let mut files = OpenFiles::new();
    let line = OpenFile { id: FileId(7), kind: Kind::Line, opened: OFlags::RDONLY };
    let theirs = files.add(line, epoll.as_fd()).unwrap();
    let queue = Queue { record: 48, most: 1024, is_checked_first: true };
    for record in 0..1100_u32 {
        files.send(FileId(7), &[record.to_ne_bytes(); 12].concat(), Some(queue));
    }
    let mut count = 0_u32;
    let mut bytes = [0; 64];
    while let Ok((_, 48)) = rustix::net::recv(&theirs, &mut bytes, rustix::net::RecvFlags::DONTWAIT) {
        assert_eq!(bytes[..4], count.to_ne_bytes(), "the newest are lost");
        count += 1;
    }
    // Who may not go past the system's limit has that, twice over, as socket(7) says; a record takes less than a KiB.
    let system = std::fs::read_to_string("/proc/sys/net/core/wmem_max").unwrap();
    let least = (2 * system.trim().parse::<u32>().unwrap() / 1024).min(1024);
    assert!((least..=1024).contains(&count), "{count}, not {least}");
}

#[test]
fn no_more_records_wait_than_the_kernel_keeps() {
    let epoll = epoll::create(epoll::CreateFlags::CLOEXEC).unwrap();
    let mut files = OpenFiles::new();
    let line = OpenFile { id: FileId(7), kind: Kind::Line, opened: OFlags::RDONLY };
    let theirs = files.add(line, epoll.as_fd()).unwrap();
    let queue = Queue { record: 16, most: 16, is_checked_first: true };
    let read = || {
        let mut bytes = [0; 64];
        let (_, count) = rustix::net::recv(&theirs, &mut bytes, rustix::net::RecvFlags::DONTWAIT).ok()?;
        Some((count, bytes[0]))
    };
    for round in [0, 100] {
        for record in 0..20 {
            files.send(FileId(7), &[round + record; 16], Some(queue));
        }
        for record in 0..16 {
            assert_eq!(read(), Some((16, round + record)), "the newest are lost");
        }
        assert_eq!(read(), None);
    }
}
