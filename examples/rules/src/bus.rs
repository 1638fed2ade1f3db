//! Frees an I2C bus whose data line a sensor holds low.

use embedded_hal::delay::DelayNs;
use embedded_hal::digital::{InputPin, OutputPin};

/// Half the time of a bit at 100 kHz.
const HALF_A_BIT_US: u32 = 5;

/// A sensor that was interrupted in the middle of a byte, or addressed while it boots, may hold the data line low, and
/// nothing can be said on the bus any more. Up to nine pulses of the clock and a STOP free it. Says whether the line is
/// free then; if it was free before, nothing is sent.
///
/// Both pins are open drains: set high they let go, and something pulls them up. A pin that fails counts as held.
pub fn free(
    scl: &mut impl OutputPin,
    sda: &mut (impl InputPin + OutputPin),
    delay: &mut impl DelayNs,
) -> bool {
    let mut half_a_bit = || delay.delay_us(HALF_A_BIT_US);
    let (_, _) = (scl.set_high(), sda.set_high());
    half_a_bit();
    if is_high(sda) {
        return true;
    }
    for _ in 0..9 {
        let _ = scl.set_low();
        half_a_bit();
        let _ = scl.set_high();
        half_a_bit();
        if is_high(sda) {
            break;
        }
    }
    // A STOP: the data line rises while the clock is high.
    let _ = scl.set_low();
    let _ = sda.set_low();
    half_a_bit();
    let _ = scl.set_high();
    half_a_bit();
    let _ = sda.set_high();
    half_a_bit();
    is_high(sda)
}

fn is_high(pin: &mut impl InputPin) -> bool {
    pin.is_high().unwrap_or(false)
}

#[cfg(test)]
mod tests {
    extern crate std;
    use core::cell::RefCell;
    use std::vec::Vec;

    use super::*;
    use embedded_hal::digital::{Error, ErrorKind, ErrorType};

    /// How long a weak pull-up takes to pull a line up, in microseconds.
    const RISES_IN: u32 = 2;

    /// Two lines with pull-ups, and a sensor that holds the data line for so many more pulses of the clock.
    struct Lines {
        scl: bool,
        sda: bool,
        held_for: u32,
        microseconds: u32,
        /// When the data line was let go, by everybody.
        let_go_at: u32,
        /// The levels that were seen, clock and data, each time one changed, and when.
        seen: Vec<(bool, bool)>,
        times: Vec<u32>,
    }

    impl Lines {
        fn held_for(pulses: u32) -> RefCell<Lines> {
            let (seen, times) = (Vec::from([(true, pulses == 0)]), Vec::from([0]));
            let (scl, sda, microseconds) = (true, true, RISES_IN);
            RefCell::new(Lines { scl, sda, held_for: pulses, microseconds, let_go_at: 0, seen, times })
        }

        fn is_data_let_go(&self) -> bool {
            self.sda && self.held_for == 0
        }

        fn change(&mut self, scl: bool, sda: bool) {
            let was_let_go = self.is_data_let_go();
            if self.scl && !scl {
                self.held_for = self.held_for.saturating_sub(1);
            }
            (self.scl, self.sda) = (scl, sda);
            if !was_let_go && self.is_data_let_go() {
                self.let_go_at = self.microseconds;
            }
            let levels = (scl, self.is_data_let_go());
            if self.seen.last() != Some(&levels) {
                self.seen.push(levels);
                self.times.push(self.microseconds);
            }
        }

        fn pulses(&self) -> usize {
            self.seen.windows(2).filter(|pair| !pair[0].0 && pair[1].0).count()
        }

        fn stops(&self) -> usize {
            self.seen.windows(2).filter(|pair| pair == &[(true, false), (true, true)]).count()
        }
    }

