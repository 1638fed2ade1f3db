//! Where readings come from, by one name everywhere: a bus of the system, the simulated sensor, or a recording.
//!
//! ```
//! use mlsensor::{Config, PersonSensor};
//! use mlsensor_host::source::{Opening, SourceName};
//!
//! let name: SourceName = "sim:walk_up".parse()?; // or "/dev/i2c-1", "1", "sim:my_room.toml", "replay:packets.txt"
//! let mut source = name.open(&Opening::default())?; // nothing is sent yet
//! source.prepare(&Config::POWER_ON)?; // a real one is looked for, and only what proves to be one is set
//! let mut sensor = PersonSensor::new(source.bus);
//! source.clock.pass_until(std::time::Duration::from_secs(10));
//! assert_eq!(sensor.read()?.facing().count(), 1);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Guarantees
//! * To a program they are all alike: one type of bus, one of clock, one of presence pin.
//! * Opening sends nothing. Nothing is written to a real 0x62 before a read has shown that it is a Person Sensor.
//! * Simulated time passes at once unless a speed is asked for; every wait of real time ends when the program is to end.

mod any_bus;
mod clock;
mod files;
mod name;
mod open;
mod presence;
mod stop;
mod tries;

pub use any_bus::{AnyBus, AnyBusError};
pub use clock::{AnyDelay, Clock};
pub use files::{quoted, recording, scenario, shipped_scenarios};
#[cfg(feature = "cli")]
pub(crate) use files::{read as read_file, unreadable};
pub use name::{SourceName, SourceNameError};
pub use open::{Opening, Source, SourceError, about_scenario};
pub use presence::{AnyPin, AnyPinError};
pub use stop::Stop;
