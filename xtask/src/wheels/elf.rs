//! What a native module asks of the computer that loads it.

use object::{Architecture, File, Object as _, ObjectSection as _};

use super::target::Target;

/// The oldest C library with which it runs, as in `GLIBC_2.17`; or why it is not what it should be.
pub(super) fn judge(data: &[u8], target: &Target) -> Result<(u32, u32), String> {
    let file = File::parse(data).map_err(|error| format!("it is no ELF file: {error}"))?;
    let expected = match target.name {
        "x86_64" => Architecture::X86_64,
        "aarch64" => Architecture::Aarch64,
        _ => Architecture::Arm,
    };
    if file.architecture() != expected {
        return Err(format!("it is for {:?}", file.architecture()));
    }
    if target.is_armv6() {
        let section = file.section_by_name(".ARM.attributes").and_then(|section| section.data().ok());
        armv6(section.ok_or("it does not say for which ARM it is")?)?;
    }
    let names = file.section_by_name(".dynstr").and_then(|section| section.data().ok()).unwrap_or_default();
    newest_glibc(names).ok_or_else(|| "it names no version of the C library".into())
}

/// The newest version of the C library among texts with a zero behind each.
fn newest_glibc(names: &[u8]) -> Option<(u32, u32)> {
    let versions = names.split(|&byte| byte == 0).filter_map(|name| {
        let version = std::str::from_utf8(name).ok()?.strip_prefix("GLIBC_")?;
        let mut numbers = version.split('.');
        Some((numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?))
    });
    versions.max()
}

/// An attribute of the whole file, and what of it an ARM1176 can do.
/// (Addenda to the ABI for the Arm Architecture, "Target-related attributes".)
struct Rule {
    tag: u64,
    name: &'static str,
    can: fn(u64) -> bool,
}

const OF_AN_ARM1176: [Rule; 4] = [
    // v6, v6KZ, v6K; 8 is v6T2, which has Thumb-2.
    Rule { tag: 6, name: "Tag_CPU_arch", can: |value| matches!(value, 0..=7 | 9) },
    Rule { tag: 9, name: "Tag_THUMB_ISA_use", can: |value| value <= 1 },
    // VFPv2.
    Rule { tag: 10, name: "Tag_FP_arch", can: |value| value <= 2 },
    Rule { tag: 12, name: "Tag_Advanced_SIMD_arch", can: |value| value == 0 },
];

/// Whether an ARM1176, the processor of the first Raspberry Pi, can run what has these attributes.
fn armv6(section: &[u8]) -> Result<(), String> {
    let attributes = attributes(section).ok_or("what it says of itself cannot be read")?;
    if !attributes.iter().any(|(tag, _)| *tag == 6) {
        return Err("it does not say for which ARM it is".into());
    }
    for (tag, value) in attributes {
        if let Some(rule) = OF_AN_ARM1176.iter().find(|rule| rule.tag == tag && !(rule.can)(value)) {
            return Err(format!("an ARMv6 cannot run it: {} is {value}", rule.name));
        }
    }
    Ok(())
}

/// The attributes of the whole file that are numbers, by their tags: those of the section for `aeabi`.
fn attributes(section: &[u8]) -> Option<Vec<(u64, u64)>> {
    let mut rest = section.strip_prefix(b"A")?;
    while !rest.is_empty() {
        let length = usize::try_from(u32::from_le_bytes(rest.get(..4)?.try_into().ok()?)).ok()?;
        let vendor = rest.get(4..length)?;
        if let Some(of_file) = vendor.strip_prefix(b"aeabi\0") {
            // The first subsection, whose tag is 1, is that of the whole file.
            let (tag, size) = (*of_file.first()?, of_file.get(1..5)?);
            let size = usize::try_from(u32::from_le_bytes(size.try_into().ok()?)).ok()?;
            return if tag == 1 { pairs(of_file.get(5..size)?) } else { None };
        }
        rest = rest.get(length..)?;
    }
    None
}