    struct Scl<'a>(&'a RefCell<Lines>);
    struct Sda<'a>(&'a RefCell<Lines>);
    struct Clock<'a>(&'a RefCell<Lines>);

    #[derive(Debug)]
    struct Broken;

    impl Error for Broken {
        fn kind(&self) -> ErrorKind {
            ErrorKind::Other
        }
    }

    impl ErrorType for Scl<'_> {
        type Error = Broken;
    }

    impl ErrorType for Sda<'_> {
        type Error = Broken;
    }

    impl OutputPin for Scl<'_> {
        fn set_low(&mut self) -> Result<(), Broken> {
            let sda = self.0.borrow().sda;
            self.0.borrow_mut().change(false, sda);
            Ok(())
        }

        fn set_high(&mut self) -> Result<(), Broken> {
            let sda = self.0.borrow().sda;
            self.0.borrow_mut().change(true, sda);
            Ok(())
        }
    }

    impl OutputPin for Sda<'_> {
        fn set_low(&mut self) -> Result<(), Broken> {
            let scl = self.0.borrow().scl;
            self.0.borrow_mut().change(scl, false);
            Ok(())
        }

        fn set_high(&mut self) -> Result<(), Broken> {
            let scl = self.0.borrow().scl;
            self.0.borrow_mut().change(scl, true);
            Ok(())
        }
    }

    impl InputPin for Sda<'_> {
        fn is_high(&mut self) -> Result<bool, Broken> {
            let lines = self.0.borrow();
            Ok(lines.is_data_let_go() && lines.microseconds >= lines.let_go_at + RISES_IN)
        }

        fn is_low(&mut self) -> Result<bool, Broken> {
            self.is_high().map(|is_high| !is_high)
        }
    }

    impl DelayNs for Clock<'_> {
        fn delay_ns(&mut self, ns: u32) {
            self.0.borrow_mut().microseconds += ns / 1000;
        }
    }

    fn free_lines(lines: &RefCell<Lines>) -> bool {
        free(&mut Scl(lines), &mut Sda(lines), &mut Clock(lines))
    }

    #[test]
    fn a_bus_that_is_free_is_left_alone() {
        let lines = Lines::held_for(0);
        assert!(free_lines(&lines));
        assert_eq!(lines.borrow().seen, [(true, true)]);
    }

    #[test]
    fn a_line_that_the_program_itself_held_low_gets_the_time_to_rise() {
        let lines = Lines::held_for(0);
        lines.borrow_mut().change(true, false);
        assert!(free_lines(&lines));
        assert_eq!(lines.borrow().seen, [(true, true), (true, false), (true, true)]);
    }

    #[test]
    fn a_line_that_is_held_is_freed_by_as_many_pulses_as_it_takes_and_a_stop() {
        for held_for in [1, 4, 9] {
            let lines = Lines::held_for(held_for);
            assert!(free_lines(&lines), "{held_for}");
            let lines = lines.borrow();
            // One more pulse belongs to the STOP.
            assert_eq!((lines.pulses(), lines.stops()), (held_for as usize + 1, 1), "{held_for}");
            assert!(lines.scl && lines.sda);
        }
    }

    #[test]
    fn a_line_that_stays_low_is_given_up_within_a_quarter_of_a_millisecond() {
        let lines = Lines::held_for(1000);
        assert!(!free_lines(&lines));
        let lines = lines.borrow();
        assert_eq!(lines.pulses(), 10);
        assert!(lines.microseconds <= 250, "{}", lines.microseconds);
        assert!(lines.scl && lines.sda, "both lines are let go");
    }

    #[test]
    fn nothing_is_shorter_than_at_100_khz() {
        for held_for in [1, 9, 1000] {
            let lines = Lines::held_for(held_for);
            free_lines(&lines);
            let lines = lines.borrow();
            let steps = lines.seen.windows(2).zip(lines.times.windows(2)).skip(1);
            let mut rose_or_fell_at = lines.times[1];
            for (levels, times) in steps {
                let [(scl_before, sda_before), (scl, sda)] = levels else { unreachable!() };
                // The clock keeps each level for half a bit; and while it is high, the data line keeps its own so long.
                if scl_before != scl || (*scl && sda_before != sda) {
                    assert!(
                        times[1] - rose_or_fell_at >= 5,
                        "{held_for}: {:?} {:?}",
                        lines.seen,
                        lines.times
                    );
                    rose_or_fell_at = times[1];
                }
            }
            assert!(lines.microseconds - lines.times.last().unwrap() >= 5, "{held_for}: free for half a bit");
        }
    }
}
