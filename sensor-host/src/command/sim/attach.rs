//! `mlsensor sim attach`: a simulated bus of this machine's own kernel.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::Report;
use crate::command_line::exit;
use crate::virtual_bus::usb::vhci;
use clap::Args;

use super::stop;

#[derive(Debug, Args)]
#[command(after_help = include_str!("attach.help.txt"))]
pub(crate) struct Arguments {
    #[command(flatten)]
    options: super::options::Options,
    /// Prints the bus as JSON
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Result<u8, Report> {
    let root = Path::new("/");
    vhci::prepare(root, rustix::process::geteuid().is_root(), &mut load)?;
    let mut bus = arguments.options.usb_bus()?;
    let stop = stop::on_signal()?;
    let mut said = Ok(());
    vhci::hold(root, &mut bus, &stop, &mut |number| {
        let path = format!("/dev/i2c-{number}");
        said = stop::say(&if arguments.json {
            serde_json::json!({ "event": "attached", "bus": path, "number": number }).to_string()
        } else {
            path
        });
    })?;
    said.map(|()| exit::SUCCESS)
}

/// Loads a module. What modprobe says of a missing one is said better by the error that follows.
fn load(module: &str) -> bool {
    let mut modprobe = Command::new("modprobe");
    modprobe.arg(module).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    modprobe.status().is_ok_and(|status| status.success())
}
