//! The names of those whom a sensor knows by an id: a small file, a line each, `ID NAME`.

use std::fs;
use std::io::ErrorKind;
use std::path::PathBuf;

use clap::Args;
use mlsensor::PersonId;

use mlsensor_host::Report;
use mlsensor_host::source::quoted;

/// What makes room for others. Alone it would forget those of the simulated sensor.
pub(crate) const ERASE: &str = "who_is_it --erase    (forgets everybody; with the same source and --names)";

/// The option that says where names are kept.
#[derive(Debug, Args)]
pub struct NameArgs {
    /// Keep names in this file, a line each: the id and the name. Without it they are forgotten at the end
    #[arg(long, value_name = "FILE")]
    names: Option<PathBuf>,
}

/// A name as it can be kept in a line, without spaces around it.
///
/// # Errors
/// What is wrong with it.
pub fn name(text: &str) -> Result<String, String> {
    let name = text.trim();
    match (name.is_empty(), name.chars().any(char::is_control)) {
        (true, _) => Err("it is empty".to_owned()),
        (_, true) => Err("it has more than one line, or control characters".to_owned()),
        _ => Ok(name.to_owned()),
    }
}

/// Up to eight names.
#[derive(Debug, Default)]
pub struct Names {
    file: Option<PathBuf>,
    names: [Option<String>; 8],
}

impl Names {
    /// Reads the file that the options name. One that is not there yet holds no names.
    ///
    /// # Errors
    /// A report in four parts.
    pub fn open(args: &NameArgs) -> Result<Names, Report> {
        let mut names = Names { file: args.names.clone(), ..Names::default() };
        let Some(file) = &args.names else { return Ok(names) };
        let text = match fs::read_to_string(file) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => String::new(),
            Err(error) => return Err(trouble("read", file, &error)),
        };
        for (number, line) in (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty()) {
            match parse(line) {
                Some((id, name)) => names.names[usize::from(id.get())] = Some(name.to_owned()),
                None => {
                    let name = file.display().to_string();
                    return Err(Report {
                        what: format!("cannot read names {name}: line {number} is no id and name"),
                        likely: "the file holds something else; a line is like: 0 Ada".to_owned(),
                        run: format!("sed -n {number}p {}", quoted(&name)),
                        code: "MLSENSOR-NAMES".to_owned(),
                    });
                }
            }
        }
        Ok(names)
    }

    /// Somebody's name, if they have one.
    #[must_use]
    pub fn get(&self, id: PersonId) -> Option<&str> {
        self.names[usize::from(id.get())].as_deref()
    }

    /// What to call somebody: by the name, or by the id.
    #[must_use]
    pub fn call(&self, id: PersonId) -> String {
        self.get(id).map_or_else(|| format!("id {id}"), str::to_owned)
    }

    /// The id for a name: the one that it has, or the first that nobody has.
    ///
    /// # Errors
    /// A report in four parts, if all ids are taken.
    pub fn id_for(&self, name: &str) -> Result<PersonId, Report> {
        let with = |wanted: Option<&str>| PersonId::ALL.into_iter().find(|id| self.get(*id) == wanted);
        with(Some(name)).or_else(|| with(None)).ok_or_else(|| Report {
            what: format!("there is no id left for {name}: the sensor knows eight people at most"),
            likely: "some of them are not needed any more".to_owned(),
            run: ERASE.to_owned(),
            code: "MLSENSOR-NAMES".to_owned(),
        })
    }

    /// Gives somebody a name, and keeps it.
    ///
    /// # Errors
    /// A report in four parts. The file is as it was then.
    pub fn set(&mut self, id: PersonId, name: &str) -> Result<(), Report> {
        self.names[usize::from(id.get())] = Some(name.to_owned());
        self.save()
    }

    /// Forgets all names.
    ///
    /// # Errors
    /// A report in four parts. The file is as it was then.
    pub fn clear(&mut self) -> Result<(), Report> {
        self.names = Default::default();
        self.save()
    }

    fn save(&self) -> Result<(), Report> {
        let Some(file) = &self.file else { return Ok(()) };
        let line = |id: PersonId| self.get(id).map(|name| format!("{id} {name}\n"));
        let text: String = PersonId::ALL.into_iter().filter_map(line).collect();
        // In a step, so that a program that is ended meanwhile leaves the old names or the new ones.
        let mut new = file.clone().into_os_string();
        new.push(".new");
        fs::write(&new, text)
            .and_then(|()| fs::rename(&new, file))
            .map_err(|error| trouble("write", file, &error))
    }
}

