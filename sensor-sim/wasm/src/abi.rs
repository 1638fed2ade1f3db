//! The functions of the module, as the README lists them.
//!
//! Why `unsafe` stands here and nowhere else: a name that is exported could be that of another library's function, and the
//! compiler takes our word that it is not. Nothing in here reads or writes through a pointer.
#![allow(unsafe_code, reason = "exported names; see above")]

use core::ptr;
use core::time::Duration;

use mlsensor::behavior;
use mlsensor_sim::{Direction, Person, Scenario, Target, digest};

use crate::refusal::{Code, Refusal};
use crate::sensor::Sensor;
use crate::state::{answer, of_sensor};

/// What a time is that does not come: no next event, or a scenario that has no end.
pub const NEVER: i64 = i64::MAX;

/// The longest time that one call lets pass: a week, which takes some seconds.
const LONGEST_NS: u64 = 7 * 24 * 3600 * 1_000_000_000;

/// A time as an answer.
fn nanos(time: Duration) -> i64 {
    i64::try_from(time.as_nanos()).unwrap_or(NEVER)
}

fn out_of_range(text: impl Into<String>) -> Refusal {
    Refusal::new(Code::Range, text)
}

fn byte(what: &str, value: u32, most: u8) -> Result<u8, Refusal> {
    let fits = u8::try_from(value).ok().filter(|value| *value <= most);
    fits.ok_or_else(|| out_of_range(format!("{what} is 0 to {most}, not {value}")))
}

fn time(ns: u64) -> Result<Duration, Refusal> {
    if ns > LONGEST_NS {
        return Err(out_of_range(format!("a call lets {LONGEST_NS} ns pass at most, not {ns}")));
    }
    Ok(Duration::from_nanos(ns))
}

/// The version of this interface.
// SAFETY: nothing else that is linked in has a name that begins with `mls_`. It is so for each function below.
#[unsafe(no_mangle)]
pub extern "C" fn mls_version() -> u32 {
    1
}

/// Sees to it that the buffer has `length` bytes, 1 MiB at most, and tells where it begins; null if it cannot.
#[unsafe(no_mangle)]
pub extern "C" fn mls_buffer(length: u32) -> *mut u8 {
    let mut found = ptr::null_mut();
    let _: i32 = answer(|state| {
        found = state
            .buffer(length as usize)
            .ok_or_else(|| out_of_range("the buffer has 1048576 bytes at most"))?;
        Ok(0)
    });
    found
}

/// Puts the text of the latest refusal into the buffer: its length in bytes.
#[unsafe(no_mangle)]
pub extern "C" fn mls_error() -> i32 {
    answer(|state| Ok(state.put_error()))
}

/// Puts the name of a scenario that comes with the simulator into the buffer: its length in bytes.
#[unsafe(no_mangle)]
pub extern "C" fn mls_scenario_name(index: u32) -> i32 {
    answer(|state| match Scenario::SHIPPED.get(index as usize) {
        Some((name, _)) => Ok(state.put_text(name)),
        None => Err(Refusal::new(Code::NoScenario, format!("there is no scenario number {index}"))),
    })
}

fn seed_of(has_seed: u32, seed: u64) -> Option<u64> {
    (has_seed != 0).then_some(seed)
}

/// Opens a sensor in an empty room, that sees as well as the optics allow: its handle.
#[unsafe(no_mangle)]
pub extern "C" fn mls_open(has_seed: u32, seed: u64) -> i32 {
    answer(|state| state.open(Sensor::new(None, seed_of(has_seed, seed))))
}

/// Opens a sensor in front of the scenario whose name is in the buffer: its handle.
#[unsafe(no_mangle)]
pub extern "C" fn mls_open_named(length: u32, has_seed: u32, seed: u64) -> i32 {
    answer(|state| {
        let scenario = state.named(length)?;
        state.open(Sensor::new(Some(scenario), seed_of(has_seed, seed)))
    })
}

