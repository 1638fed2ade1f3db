from gpiozero import LED

from mlsensor import PersonSensor

with PersonSensor() as sensor, LED(17) as fan:
    fan.source = sensor.facing  # unknown counts as off: what cannot see must not keep a fan running
    sensor.wait_for_end()  # for ever, with a real sensor
