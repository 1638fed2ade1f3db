//! How many packets a second a simulated sensor makes, on one core.

use std::hint::black_box;
use std::time::Duration;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use mlsensor::PersonSensor;
use mlsensor_sim::{Detection, Person, Scenario, SimBus, SimSensor};

/// The sensor's cadence: one result each.
const INFERENCE: Duration = Duration::from_millis(140);

fn simulate(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("simulate");
    group.throughput(Throughput::Elements(1));
    group.bench_function("a packet, one person", |bencher| {
        let mut sensor = SimSensor::new().with_detection(Detection::default());
        sensor.set_scene([Person::at(1.0, 5.0)]);
        bencher.iter(|| {
            sensor.advance(INFERENCE);
            black_box(sensor.result());
        });
    });
    group.bench_function("a packet, a crowd", |bencher| {
        // Six people who stay, so that it does not matter how long it is measured.
        let mut sensor = SimSensor::new().with_detection(Detection::default());
        sensor.set_scene([-40.0, -20.0, -5.0, 10.0, 25.0, 45.0].map(|bearing| Person::at(1.5, bearing)));
        bencher.iter(|| {
            sensor.advance(INFERENCE);
            black_box(sensor.result());
        });
    });
    group.bench_function("a packet, read over the bus by the driver", |bencher| {
        let (bus, sim) = SimBus::with_sensor(SimSensor::new().with_detection(Detection::default()));
        sim.with(|sim| sim.set_scene([Person::at(1.0, 5.0)]));
        let mut sensor = PersonSensor::new(bus.clone());
        bencher.iter(|| {
            bus.advance(INFERENCE);
            black_box(sensor.read())
        });
    });
    group.bench_function("the whole scenario walk_up", |bencher| {
        let Some(scenario) = Scenario::named("walk_up") else { panic!("the scenario has gone") };
        bencher.iter(|| mlsensor_sim::digest(&mut scenario.sensor(), scenario.duration));
    });
    group.finish();
}

criterion_group!(benches, simulate);
criterion_main!(benches);
