//! Waits for two edges of a line by the crate gpio-cdev, which speaks the first version of the kernel's interface.

use gpio_cdev::{Chip, EventRequestFlags, EventType, LineRequestFlags};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let chip = Chip::new("/dev/gpiochip0")?;
    let line = chip.lines().find(|line| line.info().is_ok_and(|info| info.name() == Some("GPIO17")));
    let line = line.ok_or("no line is called GPIO17")?;
    let events = line.events(LineRequestFlags::INPUT, EventRequestFlags::BOTH_EDGES, "gpio_cdev")?;
    for event in events.take(2) {
        println!("{}", if event?.event_type() == EventType::RisingEdge { "rising" } else { "falling" });
    }
    Ok(())
}
