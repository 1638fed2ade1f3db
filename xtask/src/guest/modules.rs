//! Modules of a kernel, and what each of them needs.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use object::{File, Object as _, ObjectSection as _};

use super::packages::missing;
use crate::failure::Failure;

/// A module, and the names of all that it needs, whatever needs nothing last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Module {
    pub name: String,
    pub path: PathBuf,
    needs: Vec<String>,
}

/// These modules and what they need, each behind what it needs.
pub(super) fn with_dependencies(folder: &Path, names: &[&str]) -> Result<Vec<Module>, Failure> {
    let mut files = BTreeMap::new();
    collect(folder, &mut files)?;
    let mut found = Vec::new();
    for name in names {
        add(name, &files, &mut found)?;
    }
    Ok(found)
}

fn collect(folder: &Path, files: &mut BTreeMap<String, PathBuf>) -> Result<(), Failure> {
    let io = |error| Failure::io(folder, &error);
    for entry in fs::read_dir(folder).map_err(io)? {
        let path = entry.map_err(io)?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else if let Some(name) = path.file_name().and_then(|name| name.to_str()?.strip_suffix(".ko")) {
            files.insert(plain(name), path);
        }
    }
    Ok(())
}

/// A dash and an underscore are the same in the name of a module.
fn plain(name: &str) -> String {
    name.replace('_', "-")
}

/// Adds a module that is not there yet, behind what it needs. Modules need each other in no circle: the kernel could not
/// load them.
fn add(name: &str, files: &BTreeMap<String, PathBuf>, found: &mut Vec<Module>) -> Result<(), Failure> {
    if found.iter().any(|module| module.name == name) {
        return Ok(());
    }
    let path = files
        .get(name)
        .ok_or_else(|| missing(Path::new(name), "the kernel has this module built in, or not at all"))?;
    let mut needs: Vec<String> = Vec::new();
    for need in dependencies(path)? {
        add(&need, files, found)?;
        let below = found.iter().find(|module| module.name == need).map(|module| module.needs.clone());
        for name in [vec![need], below.unwrap_or_default()].concat() {
            needs.retain(|known| *known != name);
            needs.push(name);
        }
    }
    found.push(Module { name: name.to_owned(), path: path.clone(), needs });
    Ok(())
}

/// What a module says that it needs.
fn dependencies(path: &Path) -> Result<Vec<String>, Failure> {
    let data = fs::read(path).map_err(|error| Failure::io(path, &error))?;
    let broken = || missing(path, "it is no module of a kernel, or is compressed");
    let file = File::parse(&*data).map_err(|_| broken())?;
    let info = file.section_by_name(".modinfo").and_then(|section| section.data().ok()).ok_or_else(broken)?;
    Ok(depends(info).unwrap_or_default())
}

/// The field `depends` of what a module says of itself: texts with a zero behind each.
fn depends(info: &[u8]) -> Option<Vec<String>> {
    let text = info.split(|&byte| byte == 0).find_map(|text| text.strip_prefix(b"depends="))?;
    let names = String::from_utf8_lossy(text);
    Some(names.split(',').filter(|name| !name.is_empty()).map(plain).collect())
}

/// What modprobe reads: a module and what it needs, a line each.
pub(super) fn list(modules: &[Module]) -> String {
    let line = |module: &Module| {
        let needs: String = module.needs.iter().map(|name| format!(" {name}.ko")).collect();
        format!("{}.ko:{needs}\n", module.name)
    };
    modules.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_module_says_what_it_needs() {
        let needs = depends(b"license=GPL\0depends=usbcore,usb_common\0name=xhci_hcd\0").unwrap();
        assert_eq!(needs, ["usbcore", "usb-common"]);
        assert_eq!(depends(b"depends=\0").unwrap(), [""; 0]);
        assert_eq!(depends(b"alias=depends\0"), None);
    }

    #[test]
    fn what_needs_nothing_is_listed_last() {
        let module = |name: &str, needs: &[&str]| Module {
            name: name.into(),
            path: PathBuf::new(),
            needs: needs.iter().map(|&name| name.into()).collect(),
        };
        let modules = [module("usb-common", &[]), module("usbcore", &["usb-common"])];
        assert_eq!(list(&modules), "usb-common.ko:\nusbcore.ko: usb-common.ko\n");
    }
}
