//! The async shell: the same, awaited. Its twin is `blocking.rs`; a test holds them together.

use embedded_hal_async::{delay::DelayNs, i2c::I2c};

use super::{
    ADDRESS, CAPTURE_WAIT_MS, Command, Config, Error, Faces, Mode, PACKET_LEN, Packet, PersonId, ProbeError,
    SPLIT_AT, received::Received,
};

/// A Person Sensor on a bus. See the [module](crate::person_sensor) for what every method guarantees.
///
/// ```
/// # use mlsensor_sim::{Person, SimBus, SimSensor};
/// use mlsensor::PersonSensorAsync;
///
/// # let (i2c, sim) = SimBus::with_sensor(SimSensor::new());
/// # sim.set_scene([Person::at(1.0, 0.0)]);
/// # i2c.advance(core::time::Duration::from_secs(1));
/// let mut sensor = PersonSensorAsync::new(i2c); // anything that implements embedded-hal-async's I2c
/// # pollster::block_on(async {
/// for face in &sensor.read().await? {
///     assert!(face.is_facing());
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct PersonSensorAsync<I2C> {
    i2c: I2C,
    address: u8,
}

impl<I2C> PersonSensorAsync<I2C> {
    /// Takes the bus. Nothing is sent. To share a bus, hand in a device of `embedded-hal-bus`.
    pub const fn new(i2c: I2C) -> Self {
        PersonSensorAsync::with_address(i2c, ADDRESS)
    }

    /// Takes the bus, for a sensor behind an address translator: 7-bit `address`. The sensor itself
    /// only knows [`ADDRESS`].
    pub const fn with_address(i2c: I2C, address: u8) -> Self {
        PersonSensorAsync { i2c, address }
    }

    /// Gives the bus back. Nothing is sent.
    pub fn release(self) -> I2C {
        self.i2c
    }
}

impl<I2C: I2c> PersonSensorAsync<I2C> {
    /// Reads the latest result and checks it.
    ///
    /// The sensor does not tell how old a result is: in continuous mode it makes a new one about every
    /// 140 ms, with recognition about every 200 to 265 ms, and reads in between give the same again.
    ///
    /// # Errors
    /// [`Error::I2c`] if the bus fails, [`Error::Packet`] if the packet breaks a rule. Neither means
    /// that nobody is there.
    pub async fn read(&mut self) -> Result<Faces, Error<I2C::Error>> {
        // Into the room where it is checked: no copy in between.
        let mut received = Received::new();
        self.i2c.read(self.address, received.packet_mut()).await.map_err(Error::I2c)?;
        received.parse()
    }

    /// Reads the 39 bytes of the latest result as they are, unchecked: for recorders and auditors.
    ///
    /// # Errors
    /// [`Error::I2c`].
    pub async fn read_packet(&mut self) -> Result<Packet, Error<I2C::Error>> {
        let mut packet = [0; PACKET_LEN];
        self.i2c.read(self.address, &mut packet).await.map_err(Error::I2c)?;
        Ok(packet)
    }

