from mlsensor import PersonSensor
from mlsensor.sim import Person, SimSensor


def fan_program(sensor: PersonSensor, log: list[str]) -> None:
    sensor.when_facing = lambda: log.append("on")
    sensor.when_not_facing = lambda: log.append("off")


def test_the_fan_runs_while_somebody_faces_it(sim_sensor: SimSensor) -> None:
    log: list[str] = []
    with PersonSensor() as sensor:  # the simulated one: sim_sensor is what is opened during this test
        fan_program(sensor, log)
        sim_sensor.scene = [Person(distance_m=0.8, bearing_deg=10)]
        sim_sensor.advance(2)
        assert log == ["on"]
        sim_sensor.scene = []
        sim_sensor.advance(10)  # ten seconds that take no time
        assert log == ["on", "off"]
