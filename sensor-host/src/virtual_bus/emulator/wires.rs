//! Reading and writing FIFOs while a program runs and signals come.

use std::cell::{Cell, RefCell};
use std::io::{self, Read, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::process::ExitStatusExt;
use std::process::Child;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{Pid, Signal, kill_process};

use super::super::launch::Ended;
use super::super::seccomp::sys;
use super::{Errno, Fifos, Opened};

/// How long somebody waits at most to open a FIFO of which there is only one end left.
const NUDGE_EVERY: Timespec = Timespec { tv_sec: 0, tv_nsec: 50_000_000 };

const AT_ONCE: Timespec = Timespec { tv_sec: 0, tv_nsec: 0 };

/// Why a wait is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Woken {
    /// Something is to be read, or there is room to write; or the firmware has gone.
    Ready,
    /// The program has ended, and left nothing to be read.
    Ended(Ended),
    /// A signal that is not for a program.
    Interrupted,
    /// Nothing has happened for as long as was to be waited.
    Silent,
}

/// The FIFOs, the signals, and the program. To read gives the end of the file when the program has ended, or the firmware is
/// gone; to write then fails.
#[derive(Debug)]
pub(super) struct Wires<'a> {
    opened: Option<Opened>,
    signals: &'a OwnedFd,
    child: Option<RefCell<Child>>,
    ended: Cell<Option<Ended>>,
    is_interrupted: Cell<bool>,
}

impl<'a> Wires<'a> {
    pub(super) fn new(opened: Opened, signals: &'a OwnedFd, child: Option<Child>) -> Wires<'a> {
        Wires {
            opened: Some(opened),
            signals,
            child: child.map(RefCell::new),
            ended: Cell::new(None),
            is_interrupted: Cell::new(false),
        }
    }

    /// For the next firmware.
    pub(super) fn renew(&mut self, opened: Opened) {
        // What the one before did not read is not for the next.
        let mut unread = [0; 4096];
        while rustix::io::read(&opened.answers, &mut unread).is_ok_and(|count| count > 0) {}
        self.opened = Some(opened);
    }

    /// Waits until a firmware says something, or has come and gone; or for so long.
    pub(super) fn firmware(&self, patience: Option<&Timespec>) -> io::Result<Woken> {
        self.wait(PollFlags::IN, PollFlags::empty(), patience)
    }

    /// Lets go of the firmware, whose reads and writes fail from then on, and waits for the end of the program.
    pub(super) fn close_and_wait(&mut self, fifos: &Fifos) -> io::Result<Ended> {
        self.opened = None;
        loop {
            if let Some(ended) = self.ended.get() {
                return Ok(ended);
            }
            // Nothing tells that somebody waits for a FIFO to be opened at the other end.
            fifos.nudge();
            let mut files = [PollFd::new(self.signals, PollFlags::IN)];
            match poll(&mut files, Some(&NUDGE_EVERY)) {
                Err(Errno::INTR) => {}
                outcome => drop(outcome?),
            }
            self.take_signals()?;
        }
    }

    /// Whether there is no program, and a signal wants an end.
    pub(super) fn is_interrupted(&self) -> bool {
        self.is_interrupted.get()
    }

    /// Waits until there are requests, or room for answers, as asked for; without patience, for as long as it takes.
    fn wait(
        &self,
        requests: PollFlags,
        answers: PollFlags,
        patience: Option<&Timespec>,
    ) -> io::Result<Woken> {
        loop {
            let mut files = vec![PollFd::new(self.signals, PollFlags::IN)];
            if let Some(Opened { requests: from, answers: to }) = &self.opened {
                // That the firmware has gone is told unasked.
                files.push(PollFd::new(from, requests));
                files.push(PollFd::new(to, answers));
            }
            // Once it has ended, only what it left is looked for.
            match poll(&mut files, self.ended.get().map(|_| &AT_ONCE).or(patience)) {
                Err(Errno::INTR) => continue,
                outcome => outcome?,
            };
            let ready: Vec<bool> = files.iter().map(|file| !file.revents().is_empty()).collect();
            if ready.first() == Some(&true) {
                self.take_signals()?;
                if self.is_interrupted.get() {
                    return Ok(Woken::Interrupted);
                }
                // What it wrote last was there before its end: look again.
                continue;
            }
            if ready.iter().any(|&is_ready| is_ready) {
                return Ok(Woken::Ready);
            }
            if let Some(ended) = self.ended.get() {
                return Ok(Woken::Ended(ended));
            }
            return Ok(Woken::Silent);
        }
    }

    fn take_signals(&self) -> io::Result<()> {
        while let Some(caught) = sys::caught(self.signals.as_fd()) {
            match (&self.child, caught.signal) {
                (Some(child), libc::SIGCHLD) => {
                    let status = child.borrow_mut().try_wait()?;
                    self.ended.set(status.map(|status| Ended::from_status(status.into_raw())));
                }
                (None, libc::SIGCHLD) => {}
                (Some(child), signal) => {
                    // What a terminal sends, the program has got itself; and after its end nobody is to get it.
                    if let (true, None, Some(signal)) =
                        (caught.is_sent, self.ended.get(), Signal::from_named_raw(signal))
                    {
                        let _ = kill_process(Pid::from_child(&child.borrow()), signal);
                    }
                }
                (None, _) => self.is_interrupted.set(true),
            }
        }
        Ok(())
    }
}

impl Read for &Wires<'_> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        loop {
            let Some(Opened { requests, .. }) = &self.opened else { return Ok(0) };
            if self.wait(PollFlags::IN, PollFlags::empty(), None)? != Woken::Ready {
                return Ok(0);
            }
            match rustix::io::read(requests, &mut *bytes) {
                Err(Errno::AGAIN | Errno::INTR) => {}
                outcome => return Ok(outcome?),
            }
        }
    }
}

