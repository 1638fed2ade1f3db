//! Anything that a program could say to the server of the library that is loaded into it: each request is answered, or its
//! connection is hung up; no more memory is asked for than fits into a message; the server comes to rest, and serves the
//! next program as ever.
#![no_main]

use std::cell::OnceCell;
use std::io::{IoSlice, IoSliceMut};
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, OwnedFd};
use std::time::Duration;

use libfuzzer_sys::fuzz_target;
use mlsensor_host::virtual_bus::preload::alone::{Alone, Site};
use mlsensor_host::virtual_bus::real_time::ManualTime;
use mlsensor_host::virtual_bus::{Machine, Wiring, World};
use mlsensor_sim::{Scenario, SimSensor};
use rustix::io::Errno;
use rustix::net::{
    AddressFamily, RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, SendAncillaryBuffer, SendFlags,
    SocketAddrUnix, SocketFlags, SocketType, connect, recvmsg, sendmsg, socket_with,
};

/// More connections than this are closed by the target, as a program is stopped by its limit.
const MOST_LINES: usize = 32;
/// The most turns that the server may take for what one message asks for.
const MOST_TURNS: u32 = 64;
/// The most bytes behind a header.
const DATA_MAX: u64 = 16384;

// What the two ends say, as `preload/wire.rs` numbers it, typed again.
const OPEN: u32 = 1;
const FSTAT: u32 = 19;
const WANT: u32 = 32;
const PUT: u32 = 33;
const DONE: u32 = 34;
const STATUS: u32 = 35;
const OPENED: u32 = 36;
const ATTACHED: u32 = 37;
const INSTEAD: u32 = 39;
const HAVE: u32 = 48;
const FAULT: u32 = 49;

const PATHS: [&str; 12] = [
    "/dev/i2c-1",
    "/dev/gpiochip0",
    "/dev/i2c-1",
    "/dev/gpiochip0",
    "/dev",
    "/sys/class/i2c-dev/i2c-1/name",
    "/sys/bus/i2c/devices/i2c-1/../..",
    "/sys/dev/char/89:1",
    "/dev/i2c-2",
    "/dev/i2c-1/none",
    "/etc/../dev/./i2c-1",
    "",
];

/// The requests of i2c-dev and of the GPIO device that have memory behind them, and one that has none.
const REQUESTS: [u32; 12] = [
    0x703,
    0x705,
    0x707,
    0x720,
    0x8044_B401,
    0xC048_B402,
    0xC16C_B403,
    0xC030_B404,
    0xC250_B407,
    0xC010_B40E,
    0xC110_B40D,
    0xC004_B40C,
];

struct Input<'a>(&'a [u8]);

impl Input<'_> {
    fn byte(&mut self) -> Option<u8> {
        let (&first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(first)
    }

    fn number(&mut self, bytes: usize) -> u64 {
        (0..bytes).fold(0, |number, _| number << 8 | u64::from(self.byte().unwrap_or(0)))
    }

    fn bytes(&mut self, len: usize) -> Vec<u8> {
        let (taken, rest) = self.0.split_at(len.min(self.0.len()));
        self.0 = rest;
        let mut bytes = taken.to_vec();
        bytes.resize(len, 0);
        bytes
    }

    /// A small number, or any.
    fn size(&mut self) -> u64 {
        match self.byte().unwrap_or(0) {
            small @ 0..=199 => small.into(),
            200..=239 => self.number(2),
            _ => self.number(8),
        }
    }
}

/// A message: 32 bytes of header in the order of this machine, and what is behind it.
fn message([kind, extra]: [u32; 2], value: u64, at: u64, len: u64, data: &[u8]) -> Vec<u8> {
    let mut message = Vec::new();
    message.extend([kind, extra].iter().flat_map(|number| number.to_ne_bytes()));
    message.extend([value, at, len].iter().flat_map(|number| number.to_ne_bytes()));
    message.extend(data);
    message
}

fn number(message: &[u8], at: usize) -> u32 {
    u32::from_ne_bytes(*message[at..].first_chunk().unwrap())
}

/// Lets the server do what it was asked for.
fn rest(server: &mut Alone<'_>) {
    assert_eq!(server.rest(MOST_TURNS), Ok(true), "the server does not come to rest");
}

