//! Does every assumption about an open question change the behaviour that it names?
//!
//! One check a question, told by the answer what to expect: run with the default answer and with every other. An
//! assumption that nothing looks at fails its check, and a question without a check fails the test.
#![cfg(feature = "std")]

mod modes_and_faces;
mod on_the_bus;
mod pace;
mod together;

use std::time::Duration;

use mlsensor_sim::person_sensor::{NotRecognised, Order, PinOutsideContinuous, Recognises};
use mlsensor_sim::{Assumptions, Lens, Person, SimSensor};

fn check(field: &str, a: &Assumptions) {
    let sensor = SimSensor::new().with_assumptions(a.clone());
    match field {
        "lens" => lens(sensor, a.lens),
        "detection" => assert_eq!(milliseconds_a_result(sensor), a.detection.as_millis()),
        "recognition" => assert_eq!(milliseconds_a_result(known(sensor)), 140 + a.recognition.as_millis()),
        "recognition_without_faces" => recognition_without_faces(known(sensor), a.recognition_without_faces),
        "inference_jitter" => pace::jitter(sensor, a.inference_jitter),
        "inference_drift_permille" => pace::drift(sensor, a.inference_drift_permille),
        "latency" => assert_eq!(milliseconds_to_a_result(&mut { sensor }), a.latency.as_millis()),
        "single_shot" => single_shot(sensor, a.single_shot),
        "single_shot_only_in_standby" => shot_in_continuous_mode(sensor, a.single_shot_only_in_standby),
        "second_single_shot" => modes_and_faces::second_single_shot(sensor, a.second_single_shot),
        "mode_change_drops" => modes_and_faces::mode_change_drops(sensor, a.mode_change_drops),
        "pin_shows_old_result" => modes_and_faces::pin_shows_old_result(sensor, a.pin_shows_old_result),
        "led" => modes_and_faces::led(sensor, a.led),
        "relabelling_moves" => modes_and_faces::relabelling_moves(sensor, a.relabelling_moves),
        "erasing_cancels_label" => modes_and_faces::erasing_cancels_label(sensor, a.erasing_cancels_label),
        "kept" => modes_and_faces::kept(sensor, a.kept),
        "before_first_result" => on_the_bus::before_first_result(sensor, a.before_first_result),
        "standby_forgets" => standby_forgets(seeing(sensor), a.standby_forgets),
        "mode_write_restarts" => mode_write_restarts(seeing(sensor), a.mode_write_restarts),
        "after_stop" => on_the_bus::continues(seeing(sensor), a.after_stop, true),
        "after_repeated_start" => on_the_bus::continues(seeing(sensor), a.after_repeated_start, false),
        "latch" => on_the_bus::latch(seeing(sensor), a.latch),
        "past_the_end" => on_the_bus::past_the_end(seeing(sensor), a.past_the_end),
        "several_pairs" => on_the_bus::several_pairs(sensor, a.several_pairs),
        "undocumented_value" => on_the_bus::undocumented_value(seeing(sensor), a.undocumented_value),
        "pin_outside_continuous" => pin(seeing(sensor), a.pin_outside_continuous),
        "power_up_silence" => on_the_bus::power_up_silence(sensor, a.power_up_silence),
        "probing_while_booting" => on_the_bus::probing(sensor, a.probing_while_booting),
        "extra_addresses" => on_the_bus::extra_addresses(seeing(sensor), a.extra_addresses),
        "recognises" => recognises(sensor, a.recognises),
        "label_needs_id_enabled" => label_needs_id(sensor, a.label_needs_id_enabled),
        "not_recognised" => not_recognised(seeing(sensor), a.not_recognised),
        "labels_survive" => labels_survive(known(sensor), a.labels_survive),
        "erasing" => on_the_bus::erasing(known(sensor), a.erasing),
        "order" => order(sensor, a.order),
        other => panic!("nothing here looks at {other}: add a check"),
    }
}

#[test]
fn every_answer_to_every_open_question_changes_the_behaviour_that_it_names() {
    let default = Assumptions::default();
    let (mut answers, mut questions) = (0, 0);
    for question in Assumptions::QUESTIONS {
        check(question.field, &default);
        questions += 1;
    }
    for (question, alternative) in Assumptions::alternatives() {
        println!("{}: {}", question.field, question.text);
        check(question.field, &alternative);
        answers += 1;
    }
    assert!(questions >= 35 && answers >= 43, "{questions} questions, {answers} other answers");
}

const fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

/// In front of one person, a metre away, seen already.
fn seeing(mut sensor: SimSensor) -> SimSensor {
    sensor.set_scene([Person::at(1.0, 0.0).known_as(7)]);
    sensor.advance(ms(1000));
    assert_eq!(sensor.result()[4], 1);
    sensor
}

/// The same, with recognition on and the person labelled 0.
fn known(sensor: SimSensor) -> SimSensor {
    let mut sensor = seeing(sensor);
    send(&mut sensor, [0x02, 0x01]);
    send(&mut sensor, [0x04, 0x00]);
    sensor.advance(ms(2000));
    assert_eq!(sensor.result()[11], 0);
    sensor
}

fn send(sensor: &mut SimSensor, pair: [u8; 2]) {
    assert!(sensor.write(&pair), "{pair:02x?}");
}

fn read<const N: usize>(sensor: &mut SimSensor) -> [u8; N] {
    let mut bytes = [0xA5; N];
    assert!(sensor.read(&mut bytes));
    bytes
}

