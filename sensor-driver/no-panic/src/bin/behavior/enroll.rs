//! Enrolment and erasing: the machines, and the procedures that run them over any bus.

use core::time::Duration;

use bare_metal::{Unknown, byte, keep};
use mlsensor::behavior::{Enroll, EnrollConfig, Erase, EraseConfig, Gate};
use mlsensor::{PersonId, PersonSensor};

use crate::input::{reading, time};

pub(crate) fn run() {
    let Ok(id) = PersonId::new(byte()) else { return };
    enrolling(id);
    erasing();
    let mut sensor = PersonSensor::new(Unknown);
    match sensor.enroll(&mut Unknown, Enroll::new(id), keep) {
        Ok(enrolled) => keep(enrolled),
        Err(error) => keep((error.gave_up, error.last_error)),
    }
    match sensor.erase_and_verify(&mut Unknown, Erase::default(), keep) {
        Ok(erased) => keep(erased),
        Err(error) => keep((error.gave_up, error.last_error)),
    }
}

#[inline(never)]
fn enrolling(id: PersonId) {
    let config = EnrollConfig::DEFAULT
        .with_settle(time())
        .with_label_wait(time())
        .with_reading(time(), time())
        .with_verification(byte(), byte(), byte())
        .with_attempts(byte())
        .with_guide_timeout(time())
        .with_away(time())
        .with_silence(time(), time())
        .with_stillness_percent(byte())
        .with_gate(Gate::OPEN.with_min_width(byte()).with_min_confidence(byte()))
        .with_relabel(byte() == 0);
    keep(config.longest());
    let mut enroll = Enroll::with_config(id, config);
    while byte() != 0 {
        keep((enroll.step(time()), enroll.id(), enroll.progress()));
        enroll.sent(time(), byte() == 0);
        enroll.update(time(), reading().as_ref());
    }
}

#[inline(never)]
fn erasing() {
    let config = EraseConfig::DEFAULT
        .with_pauses(time(), time())
        .with_read_every(time())
        .with_verification(byte(), byte())
        .with_look_for(time())
        .with_attempts(byte())
        .with_longest_silence(Duration::from_millis(byte().into()));
    keep(config.longest());
    let mut erase = Erase::new(config);
    while byte() != 0 {
        keep((erase.step(time()), erase.progress()));
        erase.sent(time(), byte() == 0);
        erase.update(time(), reading().as_ref());
    }
}
