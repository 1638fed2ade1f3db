//! The digest of each shipped scenario, of all times and packets, computed on the microcontroller itself: that the simulator
//! gives the same bytes here as on a desktop. It needs no host, and more memory than a micro:bit has (see the README).

#![no_std]
#![no_main]

extern crate alloc;

use core::time::Duration;

use embedded_alloc::LlffHeap as Heap;
use mlsensor_firmware_qemu::{end, entry, print};
use mlsensor_sim::{SimSensor, digest};

#[global_allocator]
static HEAP: Heap = Heap::empty();

/// What a scene and its sensor take; and, where files are read, the text of the largest one on its way to a scene.
const HEAP_BYTES: usize = if cfg!(target_has_atomic = "ptr") { 48 * 1024 } else { 8 * 1024 };

/// What is wrong with a scenario.
type Wrong = alloc::string::String;

#[entry]
fn main() -> ! {
    // SAFETY: this is called once, before anything is allocated; the macro gives the heap memory that nothing else has.
    unsafe {
        embedded_alloc::init!(HEAP, HEAP_BYTES);
    }
    end(digests())
}

fn digests() -> Result<(), Wrong> {
    for_each_scenario(|name, duration, mut sensor| {
        print(format_args!("{name} {:#018x}", digest(&mut sensor, duration)));
    })
}

/// Reads the files.
#[cfg(target_has_atomic = "ptr")]
fn for_each_scenario(mut show: impl FnMut(&str, Duration, SimSensor)) -> Result<(), Wrong> {
    use alloc::format;
    use mlsensor_sim::Scenario;

    for (name, text) in Scenario::SHIPPED {
        let scenario = Scenario::parse(text).map_err(|error| format!("{name}: {error}"))?;
        show(name, scenario.duration, scenario.sensor());
    }
    Ok(())
}

/// Takes what the build script has read: without atomic pointers `toml` does not build.
#[cfg(not(target_has_atomic = "ptr"))]
fn for_each_scenario(mut show: impl FnMut(&str, Duration, SimSensor)) -> Result<(), Wrong> {
    for (name, duration, sensor) in compiled::SCENARIOS {
        show(name, duration, sensor());
    }
    Ok(())
}

#[cfg(not(target_has_atomic = "ptr"))]
mod compiled {
    use alloc::vec;
    use core::time::Duration;

    use mlsensor::Command;
    use mlsensor_sim::{Detection, Event, KeyPoint, Person, SimSensor, Timeline, Walk};

    /// Name, duration, and what makes a sensor in front of the scene.
    pub(crate) const SCENARIOS: [(&str, Duration, fn() -> SimSensor); 8] =
        include!(concat!(env!("OUT_DIR"), "/scenarios.rs"));

    fn person([right_mm, ahead_mm, eye_height_mm, heading_millideg]: [i32; 4], who: u32) -> Person {
        let mut person = Person::at(0.0, 0.0);
        person.right_mm = right_mm;
        person.ahead_mm = ahead_mm;
        person.eye_height_mm = eye_height_mm;
        person.heading_millideg = heading_millideg;
        person.known_as(who)
    }

    fn command(bytes: [u8; 2]) -> Event {
        match Command::parse(bytes) {
            Ok(command) => Event::Command(command),
            Err(error) => panic!("{error}"),
        }
    }
}
