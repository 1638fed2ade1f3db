//! Programs that do not keep to the rules.

use crate::does;

#[test]
fn nonsense_neither_ends_nor_stops_the_supervisor() {
    assert_eq!(does(&[], "nonsense"), "good 39 errno 0\n");
}

#[test]
fn a_program_that_never_answers_keeps_nobody_waiting() {
    assert_eq!(does(&[], "silent"), "asked 32 at 4096 for 16\ngood 39 errno 0\n");
}
