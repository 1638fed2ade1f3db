//! Does a packet ever come from another channel than the one that was asked? Eight sensors that can be told apart, and
//! faults of every kind.

mod one_by_one;
mod together;
mod told;

use std::convert::Infallible;
use std::time::Duration;

use embedded_hal::i2c::I2c;
use mlsensor::{Bounds, Config, Face, Faces, PersonSensor};
use mlsensor_host::mux::{Channel, Muxes};
use mlsensor_host::supervisor::{Clock, Group, Settings, State, Supervisor};
use mlsensor_sim::{
    Assumptions, Attached, FaultControl, FaultInjector, FaultKind, FirstResult, SimBus, SimSensor, Tca9548a,
};
use proptest::prelude::*;

const MUX: u8 = 0x70;
const SENSOR: u8 = 0x62;

type Wire = FaultInjector<FaultInjector<SimBus>>;

/// Eight sensors behind a multiplexer, and what can be done to them.
struct Rig {
    bus: SimBus,
    mux: Attached<Tca9548a>,
    sensors: Vec<Attached<SimSensor>>,
    mux_faults: FaultControl,
    sensor_faults: FaultControl,
}

/// What the sensor behind a channel sees, and no other.
fn scene(channel: u8) -> Faces {
    let left = 10 + 25 * channel;
    Faces::new(&[Face::new(Bounds::new(left, 40, left + 20, 70).unwrap(), 60 + channel, None, true).unwrap()])
        .unwrap()
}

fn sensor(channel: u8) -> SimSensor {
    let mut assumptions = Assumptions::default();
    // A sensor that has not looked yet gives no packet, so each packet shows who sent it.
    assumptions.before_first_result = FirstResult::AllOnes;
    let mut sensor = SimSensor::new().with_assumptions(assumptions);
    sensor.show_faces(scene(channel));
    sensor.advance(Duration::from_secs(1));
    sensor
}

impl Rig {
    fn new(seed: u64) -> (Rig, Wire) {
        let bus = SimBus::new();
        let mut mux = Tca9548a::new(MUX);
        let sensors = (0..8).map(|channel| mux.attach(&bus, channel, sensor(channel))).collect();
        let mux = bus.attach(mux);
        let inner = FaultInjector::new(bus.clone(), seed).for_address(SENSOR);
        let sensor_faults = inner.control();
        let wire = FaultInjector::new(inner, !seed).for_address(MUX);
        (Rig { bus, mux, sensors, mux_faults: wire.control(), sensor_faults }, wire)
    }

    /// Lets every kind of fault befall so many in a million transactions each.
    fn set_rates(&self, per_million: u32) {
        for &kind in FaultKind::ALL {
            self.mux_faults.set_rate(kind, per_million);
            // These give the bytes of the read before, which the injector takes for the same sensor's: it sees one sensor where there
            // are eight. No wire does that.
            if !matches!(kind, FaultKind::Frozen | FaultKind::Torn) {
                self.sensor_faults.set_rate(kind, per_million);
            }
        }
    }

    /// Lets something happen to the hardware, or nothing.
    fn shake(&self, dice: &mut Dice) {
        let sensor = &self.sensors[dice.below(8) as usize];
        match dice.below(40) {
            0 | 1 => self.mux.with(|mux| mux.spoil_write(dice.below(3) as u8, 0)),
            2 | 3 => self.mux.with(|mux| mux.spoil_write(dice.below(3) as u8, dice.below(256) as u8)),
            4 | 5 => self.mux.with(|mux| mux.spoil_write(dice.below(3) as u8, 1 << dice.below(8))),
            6 | 7 => self.mux.with(Tca9548a::reset),
            8 => self.mux.with(Tca9548a::power_off),
            9..=11 => self.mux.with(Tca9548a::power_on),
            12 => sensor.with(SimSensor::power_off),
            13..=15 => sensor.with(SimSensor::power_on),
            _ => {}
        }
        self.bus.advance(Duration::from_millis(dice.below(300).into()));
    }

    /// All that was broken is whole again.
    fn calm(&self) {
        self.set_rates(0);
        self.mux_faults.pause();
        self.sensor_faults.pause();
        self.mux.with(|mux| {
            mux.spoil_no_write();
            mux.power_on();
        });
        self.sensors.iter().for_each(|sensor| sensor.with(SimSensor::power_on));
    }
}

/// A chance of this test's own (Marsaglia's xorshift64).
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: u32) -> u32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        ((self.0 >> 32) as u32) % n
    }
}

/// What a program reads of a channel, by a driver.
trait Read {
    fn read(&mut self, channel: u8) -> Option<Faces>;
}

impl Read for Muxes<Wire> {
    fn read(&mut self, channel: u8) -> Option<Faces> {
        PersonSensor::new(self.channel(MUX, channel).unwrap()).read().ok()
    }
}

/// What most programs do: select, and hope.
struct Naive(Wire);

impl Read for Naive {
    fn read(&mut self, channel: u8) -> Option<Faces> {
        self.0.write(MUX, &[1 << channel]).ok()?;
        PersonSensor::new(&mut self.0).read().ok()
    }
}

