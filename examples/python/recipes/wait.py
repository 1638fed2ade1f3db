from mlsensor import PersonSensor

with PersonSensor() as sensor:
    if sensor.wait_for_facing(timeout=30):
        print("you are looking at me")
    else:
        print("nobody looked for half a minute")
