//! A program as the machine sees it: memory with holes, and calls.

#![allow(dead_code, reason = "each test uses what it needs")]

use std::sync::{Arc, Mutex};
use std::time::Duration;

use mlsensor_host::virtual_bus::real_time::ManualTime;
use mlsensor_host::virtual_bus::{
    Access, Answer, Call, Errno, FileId, Machine, Memory, Node, Reply, Wiring, World,
};
use mlsensor_sim::{Direction, SimBus, SimSensor, Target};

/// What the sensor gives when it sees nobody.
pub(crate) const NOBODY: [u8; 39] = {
    let mut packet = [0; 39];
    packet[2] = 0x21;
    packet[37] = 0x25;
    packet[38] = 0x37;
    packet
};

/// Where the program's memory begins and ends. Everything else is nowhere.
pub(crate) const BEGIN: u64 = 0x7F00_0000_1000;
pub(crate) const LENGTH: usize = 0x8_0000;
/// Of a 32-bit program.
pub(crate) const BEGIN_32: u64 = 0x1000;

/// The memory of a program: one piece, and nothing around it.
#[derive(Clone)]
pub(crate) struct Ram {
    pub(crate) bytes: Vec<u8>,
    pub(crate) begin: u64,
    pub(crate) is_32_bit: bool,
}

impl Ram {
    fn range(&self, at: u64, len: usize) -> Result<std::ops::Range<usize>, Errno> {
        let from = at.checked_sub(self.begin).ok_or(Errno::FAULT)? as usize;
        let to = from.checked_add(len).filter(|&to| to <= self.bytes.len()).ok_or(Errno::FAULT)?;
        Ok(from..to)
    }
}

impl Memory for Ram {
    fn read(&mut self, at: u64, into: &mut [u8]) -> Result<(), Errno> {
        let range = self.range(at, into.len())?;
        into.copy_from_slice(&self.bytes[range]);
        Ok(())
    }

    fn write(&mut self, at: u64, bytes: &[u8]) -> Result<(), Errno> {
        let range = self.range(at, bytes.len())?;
        self.bytes[range].copy_from_slice(bytes);
        Ok(())
    }

    fn is_32_bit(&self) -> bool {
        self.is_32_bit
    }
}

/// A machine with one program on it.
pub(crate) struct Program {
    pub(crate) machine: Machine,
    pub(crate) clock: ManualTime,
    pub(crate) ram: Ram,
    pub(crate) file: FileId,
}

impl Program {
    /// A program that has opened `/dev/i2c-1` of a world.
    pub(crate) fn on(world: impl FnOnce(ManualTime) -> World) -> Program {
        let clock = ManualTime::new();
        let mut machine = Machine::new(world(clock.clone()));
        let file = machine.open(Node::Bus(1), Access::BOTH).unwrap();
        let ram = Ram { bytes: vec![0; LENGTH], begin: BEGIN, is_32_bit: false };
        Program { machine, clock, ram, file }
    }

    /// On a bus that is wired so, with a sensor that sees nobody.
    pub(crate) fn wired(wiring: Wiring) -> Program {
        Program::on(|clock| {
            let mut world = World::new(Box::new(clock));
            world.add_bus(1, wiring).attach(SimSensor::new());
            world
        })
    }

    /// On a Raspberry Pi, with a sensor that sees nobody.
    pub(crate) fn new() -> Program {
        Program::wired(Wiring::default())
    }

    /// On a bus with these things on it, and without a sensor.
    pub(crate) fn with(wiring: Wiring, attach: impl FnOnce(&SimBus)) -> Program {
        Program::on(|clock| {
            let mut world = World::new(Box::new(clock));
            attach(&world.add_bus(1, wiring));
            world
        })
    }

    /// The same program, compiled for 32 bits.
    pub(crate) fn of_32_bits(mut self) -> Program {
        self.ram.is_32_bit = true;
        self.ram.begin = BEGIN_32;
        self
    }

