//! The process that answers: one loop over what the program asks, what it closes, signals, and time.

use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::time::Duration;

use rustix::event::Timespec;
use rustix::event::epoll::{self, EventData, EventFlags};
use rustix::io::Errno;
use rustix::process::{Pid, Signal, WaitOptions, kill_process, wait};
use rustix::time::{
    Itimerspec, TimerfdClockId, TimerfdFlags, TimerfdTimerFlags, timerfd_create, timerfd_settime,
};

use super::super::launch::NotRun;
use super::answers::{Desk, Outcome};
use super::guard::{self, Line, Word};
use super::sys;

// What an event is about. Sockets have their own numbers, which begin far below.
const LISTENER: u64 = u64::MAX;
const SIGNALS: u64 = u64::MAX - 1;
const GUARD: u64 = u64::MAX - 2;
const CLOSED: u64 = u64::MAX - 3;
/// Deferred answers count down from here.
const DEFERRED: u64 = u64::MAX - 4;

/// So many events are looked at together.
const MOST_EVENTS: usize = 256;

/// An answer that is due later.
struct Deferred {
    token: u64,
    timer: OwnedFd,
    id: u64,
    outcome: Result<i64, Errno>,
}

/// Why the loop ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// No process is left that could ask.
    Alone,
    /// The guard is gone.
    Unguarded,
    /// The program has ended, and a signal says that what it left behind is to end too.
    Told,
}

/// Answers until nobody can ask any more.
pub(super) struct Supervisor {
    desk: Desk,
    signals: OwnedFd,
    guard: Line,
    program: Pid,
    has_ended: bool,
    deferred: Vec<Deferred>,
    next_token: u64,
}

fn watch(epoll: BorrowedFd<'_>, file: impl AsFd, token: u64) -> Result<(), Errno> {
    epoll::add(epoll, file, EventData::new_u64(token), EventFlags::IN)
}

fn timespec(time: Duration) -> Timespec {
    Timespec {
        tv_sec: i64::try_from(time.as_secs()).unwrap_or(i64::MAX),
        tv_nsec: i64::from(time.subsec_nanos()),
    }
}

impl Supervisor {
    pub(super) fn new(desk: Desk, signals: OwnedFd, guard: Line, program: Pid) -> Supervisor {
        sys::wake_in_sync(desk.listener.as_fd());
        Supervisor {
            desk,
            signals,
            guard,
            program,
            has_ended: false,
            deferred: Vec::new(),
            next_token: DEFERRED,
        }
    }

    /// Answers until nobody can ask any more.
    ///
    /// # Errors
    /// The kernel's, if it is out of something.
    pub(super) fn run(&mut self) -> Result<End, Errno> {
        let epoll = self.desk.epoll.as_fd();
        watch(epoll, &self.desk.listener, LISTENER)?;
        watch(epoll, &self.signals, SIGNALS)?;
        watch(epoll, &self.guard, GUARD)?;
        if let Some(closed) = self.desk.files.watch() {
            watch(epoll, closed, CLOSED)?;
        }
        let mut events = Vec::with_capacity(MOST_EVENTS);
        loop {
            let timeout = self.desk.machine.wake_in().map(timespec);
            events.clear();
            match epoll::wait(&self.desk.epoll, rustix::buffer::spare_capacity(&mut events), timeout.as_ref())
            {
                Ok(_) | Err(Errno::INTR) => {}
                Err(errno) => return Err(errno),
            }
            self.let_time_pass();
            let mut calls = None;
            for event in &events {
                let (token, flags) = (event.data.u64(), event.flags);
                match token {
                    LISTENER => calls = Some(flags),
                    SIGNALS => {
                        if let Some(end) = self.handle_signals() {
                            return Ok(end);
                        }
                    }
                    GUARD => {
                        if let Some(end) = self.listen_to_guard() {
                            return Ok(end);
                        }
                    }
                    CLOSED => {
                        for file in self.desk.files.closed() {
                            self.desk.machine.close(file);
                        }
                    }
                    token if token > self.next_token => self.answer_deferred(token),
                    socket => {
                        if let Some(file) = self.desk.files.notice(socket, flags, self.desk.epoll.as_fd()) {
                            self.desk.machine.close(file);
                        }
                    }
                }
            }
            // A call is answered after all that happened before it: a line that was let go of is free again.
            let is_all = events.len() < MOST_EVENTS;
            match calls {
                Some(flags) if !flags.contains(EventFlags::IN) => {
                    // Every process that had the filter is about to be gone: wait for the last.
                    self.reap(WaitOptions::empty());
                    return Ok(End::Alone);
                }
                Some(_) if is_all => self.answer()?,
                _ => {}
            }
        }
    }

