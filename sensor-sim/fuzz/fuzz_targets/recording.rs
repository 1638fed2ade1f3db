//! Any text: `Recording::parse` gives a recording or an error that says where and what, and what it gives is the same
//! after a trip through text.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mlsensor_sim::Recording;

fuzz_target!(|text: &str| {
    match Recording::parse(text) {
        Ok(recording) => {
            let written = recording.to_string();
            assert_eq!(Recording::parse(&written).as_ref(), Ok(&recording), "{written}");
        }
        Err(error) => assert!(error.line >= 1 && !error.to_string().is_empty()),
    }
});
