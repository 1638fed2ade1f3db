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
        let mut spans = Vec::new();
        for symbol in file.symbols() {
            if symbol.kind() == SymbolKind::Text {
                // On ARM, bit 0 of an address says "Thumb", not where the code is.
                spans.push((symbol.address() & !1, symbol.size(), plain(symbol.name()?)));
            }
        }
        let inside = |address: u64| {
            let span = spans.iter().find(|(start, size, _)| (*start..start + size).contains(&address));
            span.map_or_else(|| "a table of constants".to_owned(), |(_, _, name)| name.clone())
        };

        let mut calls = BTreeSet::new();
        let mut code_size = 0;
        for section in file.sections() {
            if section.kind() == SectionKind::Text {
                code_size += section.size();
            }
            for (address, relocation) in section.relocations() {
                if let RelocationTarget::Symbol(index) = relocation.target() {
                    calls.insert((plain(file.symbol_by_index(index)?.name()?), inside(address)));
                }
            }
        }

        let names: BTreeSet<String> = spans.iter().map(|(_, _, name)| name.clone()).collect();
        let callers = |name: &str| {
            let calls = calls.iter().filter(|(callee, caller)| callee == name && caller != name);
            calls.map(|(_, caller)| caller.clone()).collect()
        };
        let routines = names.into_iter().map(|name| Routine { callers: callers(&name), name }).collect();
        Ok(Program { code_size, routines })
    }
}

/// A symbol's name as it stands in the source, without the hash.
fn plain(symbol: &str) -> String {
    format!("{:#}", rustc_demangle::demangle(symbol))
}
