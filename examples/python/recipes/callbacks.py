from mlsensor import PersonSensor

with PersonSensor(attention={"hold": 1.0, "release": 3.0}) as sensor:
    sensor.when_facing = lambda: print("somebody looks at me")
    sensor.when_not_facing = lambda: print("nobody looks at me any more")
    sensor.when_person_arrives = lambda: print("hello")
    sensor.when_person_leaves = lambda: print("goodbye")
    sensor.when_lost = lambda: print("the sensor is gone: that is not nobody")
    sensor.wait_for_end()