/// A connection of a program.
struct Line {
    socket: OwnedFd,
    is_for_calls: bool,
    /// It became an open file: what is written there by hand is not answered.
    is_file: bool,
    /// How many bytes of memory the server waits for.
    wanted: Option<u64>,
}

#[derive(Default)]
struct Program {
    lines: Vec<Line>,
    /// The keys of what it has open.
    keys: Vec<u32>,
    /// Files that came along with an answer.
    attached: Vec<OwnedFd>,
}

impl Program {
    fn connect(&mut self, server: &mut Alone<'_>, site: &Site, name: &str) {
        if self.lines.len() >= MOST_LINES {
            self.lines.remove(0);
        }
        let flags = SocketFlags::CLOEXEC | SocketFlags::NONBLOCK;
        let socket = socket_with(AddressFamily::UNIX, SocketType::SEQPACKET, flags, None).unwrap();
        connect(&socket, &SocketAddrUnix::new(site.socket(name)).unwrap()).unwrap();
        rest(server);
        let is_for_calls = name == "/talks";
        self.lines.push(Line { socket, is_for_calls, is_file: name == "/events", wanted: None });
    }

    /// Says something over a connection, and hears what comes of it: the kinds of all answers.
    fn say(&mut self, server: &mut Alone<'_>, line: usize, bytes: &[u8]) -> Vec<u32> {
        let Some(line) = self.lines.get_mut(line) else { return Vec::new() };
        let was_file = line.is_file;
        let flags = SendFlags::DONTWAIT | SendFlags::NOSIGNAL;
        let sent = sendmsg(&line.socket, &[IoSlice::new(bytes)], &mut SendAncillaryBuffer::default(), flags);
        rest(server);
        let (mut kinds, mut has_ended) = (Vec::new(), false);
        loop {
            let mut buffer = vec![0; 32 + 2 * DATA_MAX as usize];
            let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(4))];
            let mut control = RecvAncillaryBuffer::new(&mut space);
            let mut pieces = [IoSliceMut::new(&mut buffer)];
            let got = match recvmsg(line.socket.as_fd(), &mut pieces, &mut control, RecvFlags::DONTWAIT) {
                Ok(received) if received.bytes > 0 => received.bytes,
                Err(Errno::AGAIN) => break,
                Ok(_) | Err(Errno::CONNRESET) => {
                    has_ended = true;
                    break;
                }
                Err(errno) => panic!("{errno}"),
            };
            for message in control.drain() {
                if let RecvAncillaryMessage::ScmRights(files) = message {
                    self.attached.extend(files);
                }
            }
            if line.is_file && got == 1 {
                // What lets a bus look ready.
                continue;
            }
            assert!((32..=32 + DATA_MAX as usize).contains(&got), "a message of {got} bytes");
            let (kind, extra) = (number(&buffer, 0), number(&buffer, 4));
            kinds.push(kind);
            let is_known = if line.is_for_calls { WANT..=STATUS } else { DONE..=INSTEAD };
            assert!(is_known.contains(&kind), "{kind} is no answer");
            match kind {
                WANT => {
                    let len = u64::from_ne_bytes(*buffer[24..].first_chunk().unwrap());
                    assert!((1..=DATA_MAX).contains(&len), "{len} bytes are wanted");
                    line.wanted = Some(len);
                }
                OPENED => {
                    line.is_file = true;
                    self.keys.push(extra);
                }
                ATTACHED => self.keys.push(extra),
                DONE if extra != 0 => self.keys.push(extra),
                _ => {}
            }
        }
        let is_said = sent == Ok(bytes.len()) && !was_file;
        assert!(!is_said || has_ended || !kinds.is_empty(), "no answer to {bytes:?}");
        assert!(kinds.iter().rev().skip(1).all(|kind| *kind == PUT), "more than one answer: {kinds:?}");
        kinds
    }
}

fn machine(clock: &ManualTime) -> Machine {
    let mut world = World::new(Box::new(clock.clone()));
    let sensor = Scenario::named("flicker").map_or_else(SimSensor::new, |scenario| scenario.sensor());
    let sensor = world.add_bus(1, Wiring::default()).attach(sensor);
    world.add_sensor(1, &sensor);
    world.add_line(17, "GPIO17".to_owned(), sensor);
    Machine::new(world)
}

