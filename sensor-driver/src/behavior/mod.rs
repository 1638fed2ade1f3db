//! From faces to behaviour: "someone is here", "someone wants my attention", "turn toward her", "it is the same person
//! again".
//!
//! A packet says where faces are at one moment, with misses, flicker and false faces. Each behaviour takes readings and
//! the time, and concludes something that holds over time.
//!
//! | behaviour | answers |
//! |---|---|
//! | [`Presence`] | is somebody here? |
//! | [`Attention`] | has somebody faced the sensor for a while, and who, and where? |
//! | [`Tracker`] | who is who from packet to packet, and where do they go? |
//! | [`Aim`] | where to turn a pan/tilt, so that it keeps to somebody and does not hunt? |
//! | [`Cadence`] | when to read next? |
//! | [`Enroll`], [`Erase`] | is this id that person's now; are all ids forgotten? |
//! | [`Power`] | when may the sensor sleep, and when should it look? |
//!
//! # A loop
//! Read when [`Cadence`] says so, and let [`Presence`] switch a pin. The async one is the same, with `await` where the
//! sensor is read and the delay waits.
//!
//! ```
//! use core::time::Duration;
//! use embedded_hal::{delay::DelayNs, digital::OutputPin, i2c::I2c};
//! use mlsensor::PersonSensor;
//! use mlsensor::behavior::{Cadence, Presence, PresenceConfig};
//!
//! const SETTINGS: PresenceConfig = PresenceConfig::DEFAULT.with_leave_after(Duration::from_secs(5));
//!
//! struct Fan<I2C, P> {
//!     sensor: PersonSensor<I2C>,
//!     cadence: Cadence,
//!     presence: Presence, // Presence::new(SETTINGS)
//!     pin: P,
//! }
//!
//! impl<I2C: I2c, P: OutputPin> Fan<I2C, P> {
//!     /// For ever: `loop { fan.turn(&clock, &mut delay)? }`. The clock gives the time since the start.
//!     fn turn(&mut self, clock: impl Fn() -> Duration, delay: &mut impl DelayNs) -> Result<(), P::Error> {
//!         let wait = self.cadence.next_read().saturating_sub(clock());
//!         delay.delay_us(wait.subsec_micros()); // half a second at most
//!         let now = clock(); // when the read starts
//!         let reading = self.sensor.read();
//!         let reading = reading.as_ref().ok(); // `None` is handed on: it is how silence is noticed
//!         self.cadence.read_done(now, reading);
//!         self.presence.update(now, reading);
//!         // The safe side: off while nothing is known, also before the first reading.
//!         self.pin.set_state(self.presence.outcome().is_present().into())
//!     }
//! }
//! # use mlsensor_sim::{Scenario, SimBus};
//! # #[derive(Default)]
//! # struct Pin(bool);
//! # impl embedded_hal::digital::ErrorType for Pin {
//! #     type Error = core::convert::Infallible;
//! # }
//! # impl OutputPin for Pin {
//! #     fn set_low(&mut self) -> Result<(), Self::Error> {
//! #         self.0 = false;
//! #         Ok(())
//! #     }
//! #     fn set_high(&mut self) -> Result<(), Self::Error> {
//! #         self.0 = true;
//! #         Ok(())
//! #     }
//! # }
//! # let (bus, _sim) = SimBus::with_sensor(Scenario::named("walk_up").unwrap().sensor());
//! # let (sensor, presence) = (PersonSensor::new(bus.clone()), Presence::new(SETTINGS));
//! # let mut fan = Fan { sensor, cadence: Cadence::default(), presence, pin: Pin::default() };
//! # let mut switched = vec![false];
//! # while bus.now() < Duration::from_secs(30) {
//! #     fan.turn(|| bus.now(), &mut bus.delay()).unwrap();
//! #     switched.push(fan.pin.0);
//! # }
//! # switched.dedup();
//! # assert_eq!(switched, [false, true, false]); // somebody comes, and leaves
//! ```
//!
//! # Guarantees of every behaviour
//! * **No I/O, no clock**: a behaviour takes `now`, the time since any fixed moment, and a reading, and gives a
//!   conclusion. The same calls give the same answers on every machine. Time that goes backward counts as no time.
//! * **Fixed size, no allocation, no panic, no floating point**: it runs on a Cortex-M0 as on a host.
//! * **Nothing is lost**: a reading is `Option<&Faces>`, and `None` is *no reading* (the bus failed, the packet was
//!   refused, or there is none yet), never "nobody". Hand in every result of a read: `sensor.read().as_ref().ok()`.
//! * **Three outcomes**: [`Outcome::Unknown`] once there was no reading for some time, and each application chooses
//!   its own safe side: a fan goes off, a screen is *not* locked.
//! * **Reading faster than the sensor infers does no harm**: conclusions depend on time, and on how many packets
//!   differ, not on the number of reads; the same packet read twice weighs no more than once.

pub mod aim;
pub mod attention;
pub mod cadence;
mod direction;
pub mod enroll;
pub mod erase;
mod gate;
mod outcome;
pub mod power;
pub mod presence;
pub(crate) mod procedure;
mod stopwatch;
mod streak;
mod time;
pub mod tracker;

#[doc(inline)]
pub use aim::{Aim, AimConfig, AimState, AxisConfig, Choice, Mount, Sense, Servo, WhenLost};
#[doc(inline)]
pub use attention::{Attention, AttentionConfig, AttentionEvent, Look};
#[doc(inline)]
pub use cadence::{Cadence, CadenceConfig, Freshness, Lock};
pub use direction::{Direction, View};
#[doc(inline)]
pub use enroll::{Enroll, EnrollConfig, EnrollError, EnrollProgress, Enrolled, GaveUp, GaveUpReason};
#[doc(inline)]
pub use erase::{Erase, EraseConfig, EraseError, EraseProgress, Erased, NotErased};
pub use gate::Gate;
pub use outcome::Outcome;
#[doc(inline)]
pub use power::{CurrentEstimate, CurrentFigures, Power, PowerConfig, PowerStep};
#[doc(inline)]
pub use presence::{Presence, PresenceConfig, PresenceEvent};
pub use procedure::{ProcedureError, Step};
#[doc(inline)]
pub use tracker::{MAX_TRACKS, Track, TrackId, Tracker, TrackerConfig, Velocity};
