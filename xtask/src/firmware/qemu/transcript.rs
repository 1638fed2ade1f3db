//! What programs print, compared; and what is wanted out of the output of others.

/// The first line that differs.
pub(super) fn difference(expected: &str, found: &str) -> Option<String> {
    let (mut wanted, mut got) = (expected.lines(), found.lines());
    for number in 1.. {
        match (wanted.next(), got.next()) {
            (None, None) => break,
            (Some(wanted), Some(got)) if wanted == got => {}
            (wanted, got) => {
                let quoted = |line: Option<&str>| line.map_or("the end".into(), |line| format!("`{line}`"));
                return Some(format!("line {number} is {}, and should be {}", quoted(got), quoted(wanted)));
            }
        }
    }
    None
}

/// The lines `("name", 0x0123456789abcdef),` of a test's output, as the program `digest` has them.
pub(super) fn digests_of(printed: &str) -> String {
    let digest = |line: &str| {
        let (name, digest) = line.trim().strip_prefix("(\"")?.strip_suffix("),")?.split_once("\", ")?;
        digest.starts_with("0x").then(|| format!("{name} {digest}\n"))
    };
    printed.lines().filter_map(digest).collect()
}

/// The bytes of the writes of a recording, a line each.
pub(super) fn writes_of(recording: &str) -> String {
    let write = |line: &str| {
        let line = line.split('#').next()?.trim();
        line.split_once(" 62 w ").map(|(_, bytes)| format!("{bytes}\n"))
    };
    recording.lines().filter_map(write).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_that_differs_is_told() {
        assert_eq!(difference("a\nb\n", "a\nb\n"), None);
        assert_eq!(difference("", ""), None);
        let told = |expected, found| difference(expected, found).unwrap();
        assert_eq!(told("a\nb\nc\n", "a\nB\nC\n"), "line 2 is `B`, and should be `b`");
        assert_eq!(told("a\nb\n", "a\n"), "line 2 is the end, and should be `b`");
        assert_eq!(told("a\n", "a\nb\n"), "line 2 is `b`, and should be the end");
        assert_eq!(told("a \n", "a\n"), "line 1 is `a`, and should be `a `");
        assert_eq!(told("a\n", ""), "line 1 is the end, and should be `a`");
    }

    #[test]
    fn digests_are_found_among_the_words_of_a_test() {
        let printed = "\nrunning 1 test\n    (\"walk_up\", 0xb6cc5b1361fd215a),\n    (\"desk\", 0x00),\ntest x ... ok\n";
        assert_eq!(digests_of(printed), "walk_up 0xb6cc5b1361fd215a\ndesk 0x00\n");
        assert_eq!(digests_of("test x ... FAILED\n"), "");
    }

    #[test]
    fn writes_are_found_in_a_recording_with_what_became_of_them() {
        let recording = "# bus\n0.1 62 r 00 00\n0.2 62 w 01 00 # mode = standby\n0.3 10 w 01 01\n0.4 62 w 07 00 ! nack-data\n";
        assert_eq!(writes_of(recording), "01 00\n07 00 ! nack-data\n");
    }
}
