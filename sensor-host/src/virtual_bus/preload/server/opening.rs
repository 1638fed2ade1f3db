//! New connections, and the files that they become.

use std::os::fd::{AsFd, OwnedFd};

use rustix::event::epoll;
use rustix::net::{SocketFlags, accept_with, connect};

use super::super::conversation::Conversation;
use super::super::paths::Told;
use super::super::sockets::{failure, keyed, receive, send, socket};
use super::super::wire;
use super::{File, Purpose, Server};
use crate::virtual_bus::{Access, Errno, Node};

impl Server<'_> {
    pub(super) fn accept(&mut self, talks: bool) {
        let flags = SocketFlags::CLOEXEC | SocketFlags::NONBLOCK;
        let from = if talks { &self.talks } else { &self.calls };
        match accept_with(from, flags) {
            Ok(socket) if talks => {
                let key = self.key();
                self.go_on(key, Conversation::new(socket));
            }
            Ok(socket) => {
                let key = self.key();
                if self.watch(socket.as_fd(), key, epoll::EventFlags::IN).is_ok() {
                    self.new.insert(key, socket);
                }
            }
            Err(Errno::MFILE | Errno::NFILE) => {
                // It would be accepted in vain again and again.
                drop(self.spare.take());
                if let Ok(socket) = accept_with(from, flags) {
                    let _ = send(socket.as_fd(), &failure(Errno::NFILE), None);
                }
                self.spare = socket().ok();
            }
            Err(_) => {}
        }
    }

    /// A connection says what it wants. What is not understood is hung up.
    pub(super) fn first_request(&mut self, key: u64, socket: OwnedFd) {
        let (header, path) = match receive(socket.as_fd()) {
            Ok(Some(received)) => received,
            Err(Errno::AGAIN | Errno::INTR) => {
                self.new.insert(key, socket);
                return;
            }
            _ => return,
        };
        let answer = match header.kind {
            wire::NAME => self.paths.name(&path),
            wire::LOOK => self.paths.look(&path, header.extra == 1),
            wire::OPEN => match self.paths.open(&path, header.extra) {
                Told::Open(node) => return self.open(key, socket, node, header.extra),
                told => told,
            },
            _ => return,
        };
        let _ = send(socket.as_fd(), &answer.emit(), None);
    }

    fn open(&mut self, key: u64, socket: OwnedFd, node: Node, flags: u32) {
        let opened = self.machine.open(node, Access::from_flags(flags));
        let id = match opened {
            Ok(id) => id,
            Err(errno) => {
                let _ = send(socket.as_fd(), &failure(errno), None);
                return;
            }
        };
        let (key, kept) = match node {
            Node::Bus(_) => {
                // Besides the answer there is always something to be read: so a bus looks ready to whoever waits for it,
                // as a real one does.
                let opened = send(socket.as_fd(), &keyed(wire::OPENED, key), None);
                if opened.and_then(|()| send(socket.as_fd(), &[0], None)).is_err() {
                    return self.machine.close(id);
                }
                (key, socket)
            }
            _ => match self.events_file() {
                Ok((key, here, there)) => {
                    let attached = keyed(wire::ATTACHED, key);
                    if send(socket.as_fd(), &attached, Some(there.as_fd())).is_err() {
                        return self.machine.close(id);
                    }
                    (key, here)
                }
                Err(errno) => {
                    let _ = send(socket.as_fd(), &failure(errno), None);
                    return self.machine.close(id);
                }
            },
        };
        self.keep(key, File { socket: kept, id, node: Some(node), purpose: Purpose::of(flags) });
    }

    pub(super) fn keep(&mut self, key: u64, file: File) {
        self.keys.insert(file.id, key);
        self.files.insert(key, file);
    }

    /// A file that the program reads by itself: its key, this side's end and the program's.
    pub(super) fn events_file(&mut self) -> Result<(u64, OwnedFd, OwnedFd), Errno> {
        let there = socket()?;
        connect(&there, &self.events_at)?;
        let here = accept_with(&self.events, SocketFlags::CLOEXEC | SocketFlags::NONBLOCK)?;
        let key = self.key();
        self.watch(here.as_fd(), key, epoll::EventFlags::IN)?;
        Ok((key, here, there))
    }
}
