//! Does a packet ever come from another channel than the one that was asked? Eight sensors that can be told apart, and
//! faults of every kind.

use std::convert::Infallible;
use std::time::Duration;

use embedded_hal::i2c::{I2c, Operation};
use mlsensor::{Bounds, Config, Face, Faces, PersonSensor};
use mlsensor_host::mux::{Channel, MuxError, Muxes, NoSuchChannel};
use mlsensor_host::supervisor::{Clock, Group, Settings, State, Supervisor};
use mlsensor_sim::{
    Assumptions, Attached, Fault, FaultControl, FaultInjector, FaultKind, FirstResult, SimBus, SimSensor,
    Tca9548a,
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

#[test]
fn a_failed_select_shuts_all_channels() {
    let (rig, wire) = Rig::new(1);
    let muxes = Muxes::new(wire, &[MUX]).unwrap();
    let read = |channel| muxes.channel(MUX, channel).unwrap().read(SENSOR, &mut [0; 39]);
    let control = || rig.mux.with(|mux| mux.control());
    assert_eq!((read(2), control()), (Ok(()), 1 << 2));
    // A write that is lost, and bits that are flipped.
    for (mask, found) in [(0, 0), (0b11 << 5, 1 << 6), (0b101, 1 << 5 | 0b101)] {
        rig.mux.with(|mux| mux.spoil_write(1, mask));
        assert_eq!(read(5), Err(MuxError::Mismatch { wanted: 1 << 5, found }));
        assert_eq!((control(), muxes.is_in_doubt()), (0, false));
    }
    assert_eq!(read(5), Ok(()));
}

#[test]
fn a_multiplexer_that_cannot_be_shut_is_in_doubt_and_nothing_is_read_until_it_is_shut() {
    let (rig, wire) = Rig::new(1);
    let mut muxes = Muxes::new(wire, &[MUX]).unwrap();
    assert!(muxes.is_in_doubt());
    assert_eq!((muxes.read(3), muxes.is_in_doubt()), (Some(scene(3)), false));
    // Another channel is connected, and the write that shuts it is lost.
    rig.mux.with(|mux| {
        mux.spoil_write(1, 0b11);
        mux.spoil_write(2, 0);
    });
    let error = muxes.channel(MUX, 0).unwrap().read(SENSOR, &mut [0; 39]).unwrap_err();
    assert_eq!(error, MuxError::InDoubt(None));
    assert_eq!((rig.mux.with(|mux| mux.control()), muxes.is_in_doubt()), (0b10, true));
    let reads = rig.sensor_faults.counts().transactions;
    // Still lost; then not acknowledged; then the register cannot be read.
    rig.mux.with(|mux| mux.spoil_write(0, 0));
    assert_eq!(muxes.read(1), None);
    rig.mux_faults.inject(Fault::NackAddress);
    assert_eq!(muxes.read(1), None);
    rig.mux_faults.inject(Fault::AllOnes);
    assert_eq!(muxes.read(1), None);
    assert_eq!((rig.sensor_faults.counts().transactions, muxes.is_in_doubt()), (reads, true));
    assert_eq!((muxes.read(1), muxes.is_in_doubt()), (Some(scene(1)), false));
}

#[test]
fn what_a_host_hands_out_again_of_an_earlier_read_of_the_register_is_not_believed() {
    let (rig, wire) = Rig::new(1);
    let mut muxes = Muxes::new(wire, &[MUX]).unwrap();
    assert_eq!(muxes.read(2), Some(scene(2)));
    rig.mux.with(|mux| mux.spoil_write(1, 0b110));
    rig.mux_faults.inject(Fault::Frozen(5));
    assert_eq!(muxes.read(2), None);
}

#[test]
fn what_was_read_is_thrown_away_if_the_multiplexer_changed_meanwhile() {
    /// A controller that sets the multiplexer behind the back of the driver, during each read of a sensor.
    struct Meddled(SimBus);
    impl embedded_hal::i2c::ErrorType for Meddled {
        type Error = mlsensor_sim::SimBusError;
    }
    impl I2c for Meddled {
        fn transaction(&mut self, address: u8, operations: &mut [Operation<'_>]) -> Result<(), Self::Error> {
            if address == SENSOR {
                self.0.write(MUX, &[1 << 6])?;
            }
            self.0.transaction(address, operations)
        }
    }
    let (rig, _) = Rig::new(1);
    let muxes = Muxes::new(Meddled(rig.bus.clone()), &[MUX]).unwrap();
    let mut packet = [0; 39];
    let error = muxes.channel(MUX, 1).unwrap().read(SENSOR, &mut packet).unwrap_err();
    assert_eq!(error, MuxError::Changed { wanted: 1 << 1, found: 1 << 6 });
    assert_eq!(packet, [0xFF; 39]);
    assert_eq!(rig.mux.with(|mux| mux.control()), 0);
}

#[test]
fn of_two_multiplexers_only_one_channel_is_connected() {
    let bus = SimBus::new();
    let [mut first, mut second] = [0x70, 0x77].map(Tca9548a::new);
    let near = first.attach(&bus, 0, sensor(0));
    second.attach(&bus, 0, sensor(1));
    let (first, second) = (bus.attach(first), bus.attach(second));
    let muxes = Muxes::new(bus, &[0x70, 0x77, 0x70]).unwrap();
    let read = |mux| PersonSensor::new(muxes.channel(mux, 0).unwrap()).read();
    for _ in 0..3 {
        assert_eq!(read(0x70), Ok(scene(0)));
        assert_eq!((first.with(|mux| mux.control()), second.with(|mux| mux.control())), (1, 0));
        assert_eq!(read(0x77), Ok(scene(1)));
        assert_eq!((first.with(|mux| mux.control()), second.with(|mux| mux.control())), (0, 1));
    }
    // The one that is not used keeps its channel, though it acknowledges that it shuts it.
    assert_eq!(read(0x70), Ok(scene(0)));
    first.with(|mux| mux.spoil_write(0, 1));
    assert_eq!(read(0x77), Err(mlsensor::Error::I2c(MuxError::InDoubt(None))));
    near.with(SimSensor::power_off);
    assert_eq!(read(0x77), Ok(scene(1)));
}

#[test]
fn what_is_in_front_of_the_multiplexers_is_found() {
    let (rig, wire) = Rig::new(1);
    let muxes = Muxes::new(wire, &[MUX]).unwrap();
    assert!(matches!(muxes.is_free_in_front(SENSOR), Ok(true)));
    rig.bus.attach(sensor(0));
    assert!(matches!(muxes.is_free_in_front(SENSOR), Ok(false)));
}

#[test]
fn there_is_no_ninth_channel_no_other_address_and_no_way_to_write_to_a_multiplexer() {
    let (rig, wire) = Rig::new(1);
    assert_eq!(
        Muxes::new(rig.bus.clone(), &[0x62]).unwrap_err(),
        NoSuchChannel { address: 0x62, channel: 0 }
    );
    let muxes = Muxes::new(wire, &[MUX]).unwrap();
    assert_eq!(muxes.channel(MUX, 8).unwrap_err(), NoSuchChannel { address: MUX, channel: 8 });
    assert_eq!(muxes.channel(0x71, 0).unwrap_err(), NoSuchChannel { address: 0x71, channel: 0 });
    let mut channel = muxes.channel(MUX, 0).unwrap();
    assert!(matches!(channel.write(MUX, &[0xFF]), Err(MuxError::AddressOfMux(MUX))));
    assert_eq!(rig.mux.with(|mux| mux.control()), 0);
}

#[test]
fn a_program_that_panics_in_a_transaction_leaves_it_in_doubt() {
    struct Panics(SimBus);
    impl embedded_hal::i2c::ErrorType for Panics {
        type Error = mlsensor_sim::SimBusError;
    }
    impl I2c for Panics {
        fn transaction(&mut self, address: u8, operations: &mut [Operation<'_>]) -> Result<(), Self::Error> {
            assert_ne!(address, SENSOR, "as it must");
            self.0.transaction(address, operations)
        }
    }
    let (rig, _) = Rig::new(1);
    let muxes = Muxes::new(Panics(rig.bus), &[MUX]).unwrap();
    muxes.shut().unwrap();
    let mut channel = muxes.channel(MUX, 1).unwrap();
    let panicked = std::thread::spawn(move || channel.read(SENSOR, &mut [0; 39]).is_ok()).join();
    assert!(panicked.is_err() && muxes.is_in_doubt());
    muxes.shut().unwrap();
    assert!(!muxes.is_in_doubt());
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
