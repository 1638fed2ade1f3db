//! Any text: `Scenario::parse` gives a scenario or an error that says where and what, and what it gives can be
//! run: the sensor never panics, and what it says is always a packet.
#![no_main]

use std::time::Duration;

use libfuzzer_sys::fuzz_target;
use mlsensor_sim::Scenario;

fuzz_target!(|text: &str| {
    match Scenario::parse(text) {
        Ok(scenario) => {
            let mut sensor = scenario.sensor();
            for step in [1, 150, 3_000] {
                sensor.advance(Duration::from_millis(step));
            }
        }
        Err(error) => assert!(error.line >= 1 && !error.to_string().is_empty()),
    }
});
