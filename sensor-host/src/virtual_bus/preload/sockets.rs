//! Sockets that keep the bounds of messages, and the messages of this side.

use std::io::IoSlice;
use std::mem::MaybeUninit;
use std::os::fd::{BorrowedFd, OwnedFd};

use rustix::net::{
    AddressFamily, RecvFlags, SendAncillaryBuffer, SendAncillaryMessage, SendFlags, SocketAddrUnix,
    SocketFlags, SocketType, bind, listen, recv, sendmsg, socket_with,
};

use super::conversation::message;
use super::wire::{self, DATA_MAX, HEADER, Header};
use crate::virtual_bus::Errno;

/// How many connections may wait to be accepted. The kernel may cut it.
const BACKLOG: i32 = 4096;

pub(super) fn socket() -> Result<OwnedFd, Errno> {
    socket_with(AddressFamily::UNIX, SocketType::SEQPACKET, SocketFlags::CLOEXEC, None)
}

pub(super) fn listening(at: &SocketAddrUnix) -> Result<OwnedFd, Errno> {
    let flags = SocketFlags::CLOEXEC | SocketFlags::NONBLOCK;
    let socket = socket_with(AddressFamily::UNIX, SocketType::SEQPACKET, flags, None)?;
    bind(&socket, at)?;
    listen(&socket, BACKLOG)?;
    Ok(socket)
}

/// A message about a file with this key.
pub(super) fn keyed(kind: u32, key: u64) -> Vec<u8> {
    Header { kind, extra: key as u32, ..Header::default() }.emit().to_vec()
}

pub(super) fn failure(errno: Errno) -> Vec<u8> {
    message(wire::DONE, -i64::from(errno.raw_os_error()), 0, &[])
}

/// Sends a whole message, with a file if there is one, without waiting.
pub(super) fn send(to: BorrowedFd<'_>, bytes: &[u8], file: Option<BorrowedFd<'_>>) -> Result<(), Errno> {
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
    let mut control = SendAncillaryBuffer::new(&mut space);
    let files: Vec<_> = file.into_iter().collect();
    if !files.is_empty() {
        control.push(SendAncillaryMessage::ScmRights(&files));
    }
    let flags = SendFlags::DONTWAIT | SendFlags::NOSIGNAL;
    sendmsg(to, &[IoSlice::new(bytes)], &mut control, flags).map(drop)
}

/// Receives a whole message, without waiting. `None` at the end. What is no message of ours has a header of zeros.
pub(super) fn receive(from: BorrowedFd<'_>) -> Result<Option<(Header, Vec<u8>)>, Errno> {
    let mut bytes = [0; HEADER + DATA_MAX];
    let (_, got) = recv(from, &mut bytes, RecvFlags::DONTWAIT)?;
    if got == 0 {
        return Ok(None);
    }
    let got = bytes.get(..got).unwrap_or_default();
    let header = Header::parse(got).unwrap_or_default();
    Ok(Some((header, got.get(HEADER..).unwrap_or_default().to_vec())))
}
