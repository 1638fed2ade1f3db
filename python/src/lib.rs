//! The native module of the Python package: the driver, the simulator and the host code, bound and not written again.
//!
//! # Guarantees
//! * Values are frozen. What has a state holds it behind a lock that is taken while detached from the interpreter, and no
//!   lock is held while anything waits for time to pass.
//! * Every access to a bus and every wait detaches from the interpreter, once a call.
//! * Exceptions and enumerations are those of the package: see `errors.rs` and `enums.rs`.

#![deny(unsafe_code)]

mod command;
mod enums;
mod errors;
mod mux;
mod pin;
mod session;
mod time;
mod values;

use pyo3::prelude::*;

/// What is public of it is in the package.
#[pymodule]
mod _native {
    use pyo3::prelude::*;

    #[pymodule_export]
    use crate::command::run_command;
    #[pymodule_export]
    use crate::mux::{Channel, Muxes};
    #[pymodule_export]
    use crate::pin::Line;
    #[pymodule_export]
    use crate::session::{Reading, Session, Update};

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        module.add("__version__", env!("CARGO_PKG_VERSION"))
    }
}