    /// Reads the latest result in two transfers, of 32 and 7 bytes, each with its own START and STOP, for hosts
    /// that stop at 32. **This works only if the sensor goes on where the first transfer stopped**, which nobody has
    /// established.
    ///
    /// If it starts the packet anew instead, or takes up a newer result, the checksum refuses what comes, but for
    /// one time in 65536 by chance. So this either works or says [`Error::Packet`]. The vendor's programs leave out
    /// the STOP in between; embedded-hal cannot say that, because it joins reads that follow each other. If this never
    /// works, your sensor needs a host that can read 39 bytes.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub async fn read_split(&mut self) -> Result<Faces, Error<I2C::Error>> {
        let mut received = Received::new();
        let (first, second) = received.packet_mut().split_at_mut(SPLIT_AT);
        self.i2c.read(self.address, first).await.map_err(Error::I2c)?;
        self.i2c.read(self.address, second).await.map_err(Error::I2c)?;
        received.parse()
    }

    /// Finds out, by one read and without writing anything, whether a Person Sensor answers.
    ///
    /// Other parts share its address, and an acknowledgement proves nothing; a packet that passes every check
    /// does. Call this before the first write to a bus that you do not know.
    ///
    /// Not in the first 3 seconds after power-up: a sensor that boots does not answer, and a user reports one that, when it
    /// was addressed then, held the data line low until it was freed by up to nine clock pulses and a STOP.
    ///
    /// # Errors
    /// [`ProbeError`], whose text names the likely lookalikes.
    pub async fn probe(&mut self) -> Result<Faces, ProbeError<I2C::Error>> {
        Ok(self.read().await?)
    }

    /// Sends one command: the two bytes of one register write.
    ///
    /// # Errors
    /// [`Error::I2c`].
    pub async fn send(&mut self, command: Command) -> Result<(), Error<I2C::Error>> {
        self.i2c.write(self.address, &command.emit()).await.map_err(Error::I2c)
    }

    /// Applies all settings, in four writes. Safe to repeat.
    ///
    /// # Errors
    /// [`Error::I2c`] of the first write that fails; the rest is not sent. Configure again.
    pub async fn configure(&mut self, config: &Config) -> Result<(), Error<I2C::Error>> {
        for command in config.commands() {
            self.send(command).await?;
        }
        Ok(())
    }

    /// Goes to standby, or back to continuous capture.
    ///
    /// # Errors
    /// [`Error::I2c`].
    pub fn set_mode(&mut self, mode: Mode) -> impl Future<Output = Result<(), Error<I2C::Error>>> {
        self.send(Command::Mode(mode))
    }

    /// Turns the recognition model on or off. It makes inferences slower.
    ///
    /// # Errors
    /// [`Error::I2c`].
    pub fn set_id_enabled(&mut self, enabled: bool) -> impl Future<Output = Result<(), Error<I2C::Error>>> {
        self.send(Command::EnableId(enabled))
    }

    /// Triggers one inference. Only in standby; [`capture`](Self::capture) also waits and reads.
    ///
    /// # Errors
    /// [`Error::I2c`].
    pub fn trigger_single_shot(&mut self) -> impl Future<Output = Result<(), Error<I2C::Error>>> {
        self.send(Command::SingleShot)
    }

    /// Triggers one inference, waits [`CAPTURE_WAIT_MS`] (500 ms) and reads its result.
    ///
    /// The sensor must be in [`Mode::Standby`]; it stays there. How long a single shot takes, nobody has established: from a
    /// sensor that is slower than the wait, this gives the result *before*, as `Ok`. The only wait that a user
    /// reported to be good is 1 s: see [`capture_after`](Self::capture_after).
    ///
    /// # Errors
    /// As [`read`](Self::read). If the trigger fails there is neither a wait nor a read.
    pub async fn capture(&mut self, delay: &mut impl DelayNs) -> Result<Faces, Error<I2C::Error>> {
        self.capture_after(delay, CAPTURE_WAIT_MS).await
    }

    /// As [`capture`](Self::capture), with a wait of your own in milliseconds. Shorter than 300 ms the
    /// sensor may still hand out the result before.
    ///
    /// # Errors
    /// As [`capture`](Self::capture).
    pub async fn capture_after(
        &mut self,
        delay: &mut impl DelayNs,
        wait_ms: u32,
    ) -> Result<Faces, Error<I2C::Error>> {
        self.trigger_single_shot().await?;
        delay.delay_ms(wait_ms).await;
        self.read().await
    }

    /// Labels the next face that is identified as `id`. One person should be in view, facing the sensor. The
    /// sensor discards the command if two camera frames pass with nobody, and does not tell.
    ///
    /// # Errors
    /// [`Error::I2c`].
    pub fn label_next_id(&mut self, id: PersonId) -> impl Future<Output = Result<(), Error<I2C::Error>>> {
        self.send(Command::LabelNextId(id))
    }

    /// Chooses whether labels outlast a loss of power.
    ///
    /// # Errors
    /// [`Error::I2c`].
    pub fn set_persist_ids(&mut self, persist: bool) -> impl Future<Output = Result<(), Error<I2C::Error>>> {
        self.send(Command::PersistIds(persist))
    }

    /// Forgets every label, at once and for good. Programs that work leave the sensor a second before and after.
    ///
    /// # Errors
    /// [`Error::I2c`].
    pub fn erase_ids(&mut self) -> impl Future<Output = Result<(), Error<I2C::Error>>> {
        self.send(Command::EraseIds)
    }

    /// Turns the indicator LED on or off.
    ///
    /// # Errors
    /// [`Error::I2c`].
    pub fn set_led(&mut self, on: bool) -> impl Future<Output = Result<(), Error<I2C::Error>>> {
        self.send(Command::DebugMode(on))
    }
}