thread_local! {
    static SITE: OnceCell<Site> = const { OnceCell::new() };
}

fuzz_target!(|input: &[u8]| {
    SITE.with(|site| {
        let site = site.get_or_init(|| Site::of(&machine(&ManualTime::new())).unwrap());
        let clock = ManualTime::new();
        let mut machine = machine(&clock);
        let mut server = site.serve(&mut machine).unwrap();
        let mut program = Program::default();
        program.connect(&mut server, site, "/talks");
        talk(&mut Input(input), &clock, site, &mut server, &mut program);
        drop(program);
        // The next program is served, whatever the one before did.
        let mut next = Program::default();
        next.connect(&mut server, site, "/calls");
        let kinds = next.say(&mut server, 0, &message([OPEN, 2], 0, 0, 0, b"/dev/i2c-1"));
        assert_eq!((kinds.as_slice(), next.keys.len()), (&[OPENED][..], 1));
        next.connect(&mut server, site, "/talks");
        let key = next.keys[0].into();
        assert_eq!(next.say(&mut server, 1, &message([FSTAT, 0], key, 0, 0, &[])), [STATUS]);
    });
});

fn talk(
    input: &mut Input<'_>,
    clock: &ManualTime,
    site: &Site,
    server: &mut Alone<'_>,
    program: &mut Program,
) {
    while let Some(what) = input.byte() {
        let chosen = usize::from(what >> 3) % program.lines.len().max(1);
        match what & 7 {
            // Asks for a path.
            0 | 1 => {
                program.connect(server, site, "/calls");
                let path = input.byte().unwrap_or(0);
                let any = || input.bytes(usize::from(path));
                let path = PATHS.get(usize::from(path)).map_or_else(any, |path| path.as_bytes().to_vec());
                let kind = if what & 1 == 0 { OPEN } else { u32::from(what >> 3) % 5 };
                let flags = if what & 1 == 0 { input.number(3) } else { input.number(1) };
                let asked = message([kind, flags as u32], 0, 0, 0, &path);
                program.say(server, program.lines.len() - 1, &asked);
            }
            2 => program.connect(server, site, ["/talks", "/calls", "/events"][usize::from(what >> 3) % 3]),
            // A call, on a file that is open or on none.
            3 | 4 => {
                let file = input.byte().unwrap_or(0);
                let key = program.keys.get(usize::from(file) % (program.keys.len() + 1)).copied();
                let key = key.map_or_else(|| input.size(), u64::from);
                let kind = 16 + u32::from(file >> 5);
                let request = REQUESTS.get(usize::from(input.byte().unwrap_or(0)));
                let request = request.copied().unwrap_or_else(|| input.number(4) as u32);
                let (at, len) = (input.size(), input.size());
                let sent_along = usize::try_from(input.size()).unwrap_or(0).min(DATA_MAX as usize);
                let data = input.bytes(sent_along);
                program.say(server, chosen, &message([kind, request], key, at, len, &data));
            }
            // The memory that is wanted, or that there is none.
            5 => {
                let wanted = |line: &Line| line.wanted.is_some();
                let line = program.lines.iter().position(wanted).unwrap_or(chosen);
                let wanted = program.lines.get_mut(line).and_then(|line| line.wanted.take()).unwrap_or(16);
                let answer = if what >> 3 == 0 { FAULT } else { HAVE };
                let data = input.bytes(if answer == HAVE { wanted as usize } else { 0 });
                program.say(server, line, &message([answer, 0], 0, 0, wanted, &data));
            }
            // Anything.
            6 => {
                let len = input.size().min(40_000) as usize;
                let bytes = input.bytes(len);
                program.say(server, chosen, &bytes);
            }
            // Closes something, or lets time pass.
            _ => {
                let closes = input.byte().unwrap_or(0);
                match closes {
                    0..=99 if !program.lines.is_empty() => drop(program.lines.remove(chosen)),
                    100..=149 if !program.attached.is_empty() => drop(program.attached.remove(0)),
                    _ => clock.advance(Duration::from_millis(u64::from(closes) * 10)),
                }
                rest(server);
            }
        }
    }
}
