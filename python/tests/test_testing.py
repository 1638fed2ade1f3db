"""Does the pytest plugin give a program under test a simulated sensor, and to no other program?"""

from __future__ import annotations

import pytest

from mlsensor import ConfigError, PersonSensor
from mlsensor._default_bus import current, used_by_default
from mlsensor.sim import Person, SimSensor

pytest_plugins = ["pytester"]

PROGRAM = """
from mlsensor import PersonSensor

def count():
    with PersonSensor() as sensor:
        return sensor.read().count
"""


def test_a_users_program_has_a_test_in_ten_lines_with_no_sleeping(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(program=PROGRAM)
    pytester.makepyfile(
        """
        from mlsensor.sim import Person
        from program import count

        def test_the_program_counts_who_is_there(sim_sensor):
            sim_sensor.scene = [Person(0.8, -10), Person(1.5, 20)]
            sim_sensor.advance(1.0)
            assert count() == 2
        """
    )
    pytester.runpytest_subprocess("-W", "error").assert_outcomes(passed=1)


def test_the_fixture_goes_before_the_environment_and_ends_with_the_test(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MLSENSOR_BUS", "/dev/no-such-bus")
    pytester.makepyfile(program=PROGRAM)
    pytester.makepyfile(
        """
        import pytest
        import mlsensor
        from program import count

        def test_with(sim_sensor):
            assert count() == 0

        def test_without():
            with pytest.raises(mlsensor.NotFoundError):
                count()

        def test_a_bus_that_is_named(sim_sensor):
            with pytest.raises(mlsensor.NotFoundError):
                mlsensor.PersonSensor("/dev/no-such-bus")
        """
    )
    pytester.runpytest_subprocess().assert_outcomes(passed=3)


def test_each_test_has_a_sensor_of_its_own_that_its_marker_describes(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import pytest
        from mlsensor import PersonSensor
        from mlsensor.sim import Assumptions, Detection, Scenario

        @pytest.mark.sim_sensor("walk_up")
        def test_a_scenario(sim_sensor):
            sim_sensor.advance(10.0)
            assert PersonSensor().read().count == 1

        @pytest.mark.sim_sensor(scenario=Scenario.named("walk_up"), assumptions=Assumptions(latency=0.4))
        def test_a_scenario_under_other_assumptions(sim_sensor):
            assert sim_sensor.assumptions.latency == 0.4
            assert sim_sensor.now == 0.0

        @pytest.mark.sim_sensor(seed=3, assumptions=Assumptions(detection=0.06))
        def test_options(sim_sensor):
            sim_sensor.advance(10.0)
            assert sim_sensor.results == 164
        """
    )
    pytester.runpytest_subprocess("--strict-markers").assert_outcomes(passed=3)


@pytest.mark.parametrize(
    ("marker", "text"),
    [
        ('"walk_up", "crowd"', "*takes from 0 to 1 positional arguments but 2 were given*"),
        ('"walk_up", scenario="crowd"', "*multiple values for argument 'scenario'*"),
        ('scenario="walkup"', '*there is no scenario "walkup"*'),
        ("scenario=3", "*scenario is a name or a Scenario, not 3*"),
        ("colour=3", "*unexpected keyword argument*colour*"),
    ],
)
def test_a_marker_that_means_nothing_is_an_error(pytester: pytest.Pytester, marker: str, text: str) -> None:
    pytester.makepyfile(
        f"""
        import pytest

        @pytest.mark.sim_sensor({marker})
        def test(sim_sensor):
            pass
        """
    )
    result = pytester.runpytest_subprocess()
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines([text])


def test_the_fixture_is_named_with_what_it_is(pytester: pytest.Pytester) -> None:
    result = pytester.runpytest_subprocess("--fixtures", "--markers")
    assert "sim_sensor" in result.stdout.str()
    assert "mlsensor.sim.Scenario" in result.stdout.str()


def test_a_scene_that_changes_is_seen_by_a_program_that_waits(sim_sensor: SimSensor) -> None:
    said: list[str] = []
    with PersonSensor() as sensor:
        sensor.when_person_arrives = lambda: said.append("hello")
        sensor.when_person_leaves = lambda: said.append("good-bye")
        for people in ([], [Person(0.8)], []):
            sim_sensor.scene = people
            sim_sensor.advance(20.0)
    assert said == ["hello", "good-bye"]


def test_the_innermost_sensor_is_the_one_by_default() -> None:
    outer, inner = SimSensor(), SimSensor()
    assert current() is None
    with used_by_default(outer):
        with used_by_default(inner):
            assert current() is inner
        assert current() is outer
        with pytest.raises(ConfigError), used_by_default(inner):
            PersonSensor(every=-1.0)
        assert current() is outer
    assert current() is None
