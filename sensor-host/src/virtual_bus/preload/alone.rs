//! The server alone, with no program and no other process: only in a build for fuzzing, for the target `conversation`.

use std::fs;
use std::io;
use std::path::PathBuf;
use std::time::Duration;

use super::paths::Paths;
use super::place::Place;
use super::server::Server;
use super::wire;
use crate::virtual_bus::{Errno, Machine};

/// Where the server can be reached, and the files that it tells of: made once, as that takes longer than many inputs.
#[derive(Debug)]
pub struct Site {
    place: Place,
    paths: Paths,
}

impl Site {
    /// For machines with the devices of this one.
    ///
    /// # Errors
    /// If there is no room for the files.
    pub fn of(machine: &Machine) -> io::Result<Site> {
        let place = Place::make(&[]).map_err(|report| io::Error::other(report.to_string()))?;
        Ok(Site { place, paths: Paths::of(machine)? })
    }

    /// Where its socket of this name is, such as `/calls`.
    #[must_use]
    pub fn socket(&self, name: &str) -> PathBuf {
        self.place.socket(name)
    }

    /// A server of this machine, which can be connected to from now on.
    ///
    /// # Errors
    /// The kernel's.
    pub fn serve<'a>(&'a self, machine: &'a mut Machine) -> Result<Alone<'a>, Errno> {
        for name in [wire::CALLS, wire::EVENTS, wire::TALKS] {
            let _ = fs::remove_file(self.place.socket(name));
        }
        Server::listen(machine, &self.paths, &self.place).map(Alone)
    }
}

/// A server that does something when it is told to.
#[derive(Debug)]
pub struct Alone<'a>(Server<'a>);

impl Alone<'_> {
    /// Does what there is to be done, in so many turns at most. Whether nothing is left then.
    ///
    /// # Errors
    /// What would end the server.
    pub fn rest(&mut self, most: u32) -> Result<bool, Errno> {
        for _ in 0..most {
            if self.0.turn(Some(Duration::ZERO))?.is_none() {
                return Ok(true);
            }
        }
        Ok(false)
    }
}
