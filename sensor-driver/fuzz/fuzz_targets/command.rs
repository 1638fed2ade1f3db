//! Any 2 bytes: `Command::parse` gives a command or says why not, and commands come back from their bytes.
#![no_main]

use libfuzzer_sys::{Corpus, fuzz_target};
use mlsensor::{Command, CommandError};

fuzz_target!(|input: &[u8]| -> Corpus {
    let Ok(bytes) = <[u8; 2]>::try_from(input) else { return Corpus::Reject };
    match Command::parse(bytes) {
        Ok(command) => {
            let emitted = command.emit();
            assert_eq!(Command::parse(emitted), Ok(command));
            assert_eq!(emitted[0], bytes[0]);
            assert!(emitted == bytes || matches!(command, Command::SingleShot | Command::EraseIds));
            assert!(!command.to_string().is_empty());
        }
        Err(error) => {
            let (CommandError::Register { register, value } | CommandError::Value { register, value }) =
                error
            else {
                panic!("an error of a new kind: say here what must hold of it");
            };
            assert_eq!([register, value], bytes);
            assert!(!error.to_string().is_empty());
        }
    }
    Corpus::Keep
});
