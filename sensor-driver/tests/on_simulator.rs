//! Does the driver do what it promises with a sensor at the other end, however the open questions about it are answered?
//!
//! One script, driven through the blocking and the async shell. (What exactly goes over the bus: `bus_traffic.rs`.
//! Packets in two pieces: `split_reads.rs`.)

use std::time::Duration;

use mlsensor::{Command, Config, Error, Faces, Mode, PersonId, PersonSensor, PresencePin, ProbeError};
use mlsensor_sim::{Assumptions, Attached, Lookalike, LookalikeKind, Person, SimBus, SimDelay, SimSensor};

/// A bus with a sensor that answers open questions like this.
fn sensor_with(assumptions: &Assumptions) -> (SimBus, Attached<SimSensor>) {
    SimBus::with_sensor(SimSensor::new().with_assumptions(assumptions.clone()))
}

/// Two moments later everything that is under way is done.
const SETTLED: Duration = Duration::from_secs(3);

fn owner() -> Person {
    Person::at(1.0, 0.0).known_as(7)
}

fn visitor() -> Person {
    Person::at(1.5, 25.0).known_as(8).with_heading(40.0)
}

/// What was said at which moment of virtual time.
type Transcript = Vec<(u128, &'static str, String)>;

/// Every method of the driver, in the order of a day, once; the text is the same for both shells.
macro_rules! script {
    ($sensor:ident, $delay:ident, $bus:ident, $sim:ident $(, $await:tt)?) => {{
        let mut transcript = Transcript::new();
        let mut note = |step, said: String| transcript.push(($bus.now().as_micros(), step, said));
        let then = |people: &[Person]| {
            $sim.with(|sim| sim.set_scene(people.to_vec()));
            $bus.advance(SETTLED);
        };
        $bus.advance(SETTLED);
        note("probe", text(&$sensor.probe()$(.$await)?));
        then(&[owner(), visitor()]);
        note("read", text(&$sensor.read()$(.$await)?));
        note("packet", format!("{:02x?}", $sensor.read_packet()$(.$await)?));
        note("split", text(&$sensor.read_split()$(.$await)?));

        let mut config = Config::default();
        (config.id_enabled, config.led) = (true, false);
        note("configure", text(&$sensor.configure(&config)$(.$await)?));
        note("label", text(&$sensor.label_next_id(PersonId::ALL[5])$(.$await)?));
        then(&[owner(), visitor()]);
        note("known", text(&$sensor.read()$(.$await)?));
        note("persist", text(&$sensor.set_persist_ids(false)$(.$await)?));
        note("led", text(&$sensor.set_led(true)$(.$await)?));
        note("settings", format!("{:?}", $sim.with(|sim| sim.config())));
        note("erase", text(&$sensor.erase_ids()$(.$await)?));
        then(&[owner()]);
        note("forgotten", text(&$sensor.read()$(.$await)?));

        note("id off", text(&$sensor.set_id_enabled(false)$(.$await)?));
        note("standby", text(&$sensor.set_mode(Mode::Standby)$(.$await)?));
        then(&[]);
        note("capture", text(&$sensor.capture(&mut $delay)$(.$await)?));
        then(&[visitor()]);
        note("trigger", text(&$sensor.trigger_single_shot()$(.$await)?));
        note("at once", text(&$sensor.read()$(.$await)?));
        $bus.advance(SETTLED);
        note("later", text(&$sensor.read()$(.$await)?));
        then(&[owner(), visitor()]);
        note("capture after", text(&$sensor.capture_after(&mut $delay, 1000)$(.$await)?));
        note("continuous", text(&$sensor.send(Command::Mode(Mode::Continuous))$(.$await)?));
        then(&[]);
        note("nobody", text(&$sensor.read()$(.$await)?));
        transcript
    }};
}

/// An outcome in a form that can be compared between shells.
fn text<T: std::fmt::Debug, E: std::fmt::Display>(outcome: &Result<T, E>) -> String {
    match outcome {
        Ok(value) => format!("{value:?}"),
        Err(error) => format!("error: {error}"),
    }
}

fn blocking_script(assumptions: &Assumptions) -> Transcript {
    let (bus, sim) = sensor_with(assumptions);
    let (mut sensor, mut delay) = (PersonSensor::new(bus.clone()), bus.delay());
    script!(sensor, delay, bus, sim)
}

#[cfg(feature = "async")]
fn async_script(assumptions: &Assumptions) -> Transcript {
    let (bus, sim) = sensor_with(assumptions);
    let (mut sensor, mut delay) = (mlsensor::PersonSensorAsync::new(bus.clone()), bus.delay());
    pollster::block_on(async { script!(sensor, delay, bus, sim, await) })
}

#[cfg(feature = "async")]
#[test]
fn both_shells_say_the_same_at_the_same_times_under_every_assumption() {
    assert_eq!(blocking_script(&Assumptions::default()), async_script(&Assumptions::default()));
    for (question, assumptions) in Assumptions::alternatives() {
        assert_eq!(blocking_script(&assumptions), async_script(&assumptions), "{}", question.field);
    }
}

fn said<'a>(transcript: &'a Transcript, wanted: &str) -> &'a str {
    let step = transcript.iter().find(|(_, step, _)| *step == wanted);
    &step.unwrap_or_else(|| panic!("no step {wanted}")).2
}

