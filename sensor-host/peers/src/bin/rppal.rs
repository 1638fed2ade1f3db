//! Reads the sensor by rppal, whose bus can be opened by number off a Raspberry Pi too.

use rppal::i2c::I2c;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut bus = I2c::with_bus(1)?;
    bus.set_slave_address(0x62)?;
    let mut packet = [0; 39];
    let count = bus.read(&mut packet)?;
    println!("read {count} {packet:02x?}");
    let mut head = [0; 4];
    bus.write_read(&[0x01, 0x01], &mut head)?;
    println!("write_read {head:02x?}");
    bus.set_slave_address(0x30)?;
    println!("absent {}", bus.read(&mut packet).unwrap_err());
    Ok(())
}
