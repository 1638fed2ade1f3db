import json

from mlsensor import PersonSensor

with PersonSensor() as sensor:
    for update in sensor.updates():
        faces = None if update.faces is None else update.faces.as_dict()
        print(json.dumps({"at": update.at, "state": update.state.value, "faces": faces}), flush=True)
