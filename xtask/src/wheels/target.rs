//! What there are wheels for.

/// A kind of computer that a wheel is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Target {
    /// As pip calls its processor.
    pub name: &'static str,
    /// As Rust calls it.
    pub triple: &'static str,
    /// What maturin holds the wheel to.
    pub compatibility: &'static str,
    /// What the wheel's name must end with, so that pip takes it.
    pub tag: &'static str,
    /// On what its tests are run, if that is not this machine.
    pub emulated: Option<Emulated>,
}

/// A system for it, of Debian's packages, in an emulator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Emulated {
    pub debian: &'static str,
    pub emulator: &'static str,
    pub processor: &'static str,
}

/// The 64-bit Raspberry Pi OS, on a Raspberry Pi 3 and newer.
pub(super) const AARCH64: Target = Target {
    name: "aarch64",
    triple: "aarch64-unknown-linux-gnu",
    compatibility: "manylinux_2_17",
    tag: "cp39-abi3-manylinux2014_aarch64.manylinux_2_17_aarch64",
    emulated: Some(Emulated {
        debian: "arm64",
        emulator: "qemu-aarch64-static",
        // That of a Raspberry Pi 4.
        processor: "cortex-a72",
    }),
};

/// The same on the 32-bit Raspberry Pi OS, on a Raspberry Pi 2 and newer.
const ARMV7L: Target = Target {
    name: "armv7l",
    triple: "armv7-unknown-linux-gnueabihf",
    compatibility: "manylinux_2_17",
    tag: "cp39-abi3-manylinux2014_armv7l.manylinux_2_17_armv7l",
    emulated: Some(ARMHF),
};

/// The first Raspberry Pi, the Zero and the Zero W. There is no manylinux for them.
pub(super) const ARMV6L: Target = Target {
    name: "armv6l",
    triple: "arm-unknown-linux-gnueabihf",
    compatibility: "pypi",
    tag: "cp39-abi3-linux_armv6l",
    // Debian has no Python for this processor: that of a Raspberry Pi 2 runs it as well.
    emulated: Some(ARMHF),
};

const X86_64: Target = Target {
    name: "x86_64",
    triple: "x86_64-unknown-linux-gnu",
    compatibility: "manylinux_2_17",
    tag: "cp39-abi3-manylinux2014_x86_64.manylinux_2_17_x86_64",
    emulated: None,
};

/// That of a Raspberry Pi 2.
const ARMHF: Emulated = Emulated { debian: "armhf", emulator: "qemu-arm-static", processor: "cortex-a7" };

impl Target {
    /// All of them.
    pub(crate) const ALL: [Target; 4] = [X86_64, AARCH64, ARMV7L, ARMV6L];

    /// What pip knows this computer by: the last part of the tag.
    pub(super) fn platform(&self) -> &'static str {
        self.tag.rsplit(['-', '.']).next().unwrap_or(self.tag)
    }

    /// Whether nothing in it may be newer than ARMv6.
    pub(super) fn is_armv6(&self) -> bool {
        self.triple.starts_with("arm-")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pip_is_told_the_newest_of_a_wheels_names() {
        let platforms = Target::ALL.map(|target| target.platform());
        assert_eq!(
            platforms,
            ["manylinux_2_17_x86_64", "manylinux_2_17_aarch64", "manylinux_2_17_armv7l", "linux_armv6l"]
        );
        assert!(Target::ALL.iter().all(|target| target.platform().ends_with(target.name)));
        assert_eq!(Target::ALL.map(|target| target.is_armv6()), [false, false, false, true]);
    }
}
