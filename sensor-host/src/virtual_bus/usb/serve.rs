//! A connection, carried between a socket and a session, until somebody wants it to end.

use std::io::{self, Read, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;

use super::{ProtocolError, UsbBus};

/// How long a peer may refuse to take an answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// What is said on a connection.
pub trait Session {
    /// What is said first.
    fn greeting(&mut self) -> Vec<u8>;

    /// Takes bytes as they come, in pieces of any length, and appends the answers to `out`.
    ///
    /// # Errors
    /// A [`ProtocolError`], if the connection cannot go on. What is in `out` may still be sent.
    fn received(&mut self, bytes: &[u8], bus: &mut UsbBus, out: &mut Vec<u8>) -> Result<(), ProtocolError>;
}

/// Ends what waits for it, from another thread or from the handler of a signal.
///
/// Waiting is for a pipe to be closed: so it can be waited for beside sockets.
#[derive(Debug)]
pub struct Stop {
    read: OwnedFd,
}

impl Stop {
    /// A wish to end, and the file that makes it known when it is dropped.
    ///
    /// # Errors
    /// If the process can open no more files.
    pub fn new() -> io::Result<(Stop, OwnedFd)> {
        let (read, write) = rustix::pipe::pipe_with(rustix::pipe::PipeFlags::CLOEXEC)?;
        Ok((Stop { read }, write))
    }

    /// Waits until `file` can be read, or this is wanted, or the time is over.
    ///
    /// # Errors
    /// If the kernel does not wait.
    pub fn or_readable(&self, file: &impl AsFd, at_most: Duration) -> io::Result<Woken> {
        let mut files = [PollFd::new(&self.read, PollFlags::IN), PollFd::new(file, PollFlags::IN)];
        if !wait(&mut files, at_most)? {
            return Ok(Woken::Time);
        }
        let [stop, _] = files;
        Ok(if stop.revents().is_empty() { Woken::Readable } else { Woken::Stop })
    }

    /// Waits for this time, or, if this is wanted, less long; whether it is wanted.
    fn within(&self, time: Duration) -> io::Result<bool> {
        Ok(!time.is_zero() && wait(&mut [PollFd::new(&self.read, PollFlags::IN)], time)?)
    }
}

/// Waits for one of these files; whether it was one, and not that the time is over or a signal came.
fn wait(files: &mut [PollFd<'_>], at_most: Duration) -> io::Result<bool> {
    let at_most = Timespec::try_from(at_most).ok();
    match poll(files, at_most.as_ref()) {
        Ok(ready) => Ok(ready != 0),
        Err(Errno::INTR) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// Why a wait is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Woken {
    /// Something can be read, or the other end is gone.
    Readable,
    /// It is to end.
    Stop,
    /// The time is over, or a signal came.
    Time,
}

/// How a connection ended.
#[derive(Debug)]
pub enum Ended {
    /// The peer closed it.
    Peer,
    /// It was wanted.
    Stop,
    /// The caller had seen enough.
    Enough,
    /// The peer did what its protocol does not allow.
    Protocol(ProtocolError),
}

/// Serves one connection until it ends. `look` is called before each wait, with what it may last at most; it says
/// `None` when it has seen enough.
///
/// # Errors
/// If the socket fails, or the peer takes no answer for 10 seconds.
pub fn serve(
    socket: &UnixStream,
    session: &mut dyn Session,
    bus: &mut UsbBus,
    stop: &Stop,
    look: &mut dyn FnMut() -> Option<Look>,
) -> io::Result<Ended> {
    socket.set_write_timeout(Some(PATIENCE))?;
    let mut socket = socket;
    if let Err(error) = socket.write_all(&session.greeting()) {
        return ended_by(error);
    }
    let mut bytes = vec![0; 4096];
    let mut out = Vec::new();
    loop {
        let at_most = match look() {
            None => return Ok(Ended::Enough),
            Some(Look::ForEver) => UsbBus::LONGEST_IDLE,
            Some(Look::Again(time)) => time.min(UsbBus::LONGEST_IDLE),
        };
        match stop.or_readable(&socket, at_most)? {
            Woken::Stop => return Ok(Ended::Stop),
            Woken::Time => {
                bus.idle();
                continue;
            }
            Woken::Readable => {}
        }
        let received = match socket.read(&mut bytes) {
            Ok(0) => return Ok(Ended::Peer),
            Ok(len) => bytes.get(..len).unwrap_or_default(),
            Err(error) => return ended_by(error),
        };
        out.clear();
        let outcome = session.received(received, bus, &mut out);
        // A real transfer takes its time.
        if stop.within(bus.take_time())? {
            return Ok(Ended::Stop);
        }
        if let Err(error) = socket.write_all(&out) {
            return ended_by(error);
        }
        if let Err(error) = outcome {
            return Ok(Ended::Protocol(error));
        }
    }
}

/// How long to wait before there is something to look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// There is nothing more to look at.
    ForEver,
    /// Again after this time at most.
    Again(Duration),
}

/// A peer that is gone is no failure of the socket.
fn ended_by(error: io::Error) -> io::Result<Ended> {
    match error.kind() {
        io::ErrorKind::BrokenPipe | io::ErrorKind::ConnectionReset => Ok(Ended::Peer),
        _ => Err(error),
    }
}
