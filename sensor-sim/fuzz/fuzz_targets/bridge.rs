//! Any bytes in the place of a firmware: each request is answered, or the conversation ends with an error.
//!
//! What is on the bus is a part without a life of its own: weeks of it pass at once.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mlsensor_sim::bridge::Bridge;
use mlsensor_sim::{Lookalike, LookalikeKind, SimBus, SimSensor};

fuzz_target!(|requests: &[u8]| {
    let bus = SimBus::new();
    bus.attach(Lookalike::new(LookalikeKind::OtherPart));
    let sensor = bus.attach(SimSensor::new());
    sensor.power_off();
    let end = core::time::Duration::from_secs(10);
    let mut bridge = Bridge::new(bus.clone(), &bus).with_pin(sensor.pin()).with_end(end).with_about("Büro");
    let (mut rest, mut answers) = (requests, Vec::new());
    loop {
        let before = answers.len();
        match bridge.answer_one(&mut rest, &mut answers) {
            Ok(true) => assert!((before + 10..=before + 10 + 65_535).contains(&answers.len())),
            Ok(false) => break assert!(rest.is_empty() && answers.len() == before),
            Err(error) => break assert!(!error.to_string().is_empty()),
        }
    }
});
