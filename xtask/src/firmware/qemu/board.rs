//! The boards, from the file that says how `cargo run` runs a program: what is checked is what users type.

use crate::failure::Failure;

/// An emulated board.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Board {
    /// Its processor.
    pub target: String,
    /// The name of the program that emulates it.
    pub emulator: String,
    /// The arguments, which the path of the firmware follows.
    pub arguments: Vec<String>,
}

impl Board {
    /// What the emulator calls it.
    pub(super) fn machine(&self) -> &str {
        let machine = self.arguments.iter().skip_while(|argument| *argument != "-M").nth(1);
        machine.map_or("?", String::as_str)
    }
}

/// What each runner begins with.
const BRIDGE: &str = "mlsensor sim bridge -- ";

/// The boards of a cargo config, by its runners.
pub(super) fn boards(config: &str) -> Result<Vec<Board>, Failure> {
    let mut boards = Vec::new();
    let mut target = None;
    for line in config.lines() {
        if let Some(name) = line.strip_prefix("[target.").and_then(|rest| rest.strip_suffix(']')) {
            target = Some(name);
        } else if let Some(runner) = line.strip_prefix("runner = ") {
            let board = target.and_then(|target| board(target, runner.trim_matches('"')));
            boards.push(board.ok_or_else(|| wrong(line))?);
        }
    }
    if boards.is_empty() { Err(wrong("no runner")) } else { Ok(boards) }
}

fn board(target: &str, runner: &str) -> Option<Board> {
    let mut words = runner.strip_prefix(BRIDGE)?.split_whitespace().map(str::to_owned);
    let emulator = words.next()?;
    let arguments: Vec<String> = words.collect();
    let ends_well = arguments.last().is_some_and(|last| last == "-kernel");
    ends_well.then_some(Board { target: target.into(), emulator, arguments })
}

fn wrong(what: &str) -> Failure {
    Failure::new(
        "XTASK-QEMU-RUNNER",
        format!("a runner for QEMU is none that can be checked: {what}"),
        format!("it does not begin with `{BRIDGE}`, or not end with `-kernel`"),
        "cat examples/firmware/qemu/.cargo/config.toml",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_runner_is_a_board() {
        let config = "# runners\n[target.thumbv6m-none-eabi]\n\
                      runner = \"mlsensor sim bridge -- qemu-system-arm -M microbit -kernel\"\n\n\
                      [target.riscv]\nrunner = \"mlsensor sim bridge -- qemu-system-riscv32 -M virt -bios none -kernel\"\n";
        let boards = boards(config).unwrap();
        let [m0, riscv] = &boards[..] else { panic!("{boards:?}") };
        assert_eq!(
            (&*m0.target, &*m0.emulator, m0.machine()),
            ("thumbv6m-none-eabi", "qemu-system-arm", "microbit")
        );
        assert_eq!(m0.arguments, ["-M", "microbit", "-kernel"]);
        assert_eq!((&*riscv.target, riscv.machine()), ("riscv", "virt"));
    }

    #[test]
    fn a_runner_of_another_kind_is_refused() {
        for runner in [
            "runner = \"mlsensor sim bridge -- qemu-system-arm -M microbit -kernel\"",
            "[target.a]\nrunner = \"qemu-system-arm -M microbit -kernel\"",
            "[target.a]\nrunner = \"mlsensor sim bridge -- qemu-system-arm -M microbit\"",
            "[target.a]",
        ] {
            assert_eq!(boards(runner).unwrap_err().code, "XTASK-QEMU-RUNNER", "{runner}");
        }
    }
}
