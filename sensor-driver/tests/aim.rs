mod pan_tilt;
use core::time::Duration;
use mlsensor::behavior::*;
use mlsensor_sim::*;
use pan_tilt::*;

#[test]
fn explore() {
    let ms = Duration::from_millis;
    let sensors: Vec<(&str, SimSensor)> = vec![
        ("ideal", SimSensor::new()),
        ("real", SimSensor::new().with_detection(Detection::default()).with_seed(3)),
    ];
    for (name, sensor) in sensors {
        for (scene, f) in [
            ("step", (|t| if t < 1.0 { None } else { Some(40.0) }) as fn(f64) -> Option<f64>),
            ("walk20", |t| Some((-40.0 + 20.0 * (t - 3.0).max(0.0)).min(40.0))),
            ("still", |_| Some(0.0)),
            ("sway", |t| Some(6.0 * (t * 1.0).sin())),
        ] {
            let mut report = |label: String, controller: &mut dyn Controller, every: u64| {
                let run = run(sensor.clone(), controller, ms(every), 15.0, f);
                let walk: Vec<_> = run
                    .ticks
                    .iter()
                    .filter(|(t, ..)| *t > 4.0 && *t < 7.0)
                    .map(|(_, a, h)| (a - h).abs())
                    .collect();
                println!(
                    "{name:6} {scene:7} {label:24} overshoot40 {:6.2} settled2.5 {:6.2} err>8s {:?} walkerr {:.2} reversals>8 {} travel>8 {:.1}",
                    run.overshoot_deg(40.0),
                    run.settled_s(3.0),
                    run.error_deg(8.0),
                    walk.iter().sum::<f64>() / walk.len() as f64,
                    run.reversals(8.0),
                    run.travelled_deg(8.0)
                );
            };
            for every in [50, 100, 120, 140, 160, 200, 300] {
                report(
                    format!("aim {every}"),
                    &mut Aiming { aim: Aim::default(), tracker: Tracker::default() },
                    every,
                );
            }
            for every in [10] {
                report(
                    "aim cad".into(),
                    &mut Aiming {
                        aim: Aim::new(AimConfig::default().with_latency(ms(210), ms(20))),
                        tracker: Tracker::default(),
                    },
                    every,
                );
            }
            for gain in [0.1, 0.2, 0.3, 0.43] {
                report(
                    format!("step {gain}"),
                    &mut ProportionalStep { deg_per_unit: gain, pan_deg: 0.0 },
                    200,
                );
            }
        }
    }
}