/// How many faces were reported at a step.
fn faces(transcript: &Transcript, step: &str) -> usize {
    let said = said(transcript, step);
    assert!(said.starts_with("Faces ["), "{step}: {said}");
    said.matches("Face {").count()
}

#[test]
fn the_script_goes_as_the_guide_says_under_every_assumption() {
    let all = Assumptions::alternatives().map(|(question, assumptions)| (question.field, assumptions));
    for (field, assumptions) in [("default", Assumptions::default())].into_iter().chain(all) {
        println!("{field}");
        let t = blocking_script(&assumptions);
        assert_eq!((faces(&t, "probe"), faces(&t, "read"), faces(&t, "known")), (0, 2, 2), "{field}");
        assert!(said(&t, "packet").starts_with("Ok([00, 00, 21, 00, 02, "), "{field}");
        for write in
            ["configure", "label", "persist", "led", "erase", "id off", "standby", "trigger", "continuous"]
        {
            assert_eq!(said(&t, write), "()", "{field}: {write}");
        }
        assert!(said(&t, "known").contains("id: PersonId(5)"), "{field}: {}", said(&t, "known"));
        assert_eq!(
            said(&t, "settings"),
            "Config { mode: Continuous, id_enabled: true, persist_ids: false, led: true }"
        );
        assert!(!said(&t, "forgotten").contains("PersonId"), "{field}");
        assert_eq!((faces(&t, "forgotten"), faces(&t, "capture")), (1, 0), "{field}");
        assert_eq!(faces(&t, "at once"), 0, "{field}: the result before");
        assert_eq!((faces(&t, "later"), faces(&t, "capture after")), (1, 2), "{field}");
        assert_eq!(faces(&t, "nobody"), 0, "{field}");
    }
}

#[test]
fn a_method_takes_the_time_of_its_transfers_and_waits_and_no_more() {
    let t = blocking_script(&Assumptions::default());
    let took = |step| {
        let at = t.iter().position(|(_, name, _)| *name == step).unwrap();
        t[at].0 - t[at - 1].0
    };
    // At 100 kHz a packet takes 3.62 ms, in two pieces 0.2 + 0.02 x 10 more: 2.99 + 0.74; a write takes 0.29 ms.
    assert_eq!((took("packet"), took("split"), took("configure"), took("led")), (3620, 3730, 4 * 290, 290));
    assert_eq!(took("capture"), 3_000_000 + 290 + 500_000 + 3620);
    assert_eq!(took("capture after"), 3_000_000 + 290 + 1_000_000 + 3620);
}

/// In standby, with the owner in the last picture; then the visitor comes too. Whether `shoot` sees both.
fn sees_the_visitor(
    assumptions: &Assumptions,
    with_recognition: bool,
    shoot: impl Fn(&mut PersonSensor<SimBus>, &mut SimDelay) -> Result<Faces, Error<mlsensor_sim::SimBusError>>,
) -> bool {
    let (bus, sim) = sensor_with(assumptions);
    let (mut sensor, mut delay) = (PersonSensor::new(bus.clone()), bus.delay());
    sim.with(|sim| sim.set_scene([owner()]));
    bus.advance(SETTLED);
    if with_recognition {
        sensor.set_id_enabled(true).unwrap();
        sensor.label_next_id(PersonId::ALL[0]).unwrap();
        bus.advance(SETTLED);
    }
    sensor.set_mode(Mode::Standby).unwrap();
    bus.advance(SETTLED);
    sim.with(|sim| sim.set_scene([owner(), visitor()]));
    let count = shoot(&mut sensor, &mut delay).unwrap().count();
    assert!(count <= 2);
    count == 2
}

#[test]
fn capture_gives_the_new_picture_or_a_wait_of_a_second_does() {
    let mut too_early = Vec::new();
    let all = Assumptions::alternatives().map(|(question, assumptions)| (question.field, assumptions));
    for (field, assumptions) in [("default", Assumptions::default())].into_iter().chain(all) {
        for recognition in [false, true] {
            if !sees_the_visitor(&assumptions, recognition, |sensor, delay| sensor.capture(delay)) {
                too_early.push((field, assumptions.single_shot.as_millis(), recognition));
            }
            let in_a_second = sees_the_visitor(&assumptions, recognition, |sensor, delay| {
                sensor.capture_after(delay, 1000)
            });
            assert!(in_a_second, "{field}, recognition {recognition}");
        }
    }
    // 490 + 125 ms is beyond the 500 ms that `capture` waits, as its documentation says.
    assert_eq!(too_early, [("single_shot", 490, true)]);
}

