//! Any readings at any times, also backward: every behaviour keeps what it promises of each single call.
#![no_main]

use std::time::Duration;

use libfuzzer_sys::fuzz_target;
use mlsensor::behavior::{
    Aim, AimConfig, Attention, Cadence, CadenceConfig, Enroll, Erase, Freshness, Power, PowerStep, Presence,
    Step, Tracker,
};
use mlsensor::{Bounds, Face, Faces, Identity, PersonId};

/// More steps than this without a wait would be a machine that goes round and round.
const PATIENCE: usize = 64;

struct Input<'a>(&'a [u8]);

impl Input<'_> {
    fn byte(&mut self) -> Option<u8> {
        let (&first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(first)
    }

    fn face(&mut self) -> Option<Face> {
        let [x, y, width, height, confidence, id, flags] = [(); 7].map(|()| self.byte().unwrap_or(0));
        let bounds = Bounds::new(x, y, x.saturating_add(width), y.saturating_add(height)).ok()?;
        let identity = PersonId::new(id % 12).and_then(|id| Identity::new(id, flags >> 1)).ok();
        Face::new(bounds, confidence % 101, identity, flags & 1 == 1).ok()
    }
}

fuzz_target!(|input: &[u8]| {
    let mut input = Input(input);
    let (mut presence, mut tracker, mut attention) =
        (Presence::default(), Tracker::default(), Attention::default());
    let (mut aim, mut cadence, mut power) = (Aim::default(), Cadence::default(), Power::default());
    let (mut enroll, mut erase) = (Enroll::new(PersonId::ALL[3]), Erase::default());
    let mut now = Duration::from_secs(1000);
    let mut latest = Duration::ZERO;
    while let (Some(what), Some(after)) = (input.byte(), input.byte()) {
        let after = Duration::from_micros(u64::from(after).pow(2) * 100);
        let is_backward = what & 0b1110_0000 == 0b1110_0000;
        now = if is_backward { now.saturating_sub(after) } else { now + after };
        let faces: Vec<Face> = (0..usize::from(what >> 2 & 7) % 5).map_while(|_| input.face()).collect();
        let faces = Faces::new(&faces).unwrap();
        let reading = Some(&faces).filter(|_| what & 1 == 1);

        let event = presence.update(now, reading);
        assert!(event.is_none_or(|event| event.outcome() == presence.outcome()));

        tracker.update_from(now, aim.view(now), reading);
        let mut ids: Vec<_> = tracker.tracks().map(|track| track.id()).collect();
        ids.sort();
        assert!(ids.windows(2).all(|pair| pair[0] != pair[1]));

        let event = attention.update(now, &tracker);
        assert!(event.is_none_or(|event| event.outcome() == attention.outcome()));
        assert_eq!(attention.look().is_some(), attention.outcome().is_present());

        let before = aim.direction();
        let angles = aim.update(now, &tracker);
        let AimConfig { pan, tilt, .. } = AimConfig::DEFAULT;
        assert!((pan.min_millideg..=pan.max_millideg).contains(&angles.pan_millideg));
        assert!((tilt.min_millideg..=tilt.max_millideg).contains(&angles.tilt_millideg));
        let most = if is_backward { Duration::ZERO } else { after.min(Duration::from_millis(100)) };
        let most = (most.as_micros() * u128::from(pan.slew_millideg_per_s)).div_ceil(1_000_000) as u32;
        assert!(angles.pan_millideg.abs_diff(before.pan_millideg) <= most);
        assert!(angles.tilt_millideg.abs_diff(before.tilt_millideg) <= most);

        if what & 2 == 2 {
            cadence.pin_changed(now);
        }
        let freshness = cadence.read_done(now, reading);
        assert_eq!(reading.is_none(), freshness == Freshness::NoReading);
        // Where time went backward it stands still, so the next read is counted from the latest moment.
        latest = latest.max(now);
        let CadenceConfig { least_gap, slowest, .. } = CadenceConfig::DEFAULT;
        let wait = cadence.next_read().saturating_sub(latest);
        assert!((least_gap..=slowest).contains(&wait), "{wait:?}");

        let is_ok = what & 1 == 1;
        let went_round = (0..PATIENCE).all(|_| match enroll.step(now) {
            Step::Send(_) => {
                enroll.sent(now, is_ok);
                true
            }
            Step::Read => {
                enroll.update(now, reading);
                true
            }
            Step::Wait(_) | Step::Over(_) => false,
        });
        assert!(!went_round, "{enroll:?}");
        let went_round = (0..PATIENCE).all(|_| match erase.step(now) {
            Step::Send(_) => {
                erase.sent(now, is_ok);
                true
            }
            Step::Read => {
                erase.update(now, reading);
                true
            }
            Step::Wait(_) | Step::Over(_) => false,
        });
        assert!(!went_round, "{erase:?}");
        let went_round = (0..PATIENCE).all(|_| match power.step(now) {
            PowerStep::Send(_) => {
                power.sent(now, is_ok);
                true
            }
            PowerStep::Read => {
                power.update(now, reading);
                true
            }
            PowerStep::Wait(_) => false,
        });
        assert!(!went_round, "{power:?}");
    }
});
