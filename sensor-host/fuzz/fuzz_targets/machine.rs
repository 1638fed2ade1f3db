//! Any calls of a program, with any memory behind any pointer, at any time: the machine answers each, takes no more memory
//! than a call may need, and does not stop answering.
#![no_main]

use std::sync::LazyLock;
use std::time::Duration;

use libfuzzer_sys::fuzz_target;
use mlsensor_host::virtual_bus::errno::Style;
use mlsensor_host::virtual_bus::fault_spec::Action;
use mlsensor_host::virtual_bus::real_time::ManualTime;
use mlsensor_host::virtual_bus::{Access, Answer, Call, Errno, FileId, Machine, Memory, Node, Wiring, World};
use mlsensor_sim::{FaultKind, Lookalike, LookalikeKind, Scenario, SimSensor};

/// The longest piece that is ever copied at once: a message.
const LONGEST: usize = 8192;

/// More open files than this are closed by the target, as a program is stopped by its limit.
const MOST_FILES: usize = 64;

/// Where the memory of the program is that the input can fill.
const BEGIN: u64 = 0x1_0000;
const LENGTH: usize = 0x4000;
/// Memory that holds something everywhere, by its address.
const PATTERN: std::ops::Range<u64> = 0x7F00_0000_0000..0x7FFF_FFFF_0000;

/// The requests of i2c-dev and of the GPIO device, both versions.
const REQUESTS: [u32; 23] = [
    0x701,
    0x702,
    0x703,
    0x704,
    0x705,
    0x706,
    0x707,
    0x708,
    0x720,
    0x707,
    0x720,
    0x8044_B401,
    0xC048_B402,
    0xC16C_B403,
    0xC030_B404,
    0xC040_B408,
    0xC040_B409,
    0xC100_B405,
    0xC250_B407,
    0xC110_B40D,
    0xC010_B40E,
    0xC010_B40F,
    0xC004_B40C,
];

static SENSOR: LazyLock<SimSensor> =
    LazyLock::new(|| Scenario::named("flicker").map_or_else(SimSensor::new, |scenario| scenario.sensor()));

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

    /// A place in the memory, or a pointer to anywhere.
    fn pointer(&mut self) -> u64 {
        match self.byte().unwrap_or(0) {
            0..=159 => BEGIN + self.number(2) % LENGTH as u64,
            160..=199 => PATTERN.start + self.number(2),
            200..=219 => 0,
            220..=239 => self.number(1).wrapping_neg(),
            _ => self.number(8),
        }
    }
}

struct Ram {
    bytes: Vec<u8>,
    is_32_bit: bool,
}

impl Ram {
    fn place(&mut self, at: u64, len: usize) -> Option<&mut [u8]> {
        let from = usize::try_from(at.checked_sub(BEGIN)?).ok()?;
        self.bytes.get_mut(from..from.checked_add(len)?)
    }
}

impl Memory for Ram {
    fn read(&mut self, at: u64, into: &mut [u8]) -> Result<(), Errno> {
        assert!(into.len() <= LONGEST, "{} bytes at once", into.len());
        if PATTERN.contains(&at) {
            into.iter_mut().zip(at..).for_each(|(byte, at)| *byte = (at ^ (at >> 8)) as u8);
            return Ok(());
        }
        let len = into.len();
        into.copy_from_slice(self.place(at, len).ok_or(Errno::FAULT)?);
        Ok(())
    }

    fn write(&mut self, at: u64, bytes: &[u8]) -> Result<(), Errno> {
        assert!(bytes.len() <= LONGEST, "{} bytes at once", bytes.len());
        if PATTERN.contains(&at) {
            return Ok(());
        }
        self.place(at, bytes.len()).ok_or(Errno::FAULT)?.copy_from_slice(bytes);
        Ok(())
    }

    fn is_32_bit(&self) -> bool {
        self.is_32_bit
    }
}

fn machine(input: &mut Input<'_>, clock: &ManualTime) -> Machine {
    let [kind, fault] = [input.byte().unwrap_or(0), input.byte().unwrap_or(0)];
    let style = Style::ALL[usize::from(kind) % Style::ALL.len()];
    let bit_rate_hz = [None, Some(1_000), Some(100_000), Some(3_400_000)][usize::from(kind >> 2 & 3)];
    let mut world = World::new(Box::new(clock.clone()));
    let wiring = Wiring { style, bit_rate_hz, seed: fault.into(), claimed: vec![0x50] };
    let bus = world.add_bus(1, wiring.clone());
    let sensor = bus.attach(SENSOR.clone());
    world.add_sensor(1, &sensor);
    world.add_line(17, "GPIO17".to_owned(), sensor);
    world.add_bus(2, wiring).attach(Lookalike::new(LookalikeKind::ALL[usize::from(kind >> 4) % 4]));
    if let Some(&kind) = FaultKind::ALL.get(usize::from(fault % 32)) {
        world.plan(Duration::from_millis(u64::from(fault >> 5) * 100), 1, Action::Rate(kind, 300_000));
    }
    Machine::new(world)
}

fuzz_target!(|input: &[u8]| {
    let mut input = Input(input);
    let clock = ManualTime::new();
    let mut machine = machine(&mut input, &clock);
    let mut ram = Ram { bytes: vec![0; LENGTH], is_32_bit: input.byte().unwrap_or(0) & 1 == 1 };
    let mut files: Vec<FileId> = Vec::new();
    while let Some(what) = input.byte() {
        let file = files.get(usize::from(what >> 3) % files.len().max(1)).copied().unwrap_or(FileId(999));
        match what & 7 {
            0 => {
                let node = [Node::Bus(1), Node::Bus(2), Node::GpioChip, Node::Bus(3)][usize::from(what >> 6)];
                files.extend(machine.open(node, Access::from_flags(u32::from(what >> 3))));
            }
            1 => {
                machine.close(file);
                files.retain(|&open| open != file);
            }
            2 => {
                clock.advance(Duration::from_millis(input.number(2)));
                for event in machine.catch_up() {
                    assert!(!event.bytes.is_empty());
                }
                let _ = machine.wake_in();
            }
            3 => {
                let at = input.pointer();
                let len = usize::from(input.byte().unwrap_or(0) % 65);
                for place in 0..len {
                    let byte = input.byte().unwrap_or(0);
                    if let Some(to) = ram.place(at.wrapping_add(place as u64), 1) {
                        to[0] = byte;
                    }
                }
            }
            number => {
                let call = match number {
                    4 => Call::Read { at: input.pointer(), len: input.number(2) },
                    5 => Call::Write { at: input.pointer(), len: input.number(2) },
                    _ => {
                        let request = input.byte().unwrap_or(0);
                        let known = REQUESTS.get(usize::from(request)).copied();
                        let request = known.unwrap_or_else(|| input.number(4) as u32);
                        let argument = if number == 6 { input.pointer() } else { input.number(2) };
                        Call::Ioctl { request, argument }
                    }
                };
                let reply = machine.call(file, call, &mut ram);
                match reply.outcome {
                    Ok(Answer::File { file, .. }) => files.push(file),
                    Ok(Answer::Number(number)) => assert!((0..=LONGEST as i64).contains(&number)),
                    Err(errno) => assert!(errno.raw_os_error() > 0),
                }
            }
        }
        if files.len() > MOST_FILES {
            machine.close(files.remove(0));
        }
    }
});
