//! A socket in the file system on which QEMU finds the adapter.
//!
//! # Guarantees
//! * Only the user who made it can connect to it.
//! * No file is overwritten but a socket of the same user on which nobody listens any more: what a killed process left.
//! * The file is removed at the end, if it is still the one that was made.

use std::fs;
use std::io;
use std::os::unix::fs::{FileTypeExt, MetadataExt};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};

use rustix::fs::Mode;
use rustix::process::{geteuid, umask};

use super::usbredir::UsbRedir;
use super::{Ended, Look, Stop, UsbBus, Woken, serve};
use crate::Report;

/// A socket on which an adapter waits for a QEMU.
#[derive(Debug)]
pub struct Waiting {
    listener: UnixListener,
    path: PathBuf,
    /// Device and number of the file.
    file: (u64, u64),
}

impl Waiting {
    /// Makes the socket. No other thread of the process may make files meanwhile: they would be for its user alone.
    ///
    /// # Errors
    /// If there is a file of this name that is of use to somebody, or none can be made.
    pub fn at(path: &Path) -> Result<Waiting, Report> {
        make_way(path)?;
        let mask = umask(Mode::RWXG | Mode::RWXO | Mode::XUSR);
        let bound = UnixListener::bind(path);
        umask(mask);
        let failed = |error: io::Error| {
            report(
                path,
                &error.to_string(),
                "the folder does not exist, or may not be written, or the name is too long",
            )
        };
        let listener = bound.map_err(failed)?;
        listener.set_nonblocking(true).map_err(failed)?;
        let made = fs::symlink_metadata(path).map_err(failed)?;
        Ok(Waiting { listener, path: path.to_owned(), file: (made.dev(), made.ino()) })
    }

    /// Serves one QEMU after the other until `stop`; `log` is told when one comes or goes, and why.
    ///
    /// # Errors
    /// If nobody can be waited for any more.
    pub fn serve(&self, bus: &mut UsbBus, stop: &Stop, log: &mut dyn FnMut(&str)) -> Result<(), Report> {
        let failed =
            |error: io::Error| report(&self.path, &error.to_string(), "the system is out of something");
        loop {
            match stop.or_readable(&self.listener, UsbBus::LONGEST_IDLE).map_err(failed)? {
                Woken::Stop => return Ok(()),
                Woken::Readable => {}
                Woken::Time => {
                    bus.idle();
                    continue;
                }
            }
            let socket = match self.listener.accept() {
                Ok((socket, _)) => socket,
                // It thought better of it, or it was a signal that woke us.
                Err(error) if is_passing(&error) => continue,
                Err(error) => return Err(failed(error)),
            };
            log("QEMU has connected");
            match socket
                .set_nonblocking(false)
                .and_then(|()| serve(&socket, &mut UsbRedir::new(), bus, stop, &mut || Some(Look::ForEver)))
            {
                Ok(Ended::Stop | Ended::Enough) => return Ok(()),
                Ok(Ended::Peer) => log("QEMU has left"),
                Ok(Ended::Protocol(error)) => log(&format!("what connected is no QEMU: {error}")),
                Err(error) => log(&format!("the connection with QEMU failed: {error}")),
            }
            bus.reset();
        }
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        let is_ours = |file: fs::Metadata| (file.dev(), file.ino()) == self.file;
        if fs::symlink_metadata(&self.path).is_ok_and(is_ours) {
            // Nobody is left to be told.
            let _ = fs::remove_file(&self.path);
        }
    }
}

fn is_passing(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, Interrupted, WouldBlock};
    matches!(error.kind(), ConnectionAborted | Interrupted | WouldBlock)
}

/// Removes what a killed process left.
fn make_way(path: &Path) -> Result<(), Report> {
    let file = match fs::symlink_metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(report(path, &error.to_string(), "the folder may not be looked into")),
        Ok(file) => file,
    };
    if !file.file_type().is_socket() || file.uid() != geteuid().as_raw() {
        return Err(report(
            path,
            "there is a file of this name",
            "it is something else: choose another name",
        ));
    }
    match UnixStream::connect(path) {
        Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => {}
        Ok(_) => {
            return Err(report(path, "somebody listens there", "another `mlsensor sim usbredir` still runs"));
        }
        Err(error) => {
            return Err(report(path, &error.to_string(), "it is something else: choose another name"));
        }
    }
    fs::remove_file(path).map_err(|error| report(path, &error.to_string(), "the folder may not be written"))
}

fn report(path: &Path, what: &str, likely: &str) -> Report {
    let path = path.display();
    Report {
        what: format!("cannot wait for QEMU at {path}: {what}"),
        likely: likely.to_owned(),
        run: format!("ls -l '{path}'"),
        code: "MLSENSOR-SOCKET".to_owned(),
    }
}

/// The options by which a QEMU gets the adapter.
#[must_use]
pub fn qemu_options(path: &Path) -> [String; 6] {
    // In an option of QEMU, a comma is written twice.
    let path = path.display().to_string().replace(',', ",,");
    [
        "-chardev".to_owned(),
        format!("socket,id=mlsensor,path={path}"),
        "-device".to_owned(),
        "qemu-xhci".to_owned(),
        "-device".to_owned(),
        "usb-redir,chardev=mlsensor".to_owned(),
    ]
}
