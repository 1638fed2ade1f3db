//! Any text: `Scenario::parse` gives a scenario or an error that says something, and never panics.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mlsensor_sim::Scenario;

fuzz_target!(|text: &str| {
    if let Err(error) = Scenario::parse(text) {
        assert!(!error.to_string().is_empty());
    }
});
