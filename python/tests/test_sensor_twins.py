"""The blocking sensor, the awaited one, and the driver in Rust have the same methods."""

from __future__ import annotations

import inspect

import pytest

from mlsensor import PersonSensor, PersonSensorAsync, Source, SourceAsync
from mlsensor._native import Session

# Typed by hand from the public methods of the crate's `PersonSensor`: each is what this is called in Python.
DRIVER = {
    "release": "close",
    "read": "read",
    "read_packet": "read_packet",
    "read_split": "read_split",
    "probe": "probe",
    "configure": "configure",
    "set_mode": "set_mode",
    "set_id_enabled": "set_id_enabled",
    "trigger_single_shot": "trigger_single_shot",
    "capture": "capture",
    # Its wait is an argument of `capture`.
    "capture_after": "capture",
    "label_next_id": "label_next_id",
    "set_persist_ids": "set_persist_ids",
    "erase_ids": "erase_ids",
    "set_led": "set_led",
    "enroll": "enroll",
    "erase_and_verify": "erase_and_verify",
}

# There are no callbacks in the awaited ones: their programs await.
CALLBACKS = {
    "when_activated",
    "when_deactivated",
    "when_facing",
    "when_found",
    "when_lost",
    "when_not_facing",
    "when_person_arrives",
    "when_person_leaves",
    "when_unknown",
}

# They cannot be opened where they are made.
AWAITED_ONLY = {"open", "stream"}

NOT_AWAITED = {"counters", "simulated", "stream", "updates"}
"""What waits for nothing, or is iterated over."""


def public(of: type) -> set[str]:
    return {name for name in dir(of) if not name.startswith("_")}


def test_each_has_what_the_driver_has() -> None:
    assert set(DRIVER.values()) <= public(PersonSensor)
    assert set(DRIVER.values()) <= public(PersonSensorAsync)


def test_the_blocking_and_the_awaited_have_the_same_names() -> None:
    assert public(PersonSensor) - CALLBACKS == public(PersonSensorAsync) - AWAITED_ONLY
    assert public(Source) - CALLBACKS == public(SourceAsync)


@pytest.mark.parametrize(("blocking", "awaited"), [(PersonSensor, PersonSensorAsync), (Source, SourceAsync)])
def test_they_take_the_same_arguments_and_one_is_awaited(blocking: type, awaited: type) -> None:
    for name in sorted((public(blocking) & public(awaited)) | {"__init__"}):
        one, other = getattr(blocking, name), getattr(awaited, name)
        if isinstance(one, property):
            assert isinstance(other, property), name
            continue
        if name == "__init__" and blocking is Source:
            continue
        parameters = [list(inspect.signature(method).parameters.values()) for method in (one, other)]
        assert parameters[0] == parameters[1], name
        assert inspect.iscoroutinefunction(other) == (name not in NOT_AWAITED | {"__init__"}), name
        assert not inspect.iscoroutinefunction(one), name


def test_what_a_session_can_the_sensor_can() -> None:
    # What is left is for who reads: `PersonSensor` is that.
    behind = {"next", "due", "now", "wait_until", "interrupt", "latest", "send", "on_bus", "on_channel"}
    behind |= {"open", "has_ended", "is_virtual", "go_on_past_the_end", "point"}
    assert public(Session) - behind <= public(PersonSensor)


@pytest.mark.parametrize("of", [PersonSensor, PersonSensorAsync, Source, SourceAsync])
def test_everything_says_what_it_is(of: type) -> None:
    assert "Threads:" in (inspect.getdoc(of) or "")
    for name in public(of):
        assert inspect.getdoc(getattr(of, name)), name