/// Opens a sensor in front of the scenario file that is in the buffer: its handle.
#[unsafe(no_mangle)]
pub extern "C" fn mls_open_toml(length: u32, has_seed: u32, seed: u64) -> i32 {
    answer(|state| {
        let scenario = state.parsed(length)?;
        state.open(Sensor::new(Some(scenario), seed_of(has_seed, seed)))
    })
}

/// Closes a sensor. Its handle is of no use any more.
#[unsafe(no_mangle)]
pub extern "C" fn mls_close(handle: i32) -> i32 {
    answer(|state| state.close(handle).map(|()| 0))
}

/// Lets the sensor answer an open question otherwise: the buffer holds `question=answer`. Before any time has passed.
#[unsafe(no_mangle)]
pub extern "C" fn mls_assume(handle: i32, length: u32) -> i32 {
    answer(|state| state.assume(handle, length).map(|()| 0))
}

/// The virtual time since the sensor was opened, in nanoseconds.
#[unsafe(no_mangle)]
pub extern "C" fn mls_now(handle: i32) -> i64 {
    of_sensor(handle, |sensor| Ok(nanos(sensor.sim.now())))
}

/// Lets time pass, a week at most.
#[unsafe(no_mangle)]
pub extern "C" fn mls_advance(handle: i32, ns: u64) -> i32 {
    of_sensor(handle, |sensor| {
        sensor.sim.advance(time(ns)?);
        Ok(0)
    })
}

/// In how many nanoseconds the sensor next does something by itself.
#[unsafe(no_mangle)]
pub extern "C" fn mls_next_event(handle: i32) -> i64 {
    of_sensor(handle, |sensor| Ok(sensor.sim.next_event().map_or(NEVER, nanos)))
}

/// How long the scenario goes on, in nanoseconds.
#[unsafe(no_mangle)]
pub extern "C" fn mls_duration(handle: i32) -> i64 {
    of_sensor(handle, |sensor| Ok(sensor.duration().map_or(NEVER, nanos)))
}

/// A START or repeated START, an address of 7 bits and the direction: 1 if the sensor acknowledges it, 0 if not.
#[unsafe(no_mangle)]
pub extern "C" fn mls_start(handle: i32, address: u32, is_read: u32) -> i32 {
    of_sensor(handle, |sensor| {
        let address = byte("an address", address, 0x7F)?;
        let direction = if is_read != 0 { Direction::Read } else { Direction::Write };
        Ok(sensor.start(address, direction).into())
    })
}

/// The controller writes a byte: 1 if the sensor acknowledges it, 0 if not.
#[unsafe(no_mangle)]
pub extern "C" fn mls_write_byte(handle: i32, value: u32) -> i32 {
    of_sensor(handle, |sensor| Ok(sensor.write_byte(byte("a byte", value, 0xFF)?).into()))
}

/// The controller reads a byte: its value; 255 if nothing drives the bus.
#[unsafe(no_mangle)]
pub extern "C" fn mls_read_byte(handle: i32) -> i32 {
    of_sensor(handle, |sensor| Ok(sensor.read_byte().into()))
}

/// A STOP.
#[unsafe(no_mangle)]
pub extern "C" fn mls_stop(handle: i32) -> i32 {
    of_sensor(handle, |sensor| {
        sensor.stop();
        Ok(0)
    })
}

/// Whether the sensor holds the data line low: 1 or 0.
#[unsafe(no_mangle)]
pub extern "C" fn mls_holds_data_low(handle: i32) -> i32 {
    of_sensor(handle, |sensor| Ok(sensor.sim.holds_data_low().into()))
}

/// Nine pulses of the clock and a STOP, which free a data line that is held.
#[unsafe(no_mangle)]
pub extern "C" fn mls_recover(handle: i32) -> i32 {
    of_sensor(handle, |sensor| {
        sensor.sim.recover();
        Ok(0)
    })
}

/// The level of the presence pin: 1 or 0.
#[unsafe(no_mangle)]
pub extern "C" fn mls_presence(handle: i32) -> i32 {
    of_sensor(handle, |sensor| Ok(sensor.sim.presence().into()))
}

