//! Is a packet that arrives in two pieces, or while a new result comes up, ever a mix of two results that is accepted?

use std::time::Duration;

use mlsensor::{Error, Faces, PacketError, PersonSensor};
use mlsensor_sim::person_sensor::{Latch, NextRead};
use mlsensor_sim::{Assumptions, KeyPoint, Person, SimBus, SimBusError, SimSensor, Timeline, Walk};

fn assuming(after_stop: NextRead, latch: Latch) -> Assumptions {
    let mut assumptions = Assumptions::default();
    (assumptions.after_stop, assumptions.latch) = (after_stop, latch);
    assumptions
}

const ALL: [(NextRead, Latch); 6] = [
    (NextRead::Restarts, Latch::AtFirstByte),
    (NextRead::Restarts, Latch::AtStart),
    (NextRead::Restarts, Latch::Never),
    (NextRead::Continues, Latch::AtFirstByte),
    (NextRead::Continues, Latch::AtStart),
    (NextRead::Continues, Latch::Never),
];

/// Four people who walk: each result differs from the one before in every record.
fn four_walkers() -> Timeline {
    let walk = |from, to, metres| {
        Walk::new(vec![
            KeyPoint::new(Duration::ZERO, Person::at(metres, from)),
            KeyPoint::new(Duration::from_secs(8), Person::at(metres, to)),
        ])
    };
    Timeline::new(vec![
        walk(-50.0, 20.0, 0.8),
        walk(-40.0, 50.0, 1.0),
        walk(50.0, -20.0, 1.3),
        walk(0.0, 50.0, 1.7),
    ])
}

#[derive(Debug, Default, PartialEq, Eq)]
struct Outcomes {
    old: u32,
    new: u32,
    refused: u32,
}

/// Reads all around the moments at which results come up, 50 us apart.
fn around_new_results(
    assumptions: &Assumptions,
    read: impl Fn(&mut PersonSensor<SimBus>) -> Result<Faces, Error<SimBusError>>,
) -> Outcomes {
    let mut outcomes = Outcomes::default();
    for published_ms in (200 + 140..4000).step_by(140) {
        for early_us in (0..6000).step_by(50) {
            let walkers =
                SimSensor::new().with_assumptions(assumptions.clone()).with_timeline(four_walkers());
            let (bus, sim) = SimBus::with_sensor(walkers);
            bus.advance(Duration::from_millis(published_ms) - Duration::from_micros(early_us + 1));
            let old = Faces::parse(&sim.with(|sim| *sim.result())).unwrap();
            let outcome = read(&mut PersonSensor::new(bus.clone()));
            bus.advance(Duration::from_millis(7));
            let new = Faces::parse(&sim.with(|sim| *sim.result())).unwrap();
            assert_ne!(old, new);
            match outcome {
                Ok(faces) if faces == old => outcomes.old += 1,
                Ok(faces) if faces == new => outcomes.new += 1,
                Err(Error::Packet(PacketError::Checksum { .. })) => outcomes.refused += 1,
                other => panic!("a mix of two results under {assumptions:?}: {other:?}"),
            }
        }
    }
    outcomes
}

/// 27 results, 120 reads around each.
const READS: u32 = 27 * 120;

#[test]
fn a_whole_read_is_the_old_result_or_the_new_one_or_refused() {
    for (after_stop, latch) in ALL {
        let outcomes = around_new_results(&assuming(after_stop, latch), |sensor| sensor.read());
        println!("{after_stop:?} {latch:?}: {outcomes:?}");
        assert_eq!(outcomes.old + outcomes.new + outcomes.refused, READS);
        assert!(outcomes.old > 0 && outcomes.new > 0);
        // Only a sensor that latches nothing can tear a packet that is read in one transfer.
        assert_eq!(outcomes.refused > 0, latch == Latch::Never, "{latch:?}");
    }
}

#[test]
fn a_split_read_works_where_the_packet_goes_on_and_is_refused_where_it_starts_anew_or_is_torn() {
    for (after_stop, latch) in ALL {
        let outcomes = around_new_results(&assuming(after_stop, latch), |sensor| sensor.read_split());
        println!("{after_stop:?} {latch:?}: {outcomes:?}");
        assert_eq!(outcomes.old + outcomes.new + outcomes.refused, READS);
        match (after_stop, latch) {
            (NextRead::Continues, Latch::AtFirstByte) => assert_eq!(outcomes.refused, 0, "one piece"),
            (NextRead::Continues, _) => {
                assert!(outcomes.old > 0 && outcomes.new > 0 && outcomes.refused > 0, "{outcomes:?}");
            }
            _ => assert_eq!(outcomes.refused, READS, "it starts anew, so it never works"),
        }
    }
}

#[test]
fn between_results_a_split_read_gives_what_a_whole_read_gives() {
    for latch in [Latch::AtFirstByte, Latch::AtStart, Latch::Never] {
        for people in 0..=4_u32 {
            let assumptions = assuming(NextRead::Continues, latch);
            let (bus, sim) = SimBus::with_sensor(SimSensor::new().with_assumptions(assumptions));
            let stand = |place| Person::at(1.0 + f64::from(place) * 0.3, -40.0 + f64::from(place) * 25.0);
            sim.with(|sim| sim.set_scene((0..people).map(stand).collect::<Vec<_>>()));
            bus.advance(Duration::from_millis(1050));
            let mut sensor = PersonSensor::new(bus.clone());
            let whole = sensor.read();
            assert_eq!(whole.map(|faces| faces.count()), Ok(people as usize));
            assert_eq!(sensor.read_split(), whole, "{latch:?}, {people} people");
            assert_eq!(sensor.read(), whole, "and whole again");
            #[cfg(feature = "async")]
            {
                let mut sensor = mlsensor::PersonSensorAsync::new(bus);
                assert_eq!(pollster::block_on(sensor.read_split()), whole);
            }
        }
    }
}

#[test]
fn a_sensor_that_starts_anew_is_refused_with_the_checksum_whatever_it_sees() {
    for people in [vec![], vec![Person::at(1.0, 0.0)]] {
        let (bus, sim) = SimBus::with_sensor(SimSensor::new());
        sim.with(|sim| sim.set_scene(people));
        bus.advance(Duration::from_millis(1050));
        let mut sensor = PersonSensor::new(bus);
        let refused = sensor.read_split();
        assert!(matches!(refused, Err(Error::Packet(PacketError::Checksum { .. }))), "{refused:?}");
        assert!(sensor.read().is_ok());
    }
}
