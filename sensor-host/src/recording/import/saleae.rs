//! The data table of Saleae Logic 2: a row a START, address, byte or STOP.
//!
//! ```text
//! name,type,start_time,duration,"ack","address","read","data"
//! "I2C","start",0.0010,0.000000042,,,,
//! "I2C","address",0.0010075,0.000086792,true,0x62,false,
//! "I2C","data",0.0010995,0.000086792,true,,,0x01
//! "I2C","stop",0.0012860,0.000000042,,,,
//! ```
//! A second `start` before a `stop` is a repeated one. A byte whose ninth bit a START or STOP took the place of has no `ack`;
//! the analyzer takes it for data even if it is an address.

use mlsensor_sim::Direction;

use super::assembler::{Assembler, Ninth};
use super::table::Table;
use super::{Format, ImportError, ImportOptions, Only};

pub(super) fn read(
    mut table: Table<'_>,
    options: &ImportOptions,
    assembler: &mut Assembler,
) -> Result<Format, ImportError> {
    let mut only = Only::new(options);
    while let Some(row) = table.next()? {
        if !only.takes(row.value("name"), row.line)? {
            continue;
        }
        let ninth = match row.value("ack") {
            "true" => Ninth::Acknowledged,
            "false" => Ninth::Refused,
            "" => Ninth::Missing,
            other => return Err(row.error(format!("ack is {other:?}, neither true nor false"))),
        };
        let outcome = match row.value("type") {
            "start" => assembler.start(row.nanos("start_time")?),
            "stop" => {
                assembler.stop();
                Ok(())
            }
            "address" => {
                let direction = match row.value("read") {
                    "true" => Direction::Read,
                    "false" => Direction::Write,
                    other => return Err(row.error(format!("read is {other:?}, neither true nor false"))),
                };
                let outcome = assembler.address(row.byte("address")?, direction);
                assembler.ninth(ninth);
                outcome
            }
            "data" => {
                let byte = row.byte("data")?;
                // An address that was cut short names nobody.
                let is_address = ninth == Ninth::Missing && assembler.expects_address();
                let outcome = if is_address { Ok(()) } else { assembler.byte(byte) };
                assembler.ninth(ninth);
                outcome
            }
            other => Err(format!("the type {other:?} is none of the I2C analyzer")),
        };
        outcome.map_err(|what| row.error(what))?;
    }
    Ok(Format::SaleaeTable)
}
