//! The file that a kernel takes its first files from: an archive in cpio's format "newc", as the kernel's
//! `Documentation/driver-api/early-userspace/buffer-format.rst` describes it.

/// An archive.
#[derive(Default)]
pub(super) struct Initramfs {
    bytes: Vec<u8>,
    entries: u32,
}

const FOLDER: u32 = 0o040_755;
/// Whoever is in the guest may run everything.
const FILE: u32 = 0o100_755;

impl Initramfs {
    /// A folder, which must come before what is in it.
    pub(super) fn folder(&mut self, path: &str) {
        self.entry(path, FOLDER, &[]);
    }

    pub(super) fn file(&mut self, path: &str, data: &[u8]) {
        self.entry(path, FILE, data);
    }

    pub(super) fn finish(mut self) -> Vec<u8> {
        self.entry("TRAILER!!!", 0, &[]);
        self.bytes
    }

    fn entry(&mut self, path: &str, mode: u32, data: &[u8]) {
        self.entries += 1;
        let len = |len: usize| u32::try_from(len).unwrap_or(u32::MAX);
        // Number, mode, user, group, links, time, length, four numbers of devices, length of the name, no checksum.
        let fields = [self.entries, mode, 0, 0, 1, 0, len(data.len()), 0, 0, 0, 0, len(path.len() + 1), 0];
        self.bytes.extend(b"070701");
        for field in fields {
            self.bytes.extend(format!("{field:08x}").bytes());
        }
        self.bytes.extend(path.bytes());
        self.bytes.push(0);
        self.pad();
        self.bytes.extend(data);
        self.pad();
    }

    /// The next part begins at a multiple of four bytes.
    fn pad(&mut self) {
        self.bytes.resize(self.bytes.len().next_multiple_of(4), 0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_archive_is_what_the_kernel_reads() {
        let mut image = Initramfs::default();
        image.folder("bin");
        image.file("bin/a", b"hello");
        let expected = concat!(
            "070701",
            "00000001000041ed00000000000000000000000100000000000000000000000000000000",
            "000000000000000000000004",
            "00000000",
            "bin\0\0\0",
            "070701",
            "00000002000081ed00000000000000000000000100000000000000050000000000000000",
            "000000000000000000000006",
            "00000000",
            "bin/a\0",
            "hello\0\0\0",
            "070701",
            "000000030000000000000000000000000000000100000000000000000000000000000000",
            "00000000000000000000000b",
            "00000000",
            "TRAILER!!!\0\0\0\0",
        );
        assert_eq!(String::from_utf8(image.finish()).unwrap(), expected);
    }
}
