from mlsensor import PersonSensor
from mlsensor.behavior import Presence

presence = Presence(arrive_after=2.0, leave_after=5.0)
with PersonSensor() as sensor:
    for update in sensor.updates():
        event = presence.update(update.at, update.faces)  # no faces: no reading
        if event:
            print(f"{update.at:.1f} s", event.outcome.value)
