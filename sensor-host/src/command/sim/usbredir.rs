//! `mlsensor sim usbredir`: a simulated bus for a virtual machine.

use std::path::PathBuf;

use crate::Report;
use crate::command_line::exit;
use crate::report::say;
use crate::virtual_bus::usb::socket::{Waiting, qemu_options};
use clap::Args;

use super::stop;

#[derive(Debug, Args)]
#[command(after_help = include_str!("usbredir.help.txt"))]
pub(crate) struct Arguments {
    #[command(flatten)]
    options: super::options::Options,
    /// The socket to make, for this user alone; removed at the end
    #[arg(value_name = "SOCKET")]
    socket: PathBuf,
    /// Prints the socket and QEMU's options as JSON
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Result<u8, Report> {
    let socket = Waiting::at(&arguments.socket)?;
    let mut bus = arguments.options.usb_bus()?;
    let stop = stop::on_signal()?;
    let options = qemu_options(&arguments.socket);
    if arguments.json {
        stop::say(
            &serde_json::json!({ "event": "waiting", "socket": arguments.socket, "qemu": options })
                .to_string(),
        )?;
    } else {
        stop::say(&options.join(" "))?;
    }
    socket.serve(&mut bus, &stop, &mut |line| say(line))?;
    Ok(exit::SUCCESS)
}
