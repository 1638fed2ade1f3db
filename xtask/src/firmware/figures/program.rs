//! A finished program: how much memory it takes, and where a routine is.

use std::{collections::BTreeMap, fs, ops::Range, path::Path};

use object::{File, Object as _, ObjectSection as _, ObjectSymbol as _, SectionKind, SymbolKind};

use crate::failure::Failure;

/// Bytes of a program's memory, without the compiler's routines that copy and fill memory: nearly all firmware has those
/// already, and for a Cortex-M0 they are as large as a driver.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Weighed {
    pub flash: u64,
    pub ram: u64,
}

impl Weighed {
    pub(super) fn read(path: &Path) -> Result<Self, Failure> {
        with_file(path, |file| {
            let mut weighed = Weighed { flash: 0, ram: 0 };
            for section in file.sections() {
                let (flash, ram) = where_it_lies(section.kind());
                weighed.flash += if flash { section.size() } else { 0 };
                weighed.ram += if ram { section.size() } else { 0 };
            }
            let routines = routines(file)?.into_iter().filter(|(name, _)| moves_memory(name));
            // One routine may have several names.
            let routines: BTreeMap<u64, u64> =
                routines.map(|(_, range)| (range.start, range.end - range.start)).collect();
            weighed.flash -= routines.values().sum::<u64>();
            Ok(weighed)
        })
    }
}

/// In flash, in RAM. Variables with a value at start are in both. (Tables for unwinding are in neither: nothing unwinds.)
fn where_it_lies(kind: SectionKind) -> (bool, bool) {
    match kind {
        SectionKind::Text | SectionKind::ReadOnlyData | SectionKind::ReadOnlyString => (true, false),
        SectionKind::Data => (true, true),
        SectionKind::UninitializedData => (false, true),
        _ => (false, false),
    }
}

/// Whether this is one of the compiler's routines that copy, fill or compare memory.
fn moves_memory(name: &str) -> bool {
    let name = name.rsplit("::").next().unwrap_or(name);
    let name = name.strip_prefix("__aeabi_").unwrap_or(name);
    let name = name.trim_end_matches(['4', '8']);
    ["memcpy", "memmove", "memset", "memclr", "memcmp"].contains(&name)
}

/// Where the one routine is whose name begins like that.
pub(super) fn find(path: &Path, begins: &str) -> Result<Range<u64>, Failure> {
    let found = with_file(path, |file| {
        let is_it = |name: &str| name.strip_prefix(begins).is_some_and(|rest| !rest.contains("{{closure}}"));
        Ok(routines(file)?
            .into_iter()
            .filter(|(name, _)| is_it(name))
            .map(|(_, range)| range)
            .collect::<Vec<_>>())
    })?;
    match found.as_slice() {
        [range] => Ok(range.clone()),
        _ => Err(Failure::new(
            "XTASK-FIGURES-SYMBOL",
            format!("{} holds {} routines `{begins}`, and must hold one", path.display(), found.len()),
            "the compiler has put it into its caller, or names it otherwise",
            format!("nm -C {}", path.display()),
        )),
    }
}

/// The routines by their names in the source. On ARM, bit 0 of an address says "Thumb", not where the code is.
fn routines(file: &File<'_>) -> Result<Vec<(String, Range<u64>)>, object::Error> {
    let text = file.symbols().filter(|symbol| symbol.kind() == SymbolKind::Text);
    text.map(|symbol| {
        let start = symbol.address() & !1;
        let name = format!("{:#}", rustc_demangle::demangle(symbol.name()?));
        Ok((name, start..start + symbol.size()))
    })
    .collect()
}

fn with_file<T>(path: &Path, look: impl Fn(&File<'_>) -> Result<T, object::Error>) -> Result<T, Failure> {
    let data = fs::read(path).map_err(|error| Failure::io(path, &error))?;
    File::parse(&*data).and_then(|file| look(&file)).map_err(|error| {
        Failure::new(
            "XTASK-ELF",
            format!("{}: {error}", path.display()),
            "the linker wrote something that is no ELF file",
            format!("file {}", path.display()),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn routines_that_move_memory_are_told_from_others() {
        for name in ["memcpy", "__aeabi_memclr4", "__aeabi_memcpy8", "compiler_builtins::mem::memset"] {
            assert!(moves_memory(name), "{name}");
        }
        for name in ["_start", "mlsensor::crc::crc16_mcrf4xx", "__aeabi_uidiv", "core::mem::memcpy_to_wire"] {
            assert!(!moves_memory(name), "{name}");
        }
    }

    #[test]
    fn a_variable_with_a_value_at_start_takes_both_memories() {
        assert_eq!(where_it_lies(SectionKind::Data), (true, true));
        assert_eq!(where_it_lies(SectionKind::UninitializedData), (false, true));
        assert_eq!(where_it_lies(SectionKind::ReadOnlyString), (true, false));
        assert_eq!(where_it_lies(SectionKind::Debug), (false, false));
    }
}
