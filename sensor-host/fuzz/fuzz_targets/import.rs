//! Any text as the trace of a logic analyser: an import ends, and what it gives is a recording that survives the trip through text.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mlsensor_host::recording::{ImportOptions, import};
use mlsensor_sim::Recording;

fuzz_target!(|data: &[u8]| {
    let Some((&choice, text)) = data.split_first() else { return };
    let text = String::from_utf8_lossy(text);
    let mut options = ImportOptions::default();
    options.sample_rate_hz = [None, Some(1), Some(1_000_000), Some(u64::MAX)][usize::from(choice & 3)];
    options.eight_bit_addresses = choice & 4 != 0;
    options.only = (choice & 8 != 0).then(|| "I2C".to_owned());
    if let Ok(imported) = import(&text, &options) {
        let again = Recording::parse(&imported.recording.to_string());
        assert_eq!(again.as_ref(), Ok(&imported.recording));
    }
});
