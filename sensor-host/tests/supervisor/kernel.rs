//! The kernel's own errors, as far as a machine without I2C gives them.

use mlsensor_host::linux::LinuxBus;
use mlsensor_host::supervisor::{Cause, Doing, Settings, State, Supervisor};
use mlsensor_sim::SimSensor;

use crate::bench::{Bench, ms};

#[test]
fn a_bus_that_cannot_be_opened_is_absent_with_its_errno_and_is_tried_again() {
    // There is no such file; this one is no bus, which the first read finds out.
    for (path, errno, doing) in
        [("/dev/i2c-no-such-bus", 2, Doing::Opening), ("/dev/null", 25, Doing::Opening)]
    {
        let clock = Bench::new(SimSensor::new(), 1);
        let mut supervisor =
            Supervisor::with_clock(|| LinuxBus::open(path), Settings::default(), clock.clone());
        while clock.bus.now() < ms(10_000) {
            let update = supervisor.next();
            assert_eq!((update.state(), update.faces()), (State::Absent, None));
            let trouble = update.trouble().unwrap();
            assert_eq!((trouble.doing, trouble.cause.errno()), (doing, Some(errno)), "{path}: {trouble}");
            assert!(
                matches!(&trouble.cause, Cause::NotOpened { text, .. } if text.contains("os error")),
                "{trouble}"
            );
        }
        // 0.1, 0.2, 0.4, 0.8, 1.6, and then 1.5 to 2 s.
        assert!((8..=11).contains(&supervisor.counters().not_opened), "{:?}", supervisor.counters());
        assert_eq!(supervisor.counters().reads, 0);
    }
}

#[test]
fn counters_and_updates_can_be_written_as_json_and_counters_read_back() {
    let bench = Bench::new(SimSensor::new(), 1);
    let mut supervisor = Supervisor::with_clock(bench.clone(), Settings::default(), bench.clone());
    let live = serde_json::to_value(supervisor.next()).unwrap();
    assert_eq!((&live["update"], &live["faces"]), (&"live".into(), &serde_json::json!([])));
    bench.sensor(SimSensor::power_off);
    let missed = serde_json::to_value(supervisor.next()).unwrap();
    assert_eq!((&missed["update"], &missed["trouble"]["doing"]), (&"missed".into(), &"reading".into()));
    assert_eq!(missed.get("faces"), None);
    let counters = *supervisor.counters();
    let text = serde_json::to_string(&counters).unwrap();
    assert_eq!(serde_json::from_str::<mlsensor_host::supervisor::Counters>(&text).unwrap(), counters);
    assert_eq!(counters.bus_errors.no_acknowledge, 1);
}
