//! A finished program: its size, its routines, and who calls whom.
//!
//! Programs must be linked with `--emit-relocs`: the linker then leaves in the file which place refers to
//! which symbol, and that is the call graph.

use std::{collections::BTreeSet, fs, path::Path};

use object::{
    File, Object as _, ObjectSection as _, ObjectSymbol as _, RelocationTarget, SectionKind, SymbolKind,
};

use crate::failure::Failure;

/// One routine of a program, by the name that a person would give it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Routine {
    pub name: String,
    /// Who refers to it; empty if nobody is known to.
    pub callers: BTreeSet<String>,
}

pub(crate) struct Program {
    /// Bytes of code, without constants.
    pub code_size: u64,
    /// How many places refer to a symbol. None: it was not linked with `--emit-relocs`, and nobody is known to call
    /// anybody.
    pub references: usize,
    pub routines: Vec<Routine>,
}

impl Program {
    pub(crate) fn read(path: &Path) -> Result<Self, Failure> {
        let data = fs::read(path).map_err(|error| Failure::io(path, &error))?;
        let unreadable = |error: object::Error| {
            Failure::new(
                "XTASK-ELF",
                format!("{}: {error}", path.display()),
                "the linker wrote something that is no ELF file",
                format!("file {}", path.display()),
            )
        };
        let file = File::parse(&*data).map_err(unreadable)?;
        Program::from_file(&file).map_err(unreadable)
    }

    fn from_file(file: &File<'_>) -> Result<Self, object::Error> {
        let mut symbols = Vec::new();
        for symbol in file.symbols() {
            if symbol.kind() == SymbolKind::Text {
                symbols.push((symbol.address(), symbol.size(), plain(symbol.name()?)));
            }
        }
        let mut references = Vec::new();
        let mut code_size = 0;
        for section in file.sections() {
            if section.kind() == SectionKind::Text {
                code_size += section.size();
            }
            for (address, relocation) in section.relocations() {
                if let RelocationTarget::Symbol(index) = relocation.target() {
                    references.push((address, plain(file.symbol_by_index(index)?.name()?)));
                }
            }
        }
        Ok(Program { code_size, references: references.len(), routines: routines(&symbols, &references) })
    }
}

/// The call graph: of symbols with address, size and name, and of places with the name that each refers to.
fn routines(symbols: &[(u64, u64, String)], references: &[(u64, String)]) -> Vec<Routine> {
    // On ARM, bit 0 of a routine's address says "Thumb", not where the code is.
    let holds = |address: u64, size: u64, place: u64| (address & !1..(address & !1) + size).contains(&place);
    let inside = |place: u64| {
        let symbol = symbols.iter().find(|(address, size, _)| holds(*address, *size, place));
        symbol.map_or_else(|| "a table of constants".to_owned(), |(_, _, name)| name.clone())
    };
    let calls: BTreeSet<(&String, String)> =
        references.iter().map(|(place, name)| (name, inside(*place))).collect();
    let names: BTreeSet<&String> = symbols.iter().map(|(_, _, name)| name).collect();
    // Who calls itself is not reached by that.
    let callers = |name: &String| {
        let calls = calls.iter().filter(|(callee, caller)| *callee == name && caller != name);
        calls.map(|(_, caller)| caller.clone()).collect()
    };
    names.into_iter().map(|name| Routine { name: name.clone(), callers: callers(name) }).collect()
}

/// A symbol's name as it stands in the source, without the hash.
fn plain(symbol: &str) -> String {
    format!("{:#}", rustc_demangle::demangle(symbol))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two routines of four bytes each, one behind the other, with the bit that says "Thumb".
    fn first_and_second(references: &[(u64, &str)]) -> Vec<Routine> {
        let symbols = [(0x101, 4, "first".to_owned()), (0x105, 4, "second".to_owned())];
        let references: Vec<_> = references.iter().map(|&(place, name)| (place, name.to_owned())).collect();
        routines(&symbols, &references)
    }

    fn callers(routine: &Routine) -> Vec<&str> {
        routine.callers.iter().map(String::as_str).collect()
    }

    #[test]
    fn a_routine_reaches_from_its_first_byte_to_its_last() {
        for (place, caller) in [
            (0xff, "a table of constants"),
            (0x100, "first"),
            (0x103, "first"),
            (0x108, "a table of constants"),
        ] {
            assert_eq!(callers(&first_and_second(&[(place, "second")])[1]), [caller], "{place:#x}");
        }
        assert_eq!(callers(&first_and_second(&[(0x104, "first")])[0]), ["second"]);
    }

    #[test]
    fn a_routine_that_calls_itself_is_not_its_own_caller() {
        let found = first_and_second(&[(0x102, "first"), (0x106, "second"), (0x102, "second")]);
        assert_eq!(callers(&found[0]), [""; 0]);
        assert_eq!(callers(&found[1]), ["first"]);
    }
}
