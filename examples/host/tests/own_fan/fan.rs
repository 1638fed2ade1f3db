use std::time::{Duration, Instant};

use embedded_hal::digital::OutputPin;
use mlsensor::behavior::{Attention, AttentionConfig, Tracker};
use mlsensor_host::Report;
use mlsensor_host::linux::{GpioOutput, LinuxBus};
use mlsensor_host::report::say;
use mlsensor_host::source::Stop;
use mlsensor_host::supervisor::{Settings, State, Supervisor};

fn main() -> Result<(), Report> {
    let stop = Stop::new();
    stop.on_signals()?; // Ctrl-C, and what ends a service, let it end in good order
    let mut fan = GpioOutput::open(&"GPIO18".parse()?)?; // off
    let result = run(&mut fan, &stop);
    fan.set_low()?; // after an error, too
    result
}

fn run(fan: &mut GpioOutput, stop: &Stop) -> Result<(), Report> {
    let mut sensor = Supervisor::new(|| LinuxBus::open("/dev/i2c-1"), Settings::default());
    // On: faced for 0.6 s by the same person. Off: not faced for 2 s; or blind for a second, for safety.
    let blind_after = Duration::from_secs(1);
    let mut attention = Attention::new(AttentionConfig::DEFAULT.with_stale_after(blind_after));
    let (mut tracker, mut told, begin) = (Tracker::default(), None, Instant::now());
    while !stop.is_requested() {
        let update = sensor.next();
        // What goes wrong for longer than a moment is said once.
        let trouble = update.trouble().filter(|_| update.state() != State::Live).cloned();
        if told != trouble {
            trouble.iter().for_each(|trouble| say(trouble.cause.report()));
            told = trouble;
        }
        // No reading is not nobody; and a sensor that hangs gives the same faces for ever.
        let reading = update.reading().filter(|reading| !reading.is_frozen());
        let now = begin.elapsed();
        tracker.update(now, reading.map(|reading| reading.faces()));
        attention.update(now, &tracker);
        fan.set_state(attention.outcome().is_present().into())?;
    }
    Ok(())
}
