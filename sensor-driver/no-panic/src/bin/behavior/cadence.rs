//! When to read next.

use core::time::Duration;

use bare_metal::{byte, bytes, keep};
use mlsensor::{
    Faces,
    behavior::{Cadence, CadenceConfig, Freshness},
};

fn any_time() -> Duration {
    Duration::from_micros(u64::from_le_bytes(bytes()))
}

pub(crate) fn run() {
    let config = CadenceConfig::default().with_fastest(any_time()).with_slowest(any_time());
    let config = config.with_unlearned(any_time()).with_search_step(any_time()).with_least_gap(any_time());
    let mut cadence = if byte() == 0 { Cadence::default() } else { Cadence::new(config) };
    while byte() != 0 {
        if byte() == 0 {
            cadence.pin_changed(any_time());
        }
        let freshness: Freshness = cadence.read_done(any_time(), Faces::parse(&bytes()).as_ref().ok());
        keep((freshness, freshness.is_fresh(), cadence.lock()));
        keep((cadence.next_read(), cadence.period(), cadence.published()));
    }
}
