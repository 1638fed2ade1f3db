//! Reads the sensor by the crate i2cdev: plainly, by a transfer of messages, and by SMBus.

use i2cdev::core::{I2CDevice as _, I2CMessage, I2CTransfer as _};
use i2cdev::linux::{LinuxI2CDevice, LinuxI2CMessage};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut sensor = LinuxI2CDevice::new("/dev/i2c-1", 0x62)?;
    let mut packet = [0; 39];
    sensor.read(&mut packet)?;
    println!("read {packet:02x?}");
    let mut head = [0; 4];
    sensor.transfer(&mut [LinuxI2CMessage::write(&[0x01, 0x01]), LinuxI2CMessage::read(&mut head)])?;
    println!("transfer {head:02x?}");
    println!("smbus byte {:02x}", sensor.smbus_read_byte()?);
    let mut absent = LinuxI2CDevice::new("/dev/i2c-1", 0x30)?;
    println!("absent {}", absent.read(&mut packet).unwrap_err());
    Ok(())
}
