//! From the bus to faces: this driver with all its checks, and the published driver with its checksum alone.

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use mlsensor::{Faces, PersonSensor, PersonSensorAsync, crc16_mcrf4xx};
use mlsensor_benches::{FixedBus, packet, ready};
use person_sensor::PersonSensorBuilder;

fn read(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("read");
    group.throughput(Throughput::Elements(1));
    for faces in [0, 1, 4] {
        let bus = FixedBus(packet(faces));
        group.bench_with_input(BenchmarkId::new("mlsensor blocking", faces), &bus, |bencher, &bus| {
            let mut sensor = PersonSensor::new(bus);
            assert_eq!(sensor.read().map(|read| read.count()), Ok(usize::from(faces)));
            bencher.iter(|| black_box(black_box(&mut sensor).read()));
        });
        group.bench_with_input(BenchmarkId::new("mlsensor async", faces), &bus, |bencher, &bus| {
            let mut sensor = PersonSensorAsync::new(bus);
            assert!(matches!(ready(sensor.read()), Some(Ok(read)) if read.count() == usize::from(faces)));
            bencher.iter(|| black_box(ready(black_box(&mut sensor).read())));
        });
        group.bench_with_input(BenchmarkId::new("person-sensor 0.3.1", faces), &bus, |bencher, &bus| {
            let built = ready(PersonSensorBuilder::new_continuous(bus, false).build());
            let Some(Ok(mut sensor)) = built else { panic!("the published driver is not ready at once") };
            assert!(
                matches!(ready(sensor.get_detections()), Some(Ok(read)) if read.len() == usize::from(faces))
            );
            bencher.iter(|| black_box(ready(black_box(&mut sensor).get_detections())));
        });
    }
    group.finish();
}

fn codec(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("codec");
    group.throughput(Throughput::Elements(1));
    for count in [0, 4] {
        let packet = packet(count);
        let faces = Faces::parse(&packet).unwrap_or_default();
        assert_eq!(faces.count(), usize::from(count));
        group.bench_with_input(BenchmarkId::new("parse", count), &packet, |bencher, packet| {
            bencher.iter(|| Faces::parse(black_box(packet)));
        });
        group.bench_with_input(BenchmarkId::new("emit", count), &faces, |bencher, faces| {
            bencher.iter(|| black_box(faces).emit());
        });
    }
    group.bench_function("checksum of 37 bytes", |bencher| {
        let packet = packet(4);
        bencher.iter(|| crc16_mcrf4xx(black_box(&packet[..37])));
    });
    group.finish();
}

criterion_group!(benches, read, codec);
criterion_main!(benches);
