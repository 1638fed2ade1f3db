//! A simulated I2C bus, as programs of an operating system see one: `/dev/i2c-1` and a GPIO chip.
//!
//! ```text
//! front end (seccomp, preload, USB)  carries what a program does to files, or what a host does to an adapter
//!        |
//!     Machine                        the files that a program can open, and what calls on them do
//!        |        \
//!     I2cDev     GpioChip            the semantics of the kernel's i2c-dev and of its GPIO character device
//!        |        /
//!     World                          buses, pins and time: the simulator, and the only clock
//! ```
//!
//! # Guarantees
//! * Everything below a front end is safe code without I/O: a call is data, and the memory of the program is reached
//!   through [`Memory`] alone, so it can be fuzzed, and no input of a program can crash it.
//! * Time is an argument everywhere but in [`real_time`].

pub mod adapter;
pub mod assume;
mod call;
pub mod emulator;
pub mod errno;
pub mod fault_spec;
pub mod files;
pub mod gpio;
mod i2c_dev;
pub mod launch;
mod lines;
mod machine;
pub mod preload;
pub mod real_time;
mod replayed;
pub mod seccomp;
pub mod setup;
pub mod usb;
mod world;

pub use call::{Access, Answer, Call, Memory, Reply};
pub use i2c_dev::I2cDev;
pub use lines::Edge;
pub use machine::{Event, FileId, Machine, Node};
pub use replayed::Replayed;
pub use rustix::io::Errno;
pub use setup::Setup;
pub use world::{Wiring, World};
