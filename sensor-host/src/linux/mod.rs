//! The Linux side of a real sensor: the bus `/dev/i2c-N`, what its errors mean, and the presence pin on a GPIO line.
//!
//! # Guarantees
//! * One call is one attempt on the bus. Nothing here retries, sleeps or reopens by itself.
//! * The errno of every error is kept, and says what it means: [`LinuxError::kind`], [`LinuxError::retry`],
//!   [`LinuxError::report`].
//! * A read gives all bytes that were asked for, or an error: what the kernel left out is never made up.

#[cfg(all(target_os = "linux", feature = "tokio"))]
mod awaited_pin;
#[cfg(target_os = "linux")]
mod bus;
mod buses;
mod error;
mod explain;
#[cfg(target_os = "linux")]
mod gpio;
#[cfg(target_os = "linux")]
mod gpio_error;
mod line_name;
#[cfg(target_os = "linux")]
mod presence_pin;
#[cfg(target_os = "linux")]
mod sys;

#[cfg(all(target_os = "linux", feature = "tokio"))]
pub use awaited_pin::AsyncGpioInput;
#[cfg(target_os = "linux")]
pub use bus::LinuxBus;
pub use buses::{BusInfo, buses};
pub use error::{Doing, LinuxError, LinuxErrorKind, Retry};
#[cfg(target_os = "linux")]
pub use gpio::Pull;
#[cfg(target_os = "linux")]
pub use gpio_error::{GpioError, GpioErrorKind};
pub use line_name::{LineName, LineNameError};
#[cfg(target_os = "linux")]
pub use presence_pin::{GpioInput, GpioOutput, LineEdge};