    pub(crate) fn call(&mut self, call: Call) -> Reply {
        self.machine.call(self.file, call, &mut self.ram)
    }

    pub(crate) fn number(&mut self, call: Call) -> Result<i64, Errno> {
        match self.call(call).outcome? {
            Answer::Number(number) => Ok(number),
            other => panic!("{other:?}"),
        }
    }

    pub(crate) fn ioctl(&mut self, request: u32, argument: u64) -> Result<i64, Errno> {
        self.number(Call::Ioctl { request, argument })
    }

    /// `ioctl(fd, I2C_SLAVE, address)`.
    pub(crate) fn select(&mut self, address: u64) {
        assert_eq!(self.ioctl(0x703, address), Ok(0));
    }

    /// `read(fd, buffer, len)` and what came.
    pub(crate) fn read(&mut self, len: u64) -> Result<Vec<u8>, Errno> {
        let at = self.ram.begin;
        let count = self.number(Call::Read { at, len })?;
        Ok(self.ram.bytes[..count as usize].to_vec())
    }

    /// `write(fd, bytes, len)`.
    pub(crate) fn write(&mut self, bytes: &[u8]) -> Result<i64, Errno> {
        let at = self.ram.begin;
        self.place(at, bytes);
        self.number(Call::Write { at, len: bytes.len() as u64 })
    }

    pub(crate) fn place(&mut self, at: u64, bytes: &[u8]) {
        self.ram.write(at, bytes).unwrap();
    }

    pub(crate) fn bytes(&mut self, at: u64, len: usize) -> Vec<u8> {
        let mut bytes = vec![0; len];
        self.ram.read(at, &mut bytes).unwrap();
        bytes
    }

    /// Lets simulated time pass.
    pub(crate) fn wait(&mut self, time: Duration) {
        self.clock.advance(time);
        self.machine.catch_up();
    }
}

/// A part that notes what is done to it, and gives what it is told to.
#[derive(Debug)]
pub(crate) struct Part {
    pub(crate) address: u8,
    /// What a read gives, byte by byte; 0xFF behind it.
    pub(crate) gives: Vec<u8>,
    /// How many bytes of a write it acknowledges.
    pub(crate) takes: usize,
    /// Whether it is what a START was for.
    is_on: bool,
    given: usize,
    taken: usize,
    pub(crate) seen: Seen,
}

/// What was done to a part: `S`, `w` or `r` for a START, the bytes, `P`.
pub(crate) type Seen = Arc<Mutex<Vec<String>>>;

impl Part {
    pub(crate) fn new(address: u8, gives: &[u8]) -> Part {
        let (is_on, given, taken) = (false, 0, 0);
        Part { address, gives: gives.to_vec(), takes: usize::MAX, is_on, given, taken, seen: Seen::default() }
    }

    fn note(&self, what: String) {
        self.seen.lock().unwrap().push(what);
    }
}

/// What was seen, as one line, and from now on anew.
pub(crate) fn seen(seen: &Seen) -> String {
    std::mem::take(&mut *seen.lock().unwrap()).join(" ")
}

impl Target for Part {
    fn start(&mut self, address: u8, direction: Direction) -> bool {
        self.is_on = address == self.address;
        (self.given, self.taken) = (0, 0);
        if self.is_on {
            self.note(if direction == Direction::Read { "Sr" } else { "Sw" }.to_owned());
        }
        self.is_on
    }

    fn write_byte(&mut self, byte: u8) -> bool {
        self.note(format!("{byte:02x}"));
        self.taken += 1;
        self.taken <= self.takes
    }

    fn read_byte(&mut self) -> u8 {
        let byte = self.gives.get(self.given).copied().unwrap_or(0xFF);
        self.given += 1;
        self.note(format!("{byte:02x}"));
        byte
    }

    fn stop(&mut self) {
        if std::mem::take(&mut self.is_on) {
            self.note("P".to_owned());
        }
    }

    fn advance(&mut self, _by: Duration) {}
}
