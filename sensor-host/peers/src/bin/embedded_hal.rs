//! Reads the sensor by linux-embedded-hal, then an address where nothing is.

use embedded_hal::i2c::{I2c as _, Operation};
use linux_embedded_hal::I2cdev;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut bus = I2cdev::new("/dev/i2c-1")?;
    let mut packet = [0; 39];
    bus.read(0x62_u8, &mut packet)?;
    println!("read {packet:02x?}");
    let mut head = [0; 4];
    bus.transaction(0x62_u8, &mut [Operation::Write(&[0x01, 0x01]), Operation::Read(&mut head)])?;
    println!("transaction {head:02x?}");
    println!("absent {:?}", bus.read(0x30_u8, &mut packet).unwrap_err());
    Ok(())
}
