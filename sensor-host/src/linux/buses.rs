//! Which buses there are.

use std::path::Path;
use std::{fs, io};

/// A bus of the system.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct BusInfo {
    /// Its number. Numbers of buses on USB, and those behind a mux, may change when the system starts anew.
    pub number: u32,
    /// Its path: `/dev/i2c-1`.
    pub path: String,
    /// What its adapter's driver calls it, if it can be told: `bcm2835 (i2c@7e804000)`, `i2c-1-mux (chan_id 0)`.
    pub adapter: Option<String>,
}

/// The buses `/dev/i2c-*`, by number. Each channel of a mux that the kernel drives is one of its own.
///
/// # Errors
/// If `/dev` cannot be read.
pub fn buses() -> io::Result<Vec<BusInfo>> {
    list(Path::new("/dev"), Path::new("/sys/class/i2c-dev"))
}

fn list(dev: &Path, class: &Path) -> io::Result<Vec<BusInfo>> {
    let mut buses = Vec::new();
    for entry in fs::read_dir(dev)? {
        let name = entry?.file_name();
        let Some(number) = name.to_str().and_then(number) else { continue };
        let path = dev.join(&name).display().to_string();
        let adapter = fs::read_to_string(class.join(&name).join("name")).ok();
        let adapter = adapter.map(|name| name.trim().to_owned()).filter(|name| !name.is_empty());
        buses.push(BusInfo { number, path, adapter });
    }
    buses.sort_by_key(|bus| bus.number);
    Ok(buses)
}

fn number(name: &str) -> Option<u32> {
    let digits = name.strip_prefix("i2c-")?;
    digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buses_are_listed_by_number_with_the_names_of_their_adapters() {
        let folder = std::env::temp_dir().join(format!("mlsensor-buses-{}", std::process::id()));
        let (dev, class) = (folder.join("dev"), folder.join("class"));
        for (name, adapter) in
            [("i2c-10", Some("i2c-1-mux (chan_id 0)\n")), ("i2c-1", Some("\n")), ("i2c-2", None)]
        {
            fs::create_dir_all(dev.join(name)).unwrap();
            fs::create_dir_all(class.join(name)).unwrap();
            if let Some(adapter) = adapter {
                fs::write(class.join(name).join("name"), adapter).unwrap();
            }
        }
        for other in ["i2c", "i2c-", "i2c-x", "i2c-+1", "spidev0.0", "i2c-99999999999"] {
            fs::create_dir_all(dev.join(other)).unwrap();
        }
        let found = list(&dev, &class).unwrap();
        fs::remove_dir_all(&folder).unwrap();
        let found: Vec<_> = found.iter().map(|bus| (bus.number, bus.adapter.as_deref())).collect();
        assert_eq!(found, [(1, None), (2, None), (10, Some("i2c-1-mux (chan_id 0)"))]);
        assert!(list(&folder, &class).is_err());
    }
}
