//! A sensor that is read for as long as a program runs: through loose wires, unplugged cables and restarts.
//!
//! The driver makes one attempt a call. A [`Supervisor`] says when to make it, tries again where that can help, opens the bus again,
//! finds out whether what answers is a Person Sensor before anything is written to it, and sets it again when it comes back. What it hands
//! out, an [`Update`], has faces only while they are live.
//!
//! ```
//! use std::time::Duration;
//! use mlsensor::Config;
//! use mlsensor_host::supervisor::{Clock, Settings, State, Supervisor};
//! use mlsensor_sim::{Person, SimBus, SimSensor};
//!
//! # #[derive(Clone)]
//! # struct Virtual(SimBus);
//! # impl Clock for Virtual {
//! #     fn now(&self) -> Duration { self.0.now() }
//! #     fn wait_until(&self, at: Duration) { self.0.advance(at.saturating_sub(self.0.now())) }
//! # }
//! let (bus, sensor) = SimBus::with_sensor(SimSensor::new());
//! sensor.set_scene([Person::at(1.0, 0.0)]);
//! # let clock = Virtual(bus.clone());
//! let opener = move || Ok::<_, std::convert::Infallible>(bus.clone()); // or a real bus
//! let settings = Settings::default().with_config(Config::default().with_led(false));
//! # /*
//! let mut supervisor = Supervisor::new(opener, settings);
//! # */
//! # let mut supervisor = Supervisor::with_clock(opener, settings, clock);
//! let update = supervisor.next();
//! assert_eq!(update.state(), State::Live);
//! assert!(update.faces().is_some_and(|faces| faces.count() == 1));
//!
//! sensor.power_off();
//! let update = supervisor.next();
//! assert!(update.faces().is_none()); // and not "nobody"
//! ```
//!
//! On a bus of Linux:
//!
//! ```no_run
//! # #[cfg(target_os = "linux")]
//! # fn main() {
//! use mlsensor_host::linux::LinuxBus;
//! use mlsensor_host::supervisor::{Settings, Supervisor, Update};
//!
//! let mut supervisor = Supervisor::new(|| LinuxBus::open("/dev/i2c-1"), Settings::default());
//! for update in supervisor.updates() {
//!     match update {
//!         Update::Live(reading) => println!("{} faces", reading.faces().count()),
//!         Update::Missed(_) => {} // the reading before it still holds
//!         Update::Stale(outage) | Update::Absent(outage) => println!("nothing is known: {:?}", outage.trouble),
//!     }
//! }
//! # }
//! # #[cfg(not(target_os = "linux"))]
//! # fn main() {}
//! ```
//!
//! # Parts
//! [`Core`] decides, without I/O and without a clock. [`Supervisor`] does what it says on this thread, and
//! `SupervisorAsync` (feature `tokio`) on tokio. [`Group`] drives several on one thread; sensors of one address on one bus need
//! a multiplexer: see [`mux`](crate::mux).
//!
//! # Guarantees
//! * **A bus error is never "nobody", and a stale reading never looks fresh.** [`State`] says exactly what is what.
//! * **Nothing is written to what has not proved, by a valid packet directly before, to be a Person Sensor.**
//! * **The `Config` that you hold is the truth**: it is written after each opening, and after each second without a valid packet, in
//!   which a sensor may have lost power and with it its settings.
//! * **No storm**: the number of reads is bounded whatever fails. **No giving up**: a sensor that is back is found by the next
//!   attempt, and live after two reads.
//!
//! What it cannot notice: see [`Settings::frozen_after`] and [`Settings::reapply_every`].

#[cfg(feature = "tokio")]
mod asynch;
mod backoff;
mod blocking;
mod clock;
mod core;
mod counters;
mod group;
mod open;
mod pace;
mod retry;
mod sameness;
mod settings;
mod step;
mod trouble;
mod update;
mod work;

pub use crate::linux::Retry;

pub use self::core::Core;
#[cfg(feature = "tokio")]
pub use asynch::{LatestAsync, SupervisorAsync};
pub use blocking::{Latest, Supervisor};
#[cfg(feature = "tokio")]
pub use clock::ClockAsync;
pub use clock::{Clock, SystemClock};
pub use counters::{BusErrors, Counters, RefusedPackets};
pub use group::Group;
pub use open::Opener;
pub use retry::{RetryHint, retry_of_kind, retry_of_packet};
pub use settings::{Backoff, Pace, Settings};
pub use step::{Action, Step};
pub use trouble::{Cause, Doing, Trouble};
pub use update::{Outage, Reading, Snapshot, State, Update};
