import json

from mlsensor import PersonSensor

with PersonSensor() as sensor:
    for update in sensor.updates():
        # null is no reading, and [] is nobody
        faces = None if update.faces is None else [face.as_dict() for face in update.faces]
        print(json.dumps({"at": update.at, "state": update.state.value, "faces": faces}), flush=True)