impl Write for &Wires<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        loop {
            let Some(Opened { answers, .. }) = &self.opened else { return Err(Errno::PIPE.into()) };
            match rustix::io::write(answers, bytes) {
                Err(Errno::INTR) => continue,
                Err(Errno::AGAIN) => {}
                outcome => return Ok(outcome?),
            }
            // There is no room: nobody reads.
            if self.wait(PollFlags::empty(), PollFlags::OUT, None)? != Woken::Ready || self.is_alone()? {
                return Err(Errno::PIPE.into());
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Wires<'_> {
    /// Whether the firmware has gone.
    fn is_alone(&self) -> io::Result<bool> {
        let Some(Opened { requests, .. }) = &self.opened else { return Ok(true) };
        let mut files = [PollFd::new(requests, PollFlags::empty())];
        poll(&mut files, Some(&AT_ONCE))?;
        Ok(files.iter().any(|file| file.revents().contains(PollFlags::HUP)))
    }
}

#[cfg(test)]
mod tests {
    use std::fs::{self, OpenOptions};

    use super::*;

    #[test]
    fn a_firmware_that_says_nothing_is_noticed_and_one_that_says_something_is_heard() {
        let folder = std::env::temp_dir().join(format!("mlsensor-wires-{}", std::process::id()));
        fs::create_dir(&folder).unwrap();
        let fifos = Fifos::make(&folder).unwrap();
        let (nothing, _kept) = std::os::unix::net::UnixStream::pair().unwrap();
        let signals = OwnedFd::from(nothing);
        let wires = Wires::new(fifos.open().unwrap(), &signals, None);
        assert_eq!(wires.firmware(Some(&AT_ONCE)).unwrap(), Woken::Silent);
        let mut firmware = OpenOptions::new().write(true).open(folder.join(super::super::REQUESTS)).unwrap();
        assert_eq!(wires.firmware(Some(&AT_ONCE)).unwrap(), Woken::Silent, "it has opened it, and no more");
        firmware.write_all(b"hello").unwrap();
        assert_eq!(wires.firmware(Some(&AT_ONCE)).unwrap(), Woken::Ready);
        drop((wires, fifos));
        fs::remove_dir(folder).unwrap();
    }
}
