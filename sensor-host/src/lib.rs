#![doc = include_str!("../README.md")]
#![deny(missing_docs)]
#![deny(unsafe_code)]
#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(feature = "cli")]
#[cfg_attr(docsrs, doc(cfg(feature = "cli")))]
pub mod command;
#[cfg(feature = "cli")]
#[cfg_attr(docsrs, doc(cfg(feature = "cli")))]
pub mod command_line;
pub mod identify;
pub mod linux;
pub mod mux;
pub mod recording;
pub mod report;
pub mod session;
pub mod source;
pub mod supervisor;
#[cfg(target_os = "linux")]
pub mod virtual_bus;

pub use report::Report;
