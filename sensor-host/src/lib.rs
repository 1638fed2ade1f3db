#![doc = include_str!("../README.md")]
#![deny(missing_docs)]
#![deny(unsafe_code)]
#![cfg_attr(docsrs, feature(doc_cfg))]

pub mod linux;
pub mod mux;
pub mod report;
pub mod source;
pub mod supervisor;
#[cfg(target_os = "linux")]
pub mod virtual_bus;

pub use report::Report;