#[test]
fn a_capture_that_waits_too_short_gives_the_picture_before() {
    let shoot = |wait_ms| {
        sees_the_visitor(&Assumptions::default(), false, move |sensor, delay| {
            sensor.capture_after(delay, wait_ms)
        })
    };
    assert_eq!([0, 150, 300].map(shoot), [false, false, true]);
}

#[test]
fn probe_tells_lookalikes_from_the_sensor_and_never_writes_to_them() {
    for &kind in LookalikeKind::ALL {
        let bus = SimBus::new();
        let other = bus.attach(Lookalike::new(kind));
        let mut sensor = PersonSensor::new(bus.clone());
        for _ in 0..100 {
            bus.advance(Duration::from_millis(100));
            let outcome = sensor.probe();
            assert!(matches!(outcome, Err(ProbeError::NotAPersonSensor(_))), "{kind:?}: {outcome:?}");
        }
        assert_eq!(other.with(|other| other.bytes_written()), 0, "{kind:?}");
        #[cfg(feature = "async")]
        {
            let mut sensor = mlsensor::PersonSensorAsync::new(bus);
            assert!(pollster::block_on(sensor.probe()).is_err());
            assert_eq!(other.with(|other| other.bytes_written()), 0, "{kind:?}, async");
        }
    }
}

#[test]
fn probe_of_an_empty_bus_or_of_a_sensor_that_boots_finds_no_answer() {
    let mut sensor = PersonSensor::new(SimBus::new());
    assert!(matches!(sensor.probe(), Err(ProbeError::NoAnswer(_))));

    let (bus, sim) = sensor_with(&Assumptions::default());
    let mut sensor = PersonSensor::new(bus.clone());
    sim.with(|sim| {
        sim.power_off();
        sim.power_on();
    });
    assert!(matches!(sensor.probe(), Err(ProbeError::NoAnswer(_))));
    bus.advance(SETTLED);
    assert_eq!(sensor.probe(), Ok(Faces::EMPTY));
}

#[test]
fn a_sensor_that_lost_power_is_brought_back_by_configure() {
    let (bus, sim) = sensor_with(&Assumptions::default());
    let mut sensor = PersonSensor::new(bus.clone());
    let mut config = Config::default();
    (config.mode, config.id_enabled, config.led, config.persist_ids) = (Mode::Standby, true, false, false);
    sensor.configure(&config).unwrap();
    assert_eq!(sim.with(|sim| sim.config()), config);
    sim.with(|sim| {
        sim.power_off();
        sim.power_on();
    });
    bus.advance(SETTLED);
    assert_eq!(sim.with(|sim| sim.config()), Config::default());
    sensor.configure(&config).unwrap();
    assert_eq!(sim.with(|sim| sim.config()), config);
}

#[test]
fn the_presence_pin_says_what_the_packet_says() {
    let (bus, sim) = sensor_with(&Assumptions::default());
    let (mut sensor, mut pin) = (PersonSensor::new(bus.clone()), PresencePin::new(sim.pin()));
    for people in [vec![], vec![owner()], vec![], vec![visitor(), owner()]] {
        sim.with(|sim| sim.set_scene(people.clone()));
        bus.advance(SETTLED);
        assert_eq!(pin.is_present(), Ok(!people.is_empty()));
        assert_eq!(sensor.read().map(|faces| !faces.is_empty()), Ok(!people.is_empty()));
    }
}

#[cfg(feature = "async")]
#[test]
fn waiting_for_presence_and_absence_ends_with_the_result_that_brings_it() {
    let (bus, sim) = sensor_with(&Assumptions::default());
    let mut pin = PresencePin::new(sim.pin());
    pollster::block_on(async {
        bus.advance(Duration::from_millis(1000));
        sim.with(|sim| sim.set_scene([owner()]));
        pin.wait_for_presence().await.unwrap();
        assert_eq!(bus.now().as_millis(), 1320, "exposed at 1120");
        pin.wait_for_presence().await.unwrap();
        assert_eq!(bus.now().as_millis(), 1320, "a level");
        sim.with(|sim| sim.set_scene([]));
        pin.wait_for_absence().await.unwrap();
        assert_eq!(bus.now().as_millis(), 1600, "exposed at 1400; the exposure at 1260 saw somebody");
    });
}
