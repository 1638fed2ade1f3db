"""Cadence: when to read next."""

from __future__ import annotations

from typing import Any, Callable

import pytest
from behavior_readings import NOBODY, first_setting, somebody

from mlsensor.behavior import Cadence, Freshness, Lock


def after_first_change(cadence: Cadence) -> float:
    """How long after the first change the next read is due, which begins a search."""
    assert cadence.read_done(0.0, NOBODY) is Freshness.NEW
    assert cadence.read_done(1.0, somebody()) is Freshness.NEW
    return cadence.next_read - 1.0


def before_any_change(cadence: Cadence) -> float:
    """How long after the first read the next is due, as long as nothing is known."""
    cadence.read_done(0.0, NOBODY)
    return cadence.next_read


@pytest.mark.parametrize(
    ("changes", "gap", "by_default", "then"),
    [
        ({"unlearned": 0.2}, before_any_change, 0.14, 0.2),
        ({"fastest": 0.25}, before_any_change, 0.14, 0.25),
        ({"slowest": 0.1}, before_any_change, 0.14, 0.1),
        ({"search_step": 0.02}, after_first_change, 0.01, 0.02),
        ({"least_gap": 0.03}, after_first_change, 0.01, 0.03),
    ],
    ids=first_setting,
)
def test_each_setting_has_its_effect(
    changes: dict[str, Any], gap: Callable[[Cadence], float], by_default: float, then: float
) -> None:
    assert gap(Cadence()) == pytest.approx(by_default)
    assert gap(Cadence(**changes)) == pytest.approx(then)


def test_it_learns_when_results_are_published() -> None:
    cadence = Cadence()
    assert (cadence.next_read, cadence.period, cadence.published) == (0.0, None, None)
    assert str(cadence.lock) == "Lock.SEARCHING"
    now, fresh, reads = 0.0, 0, 0
    while now < 60:
        # A sensor that publishes each 0.2 s; no two results are alike.
        result = int(now / 0.2 + 1e-9)
        fresh += cadence.read_done(now, somebody(left=result % 200)).is_fresh
        reads += 1
        assert cadence.next_read > now
        now = max(now, cadence.next_read)
    assert cadence.lock is Lock.LOCKED
    assert cadence.period == pytest.approx(0.2, abs=0.003)
    assert cadence.published == pytest.approx(now - now % 0.2, abs=0.21)
    assert fresh == pytest.approx(300, abs=10)
    assert reads < 1.45 * 300 + 100


def test_where_nothing_changes_any_more_it_coasts() -> None:
    cadence, now = Cadence(), 0.0
    seen = set[Freshness]()
    while now < 60:
        result = int(now / 0.2 + 1e-9) if now < 30 else 150
        seen.add(cadence.read_done(now, somebody(left=result % 200)))
        now = cadence.next_read
    assert cadence.lock is Lock.COASTING
    assert seen == {Freshness.NEW, Freshness.PRESUMED, Freshness.REPEATED}


def test_a_failed_read_is_no_reading() -> None:
    cadence = Cadence()
    assert cadence.read_done(0.0, None) is Freshness.NO_READING
    assert not Freshness.NO_READING.is_fresh
    assert not Freshness.REPEATED.is_fresh
    assert Freshness.PRESUMED.is_fresh
    assert (cadence.period, cadence.published) == (None, None)


def test_an_edge_of_the_presence_pin_is_a_result_and_is_read_at_once() -> None:
    cadence = Cadence()
    cadence.read_done(0.0, NOBODY)
    assert cadence.next_read == pytest.approx(0.14)
    cadence.pin_changed(0.05)
    assert cadence.next_read <= 0.051
    assert cadence.published == 0.05