fn parse(line: &str) -> Option<(PersonId, &str)> {
    let (id, name) = line.trim().split_once(' ')?;
    Some((PersonId::new(id.parse().ok()?).ok()?, name.trim()))
}

fn trouble(doing: &str, file: &std::path::Path, error: &std::io::Error) -> Report {
    let name = file.display().to_string();
    Report {
        what: format!("cannot {doing} names {name}: {error}"),
        likely: match error.kind() {
            ErrorKind::PermissionDenied => "this user may not use the file or its folder".to_owned(),
            ErrorKind::NotFound => "its folder is not there".to_owned(),
            ErrorKind::InvalidData => "the file is no text, so it holds no names".to_owned(),
            ErrorKind::IsADirectory => "this is a folder: name a file in it".to_owned(),
            _ => "the device that holds the file has trouble".to_owned(),
        },
        run: format!("ls -ld {}", quoted(&name)),
        code: "MLSENSOR-FILE".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(id: u8) -> PersonId {
        PersonId::new(id).unwrap()
    }

    fn file(name: &str, text: &str) -> NameArgs {
        let file = std::env::temp_dir().join(format!("mlsensor-names-{}-{name}", std::process::id()));
        fs::write(&file, text).unwrap();
        NameArgs { names: Some(file) }
    }

    #[test]
    fn names_are_kept_until_they_are_erased() {
        let args = file("kept", "3 Grace Hopper\n");
        let mut names = Names::open(&args).unwrap();
        names.set(id(0), "Ada").unwrap();
        let mut again = Names::open(&args).unwrap();
        assert_eq!(
            [again.call(id(0)), again.call(id(3)), again.call(id(1))],
            ["Ada", "Grace Hopper", "id 1"]
        );
        again.clear().unwrap();
        assert_eq!(fs::read_to_string(args.names.as_ref().unwrap()).unwrap(), "");
        fs::remove_file(args.names.unwrap()).unwrap();
    }

    #[test]
    fn a_name_keeps_its_id_and_a_new_one_gets_the_first_that_is_free() {
        let mut names = Names::default();
        names.set(id(0), "Ada").unwrap();
        names.set(id(2), "Grace").unwrap();
        assert_eq!((names.id_for("Grace"), names.id_for("Alan")), (Ok(id(2)), Ok(id(1))));
        for number in 0..8 {
            names.set(id(number), &format!("no {number}")).unwrap();
        }
        assert_eq!(names.id_for("Alan").unwrap_err().code, "MLSENSOR-NAMES");
    }

    #[test]
    fn what_is_no_name_would_spoil_the_file_and_is_refused() {
        for text in ["", " ", "Ada\n1 Eve", "Ada\u{1b}[2J"] {
            assert!(name(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn spaces_around_a_name_are_no_part_of_it_so_that_it_is_the_same_once_it_was_kept() {
        assert_eq!(name(" Ada Lovelace "), Ok("Ada Lovelace".to_owned()));
    }

    #[test]
    fn a_file_of_something_else_is_refused_with_the_line() {
        for text in ["0 Ada\nhello\n", "0 Ada\n8 Eve\n", "0 Ada\nx Eve\n"] {
            let args = file("else", text);
            let report = Names::open(&args).unwrap_err();
            assert!(report.run.starts_with("sed -n 2p ") && report.code == "MLSENSOR-NAMES", "{report}");
            fs::remove_file(args.names.unwrap()).unwrap();
        }
    }

    #[test]
    fn a_file_that_is_not_there_yet_holds_no_names_and_one_in_no_folder_cannot_be_written() {
        let args = NameArgs { names: Some("/no/such/folder/names.txt".into()) };
        let report = Names::open(&args).unwrap().set(id(0), "Ada").unwrap_err();
        assert!(report.likely.contains("folder") && report.code == "MLSENSOR-FILE", "{report}");
    }
}
