//! A call of a program, while it is made: what is known of the program's memory, and what is to be written there.

use std::collections::VecDeque;
use std::os::fd::{AsFd as _, OwnedFd};

use super::sockets::{receive, send};
use super::wire::{self, DATA_MAX, Header};
use crate::virtual_bus::{Call, Errno, Memory};

/// The most bytes that one call may have read: the longest I2C_RDWR has 42 messages of 8192 bytes, and their heads.
const READ_MAX: usize = 512 * 1024;

/// The program's memory as far as it is known.
///
/// The supervisor must not wait for a program. So a call is tried with what is known; if it needs more, it fails, that
/// is asked for, and the call is tried again when it came. This is sound because a device reads all of its arguments
/// before it does anything, as the kernel's does. What it writes is sent along with the result; if the program has
/// no such memory, the result becomes `EFAULT`.
#[derive(Debug, Default)]
pub(super) struct Snapshot {
    known: Vec<(u64, Option<Vec<u8>>)>,
    missing: Option<(u64, usize)>,
    written: Vec<(u64, Vec<u8>)>,
    bytes: usize,
}

impl Snapshot {
    /// Adds what the program said is at an address: `None` if it has no memory there.
    pub(super) fn add(&mut self, at: u64, bytes: Option<Vec<u8>>) {
        self.bytes += bytes.as_ref().map_or(0, Vec::len);
        self.known.push((at, bytes));
    }

    /// What has to be asked for, if the last try failed for that. The next one begins anew.
    pub(super) fn take_missing(&mut self) -> Option<(u64, usize)> {
        let missing = self.missing.take();
        if missing.is_some() {
            self.written.clear();
        }
        missing
    }

    /// What was written, in pieces that fit into a message.
    fn take_written(&mut self) -> Vec<(u64, Vec<u8>)> {
        let mut pieces = Vec::new();
        for (at, bytes) in self.written.drain(..) {
            for (n, piece) in bytes.chunks(DATA_MAX).enumerate() {
                pieces.push((at.wrapping_add((n * DATA_MAX) as u64), piece.to_vec()));
            }
        }
        pieces
    }

    fn find(&self, at: u64, len: usize) -> Option<Result<&[u8], Errno>> {
        self.known.iter().find_map(|(start, bytes)| {
            let offset = usize::try_from(at.checked_sub(*start)?).ok()?;
            match bytes {
                Some(bytes) => bytes.get(offset..offset.checked_add(len)?).map(Ok),
                None => (offset == 0).then_some(Err(Errno::FAULT)),
            }
        })
    }
}

impl Memory for Snapshot {
    fn read(&mut self, at: u64, into: &mut [u8]) -> Result<(), Errno> {
        for (n, chunk) in into.chunks_mut(DATA_MAX).enumerate() {
            let at = at.checked_add((n * DATA_MAX) as u64).ok_or(Errno::FAULT)?;
            match self.find(at, chunk.len()) {
                Some(found) => chunk.copy_from_slice(found?),
                None if self.bytes + chunk.len() > READ_MAX => return Err(Errno::FAULT),
                None => {
                    self.missing.get_or_insert((at, chunk.len()));
                    return Err(Errno::FAULT);
                }
            }
        }
        Ok(())
    }

    fn write(&mut self, at: u64, bytes: &[u8]) -> Result<(), Errno> {
        self.written.push((at, bytes.to_vec()));
        Ok(())
    }
}

/// A message: a header, and bytes.
pub(super) fn message(kind: u32, value: i64, at: u64, bytes: &[u8]) -> Vec<u8> {
    let header = Header { kind, extra: 0, value, at, len: bytes.len() as u64 };
    let mut message = header.emit().to_vec();
    message.extend_from_slice(bytes);
    message
}

/// A connection that a program makes calls over, one at a time.
#[derive(Debug)]
pub(super) struct Conversation {
    /// The supervisor's end.
    pub(super) socket: OwnedFd,
    /// The call that is being made, and the key of the file that it is made on.
    pub(super) call: Option<(Call, u32)>,
    /// What is known of the program's memory.
    pub(super) memory: Snapshot,
    /// What the event loop waits for, if it does.
    pub(super) waits: Option<Waits>,
    /// What is to be sent yet, with a file that goes along.
    outgoing: VecDeque<(Vec<u8>, Option<OwnedFd>)>,
    /// The memory that was asked for.
    wanted: Option<(u64, usize)>,
}

/// What a conversation waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Waits {
    /// For something to be received.
    ToRead,
    /// For room in the socket.
    ToWrite,
}

/// What comes next in a conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Next {
    /// To wait.
    Wait(Waits),
    /// There is more memory: the call is to be tried again.
    Attempt,
    /// The program asks for something.
    Request(Header, Vec<u8>),
}

impl Conversation {
    /// One in which nothing was said yet.
    pub(super) fn new(socket: OwnedFd) -> Conversation {
        let (memory, outgoing) = (Snapshot::default(), VecDeque::new());
        Conversation { socket, call: None, memory, waits: None, outgoing, wanted: None }
    }

    /// Begins a call. `sent_along` is what the program has at `at`.
    pub(super) fn begin(&mut self, call: Call, file: u32, at: u64, sent_along: Vec<u8>) {
        self.call = Some((call, file));
        self.memory = Snapshot::default();
        if !sent_along.is_empty() {
            self.memory.add(at, Some(sent_along));
        }
    }

    /// Asks for memory.
    pub(super) fn want(&mut self, at: u64, len: usize) {
        let want = Header { kind: wire::WANT, at, len: len as u64, ..Header::default() };
        self.outgoing.push_back((want.emit().to_vec(), None));
        self.wanted = Some((at, len));
    }