    /// Says why it cannot go on.
    pub(super) fn give_up(&self, why: &NotRun) {
        self.guard.say(&Word::NotRun(why.clone()));
    }

    fn let_time_pass(&mut self) {
        for event in self.desk.machine.catch_up() {
            let queue = self.desk.machine.queue(event.file);
            self.desk.files.send(event.file, &event.bytes, queue);
        }
    }

    fn answer(&mut self) -> Result<(), Errno> {
        let asked = match sys::receive(self.desk.listener.as_fd()) {
            Ok(asked) => asked,
            // It was killed, or a signal came in between.
            Err(Errno::NOENT | Errno::INTR) => return Ok(()),
            Err(errno) => return Err(errno),
        };
        // A process that is gone by now needs no answer.
        let _gone = match self.desk.outcome(&asked) {
            Outcome::Answered => Ok(()),
            Outcome::Kernel => sys::let_kernel(self.desk.listener.as_fd(), asked.id),
            Outcome::Returns { outcome, after } if after.is_zero() => {
                sys::answer(self.desk.listener.as_fd(), asked.id, outcome)
            }
            Outcome::Returns { outcome, after } => match self.defer(asked.id, outcome, after) {
                Ok(()) => Ok(()),
                // Better too early than never.
                Err(_) => sys::answer(self.desk.listener.as_fd(), asked.id, outcome),
            },
        };
        Ok(())
    }

    /// Answers when the time of a transfer has passed. Others are answered meanwhile.
    fn defer(&mut self, id: u64, outcome: Result<i64, Errno>, after: Duration) -> Result<(), Errno> {
        let timer =
            timerfd_create(TimerfdClockId::Monotonic, TimerfdFlags::CLOEXEC | TimerfdFlags::NONBLOCK)?;
        let zero = Timespec { tv_sec: 0, tv_nsec: 0 };
        let due = Itimerspec { it_interval: zero, it_value: timespec(after) };
        timerfd_settime(&timer, TimerfdTimerFlags::empty(), &due)?;
        let token = self.next_token;
        self.next_token -= 1;
        watch(self.desk.epoll.as_fd(), &timer, token)?;
        self.deferred.push(Deferred { token, timer, id, outcome });
        Ok(())
    }

    fn answer_deferred(&mut self, token: u64) {
        if let Some(at) = self.deferred.iter().position(|deferred| deferred.token == token) {
            let Deferred { timer, id, outcome, .. } = self.deferred.swap_remove(at);
            drop(timer);
            let _gone = sys::answer(self.desk.listener.as_fd(), id, outcome);
        }
    }

    fn handle_signals(&mut self) -> Option<End> {
        while let Some(caught) = sys::caught(self.signals.as_fd()) {
            if caught.signal == libc::SIGCHLD {
                self.reap(WaitOptions::NOHANG);
            } else if self.has_ended && caught.is_sent {
                return Some(End::Told);
            }
            // The guard passes on what is sent to it. What a terminal sends, the program has got itself.
        }
        None
    }

    /// Waits for all children that have ended: the program, and what it left behind.
    fn reap(&mut self, options: WaitOptions) {
        loop {
            match wait(options) {
                Ok(Some((process, status))) if process == self.program => {
                    self.has_ended = true;
                    self.guard.say(&Word::Ended(status.as_raw()));
                }
                Ok(Some(_)) | Err(Errno::INTR) => {}
                Ok(None) | Err(_) => return,
            }
        }
    }

    fn listen_to_guard(&mut self) -> Option<End> {
        match self.guard.hear() {
            Some(Word::Signal(signal)) => {
                if let (false, Some(signal)) = (self.has_ended, Signal::from_named_raw(signal)) {
                    let _ = kill_process(self.program, signal);
                }
                None
            }
            Some(_) => None,
            None if self.has_ended => {
                // It has gone on with what the program returned. Processes that the program left keep their bus.
                let _ = epoll::delete(&self.desk.epoll, &self.guard);
                guard::fall_silent();
                None
            }
            None => Some(End::Unguarded),
        }
    }
}
