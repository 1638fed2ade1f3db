//! The calls of programs, each of them tried until nothing is missing that it needs.

use std::os::fd::AsFd;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, epoll, poll};

use super::super::conversation::{Conversation, Next, Waits, message};
use super::super::sockets::failure;
use super::super::wire::{self, Header};
use super::{File, Purpose, Server, TURN};
use crate::virtual_bus::{Answer, Call, Errno, Node};

impl Server<'_> {
    /// Hears of files of the GPIO chip that were closed before a call was made, which may have come in the same turn: a
    /// line that a program let go is free.
    fn hear_ends(&mut self) {
        loop {
            let gpio: Vec<_> =
                self.files.iter().filter(|(_, file)| !matches!(file.node, Some(Node::Bus(_)))).collect();
            let mut polled: Vec<_> =
                gpio.iter().map(|(_, file)| PollFd::new(&file.socket, PollFlags::empty())).collect();
            if polled.is_empty() || !matches!(poll(&mut polled, Some(&Timespec::default())), Ok(1..)) {
                return;
            }
            let is_gone = polled.iter().map(|file| file.revents().contains(PollFlags::HUP));
            let gone: Vec<u64> =
                gpio.iter().zip(is_gone).filter(|(_, is_gone)| *is_gone).map(|((key, _), _)| **key).collect();
            if gone.is_empty() {
                return;
            }
            // What a program wrote there by itself is read first, and there is only so much of it.
            gone.into_iter().for_each(|key| self.ready(key));
        }
    }

    /// A program asks for something over a connection for calls.
    fn request(&mut self, conversation: &mut Conversation, header: Header, data: Vec<u8>) {
        let Header { kind, extra: request, value, at, len } = header;
        let known = u32::try_from(value).ok().and_then(|key| Some((key, self.files.get(&u64::from(key))?)));
        let Some((key, file)) = known else {
            return conversation.say(failure(Errno::BADF));
        };
        let call = match kind {
            wire::READ | wire::WRITE | wire::IOCTL if file.purpose.is_path() => {
                return conversation.say(failure(Errno::BADF));
            }
            wire::READ => Call::Read { at, len },
            wire::WRITE => Call::Write { at, len },
            wire::IOCTL => Call::Ioctl { request, argument: at },
            wire::FSTAT => return conversation.say(self.paths.status(file.node).emit()),
            wire::FLAGS => {
                return conversation.say(message(wire::DONE, file.purpose.0.into(), 0, &[]));
            }
            _ => return conversation.say(failure(Errno::NOSYS)),
        };
        conversation.begin(call, key, at, data);
    }

    /// Tries the call with what is known of the program's memory. How long it takes until it returns.
    fn attempt(&mut self, conversation: &mut Conversation) -> Duration {
        let Some((call, key)) = conversation.call else { return Duration::ZERO };
        if self.files.get(&u64::from(key)).is_some_and(|file| !matches!(file.node, Some(Node::Bus(_)))) {
            self.hear_ends();
        }
        // Another thread may have closed it.
        let Some(file) = self.files.get(&u64::from(key)).map(|file| file.id) else {
            conversation.end(-i64::from(Errno::BADF.raw_os_error()));
            return Duration::ZERO;
        };
        self.catch_up();
        let reply = self.machine.call(file, call, &mut conversation.memory);
        if let Some((at, len)) = conversation.memory.take_missing() {
            if let Ok(Answer::File { file, .. }) = reply.outcome {
                // A device that gives a file although it was refused memory.
                self.machine.close(file);
            }
            conversation.want(at, len);
            return Duration::ZERO;
        }
        match reply.outcome {
            Ok(Answer::Number(number)) => conversation.end(number),
            Ok(Answer::File { file: id, at }) => match self.events_file() {
                Ok((key, socket, there)) => {
                    self.keep(key, File { socket, id, node: None, purpose: Purpose::TO_READ });
                    conversation.end_with_file(at, key as u32, there);
                }
                Err(errno) => {
                    self.machine.close(id);
                    conversation.end(-i64::from(errno.raw_os_error()));
                }
            },
            Err(errno) => conversation.end(-i64::from(errno.raw_os_error())),
        }
        reply.after
    }

    pub(super) fn return_what_is_due(&mut self) {
        while let Some(entry) = self.later.first_entry() {
            let (due, key) = *entry.key();
            if due > Instant::now() {
                return;
            }
            let conversation = entry.remove();
            self.go_on(key, conversation);
        }
    }

    /// Sends what can be sent and does what is asked for, until there is something to wait for.
    pub(super) fn go_on(&mut self, key: u64, mut conversation: Conversation) {
        // A program that always has something to say is to let others have their turn.
        for _ in 0..TURN {
            let next = match conversation.proceed() {
                Ok(next) => next,
                // The program is gone, or does not keep to the rules.
                Err(_) => return,
            };
            match next {
                Next::Wait(waits) => return self.wait(key, conversation, waits),
                Next::Attempt => {}
                Next::Request(header, data) => self.request(&mut conversation, header, data),
            }
            let after = self.attempt(&mut conversation);
            if !after.is_zero() {
                if conversation.waits.take().is_some() {
                    let _ = epoll::delete(&self.epoll, &conversation.socket);
                }
                self.later.insert((Instant::now() + after, key), conversation);
                return;
            }
        }
        // There may be something to be sent; if not, this comes to the same.
        self.wait(key, conversation, Waits::ToWrite);
    }

    fn wait(&mut self, key: u64, mut conversation: Conversation, waits: Waits) {
        let flags = match waits {
            Waits::ToRead => epoll::EventFlags::IN,
            Waits::ToWrite => epoll::EventFlags::OUT,
        };
        let watched = match conversation.waits {
            Some(before) if before == waits => Ok(()),
            Some(_) => {
                let data = epoll::EventData::new_u64(key);
                epoll::modify(&self.epoll, &conversation.socket, data, flags)
            }
            None => self.watch(conversation.socket.as_fd(), key, flags),
        };
        if watched.is_ok() {
            conversation.waits = Some(waits);
            self.conversations.insert(key, conversation);
        }
    }
}