fn milliseconds_to_a_result(sensor: &mut SimSensor) -> u128 {
    let before = sensor.results();
    (1..=5000)
        .find(|_| {
            sensor.advance(ms(1));
            sensor.results() > before
        })
        .expect("no result within 5 s")
}

fn milliseconds_a_result(mut sensor: SimSensor) -> u128 {
    milliseconds_to_a_result(&mut sensor);
    milliseconds_to_a_result(&mut sensor)
}

fn lens(mut sensor: SimSensor, lens: Lens) {
    sensor.set_scene([Person::at(2.0, 27.5)]);
    sensor.advance(ms(1000));
    // Half-way out: 127.5 / 2 off the middle, or 127.5 x tan 27.5 / tan 55 = 46.5.
    let expected = match lens {
        Lens::Equidistant => 191.25_f64,
        _ => 174.0,
    };
    let [left, right] = [sensor.result()[6], sensor.result()[8]].map(f64::from);
    assert!(((left + right) / 2.0 - expected).abs() < 1.5, "{left} to {right}, expected {expected}");
}

fn recognition_without_faces(mut sensor: SimSensor, costs: bool) {
    sensor.set_scene([]);
    sensor.advance(ms(2000));
    assert_eq!(milliseconds_a_result(sensor), if costs { 265 } else { 140 });
}

fn single_shot(mut sensor: SimSensor, takes: Duration) {
    send(&mut sensor, [0x01, 0x00]);
    send(&mut sensor, [0x03, 0x00]);
    assert_eq!(milliseconds_to_a_result(&mut sensor), takes.as_millis());
}

fn shot_in_continuous_mode(mut sensor: SimSensor, is_ignored: bool) {
    sensor.advance(ms(1050));
    let mut shot = sensor.clone();
    send(&mut shot, [0x03, 0x00]);
    shot.advance(ms(1000));
    sensor.advance(ms(1000));
    assert_eq!(shot.results() - sensor.results(), u64::from(!is_ignored));
}

fn standby_forgets(mut sensor: SimSensor, forgets: bool) {
    send(&mut sensor, [0x01, 0x00]);
    assert_eq!(read::<39>(&mut sensor)[4], u8::from(!forgets));
}

fn mode_write_restarts(mut sensor: SimSensor, restarts: bool) {
    // At 1000 ms the exposure of 840 ms is under way, and due at 1040.
    send(&mut sensor, [0x01, 0x01]);
    assert_eq!(milliseconds_to_a_result(&mut sensor), if restarts { 200 } else { 40 });
}

fn pin(mut sensor: SimSensor, outside: PinOutsideContinuous) {
    send(&mut sensor, [0x01, 0x00]);
    let mut levels = vec![sensor.presence()];
    for people in [vec![], vec![Person::at(1.0, 0.0)]] {
        sensor.set_scene(people);
        send(&mut sensor, [0x03, 0x00]);
        sensor.advance(ms(1000));
        levels.push(sensor.presence());
    }
    let expected = match outside {
        PinOutsideContinuous::Low => [false, false, false],
        PinOutsideContinuous::Holds => [true, true, true],
        _ => [true, false, true],
    };
    assert_eq!(levels, expected);
}

fn recognises(mut sensor: SimSensor, which: Recognises) {
    sensor.set_scene([Person::at(1.0, -20.0).known_as(1), Person::at(2.0, 20.0).known_as(1)]);
    send(&mut sensor, [0x02, 0x01]);
    send(&mut sensor, [0x04, 0x05]);
    sensor.advance(ms(2000));
    let second = if which == Recognises::EveryFace { 0x05 } else { 0xFF };
    assert_eq!([sensor.result()[11], sensor.result()[19]], [0x05, second]);
}

fn label_needs_id(sensor: SimSensor, needs: bool) {
    let mut sensor = seeing(sensor);
    send(&mut sensor, [0x04, 0x00]);
    sensor.advance(ms(1000));
    sensor.set_scene([Person::at(1.0, 0.0).known_as(8)]);
    send(&mut sensor, [0x02, 0x01]);
    sensor.advance(ms(1000));
    // If it needs recognition, the label waited for it, and the second person has it.
    assert_eq!(sensor.result()[11], if needs { 0x00 } else { 0xFF });
}

fn not_recognised(mut sensor: SimSensor, written: NotRecognised) {
    let expected = match written {
        NotRecognised::MinusOne => [0x00, 0xFF],
        NotRecognised::Zero => [0x00, 0x00],
        _ => [0xFF, 0xFF],
    };
    let packet = read(&mut sensor);
    assert_eq!(packet[10..12], expected);
    let faces = mlsensor::Faces::parse(&packet).expect("its checksum is right");
    assert!(faces.iter().all(|face| face.identity().is_none()));
}

fn labels_survive(mut sensor: SimSensor, survive: bool) {
    sensor.power_off();
    sensor.power_on();
    sensor.advance(ms(4000));
    send(&mut sensor, [0x02, 0x01]);
    sensor.advance(ms(1000));
    assert_eq!(sensor.result()[11], if survive { 0x00 } else { 0xFF });
}

fn order(mut sensor: SimSensor, order: Order) {
    sensor.set_scene([Person::at(2.0, 30.0), Person::at(1.0, 0.0), Person::at(3.0, -30.0)]);
    sensor.advance(ms(1000));
    let widths = [5, 13, 21].map(|record| sensor.result()[record + 3] - sensor.result()[record + 1]);
    let expected = if order == Order::LargestFirst { [20, 10, 7] } else { [10, 20, 7] };
    assert!(widths.iter().zip(expected).all(|(width, about)| width.abs_diff(about) <= 2), "{widths:?}");
}
