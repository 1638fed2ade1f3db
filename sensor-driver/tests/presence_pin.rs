//! What does the presence pin ask of the pin it is made of?

use embedded_hal_mock::eh1::MockError;
#[cfg(feature = "async")]
use embedded_hal_mock::eh1::digital::Edge;
use embedded_hal_mock::eh1::digital::{Mock, State, Transaction};
use mlsensor::PresencePin;

fn broken() -> MockError {
    MockError::Io(std::io::ErrorKind::NotConnected)
}

#[test]
fn presence_is_a_high_level_read_once_a_call_and_an_error_passes_through() {
    let mut pin = PresencePin::new(Mock::new(&[
        Transaction::get(State::High),
        Transaction::get(State::Low),
        Transaction::get(State::High).with_error(broken()),
        Transaction::get(State::High),
    ]));
    assert_eq!(pin.is_present(), Ok(true));
    assert_eq!(pin.is_present(), Ok(false));
    assert_eq!(pin.is_present(), Err(broken()));
    assert_eq!(pin.is_present(), Ok(true));
    pin.release().done();
}

#[test]
fn making_a_presence_pin_and_releasing_it_touches_nothing() {
    PresencePin::new(Mock::new(&[])).release().done();
}

/// The levels, never the edges: an edge that passed before the wait began would be waited for in vain.
#[cfg(feature = "async")]
#[test]
fn waiting_is_for_levels_and_an_error_passes_through() {
    let mut pin = PresencePin::new(Mock::new(&[
        Transaction::wait_for_state(State::High),
        Transaction::wait_for_state(State::High),
        Transaction::wait_for_state(State::Low),
        Transaction::wait_for_state(State::High).with_error(broken()),
        Transaction::wait_for_state(State::Low).with_error(broken()),
    ]));
    pollster::block_on(async {
        assert_eq!(pin.wait_for_presence().await, Ok(()));
        assert_eq!(pin.wait_for_presence().await, Ok(()));
        assert_eq!(pin.wait_for_absence().await, Ok(()));
        assert_eq!(pin.wait_for_presence().await, Err(broken()));
        assert_eq!(pin.wait_for_absence().await, Err(broken()));
    });
    pin.release().done();
}

/// The edge, not the level: while somebody stays nothing is published that it could tell of.
#[cfg(feature = "async")]
#[test]
fn waiting_for_a_change_is_for_either_edge() {
    let mut pin = PresencePin::new(Mock::new(&[
        Transaction::wait_for_edge(Edge::Any),
        Transaction::wait_for_edge(Edge::Any).with_error(broken()),
    ]));
    pollster::block_on(async {
        assert_eq!(pin.wait_for_change().await, Ok(()));
        assert_eq!(pin.wait_for_change().await, Err(broken()));
    });
    pin.release().done();
}