fn pairs(mut bytes: &[u8]) -> Option<Vec<(u64, u64)>> {
    let mut found = Vec::new();
    while !bytes.is_empty() {
        let tag = number(&mut bytes)?;
        // 4, 5, 67 and the odd ones above 32 are texts; 32 is a number and a text.
        let is_text = matches!(tag, 4 | 5 | 67) || (tag > 32 && tag % 2 == 1);
        if !is_text {
            found.push((tag, number(&mut bytes)?));
        }
        if is_text || tag == 32 {
            let end = bytes.iter().position(|&byte| byte == 0)?;
            bytes = bytes.get(end + 1..)?;
        }
    }
    Some(found)
}

/// A number in seven bits a byte, the lowest first.
fn number(bytes: &mut &[u8]) -> Option<u64> {
    let mut value = 0;
    for shift in (0..63).step_by(7) {
        let (first, rest) = bytes.split_first()?;
        *bytes = rest;
        value |= u64::from(first & 0x7f) << shift;
        if first & 0x80 == 0 {
            return Some(value);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A section as a linker writes it: `of_file` are the attributes.
    fn section(of_file: &[u8]) -> Vec<u8> {
        let size = u8::try_from(of_file.len()).unwrap();
        let mut section = vec![b'A', size + 15, 0, 0, 0];
        section.extend(b"aeabi\0");
        section.extend([1, size + 5, 0, 0, 0]);
        section.extend(of_file);
        section
    }

    #[test]
    fn what_gcc_says_of_armv6_and_of_armv7_is_told_apart() {
        // As `readelf -A` shows them: CPU_name "6", CPU_arch v6, ARM_ISA_use, THUMB_ISA_use Thumb-1, FP_arch VFPv2.
        let first_raspberry_pi = section(b"\x05ARM v6\0\x06\x06\x08\x01\x09\x01\x0a\x02");
        assert_eq!(armv6(&first_raspberry_pi), Ok(()));
        // CPU_arch v7, profile A, Thumb-2, VFPv3-D16.
        let raspberry_pi_2 = section(b"\x05 7-A\0\x06\x0a\x07A\x08\x01\x09\x02\x0a\x04");
        assert_eq!(armv6(&raspberry_pi_2).unwrap_err(), "an ARMv6 cannot run it: Tag_CPU_arch is 10");
        for (of_file, name) in [
            (&b"\x06\x08"[..], "Tag_CPU_arch is 8"),
            (b"\x06\x07\x09\x02", "Tag_THUMB_ISA_use is 2"),
            (b"\x06\x09\x0a\x03", "Tag_FP_arch is 3"),
            (b"\x06\x06\x0c\x01", "Tag_Advanced_SIMD_arch is 1"),
        ] {
            assert!(armv6(&section(of_file)).unwrap_err().ends_with(name), "{name}");
        }
    }

    #[test]
    fn what_says_nothing_is_not_taken_for_armv6() {
        assert!(armv6(b"").is_err() && armv6(b"A").is_err() && armv6(&section(b"")).is_err());
        assert!(armv6(&section(b"\x06")).is_err(), "cut off");
        assert!(armv6(&section(b"\x05no end")).is_err());
    }

    #[test]
    fn the_newest_c_library_counts() {
        assert_eq!(newest_glibc(b"\0memcpy\0GLIBC_2.4\0GLIBC_2.17\0GLIBC_2.9\0libc.so.6\0"), Some((2, 17)));
        assert_eq!(newest_glibc(b"\0memcpy\0GLIBC_PRIVATE\0"), None);
    }

    #[test]
    fn a_program_of_this_machine_is_for_no_other() {
        let own = std::fs::read(std::env::current_exe().unwrap()).unwrap();
        let other = super::super::target::ARMV6L;
        assert!(judge(&own, &other).unwrap_err().starts_with("it is for "));
    }
}
