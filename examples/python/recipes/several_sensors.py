from mlsensor import Muxes, PersonSensor

muxes = Muxes("/dev/i2c-1", [0x70])
with PersonSensor(muxes.channel(0x70, 0)) as door, PersonSensor(muxes.channel(0x70, 1)) as desk:
    for faces in door:
        print("door:", faces.count, "desk:", desk.read().count)
