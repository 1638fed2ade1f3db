//! How long a plain read of a packet takes on a bus: the median of many.
//!
//!     read_latency /dev/i2c-1
//!
//! No crate is needed: `rustc -O read_latency.rs`.

use std::env;
use std::fs::File;
use std::io::Read;
use std::os::fd::AsRawFd;
use std::time::Instant;

/// `I2C_SLAVE`, of linux/i2c-dev.h.
const SET_ADDRESS: std::ffi::c_ulong = 0x0703;
const SENSOR: std::ffi::c_ulong = 0x62;
const READS: usize = 500;

unsafe extern "C" {
    fn ioctl(fd: std::ffi::c_int, request: std::ffi::c_ulong, ...) -> std::ffi::c_int;
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = env::args().nth(1).ok_or("usage: read_latency /dev/i2c-N")?;
    let mut bus = File::open(path)?;
    // SAFETY: the file is open, and this request takes a number, not an address.
    if unsafe { ioctl(bus.as_raw_fd(), SET_ADDRESS, SENSOR) } < 0 {
        return Err(std::io::Error::last_os_error().into());
    }
    let mut times = Vec::with_capacity(READS);
    for _ in 0..READS {
        let mut packet = [0; 39];
        let begin = Instant::now();
        let len = bus.read(&mut packet)?;
        times.push(begin.elapsed().as_micros());
        if len != packet.len() || packet[2] != 33 {
            return Err(format!("no packet, but {len} bytes: {packet:02x?}").into());
        }
    }
    times.sort_unstable();
    println!(
        "{} us, the median of {READS} reads; a tenth took {} us or more",
        times[READS / 2],
        times[READS * 9 / 10]
    );
    Ok(())
}