/// Reads random channels under random faults: how many packets came, and how many were of another channel.
fn storm(rig: &Rig, driver: &mut impl Read, seed: u64, steps: u32) -> (u32, u32) {
    let mut dice = Dice(seed | 1);
    let (mut packets, mut wrong) = (0, 0);
    for _ in 0..steps {
        rig.shake(&mut dice);
        let channel = dice.below(8) as u8;
        if let Some(faces) = driver.read(channel) {
            packets += 1;
            wrong += u32::from(faces != scene(channel));
        }
    }
    (packets, wrong)
}

fn cases(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(cases(24))]

    #[test]
    fn no_packet_is_of_another_channel_and_all_are_live_when_the_faults_stop(
        seed in any::<u64>(), per_million in 0_u32..8_000,
    ) {
        let (rig, wire) = Rig::new(seed);
        let mut muxes = Muxes::new(wire, &[MUX]).unwrap();
        rig.set_rates(per_million);
        let (packets, wrong) = storm(&rig, &mut muxes, seed, 4000);
        prop_assert_eq!(wrong, 0);
        prop_assert!(packets > 100, "{} packets", packets);
        rig.calm();
        rig.bus.advance(Duration::from_secs(4));
        for channel in 0..8 {
            prop_assert_eq!(muxes.read(channel), Some(scene(channel)));
        }
        prop_assert!(!muxes.is_in_doubt());
    }

    #[test]
    fn settings_reach_the_sensor_of_their_channel(seed in any::<u64>(), per_million in 0_u32..8_000) {
        let (rig, wire) = Rig::new(seed);
        let muxes = Muxes::new(wire, &[MUX]).unwrap();
        rig.set_rates(per_million);
        let mut dice = Dice(seed | 1);
        let mut arrived = 0;
        for _ in 0..1500 {
            rig.shake(&mut dice);
            let channel = dice.below(8) as u8;
            let led = dice.below(2) == 1;
            let sent = PersonSensor::new(muxes.channel(MUX, channel).unwrap()).set_led(led);
            if sent.is_ok() {
                arrived += 1;
                prop_assert_eq!(rig.sensors[usize::from(channel)].with(|sensor| sensor.config().led), led);
            }
        }
        prop_assert!(arrived > 50);
    }
}

#[test]
fn a_driver_that_does_not_read_back_takes_packets_for_those_of_another_channel() {
    // The test above can fail.
    let (rig, wire) = Rig::new(1);
    rig.set_rates(5000);
    let (packets, wrong) = storm(&rig, &mut Naive(wire), 1, 4000);
    assert!(wrong > 20, "{wrong} of {packets}");
}

#[derive(Clone)]
struct Virtual(SimBus);

impl Clock for Virtual {
    fn now(&self) -> Duration {
        self.0.now()
    }
    fn wait_until(&self, at: Duration) {
        self.0.advance(at.saturating_sub(self.0.now()));
    }
}

proptest! {
    #![proptest_config(cases(6))]

    #[test]
    fn eight_supervised_sensors_are_never_confused_and_all_live_again(
        seed in any::<u64>(), per_million in 0_u32..4_000,
    ) {
        let (rig, wire) = Rig::new(seed);
        let muxes = Muxes::new(wire, &[MUX]).unwrap();
        let mut group = Group::new();
        let config = Config::default().with_led(false);
        let settings = Settings::default().with_config(config).with_seed(seed);
        for number in 0..8 {
            let channel: Channel<Wire> = muxes.channel(MUX, number).unwrap();
            let opener = move || Ok::<_, Infallible>(channel.clone());
            group.add(number, Supervisor::with_clock(opener, settings, Virtual(rig.bus.clone())));
        }
        rig.set_rates(per_million);
        // A reset without a silence cannot be noticed, and settings are looked at below.
        rig.sensor_faults.set_rate(FaultKind::Reset, 0);
        let mut dice = Dice(seed | 1);
        let mut next_shake = Duration::ZERO;
        let mut readings = 0;
        while rig.bus.now() < Duration::from_secs(120) {
            if rig.bus.now() >= next_shake {
                rig.shake(&mut dice);
                next_shake = rig.bus.now() + Duration::from_millis(200);
            }
            let (&number, update) = group.next().unwrap();
            if let Some(faces) = update.faces() {
                prop_assert_eq!(*faces, scene(number));
                readings += 1;
            }
        }
        prop_assert!(readings > 100, "{}", readings);
        rig.calm();
        // The silence of a sensor that starts, the longest backoff, the time to settle, and a read by each of the others.
        let until = rig.bus.now() + Duration::from_millis(2500 + 2000 + 500 + 400);
        while rig.bus.now() < until {
            let (&number, update) = group.next().unwrap();
            prop_assert!(update.faces().is_none_or(|faces| *faces == scene(number)));
        }
        for (number, supervisor) in group.iter() {
            prop_assert_eq!(supervisor.state(), State::Live, "{} {:?}", number, supervisor);
            let set = rig.sensors[usize::from(*number)].with(|sensor| sensor.config());
            prop_assert_eq!(set, config);
        }
    }
}