    /// Ends what is no call with a message.
    pub(super) fn say(&mut self, message: Vec<u8>) {
        self.outgoing.push_back((message, None));
    }

    /// Ends the call with a result.
    pub(super) fn end(&mut self, result: i64) {
        let mut pieces = self.memory.take_written();
        // The last piece travels with the result.
        let (at, last) = pieces.pop().unwrap_or_default();
        self.put(pieces);
        self.outgoing.push_back((message(wire::DONE, result, at, &last), None));
        self.call = None;
    }

    /// Ends the call with a file of this key, whose number is to be written somewhere.
    pub(super) fn end_with_file(&mut self, at: u64, key: u32, file: OwnedFd) {
        let mut pieces = self.memory.take_written();
        // The program's side knows by this that it can write there.
        pieces.push((at, vec![0xFF; 4]));
        self.put(pieces);
        let done = Header { kind: wire::DONE, extra: key, at, ..Header::default() };
        self.outgoing.push_back((done.emit().to_vec(), Some(file)));
        self.call = None;
    }

    fn put(&mut self, pieces: Vec<(u64, Vec<u8>)>) {
        let puts = pieces.into_iter().map(|(at, bytes)| (message(wire::PUT, 0, at, &bytes), None));
        self.outgoing.extend(puts);
    }

    /// Sends what can be sent and takes what came.
    ///
    /// # Errors
    /// If there is nobody any more, or somebody who does not answer what was asked.
    pub(super) fn proceed(&mut self) -> Result<Next, Errno> {
        while let Some((bytes, file)) = self.outgoing.front() {
            match send(self.socket.as_fd(), bytes, file.as_ref().map(|file| file.as_fd())) {
                Ok(()) => drop(self.outgoing.pop_front()),
                Err(Errno::AGAIN) => return Ok(Next::Wait(Waits::ToWrite)),
                Err(Errno::INTR) => {}
                Err(errno) => return Err(errno),
            }
        }
        let (header, bytes) = match receive(self.socket.as_fd()) {
            Ok(received) => received.ok_or(Errno::PIPE)?,
            Err(Errno::AGAIN | Errno::INTR) => return Ok(Next::Wait(Waits::ToRead)),
            Err(errno) => return Err(errno),
        };
        let Some((at, len)) = self.wanted.take() else { return Ok(Next::Request(header, bytes)) };
        match header.kind {
            wire::HAVE if bytes.len() == len => self.memory.add(at, Some(bytes)),
            wire::FAULT => self.memory.add(at, None),
            _ => return Err(Errno::PROTO),
        }
        Ok(Next::Attempt)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::virtual_bus::preload::wire::Status;

    #[test]
    fn memory_that_is_not_known_is_asked_for_and_found_the_next_time() {
        let mut memory = Snapshot::default();
        let mut bytes = [0; 4];
        memory.write(8, &[1]).unwrap();
        assert_eq!(memory.read(100, &mut bytes), Err(Errno::FAULT));
        assert_eq!(memory.take_missing(), Some((100, 4)));
        // What was written in vain is forgotten: the next try writes it again.
        assert_eq!(memory.take_written(), []);
        memory.add(98, Some(vec![0, 1, 2, 3, 4, 5]));
        memory.read(100, &mut bytes).unwrap();
        assert_eq!((bytes, memory.take_missing()), ([2, 3, 4, 5], None));
    }

    #[test]
    fn memory_that_the_program_does_not_have_is_a_fault_and_not_asked_for_again() {
        let mut memory = Snapshot::default();
        memory.add(100, None);
        assert_eq!(memory.read(100, &mut [0; 4]), Err(Errno::FAULT));
        assert_eq!(memory.take_missing(), None);
    }

    #[test]
    fn more_memory_than_any_call_needs_is_a_fault() {
        let mut memory = Snapshot::default();
        let mut bytes = vec![0; READ_MAX + 1];
        let mut asked = 0;
        while memory.read(0, &mut bytes).is_err() {
            let Some((at, len)) = memory.take_missing() else { break };
            memory.add(at, Some(vec![0; len]));
            asked += len;
        }
        assert_eq!(asked, READ_MAX);
        assert_eq!(memory.read(u64::MAX, &mut [0; DATA_MAX + 1]), Err(Errno::FAULT));
    }

    #[test]
    fn what_is_written_is_sent_in_pieces_that_fit() {
        let mut memory = Snapshot::default();
        memory.write(7, &vec![9; DATA_MAX + 1]).unwrap();
        let pieces: Vec<_> = memory.take_written().iter().map(|(at, bytes)| (*at, bytes.len())).collect();
        assert_eq!(pieces, [(7, DATA_MAX), (7 + DATA_MAX as u64, 1)]);
    }

    #[test]
    fn a_header_and_a_status_are_what_the_library_reads() {
        let header = Header { kind: 0x0102, extra: 3, value: -4, at: 5, len: 6 };
        let bytes = header.emit();
        if cfg!(target_endian = "little") {
            let expected = [2, 1, 0, 0, 3, 0, 0, 0, 0xFC, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF];
            assert_eq!((&bytes[..16], bytes[16], bytes[24]), (&expected[..], 5, 6));
        }
        assert_eq!(Header::parse(&bytes), Some(header));
        assert_eq!(Header::parse(&bytes[..31]), None);
        let status = Status {
            mode: 0o020_660,
            user: 1,
            group: 2,
            numbers: (89, 3),
            file_system: (4, 5),
            inode: 6,
            seconds: -7,
        };
        assert_eq!(Status::parse(&status.emit()), Some(status));
        assert_eq!(Status::parse(&status.emit()[..47]), None);
    }
}
