//! Each thing that can go wrong, one by one.

use embedded_hal::i2c::{I2c, Operation};
use mlsensor::PersonSensor;
use mlsensor_host::mux::{MuxError, Muxes, NoSuchChannel};
use mlsensor_sim::{Fault, SimBus, SimSensor, Tca9548a};

use crate::{MUX, Read, Rig, SENSOR, scene, sensor};

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

#[test]
fn who_had_the_bus_itself_leaves_the_multiplexers_in_doubt_and_they_are_shut_before_the_next_read() {
    let (rig, wire) = Rig::new(1);
    let mut muxes = Muxes::new(wire, &[MUX]).unwrap();
    assert_eq!((muxes.read(2), muxes.is_in_doubt()), (Some(scene(2)), false));
    let mut channel = muxes.channel(MUX, 2).unwrap();
    // Somebody selects two channels at once.
    channel.with_bus(|bus| bus.write(MUX, &[0b1001])).unwrap();
    assert_eq!((rig.mux.with(|mux| mux.control()), muxes.is_in_doubt()), (0b1001, true));
    assert_eq!(channel.read(SENSOR, &mut [0; 39]), Ok(()));
    assert_eq!((rig.mux.with(|mux| mux.control()), muxes.is_in_doubt()), (1 << 2, false));
}
