//! Waits for two edges of a line by the crate gpiocdev, which speaks the second version of the kernel's interface.

use gpiocdev::Request;
use gpiocdev::line::{EdgeDetection, EdgeKind};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let line = gpiocdev::find_named_line("GPIO17").ok_or("no line is called GPIO17")?;
    let request = Request::builder()
        .with_found_line(&line)
        .as_input()
        .with_edge_detection(EdgeDetection::BothEdges)
        .with_consumer("gpiocdev")
        .request()?;
    for event in request.edge_events().take(2) {
        println!("{}", if event?.kind == EdgeKind::Rising { "rising" } else { "falling" });
    }
    Ok(())
}
