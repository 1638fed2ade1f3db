use bare_metal::{byte, keep};
use mlsensor::PersonId;
use mlsensor::behavior::{
    Aim, AimConfig, AxisConfig, Choice, Direction, Mount, Sense, Servo, Tracker, WhenLost,
};

use crate::input::{number, reading, time};

#[inline(never)]
fn axis() -> AxisConfig {
    let sense = if byte() == 0 { Sense::Normal } else { Sense::Reversed };
    let axis = AxisConfig::DEFAULT.with_range(number(), number()).with_sense(sense).with_bias(number());
    axis.with_dead_band(number().unsigned_abs()).with_slew(number().unsigned_abs())
}

#[inline(never)]
pub(crate) fn run() {
    let choice = match PersonId::new(byte()) {
        Ok(person) => Choice::Person(person),
        Err(_) if byte() == 0 => Choice::Largest,
        Err(_) => Choice::Nearest,
    };
    let when_lost = match byte() {
        0 => WhenLost::Hold,
        1 => WhenLost::Return(time()),
        _ => WhenLost::Search(time()),
    };
    let mount = if byte() == 0 { Mount::OnTheHead } else { Mount::Fixed };
    let config = if byte() == 0 { AimConfig::WITH_RECOGNITION } else { AimConfig::DEFAULT };
    let config = config.with_pan(axis()).with_tilt(axis()).with_mount(mount);
    let config = config.with_latency(time(), time()).with_choice(choice, time()).with_when_lost(when_lost);
    let mut aim = Aim::new(config.with_rest(Direction::new(number(), number())));
    let mut tracker = Tracker::default();
    for _ in 0..byte() {
        tracker.update_from(time(), aim.view(time()), reading().as_ref());
        keep(aim.update(time(), &tracker));
        keep((aim.direction(), aim.angles(), aim.state(), *aim.config()));
    }
    let stops = u16::from(byte()) << 4;
    keep(Servo::DEFAULT.with_pulses(stops, stops).with_stops(stops, stops).pulse_us(number()));
}
