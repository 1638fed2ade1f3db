//! The program of examples/README.md, which its readers copy: a test runs it, and holds that it is what stands there.

#[cfg(target_os = "linux")]
include!("fan.rs");

#[cfg(not(target_os = "linux"))]
fn main() {}
