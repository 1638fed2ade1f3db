//! Is every code of an error in docs/errors.md?

use std::fs;
use std::path::{Path, PathBuf};

const DOCUMENTED: &str = include_str!("../../docs/errors.md");

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

#[test]
fn every_code_of_an_error_is_documented() {
    let sources = files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"));
    let sources = sources.iter().filter(|path| path.extension().is_some_and(|ending| ending == "rs"));
    let mut codes = 0;
    for path in sources {
        let text = fs::read_to_string(path).unwrap();
        for (place, _) in text.match_indices("\"MLSENSOR-") {
            let code = text[place + 1..].split(['"', '{']).next().unwrap();
            assert!(
                DOCUMENTED.contains(&format!("`{code}`")),
                "{}: {code} is not in docs/errors.md",
                path.display()
            );
            codes += 1;
        }
    }
    assert!(codes >= 15, "{codes}");
}