/// Whether the indicator LED is lit: 1 or 0.
#[unsafe(no_mangle)]
pub extern "C" fn mls_led(handle: i32) -> i32 {
    of_sensor(handle, |sensor| Ok(sensor.sim.led().into()))
}

/// Gives the sensor power, or takes it away.
#[unsafe(no_mangle)]
pub extern "C" fn mls_power(handle: i32, is_on: u32) -> i32 {
    of_sensor(handle, |sensor| {
        sensor.power(is_on != 0);
        Ok(0)
    })
}

/// What a setting's register holds: a look that a real sensor does not allow.
#[unsafe(no_mangle)]
pub extern "C" fn mls_register(handle: i32, register: u32) -> i32 {
    of_sensor(handle, |sensor| {
        let register = byte("a register", register, 0xFF)?;
        let held = sensor.register(register).map(i32::from);
        held.ok_or_else(|| out_of_range(format!("register {register} holds no setting")))
    })
}

/// Puts the latest result into the buffer, as a read would give it: its length, 39.
#[unsafe(no_mangle)]
pub extern "C" fn mls_packet(handle: i32) -> i32 {
    answer(|state| {
        let packet = *state.sensor(handle)?.sim.result();
        Ok(state.put(&packet))
    })
}

/// How many results the sensor has published.
#[unsafe(no_mangle)]
pub extern "C" fn mls_results(handle: i32) -> i64 {
    of_sensor(handle, |sensor| Ok(i64::try_from(sensor.sim.results()).unwrap_or(NEVER)))
}

/// Lets time pass, a week at most, and puts the digest of all that is published meanwhile into the buffer: its length, 8.
#[unsafe(no_mangle)]
pub extern "C" fn mls_digest(handle: i32, ns: u64) -> i32 {
    answer(|state| {
        let digest = digest(&mut state.sensor(handle)?.sim, time(ns)?);
        Ok(state.put(&digest.to_le_bytes()))
    })
}

/// One more person stands in front of the sensor, from its next capture on; a scenario ends thereby.
#[unsafe(no_mangle)]
pub extern "C" fn mls_add_person(
    handle: i32,
    distance_m: f64,
    bearing_deg: f64,
    heading_deg: f64,
    eye_height_m: f64,
    who: u32,
) -> i32 {
    of_sensor(handle, |sensor| {
        if ![distance_m, bearing_deg, heading_deg, eye_height_m].iter().all(|value| value.is_finite()) {
            return Err(out_of_range("where a person stands is said in numbers that are finite"));
        }
        let person = Person::at(distance_m, bearing_deg).with_heading(heading_deg);
        sensor.add_person(person.with_eye_height(eye_height_m).known_as(who)).map(|()| 0)
    })
}

/// Nobody stands in front of the sensor any more, from its next capture on; a scenario ends thereby.
#[unsafe(no_mangle)]
pub extern "C" fn mls_clear_people(handle: i32) -> i32 {
    of_sensor(handle, |sensor| {
        sensor.clear_people();
        Ok(0)
    })
}

/// Turns the sensor, as the head does that it sits on: to the right and up, in thousandths of a degree.
#[unsafe(no_mangle)]
pub extern "C" fn mls_point(handle: i32, pan_millideg: i32, tilt_millideg: i32) -> i32 {
    of_sensor(handle, |sensor| {
        sensor.sim.point(behavior::Direction::new(pan_millideg, tilt_millideg));
        Ok(0)
    })
}

/// The next `starts` addresses are not acknowledged, and the sensor sees nothing of those transfers: a loose wire.
#[unsafe(no_mangle)]
pub extern "C" fn mls_refuse(handle: i32, starts: u32) -> i32 {
    of_sensor(handle, |sensor| {
        sensor.refuse(starts);
        Ok(0)
    })
}

/// In the next read that gets so far, the bits of `mask` of the byte number `at` are the wrong way round.
#[unsafe(no_mangle)]
pub extern "C" fn mls_spoil(handle: i32, at: u32, mask: u32) -> i32 {
    of_sensor(handle, |sensor| {
        sensor.spoil(at, byte("a mask", mask, 0xFF)?);
        Ok(0)
    })
}
